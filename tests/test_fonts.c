/* The chain of fonts: which face draws what, how wide, and what happens where
 * a font or a character is missing. Needs the fonts of fonts/chain.ini. */
#include "display/edge/text/fonts.h"

#include "display/core/typeset/typeset.h"
#include "display/core/typeset/typeset_cluster.h"
#include "display/edge/text/font_files.h"

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/folder.h"
#include "tests/support/fonts_here.h"

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

static struct type_glyph glyph_of(struct fonts *fonts, enum type_role role,
                                  int size_px, uint32_t codepoint)
{
    const struct type_metrics *metrics = fonts_metrics(fonts);

    return metrics->glyph(metrics->context, role, size_px, codepoint);
}

static void characters_come_from_the_simplified_chinese_face(void **state)
{
    struct fonts *fonts = *state;
    static const uint32_t characters[] = {0x95E8, 0x76F4, 0x9AA8, 0x4E8C};
    static const char *const families[TYPE_ROLE_COUNT] = {
        "Noto Sans CJK SC", "Noto Sans CJK SC", "Noto Serif CJK SC"};

    for (int role = 0; role < TYPE_ROLE_COUNT; role++) {
        for (size_t i = 0; i < 4; i++) {
            struct type_glyph glyph = glyph_of(fonts, (enum type_role)role, 48,
                                               characters[i]);
            assert_string_equal(fonts_face_family(fonts, glyph.face),
                                families[role]);
        }
    }
}

static void a_chinese_character_is_exactly_one_em_wide(void **state)
{
    struct fonts *fonts = *state;
    /* 中, 龘, two of Extension B, one that only Unifont has. */
    static const uint32_t characters[] = {0x4E2D, 0x9F98, 0x20000, 0x2A6D6,
                                          0x9FF0};

    for (int role = 0; role < TYPE_ROLE_COUNT; role++) {
        for (int size = 1; size <= 2000;
             size = size < 300 ? size + 1 : size + 97) {
            for (size_t i = 0; i < 5; i++)
                assert_int_equal(
                    glyph_of(fonts, (enum type_role)role, size, characters[i])
                        .advance,
                    size * TYPE_PIXEL);
        }
    }
}

static void advances_grow_with_the_size_in_fractions_of_a_pixel(void **state)
{
    struct fonts *fonts = *state;

    for (int size = 16; size < 400; size++) {
        type_length narrow = glyph_of(fonts, TYPE_SANS, size, '1').advance;
        type_length exact = (type_length)(0.555 * size * TYPE_PIXEL);
        assert_in_range(narrow, exact - size / 16 - 1, exact + size / 16 + 1);
        assert_int_equal(narrow, glyph_of(fonts, TYPE_SANS, size, '8').advance);
    }
}

static void invisible_characters_take_no_room_and_are_not_missing(void **state)
{
    struct fonts *fonts = *state;
    static const uint32_t characters[] = {0x200B, 0xFE0E, 0xFE0F, 0x200D,
                                          0xFEFF, 0x2060, 0x00AD, 0xE0100,
                                          '\n',   0x2028};

    for (size_t i = 0; i < sizeof characters / sizeof characters[0]; i++) {
        struct type_glyph glyph = glyph_of(fonts, TYPE_SANS, 48, characters[i]);
        assert_int_equal(glyph.advance, 0);
        assert_false(glyph.missing);
        assert_true(fonts_cover(fonts, TYPE_SANS, characters[i]));
        assert_null(
            fonts_picture(fonts, TYPE_SANS, glyph.face, 48, characters[i])
                .pixels);
    }
}

static long ink_of(const struct font_picture *picture)
{
    long ink = 0;

    for (int y = 0; y < picture->height; y++) {
        for (int x = 0; x < picture->width; x++)
            ink += picture->pixels[y * picture->stride + x];
    }
    return ink;
}

