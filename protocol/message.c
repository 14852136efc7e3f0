/* Reads whole bodies: turns bytes into a checked message or a problem. The
 * tables at the top say what each kind of message carries. */
#include "protocol/message.h"

#include "base/timestamp.h"
#include "base/translate.h"
#include "base/utf8.h"
#include "protocol/envelope.h"
#include "protocol/json_text.h"
#include "protocol/key_ring.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What a kind of message carries. */
struct message_rule {
    const char *name;
    const char *object; /* the field with the kind's body; NULL: none */
    bool has_id;
    unsigned roles; /* any one of them */
    enum topic_kind topic;
    size_t message_bytes; /* with the envelope line */
    bool (*read)(json_t *object, struct message *message,
                 struct json_passed *passed, struct problem *problem);
};

static const char *const verb_names[COMMAND_COUNT] = {
    [COMMAND_IDENTIFY] = "identify",     [COMMAND_RELOAD] = "reload",
    [COMMAND_SCREENSHOT] = "screenshot", [COMMAND_BRIGHTNESS] = "brightness",
    [COMMAND_RESTART] = "restart",       [COMMAND_NIGHT] = "night",
    [COMMAND_CONFIG] = "config",         [COMMAND_PLAYS] = "plays",
};

static const struct json_words verbs = {
    .names = verb_names,
    .count = COMMAND_COUNT,
    .unknown = -1,
};

/* clang-format off */
#define COMMAND(member) .offset = offsetof(struct message_command, member)
static const struct json_field command_fields[] = {
    {"verb", FIELD_WORD, true, COMMAND(verb), .words = &verbs},
    {"value", FIELD_INT, COMMAND(value), .most = 100},
    {"from", FIELD_TIME, COMMAND(from_ms)},
    {"to", FIELD_TIME, COMMAND(to_ms)},
    {"after", FIELD_LONG, COMMAND(after), .most = LIMIT_SEQUENCE},
    {0},
};

#define TICK(member) .offset = offsetof(struct message_tick, member)
static const struct json_field tick_fields[] = {
    {"index_seq", FIELD_LONG, true, TICK(index_seq), .most = LIMIT_SEQUENCE},
    {"keys_seq", FIELD_LONG, TICK(keys_seq), .most = LIMIT_SEQUENCE},
    {"every_s", FIELD_INT, TICK(every_s), .most = LIMIT_TICK_EVERY_S},
    {"screens", FIELD_INT, TICK(screens), .most = LIMIT_TICK_SCREENS},
    {0},
};

#define ENTRY(member) .offset = offsetof(struct message_index_entry, member)
static const struct json_field entry_fields[] = {
    {"slot", FIELD_LINE, true, ENTRY(slot),
     .most = LIMIT_IDENTIFIER_BYTES + 9},
    {"seq", FIELD_LONG, true, ENTRY(seq), .least = 1, .most = LIMIT_SEQUENCE},
    {0},
};

#define SCOPE(member) .offset = offsetof(struct message_index_scope, member)
static const struct json_field index_scope_fields[] = {
    {"scope", FIELD_SCOPE, true, SCOPE(scope)},
    {"seq", FIELD_LONG, true, SCOPE(seq), .least = 1, .most = LIMIT_SEQUENCE},
    {0},
};

static const struct json_field index_fields[] = {
    {"entries", FIELD_OBJECTS, true,
     .offset = offsetof(struct message_index, entries),
     .most = LIMIT_INDEX_ENTRIES,
     .list = &(const struct json_list){entry_fields,
                                       sizeof(struct message_index_entry),
                                       offsetof(struct message_index, count)}},
    {"settings", FIELD_OBJECTS,
     .offset = offsetof(struct message_index, settings),
     .most = LIMIT_INDEX_SETTINGS,
     .list = &(const struct json_list){
         entry_fields, sizeof(struct message_index_entry),
         offsetof(struct message_index, settings_count)}},
    {"scopes", FIELD_OBJECTS,
     .offset = offsetof(struct message_index, scopes),
     .most = LIMIT_INDEX_SCOPES,
     .list = &(const struct json_list){
         index_scope_fields, sizeof(struct message_index_scope),
         offsetof(struct message_index, scope_count)}},
    {0},
};
/* clang-format on */

