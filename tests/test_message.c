/* Whole bodies: what the wire brings is read, or refused with its place. */
#include "protocol/envelope.h"
#include "protocol/message.h"
#include "protocol/timestamp.h"
#include "tests/support/body.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define PANEL_BODY                                                             \
    "'panel': {'template': 'title', 'section': 'quality', 'title': '题'}"
#define WIRE                                                                   \
    "'org': 'erqi', 'scope': 'area-410103', 'seq': 7,"                         \
    "'issued': '2021-07-20T18:30:00+08:00'"

/* A whole message of each kind, as the wire carries it. */
static const char *const whole[MESSAGE_KIND_COUNT] = {
    [MESSAGE_PANEL] = "{'gaoshi': 1, 'kind': 'panel', 'id': 'q01', " WIRE
                      ", " PANEL_BODY "}",
    [MESSAGE_PANEL_REMOVAL] =
        "{'gaoshi': 1, 'kind': 'panel-removal', 'id': 'q01', " WIRE "}",
    [MESSAGE_ALERT] =
        "{'gaoshi': 1, 'kind': 'alert', 'id': 'flood', " WIRE
        ", 'alert': {'status': 'actual', 'level': 'red', 'event': '暴雨',"
        "'instruction': '转移', 'area': '二七区', 'sender': '应急局'}}",
    [MESSAGE_ALERT_CANCEL] = "{'gaoshi': 1, 'kind': 'alert-cancel',"
                             "'id': 'flood', " WIRE ", 'cancel': {}}",
    [MESSAGE_INDEX] = "{'gaoshi': 1, 'kind': 'index', " WIRE
                      ", 'index': {'entries': [{'slot': 'panel/q01', 'seq': 7},"
                      "{'slot': 'alert/flood', 'seq': 9007199254740991}]}}",
    [MESSAGE_TICK] = "{'gaoshi': 1, 'kind': 'tick', 'org': 'erqi',"
                     "'scope': 'all', 'seq': 7, 'issued':"
                     "'2021-07-20T18:30:00+08:00', 'tick': {'index_seq': 3}}",
    [MESSAGE_COMMAND] =
        "{'gaoshi': 1, 'kind': 'command', 'id': 'lobby', 'org': 'erqi',"
        "'scope': 'screen-lobby', 'seq': 7, 'issued':"
        "'2021-07-20T18:30:00+08:00',"
        "'command': {'verb': 'brightness', 'value': 80}}",
};

static const char *const topics[MESSAGE_KIND_COUNT] = {
    [MESSAGE_PANEL] = "gaoshi/1/erqi/down/area-410103/panel/q01",
    [MESSAGE_PANEL_REMOVAL] = "gaoshi/1/erqi/down/area-410103/panel/q01",
    [MESSAGE_ALERT] = "gaoshi/1/erqi/down/area-410103/alert/flood",
    [MESSAGE_ALERT_CANCEL] = "gaoshi/1/erqi/down/area-410103/alert/flood",
    [MESSAGE_INDEX] = "gaoshi/1/erqi/down/area-410103/index",
    [MESSAGE_TICK] = "gaoshi/1/erqi/down/all/tick",
    [MESSAGE_COMMAND] = "gaoshi/1/erqi/command/lobby",
};

/* NULL when it is refused. */
static struct message *parse_bytes(const char *bytes, size_t size,
                                   enum message_form form,
                                   struct problem *problem)
{
    struct message *message = NULL;

    *problem = (struct problem){0};
    bool fine = message_parse(bytes, size, form, "a.json", &message, problem);
    assert_int_equal(fine, message != NULL);
    assert_int_equal(fine, problem->code == PROBLEM_NONE);
    assert_string_equal(problem->place, fine ? "" : "a.json");
    return message;
}

static struct message *parse_object(const json_t *object,
                                    enum message_form form,
                                    struct problem *problem)
{
    char *text = json_dumps(object, JSON_INDENT(2));
    struct message *message = parse_bytes(text, strlen(text), form, problem);

    free(text);
    return message;
}

static struct message *make(enum message_kind kind)
{
    struct problem problem;
    json_t *object = body_make(whole[kind]);
    struct message *message = parse_object(object, MESSAGE_WIRE, &problem);

    if (!message)
        fail_msg("%s: %s", problem.field, problem.expected);
    json_decref(object);
    return message;
}