/* The columns that the glyphs from…to of a line draw on. */
static void ink_columns(struct fonts *fonts, const struct typeset_line *line,
                        size_t from, size_t to, int size_px, int *left,
                        int *right)
{
    *left = INT_MAX;
    *right = INT_MIN;
    for (size_t i = from; i < to; i++) {
        const struct typeset_glyph *glyph = &line->glyphs[i];
        struct font_picture picture = fonts_picture(
            fonts, TYPE_SANS, glyph->missing ? FONTS_FACE_BOX : glyph->face,
            size_px, glyph->codepoint);
        int x = (glyph->x + TYPE_PIXEL / 2) / TYPE_PIXEL + picture.left_px;
        if (!picture.pixels)
            continue;
        *left = x < *left ? x : *left;
        *right = x + picture.width > *right ? x + picture.width : *right;
    }
}

/* Between two characters that fill their em: «国?国». */
static void check_cell(struct fonts *fonts, const char *sign,
                       enum typeset_cluster_state expected, int size_px)
{
    const struct typeset_style style = {.size_px = size_px};
    const struct type_metrics *metrics = fonts_metrics(fonts);
    uint32_t points[TYPESET_CLUSTER_POINTS + 1];
    struct typeset_cluster cluster;
    const char *at = sign;
    char text[240];
    int left, right;

    size_t count = typeset_cluster_next(&at, points);
    assert_int_equal(*at, 0);
    typeset_cluster_set(metrics, TYPE_SANS, size_px, points, count, &cluster);
    assert_int_equal(cluster.state, expected);
    assert_true(cluster.count > 0);
    snprintf(text, sizeof text, "国%s国", sign);
    struct typeset_block *block = typeset_create(text, &style, 100 * size_px,
                                                 metrics);
    const struct typeset_line *line = &block->lines[0];
    assert_int_equal(line->glyph_count, cluster.count + 2);
    ink_columns(fonts, line, 1, line->glyph_count - 1, size_px, &left, &right);
    /* Rounding to pixels, and what a font lets reach over its own advance. */
    int slack = 2 + size_px / 40;
    assert_true(left >= size_px - slack);
    assert_true(right <=
                line->glyphs[line->glyph_count - 1].x / TYPE_PIXEL + slack);
    typeset_destroy(block);
}

static void a_sign_of_several_characters_stays_in_its_cell(void **state)
{
    struct fonts *fonts = *state;
    static const char *const states[] = {"whole", "base", "box"};
    FILE *file = fopen(GAOSHI_SOURCE_DIR "/tests/cases/text/clusters.txt", "r");
    char row[200];
    int rows = 0;

    assert_non_null(file);
    while (fgets(row, sizeof row, file)) {
        char *verdict = strchr(row, '\t');
        if (!verdict)
            continue;
        *verdict++ = '\0';
        verdict[strcspn(verdict, "\n")] = '\0';
        char *coloured = strchr(verdict, '\t');
        if (coloured)
            *coloured++ = '\0';
        if (coloured && fonts_here_emoji())
            verdict = coloured;
        int expected = 0;
        while (strcmp(states[expected], verdict) != 0)
            expected++;
        for (int size = 12; size <= 400; size = size * 2 + 1)
            check_cell(fonts, row, (enum typeset_cluster_state)expected, size);
        rows++;
    }
    fclose(file);
    assert_true(rows > 30);
}

/* The darkest row of the picture has no hole. */
static void assert_one_stroke(const struct font_picture *picture)
{
    const uint8_t *row = picture->pixels;
    int middle = picture->width / 2;
    int end = 1 + picture->height / 2; /* may be rounded */

    for (int y = 1; y < picture->height; y++) {
        const uint8_t *next = picture->pixels + (size_t)y * picture->stride;
        row = next[middle] > row[middle] ? next : row;
    }
    assert_true(row[middle] >= 64);
    for (int x = end; x < picture->width - end; x++)
        assert_int_equal(row[x], row[middle]);
}

