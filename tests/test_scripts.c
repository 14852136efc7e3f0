/* Text in scripts that are shaped: glyph by glyph and place by place as
 * hb-shape says of the same fonts, in the order that ICU's bidirectional
 * algorithm says. The sentences are of article 1 of the Universal Declaration
 * of Human Rights, in the translations that the United Nations publish, and
 * single words. */
#include "display/core/typeset/typeset.h"
#include "display/edge/text/fonts.h"

#include "base/utf8.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/ubidi.h>
#include <unicode/ubrk.h>
#include <unicode/uchar.h>
#include <unicode/ustring.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/support/fonts_here.h"

#define NOTO "/usr/share/fonts/truetype/noto/"
#define CJK "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"

/* At this size a unit of the font is a pixel. */
enum { EM = TYPE_UNITS, WIDE_PX = INT32_MAX / TYPE_PIXEL };

struct sample {
    const char *font;
    const char *script;
    const char *direction;
    const char *text;
};

static const struct sample samples[] = {
    /* Uyghur */
    {NOTO "NotoSansArabic-Regular.ttf", "Arab", "rtl",
     "ھەممە ئادەم تۇغۇلۇشىدىنلا ئەركىن، ئىززەت ھۆرمەت ۋە ھوقۇقتا باراۋەر "
     "بولۇپ تۇغۇلغان."},
    {NOTO "NotoSansArabic-Regular.ttf", "Arab", "rtl", "كەلكۈن"},
    {NOTO "NotoSansArabic-Regular.ttf", "Arab", "rtl", "ئاگاھلاندۇرۇش"},
    {NOTO "NotoSansArabic-Regular.ttf", "Arab", "rtl", "لا إله السلام"},
    {NOTO "NotoSansArabic-Regular.ttf", "Arab", "rtl", "مُحَمَّدٌ"},
    /* Kazakh as it is written in China */
    {NOTO "NotoSansArabic-Regular.ttf", "Arab", "rtl",
     "بارلىق ادامدار تۋمىسىنان ازات"},
    {NOTO "NotoSansArabic-Regular.ttf", "Arab", "rtl", "قازاق تىلى"},
    {NOTO "NotoSerifTibetan-Regular.ttf", "Tibt", "ltr",
     "འགྲོ་བ་མིའི་རིགས་རྒྱུད་ཡོངས་ལ་སྐྱེས་ཙམ་ཉིད་ནས་ཆེ་མཐོངས་དང༌། "
     "ཐོབ་ཐང་གི་རང་དབང་འདྲ་མཉམ་དུ་ཡོད་ལ།"},
    {NOTO "NotoSerifTibetan-Regular.ttf", "Tibt", "ltr", "ཆུ་ལོག"},
    {NOTO "NotoSerifTibetan-Regular.ttf", "Tibt", "ltr", "བསྒྲུབས་རྒྱུ་"},
    {NOTO "NotoSerifTibetan-Regular.ttf", "Tibt", "ltr", "ཨོཾ་མ་ཎི་པདྨེ་ཧཱུྃ།"},
    {NOTO "NotoSansThai-Regular.ttf", "Thai", "ltr",
     "มนุษย์ทั้งหลายเกิดมามีอิสระและเสมอภาคกันในเกียรติศักดิ์และสิทธิ"},
    {NOTO "NotoSansThai-Regular.ttf", "Thai", "ltr", "น้ำท่วม ที่ปลอดภัย"},
    {NOTO "NotoSansThai-Regular.ttf", "Thai", "ltr", "ปั๊มน้ำ ฎุฏู ญูฐู"},
    {NOTO "NotoSansDevanagari-Regular.ttf", "Deva", "ltr",
     "सभी मनुष्यों को गौरव और अधिकारों के मामले में जन्मजात स्वतन्त्रता और "
     "समानता प्राप्त है।"},
    {NOTO "NotoSansDevanagari-Regular.ttf", "Deva", "ltr", "हिन्दी क्षत्रिय"},
    {NOTO "NotoSansDevanagari-Regular.ttf", "Deva", "ltr", "र्कि श्री ट्र"},
    /* Kazakh in Cyrillic: none of its words mixes two fonts */
    {NOTO "NotoSans-Regular.ttf", "Cyrl", "ltr",
     "Барлық адамдар тумысынан азат және қадір қасиеті мен құқықтары тең "
     "болып дүниеге келеді."},
    {NOTO "NotoSans-Regular.ttf", "Cyrl", "ltr", "Су тасқыны қаупі"},
    {NOTO "NotoSans-Regular.ttf", "Cyrl", "ltr", "Ӓ̄ я́ ѐ м́"},
    /* Letters with marks that Unicode has no single character for: Latin as in
     * Pinyin and in dictionaries, Greek, old Hangul */
    {NOTO "NotoSans-Regular.ttf", "Latn", "ltr", "ŋ́"},
    {NOTO "NotoSans-Regular.ttf", "Latn", "ltr", "q̣"},
    {NOTO "NotoSans-Regular.ttf", "Latn", "ltr", "ẍ́"},
    {NOTO "NotoSans-Regular.ttf", "Latn", "ltr", "ɔ̃̀"},
    {NOTO "NotoSans-Regular.ttf", "Latn", "ltr", "b̲̄"},
    {CJK, "Latn", "ltr", "m̄"},
    {CJK, "Latn", "ltr", "ê̄"},
    {CJK, "Hang", "ltr", "ᄒᆞᆫ"},
    {CJK, "Hang", "ltr", "ᄀᆞᇹ"},
};

