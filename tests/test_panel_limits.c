/* Panels: every limit on both of its sides, and what each field refuses. */
#include "protocol/panel.h"
#include "tests/support/body.h"
#include "tests/support/panel_body.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const char one_step[] =
    "[{'level': 'Ⅳ', 'at': '2021-07-20T18:30:00+08:00'}]";

static const struct {
    enum panel_template template;
    const char *path;
    size_t most;
} texts[] = {
    {TEMPLATE_TITLE, "title", 40},
    {TEMPLATE_TITLE, "subtitle", 80},
    {TEMPLATE_TITLE, "lines[1]", 80},
    {TEMPLATE_FIGURE, "figures[0].label", 30},
    {TEMPLATE_FIGURE, "figures[0].qualifier", 6},
    {TEMPLATE_FIGURE, "figures[0].unit", 12},
    {TEMPLATE_FIGURE, "figures[0].suffix", 6},
    {TEMPLATE_FIGURE, "figures[0].note", 80},
    {TEMPLATE_COMPARISON, "now_label", 30},
    {TEMPLATE_COMPARISON, "baseline_label", 30},
    {TEMPLATE_COMPARISON, "ratio_qualifier", 6},
    {TEMPLATE_COMPARISON, "statement", 80},
    {TEMPLATE_SHARE, "whole", 30},
    {TEMPLATE_YEARS, "honour", 80},
    {TEMPLATE_HONOURS, "items[0].text", 80},
    {TEMPLATE_HONOURS, "items[0].detail", 80},
    {TEMPLATE_GROWTH, "points[1].label", 30},
    {TEMPLATE_GROWTH, "unit", 12},
    {TEMPLATE_PLACE, "address", 80},
    {TEMPLATE_NOTICE, "body", 2000},
    {TEMPLATE_NOTICE, "sender", 80},
    {TEMPLATE_COUNTDOWN, "finished", 80},
    {TEMPLATE_QR, "caption", 80},
    {TEMPLATE_SITUATION, "level", 30},
    {TEMPLATE_SITUATION, "history[0].level", 30},
};

static void texts_pass_at_their_limit_and_not_above(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct panel panel;
        struct problem problem;
        char path[64];
        char words[64];
        json_t *object = body_make(body_smallest[texts[i].template]);
        if (strncmp(texts[i].path, "lines", 5) == 0)
            body_set(object, "lines", "['a', 'b']");
        if (strncmp(texts[i].path, "history", 7) == 0)
            body_set(object, "history", one_step);
        body_set_length(object, texts[i].path, texts[i].most);
        body_assert_panel(object, &panel);
        body_set_length(object, texts[i].path, 1);
        body_assert_panel(object, &panel);
        snprintf(path, sizeof path, "panel.%s", texts[i].path);
        snprintf(words, sizeof words, "%zu characters, %zu at most",
                 texts[i].most + 1, texts[i].most);
        body_set_length(object, texts[i].path, texts[i].most + 1);
        assert_false(body_reads_panel(object, &panel, &problem));
        body_assert_problem(&problem, path, words);
        body_set_length(object, texts[i].path, 0);
        assert_false(body_reads_panel(object, &panel, &problem));
        body_assert_problem(&problem, path, "empty");
        body_set(object, texts[i].path, "12");
        assert_false(body_reads_panel(object, &panel, &problem));
        body_assert_problem(&problem, path, "number 12 found, text expected");
        json_decref(object);
    }
}

#define DIGEST                                                                 \
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define PICTURE                                                                \
    "[{'sha256': '" DIGEST "', 'type': 'png', 'bytes': 1, 'width': 1,"         \
    " 'height': 1}]"

static const struct {
    enum panel_template template;
    const char *name, *value;
    size_t least, most;
} lists[] = {
    {TEMPLATE_TITLE, "lines", "['a']", 0, LIMIT_LINES},
    {TEMPLATE_FIGURE, "figures", "[{'value': 1, 'unit': 'a'}]", 1, 1},
    {TEMPLATE_FIGURES, "figures", "[{'value': 1, 'unit': 'a'}]", 2,
     LIMIT_FIGURES},
    {TEMPLATE_COMPARISON, "figures", "[{'value': 1, 'unit': 'a'}]", 1, 1},
    {TEMPLATE_SHARE, "figures", "[{'value': 1, 'unit': '%'}]", 1, 1},
    {TEMPLATE_SITUATION, "figures", "[{'value': 1, 'unit': 'a'}]", 1,
     LIMIT_FIGURES},
    {TEMPLATE_HONOURS, "items", "[{'text': 'a'}]", 1, LIMIT_ITEMS},
    {TEMPLATE_GROWTH, "points", "[{'label': 'a', 'value': 1}]", 2,
     LIMIT_POINTS},
    {TEMPLATE_PHOTO, "pictures", PICTURE, 1, 1},
    {TEMPLATE_SERIES, "pictures", PICTURE, 2, LIMIT_PICTURES},
    {TEMPLATE_NOTICE, "pictures", PICTURE, 1, 1},
    {TEMPLATE_SITUATION, "history",
     "[{'level': 'Ⅳ', 'at': '2021-07-20T18:30:00+08:00'}]", 0, LIMIT_HISTORY},
};

