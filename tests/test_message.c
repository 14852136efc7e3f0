/* Whole bodies: what the wire brings is read, or refused with its place. */
#include "base/timestamp.h"
#include "protocol/envelope.h"
#include "protocol/message.h"
#include "tests/support/body.h"
#include "tests/support/wire_body.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char *const topics[MESSAGE_KIND_COUNT] = {
    [MESSAGE_PANEL] = "gaoshi/1/erqi/down/area-410103/panel/q01",
    [MESSAGE_PANEL_REMOVAL] = "gaoshi/1/erqi/down/area-410103/panel/q01",
    [MESSAGE_ALERT] = "gaoshi/1/erqi/down/area-410103/alert/flood",
    [MESSAGE_ALERT_CANCEL] = "gaoshi/1/erqi/down/area-410103/alert/flood",
    [MESSAGE_INDEX] = "gaoshi/1/erqi/down/area-410103/index/a1e9156054e04fac",
    [MESSAGE_TICK] = "gaoshi/1/erqi/down/all/tick",
    [MESSAGE_COMMAND] = "gaoshi/1/erqi/command/lobby",
    [MESSAGE_KEYS] = "gaoshi/1/erqi/down/all/keys",
    [MESSAGE_SETTINGS] = "gaoshi/1/erqi/down/area-410103/settings/glass",
    [MESSAGE_FIGURE] = "gaoshi/1/erqi/down/area-410103/figure/river.level",
};

static struct message *make(enum message_kind kind)
{
    struct problem problem;
    json_t *object = body_make(body_whole[kind]);
    struct message *message = body_parse(object, MESSAGE_WIRE, &problem);

    if (!message)
        fail_msg("%s: %s", problem.field, problem.expected);
    json_decref(object);
    return message;
}

static void every_kind_is_read_and_knows_its_topic_and_roles(void **state)
{
    static const unsigned roles[] = {KEY_ROLE_PANELS,
                                     KEY_ROLE_PANELS,
                                     KEY_ROLE_ALERTS,
                                     KEY_ROLE_ALERTS,
                                     KEY_ROLE_PANELS | KEY_ROLE_ALERTS |
                                         KEY_ROLE_COMMANDS,
                                     KEY_ROLE_PANELS | KEY_ROLE_ALERTS,
                                     KEY_ROLE_COMMANDS,
                                     KEY_ROLE_ROOT,
                                     KEY_ROLE_COMMANDS,
                                     KEY_ROLE_PANELS};

    (void)state;
    for (int kind = 0; kind < MESSAGE_KIND_COUNT; kind++) {
        struct message *message = make(kind);
        struct topic topic;
        char text[LIMIT_TOPIC_BYTES];
        assert_int_equal(message->kind, kind);
        assert_string_equal(message->org, "erqi");
        assert_int_equal(message->seq, 7);
        assert_int_equal(message->issued_ms, 1626777000000);
        assert_int_equal(message->effective_ms, TIMESTAMP_NONE);
        assert_int_equal(message->expires_ms, TIMESTAMP_NONE);
        assert_true(message_topic(message, &topic));
        assert_true(topic_format(&topic, text));
        assert_string_equal(text, topics[kind]);
        assert_true(message_agrees_with_topic(message, &topic, NULL));
        assert_int_equal(message_roles(kind), roles[kind]);
        const json_t *name = json_object_get(message->root, "kind");
        assert_string_equal(message_kind_name(kind), json_string_value(name));
        message_destroy(message);
    }
    message_destroy(NULL);
}