/* Traditional Mongolian, with suffixes behind U+202F, variants and a separated
 * vowel; and Phags-pa. */
static const struct sample columns[] = {
    {NOTO "NotoSansMongolian-Regular.ttf", "Mong", "ltr",
     "ᠬᠦᠮᠦᠨ ᠪᠦᠷ ᠲᠥᠷᠥᠵᠦ ᠮᠡᠨᠳᠡᠯᠡᠬᠦ ᠡᠷᠬᠡ ᠴᠢᠯᠥᠭᠡ ᠲᠡᠢ᠂ ᠠᠳᠠᠯᠢᠬᠠᠨ ᠨᠡᠷ᠎ᠡ ᠲᠥᠷᠥ ᠲᠡᠢ᠃"},
    {NOTO "NotoSansMongolian-Regular.ttf", "Mong", "ltr", "ᠦᠶᠡᠷ\u202fᠦᠨ ᠠᠶᠤᠯ"},
    {NOTO "NotoSansMongolian-Regular.ttf", "Mong", "ltr",
     "ᠮᠣᠩᠭᠣᠯ ᠪᠢᠴᠢᠭ᠌"},
    {NOTO "NotoSansPhagsPa-Regular.ttf", "Phag", "ltr", "ꡏꡡꡃ ꡣꡡꡙ"},
};

static int set_up(void **state)
{
    *state = fonts_here();
    return 0;
}

static int tear_down(void **state)
{
    fonts_destroy(*state);
    return 0;
}

static bool can_compare(const char *font)
{
    return access(font, R_OK) == 0 && access("/usr/bin/hb-shape", X_OK) == 0;
}

/* Glyphs of spaces take room, but are not in a line. */
static json_t *shape_reference(const struct sample *sample)
{
    char command[2048];

    snprintf(
        command, sizeof command,
        "hb-shape --font-file=%s --face-index=%d --font-size=%d --script=%s "
        "--direction=%s --language=und --no-glyph-names "
        "--output-format=json '%s'",
        sample->font, strcmp(sample->font, CJK) == 0 ? 2 : 0, EM,
        sample->script, sample->direction, sample->text);
    FILE *stream = popen(command, "r");
    assert_non_null(stream);
    json_t *glyphs = json_loadf(stream, 0, NULL);
    assert_int_equal(pclose(stream), 0);
    assert_true(json_is_array(glyphs));
    return glyphs;
}

static json_int_t number(const json_t *glyph, const char *key)
{
    return json_integer_value(json_object_get(glyph, key));
}