static bool read_panel(json_t *object, struct message *message,
                       struct json_passed *passed, struct problem *problem)
{
    return panel_read(object, &message->panel, passed, problem);
}

static bool read_alert(json_t *object, struct message *message,
                       struct json_passed *passed, struct problem *problem)
{
    return alert_read(object, &message->alert, passed, problem);
}

static bool read_cancel(json_t *object, struct message *message,
                        struct json_passed *passed, struct problem *problem)
{
    return alert_cancel_read(object, &message->cancel, passed, problem);
}

static bool slot_is_valid(const char *slot)
{
    return (strncmp(slot, "panel/", 6) == 0 ||
            strncmp(slot, "alert/", 6) == 0) &&
           identifier_is_valid(slot + 6);
}

static bool check_entries(const struct message_index *index,
                          const struct json_place *place,
                          struct problem *problem)
{
    for (size_t i = 0; i < index->settings_count; i++) {
        const char *slot = index->settings[i].slot;
        struct json_place list = {.parent = place, .name = "settings"};
        struct json_place entry = {.parent = &list, .index = i};
        if (strncmp(slot, "settings/", 9) != 0 ||
            !identifier_is_valid(slot + 9))
            return json_read_problem(problem, &entry, "slot",
                                     "text «%s» found, settings/ID expected",
                                     slot);
    }
    for (size_t i = 0; i < index->count; i++) {
        const char *slot = index->entries[i].slot;
        struct json_place entries = {.parent = place, .name = "entries"};
        struct json_place entry = {.parent = &entries, .index = i};
        if (!slot_is_valid(slot))
            return json_read_problem(
                problem, &entry, "slot",
                "text «%s» found, panel/ID or alert/ID expected", slot);
    }
    return true;
}

/* Only the index of the scope «all» lists other scopes. */
static bool check_scopes(const struct message *message,
                         const struct json_place *place,
                         struct problem *problem)
{
    const struct message_index *index = message->index;
    /* A draft need not have its scope yet. */
    bool may_list = !message->scope[0] || strcmp(message->scope, "all") == 0;

    for (size_t i = 0; i < index->scope_count; i++) {
        struct json_place scopes = {.parent = place, .name = "scopes"};
        struct json_place entry = {.parent = &scopes, .index = i};
        if (!may_list || strcmp(index->scopes[i].scope, "all") == 0)
            return json_read_problem(problem, &entry, "scope",
                                     "«%s» in the index of «%s»; only that of "
                                     "all lists other scopes",
                                     index->scopes[i].scope, message->scope);
    }
    return true;
}

static bool read_index(json_t *object, struct message *message,
                       struct json_passed *passed, struct problem *problem)
{
    static const struct json_place place = {.name = "index"};
    struct message_index *index = calloc(1, sizeof *index);

    if (!index)
        return problem_set(problem, PROBLEM_SYSTEM, "no memory for an index");
    message->index = index;
    return json_read_object(object, &place, index_fields, index, passed,
                            problem) &&
           check_entries(index, &place, problem) &&
           check_scopes(message, &place, problem);
}

static bool read_tick(json_t *object, struct message *message,
                      struct json_passed *passed, struct problem *problem)
{
    static const struct json_place place = {.name = "tick"};

    message->tick = (struct message_tick){0};
    return json_read_object(object, &place, tick_fields, &message->tick, passed,
                            problem);
}

/* Only the verbs that need a field have it. */
static bool check_command_field(json_t *object, const struct json_place *place,
                                const char *field, bool needed, bool allowed,
                                enum command_verb verb, struct problem *problem)
{
    bool has = json_object_get(object, field) != NULL;

    if (has ? allowed : !needed)
        return true;
    return json_read_problem(problem, place, field,
                             has ? "verb %s takes no %s"
                                 : "this field is missing: verb %s needs %s",
                             verb_names[verb], field);
}

static bool read_command(json_t *object, struct message *message,
                         struct json_passed *passed, struct problem *problem)
{
    static const struct json_place place = {.name = "command"};
    static const char *const bounds[] = {"from", "to", "after"};
    struct message_command *command = &message->command;