static void bodies_of_small_kinds_arrive(void **state)
{
    struct message *index = make(MESSAGE_INDEX);
    struct message *tick = make(MESSAGE_TICK);
    struct message *command = make(MESSAGE_COMMAND);
    struct message *keys = make(MESSAGE_KEYS);

    (void)state;
    assert_int_equal(keys->keys->count, 1);
    const struct key_list_entry *entry = &keys->keys->entries[0];
    assert_string_equal(entry->id, "a1e9156054e04fac");
    assert_string_equal(key_id(entry->key), entry->id);
    assert_string_equal(entry->name, "值班室");
    assert_int_equal(entry->grant.roles, KEY_ROLE_PANELS | KEY_ROLE_ALERTS);
    assert_int_equal(entry->grant.scope_count, 2);
    assert_string_equal(entry->grant.scopes[1], "group-halls");
    assert_int_equal(entry->grant.from_ms, TIMESTAMP_NONE);
    assert_int_equal(entry->grant.until_ms, 1784543400000);
    assert_int_equal(entry->grant.revoked_ms, TIMESTAMP_NONE);
    message_destroy(keys);
    assert_int_equal(index->index->count, 2);
    assert_string_equal(index->index->entries[0].slot, "panel/q01");
    assert_int_equal(index->index->entries[1].seq, LIMIT_SEQUENCE);
    assert_string_equal(index->id, "a1e9156054e04fac");
    assert_int_equal(tick->tick.index_seq, 3);
    assert_int_equal(tick->tick.keys_seq, 2);
    assert_int_equal(tick->tick.every_s, 30);
    assert_int_equal(command->command.verb, COMMAND_BRIGHTNESS);
    assert_int_equal(command->command.value, 80);
    assert_string_equal(command->id, "lobby");
    message_destroy(index);
    message_destroy(tick);
    message_destroy(command);
}

static void a_body_agrees_with_its_own_topic_only(void **state)
{
    static const struct {
        const char *topic, *field;
    } cases[] = {
        {"gaoshi/1/erqi/down/area-410103/panel/q02", "id"},
        {"gaoshi/1/erqi/down/area-410102/panel/q01", "scope"},
        {"gaoshi/1/other/down/area-410103/panel/q01", "org"},
        {"gaoshi/1/erqi/down/area-410103/alert/q01", ""},
        {"gaoshi/1/erqi/down/area-410103/index/q01", ""},
        {"gaoshi/1/erqi/receipt/q01/lobby", ""},
    };
    struct message *panel = make(MESSAGE_PANEL);
    struct message *command = make(MESSAGE_COMMAND);
    struct topic topic;
    struct problem problem = {0};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_true(topic_parse(cases[i].topic, &topic));
        assert_false(message_agrees_with_topic(panel, &topic, &problem));
        assert_int_equal(problem.code, PROBLEM_TOPIC);
        assert_string_equal(problem.field, cases[i].field);
    }
    assert_true(topic_parse("gaoshi/1/erqi/command/hall", &topic));
    assert_false(message_agrees_with_topic(command, &topic, &problem));
    assert_string_equal(problem.field, "id");
    assert_false(message_agrees_with_topic(command, &topic, NULL));
    message_destroy(panel);
    message_destroy(command);
}

static void a_draft_may_lack_what_the_wire_must_have(void **state)
{
    static const char *const names[] = {"org", "scope", "seq", "issued"};

    (void)state;
    for (int kind = 0; kind < MESSAGE_KIND_COUNT; kind++) {
        for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
            struct problem problem;
            json_t *object = body_make(body_whole[kind]);
            body_set(object, names[i], NULL);
            assert_null(body_parse(object, MESSAGE_WIRE, &problem));
            body_assert_problem(&problem, names[i], "missing");
            assert_int_equal(problem.line, 1);
            struct message *draft = body_parse(object, MESSAGE_DRAFT, &problem);
            assert_non_null(draft);
            assert_string_equal(draft->org, i == 0 ? "" : "erqi");
            assert_int_equal(draft->seq, i == 2 ? 0 : 7);
            if (i == 3)
                assert_int_equal(draft->issued_ms, TIMESTAMP_NONE);
            struct topic topic;
            bool has_topic = i > 1 || (i == 1 && kind == MESSAGE_COMMAND);
            assert_int_equal(message_topic(draft, &topic), has_topic);
            message_destroy(draft);
            json_decref(object);
        }
    }
}