/* A space, or the separator before a Mongolian vowel: no ink. */
static bool is_space_at(const char *text, json_int_t at)
{
    uint32_t c = 0;

    for (json_int_t i = 0; i <= at; i++)
        c = utf8_next(&text);
    return c == ' ' || c == 0x180E;
}

static void compare_with(const struct typeset_line *line, const json_t *glyphs,
                         const char *text)
{
    const json_t *glyph;
    size_t index, at = 0;
    json_int_t x = line->left / TYPE_PIXEL;

    json_array_foreach(glyphs, index, glyph)
    {
        if (!is_space_at(text, number(glyph, "cl"))) {
            assert_true(at < line->glyph_count);
            const struct typeset_glyph *ours = &line->glyphs[at++];
            assert_int_equal(ours->codepoint,
                             TYPE_GLYPH_INDEX | (uint32_t)number(glyph, "g"));
            assert_int_equal(ours->x, (x + number(glyph, "dx")) * TYPE_PIXEL);
            assert_int_equal(ours->rise, number(glyph, "dy") * TYPE_PIXEL);
            assert_false(ours->missing);
        }
        x += number(glyph, "ax");
    }
    assert_int_equal(at, line->glyph_count);
    assert_int_equal(line->width, x * TYPE_PIXEL - line->left);
}

static void glyphs_and_places_are_those_of_hb_shape(void **state)
{
    const struct typeset_style style = {.role = TYPE_SANS, .size_px = EM};

    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        if (!can_compare(samples[i].font))
            skip();
        json_t *glyphs = shape_reference(&samples[i]);
        struct typeset_block *block = typeset_create(
            samples[i].text, &style, WIDE_PX, fonts_metrics(*state));
        assert_non_null(block);
        assert_int_equal(block->line_count, 1);
        assert_int_equal(block->missing, 0);
        compare_with(&block->lines[0], glyphs, samples[i].text);
        typeset_destroy(block);
        json_decref(glyphs);
    }
}

/* The glyphs of hb-shape's line, turned: what is to its right comes below. */
static void compare_turned(const struct typeset_line *line,
                           const struct typeset_glyph *turned,
                           const json_t *glyphs, const char *text)
{
    const json_t *glyph;
    size_t index, at = 0;
    json_int_t x = 0;

    json_array_foreach(glyphs, index, glyph)
    {
        if (!is_space_at(text, number(glyph, "cl"))) {
            assert_true(at < line->glyph_count);
            const struct typeset_glyph *ours = &turned[at++];
            assert_int_equal(ours->codepoint, TYPE_GLYPH_TURNED |
                                                  TYPE_GLYPH_INDEX |
                                                  (uint32_t)number(glyph, "g"));
            assert_int_equal(ours->rise,
                             -(x + number(glyph, "dx")) * TYPE_PIXEL);
            assert_int_equal(ours->x, number(glyph, "dy") * TYPE_PIXEL);
        }
        x += number(glyph, "ax");
    }
    assert_int_equal(at, line->glyph_count);
}

static void columns_are_lines_of_hb_shape_turned(void **state)
{
    const struct typeset_style style = {.role = TYPE_SANS, .size_px = EM};

    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
        struct typeset_glyph turned[256];
        if (!can_compare(columns[i].font))
            skip();
        json_t *glyphs = shape_reference(&columns[i]);
        struct typeset_block *block = typeset_create(
            columns[i].text, &style, WIDE_PX, fonts_metrics(*state));
        assert_int_equal(block->line_count, 1);
        assert_int_equal(block->missing, 0);
        compare_with(&block->lines[0], glyphs, columns[i].text);
        assert_true(block->lines[0].glyph_count <=
                    sizeof turned / sizeof *turned);
        typeset_turn_line(&block->lines[0], &style, turned);
        compare_turned(&block->lines[0], turned, glyphs, columns[i].text);
        typeset_destroy(block);
        json_decref(glyphs);
    }
}

/* A digit stands on its side among the letters, a Chinese character upright,
 * and both about the middle of the column. */