static void check_dash(struct fonts *fonts, enum type_role role, int size,
                       const char *dash, int ems)
{
    const struct typeset_style style = {
        .role = role, .size_px = size, .align = TYPESET_JUSTIFY};
    char text[240];

    /* Two lines: the first is justified. */
    snprintf(text, sizeof text, "知%s请全体居民注意安全", dash);
    struct typeset_block *block = typeset_create(
        text, &style, size * (ems + 5) + size / 4, fonts_metrics(fonts));
    const struct typeset_line *line = &block->lines[0];
    const struct typeset_glyph *glyph = &line->glyphs[1];
    assert_int_equal(block->line_count, 2);
    struct font_picture picture = fonts_picture(fonts, role, glyph->face, size,
                                                glyph->codepoint);
    assert_int_equal(line->glyph_count, 6);
    assert_true(picture.width <= ems * size);
    assert_true(picture.width >= ems * size - size / 8 - 2);
    assert_one_stroke(&picture);
    assert_true(picture.left_px + picture.width <= ems * size);
    /* The cell is as wide as its ems, and the gaps beside it are those of
     * every other character. */
    type_length gap = line->glyphs[3].x - line->glyphs[2].x - size * TYPE_PIXEL;
    assert_in_range(line->glyphs[2].x - glyph->x - ems * size * TYPE_PIXEL,
                    gap - 1, gap + 1);
    typeset_destroy(block);
}

static void a_dash_is_one_stroke_as_long_as_its_ems(void **state)
{
    struct fonts *fonts = *state;
    static const int sizes[] = {10, 13, 16, 24, 31, 56, 73, 200, 480};

    for (int role = 0; role < TYPE_ROLE_COUNT; role++) {
        for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
            check_dash(fonts, (enum type_role)role, sizes[i], "——", 2);
            check_dash(fonts, (enum type_role)role, sizes[i], "⸺", 2);
            check_dash(fonts, (enum type_role)role, sizes[i], "———", 3);
            check_dash(fonts, (enum type_role)role, sizes[i], "⸻", 3);
            check_dash(fonts, (enum type_role)role, sizes[i], "――", 2);
        }
    }
}

static void a_missing_character_is_a_visible_box(void **state)
{
    struct fonts *fonts = *state;
    const uint32_t nobody = 0x10FFFD;

    for (int size = 1; size < 300; size += 7) {
        struct type_glyph glyph = glyph_of(fonts, TYPE_SANS, size, nobody);
        struct font_picture box = fonts_picture(fonts, TYPE_SANS, glyph.face,
                                                size, nobody);
        assert_true(glyph.missing);
        assert_int_equal(glyph.face, FONTS_FACE_BOX);
        assert_int_equal(glyph.advance, size * TYPE_PIXEL);
        assert_non_null(box.pixels);
        assert_true(ink_of(&box) >= 255);
        assert_true(box.left_px >= 0 && box.left_px + box.width <= size);
    }
    assert_false(fonts_cover(fonts, TYPE_SANS, nobody));
}

static void pictures_are_cropped_and_stand_on_the_base_line(void **state)
{
    struct fonts *fonts = *state;
    static const int sizes[] = {16, 20, 48, 200, 777};

    for (size_t i = 0; i < 5; i++) {
        int em = sizes[i];
        struct type_glyph glyph = glyph_of(fonts, TYPE_SANS, em, 0x4E8C);
        struct font_picture two = fonts_picture(fonts, TYPE_SANS, glyph.face,
                                                em, 0x4E8C);
        assert_int_equal(two.stride % 4, 0);
        assert_true(two.left_px >= 0 && two.left_px + two.width <= em);
        assert_true(two.top_px > em / 2 && two.top_px < em);
        /* 二 is two strokes: both its first and its last row bear ink. */
        struct font_picture row = two;
        row.height = 1;
        assert_true(ink_of(&row) > 0);
        row.pixels += (two.height - 1) * two.stride;
        assert_true(ink_of(&row) > 0);
    }
}