    if (!json_read_object(object, &place, command_fields, command, passed,
                          problem))
        return false;
    bool valued = command->verb == COMMAND_BRIGHTNESS ||
                  command->verb == COMMAND_NIGHT;
    if (!check_command_field(object, &place, "value", valued, valued,
                             command->verb, problem))
        return false;
    if (command->verb == COMMAND_NIGHT && command->value > 1)
        return json_read_problem(problem, &place, "value",
                                 "number %d found, 0 or 1 expected",
                                 command->value);
    for (size_t i = 0; i < sizeof bounds / sizeof bounds[0]; i++)
        if (!check_command_field(object, &place, bounds[i], false,
                                 command->verb == COMMAND_PLAYS, command->verb,
                                 problem))
            return false;
    return true;
}

static bool read_keys(json_t *object, struct message *message,
                      struct json_passed *passed, struct problem *problem)
{
    message->keys = calloc(1, sizeof *message->keys);
    if (!message->keys)
        return problem_set(problem, PROBLEM_SYSTEM, "no memory for a key list");
    return key_list_read(object, message->keys, passed, problem);
}

static bool read_settings(json_t *object, struct message *message,
                          struct json_passed *passed, struct problem *problem)
{
    message->settings = calloc(1, sizeof *message->settings);
    if (!message->settings)
        return problem_set(problem, PROBLEM_SYSTEM, "no memory for settings");
    return settings_read(object, message->settings, passed, problem);
}

/* Its time is that of its measurement, and it ends when a newer one comes. */
static bool read_figure(json_t *object, struct message *message,
                        struct json_passed *passed, struct problem *problem)
{
    if (message->effective_ms != TIMESTAMP_NONE ||
        message->expires_ms != TIMESTAMP_NONE)
        return json_read_problem(
            problem, NULL,
            message->expires_ms != TIMESTAMP_NONE ? "expires" : "effective",
            "kind figure does not have this field");
    return figure_read(object, message->issued_ms, &message->figure, passed,
                       problem);
}

static const char *const kind_names[MESSAGE_KIND_COUNT] = {
    [MESSAGE_PANEL] = "panel",       [MESSAGE_PANEL_REMOVAL] = "panel-removal",
    [MESSAGE_ALERT] = "alert",       [MESSAGE_ALERT_CANCEL] = "alert-cancel",
    [MESSAGE_INDEX] = "index",       [MESSAGE_TICK] = "tick",
    [MESSAGE_COMMAND] = "command",   [MESSAGE_KEYS] = "keys",
    [MESSAGE_SETTINGS] = "settings", [MESSAGE_FIGURE] = "figure",
};

static const struct json_words message_kinds = {
    .names = kind_names,
    .count = MESSAGE_KIND_COUNT,
    .unknown = -1,
};

/* A key that may have something live sends indexes, and ticks if people wait
 * for what it sends. */
#define ROLES_THAT_BEAT (KEY_ROLE_PANELS | KEY_ROLE_ALERTS)
#define ROLES_THAT_LIST (ROLES_THAT_BEAT | KEY_ROLE_COMMANDS)

/* clang-format off */
static const struct message_rule message_rules[MESSAGE_KIND_COUNT] = {
    [MESSAGE_PANEL] = {"panel", "panel", true, KEY_ROLE_PANELS, TOPIC_PANEL,
                       LIMIT_PANEL_BYTES, read_panel},
    [MESSAGE_PANEL_REMOVAL] = {"panel-removal", NULL, true, KEY_ROLE_PANELS,
                               TOPIC_PANEL, LIMIT_ALERT_BYTES, NULL},
    [MESSAGE_ALERT] = {"alert", "alert", true, KEY_ROLE_ALERTS, TOPIC_ALERT,
                       LIMIT_ALERT_BYTES, read_alert},
    [MESSAGE_ALERT_CANCEL] = {"alert-cancel", "cancel", true, KEY_ROLE_ALERTS,
                              TOPIC_ALERT, LIMIT_ALERT_BYTES, read_cancel},
    [MESSAGE_INDEX] = {"index", "index", true, ROLES_THAT_LIST, TOPIC_INDEX,
                       LIMIT_MESSAGE_BYTES, read_index},
    [MESSAGE_TICK] = {"tick", "tick", false, ROLES_THAT_BEAT, TOPIC_TICK,
                      LIMIT_ALERT_BYTES, read_tick},
    [MESSAGE_COMMAND] = {"command", "command", true, KEY_ROLE_COMMANDS,
                         TOPIC_COMMAND, LIMIT_ALERT_BYTES, read_command},
    [MESSAGE_KEYS] = {"keys", "keys", false, KEY_ROLE_ROOT, TOPIC_KEYS,
                      LIMIT_MESSAGE_BYTES, read_keys},
    [MESSAGE_SETTINGS] = {"settings", "settings", true, KEY_ROLE_COMMANDS,
                          TOPIC_SETTINGS, LIMIT_ALERT_BYTES, read_settings},
    [MESSAGE_FIGURE] = {"figure", "figure", true, KEY_ROLE_PANELS,
                        TOPIC_FIGURE, LIMIT_FIGURE_BYTES, read_figure},
};
/* clang-format on */

