/* Typesetting, rule by rule: what CLREQ says in ems, and what must hold for
 * any text at any width. Plain metrics: wide characters one em, others half
 * an em. */
#include "base/utf8.h"
#include "display/core/typeset/typeset.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/uchar.h>

#include <cmocka.h>

enum { EM_PX = 40, EM = EM_PX * TYPE_PIXEL };

static const struct typeset_style left = {.size_px = EM_PX};
static const struct typeset_style title = {.size_px = EM_PX, .balanced = true};
static const struct typeset_style justified = {.size_px = EM_PX,
                                               .align = TYPESET_JUSTIFY};

static struct typeset_block *set(const char *text,
                                 const struct typeset_style *style, double ems)
{
    struct typeset_block *block =
        typeset_create(text, style, (int)(ems * EM_PX), &type_metrics_plain);

    assert_non_null(block);
    return block;
}

/* The lines of a text, parted by |. */
static void assert_lines(const char *text, const struct typeset_style *style,
                         double ems, const char *expected)
{
    char got[2048] = "";
    struct typeset_block *block = set(text, style, ems);

    for (size_t i = 0; i < block->line_count; i++) {
        if (i > 0)
            strcat(got, "|");
        strcat(got, block->lines[i].text);
    }
    assert_string_equal(got, expected);
    typeset_destroy(block);
}

