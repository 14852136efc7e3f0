/* Theme files: every key required, errors that name the line, contrast of
 * every text on every ground that it is used on (WCAG 2.2, 1.4.6). */
#include "display/core/page/theme.h"
#include "display/edge/text/builtin.h"
#include "source_dir.h"
#include "tests/support/folder.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define CONTRAST_AAA 7.0

static const char *const names[] = {"night.ini", "day.ini", "contrast.ini"};
enum { NAME_COUNT = sizeof names / sizeof names[0] };

static char *theme_text(const char *name)
{
    char *text = folder_read(GAOSHI_SOURCE_DIR "/data/themes", name);
    assert_non_null(text);
    return text;
}

static struct theme load(const char *name)
{
    struct theme theme;
    struct problem problem = {0};
    char *text = theme_text(name);
    if (!theme_parse(text, name, &theme, &problem)) {
        char line[600];
        problem_format(&problem, line, sizeof line);
        fail_msg("%s", line);
    }
    free(text);
    return theme;
}

static void the_themes_of_the_house_are_whole(void **state)
{
    (void)state;
    for (size_t i = 0; i < NAME_COUNT; i++) {
        struct theme theme = load(names[i]);
        assert_string_equal(theme.sections[SECTION_QUALITY].label, "品质二七");
        assert_string_equal(theme.levels[ALERT_LEVEL_RED].word, "红色预警");
        assert_int_equal(theme.count_up_ms, 900);
        assert_true(theme.size_ratio > 1.49 && theme.size_ratio < 1.51);
        assert_string_equal(theme.words[WORD_DRILL], "演练 DRILL");
    }
}

static void readable(const char *theme, draw_colour text, draw_colour ground)
{
    double contrast = colour_contrast(text, ground);
    if (contrast < CONTRAST_AAA)
        fail_msg("%s: #%06X on #%06X is %.2f : 1", theme, text & 0xFFFFFF,
                 ground & 0xFFFFFF, contrast);
}

static void every_text_stands_out_from_its_ground(void **state)
{
    (void)state;
    for (size_t i = 0; i < NAME_COUNT; i++) {
        struct theme theme = load(names[i]);
        const draw_colour grounds[] = {theme.ground, theme.card};
        for (size_t g = 0; g < 2; g++) {
            readable(names[i], theme.text, grounds[g]);
            readable(names[i], theme.muted, grounds[g]);
        }
        for (int s = 0; s < SECTION_COUNT; s++) {
            const struct theme_section *section = &theme.sections[s];
            readable(names[i], theme.text, section->ground);
            readable(names[i], theme.muted, section->ground);
            readable(names[i], section->accent, section->ground);
            /* Of shapes WCAG 1.4.11 asks for 3:1. */
            assert_true(colour_contrast(theme.past, section->ground) >= 3);
        }
        for (int level = 0; level < ALERT_LEVEL_COUNT; level++) {
            readable(names[i], theme.levels[level].text,
                     theme.levels[level].ground);
            readable(names[i], theme.levels[level].movement,
                     theme.levels[level].ground);
        }
        readable(names[i], theme.drill_text, theme.drill_ground);
        readable(names[i], theme.clear_text, theme.clear_ground);
        readable(names[i], theme.code_dark, theme.code_ground);
    }
}

/* CIE 1976: the distance of two colours as people see them; at 20 nobody takes
 * one for the other. */
static void lab_of(draw_colour colour, double lab[3])
{
    double linear[3], xyz[3];
    static const double rows[3][3] = {{0.4124, 0.3576, 0.1805},
                                      {0.2126, 0.7152, 0.0722},
                                      {0.0193, 0.1192, 0.9505}};
    static const double white[3] = {0.95047, 1, 1.08883};
    for (int i = 0; i < 3; i++) {
        double part = (colour >> (16 - 8 * i) & 0xFF) / 255.0;
        linear[i] = part <= 0.04045 ? part / 12.92
                                    : pow((part + 0.055) / 1.055, 2.4);
    }
    for (int i = 0; i < 3; i++) {
        double sum = (rows[i][0] * linear[0] + rows[i][1] * linear[1] +
                      rows[i][2] * linear[2]) /
                     white[i];
        xyz[i] = sum > 0.008856 ? cbrt(sum) : 7.787 * sum + 16.0 / 116;
    }
    lab[0] = 116 * xyz[1] - 16;
    lab[1] = 500 * (xyz[0] - xyz[1]);
    lab[2] = 200 * (xyz[1] - xyz[2]);
}

static double distance(draw_colour one, draw_colour other)
{
    double a[3], b[3];
    lab_of(one, a);
    lab_of(other, b);
    return sqrt(pow(a[0] - b[0], 2) + pow(a[1] - b[1], 2) +
                pow(a[2] - b[2], 2));
}

static void fields_of_sections_differ_and_are_legible(void **state)
{
    (void)state;
    for (size_t i = 0; i < NAME_COUNT; i++) {
        struct theme theme = load(names[i]);
        for (int s = 0; s < SECTION_COUNT; s++) {
            readable(names[i], theme.sections[s].field_text,
                     theme.sections[s].field);
            for (int k = 0; k < s; k++)
                if (distance(theme.sections[s].field, theme.sections[k].field) <
                    20)
                    fail_msg("%s: sections %d and %d look alike", names[i], k,
                             s);
            /* Nobody takes a panel for an alert. */
            for (int level = 0; level < ALERT_LEVEL_UNKNOWN; level++)
                if (distance(theme.sections[s].field,
                             theme.levels[level].ground) < 20)
                    fail_msg("%s: section %d looks like level %d", names[i], s,
                             level);
        }
    }
}

