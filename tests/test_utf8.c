/* UTF-8: what is well-formed, what is not, and what becomes of the rest. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/utf8.h"

static void well_formed_sequences_are_valid(void **state)
{
    static const char *const texts[] = {
        "",
        "a",
        "\x7F",
        "\xC2\x80",
        "\xDF\xBF",
        "\xE0\xA0\x80",
        "\xED\x9F\xBF",
        "\xEE\x80\x80",
        "\xEF\xBF\xBF",
        "\xF0\x90\x80\x80",
        "\xF4\x8F\xBF\xBF",
        "二七区 68.45 平方公里",
        "𠮷野家 🇨🇳",
    };

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_true(utf8_is_valid(texts[i], strlen(texts[i]), NULL));
}

static void ill_formed_sequences_are_refused_at_their_first_byte(void **state)
{
    static const struct {
        const char *text;
        size_t bytes, at;
    } cases[] = {
        {"a\0b", 3, 1},                 /* NUL */
        {"a\x80", 2, 1},                /* continuation alone */
        {"\xC0\x80", 2, 0},             /* overlong NUL */
        {"\xC1\xBF", 2, 0},             /* overlong */
        {"\xE0\x9F\xBF", 3, 0},         /* overlong */
        {"\xF0\x8F\xBF\xBF", 4, 0},     /* overlong */
        {"ab\xED\xA0\x80", 5, 2},       /* surrogate */
        {"\xED\xBF\xBF", 3, 0},         /* surrogate */
        {"\xF4\x90\x80\x80", 4, 0},     /* above U+10FFFF */
        {"\xF5\x80\x80\x80", 4, 0},     /* no such lead byte */
        {"\xFF", 1, 0},                 /* no such lead byte */
        {"\xFC\x80\x80\x80", 4, 0},     /* no such lead byte */
        {"\xE4\xBA", 2, 0},             /* torn off */
        {"\xE4\xBA\x8C\xE4\xB8", 5, 3}, /* torn off after a whole one */
        {"\xE4\x41\x8C", 3, 0},         /* no continuation */
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t at = 99;
        assert_false(utf8_is_valid(cases[i].text, cases[i].bytes, &at));
        assert_int_equal(at, cases[i].at);
        assert_false(utf8_is_valid(cases[i].text, cases[i].bytes, NULL));
    }
}

static void reading_gives_code_points_and_stops_at_the_end(void **state)
{
    const char *text = "a\u00E9二\U00020BB7";

    (void)state;
    assert_int_equal(utf8_next(&text), 'a');
    assert_int_equal(utf8_next(&text), 0xE9);
    assert_int_equal(utf8_next(&text), 0x4E8C);
    assert_int_equal(utf8_next(&text), 0x20BB7);
    const char *end = text;
    assert_int_equal(utf8_next(&text), 0);
    assert_ptr_equal(text, end);
}

static void an_ill_formed_byte_reads_as_one_replacement(void **state)
{
    const char *text = "\xE4\xBA"
                       "a\xF0\x90\x80";

    (void)state;
    assert_int_equal(utf8_next(&text), 0xFFFD);
    assert_int_equal(utf8_next(&text), 0xFFFD);
    assert_int_equal(utf8_next(&text), 'a');
    for (int i = 0; i < 3; i++)
        assert_int_equal(utf8_next(&text), 0xFFFD);
    assert_int_equal(utf8_next(&text), 0);
}

static void every_scalar_value_is_written_as_it_is_read(void **state)
{
    (void)state;
    for (uint32_t codepoint = 1; codepoint <= 0x110000; codepoint++) {
        char text[5] = "";
        size_t length = utf8_put(codepoint, text);
        bool scalar = codepoint <= 0x10FFFF &&
                      !(codepoint >= 0xD800 && codepoint <= 0xDFFF);
        const char *rest = text;
        assert_true(utf8_is_valid(text, length, NULL));
        assert_int_equal(utf8_next(&rest), scalar ? codepoint : 0xFFFD);
        assert_ptr_equal(rest, text + length);
    }
}

static void length_counts_code_points(void **state)
{
    (void)state;
    assert_int_equal(utf8_length(""), 0);
    assert_int_equal(utf8_length("abc"), 3);
    assert_int_equal(utf8_length("二七区"), 3);
    assert_int_equal(utf8_length("𠮷\xFF"), 2);
}

static void a_text_that_leaves_no_mark_is_blank(void **state)
{
    static const char *const blank[] = {
        "",           " ",
        "\t\n",       "\u3000",
        "\u00A0",     "\u2003",
        "\u200B",     "\uFEFF",
        "\u2060",     "\u3164",
        "\u2800",     "\u202E",
        "\uFE0F",     "\u00AD\u1680",
        "\U000E0020", " \u3000\u200B\u00A0\n",
    };
    static const char *const seen[] = {
        "。",     "a",          "\u3000雨", "雨 ", "\u200B1",
        "\uFFFD", "\U00020BB7", "·",        "—",
    };

    (void)state;
    for (size_t i = 0; i < sizeof blank / sizeof *blank; i++)
        assert_true(utf8_is_blank(blank[i]));
    for (size_t i = 0; i < sizeof seen / sizeof *seen; i++)
        assert_false(utf8_is_blank(seen[i]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(well_formed_sequences_are_valid),
        cmocka_unit_test(ill_formed_sequences_are_refused_at_their_first_byte),
        cmocka_unit_test(reading_gives_code_points_and_stops_at_the_end),
        cmocka_unit_test(an_ill_formed_byte_reads_as_one_replacement),
        cmocka_unit_test(every_scalar_value_is_written_as_it_is_read),
        cmocka_unit_test(length_counts_code_points),
        cmocka_unit_test(a_text_that_leaves_no_mark_is_blank),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
