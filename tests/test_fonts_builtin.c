/* The glyphs that are part of the program: they are Unifont's, all of GB 2312
 * is among them, and a screen without any font can be read.
 *
 * With --update fonts/builtin.hex is made anew from the installed Unifont. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <iconv.h>
#include <unistd.h>

#include "display/edge/text/builtin.h"
#include "display/edge/text/fonts.h"
#include "display/edge/text/fonts_builtin.h"
#include "display/edge/text/fonts_face.h"
#include "source_dir.h"

#define UNIFONT "/usr/share/fonts/opentype/unifont/unifont.otf"
#define BUILTIN_HEX GAOSHI_SOURCE_DIR "/fonts/builtin.hex"

enum { LAST = 0xFFFF };

static bool wanted[LAST + 1];

static void want(uint32_t first, uint32_t last)
{
    for (uint32_t c = first; c <= last; c++)
        wanted[c] = true;
}

/* ASCII, Latin-1, general punctuation, and every pair of bytes that GB 2312
 * has. */
static void choose(void)
{
    iconv_t gb = iconv_open("UTF-32LE", "GB2312");

    assert_true(gb != (iconv_t)-1);
    want(0x20, 0x7E);
    want(0xA1, 0xAC);
    want(0xAE, 0xFF);
    want(0x2010, 0x2027);
    for (int high = 0xA1; high < 0xF8; high++) {
        for (int low = 0xA1; low < 0xFF; low++) {
            char from[2] = {(char)high, (char)low};
            uint32_t to = 0;
            char *in = from, *out = (char *)&to;
            size_t in_bytes = 2, out_bytes = 4;
            if (iconv(gb, &in, &in_bytes, &out, &out_bytes) == 0 && to <= LAST)
                wanted[to] = true;
            iconv(gb, NULL, NULL, NULL, NULL);
        }
    }
    iconv_close(gb);
}

/* As Unifont draws it at its own size. False: it doesn't. */
static bool draw(struct fonts_face *face, uint32_t c, struct fonts_builtin *out)
{
    struct fonts_ink ink = {0};

    *out = (struct fonts_builtin){.half = fonts_face_advance(face, c) <=
                                          FONTS_UNITS / 2};
    if (!fonts_face_has(face, c) ||
        !fonts_face_draw(face, FONTS_BUILTIN_ROWS, c, &ink))
        return false;
    for (int y = 0; y < ink.height; y++) {
        int row = FONTS_BUILTIN_ASCENT - ink.top_px + y;
        const uint8_t *pixels = ink.pixels + y * ink.pitch;
        for (int x = 0; x < ink.width; x++) {
            int column = ink.left_px + x;
            if (pixels[x] > 127 && row >= 0 && row < FONTS_BUILTIN_ROWS &&
                column >= 0 && column < FONTS_BUILTIN_ROWS)
                out->rows[row] |=
                    (uint16_t)(1u << (FONTS_BUILTIN_ROWS - 1 - column));
        }
    }
    return true;
}

static void open_unifont(struct fonts_face *face, struct font_files *files)
{
    static struct fonts_source source = {
        .file = UNIFONT, .family = "Unifont", .installed = true};
    struct problem problem = {0};

    FT_Library library;
    assert_int_equal(FT_Init_FreeType(&library), 0);
    *face = (struct fonts_face){
        .source = &source, .files = files, .library = library};
    if (!fonts_face_open(face, &problem))
        fail_msg("%s", problem.expected);
}

static void update(void)
{
    struct fonts_face face;
    struct font_files files = {0};
    FILE *file = fopen(BUILTIN_HEX, "we");

    assert_non_null(file);
    choose();
    open_unifont(&face, &files);
    for (uint32_t c = 0; c <= LAST; c++) {
        struct fonts_builtin glyph;
        if (!wanted[c] || !draw(&face, c, &glyph))
            continue;
        fprintf(file, "%04X%c", (unsigned)c, glyph.half ? ';' : ':');
        for (int i = 0; i < FONTS_BUILTIN_ROWS; i++)
            fprintf(file, "%04X", glyph.rows[i]);
        fprintf(file, "\n");
    }
    assert_int_equal(fclose(file), 0);
    fonts_face_close(&face);
    font_files_close(&files);
    FT_Done_FreeType(face.library);
}

static void all_of_gb_2312_is_there_as_unifont_draws_it(void **state)
{
    struct fonts_face face;
    struct font_files files = {0};
    int count = 0;

    (void)state;
    choose();
    open_unifont(&face, &files);
    for (uint32_t c = 0; c <= LAST; c++) {
        struct fonts_builtin drawn, found;
        bool there = fonts_builtin_find(c, &found);
        assert_int_equal(there, wanted[c]);
        if (!there)
            continue;
        assert_true(draw(&face, c, &drawn));
        assert_int_equal(drawn.half, found.half);
        assert_memory_equal(drawn.rows, found.rows, sizeof drawn.rows);
        count++;
    }
    assert_in_range(count, 6763 + 95, LAST);
    fonts_face_close(&face);
    font_files_close(&files);
    FT_Done_FreeType(face.library);
}

static void what_is_no_glyph_is_not_found(void **state)
{
    static const uint32_t others[] = {
        0, 0x1F, 0x7F, 0xD800, 0xFFFF, 0x10000, 0x20000, 0x10FFFF, UINT32_MAX};
    struct fonts_builtin glyph;

    (void)state;
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        assert_false(fonts_builtin_find(others[i], &glyph));
    assert_int_equal(strlen(builtin_glyphs) % FONTS_BUILTIN_LINE_BYTES, 0);
}

static int ink_of(const struct font_picture *picture)
{
    int ink = 0;

    for (int y = 0; y < picture->height; y++) {
        for (int x = 0; x < picture->width; x++)
            ink += picture->pixels[y * picture->stride + x] > 127;
    }
    return ink;
}

static void without_any_font_words_can_be_read(void **state)
{
    struct fonts *fonts = NULL;
    struct problem problem = {0};

    (void)state;
    assert_true(fonts_create_single(true, &fonts, &problem));
    const struct type_metrics *metrics = fonts_metrics(fonts);
    struct type_glyph han = metrics->glyph(metrics->context, TYPE_SERIF_BOLD,
                                           64, 0x544A);
    struct type_glyph digit = metrics->glyph(metrics->context, TYPE_SANS, 64,
                                             '7');
    assert_false(han.missing);
    assert_int_equal(han.advance, 64 * TYPE_PIXEL);
    assert_int_equal(digit.advance, 32 * TYPE_PIXEL);
    struct font_picture picture = fonts_picture(fonts, TYPE_SERIF_BOLD,
                                                han.face, 64, 0x544A);
    assert_int_equal(picture.height, 64);
    assert_int_equal(picture.top_px, 56);
    assert_in_range(ink_of(&picture), 500, 3000);
    assert_true(
        metrics->glyph(metrics->context, TYPE_SANS, 64, 0x20000).missing);
    assert_false(
        metrics->glyph(metrics->context, TYPE_SANS, 64, 0x200B).missing);
    fonts_destroy(fonts);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_of_gb_2312_is_there_as_unifont_draws_it),
        cmocka_unit_test(what_is_no_glyph_is_not_found),
        cmocka_unit_test(without_any_font_words_can_be_read),
    };

    if (access(UNIFONT, R_OK) != 0) {
        puts("skipped: Unifont is not installed");
        return 77;
    }
    if (argc > 1 && strcmp(argv[1], "--update") == 0) {
        update();
        return 0;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