/* Sections stand on one ground or on grounds that nobody takes for each other,
 * nor for those of alerts. */
static void grounds_of_sections_are_one_or_differ(void **state)
{
    (void)state;
    for (size_t i = 0; i < NAME_COUNT; i++) {
        struct theme theme = load(names[i]);
        bool one = theme.sections[0].ground == theme.ground;
        for (int s = 0; s < SECTION_COUNT; s++) {
            draw_colour ground = theme.sections[s].ground;
            if (one != (ground == theme.ground))
                fail_msg("%s: section %d has another ground", names[i], s);
            for (int k = 0; k < s && !one; k++)
                if (distance(ground, theme.sections[k].ground) < 20)
                    fail_msg("%s: sections %d and %d look alike", names[i], k,
                             s);
            for (int level = 0; level < ALERT_LEVEL_UNKNOWN; level++)
                if (distance(ground, theme.levels[level].ground) < 20)
                    fail_msg("%s: section %d looks like level %d", names[i], s,
                             level);
        }
    }
}

static void contrast_is_the_one_of_wcag(void **state)
{
    (void)state;
    assert_true(colour_contrast(0xFFFFFFFF, 0xFF000000) == 21.0);
    double red = colour_contrast(0xFFFFFFFF, 0xFFFF0000);
    assert_true(red > 3.99 && red < 4.01);
    double grey = colour_contrast(0xFF767676, 0xFFFFFFFF);
    assert_true(grey > 4.53 && grey < 4.55);
}

/* The file with one line, told by its beginning, replaced. */
static char *with_line(const char *text, const char *begin, const char *line)
{
    const char *at = strstr(text, begin);
    assert_non_null(at);
    const char *end = strchr(at, '\n');
    assert_non_null(end);
    size_t size = strlen(text) + strlen(line) + 1;
    char *out = malloc(size);
    assert_non_null(out);
    snprintf(out, size, "%.*s%s%s", (int)(at - text), text, line, end);
    return out;
}

static void an_error_names_file_line_key_and_expectation(void **state)
{
    (void)state;
    static const struct {
        const char *begin, *line, *told;
    } rows[] = {
        {"ground = #0E1420", "ground = red",
         "night.ini:8: [colours] ground: 'red': expected a colour as #RRGGBB"},
        {"ground = #0E1420", "ground = #0E142",
         "night.ini:8: [colours] ground: '#0E142': expected a colour"},
        {"ground = #0E1420", "", "night.ini: [colours] ground: is missing"},
        {"ground = #0E1420", "grund = #0E1420",
         "night.ini:8: [colours] grund: no such key in a theme"},
        {"card = ", "ground = #000000",
         "night.ini:9: [colours] ground: stands there twice"},
        {"count_up_ms = ", "count_up_ms = fast",
         "[motion] count_up_ms: 'fast': expected milliseconds"},
        {"count_up_ms = ", "count_up_ms = 30001", "expected milliseconds"},
        {"count_up_ms = ", "count_up_ms = -1", "expected milliseconds"},
        {"alert_lap_ms = ", "alert_lap_ms = 7999",
         "expected milliseconds from 8000 to 30000"},
        {"alert_beat_ms = ", "alert_beat_ms = 0",
         "expected milliseconds from 40 to 1000"},
        {"ratio = 1.50", "ratio = 1,5", "[sizes] ratio: '1,5': expected"},
        {"transition = wipe", "transition = spin",
         "expected cut, fade, slide or wipe"},
        {"name = ", "name = ", "[theme] name: '': expected a text"},
        {"# Light", "Light on dark", "night.ini:1: expected [section] or key"},
    };
    char *text = theme_text("night.ini");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char *broken = with_line(text, rows[i].begin, rows[i].line);
        struct theme theme = {.count_up_ms = 77};
        struct problem problem = {0};
        char told[600];
        assert_false(theme_parse(broken, "night.ini", &theme, &problem));
        problem_format(&problem, told, sizeof told);
        if (strstr(told, rows[i].told) == NULL)
            fail_msg("«%s» does not say «%s»", told, rows[i].told);
        assert_int_equal(theme.count_up_ms, 77);
        free(broken);
    }
    free(text);
}

static void no_text_at_all_is_refused(void **state)
{
    (void)state;
    struct theme theme;
    struct problem problem = {0};
    assert_false(theme_parse("", "empty.ini", &theme, &problem));
    assert_string_equal(problem.field, "[theme] name");
}

static void the_theme_of_the_program_itself_is_that_of_the_night(void **state)
{
    (void)state;
    char *text = theme_text("night.ini");
    assert_string_equal(builtin_theme, text);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_themes_of_the_house_are_whole),
        cmocka_unit_test(every_text_stands_out_from_its_ground),
        cmocka_unit_test(fields_of_sections_differ_and_are_legible),
        cmocka_unit_test(grounds_of_sections_are_one_or_differ),
        cmocka_unit_test(contrast_is_the_one_of_wcag),
        cmocka_unit_test(an_error_names_file_line_key_and_expectation),
        cmocka_unit_test(no_text_at_all_is_refused),
        cmocka_unit_test(the_theme_of_the_program_itself_is_that_of_the_night),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