static void every_kind_is_read_and_knows_its_topic_and_role(void **state)
{
    static const unsigned roles[] = {
        KEY_ROLE_PANELS, KEY_ROLE_PANELS, KEY_ROLE_ALERTS,  KEY_ROLE_ALERTS,
        KEY_ROLE_PANELS, KEY_ROLE_PANELS, KEY_ROLE_COMMANDS};

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
        assert_int_equal(message_role(kind), roles[kind]);
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

    (void)state;
    assert_int_equal(index->index->count, 2);
    assert_string_equal(index->index->entries[0].slot, "panel/q01");
    assert_int_equal(index->index->entries[1].seq, LIMIT_SEQUENCE);
    assert_string_equal(index->id, "");
    assert_int_equal(tick->tick_index_seq, 3);
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
        {"gaoshi/1/erqi/down/area-410103/index", ""},
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
            json_t *object = body_make(whole[kind]);
            body_set(object, names[i], NULL);
            assert_null(parse_object(object, MESSAGE_WIRE, &problem));
            body_assert_problem(&problem, names[i], "missing");
            assert_int_equal(problem.line, 1);
            struct message *draft = parse_object(object, MESSAGE_DRAFT,
                                                 &problem);
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

static void bad_fields_are_refused_with_their_path(void **state)
{
    static const struct {
        enum message_kind kind;
        const char *path, *value, *words;
    } cases[] = {
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
        {MESSAGE_PANEL, "expires", "'2021-07-20T18:30:00+08:00'",
         "after issued"},
        {MESSAGE_PANEL, "colour", "1", "unknown field"},
        {MESSAGE_PANEL, "panel", NULL, "missing"},
        {MESSAGE_PANEL, "panel", "[]", "a list found, an object expected"},
        {MESSAGE_PANEL, "alert", "{}", "kind panel does not have this field"},
        {MESSAGE_PANEL, "panel.title", "12", "number 12 found, text expected"},
        {MESSAGE_PANEL_REMOVAL, "panel", "{}", "does not have this field"},
        {MESSAGE_PANEL_REMOVAL, "reason", "'a'", "unknown field"},
        {MESSAGE_ALERT, "alert.sound", "1", "unknown field"},
        {MESSAGE_ALERT_CANCEL, "cancel", NULL, "missing"},
        {MESSAGE_INDEX, "id", "'a'", "does not have this field"},
        {MESSAGE_INDEX, "index.entries", NULL, "missing"},
        {MESSAGE_INDEX, "index.entries[1].slot", "'a'", "panel/ID or alert"},
        {MESSAGE_INDEX, "index.entries[1].slot", "'poster/a'", "panel/ID"},
        {MESSAGE_INDEX, "index.entries[1].slot", "'panel/A'", "panel/ID"},
        {MESSAGE_INDEX, "index.entries[0].seq", "0", "from 1 to"},
        {MESSAGE_INDEX, "index.entries[0].id", "'a'", "unknown field"},
        {MESSAGE_TICK, "tick.index_seq", "-1", "from 0 to"},
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

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct problem problem;
        json_t *object = body_make(whole[cases[i].kind]);
        body_set(object, cases[i].path, cases[i].value);
        assert_null(parse_object(object, MESSAGE_WIRE, &problem));
        assert_int_equal(problem.code, PROBLEM_FIELD);
        body_assert_problem(&problem, cases[i].path, cases[i].words);
        assert_true(problem.line > 0 && problem.column > 0);
        json_decref(object);
    }
}

static void only_brightness_takes_a_value(void **state)
{
    static const char *const verbs[] = {"'identify'", "'reload'",
                                        "'screenshot'", "'restart'"};

    (void)state;
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
        struct problem problem;
        json_t *object = body_make(whole[MESSAGE_COMMAND]);
        body_set(object, "command.verb", verbs[i]);
        assert_null(parse_object(object, MESSAGE_WIRE, &problem));
        body_assert_problem(&problem, "command.value", "takes no value");
        body_set(object, "command.value", NULL);
        message_destroy(parse_object(object, MESSAGE_WIRE, &problem));
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
        json_t *object = body_make(whole[MESSAGE_PANEL]);
        body_set(object, "effective", cases[i].effective);
        body_set(object, "expires", cases[i].expires);
        struct message *message = parse_object(object, MESSAGE_WIRE, &problem);
        assert_int_equal(message != NULL, cases[i].fine);
        message_destroy(message);
        json_decref(object);
    }
}