static void han_stand_upright_in_a_column(void **state)
{
    const struct typeset_style style = {.role = TYPE_SANS, .size_px = EM};
    struct typeset_glyph turned[8];
    struct typeset_block *block = typeset_create("ᠠ 水8", &style, WIDE_PX,
                                                 fonts_metrics(*state));

    assert_int_equal(block->lines[0].glyph_count, 3);
    typeset_turn_line(&block->lines[0], &style, turned);
    const struct typeset_glyph *line = block->lines[0].glyphs;
    assert_int_equal(turned[0].codepoint,
                     line[0].codepoint | TYPE_GLYPH_TURNED);
    assert_int_equal(turned[1].codepoint, 0x6C34);
    assert_in_range(turned[1].x + EM * TYPE_PIXEL / 2, EM * TYPE_PIXEL / 3,
                    EM * TYPE_PIXEL / 2);
    assert_in_range(-turned[1].rise - line[1].x, EM * TYPE_PIXEL * 4 / 5,
                    EM * TYPE_PIXEL);
    assert_int_equal(turned[2].codepoint, '8' | TYPE_GLYPH_TURNED);
    assert_int_equal(turned[2].x, 0);
    assert_int_equal(turned[2].rise, -line[2].x);
    typeset_destroy(block);
}

/* Pixel for pixel, at a size at which a pixel shows. */
static void a_turned_glyph_is_its_picture_turned(void **state)
{
    struct fonts *fonts = *state;
    struct type_glyph glyph = fonts_metrics(fonts)->glyph(fonts, TYPE_SANS, 40,
                                                          'R');
    struct font_picture upright = fonts_picture(fonts, TYPE_SANS, glyph.face,
                                                40, 'R');
    struct font_picture turned = fonts_picture(fonts, TYPE_SANS, glyph.face, 40,
                                               'R' | TYPE_GLYPH_TURNED);

    assert_int_equal(turned.width, upright.height);
    assert_int_equal(turned.height, upright.width);
    assert_int_equal(turned.top_px, -upright.left_px);
    assert_int_equal(turned.left_px + turned.width, upright.top_px);
    for (int y = 0; y < upright.height; y++) {
        for (int x = 0; x < upright.width; x++)
            assert_int_equal(
                upright.pixels[y * upright.stride + x],
                turned.pixels[x * turned.stride + turned.width - 1 - y]);
    }
}

/* Metrics that know every character and shape it into itself, so that the order
 * of a line can be read. */
static int any_face(void *context, enum type_role role, const char *script,
                    const uint32_t *points, size_t count)
{
    (void)context, (void)role, (void)script, (void)points, (void)count;
    return 0;
}

static size_t shape_alone(void *context, int face, const struct type_run *run,
                          struct type_shaped *out, size_t most)
{
    (void)context, (void)face;
    for (size_t i = 0; i < run->count && i < most; i++) {
        size_t at = run->right_to_left ? run->count - 1 - i : i;
        UChar32 c = (UChar32)run->points[run->from + at];
        if (run->right_to_left)
            c = u_charMirror(c);
        out[i] = (struct type_shaped){.index = (uint32_t)c,
                                      .cluster = (uint32_t)(run->from + at),
                                      .advance = TYPE_UNITS / 2};
    }
    return run->count <= most ? run->count : 0;
}

static struct type_metrics readable_metrics(void)
{
    struct type_metrics metrics = type_metrics_plain;

    metrics.script_face = any_face;
    metrics.shape = shape_alone;
    return metrics;
}

/* No letter joins; ا and ب are Arabic, א Hebrew, all from right to left. */
static const char *const mixtures[] = {
    "ابت",
    "ابت abc",
    "abc ابت def",
    "ابت abc تبا",
    "ابت 123 تبا",
    "ابت 12:30 تبا",
    "abc 123 ابت",
    "abc ابت 123",
    "123 ابت 456",
    "ابت (123) تبا",
    "ابت (abc) تبا",
    "ابت «تبا» ابت",
    "中文ابت中文",
    "ابت中文تبا",
    "ابت，中文。",
    "בדיקה (אבג) 50% abc",
    "abc [ابت {123}] def",
    "ابت-تبا 2026-11-29",
    "ابت 38.5℃ تبا",
    "\u2067ابت abc\u2069 def",
    "abc \u2067def ابت\u2069 ghi",
    "ابت \u2066abc 123\u2069 تبا",
    "ابت ١٢٣ تبا",
    "中 ابت 中 123 ابت",
    "ابت!",
    "!ابت",
    "ابت؟ abc؟",
};