static const struct {
    enum message_kind kind;
    const char *path, *value, *words;
} bad_fields[] = {
    {MESSAGE_PANEL, "gaoshi", NULL, "nothing found, number 1"},
    {MESSAGE_PANEL, "gaoshi", "2", "number 2 found, number 1"},
    {MESSAGE_PANEL, "gaoshi", "1.0", "number 1.0 found, number 1"},
    {MESSAGE_PANEL, "gaoshi", "'1'", "text «1» found, number 1"},
    {MESSAGE_PANEL, "kind", NULL, "missing"},
    {MESSAGE_PANEL, "kind", "'poster'", "one of panel, panel-removal"},
    {MESSAGE_PANEL, "kind", "1", "number 1 found, text expected"},
    {MESSAGE_PANEL, "id", NULL, "missing"},
    {MESSAGE_PANEL, "id", "'Q01'", "an identifier"},
    {MESSAGE_PANEL, "id", "''", "an identifier"},
    {MESSAGE_PANEL, "id", "'a/b'", "an identifier"},
    {MESSAGE_PANEL, "org", "'二七'", "an identifier"},
    {MESSAGE_PANEL, "scope", "'area-410'", "area-CODE"},
    {MESSAGE_PANEL, "scope", "'#'", "area-CODE"},
    {MESSAGE_PANEL, "seq", "0", "from 1 to 9007199254740991"},
    {MESSAGE_PANEL, "seq", "9007199254740992", "from 1 to"},
    {MESSAGE_PANEL, "seq", "7.0", "number 7.0 found"},
    {MESSAGE_PANEL, "seq", "'7'", "text «7» found"},
    {MESSAGE_PANEL, "issued", "1626777000", "a time like"},
    {MESSAGE_PANEL, "effective", "'tomorrow'", "a time like"},
    {MESSAGE_PANEL, "expires", "'2021-07-20T18:30:00+08:00'", "after issued"},
    {MESSAGE_PANEL, "colour", "1", "unknown field"},
    {MESSAGE_PANEL, "panel", NULL, "missing"},
    {MESSAGE_PANEL, "panel", "[]", "a list found, an object expected"},
    {MESSAGE_PANEL, "alert", "{}", "kind panel does not have this field"},
    {MESSAGE_PANEL, "panel.title", "12", "number 12 found, text expected"},
    {MESSAGE_PANEL_REMOVAL, "panel", "{}", "does not have this field"},
    {MESSAGE_PANEL_REMOVAL, "reason", "'a'", "unknown field"},
    {MESSAGE_ALERT, "alert.sound", "1", "unknown field"},
    {MESSAGE_ALERT_CANCEL, "cancel", NULL, "missing"},
    {MESSAGE_INDEX, "id", NULL, "missing"},
    {MESSAGE_INDEX, "index.entries", NULL, "missing"},
    {MESSAGE_INDEX, "index.entries[1].slot", "'a'", "panel/ID or alert"},
    {MESSAGE_INDEX, "index.entries[1].slot", "'poster/a'", "panel/ID"},
    {MESSAGE_INDEX, "index.entries[1].slot", "'panel/A'", "panel/ID"},
    {MESSAGE_INDEX, "index.entries[0].seq", "0", "from 1 to"},
    {MESSAGE_INDEX, "index.entries[0].id", "'a'", "unknown field"},
    {MESSAGE_TICK, "tick.every_s", "3601", "3600"},
    {MESSAGE_TICK, "tick.index_seq", "-1", "from 0 to"},
    {MESSAGE_TICK, "tick.keys_seq", "-1", "from 0 to"},
    {MESSAGE_TICK, "tick.index_seq", NULL, "missing"},
    {MESSAGE_TICK, "scope", "'area-41'", "«all» expected"},
    {MESSAGE_COMMAND, "scope", "'all'", "«screen-lobby» expected"},
    {MESSAGE_COMMAND, "scope", "'screen-hall'", "«screen-lobby» expected"},
    {MESSAGE_COMMAND, "command.verb", "'dance'", "one of identify"},
    {MESSAGE_COMMAND, "command.verb", NULL, "missing"},
    {MESSAGE_COMMAND, "command.value", NULL, "missing"},
    {MESSAGE_COMMAND, "command.value", "101", "from 0 to 100"},
    {MESSAGE_COMMAND, "command.value", "-1", "from 0 to 100"},
    {MESSAGE_COMMAND, "command.value", "'80'", "text «80» found"},
};

