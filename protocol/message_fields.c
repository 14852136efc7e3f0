/* The kinds of messages: names, roles, topics, and the readers of the bodies
 * that have no file of their own. */
#include "protocol/message_fields.h"

#include <stdlib.h>
#include <string.h>

static const char *const verb_names[COMMAND_COUNT] = {
    [COMMAND_IDENTIFY] = "identify",     [COMMAND_RELOAD] = "reload",
    [COMMAND_SCREENSHOT] = "screenshot", [COMMAND_BRIGHTNESS] = "brightness",
    [COMMAND_RESTART] = "restart",
};

static const struct json_words verbs = {
    .names = verb_names,
    .count = COMMAND_COUNT,
    .unknown = -1,
};

struct command_body {
    enum command_verb verb;
    int value;
};

/* clang-format off */
#define COMMAND(member) .offset = offsetof(struct command_body, member)
static const struct json_field command_fields[] = {
    {"verb", FIELD_WORD, true, COMMAND(verb), .words = &verbs},
    {"value", FIELD_INT, COMMAND(value), .most = 100},
    {0},
};

#define TICK(member) .offset = offsetof(struct message_tick, member)
static const struct json_field tick_fields[] = {
    {"index_seq", FIELD_LONG, true, TICK(index_seq), .most = LIMIT_SEQUENCE},
    {"keys_seq", FIELD_LONG, TICK(keys_seq), .most = LIMIT_SEQUENCE},
    {"every_s", FIELD_INT, TICK(every_s), .most = LIMIT_TICK_EVERY_S},
    {0},
};

#define ENTRY(member) .offset = offsetof(struct message_index_entry, member)
static const struct json_field entry_fields[] = {
    {"slot", FIELD_LINE, true, ENTRY(slot),
     .most = LIMIT_IDENTIFIER_BYTES + 6},
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

/* Other scopes are listed by the index of all, and by no other. */
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

static bool read_command(json_t *object, struct message *message,
                         struct json_passed *passed, struct problem *problem)
{
    static const struct json_place place = {.name = "command"};
    struct command_body command = {0};

    if (!json_read_object(object, &place, command_fields, &command, passed,
                          problem))
        return false;
    bool has_value = json_object_get(object, "value") != NULL;
    if (has_value != (command.verb == COMMAND_BRIGHTNESS))
        return json_read_problem(problem, &place, "value",
                                 has_value ? "verb %s takes no value"
                                           : "this field is missing: verb %s "
                                             "needs it",
                                 verb_names[command.verb]);
    message->command.verb = command.verb;
    message->command.value = command.value;
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

static const char *const kind_names[MESSAGE_KIND_COUNT] = {
    [MESSAGE_PANEL] = "panel",     [MESSAGE_PANEL_REMOVAL] = "panel-removal",
    [MESSAGE_ALERT] = "alert",     [MESSAGE_ALERT_CANCEL] = "alert-cancel",
    [MESSAGE_INDEX] = "index",     [MESSAGE_TICK] = "tick",
    [MESSAGE_COMMAND] = "command", [MESSAGE_KEYS] = "keys",
};

const struct json_words message_kinds = {
    .names = kind_names,
    .count = MESSAGE_KIND_COUNT,
    .unknown = -1,
};

/* Who has something live says so, and that the line to it lives. */
#define ROLES_THAT_BEAT (KEY_ROLE_PANELS | KEY_ROLE_ALERTS)

/* clang-format off */
const struct message_rule message_rules[MESSAGE_KIND_COUNT] = {
    [MESSAGE_PANEL] = {"panel", "panel", true, KEY_ROLE_PANELS, TOPIC_PANEL,
                       LIMIT_PANEL_BYTES, read_panel},
    [MESSAGE_PANEL_REMOVAL] = {"panel-removal", NULL, true, KEY_ROLE_PANELS,
                               TOPIC_PANEL, LIMIT_ALERT_BYTES, NULL},
    [MESSAGE_ALERT] = {"alert", "alert", true, KEY_ROLE_ALERTS, TOPIC_ALERT,
                       LIMIT_ALERT_BYTES, read_alert},
    [MESSAGE_ALERT_CANCEL] = {"alert-cancel", "cancel", true, KEY_ROLE_ALERTS,
                              TOPIC_ALERT, LIMIT_ALERT_BYTES, read_cancel},
    [MESSAGE_INDEX] = {"index", "index", true, ROLES_THAT_BEAT, TOPIC_INDEX,
                       LIMIT_MESSAGE_BYTES, read_index},
    [MESSAGE_TICK] = {"tick", "tick", false, ROLES_THAT_BEAT, TOPIC_TICK,
                      LIMIT_ALERT_BYTES, read_tick},
    [MESSAGE_COMMAND] = {"command", "command", true, KEY_ROLE_COMMANDS,
                         TOPIC_COMMAND, LIMIT_ALERT_BYTES, read_command},
    [MESSAGE_KEYS] = {"keys", "keys", false, KEY_ROLE_ROOT, TOPIC_KEYS,
                      LIMIT_MESSAGE_BYTES, read_keys},
};
/* clang-format on */