/* What ICU writes from left to right of the line's part of the text. */
static int32_t icu_order(const char *text, size_t from, size_t to, UChar32 *out)
{
    enum { ROOM = 256 };
    UErrorCode status = U_ZERO_ERROR;
    UChar units[ROOM], reordered[ROOM];
    int32_t length = 0, first = 0, last = 0, count = 0, at = 0;
    UBiDi *paragraph = ubidi_open(), *line = ubidi_open();

    u_strFromUTF8(units, ROOM, &first, text, (int32_t)from, &status);
    u_strFromUTF8(units, ROOM, &last, text, (int32_t)to, &status);
    u_strFromUTF8(units, ROOM, &length, text, -1, &status);
    ubidi_setPara(paragraph, units, length, UBIDI_DEFAULT_LTR, NULL, &status);
    ubidi_setLine(paragraph, first, last, line, &status);
    length = ubidi_writeReordered(
        line, reordered, ROOM, UBIDI_DO_MIRRORING | UBIDI_REMOVE_BIDI_CONTROLS,
        &status);
    assert_true(U_SUCCESS(status));
    while (at < length) {
        UChar32 c;
        U16_NEXT(reordered, at, length, c);
        if (c != ' ')
            out[count++] = c;
    }
    ubidi_close(line);
    ubidi_close(paragraph);
    return count;
}

static bool is_bidi_control(uint32_t c)
{
    return u_hasBinaryProperty((UChar32)c, UCHAR_BIDI_CONTROL);
}

static void check_order(const char *text, int width_px)
{
    const struct typeset_style style = {.role = TYPE_SANS, .size_px = 64};
    const struct type_metrics metrics = readable_metrics();
    struct typeset_block *block = typeset_create(text, &style, width_px,
                                                 &metrics);
    UChar32 wanted[256];

    assert_non_null(block);
    for (size_t i = 0; i < block->line_count; i++) {
        const struct typeset_line *line = &block->lines[i];
        size_t from = line->end_bytes - strlen(line->text);
        int32_t count = icu_order(text, from, line->end_bytes, wanted);
        int32_t at = 0;
        for (size_t k = 0; k < line->glyph_count; k++) {
            uint32_t c = line->glyphs[k].codepoint &
                         ~(uint32_t)TYPE_GLYPH_INDEX;
            if (is_bidi_control(c))
                continue;
            assert_true(at < count);
            assert_int_equal(c, wanted[at++]);
            assert_true(k == 0 || line->glyphs[k].x >= line->glyphs[k - 1].x);
        }
        assert_int_equal(at, count);
    }
    typeset_destroy(block);
}

static void the_order_of_a_line_is_that_of_icu(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof mixtures / sizeof *mixtures; i++) {
        check_order(mixtures[i], 10000);
        for (int ems = 4; ems < 10; ems++)
            check_order(mixtures[i], ems * 64);
    }
}

static void text_from_right_to_left_begins_at_the_right(void **state)
{
    const struct type_metrics *metrics = fonts_metrics(*state);
    struct typeset_style style = {.role = TYPE_SANS, .size_px = 64};
    struct typeset_block *block = typeset_create("كەلكۈن 119\n洪水 كەلكۈن",
                                                 &style, 2000, metrics);

    assert_int_equal(block->line_count, 2);
    assert_int_equal(block->lines[0].left + block->lines[0].width,
                     2000 * TYPE_PIXEL);
    assert_int_equal(block->lines[1].left, 0);
    typeset_destroy(block);
    style.align = TYPESET_CENTRE;
    block = typeset_create("كەلكۈن", &style, 2000, metrics);
    assert_true(abs(2 * block->lines[0].left + block->lines[0].width -
                    2000 * TYPE_PIXEL) <= 1);
    typeset_destroy(block);
}