static void a_letter_may_reach_left_of_its_origin(void **state)
{
    struct fonts *fonts = *state;
    struct type_glyph glyph = glyph_of(fonts, TYPE_SANS, 200, 'j');
    struct font_picture j = fonts_picture(fonts, TYPE_SANS, glyph.face, 200,
                                          'j');

    assert_true(j.left_px < 0);
    assert_true(j.top_px - j.height < 0);
}

static void a_blank_has_width_and_no_picture(void **state)
{
    struct fonts *fonts = *state;
    struct type_glyph space = glyph_of(fonts, TYPE_SANS, 48, ' ');
    struct type_glyph wide = glyph_of(fonts, TYPE_SANS, 48, 0x3000);

    assert_true(space.advance > 0);
    assert_int_equal(wide.advance, 48 * TYPE_PIXEL);
    assert_null(fonts_picture(fonts, TYPE_SANS, space.face, 48, ' ').pixels);
    assert_null(fonts_picture(fonts, TYPE_SANS, wide.face, 48, 0x3000).pixels);
}

static void the_line_is_told_by_the_role(void **state)
{
    struct fonts *fonts = *state;
    const struct type_metrics *metrics = fonts_metrics(fonts);

    for (int role = 0; role < TYPE_ROLE_COUNT; role++) {
        struct type_line line = metrics->line(metrics->context,
                                              (enum type_role)role, 100);
        assert_in_range(line.ascent_px, 88, 130);
        assert_in_range(line.descent_px, 12, 40);
        assert_in_range(line.cap_height_px, 66, 80);
    }
}

static void the_atlas_starts_anew_when_it_is_full(void **state)
{
    struct fonts *fonts = *state;

    for (int round = 0; round < 3; round++) {
        for (uint32_t c = 0x4E00; c < 0x4E00 + 60; c++) {
            struct type_glyph glyph = glyph_of(fonts, TYPE_SANS, 1000, c);
            struct font_picture picture = fonts_picture(fonts, TYPE_SANS,
                                                        glyph.face, 1000, c);
            assert_non_null(picture.pixels);
        }
        fonts_trim(fonts);
    }
    struct font_picture again =
        fonts_picture(fonts, TYPE_SANS,
                      glyph_of(fonts, TYPE_SANS, 48, 0x4E8C).face, 48, 0x4E8C);
    assert_true(ink_of(&again) > 0);
}

/* ---- chains that are wrong ---- */

#define NOTO "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"
#define ROLES "[roles]\nsans = a\nsans-bold = a\nserif-bold = a\n"

static void a_wrong_chain_is_refused_with_its_reason(void **state)
{
    (void)state;
    static const struct {
        const char *text, *expected;
        int line;
    } rows[] = {
        {"[faces]\na = /nowhere/x.ttc, 2, Noto Sans CJK SC\n" ROLES,
         "is not installed", 0},
        {"[faces]\na = " NOTO ", 0, Noto Sans CJK SC\n" ROLES,
         "is 'Noto Sans CJK JP', expected 'Noto Sans CJK SC'", 0},
        {"[faces]\na = " NOTO ", 77, Noto Sans CJK SC\n" ROLES, NOTO, 0},
        {"[faces]\na = " NOTO "\n", "expected FILE, INDEX, FAMILY", 2},
        {"[faces]\na = " NOTO ", x, N\n", "expected FILE, INDEX, FAMILY", 2},
        {"[faces]\na = x, 0, N\na = y, 0, N\n", "given twice", 3},
        {"[roles]\nsans = b\n", "no such face above", 2},
        {"[faces]\na = x, 0, N\n[roles]\nmono = a\n", "no such role", 4},
        {"[faces]\na = x, 0, N\n[roles]\nsans = a\n", "missing in [roles]", 0},
        {"[colours]\nred = 1\n", "no such key in [colours]", 2},
        {"[faces]\nnonsense\n", "neither [section] nor key = value", 2},
    };
    char *folder = folder_make();
    char *file = folder_path(folder, "chain.ini");

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct problem problem = {0};
        struct fonts *fonts = NULL;
        assert_true(folder_write(folder, "chain.ini", rows[i].text));
        assert_false(fonts_create(file, &fonts, NULL, 0, &problem));
        assert_null(fonts);
        assert_non_null(strstr(problem.expected, rows[i].expected));
        assert_int_equal(problem.line, rows[i].line);
        assert_string_equal(problem.place, file);
    }
    free(file);
    folder_remove(folder);
    free(folder);
}