static void what_is_no_json_is_refused_with_its_place(void **state)
{
    static const struct {
        const char *text;
        size_t bytes; /* 0: up to the NUL */
        int line, column;
        const char *words;
    } cases[] = {
        {"", 0, 0, 0, "nothing found"},
        {" \n ", 0, 2, 1, "expected"},
        {"告示", 0, 1, 3, "expected"},
        {"{\"gaoshi\": 1,\n\"kind\"", 0, 2, 6, "expected"},
        {"{\n\"gaoshi\": 1,\n\"gaoshi\": 1}", 0, 3, 8, "duplicate"},
        {"{\"a\": 'b'}", 0, 1, 7, "invalid token"},
        {"{\"a\": 1e999}", 0, 1, 11, "overflow"},
        {"{\"a\": 99999999999999999999}", 0, 1, 26, "too big"},
        {"{\"a\": \"\\u0000\"}", 0, 1, 14, "NUL"},
        {"{\"a\": \"\\ud842\"}", 0, 1, 14, "invalid Unicode"},
        {"{} {}", 0, 1, 4, "end of file expected"},
        {"{\"a\": \"\xFF\"}", 0, 1, 8, "byte 0xFF found, UTF-8 expected"},
        {"{\n\"a\": \"\xE4\xBA\"}", 0, 2, 7, "byte 0xE4 found"},
        {"{\"a\": \"\xED\xA0\x80\"}", 0, 1, 8, "byte 0xED found"},
        {"{\"a\": 1}\0", 9, 1, 9, "byte 0x00 found"},
        {"\xEF\xBB\xBF{}", 0, 1, 1, "byte order mark"},
        {"\xFF\xFE{\0}\0", 6, 1, 1, "byte 0xFF found"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct problem problem;
        size_t bytes = cases[i].bytes ? cases[i].bytes : strlen(cases[i].text);
        assert_null(parse_bytes(cases[i].text, bytes, MESSAGE_DRAFT, &problem));
        assert_int_equal(problem.code, PROBLEM_SYNTAX);
        body_assert_problem(&problem, "", cases[i].words);
        assert_int_equal(problem.line, cases[i].line);
        assert_int_equal(problem.column, cases[i].column);
    }
}

static void every_prefix_of_a_message_is_refused(void **state)
{
    json_t *object = body_make(whole[MESSAGE_ALERT]);
    char *text = json_dumps(object, JSON_INDENT(1));
    size_t length = strlen(text);

    (void)state;
    for (size_t size = 0; size < length; size++) {
        struct problem problem;
        char *part = malloc(size ? size : 1);
        assert_non_null(part);
        memcpy(part, text, size);
        assert_null(parse_bytes(part, size, MESSAGE_WIRE, &problem));
        assert_int_equal(problem.code, PROBLEM_SYNTAX);
        free(part);
    }
    free(text);
    json_decref(object);
}

static void a_field_is_told_with_line_and_column(void **state)
{
    static const struct {
        const char *text;
        int line, column;
        const char *field;
    } cases[] = {
        {"{\"gaoshi\": 1, \"kind\": \"panel\",\n \"id\": 5}", 2, 2, "id"},
        {"{\"gaoshi\": 1, \"kind\": \"panel\", \"id\": \"a\",\n"
         "\"panel\": {\"template\": \"figures\", \"section\": \"general\",\n"
         "\"title\": \"panel\", \"figures\": [\n"
         "  {\"value\": 1, \"unit\": \"}],{\"},\n"
         "  {\"value\": 2, \"unit\": 3}]}}",
         5, 16, "panel.figures[1].unit"},
        {"{\"gaoshi\": 1, \"kind\": \"panel\", \"id\": \"a\",\n"
         "\"panel\": {\"template\": \"title\", \"section\": \"general\"}}",
         2, 10, "panel.title"},
        {"{\"gaoshi\": 1, \"kind\": \"panel\", \"id\": \"a\",\n"
         "\"panel\": {\"a\\\"b\": 1,\n \"x.y\": 1}}",
         2, 10, "panel.a\"b"},
        {"{\"gaoshi\": 1, \"kind\": \"panel\", \"id\": \"a\",\n"
         "\"panel\": {\"x\": {\"y\": 1},\n \"x.y\": 1}}",
         2, 11, "panel.x"},
        {"{\"gaoshi\": 1, \"kind\": \"panel\", \"id\": \"a\",\n"
         "\"panel\": {\"title\": {\"y\": 1},\n \"title.y\": 1}}",
         3, 2, "panel.title.y"},
        {"{\"gaoshi\": 1, \"kind\": \"panel\", \"id\": \"a\",\n"
         "\"panel\": {\"title.y\": 1,\n \"title\": {\"y\": 1}}}",
         2, 11, "panel.title.y"},
        {"{\"gaoshi\": 1, \"kind\": \"panel\", \"id\": \"a\",\n"
         "\"panel\": {\n\"\": 1}}",
         3, 1, "panel."},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct problem problem;
        assert_null(parse_bytes(cases[i].text, strlen(cases[i].text),
                                MESSAGE_DRAFT, &problem));
        assert_string_equal(problem.field, cases[i].field);
        assert_int_equal(problem.line, cases[i].line);
        assert_int_equal(problem.column, cases[i].column);
    }
}

static void brackets_nest_up_to_their_limit_and_not_deeper(void **state)
{
    (void)state;
    for (int depth = LIMIT_JSON_DEPTH; depth <= LIMIT_JSON_DEPTH + 1; depth++) {
        struct problem problem;
        char text[100] = "{\"a[[\\\"[[\":";
        for (int i = 1; i < depth; i++)
            strcat(text, "[");
        for (int i = 1; i < depth; i++)
            strcat(text, "]");
        strcat(text, "}");
        assert_null(parse_bytes(text, strlen(text), MESSAGE_DRAFT, &problem));
        assert_int_equal(problem.code, depth > LIMIT_JSON_DEPTH
                                           ? PROBLEM_TOO_LARGE
                                           : PROBLEM_FIELD);
    }
}

static void a_million_brackets_do_no_harm(void **state)
{
    size_t bytes = LIMIT_MESSAGE_BYTES - ENVELOPE_LINE_BYTES;
    char *text = malloc(bytes);
    struct problem problem;

    (void)state;
    assert_non_null(text);
    memset(text, '[', bytes);
    assert_null(parse_bytes(text, bytes, MESSAGE_WIRE, &problem));
    assert_int_equal(problem.code, PROBLEM_TOO_LARGE);
    assert_int_equal(problem.column, LIMIT_JSON_DEPTH + 1);
    free(text);
}

static void each_kind_passes_at_its_size_and_not_above(void **state)
{
    static const size_t limits[MESSAGE_KIND_COUNT] = {
        LIMIT_PANEL_BYTES, LIMIT_ALERT_BYTES, LIMIT_ALERT_BYTES,
        LIMIT_ALERT_BYTES, LIMIT_PANEL_BYTES, LIMIT_ALERT_BYTES,
        LIMIT_ALERT_BYTES};

    (void)state;
    for (int kind = 0; kind < MESSAGE_KIND_COUNT; kind++) {
        size_t most = limits[kind] - ENVELOPE_LINE_BYTES;
        json_t *object = body_make(whole[kind]);
        char *text = json_dumps(object, 0);
        char *padded = malloc(most + 1);
        struct problem problem;
        assert_non_null(padded);
        memset(padded, ' ', most + 1);
        memcpy(padded, text, strlen(text));
        struct message *message = parse_bytes(padded, most, MESSAGE_WIRE,
                                              &problem);
        assert_non_null(message);
        message_destroy(message);
        assert_null(parse_bytes(padded, most + 1, MESSAGE_WIRE, &problem));
        assert_int_equal(problem.code, PROBLEM_TOO_LARGE);
        free(padded);
        free(text);
        json_decref(object);
    }
}

static void a_body_of_a_megabyte_is_refused_unread(void **state)
{
    size_t bytes = 1024 * 1024;
    char *text = malloc(bytes);
    struct problem problem;

    (void)state;
    assert_non_null(text);
    memset(text, 0xFF, bytes);
    assert_null(parse_bytes(text, bytes, MESSAGE_DRAFT, &problem));
    assert_int_equal(problem.code, PROBLEM_TOO_LARGE);
    body_assert_problem(&problem, "", "1048576 bytes, 65424 at most");
    free(text);
}

static void an_index_passes_at_its_limit_and_not_above(void **state)
{
    (void)state;
    for (size_t count = LIMIT_INDEX_ENTRIES; count <= LIMIT_INDEX_ENTRIES + 1;
         count++) {
        struct problem problem;
        json_t *object = body_make(whole[MESSAGE_INDEX]);
        body_set_count(object, "index.entries", count);
        struct message *message = parse_object(object, MESSAGE_WIRE, &problem);
        assert_int_equal(message != NULL, count == LIMIT_INDEX_ENTRIES);
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
        json_t *object = body_make(whole[MESSAGE_PANEL]);
        memset(id, 'x', length);
        json_object_set_new(object, "id", json_string(id));
        struct message *message = parse_object(object, MESSAGE_WIRE, &problem);
        assert_int_equal(message != NULL, length == LIMIT_IDENTIFIER_BYTES);
        message_destroy(message);
        json_decref(object);
    }
}

static void without_a_problem_a_message_is_refused_all_the_same(void **state)
{
    static const char *const texts[] = {
        "", "{", "{}", "[]", "\xFF", "{\"gaoshi\": 1, \"x\": 1}"};

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct message *message = NULL;
        assert_false(message_parse(texts[i], strlen(texts[i]), MESSAGE_WIRE,
                                   NULL, &message, NULL));
        assert_null(message);
    }
}

