/* Bodies as text: what is no JSON, too deep, too large or damaged is refused
 * with its place. */
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

static const struct {
    const char *text;
    size_t bytes; /* 0: up to the NUL */
    int line, column;
    const char *words;
} no_json[] = {
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

static void what_is_no_json_is_refused_with_its_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof no_json / sizeof *no_json; i++) {
        struct problem problem;
        size_t bytes = no_json[i].bytes ? no_json[i].bytes
                                        : strlen(no_json[i].text);
        assert_null(
            body_parse_bytes(no_json[i].text, bytes, MESSAGE_DRAFT, &problem));
        assert_int_equal(problem.code, PROBLEM_SYNTAX);
        body_assert_problem(&problem, "", no_json[i].words);
        assert_int_equal(problem.line, no_json[i].line);
        assert_int_equal(problem.column, no_json[i].column);
    }
}

static void every_prefix_of_a_message_is_refused(void **state)
{
    json_t *object = body_make(body_whole[MESSAGE_ALERT]);
    char *text = json_dumps(object, JSON_INDENT(1));
    size_t length = strlen(text);

    (void)state;
    for (size_t size = 0; size < length; size++) {
        struct problem problem;
        char *part = malloc(size ? size : 1);
        assert_non_null(part);
        memcpy(part, text, size);
        assert_null(body_parse_bytes(part, size, MESSAGE_WIRE, &problem));
        assert_int_equal(problem.code, PROBLEM_SYNTAX);
        free(part);
    }
    free(text);
    json_decref(object);
}

static const struct {
    const char *text;
    int line, column;
    const char *field;
} places[] = {
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

static void a_field_is_told_with_line_and_column(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        struct problem problem;
        assert_null(body_parse_bytes(places[i].text, strlen(places[i].text),
                                     MESSAGE_DRAFT, &problem));
        assert_string_equal(problem.field, places[i].field);
        assert_int_equal(problem.line, places[i].line);
        assert_int_equal(problem.column, places[i].column);
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
        assert_null(
            body_parse_bytes(text, strlen(text), MESSAGE_DRAFT, &problem));
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
    assert_null(body_parse_bytes(text, bytes, MESSAGE_WIRE, &problem));
    assert_int_equal(problem.code, PROBLEM_TOO_LARGE);
    assert_int_equal(problem.column, LIMIT_JSON_DEPTH + 1);
    free(text);
}

static void each_kind_passes_at_its_size_and_not_above(void **state)
{
    static const size_t limits[MESSAGE_KIND_COUNT] = {
        LIMIT_PANEL_BYTES, LIMIT_ALERT_BYTES, LIMIT_ALERT_BYTES,
        LIMIT_ALERT_BYTES, LIMIT_PANEL_BYTES, LIMIT_ALERT_BYTES,
        LIMIT_ALERT_BYTES, LIMIT_PANEL_BYTES, LIMIT_ALERT_BYTES,
        LIMIT_FIGURE_BYTES};

    (void)state;
    for (int kind = 0; kind < MESSAGE_KIND_COUNT; kind++) {
        size_t most = limits[kind] - ENVELOPE_LINE_BYTES;
        json_t *object = body_make(body_whole[kind]);
        char *text = json_dumps(object, 0);
        char *padded = malloc(most + 1);
        struct problem problem;
        assert_non_null(padded);
        memset(padded, ' ', most + 1);
        memcpy(padded, text, strlen(text));
        struct message *message = body_parse_bytes(padded, most, MESSAGE_WIRE,
                                                   &problem);
        assert_non_null(message);
        message_destroy(message);
        assert_null(body_parse_bytes(padded, most + 1, MESSAGE_WIRE, &problem));
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
    assert_null(body_parse_bytes(text, bytes, MESSAGE_DRAFT, &problem));
    assert_int_equal(problem.code, PROBLEM_TOO_LARGE);
    body_assert_problem(&problem, "", "1048576 bytes, 65424 at most");
    free(text);
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
        json_t *object = body_make(body_whole[kind]);
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
        char *text = strdup(body_whole[kind]);
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
        cmocka_unit_test(what_is_no_json_is_refused_with_its_place),
        cmocka_unit_test(every_prefix_of_a_message_is_refused),
        cmocka_unit_test(a_field_is_told_with_line_and_column),
        cmocka_unit_test(brackets_nest_up_to_their_limit_and_not_deeper),
        cmocka_unit_test(a_million_brackets_do_no_harm),
        cmocka_unit_test(each_kind_passes_at_its_size_and_not_above),
        cmocka_unit_test(a_body_of_a_megabyte_is_refused_unread),
        cmocka_unit_test(without_a_problem_a_message_is_refused_all_the_same),
        cmocka_unit_test(without_memory_a_message_is_refused_and_nothing_leaks),
        cmocka_unit_test(damaged_bodies_are_read_or_refused_and_nothing_else),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