/* Where ICU's dictionary ends a word, counted in bytes. */
static bool is_thai_boundary(const char *text, size_t at)
{
    UErrorCode status = U_ZERO_ERROR;
    UText *input = utext_openUTF8(NULL, text, -1, &status);
    UBreakIterator *words = ubrk_open(UBRK_WORD, "th", NULL, 0, &status);

    ubrk_setUText(words, input, &status);
    assert_true(U_SUCCESS(status));
    bool boundary = ubrk_isBoundary(words, (int32_t)at);
    ubrk_close(words);
    utext_close(input);
    return boundary;
}

static void thai_lines_end_between_words(void **state)
{
    const char *text = "มนุษย์ทั้งหลายเกิดมามีอิสระและเสมอภาคกันในเกียรติศักดิ์และสิทธิ";
    const struct typeset_style style = {.role = TYPE_SANS, .size_px = 64};

    for (int width = 400; width < 1600; width += 60) {
        struct typeset_block *block = typeset_create(text, &style, width,
                                                     fonts_metrics(*state));
        assert_true(block->line_count > 1);
        for (size_t i = 0; i < block->line_count; i++) {
            assert_true(is_thai_boundary(text, block->lines[i].end_bytes));
            assert_true(block->lines[i].width <= width * TYPE_PIXEL);
        }
        typeset_destroy(block);
    }
}

/* Letters of a paragraph come from one face: Ә is not in the Chinese one. */
static void a_paragraph_has_one_face_for_its_letters(void **state)
{
    const struct typeset_style style = {.role = TYPE_SANS, .size_px = 64};
    struct typeset_block *block = typeset_create("адам және", &style, 2000,
                                                 fonts_metrics(*state));

    for (size_t i = 0; i < block->lines[0].glyph_count; i++)
        assert_int_equal(block->lines[0].glyphs[i].face,
                         block->lines[0].glyphs[0].face);
    assert_string_equal(
        fonts_face_family(*state, block->lines[0].glyphs[0].face), "Noto Sans");
    typeset_destroy(block);
}

static void yi_is_in_its_own_font(void **state)
{
    const struct type_metrics *metrics = fonts_metrics(*state);

    for (int role = 0; role < TYPE_ROLE_COUNT; role++) {
        struct type_glyph glyph = metrics->glyph(metrics->context, role, 64,
                                                 0xA188);
        assert_string_equal(fonts_face_family(*state, glyph.face),
                            "Noto Sans Yi");
    }
}

/* Without a font for a script each of its letters is a box, never a letter that
 * stands alone where it should be joined. */
static void letters_without_a_font_are_boxes(void **state)
{
    (void)state;
    struct fonts *fonts;
    struct problem problem = {0};
    const struct typeset_style style = {.role = TYPE_SANS, .size_px = 64};

    char chain[] = "/tmp/gaoshi-chain-XXXXXX";
    int fd = mkstemp(chain);
    assert_true(fd >= 0);
    dprintf(fd,
            "[faces]\n"
            "cjk = /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc, 2, "
            "Noto Sans CJK SC\n"
            "last = /usr/share/fonts/opentype/unifont/unifont.otf, 0, Unifont\n"
            "[roles]\nsans = cjk last\nsans-bold = cjk last\n"
            "serif-bold = cjk last\n");
    close(fd);
    assert_true(fonts_create(chain, &fonts, NULL, 0, &problem));
    struct typeset_block *block = typeset_create("洪水 كەلكۈن", &style, 2000,
                                                 fonts_metrics(fonts));
    assert_int_equal(block->missing, 6);
    typeset_destroy(block);
    fonts_destroy(fonts);
    unlink(chain);
}

/* Of the environment or, else, of the system. NULL: there is none. */
static const char *emoji_font(void)
{
    const char *given = getenv("GAOSHI_EMOJI_FONT");

    return given ? given : fonts_here_emoji();
}

