/* What is wrong is told in one line, whatever stands in it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/problem.h"
#include "base/utf8.h"

static void known_parts_are_joined_and_others_left_out(void **state)
{
    static const struct {
        struct problem problem;
        const char *text;
    } cases[] = {
        {{.expected = "no memory"}, "no memory"},
        {{.place = "a.json", .expected = "e"}, "a.json: e"},
        {{.place = "a.json", .line = 3, .expected = "e"}, "a.json:3: e"},
        {{.place = "a.json",
          .line = 3,
          .column = 9,
          .field = "panel.title",
          .expected = "41 characters, 40 at most",
          .consequence = "the old one stays"},
         "a.json:3:9: panel.title: 41 characters, 40 at most; the old one "
         "stays"},
        {{.line = 3, .field = "f", .expected = "e"}, "f: e"},
        {{.place = "a\nb\x7F\t", .expected = "«二七»"},
         "a\\x0Ab\\x7F\\x09: «二七»"},
        {{.expected = "\xC2\x9B"
                      "2J\xC2\xA0"},
         "\\u009B"
         "2J\xC2\xA0"},
        {{.expected = "\u202E关\u2069\u2028\uFEFF\u200D一\U000E0041"},
         "\\u202E关\\u2069\\u2028\\uFEFF\\u200D一\\U000E0041"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[200];
        size_t length = problem_format(&cases[i].problem, text, sizeof text);
        assert_string_equal(text, cases[i].text);
        assert_int_equal(length, strlen(text));
    }
}

static void a_short_buffer_ends_at_a_whole_character(void **state)
{
    const struct problem problem = {.place = "二七", .expected = "𠮷é区"};
    char whole[64];
    size_t length = problem_format(&problem, whole, sizeof whole);

    (void)state;
    assert_int_equal(problem_format(&problem, NULL, 0), length);
    for (size_t size = 1; size <= length + 1; size++) {
        char text[64];
        memset(text, 'x', sizeof text);
        assert_int_equal(problem_format(&problem, text, size), length);
        assert_true(strlen(text) < size);
        assert_true(utf8_is_valid(text, strlen(text), NULL));
        assert_int_equal(strncmp(text, whole, strlen(text)), 0);
        assert_int_equal(text[size], 'x');
    }
}

static void long_texts_are_cut_at_a_whole_character(void **state)
{
    struct problem problem = {0};
    char text[1000] = "";

    (void)state;
    for (int shift = 0; shift < 4; shift++) {
        memset(text, 'a', (size_t)shift);
        text[shift] = '\0';
        for (int i = 0; i < 200; i++)
            strcat(text, "区");
        assert_false(problem_set_field(&problem, text, "%s", text));
        problem_set_place(&problem, text);
        assert_true(utf8_is_valid(problem.field, strlen(problem.field), NULL));
        assert_true(utf8_is_valid(problem.place, strlen(problem.place), NULL));
        assert_true(
            utf8_is_valid(problem.expected, strlen(problem.expected), NULL));
        assert_true(strlen(problem.expected) > sizeof problem.expected - 5);
    }
}

/* A refused message or file may hold anything, and the refusal quotes it. */
static void quoted_bytes_that_are_no_utf_8_are_replaced(void **state)
{
    struct problem problem = {0};
    char text[1000];

    (void)state;
    problem_set_place(&problem, "a\xFF"
                                "b\xE4\xBA");
    assert_string_equal(problem.place, "a\uFFFDb\uFFFD\uFFFD");
    assert_false(
        problem_set_field(&problem, "\xC0\xAF", "'%s'", "\xED\xA0\x80"));
    assert_string_equal(problem.field, "\uFFFD\uFFFD");
    assert_string_equal(problem.expected, "'\uFFFD\uFFFD\uFFFD'");
    memset(text, 0xFF, sizeof text - 1);
    text[sizeof text - 1] = '\0';
    assert_false(problem_set(&problem, PROBLEM_SYNTAX, "%s", text));
    assert_true(
        utf8_is_valid(problem.expected, strlen(problem.expected), NULL));
    assert_true(strlen(problem.expected) > sizeof problem.expected - 5);
}

static void setting_anew_forgets_the_field_but_not_the_place(void **state)
{
    struct problem problem = {.line = 3,
                              .column = 4,
                              .place = "a.json",
                              .consequence = "the old one stays"};

    (void)state;
    assert_false(problem_set_field(&problem, "panel.title", "%d", 5));
    assert_int_equal(problem.code, PROBLEM_FIELD);
    assert_string_equal(problem.field, "panel.title");
    assert_int_equal(problem.line, 0);
    problem.line = 3;
    assert_false(problem_set(&problem, PROBLEM_STALE, "seq %d", 7));
    assert_int_equal(problem.code, PROBLEM_STALE);
    assert_string_equal(problem.field, "");
    assert_string_equal(problem.expected, "seq 7");
    assert_int_equal(problem.line, 0);
    assert_string_equal(problem.place, "a.json");
    assert_string_equal(problem.consequence, "the old one stays");
}

static void without_a_problem_nothing_is_written(void **state)
{
    (void)state;
    assert_false(problem_set(NULL, PROBLEM_FIELD, "x"));
    assert_false(problem_set_field(NULL, "f", "x"));
    problem_set_place(NULL, "a");
}

static void every_code_has_a_name_of_its_own(void **state)
{
    (void)state;
    for (int a = PROBLEM_NONE; a <= PROBLEM_SYSTEM; a++) {
        const char *name = problem_code_name((enum problem_code)a);
        assert_non_null(name);
        for (int b = PROBLEM_NONE; b < a; b++)
            assert_string_not_equal(name,
                                    problem_code_name((enum problem_code)b));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_parts_are_joined_and_others_left_out),
        cmocka_unit_test(a_short_buffer_ends_at_a_whole_character),
        cmocka_unit_test(long_texts_are_cut_at_a_whole_character),
        cmocka_unit_test(quoted_bytes_that_are_no_utf_8_are_replaced),
        cmocka_unit_test(setting_anew_forgets_the_field_but_not_the_place),
        cmocka_unit_test(without_a_problem_nothing_is_written),
        cmocka_unit_test(every_code_has_a_name_of_its_own),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