static void bad_fields_are_refused_with_their_path(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bad_fields / sizeof *bad_fields; i++) {
        struct problem problem;
        json_t *object = body_make(body_whole[bad_fields[i].kind]);
        body_set(object, bad_fields[i].path, bad_fields[i].value);
        assert_null(body_parse(object, MESSAGE_WIRE, &problem));
        assert_int_equal(problem.code, PROBLEM_FIELD);
        body_assert_problem(&problem, bad_fields[i].path, bad_fields[i].words);
        assert_true(problem.line > 0 && problem.column > 0);
        json_decref(object);
    }
}

static void each_verb_has_the_fields_that_it_needs(void **state)
{
    static const struct {
        const char *verb, *path, *value;
        const char *wrong; /* field; NULL: it is good */
    } table[] = {
        {"'night'", "command.value", "1", NULL},
        {"'night'", "command.value", "2", "command.value"},
        {"'night'", "command.value", NULL, "command.value"},
        {"'config'", "command.value", NULL, NULL},
        {"'plays'", "command.value", NULL, NULL},
        {"'plays'", "command.value", "1", "command.value"},
        {"'config'", "command.from", "'2021-07-20T18:30:00+08:00'",
         "command.value"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct problem problem;
        json_t *object = body_make(body_whole[MESSAGE_COMMAND]);
        body_set(object, "command.verb", table[i].verb);
        body_set(object, table[i].path, table[i].value);
        struct message *message = body_parse(object, MESSAGE_WIRE, &problem);
        assert_int_equal(message == NULL, table[i].wrong != NULL);
        if (table[i].wrong)
            assert_string_equal(problem.field, table[i].wrong);
        message_destroy(message);
        json_decref(object);
    }
}

static void only_plays_takes_times(void **state)
{
    struct problem problem;
    json_t *object = body_make(body_whole[MESSAGE_COMMAND]);

    (void)state;
    body_set(object, "command.value", NULL);
    body_set(object, "command.verb", "'plays'");
    body_set(object, "command.from", "'2021-07-20T18:30:00+08:00'");
    body_set(object, "command.after", "12");
    struct message *message = body_parse(object, MESSAGE_WIRE, &problem);
    assert_non_null(message);
    assert_int_equal(message->command.from_ms, 1626777000000);
    assert_int_equal(message->command.to_ms, TIMESTAMP_NONE);
    assert_int_equal(message->command.after, 12);
    message_destroy(message);
    body_set(object, "command.verb", "'identify'");
    assert_null(body_parse(object, MESSAGE_WIRE, &problem));
    body_assert_problem(&problem, "command.from", "takes no from");
    json_decref(object);
}

static void only_brightness_takes_a_value(void **state)
{
    static const char *const verbs[] = {"'identify'", "'reload'",
                                        "'screenshot'", "'restart'"};

    (void)state;
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
        struct problem problem;
        json_t *object = body_make(body_whole[MESSAGE_COMMAND]);
        body_set(object, "command.verb", verbs[i]);
        assert_null(body_parse(object, MESSAGE_WIRE, &problem));
        body_assert_problem(&problem, "command.value", "takes no value");
        body_set(object, "command.value", NULL);
        message_destroy(body_parse(object, MESSAGE_WIRE, &problem));
        assert_int_equal(problem.code, PROBLEM_NONE);
        json_decref(object);
    }
}