static struct fonts *emoji_fonts(const char *font)
{
    char chain[] = "/tmp/gaoshi-chain-XXXXXX";
    struct fonts *fonts = NULL;
    struct problem problem = {0};
    int fd = mkstemp(chain);

    assert_true(fd >= 0);
    dprintf(fd,
            "[faces]\ncjk = " CJK ", 2, Noto Sans CJK SC\n"
            "emoji = %s, 0, Noto Color Emoji\n"
            "[roles]\nsans = cjk\nsans-bold = cjk\nserif-bold = cjk\n"
            "[scripts]\nsans = emoji\nsans-bold = emoji\n"
            "serif-bold = emoji\n",
            font);
    close(fd);
    assert_true(fonts_create(chain, &fonts, NULL, 0, &problem));
    unlink(chain);
    return fonts;
}

/* A pixel that is not grey, as opaque as its alpha says. */
static bool is_coloured(const struct font_picture *picture)
{
    for (int y = 0; y < picture->height; y++) {
        const uint32_t *row =
            (const uint32_t *)(const void *)(picture->pixels +
                                             y * picture->stride);
        for (int x = 0; x < picture->width; x++) {
            int red = row[x] >> 16 & 255, green = row[x] >> 8 & 255,
                blue = row[x] & 255, alpha = (int)(row[x] >> 24);
            assert_true(red <= alpha && green <= alpha && blue <= alpha);
            if (abs(red - blue) > 60 || abs(red - green) > 60)
                return true;
        }
    }
    return false;
}

static void check_emoji(struct fonts *fonts, const char *font,
                        const char *emoji)
{
    const struct sample sample = {font, "Zsye", "ltr", emoji};
    json_t *glyphs = shape_reference(&sample);

    for (int size = 7; size < 400; size = size * 2 + 1) {
        const struct typeset_style style = {.role = TYPE_SANS, .size_px = size};
        struct typeset_block *block = typeset_create(emoji, &style, 4000,
                                                     fonts_metrics(fonts));
        const struct typeset_glyph *glyph = block->lines[0].glyphs;
        struct font_origin origin;
        assert_int_equal(block->lines[0].glyph_count, 1);
        assert_int_equal(glyph->codepoint,
                         TYPE_GLYPH_INDEX |
                             (uint32_t)number(json_array_get(glyphs, 0), "g"));
        struct font_picture picture = fonts_glyph_picture(fonts, TYPE_SANS,
                                                          size, glyph, &origin);
        assert_true(picture.colour);
        /* The family is grey in this font. */
        assert_true(is_coloured(&picture) || strncmp(emoji, "👨", 4) == 0);
        assert_in_range(picture.width, size, size * 3 / 2);
        assert_in_range(picture.height, size, size * 3 / 2);
        typeset_destroy(block);
    }
    json_decref(glyphs);
}

static void an_emoji_is_one_picture_in_colour(void **state)
{
    (void)state;
    static const char *const emoji[] = {"😀",
                                        "👨‍👩‍👧",
                                        "👍🏽",
                                        "🇨🇳",
                                        "1️⃣",
                                        "❤️",
                                        "🏴󠁧󠁢󠁳󠁣󠁴󠁿",
                                        "👩‍🚒",
                                        "☎️"};
    const char *font = emoji_font();

    if (!font || !can_compare(font))
        skip();
    struct fonts *fonts = emoji_fonts(font);
    for (size_t i = 0; i < sizeof emoji / sizeof *emoji; i++)
        check_emoji(fonts, font, emoji[i]);
    /* Two that make no picture together: the first alone, never both. */
    const struct typeset_style style = {.role = TYPE_SANS, .size_px = 40};
    struct typeset_block *block = typeset_create("👩‍🐉", &style, 4000,
                                                 fonts_metrics(fonts));
    assert_int_equal(block->lines[0].glyph_count, 1);
    typeset_destroy(block);
    /* A sign that is text stays so. */
    block = typeset_create("©1#", &style, 4000, fonts_metrics(fonts));
    for (size_t i = 0; i < block->lines[0].glyph_count; i++)
        assert_true(block->lines[0].glyphs[i].codepoint < TYPE_GLYPH_INDEX);
    typeset_destroy(block);
    fonts_destroy(fonts);
}

