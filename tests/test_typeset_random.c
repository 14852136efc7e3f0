/* Any text at any width: nothing is lost, nothing leaves its box, it ends.
 * Texts come from a seeded generator over all of Unicode. */
#include "base/utf8.h"
#include "display/core/typeset/typeset.h"
#include "display/core/typeset/typeset_cluster.h"
#include "protocol/limits.h"
#include "tests/support/share.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uchar.h>
#include <unicode/uchar.h>

#include <cmocka.h>

enum {
    TEXTS = 4000 / SANITIZED_SHARE,
    SHORT_CHARACTERS = 60,
    LONG_EVERY = 100, /* every so many texts goes to the limit */
    LARGE_BYTES = 64 * 1024,
    MONOTONOUS_BYTES = LARGE_BYTES / SANITIZED_SHARE,
};

/* xorshift64: the same texts on every machine. */
static uint32_t next_random(uint64_t *state, uint32_t below)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return (uint32_t)(*state >> 20) % below;
}

/* Half of the characters are those that rules are about. */
static char32_t random_character(uint64_t *state)
{
    static const char32_t known[] =
        U"二七区，。、：“”《》（）——……·～／℃%￥年月日毫米超约第余多"
        U"0123456789aAzZ -+./:?&=@#\n\r\t\u00A0\u00AD\u0301\u0302\u200B"
        U"\u200D\u2028\u202E\u2060\u2066\u3000\uFE0F\uFEFF\uFFFC\uFFFD\uFFFF"
        U"👨👩🏽🇨🇳❤กขคאבعر가각ก็\U000E0041"
        U"\U0010FFFF";
    size_t count = sizeof known / sizeof *known - 1;

    if (next_random(state, 2))
        return known[next_random(state, (uint32_t)count)];
    for (;;) {
        char32_t c = 1 + next_random(state, 0x10FFFF);
        if (c < 0xD800 || c > 0xDFFF)
            return c;
    }
}

static void make_text(uint64_t *state, size_t characters, char *out)
{
    for (size_t i = 0; i < characters; i++)
        out += utf8_put(random_character(state), out);
    *out = '\0';
}

static bool is_white(char32_t c)
{
    return u_isUWhiteSpace((UChar32)c);
}

/* A line may be too wide only if nothing can be taken off it. */
static bool is_one_grapheme(const char *text, const struct typeset_style *style)
{
    struct typeset_block *block = typeset_create(text, style, 1,
                                                 &type_metrics_plain);
    bool one = block->line_count == 1;

    typeset_destroy(block);
    return one;
}

/* Each grapheme has its own glyphs, in the order of the text, and no other. */
static void check_glyphs(const struct typeset_line *line,
                         const struct typeset_style *style)
{
    const type_length em = style->size_px * TYPE_PIXEL;
    uint32_t points[TYPESET_CLUSTER_POINTS + 1];
    struct line_breaks breaks;
    struct typeset_cluster cluster;
    type_length last = line->left;
    size_t glyph = 0, count = 0;

    assert_true(
        line_breaks_find(line->text, strlen(line->text), false, &breaks));
    for (size_t i = 0; i < breaks.count; i++) {
        if (count <= TYPESET_CLUSTER_POINTS)
            points[count++] = breaks.points[i].codepoint;
        if (!breaks.points[i].grapheme_end)
            continue;
        typeset_cluster_set(&type_metrics_plain, style->role, style->size_px,
                            points, count, &cluster);
        for (size_t k = 0; k < cluster.count; k++, glyph++) {
            assert_true(glyph < line->glyph_count);
            const struct typeset_glyph *placed = &line->glyphs[glyph];
            assert_int_equal(placed->codepoint,
                             cluster.parts[k].glyph.codepoint);
            /* The blank half of a bracket may reach over a mark of no width. */
            assert_true(placed->x >= last - em / 2);
            assert_true(placed->x <= line->left + line->width);
            last = placed->x;
        }
        count = 0;
    }
    assert_int_equal(glyph, line->glyph_count);
    line_breaks_finish(&breaks);
}

static const char *skip_white(const char *text)
{
    for (const char *next = text;; text = next) {
        char32_t c = utf8_next(&next);
        if (c == 0 || !is_white(c))
            return text;
    }
}

/* The line's text must be what comes next, white space apart. Returns what is
 * left. */
static const char *match_line(const char *text, const char *line)
{
    for (;;) {
        line = skip_white(line);
        if (*line == '\0')
            return text;
        text = skip_white(text);
        assert_int_equal(utf8_next(&text), utf8_next(&line));
    }
}

static void check_text(const char *text, const struct typeset_style *style,
                       int width_px)
{
    struct typeset_block *block = typeset_create(text, style, width_px,
                                                 &type_metrics_plain);
    type_length em = style->size_px * TYPE_PIXEL;
    type_length measure = width_px * TYPE_PIXEL;
    const char *at = text;

    assert_non_null(block);
    if (measure < em)
        measure = em;
    for (size_t i = 0; i < block->line_count; i++) {
        const struct typeset_line *line = &block->lines[i];
        check_glyphs(line, style);
        at = match_line(at, line->text);
        if (line->left + line->width > measure)
            assert_true(is_one_grapheme(line->text, style));
    }
    assert_int_equal(*skip_white(at), 0);
    typeset_destroy(block);
}