static void lists_pass_at_their_limits_and_not_beyond(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        for (size_t count = 0; count <= lists[i].most + 1; count++) {
            struct panel panel;
            struct problem problem;
            char path[64];
            json_t *object = body_make(body_smallest[lists[i].template]);
            body_set(object, lists[i].name, lists[i].value);
            body_set_count(object, lists[i].name, count);
            snprintf(path, sizeof path, "panel.%s", lists[i].name);
            bool fine = body_reads_panel(object, &panel, &problem);
            assert_int_equal(fine,
                             count >= lists[i].least && count <= lists[i].most);
            if (!fine)
                assert_string_equal(problem.field, path);
            json_decref(object);
        }
    }
}

static const struct {
    enum panel_template template;
    const char *path, *value, *words;
} bad_values[] = {
    {TEMPLATE_TITLE, "template", "'leaflet'", "one of title, figure"},
    {TEMPLATE_PHOTO, "pictures[0].bytes", "8388609", "from 1 to 8388608"},
    {TEMPLATE_PHOTO, "pictures[0].bytes", "0", "from 1 to 8388608"},
    {TEMPLATE_PHOTO, "pictures[0].width", "30001", "from 1 to 30000"},
    {TEMPLATE_PHOTO, "pictures[0].height", "0", "from 1 to 30000"},
    {TEMPLATE_PHOTO, "pictures[0].type", "'gif'", "one of jpeg, png, webp"},
    {TEMPLATE_PHOTO, "pictures[0].sha256", "'abc'", "64 digits"},
    {TEMPLATE_PHOTO, "pictures[0].focus_x", "1001", "from 0 to 1000"},
    {TEMPLATE_PHOTO, "pictures[0].ground", "'red'", "a colour like"},
    {TEMPLATE_TITLE, "template", "1", "number 1 found, text expected"},
    {TEMPLATE_TITLE, "section", "'品质'", "one of quality, garden"},
    {TEMPLATE_TITLE, "order", "-1", "from 0 to 9999"},
    {TEMPLATE_TITLE, "order", "10000", "from 0 to 9999"},
    {TEMPLATE_TITLE, "order", "1.0", "number 1.0 found, a whole number"},
    {TEMPLATE_TITLE, "order", "'1'", "text «1» found, a whole number"},
    {TEMPLATE_TITLE, "order", "null", "null found"},
    {TEMPLATE_TITLE, "title", "null", "null found, text expected"},
    {TEMPLATE_TITLE, "title", "['a']", "a list found, text expected"},
    {TEMPLATE_TITLE, "title", "{}", "an object found, text expected"},
    {TEMPLATE_TITLE, "title", "true", "true found, text expected"},
    {TEMPLATE_TITLE, "title", "'a\\nb'", "U+000A found, one line of text"},
    {TEMPLATE_TITLE, "title", "'a\\u0007'", "U+0007 found"},
    {TEMPLATE_TITLE, "title", "'a\\u007F'", "U+007F found"},
    {TEMPLATE_TITLE, "title", "'a\\u0085'", "U+0085 found"},
    {TEMPLATE_TITLE, "title", "'a\\u2028'", "U+2028 found"},
    {TEMPLATE_TITLE, "lines", "'a'", "text «a» found, a list expected"},
    {TEMPLATE_TITLE, "colour", "1", "unknown field"},
    {TEMPLATE_NOTICE, "body", "'a\\tb'", "U+0009 found, text expected"},
    {TEMPLATE_NOTICE, "body", "'a\\r\\nb'", "U+000D found"},
    {TEMPLATE_NOTICE, "date", "'2021-02-29T00:00:00+08:00'",
     "a time like 2021-07-20T18:30:00+08:00 expected"},
    {TEMPLATE_NOTICE, "date", "20210720", "a time like"},
    {TEMPLATE_FIGURE, "figures[0]", "1", "an object expected"},
    {TEMPLATE_FIGURE, "figures[0].value", "'12'",
     "text «12» found, a number expected"},
    {TEMPLATE_FIGURE, "figures[0].value", "1.2345", "3 of them behind"},
    {TEMPLATE_FIGURE, "figures[0].value", "1e15", "at most 15 digits"},
    {TEMPLATE_FIGURE, "figures[0].value", "1000000000000000",
     "at most 15 digits"},
    {TEMPLATE_FIGURE, "figures[0].value", NULL, "missing"},
    {TEMPLATE_FIGURE, "figures[0].unit", NULL, "missing"},
    {TEMPLATE_FIGURE, "figures[0].size", "1", "unknown field"},
    {TEMPLATE_HONOURS, "items[0].text", NULL, "missing"},
    {TEMPLATE_GROWTH, "points[1].value", "true", "true found, a number"},
    {TEMPLATE_GROWTH, "growth_style", "'pie'", "one of columns, line"},
    {TEMPLATE_YEARS, "years", "0", "from 1 to 20"},
    {TEMPLATE_YEARS, "years", "21", "from 1 to 20"},
    {TEMPLATE_YEARS, "last_year", "1969", "from 1970 to 9999"},
    {TEMPLATE_SHARE, "figures[0].unit", "'个'", "«%» expected"},
    {TEMPLATE_SHARE, "figures[0].value", "-0.001", "0 to 100"},
    {TEMPLATE_SHARE, "figures[0].value", "100.001",
     "number 100.001 found, 0 to 100"},
    {TEMPLATE_QR, "url", "'ftp://a'", "http:// or https://"},
    {TEMPLATE_QR, "url", "'https://'", "http:// or https://"},
    {TEMPLATE_QR, "url", "'HTTPS://a'", "http:// or https://"},
    {TEMPLATE_QR, "url", "'https://a b'", "http:// or https://"},
    {TEMPLATE_QR, "url", "'https://二七'", "http:// or https://"},
    {TEMPLATE_QR, "url", "'https://a\\u007F'", "http:// or https://"},
    {TEMPLATE_COMPARISON, "ratio", "0", "above 0"},
    {TEMPLATE_COMPARISON, "ratio", "-1", "above 0"},
    {TEMPLATE_COMPARISON, "baseline_value", "0", "above 0"},
    {TEMPLATE_COMPARISON, "baseline_value", "-5", "above 0"},
};