static uint32_t next_random(uint32_t *seed)
{
    *seed = *seed * 1664525 + 1013904223;
    return *seed >> 8;
}

static void put_random(uint32_t *seed, char *out)
{
    static const struct {
        uint32_t from, count;
    } ranges[] = {{0x20, 0x5F},    {0x4E00, 200},    {0x0620, 0xE0},
                  {0x0F00, 0xD0},  {0x0E00, 0x5C},   {0x0900, 0x80},
                  {0x0590, 0x60},  {0x0400, 0xB0},   {0x0300, 0x40},
                  {0x2000, 0x70},  {0x3000, 0x20},   {0xA000, 0x80},
                  {0x1100, 0x100}, {0x1F300, 0x2F0}, {0x200D, 1},
                  {0x1F1E6, 26},   {0xFE0E, 2},      {0x1000, 0x80},
                  {0x1820, 0x60},  {0xFE00, 0x10},   {0x0A, 1}};
    size_t length = next_random(seed) % 40;
    size_t used = 0, range = 0;

    for (size_t i = 0; i < length; i++) {
        if (next_random(seed) % 3 == 0)
            range = next_random(seed) % (sizeof ranges / sizeof *ranges);
        uint32_t c = ranges[range].from +
                     next_random(seed) % ranges[range].count;
        used += utf8_put(c, out + used);
    }
    out[used] = '\0';
}

static void check_random(struct typeset_cache *cache, const char *text,
                         const struct typeset_style *style, int width_px)
{
    struct typeset_block *block = typeset_cache_block(cache, text, style,
                                                      width_px);
    struct typeset_measure measure;
    size_t glyphs = 0;
    type_length widest = 0;

    assert_non_null(block);
    assert_true(
        typeset_cache_measure(cache, text, style, width_px, 0, &measure));
    for (size_t i = 0; i < block->line_count; i++) {
        const struct typeset_line *line = &block->lines[i];
        glyphs += line->glyph_count;
        widest = line->width > widest ? line->width : widest;
    }
    assert_true(glyphs <= strlen(text));
    assert_int_equal(measure.line_count, block->line_count);
    assert_int_equal(measure.width, widest);
    typeset_destroy(block);
}

static void random_mixtures_are_set(void **state)
{
    const char *rounds = getenv("SCRIPTS_ROUNDS");
    int most = rounds ? atoi(rounds) : 600;
    uint32_t seed = 20261129;
    char text[40 * 4 + 1];
    struct typeset_cache *cache = typeset_cache_create(fonts_metrics(*state));

    for (int i = 0; i < most; i++) {
        put_random(&seed, text);
        struct typeset_style style = {
            .role = (enum type_role)(next_random(&seed) % TYPE_ROLE_COUNT),
            .size_px = (int)(next_random(&seed) % 90) + 1,
            .align = (enum typeset_align)(next_random(&seed) % 4),
            .balanced = next_random(&seed) % 2};
        check_random(cache, text, &style, (int)(next_random(&seed) % 900) + 1);
    }
    typeset_cache_destroy(cache);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(glyphs_and_places_are_those_of_hb_shape),
        cmocka_unit_test(columns_are_lines_of_hb_shape_turned),
        cmocka_unit_test(han_stand_upright_in_a_column),
        cmocka_unit_test(a_turned_glyph_is_its_picture_turned),
        cmocka_unit_test(the_order_of_a_line_is_that_of_icu),
        cmocka_unit_test(text_from_right_to_left_begins_at_the_right),
        cmocka_unit_test(thai_lines_end_between_words),
        cmocka_unit_test(a_paragraph_has_one_face_for_its_letters),
        cmocka_unit_test(yi_is_in_its_own_font),
        cmocka_unit_test(letters_without_a_font_are_boxes),
        cmocka_unit_test(an_emoji_is_one_picture_in_colour),
        cmocka_unit_test(random_mixtures_are_set),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