struct common {
    int version;
    enum message_kind kind;
    const char *org, *scope, *id;
    int64_t seq, issued_ms, effective_ms, expires_ms;
};

/* clang-format off */
#define COMMON(member) .offset = offsetof(struct common, member)
static const struct json_field common_fields[] = {
    {"gaoshi", FIELD_INT, true, COMMON(version), .least = 1, .most = 1},
    {"kind", FIELD_WORD, true, COMMON(kind), .words = &message_kinds},
    {"org", FIELD_IDENTIFIER, COMMON(org)},
    {"scope", FIELD_SCOPE, COMMON(scope)},
    {"id", FIELD_IDENTIFIER, COMMON(id)},
    {"seq", FIELD_LONG, COMMON(seq), .least = 1, .most = LIMIT_SEQUENCE},
    {"issued", FIELD_TIME, COMMON(issued_ms)},
    {"effective", FIELD_TIME, COMMON(effective_ms)},
    {"expires", FIELD_TIME, COMMON(expires_ms)},
    {.name = "panel", .shape = FIELD_OTHER},
    {.name = "alert", .shape = FIELD_OTHER},
    {.name = "cancel", .shape = FIELD_OTHER},
    {.name = "index", .shape = FIELD_OTHER},
    {.name = "tick", .shape = FIELD_OTHER},
    {.name = "command", .shape = FIELD_OTHER},
    {.name = "keys", .shape = FIELD_OTHER},
    {.name = "settings", .shape = FIELD_OTHER},
    {.name = "figure", .shape = FIELD_OTHER},
    {0},
};
/* clang-format on */

static const char *const wire_fields[] = {"org", "scope", "seq", "issued"};

/* A body as it came, for problems with line and column. */
struct source {
    const char *bytes;
    size_t size;
    const char *place;
    struct problem *problem;
};

static bool refuse_at(const struct source *source, enum problem_code code,
                      size_t offset, const char *text)
{
    problem_set(source->problem, code, "%s", text);
    if (source->problem)
        json_line_column(source->bytes, offset, &source->problem->line,
                         &source->problem->column);
    return false;
}

static bool check_size(const struct source *source, const char *what,
                       size_t message_bytes)
{
    size_t most = message_bytes - ENVELOPE_LINE_BYTES;

    if (source->size <= most)
        return true;
    return problem_set(source->problem, PROBLEM_TOO_LARGE,
                       "%s of %zu bytes, %zu at most", tr(what), source->size,
                       most);
}

/* All checks that need no parsing. */
static bool check_bytes(const struct source *source)
{
    size_t at = 0;

    if (!check_size(source, "body", LIMIT_MESSAGE_BYTES))
        return false;
    if (source->size == 0)
        return problem_set(source->problem, PROBLEM_SYNTAX,
                           "nothing found, a JSON object expected");
    if (utf8_mark_bytes(source->bytes, source->size) == 3)
        return refuse_at(source, PROBLEM_SYNTAX, 0,
                         "byte order mark found, UTF-8 without it expected");
    if (!utf8_is_valid(source->bytes, source->size, &at)) {
        char text[64];
        snprintf(text, sizeof text, tr("byte 0x%02X found, UTF-8 expected"),
                 (unsigned char)source->bytes[at]);
        return refuse_at(source, PROBLEM_SYNTAX, at, text);
    }
    if (!json_depth_is_within(source->bytes, source->size, LIMIT_JSON_DEPTH,
                              &at)) {
        char text[64];
        snprintf(text, sizeof text, tr("nested deeper than %d levels"),
                 LIMIT_JSON_DEPTH);
        return refuse_at(source, PROBLEM_TOO_LARGE, at, text);
    }
    return true;
}

