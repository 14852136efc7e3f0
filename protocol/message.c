/* Reads whole bodies: bytes in, a checked message or a problem out. */
#include "protocol/message.h"

#include "base/timestamp.h"
#include "base/utf8.h"
#include "protocol/envelope.h"
#include "protocol/json_text.h"
#include "protocol/message_fields.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
                       "%s of %zu bytes, %zu at most", what, source->size,
                       most);
}

/* Everything that can be said of the bytes before they are parsed. */
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
        snprintf(text, sizeof text, "byte 0x%02X found, UTF-8 expected",
                 (unsigned char)source->bytes[at]);
        return refuse_at(source, PROBLEM_SYNTAX, at, text);
    }
    if (!json_depth_is_within(source->bytes, source->size, LIMIT_JSON_DEPTH,
                              &at)) {
        char text[64];
        snprintf(text, sizeof text, "nested deeper than %d levels",
                 LIMIT_JSON_DEPTH);
        return refuse_at(source, PROBLEM_TOO_LARGE, at, text);
    }
    return true;
}

static bool refuse_syntax(const struct source *source,
                          const json_error_t *error)
{
    /* The position is behind what was read last. */
    size_t offset = error->position > 0 ? (size_t)error->position - 1 : 0;

    if (offset > source->size)
        offset = source->size;
    switch (json_error_code(error)) {
    case json_error_unknown: /* so Jansson tells most failed allocations */
    case json_error_out_of_memory:
        return problem_set(source->problem, PROBLEM_SYSTEM,
                           "no memory for a message");
    case json_error_null_character:
    case json_error_null_byte_in_key:
        return refuse_at(source, PROBLEM_SYNTAX, offset,
                         "NUL (\\u0000) found in a text");
    default:
        return refuse_at(source, PROBLEM_SYNTAX, offset, error->text);
    }
}

static json_t *parse(const struct source *source)
{
    json_error_t error = {0}; /* Jansson leaves the code as it finds it */
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
        return json_read_problem(
            problem, NULL, "scope",
            "text «%s» found, «all» expected: %s are for "
            "everybody",
            common->scope, common->kind == MESSAGE_TICK ? "ticks" : "keys");
    if (common->kind == MESSAGE_COMMAND &&
        (strncmp(common->scope, "screen-", 7) != 0 ||
         strcmp(common->scope + 7, common->id) != 0))
        return json_read_problem(problem, NULL, "scope",
                                 "text «%s» found, «screen-%s» expected: a "
                                 "command is for one screen",
                                 common->scope, common->id);
    return true;
}

/* The id and the one object that the kind has, and no other. */
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

/* Before the other fields: those of a later version may differ. */
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

/* Adds the place, and for a person's file line and column of the field that the
 * problem names. */
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

const char *message_kind_name(enum message_kind kind)
{
    return message_rules[kind].name;
}