static void a_message_ends_after_it_begins(void **state)
{
    static const struct {
        const char *effective, *expires;
        bool fine;
    } cases[] = {
        {NULL, "'2021-07-20T18:30:01+08:00'", true},
        {NULL, "'2021-07-20T18:30:00+08:00'", false},
        {"'2021-07-21T00:00:00+08:00'", "'2021-07-21T00:00:01+08:00'", true},
        {"'2021-07-21T00:00:00+08:00'", "'2021-07-21T00:00:00+08:00'", false},
        {"'2021-07-21T00:00:00+08:00'", "'2021-07-20T20:00:00+08:00'", false},
        {"'2020-01-01T00:00:00+08:00'", NULL, true},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct problem problem;
        json_t *object = body_make(body_whole[MESSAGE_PANEL]);
        body_set(object, "effective", cases[i].effective);
        body_set(object, "expires", cases[i].expires);
        struct message *message = body_parse(object, MESSAGE_WIRE, &problem);
        assert_int_equal(message != NULL, cases[i].fine);
        message_destroy(message);
        json_decref(object);
    }
}

static void an_index_passes_at_its_limit_and_not_above(void **state)
{
    (void)state;
    for (size_t count = LIMIT_INDEX_ENTRIES; count <= LIMIT_INDEX_ENTRIES + 1;
         count++) {
        struct problem problem;
        json_t *object = body_make(body_whole[MESSAGE_INDEX]);
        body_set_count(object, "index.entries", count);
        struct message *message = body_parse(object, MESSAGE_WIRE, &problem);
        assert_int_equal(message != NULL, count == LIMIT_INDEX_ENTRIES);
        message_destroy(message);
        json_decref(object);
    }
}

static void only_the_index_of_all_lists_other_scopes(void **state)
{
    static const struct {
        const char *scope, *listed;
        bool fine;
    } cases[] = {
        {"'all'", "[{'scope': 'area-41', 'seq': 1}]", true},
        {"'all'", "[{'scope': 'all', 'seq': 1}]", false},
        {"'area-41'", "[{'scope': 'area-4101', 'seq': 1}]", false},
        {"'area-41'", "[]", true},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct problem problem;
        json_t *object = body_make(body_whole[MESSAGE_INDEX]);
        body_set(object, "scope", cases[i].scope);
        body_set(object, "index.scopes", cases[i].listed);
        struct message *message = body_parse(object, MESSAGE_WIRE, &problem);
        assert_int_equal(message != NULL, cases[i].fine);
        if (!message)
            assert_string_equal(problem.field, "index.scopes[0].scope");
        message_destroy(message);
        json_decref(object);
    }
}

static void an_identifier_passes_at_its_limit_and_not_above(void **state)
{
    char id[LIMIT_IDENTIFIER_BYTES + 2] = "";

    (void)state;
    for (size_t length = LIMIT_IDENTIFIER_BYTES;
         length <= LIMIT_IDENTIFIER_BYTES + 1; length++) {
        struct problem problem;
        json_t *object = body_make(body_whole[MESSAGE_PANEL]);
        memset(id, 'x', length);
        json_object_set_new(object, "id", json_string(id));
        struct message *message = body_parse(object, MESSAGE_WIRE, &problem);
        assert_int_equal(message != NULL, length == LIMIT_IDENTIFIER_BYTES);
        message_destroy(message);
        json_decref(object);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_is_read_and_knows_its_topic_and_roles),
        cmocka_unit_test(bodies_of_small_kinds_arrive),
        cmocka_unit_test(a_body_agrees_with_its_own_topic_only),
        cmocka_unit_test(a_draft_may_lack_what_the_wire_must_have),
        cmocka_unit_test(bad_fields_are_refused_with_their_path),
        cmocka_unit_test(each_verb_has_the_fields_that_it_needs),
        cmocka_unit_test(only_plays_takes_times),
        cmocka_unit_test(only_brightness_takes_a_value),
        cmocka_unit_test(a_message_ends_after_it_begins),
        cmocka_unit_test(an_index_passes_at_its_limit_and_not_above),
        cmocka_unit_test(only_the_index_of_all_lists_other_scopes),
        cmocka_unit_test(an_identifier_passes_at_its_limit_and_not_above),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