/* Lets Jansson have so many pieces of memory and no more. */
static int memory_left;

static void *scarce_malloc(size_t bytes)
{
    return memory_left-- > 0 ? malloc(bytes) : NULL;
}

static void without_memory_a_message_is_refused_and_nothing_leaks(void **state)
{
    json_malloc_t plain_malloc;
    json_free_t plain_free;
    struct message *message = NULL;
    int pieces = 0;

    (void)state;
    json_get_alloc_funcs(&plain_malloc, &plain_free);
    for (int kind = 0; kind < MESSAGE_KIND_COUNT; kind++) {
        json_t *object = body_make(whole[kind]);
        char *text = json_dumps(object, 0);
        json_decref(object);
        json_set_alloc_funcs(scarce_malloc, free);
        for (pieces = 0; !message; pieces++) {
            struct problem problem = {0};
            memory_left = pieces;
            if (!message_parse(text, strlen(text), MESSAGE_WIRE, "a.json",
                               &message, &problem)) {
                /* Jansson takes a token that it could not keep for a bad
                 * one. */
                assert_true(problem.code == PROBLEM_SYSTEM ||
                            problem.code == PROBLEM_SYNTAX);
                assert_true(problem.expected[0] != '\0');
                assert_string_equal(problem.place, "a.json");
            }
        }
        message_destroy(message);
        message = NULL;
        json_set_alloc_funcs(plain_malloc, plain_free);
        assert_true(pieces > 5);
        free(text);
    }
}