/* Jansson's text: «'}' expected near end of file». */
static bool refuse_json(const struct source *source, size_t offset,
                        const char *text)
{
    static const char near[] = " near ";
    const char *at = strstr(text, near);
    char what[JSON_ERROR_TEXT_LENGTH];
    char whole[2 * JSON_ERROR_TEXT_LENGTH];

    if (!at)
        return refuse_at(source, PROBLEM_SYNTAX, offset, tr(text));
    snprintf(what, sizeof what, "%.*s", (int)(at - text), text);
    snprintf(whole, sizeof whole, tr("%s near %s"), tr(what),
             tr(at + sizeof near - 1));
    return refuse_at(source, PROBLEM_SYNTAX, offset, whole);
}

static bool refuse_syntax(const struct source *source,
                          const json_error_t *error)
{
    /* The position is the one after the last character read. */
    size_t offset = error->position > 0 ? (size_t)error->position - 1 : 0;

    if (offset > source->size)
        offset = source->size;
    switch (json_error_code(error)) {
    case json_error_unknown: /* Jansson reports most failed allocations like
                                this */
    case json_error_out_of_memory:
        return problem_set(source->problem, PROBLEM_SYSTEM,
                           "no memory for a message");
    case json_error_null_character:
    case json_error_null_byte_in_key:
        return refuse_at(source, PROBLEM_SYNTAX, offset,
                         "NUL (\\u0000) found in a text");
    default:
        return refuse_json(source, offset, error->text);
    }
}

static json_t *parse(const struct source *source)
{
    json_error_t error = {0}; /* Jansson does not set the code in every case */
    json_t *root = json_loadb(source->bytes, source->size,
                              JSON_REJECT_DUPLICATES, &error);

    if (!root)
        refuse_syntax(source, &error);
    return root;
}

static bool check_wire(json_t *root, const struct common *common,
                       struct problem *problem)
{
    for (size_t i = 0; i < sizeof wire_fields / sizeof *wire_fields; i++) {
        if (!json_object_get(root, wire_fields[i]))
            return json_read_problem(problem, NULL, wire_fields[i],
                                     "this field is missing");
    }
    if ((common->kind == MESSAGE_TICK || common->kind == MESSAGE_KEYS) &&
        strcmp(common->scope, "all") != 0)
        return json_read_problem(problem, NULL, "scope",
                                 "text «%s» found, «all» expected: %s are for "
                                 "everybody",
                                 common->scope,
                                 common->kind == MESSAGE_TICK ? tr("ticks")
                                                              : tr("keys"));
    if (common->kind == MESSAGE_COMMAND &&
        (strncmp(common->scope, "screen-", 7) != 0 ||
         strcmp(common->scope + 7, common->id) != 0))
        return json_read_problem(problem, NULL, "scope",
                                 "text «%s» found, «screen-%s» expected: a "
                                 "command is for one screen",
                                 common->scope, common->id);
    return true;
}

/* The message has the id and the object that its kind needs, and no object of
 * another kind. */
static bool check_kind(json_t *root, const struct common *common,
                       struct json_passed *passed, struct problem *problem)
{
    const struct message_rule *rule = &message_rules[common->kind];
    const char *name;
    json_t *value;

    json_object_foreach(root, name, value)
    {
        for (int i = 0; i < MESSAGE_KIND_COUNT; i++) {
            const char *object = message_rules[i].object;
            if (!object || strcmp(name, object) != 0 ||
                (rule->object && strcmp(name, rule->object) == 0))
                continue;
            if (!passed)
                return json_read_problem(problem, NULL, name,
                                         "kind %s does not have this field",
                                         rule->name);
            json_pass_over(passed, NULL, name, NULL);
        }
    }
    if (rule->object && !json_object_get(root, rule->object))
        return json_read_problem(problem, NULL, rule->object,
                                 "this field is missing");
    if (rule->has_id == (json_object_get(root, "id") != NULL))
        return true;
    return json_read_problem(problem, NULL, "id",
                             rule->has_id ? "this field is missing"
                                          : "kind %s does not have this field",
                             rule->name);
}