static void a_font_that_is_not_installed_is_left_out_and_told(void **state)
{
    (void)state;
    struct problem problem = {0};
    struct fonts *fonts = NULL;
    char missing[256];
    char *folder = folder_make();
    char *file = folder_path(folder, "chain.ini");

    assert_true(
        folder_write(folder, "chain.ini",
                     "[faces]\nb = nowhere/b.ttf, 0, B\n"
                     "a = " NOTO ", 2, Noto Sans CJK SC\n"
                     "[roles]\nsans = a b\nsans-bold = a\nserif-bold = a b\n"));
    assert_true(fonts_create(file, &fonts, missing, sizeof missing, &problem));
    assert_string_equal(missing, "nowhere/b.ttf");
    assert_false(fonts_cover(fonts, TYPE_SANS, 0x2A6D6 - 1));
    fonts_destroy(fonts);
    free(file);
    folder_remove(folder);
    free(folder);
}

/* A font that went must not leave a screen dark. */
static void a_first_face_that_is_gone_gives_way_to_the_next(void **state)
{
    (void)state;
    struct problem problem = {0};
    struct fonts *fonts = NULL;
    char *folder = folder_make();
    char *file = folder_path(folder, "chain.ini");

    assert_true(folder_write(folder, "chain.ini",
                             "[faces]\nb = nowhere/b.ttf, 0, B\n"
                             "c = " NOTO ", 0, Noto Sans CJK SC\n"
                             "a = " NOTO ", 2, Noto Sans CJK SC\n"
                             "[roles]\nsans = b a\nsans-bold = c b a\n"
                             "serif-bold = c a\n"));
    assert_true(fonts_create(file, &fonts, NULL, 0, &problem));
    for (int role = 0; role < TYPE_ROLE_COUNT; role++) {
        struct type_line line = fonts_metrics(fonts)->line(
            fonts_metrics(fonts)->context, (enum type_role)role, 100);
        assert_true(fonts_cover(fonts, (enum type_role)role, 0x544A));
        assert_in_range(line.ascent_px, 80, 130);
    }
    fonts_destroy(fonts);
    free(file);
    folder_remove(folder);
    free(folder);
}

static void the_program_has_a_chain_of_its_own(void **state)
{
    (void)state;
    struct problem problem = {0};
    struct fonts *fonts = NULL;

    assert_true(fonts_create(NULL, &fonts, NULL, 0, &problem));
    assert_true(fonts_cover(fonts, TYPE_SANS, 0x544A));
    fonts_destroy(fonts);
}

static void in_safe_mode_one_face_draws_everything(void **state)
{
    (void)state;
    struct problem problem = {0};
    struct fonts *fonts = NULL;

    assert_true(fonts_create_single(false, &fonts, &problem));
    int face = glyph_of(fonts, TYPE_SANS, 48, 0x544A).face;
    assert_string_equal(fonts_face_family(fonts, face), "Noto Sans CJK SC");
    assert_int_equal(glyph_of(fonts, TYPE_SERIF_BOLD, 48, 0x544A).face, face);
    assert_int_equal(glyph_of(fonts, TYPE_SANS_BOLD, 48, 'A').face, face);
    fonts_destroy(fonts);
}

static void no_chain_is_a_clear_problem(void **state)
{
    (void)state;
    struct problem problem = {0};
    struct fonts *fonts = NULL;

    assert_false(fonts_create("/nowhere/chain.ini", &fonts, NULL, 0, &problem));
    assert_string_equal(problem.place, "/nowhere/chain.ini");
    assert_int_equal(problem.code, PROBLEM_SYSTEM);
    fonts_destroy(NULL);
}