static void bad_values_are_refused_with_their_path(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bad_values / sizeof *bad_values; i++) {
        struct panel panel;
        struct problem problem;
        char path[64];
        json_t *object = body_make(body_smallest[bad_values[i].template]);
        body_set(object, bad_values[i].path, bad_values[i].value);
        snprintf(path, sizeof path, "panel.%s", bad_values[i].path);
        assert_false(body_reads_panel(object, &panel, &problem));
        body_assert_problem(&problem, path, bad_values[i].words);
        json_decref(object);
    }
}

static void what_is_no_object_is_no_panel(void **state)
{
    static const char *const values[] = {"[]", "null", "'a'", "1"};
    struct panel panel;
    struct problem problem;

    (void)state;
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        json_t *object = body_make(values[i]);
        assert_false(body_reads_panel(object, &panel, &problem));
        body_assert_problem(&problem, "panel", "an object expected");
        json_decref(object);
    }
    assert_false(body_reads_panel(NULL, &panel, &problem));
    body_assert_problem(&problem, "panel", "nothing found");
}

static void a_share_spans_zero_to_a_hundred(void **state)
{
    static const char *const values[] = {"0", "0.5", "100", "100.0"};

    (void)state;
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        struct panel panel;
        json_t *object = body_make(body_smallest[TEMPLATE_SHARE]);
        body_set(object, "figures[0].value", values[i]);
        body_assert_panel(object, &panel);
        json_decref(object);
    }
}

static void ratio_and_baseline_agree_within_one_percent(void **state)
{
    static const struct {
        const char *now, *baseline, *ratio;
        bool fine;
        int64_t units; /* of the ratio */
        int places;
    } cases[] = {
        {"760", NULL, "1.64", true, 164, 2},
        {"760", "463.4", NULL, true, 164, 2},
        {"3", "2", NULL, true, 15, 1},
        {"760", "463.4", "1.64", true, 164, 2},
        {"202", "200", "1", true, 1, 0},
        {"203", "200", "1", false, 0, 0},
        {"198", "200", "1", true, 1, 0},
        {"197", "200", "1", false, 0, 0},
        {"760", NULL, NULL, false, 0, 0},
        {"1", "1000", NULL, false, 0, 0},
        {"-5", "5", NULL, false, 0, 0},
        {"999999999999999", "0.001", NULL, false, 0, 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct panel panel;
        struct problem problem;
        json_t *object = body_make(body_smallest[TEMPLATE_COMPARISON]);
        body_set(object, "figures[0].value", cases[i].now);
        body_set(object, "baseline_value", cases[i].baseline);
        body_set(object, "ratio", cases[i].ratio);
        assert_int_equal(body_reads_panel(object, &panel, &problem),
                         cases[i].fine);
        if (cases[i].fine) {
            assert_int_equal(panel.ratio_known, cases[i].ratio != NULL);
            assert_int_equal(panel.baseline_known, cases[i].baseline != NULL);
            assert_int_equal(panel.ratio.units, cases[i].units);
            assert_int_equal(panel.ratio.places, cases[i].places);
        }
        json_decref(object);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_pass_at_their_limit_and_not_above),
        cmocka_unit_test(lists_pass_at_their_limits_and_not_beyond),
        cmocka_unit_test(bad_values_are_refused_with_their_path),
        cmocka_unit_test(what_is_no_object_is_no_panel),
        cmocka_unit_test(a_share_spans_zero_to_a_hundred),
        cmocka_unit_test(ratio_and_baseline_agree_within_one_percent),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