static bool check_times(const struct common *common, struct problem *problem)
{
    if (common->expires_ms == TIMESTAMP_NONE)
        return true;
    if (common->effective_ms != TIMESTAMP_NONE &&
        common->expires_ms <= common->effective_ms)
        return json_read_problem(problem, NULL, "expires",
                                 "a time after effective expected");
    if (common->issued_ms != TIMESTAMP_NONE &&
        common->expires_ms <= common->issued_ms)
        return json_read_problem(problem, NULL, "expires",
                                 "a time after issued expected");
    return true;
}

/* Checked before the other fields, because they may differ in a later version.
 */
static bool check_version(json_t *root, struct problem *problem)
{
    json_t *version = json_object_get(root, "gaoshi");
    char found[JSON_FOUND_BYTES];

    if (!json_is_object(root) ||
        (json_is_integer(version) && json_integer_value(version) == 1))
        return true;
    json_read_describe(version, found);
    return json_read_problem(problem, NULL, "gaoshi",
                             "%s found, number 1 (the version of the protocol) "
                             "expected",
                             found);
}

static bool read_message(const struct source *source, enum message_form form,
                         struct message *message)
{
    struct problem *problem = source->problem;
    struct json_passed *passed = form == MESSAGE_RECEIVED ? &message->passed
                                                          : NULL;
    struct common common = {0};
    json_t *root = message->root;

    /* Editors want it in the files that people write. */
    if (form == MESSAGE_DRAFT && json_is_object(root))
        json_object_del(root, "$schema");
    if (!check_version(root, problem) ||
        !json_read_object(root, NULL, common_fields, &common, passed,
                          problem) ||
        !check_kind(root, &common, passed, problem) ||
        !check_times(&common, problem))
        return false;
    if (form != MESSAGE_DRAFT && !check_wire(root, &common, problem))
        return false;
    const struct message_rule *rule = &message_rules[common.kind];
    if (!check_size(source, rule->name, rule->message_bytes))
        return false;
    message->kind = common.kind;
    message->org = common.org;
    message->scope = common.scope;
    message->id = common.id;
    message->seq = common.seq;
    message->issued_ms = common.issued_ms;
    message->effective_ms = common.effective_ms;
    message->expires_ms = common.expires_ms;
    return !rule->read || rule->read(json_object_get(root, rule->object),
                                     message, passed, problem);
}

/* Adds the place to the problem, and for files that people write the line and
 * column of the field. */
static void locate_problem(const struct source *source, enum message_form form)
{
    struct problem *problem = source->problem;

    if (!problem)
        return;
    problem_set_place(problem, source->place);
    if (problem->field[0] && form != MESSAGE_RECEIVED)
        json_line_column(
            source->bytes,
            json_locate(source->bytes, source->size, problem->field),
            &problem->line, &problem->column);
}

static struct message *parse_message(const struct source *source,
                                     enum message_form form)
{
    if (!check_bytes(source))
        return NULL;
    json_t *root = parse(source);
    if (!root)
        return NULL;
    struct message *message = calloc(1, sizeof *message);
    if (!message) {
        json_decref(root);
        problem_set(source->problem, PROBLEM_SYSTEM, "no memory for a message");
        return NULL;
    }
    message->root = root;
    if (read_message(source, form, message))
        return message;
    message_destroy(message);
    return NULL;
}

bool message_parse(const char *bytes, size_t size, enum message_form form,
                   const char *place, struct message **out,
                   struct problem *problem)
{
    struct source source = {bytes, size, place, problem};
    struct message *message = parse_message(&source, form);

    if (!message) {
        locate_problem(&source, form);
        return false;
    }
    *out = message;
    return true;
}