/* How often this process has read anything. */
static long count_reads(void)
{
    long reads = -1;
    FILE *io = fopen("/proc/self/io", "re");

    assert_non_null(io);
    assert_int_equal(fscanf(io, "rchar: %*d wchar: %*d syscr: %ld", &reads), 1);
    fclose(io);
    return reads;
}

static void a_glyph_reads_no_file(void **state)
{
    enum { FIRST = 0x4E00, GLYPHS = 300, SIZE_PX = 57 };
    struct fonts *fonts = *state;

    int face = glyph_of(fonts, TYPE_SANS, SIZE_PX, FIRST).face;
    long before = count_reads();
    long measuring = count_reads() - before;
    before = count_reads();
    for (uint32_t c = FIRST; c < FIRST + GLYPHS; c++) {
        assert_int_equal(glyph_of(fonts, TYPE_SANS, SIZE_PX, c).face, face);
        assert_true(fonts_picture(fonts, TYPE_SANS, face, SIZE_PX, c).width >
                    0);
    }
    assert_int_equal(count_reads() - before, measuring);
}

static void a_file_is_mapped_once_however_many_faces_it_has(void **state)
{
    char line[512];
    int mapped = 0;
    FILE *maps = fopen("/proc/self/maps", "re");

    (void)state;
    assert_non_null(maps);
    while (fgets(line, sizeof line, maps))
        mapped += strstr(line, "/NotoSansCJK-Regular.ttc") != NULL;
    fclose(maps);
    assert_int_equal(mapped, 1);
}

static void what_is_no_file_with_a_font_is_refused(void **state)
{
    struct font_files files = {0};
    struct problem problem = {0};
    char *folder = folder_make();
    char *empty = folder_path(folder, "empty.ttf");

    (void)state;
    assert_true(folder_write(folder, "empty.ttf", ""));
    assert_null(font_files_map(&files, empty, &problem));
    assert_non_null(strstr(problem.expected, "empty.ttf: expected a file"));
    assert_null(font_files_map(&files, folder, &problem));
    assert_int_equal(problem.code, PROBLEM_SYSTEM);
    assert_int_equal(files.count, 0);
    folder_remove(folder);
    free(folder);
    free(empty);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(characters_come_from_the_simplified_chinese_face),
        cmocka_unit_test(a_chinese_character_is_exactly_one_em_wide),
        cmocka_unit_test(advances_grow_with_the_size_in_fractions_of_a_pixel),
        cmocka_unit_test(invisible_characters_take_no_room_and_are_not_missing),
        cmocka_unit_test(a_sign_of_several_characters_stays_in_its_cell),
        cmocka_unit_test(a_dash_is_one_stroke_as_long_as_its_ems),
        cmocka_unit_test(a_missing_character_is_a_visible_box),
        cmocka_unit_test(pictures_are_cropped_and_stand_on_the_base_line),
        cmocka_unit_test(a_letter_may_reach_left_of_its_origin),
        cmocka_unit_test(a_blank_has_width_and_no_picture),
        cmocka_unit_test(the_line_is_told_by_the_role),
        cmocka_unit_test(the_atlas_starts_anew_when_it_is_full),
        cmocka_unit_test(a_wrong_chain_is_refused_with_its_reason),
        cmocka_unit_test(a_font_that_is_not_installed_is_left_out_and_told),
        cmocka_unit_test(a_first_face_that_is_gone_gives_way_to_the_next),
        cmocka_unit_test(the_program_has_a_chain_of_its_own),
        cmocka_unit_test(in_safe_mode_one_face_draws_everything),
        cmocka_unit_test(no_chain_is_a_clear_problem),
        cmocka_unit_test(a_glyph_reads_no_file),
        cmocka_unit_test(a_file_is_mapped_once_however_many_faces_it_has),
        cmocka_unit_test(what_is_no_file_with_a_font_is_refused),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