static struct typeset_style random_style(uint64_t *state)
{
    struct typeset_style style = {
        .size_px = 8 + (int)next_random(state, 60),
        .align = (enum typeset_align)next_random(state, 4),
        .balanced = next_random(state, 3) == 0,
    };

    return style;
}

static void random_texts_lose_nothing_and_stay_in_their_box(void **state)
{
    (void)state;
    char *text = malloc(LIMIT_BODY_CHARACTERS * 4 + 1);
    uint64_t random = 0x9E3779B97F4A7C15U;

    assert_non_null(text);
    for (int i = 0; i < TEXTS; i++) {
        size_t characters = i % LONG_EVERY == 0
                                ? LIMIT_BODY_CHARACTERS
                                : next_random(&random, SHORT_CHARACTERS);
        struct typeset_style style = random_style(&random);
        int width_px = 1 +
                       (int)next_random(&random, (uint32_t)style.size_px * 24);
        make_text(&random, characters, text);
        check_text(text, &style, width_px);
    }
    free(text);
}

/* What typeset_width says is room enough for one line a paragraph. */
static void a_text_fits_into_its_own_width(void **state)
{
    (void)state;
    char text[SHORT_CHARACTERS * 4 + 1];
    uint64_t random = 88172645463325252U;

    for (int i = 0; i < TEXTS; i++) {
        struct typeset_style style = random_style(&random);
        make_text(&random, next_random(&random, SHORT_CHARACTERS), text);
        type_length width = typeset_width(text, &style, &type_metrics_plain);
        int width_px = (width + TYPE_PIXEL - 1) / TYPE_PIXEL;
        struct typeset_block *block = typeset_create(text, &style, width_px,
                                                     &type_metrics_plain);
        for (size_t k = 0; k < block->line_count; k++)
            assert_true(block->lines[k].ends_paragraph);
        typeset_destroy(block);
    }
}

static void check_repeated(const char *piece, char *text)
{
    static const double widths_em[] = {0.1, 1, 1.5, 10, 5000};
    size_t bytes = strlen(piece);
    size_t length = 0;

    while (length + bytes < MONOTONOUS_BYTES) {
        memcpy(text + length, piece, bytes);
        length += bytes;
    }
    text[length] = '\0';
    for (size_t w = 0; w < sizeof widths_em / sizeof *widths_em; w++) {
        for (int balanced = 0; balanced < 2; balanced++) {
            struct typeset_style style = {.size_px = 20,
                                          .balanced = balanced == 1};
            check_text(text, &style, (int)(widths_em[w] * 20));
        }
    }
}

static void large_monotonous_texts_are_set(void **state)
{
    static const char *const pieces[] = {
        "二",       "，",     "《",         "·",           "—",       "…",
        " ",        "　",     "\n",         "a",           "1",       "1 ",
        "1 年",     "第1",    "-",          "/",           "a/",      "\u200B",
        "\u0301",   "\u200D", "👨\u200D",    "🇨",           "\uFFFF",  "\u2060",
        "二\u200B", "艾·",    "二，《七》", "7 月 20 日—", "http://", "ก",
    };

    (void)state;
    char *text = malloc(MONOTONOUS_BYTES);
    assert_non_null(text);
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++)
        check_repeated(pieces[i], text);
    free(text);
}

static void a_thousand_marks_on_one_character_are_a_box(void **state)
{
    (void)state;
    char text[4096] = "e";
    struct typeset_style style = {.size_px = 20};

    for (int i = 0; i < 1000; i++)
        strcat(text, "\u0301");
    strcat(text, "二");
    struct typeset_block *block = typeset_create(text, &style, 20,
                                                 &type_metrics_plain);
    assert_int_equal(block->line_count, 2);
    assert_int_equal(block->lines[0].glyph_count, 1);
    assert_true(block->lines[0].glyphs[0].missing);
    assert_int_equal(block->lines[0].width, 20 * TYPE_PIXEL);
    typeset_destroy(block);
}

static void
the_widest_measure_and_the_largest_size_do_not_overflow(void **state)
{
    (void)state;
    struct typeset_style style = {.size_px = TYPESET_SIZE_MAX};
    char *text = malloc(LARGE_BYTES);

    assert_non_null(text);
    memset(text, 'a', LARGE_BYTES - 1);
    text[LARGE_BYTES - 1] = '\0';
    assert_int_equal(typeset_width(text, &style, &type_metrics_plain),
                     INT32_MAX);
    check_text("二七", &style, INT32_MAX / TYPE_PIXEL);
    struct typeset_block *block = typeset_create(text, &style, INT32_MAX,
                                                 &type_metrics_plain);
    assert_true(block->line_count > 1);
    typeset_destroy(block);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_texts_lose_nothing_and_stay_in_their_box),
        cmocka_unit_test(a_text_fits_into_its_own_width),
        cmocka_unit_test(large_monotonous_texts_are_set),
        cmocka_unit_test(a_thousand_marks_on_one_character_are_a_box),
        cmocka_unit_test(
            the_widest_measure_and_the_largest_size_do_not_overflow),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