void message_destroy(struct message *message)
{
    if (!message)
        return;
    if (message->kind == MESSAGE_INDEX)
        free(message->index);
    if (message->kind == MESSAGE_ALERT_CANCEL)
        message_destroy(message->cancel.ended);
    if (message->kind == MESSAGE_SETTINGS)
        free(message->settings);
    if (message->kind == MESSAGE_KEYS) {
        key_list_finish(message->keys);
        free(message->keys);
    }
    json_decref(message->root);
    free(message);
}

void message_visit_texts(const struct message *message, json_visit *visit,
                         void *context)
{
    if (message->kind == MESSAGE_PANEL)
        panel_visit_texts(&message->panel, visit, context);
    else if (message->kind == MESSAGE_ALERT)
        alert_visit_texts(&message->alert, visit, context);
    else if (message->kind == MESSAGE_ALERT_CANCEL)
        alert_cancel_visit_texts(&message->cancel, visit, context);
}

bool message_topic(const struct message *message, struct topic *out)
{
    const struct message_rule *rule = &message_rules[message->kind];
    struct topic topic = {.kind = rule->topic};
    char text[LIMIT_TOPIC_BYTES];
    bool is_command = message->kind == MESSAGE_COMMAND;

    snprintf(topic.org, sizeof topic.org, "%s", message->org);
    snprintf(topic.scope, sizeof topic.scope, "%s",
             is_command ? "" : message->scope);
    snprintf(is_command ? topic.screen : topic.id, sizeof topic.id, "%s",
             message->id);
    if (!topic_format(&topic, text))
        return false;
    *out = topic;
    return true;
}

static bool disagree(struct problem *problem, const char *field,
                     const char *in_body, const char *in_topic)
{
    problem_set_field(problem, field, "«%s» in the body, but «%s» in the topic",
                      in_body, in_topic);
    if (problem)
        problem->code = PROBLEM_TOPIC;
    return false;
}

bool message_agrees_with_topic(const struct message *message,
                               const struct topic *topic,
                               struct problem *problem)
{
    const struct message_rule *rule = &message_rules[message->kind];
    const char *id = message->kind == MESSAGE_COMMAND ? topic->screen
                                                      : topic->id;

    if (rule->topic != topic->kind)
        return problem_set(problem, PROBLEM_TOPIC,
                           "a body of kind %s does not belong into this topic",
                           rule->name);
    if (strcmp(message->org, topic->org) != 0)
        return disagree(problem, "org", message->org, topic->org);
    if (message->kind != MESSAGE_COMMAND &&
        strcmp(message->scope, topic->scope) != 0)
        return disagree(problem, "scope", message->scope, topic->scope);
    if (strcmp(message->id, id) != 0)
        return disagree(problem, "id", message->id, id);
    return true;
}

unsigned message_roles(enum message_kind kind)
{
    return message_rules[kind].roles;
}

const char *command_verb_name(enum command_verb verb)
{
    return verb_names[verb];
}

const char *message_kind_name(enum message_kind kind)
{
    return message_rules[kind].name;
}

static const int64_t default_ms[ALERT_LEVEL_COUNT] = {
    [ALERT_LEVEL_RED] = ALERT_LIFE_RED_MS,
    [ALERT_LEVEL_ORANGE] = ALERT_LIFE_ORANGE_MS,
    [ALERT_LEVEL_YELLOW] = ALERT_LIFE_YELLOW_MS,
    [ALERT_LEVEL_BLUE] = ALERT_LIFE_BLUE_MS,
    [ALERT_LEVEL_UNKNOWN] = ALERT_LIFE_UNKNOWN_MS,
};

int64_t message_alert_sent_ms(const struct message *message)
{
    return message->alert.sent_ms == TIMESTAMP_NONE ? message->issued_ms
                                                    : message->alert.sent_ms;
}

int64_t message_alert_end_ms(const struct message *message)
{
    int64_t begin_ms = message_alert_sent_ms(message);
    int64_t cap_ms = begin_ms + ALERT_LIFE_CAP_MS;

    if (message->expires_ms != TIMESTAMP_NONE)
        return message->expires_ms;
    if (message->effective_ms > begin_ms)
        begin_ms = message->effective_ms;
    int64_t end_ms = begin_ms + default_ms[message->alert.level];
    return end_ms < cap_ms ? end_ms : cap_ms;
}