static void widths_follow_clreq(void **state)
{
    static const struct {
        const char *text;
        double ems;
    } cases[] = {
        {"二七", 2},
        {"二，七", 3},                 /* a mark within a line keeps its em */
        {"二」「七", 3.5},             /* two marks: one and a half */
        {"二。」七", 3.5},             /* stop and bracket */
        {"二《「七", 3.5},             /* two openings */
        {"二：“七", 3.5},              /* colon and quotation */
        {"二。”）七", 4},              /* three marks: two */
        {"二（）七", 4},               /* nothing blank between these */
        {"二七。", 2.5},               /* a line's end takes half */
        {"《二七", 2.5},               /* so does its start */
        {"《二七》", 3},               /* both */
        {"「『二』」", 3},             /* nested at both edges */
        {"艾力·买买", 5},              /* an interpunct keeps its em */
        {"二七A", 2.75},               /* a quarter between Han and Latin */
        {"二 A", 1.75},                /* a typed space is that quarter */
        {"760亿元", 3.75},             /* and between digits and Han */
        {"760 亿元", 3.75},            /* typed or not */
        {"二，A", 2.5},                /* none beside a full-width mark */
        {"二， A", 2.5},               /* nor a typed space there */
        {"二（A）七", 4.5},            /* nor inside brackets */
        {"A B", 1.5},                  /* between words a space of the font */
        {"70%的", 2.75},               /* a sign belongs to its digits */
        {"和C++与", 4},                /* likewise */
        {"二 七", 2.5},                /* a typed space between Han stays */
        {"38.5℃的", 4},                /* ℃ is full-width itself */
        {"二——七", 4},                 /* a dash has two ems */
        {"二……七", 4},                 /* so has an ellipsis */
        {"二\u200B七\uFE0F\u2060", 2}, /* nothing to see, no width */
        {"e\u0301\u0302\u0303", 0.5},  /* marks that combine */
        {"　　二七", 4},               /* an indent */
        {"二七　", 2},                 /* white space at the end goes */
        {"  二七", 2},                 /* and at the start */
        {"二七\n二", 2},               /* the widest paragraph */
        {"", 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        type_length width = typeset_width(cases[i].text, &left,
                                          &type_metrics_plain);
        if (width != (type_length)(cases[i].ems * EM))
            fail_msg("%s: %.3f em, expected %.3f", cases[i].text,
                     (double)width / EM, cases[i].ems);
        if (cases[i].ems < 1)
            continue;
        struct typeset_block *block = set(cases[i].text, &left, cases[i].ems);
        assert_int_equal(block->lines[0].width <= width, true);
        assert_int_equal(block->line_count,
                         strchr(cases[i].text, '\n') ? 2 : 1);
        typeset_destroy(block);
    }
}

static void lines_break_by_the_rules(void **state)
{
    static const struct {
        const struct typeset_style *style;
        double ems;
        const char *text, *lines;
    } cases[] = {
        /* first compress: the comma gives half an em for the stop */
        {&left, 5, "二七，今日。明天", "二七，今日。|明天"},
        /* then push out: nothing here can give */
        {&left, 4, "二七今日》明天好", "二七今|日》明|天好"},
        /* no last line of one character */
        {&left, 4, "二七今日明", "二七今|日明"},
        {&left, 4, "二七今日明。", "二七今|日明。"},
        /* a quarter em vanishes at the line's edge */
        {&left, 2, "二七AB区里", "二七|AB|区里"},
        /* a unit goes with its number */
        {&left, 4, "降雨量50毫米", "降雨量|50毫米"},
        /* paragraphs, whatever ends them */
        {&left, 9, "二七\n今日\r\n明天\r好", "二七|今日|明天|好"},
        {&left, 9, "二七\n\n今日\n", "二七||今日"},
        /* a tab is a space */
        {&left, 2, "二七\t今日", "二七|今日"},
        /* an indent stays, one that eats the line does not */
        {&left, 5, "　　二七今日明天", "　　二七今|日明天"},
        {&left, 3, "　　二七今日", "二七|今日"},
        /* too long for any line: an address parts at its joints, of which
           the dot begins a line */
        {&left, 6, "见 https://zzerqi.gov.cn/a?b=1 好",
         "见 https://|zzerqi.gov|.cn/a?b=1 好"},
        /* and a name at its interpunct, then anywhere */
        {&left, 4, "艾力·买买提", "艾力·|买买提"},
        {&left, 2, "买买提·艾力", "买买|提·|艾力"},
        /* a grapheme wider than the measure stands alone */
        {&left, 1, "二👨\u200D👩\u200D👧七", "二|👨\u200D👩\u200D👧|七"},
        /* titles: even lines */
        {&title, 10, "二七区建成区面积五年近翻一番",
         "二七区建成区面积|五年近翻一番"},
        /* that end at the end of a phrase */
        {&title, 10, "一网通办、一次办成的政务", "一网通办、|一次办成的政务"},
        /* before a word that begins a phrase */
        {&title, 6, "防汛救灾与疫情防控", "防汛救灾|与疫情防控"},
        /* and no word, no compound and no quotation is split */
        {&title, 8, "全市生态建设优秀集体", "全市生态建设|优秀集体"},
        {&title, 10, "打造“近者悦、远者来”的品质主城区",
         "打造|“近者悦、远者来”的|品质主城区"},
        {&title, 3, "防汛救灾", "防汛|救灾"},
        {&title, 7, "全国爱国主义教育示范基地", "全国爱国主义|教育示范基地"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_lines(cases[i].text, cases[i].style, cases[i].ems,
                     cases[i].lines);
}

static void justified_lines_are_flush_but_the_last(void **state)
{
    (void)state;
    struct typeset_block *block =
        set("2021 年 7 月 20 日，郑州市二七区遭遇特大暴雨，降雨量超 50 毫米。"
            "社区干部（网格员）整夜值守，转移群众 9.8 万人，无一人伤亡。",
            &justified, 14);

    assert_true(block->line_count > 3);
    for (size_t i = 0; i + 1 < block->line_count; i++)
        assert_int_equal(block->lines[i].width, 14 * EM);
    assert_true(block->lines[block->line_count - 1].width < 14 * EM);
    typeset_destroy(block);
}

static void justified_gaps_are_even(void **state)
{
    (void)state;
    struct typeset_block *block = set("二七今日明天好郑州", &justified, 6.5);
    const struct typeset_line *line = &block->lines[0];
    type_length gap = line->glyphs[1].x - line->glyphs[0].x;

    assert_true(gap > EM && gap <= EM + EM / 4);
    for (size_t i = 1; i < line->glyph_count; i++)
        assert_in_range(line->glyphs[i].x - line->glyphs[i - 1].x, gap - 1,
                        gap + 1);
    typeset_destroy(block);
}

static void no_gap_is_widened_by_more_than_a_quarter(void **state)
{
    (void)state;
    struct typeset_block *block = set("二七ABCDEFGHIJK", &justified, 6);

    assert_string_equal(block->lines[0].text, "二七");
    assert_int_equal(block->lines[0].width, 2 * EM);
    typeset_destroy(block);
}

/* ，gives before 。does: CLREQ's order of squeezing. */
static void commas_are_squeezed_before_stops(void **state)
{
    (void)state;
    struct typeset_block *block = set("二。七，今日。明天", &left, 6);
    const struct typeset_line *line = &block->lines[0];

    assert_string_equal(line->text, "二。七，今日。");
    assert_int_equal(line->width, 6 * EM);
    assert_int_equal(line->glyphs[2].x - line->glyphs[1].x, EM);
    assert_int_equal(line->glyphs[4].x - line->glyphs[3].x, EM / 2);
    typeset_destroy(block);
}

static void the_blank_half_of_a_bracket_lies_outside(void **state)
{
    (void)state;
    struct typeset_block *block = set("《二》", &left, 5);

    assert_int_equal(block->lines[0].glyphs[0].x, -EM / 2);
    assert_int_equal(block->lines[0].glyphs[1].x, EM / 2);
    assert_int_equal(block->lines[0].width, 2 * EM);
    typeset_destroy(block);
}

static void lines_are_aligned_in_the_measure(void **state)
{
    (void)state;
    struct typeset_style style = left;

    style.align = TYPESET_CENTRE;
    struct typeset_block *block = set("二七", &style, 5);
    assert_int_equal(block->lines[0].left, EM * 3 / 2);
    assert_int_equal(block->lines[0].glyphs[0].x, EM * 3 / 2);
    typeset_destroy(block);
    style.align = TYPESET_RIGHT;
    block = set("二七", &style, 5);
    assert_int_equal(block->lines[0].left, EM * 3);
    typeset_destroy(block);
}

static void lines_stand_a_line_height_apart(void **state)
{
    (void)state;
    struct typeset_style style = left;
    struct typeset_block *block = set("二七\n今日", &style, 5);

    assert_int_equal(block->height_px, 2 * EM_PX * 3 / 2);
    assert_int_equal(block->lines[1].baseline_px - block->lines[0].baseline_px,
                     EM_PX * 3 / 2);
    assert_true(block->lines[0].ends_paragraph);
    typeset_destroy(block);
    style.line_height_px = 50;
    block = set("二七", &style, 5);
    assert_int_equal(block->height_px, 50);
    assert_int_equal(block->lines[0].baseline_px, 5 + EM_PX * 88 / 100);
    typeset_destroy(block);
}

/* A face with a long dash, a narrow em dash and no 𠮷. */
static struct type_glyph odd_glyph(void *context, enum type_role role,
                                   int size_px, uint32_t codepoint)
{
    struct type_glyph glyph = type_metrics_plain.glyph(context, role, size_px,
                                                       codepoint);

    if (codepoint == 0x2E3A)
        glyph.advance = EM * 7 / 4;
    if (codepoint == 0x2014)
        glyph.advance = EM * 7 / 8;
    glyph.missing = codepoint == 0x20BB7;
    return glyph;
}

static void a_dash_is_one_stroke_of_two_ems(void **state)
{
    (void)state;
    struct type_metrics odd = type_metrics_plain;

    odd.glyph = odd_glyph;
    struct typeset_block *block = typeset_create("二——七", &left, 999, &odd);
    const struct typeset_line *line = &block->lines[0];
    assert_int_equal(line->glyph_count, 3);
    assert_int_equal(line->glyphs[1].codepoint, 0x2E3A);
    assert_int_equal(line->glyphs[1].x, EM + EM / 8);
    assert_int_equal(line->glyphs[2].x, 3 * EM);
    assert_string_equal(line->text, "二——七");
    typeset_destroy(block);
}

static void characters_without_a_face_are_counted(void **state)
{
    (void)state;
    struct type_metrics odd = type_metrics_plain;

    odd.glyph = odd_glyph;
    struct typeset_block *block = typeset_create("𠮷野𠮷", &left, 999, &odd);
    assert_int_equal(block->missing, 2);
    assert_true(block->lines[0].glyphs[0].missing);
    assert_int_equal(block->lines[0].width, 3 * EM);
    typeset_destroy(block);
}

static void an_empty_text_has_no_lines(void **state)
{
    (void)state;
    struct typeset_block *block = set("", &left, 5);

    assert_int_equal(block->line_count, 0);
    assert_int_equal(block->height_px, 0);
    typeset_destroy(block);
    typeset_destroy(NULL);
}

/* A block's lines, glyph by glyph. */
static void assert_same_block(const struct typeset_block *a,
                              const struct typeset_block *b)
{
    assert_int_equal(a->line_count, b->line_count);
    for (size_t i = 0; i < a->line_count; i++) {
        assert_string_equal(a->lines[i].text, b->lines[i].text);
        assert_int_equal(a->lines[i].glyph_count, b->lines[i].glyph_count);
        for (size_t g = 0; g < a->lines[i].glyph_count; g++)
            assert_int_equal(a->lines[i].glyphs[g].x, b->lines[i].glyphs[g].x);
    }
}

static void assert_measures(const struct typeset_measure *measure,
                            const struct typeset_block *block)
{
    type_length widest = 0;
    bool whole = true, paragraphs = true;

    for (size_t i = 0; i < block->line_count; i++) {
        const struct typeset_line *line = &block->lines[i];
        widest = line->width > widest ? line->width : widest;
        whole = whole && line->whole;
        paragraphs = paragraphs && line->ends_paragraph;
    }
    assert_int_equal(measure->line_count, block->line_count);
    assert_int_equal(measure->height_px, block->height_px);
    assert_int_equal(measure->parted, block->parted);
    assert_int_equal(measure->width, widest);
    assert_int_equal(measure->whole, whole);
    assert_int_equal(measure->paragraphs, paragraphs);
    if (block->line_count > 1)
        assert_int_equal(measure->end_bytes, block->lines[1].end_bytes);
}

static void check_cached(struct typeset_cache *cache, const char *text,
                         const struct typeset_style *style, int width_px)
{
    struct typeset_measure measure;
    struct typeset_block *alone = typeset_create(text, style, width_px,
                                                 &type_metrics_plain);

    /* The second time it is known. */
    for (int i = 0; i < 2; i++) {
        assert_true(
            typeset_cache_measure(cache, text, style, width_px, 2, &measure));
        assert_measures(&measure, alone);
    }
    struct typeset_block *cached = typeset_cache_block(cache, text, style,
                                                       width_px);
    assert_same_block(alone, cached);
    typeset_destroy(alone);
    typeset_destroy(cached);
}

static void a_cache_sets_and_measures_as_if_there_were_none(void **state)
{
    static const char *const texts[] = {
        "请立即停止外出，离开低洼处到高处去。",
        "《通知》：“今明两天”——请勿涉水（5 km 内）\n　　第二段。",
        ("Do not return to 1,200 m, e\u0301tage 3\u2003·\u00A0A "
         "👨‍👩‍👧 "
         "🇨🇳."),
        "",
    };
    static const int sizes[] = {40, 17, 40, 96, 41};
    struct typeset_cache *cache = typeset_cache_create(&type_metrics_plain);
    (void)state;

    for (size_t i = 0; i < 2 * sizeof sizes / sizeof *sizes; i++) {
        struct typeset_style style = i % 2 ? title : left;
        style.size_px = sizes[i / 2];
        style.align = i % 3 == 0 ? TYPESET_JUSTIFY : TYPESET_CENTRE;
        for (size_t t = 0; t < sizeof texts / sizeof *texts; t++) {
            for (int width = 100; width < 800; width += 130)
                check_cached(cache, texts[t], &style, width);
        }
    }
    typeset_cache_destroy(cache);
}

static void a_cache_that_is_full_goes_on(void **state)
{
    enum { TEXTS = 3000 };
    struct typeset_cache *cache = typeset_cache_create(&type_metrics_plain);
    char text[32];
    (void)state;

    for (int i = 0; i < TEXTS; i++) {
        snprintf(text, sizeof text, "第 %d 号通知", i);
        check_cached(cache, text, &left, 200);
    }
    typeset_cache_destroy(cache);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(widths_follow_clreq),
        cmocka_unit_test(lines_break_by_the_rules),
        cmocka_unit_test(justified_lines_are_flush_but_the_last),
        cmocka_unit_test(justified_gaps_are_even),
        cmocka_unit_test(no_gap_is_widened_by_more_than_a_quarter),
        cmocka_unit_test(commas_are_squeezed_before_stops),
        cmocka_unit_test(the_blank_half_of_a_bracket_lies_outside),
        cmocka_unit_test(lines_are_aligned_in_the_measure),
        cmocka_unit_test(lines_stand_a_line_height_apart),
        cmocka_unit_test(a_dash_is_one_stroke_of_two_ems),
        cmocka_unit_test(characters_without_a_face_are_counted),
        cmocka_unit_test(an_empty_text_has_no_lines),
        cmocka_unit_test(a_cache_sets_and_measures_as_if_there_were_none),
        cmocka_unit_test(a_cache_that_is_full_goes_on),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