/* A small generator of its own, so that a failure can be repeated. */
static uint32_t next_random(uint32_t *seed)
{
    *seed = *seed * 1664525U + 1013904223U;
    return *seed >> 8;
}

static void damaged_bodies_are_read_or_refused_and_nothing_else(void **state)
{
    uint32_t seed = 20210720;

    (void)state;
    for (int round = 0; round < 20000; round++) {
        static const char bytes[] = "{}[]\",:\\u0019e-. \n\xE4\x80\xFF\0t";
        struct message *message = NULL;
        struct problem problem = {0};
        int kind = (int)(next_random(&seed) % MESSAGE_KIND_COUNT);
        char *text = strdup(whole[kind]);
        size_t length = strlen(text);
        for (char *c = text; *c; c++)
            *c = (char)(*c == '\'' ? '"' : *c);
        for (uint32_t n = next_random(&seed) % 4; n > 0; n--)
            text[next_random(&seed) % length] =
                bytes[next_random(&seed) % sizeof bytes];
        bool fine = message_parse(text, length, MESSAGE_WIRE, "a.json",
                                  &message, &problem);
        assert_int_equal(fine, problem.code == PROBLEM_NONE);
        assert_int_equal(fine, message != NULL);
        message_destroy(message);
        free(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_is_read_and_knows_its_topic_and_role),
        cmocka_unit_test(bodies_of_small_kinds_arrive),
        cmocka_unit_test(a_body_agrees_with_its_own_topic_only),
        cmocka_unit_test(a_draft_may_lack_what_the_wire_must_have),
        cmocka_unit_test(bad_fields_are_refused_with_their_path),
        cmocka_unit_test(only_brightness_takes_a_value),
        cmocka_unit_test(a_message_ends_after_it_begins),
        cmocka_unit_test(what_is_no_json_is_refused_with_its_place),
        cmocka_unit_test(every_prefix_of_a_message_is_refused),
        cmocka_unit_test(a_field_is_told_with_line_and_column),
        cmocka_unit_test(brackets_nest_up_to_their_limit_and_not_deeper),
        cmocka_unit_test(a_million_brackets_do_no_harm),
        cmocka_unit_test(each_kind_passes_at_its_size_and_not_above),
        cmocka_unit_test(a_body_of_a_megabyte_is_refused_unread),
        cmocka_unit_test(an_index_passes_at_its_limit_and_not_above),
        cmocka_unit_test(an_identifier_passes_at_its_limit_and_not_above),
        cmocka_unit_test(without_a_problem_a_message_is_refused_all_the_same),
        cmocka_unit_test(without_memory_a_message_is_refused_and_nothing_leaks),
        cmocka_unit_test(damaged_bodies_are_read_or_refused_and_nothing_else),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
