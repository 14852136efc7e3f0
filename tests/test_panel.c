/* Panels: what each template needs and allows, and every limit on both of its
 * sides. */
#include "protocol/panel.h"
#include "protocol/timestamp.h"
#include "tests/support/body.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define COMMON "'section': 'quality', 'title': '题'"
#define POINTS "[{'label': 'a', 'value': 1}, {'label': 'b', 'value': 2}]"

/* The smallest panel of each template: every field in it is required. */
static const char *const smallest[TEMPLATE_COUNT] = {
    [TEMPLATE_TITLE] = "{'template': 'title', " COMMON "}",
    [TEMPLATE_FIGURE] = "{'template': 'figure', " COMMON ", 'figures':"
                        "[{'value': 760, 'unit': '亿元'}]}",
    [TEMPLATE_FIGURES] = "{'template': 'figures', " COMMON ", 'figures':"
                         "[{'value': 1, 'unit': '个'},"
                         "{'value': 2, 'unit': '个'}]}",
    [TEMPLATE_COMPARISON] = "{'template': 'comparison', " COMMON ", 'figures':"
                            "[{'value': 760, 'unit': '亿元'}],"
                            "'now_label': '2020 年',"
                            "'baseline_label': '2015 年', 'ratio': 1.64}",
    [TEMPLATE_SHARE] = "{'template': 'share', " COMMON ", 'figures':"
                       "[{'value': 70, 'unit': '%'}], 'whole': '财政支出'}",
    [TEMPLATE_YEARS] = "{'template': 'years', " COMMON
                       ", 'years': 6, 'honour': '全市优秀单位'}",
    [TEMPLATE_HONOURS] = "{'template': 'honours', " COMMON
                         ", 'items': [{'text': '樱桃沟'}]}",
    [TEMPLATE_GROWTH] = "{'template': 'growth', " COMMON
                        ", 'unit': '条', 'points': " POINTS "}",
    [TEMPLATE_PLACE] = "{'template': 'place', " COMMON ", 'address': '一楼'}",
    [TEMPLATE_NOTICE] = "{'template': 'notice', " COMMON ", 'body': '文'}",
    [TEMPLATE_COUNTDOWN] = "{'template': 'countdown', " COMMON
                           ", 'until': '2027-01-01T00:00:00+08:00'}",
    [TEMPLATE_QR] = "{'template': 'qr', " COMMON
                    ", 'url': 'https://example.org/', 'caption': '扫一扫'}",
    [TEMPLATE_SITUATION] = "{'template': 'situation', " COMMON
                           ", 'date': '2021-07-20T18:30:00+08:00'}",
};

/* A good value for every field, and the templates that have it. */
#define BIT(template) (1U << TEMPLATE_##template)
static const unsigned every_template = (1U << TEMPLATE_COUNT) - 1;
static const struct {
    const char *name, *value;
    unsigned templates;
} fields[] = {
    {"order", "7", every_template},
    {"subtitle", "'副题'", every_template},
    {"lines", "['一', '二']", every_template},
    {"figures", "[{'value': 50, 'unit': '%'}]",
     BIT(FIGURE) | BIT(COMPARISON) | BIT(SHARE) | BIT(SITUATION)},
    {"figures", "[{'value': 1, 'unit': '个'}, {'value': 2, 'unit': '个'}]",
     BIT(FIGURES) | BIT(SITUATION)},
    {"now_label", "'今'", BIT(COMPARISON)},
    {"baseline_label", "'昔'", BIT(COMPARISON)},
    {"baseline_value", "463.4", BIT(COMPARISON)},
    {"ratio", "2", BIT(COMPARISON)},
    {"ratio_qualifier", "'近'", BIT(COMPARISON)},
    {"statement", "'翻了一番'", BIT(COMPARISON)},
    {"whole", "'全部'", BIT(SHARE)},
    {"years", "4", BIT(YEARS)},
    {"honour", "'先进'", BIT(YEARS)},
    {"last_year", "2021", BIT(YEARS)},
    {"items", "[{'text': 'a', 'detail': 'b'}]", BIT(HONOURS) | BIT(PLACE)},
    {"points", POINTS, BIT(GROWTH)},
    {"unit", "'℃'", BIT(GROWTH)},
    {"growth_style", "'line'", BIT(GROWTH)},
    {"address", "'二楼'", BIT(PLACE)},
    {"body", "'一\\n二'", BIT(NOTICE)},
    {"sender", "'办公室'", BIT(NOTICE) | BIT(SITUATION)},
    {"date", "'2021-07-20T18:30:00+08:00'", BIT(NOTICE) | BIT(SITUATION)},
    {"until", "'2027-01-01T00:00:00+08:00'", BIT(COUNTDOWN)},
    {"finished", "'新年好'", BIT(COUNTDOWN)},
    {"url", "'http://example.org'", BIT(QR)},
    {"caption", "'扫'", BIT(QR)},
    {"level", "'Ⅲ'", BIT(SITUATION)},
    {"history", "[{'level': 'Ⅳ', 'at': '2021-07-20T18:30:00+08:00'}]",
     BIT(SITUATION)},
};

enum { FIELDS = sizeof fields / sizeof *fields };

static bool reads(json_t *object, struct panel *panel, struct problem *problem)
{
    *problem = (struct problem){0};
    bool fine = panel_read(object, panel, problem);
    assert_int_equal(problem->code, fine ? PROBLEM_NONE : PROBLEM_FIELD);
    return fine;
}

static void assert_reads(json_t *object, struct panel *panel)
{
    struct problem problem;

    if (!reads(object, panel, &problem))
        fail_msg("%s: %s", problem.field, problem.expected);
}

static void the_smallest_panel_of_each_template_is_read(void **state)
{
    (void)state;
    for (int i = 0; i < TEMPLATE_COUNT; i++) {
        struct panel panel;
        json_t *object = body_make(smallest[i]);
        assert_reads(object, &panel);
        assert_int_equal(panel.template, i);
        assert_string_equal(panel.title, "题");
        assert_string_equal(panel.subtitle, "");
        assert_int_equal(panel.order, 0);
        assert_string_equal(
            panel_template_name(panel.template),
            json_string_value(json_object_get(object, "template")));
        json_decref(object);
    }
}

static void a_panel_without_a_field_that_it_needs_is_refused(void **state)
{
    (void)state;
    for (int i = 0; i < TEMPLATE_COUNT; i++) {
        json_t *whole = body_make(smallest[i]);
        const char *name;
        json_t *value;
        json_object_foreach(whole, name, value)
        {
            struct panel panel = {.order = 42};
            struct problem problem;
            char path[64];
            json_t *object = json_deep_copy(whole);
            json_object_del(object, name);
            snprintf(path, sizeof path, "panel.%s", name);
            assert_false(reads(object, &panel, &problem));
            body_assert_problem(&problem, path, "missing");
            assert_int_equal(panel.order, 42);
            json_decref(object);
        }
        json_decref(whole);
    }
}

static void a_template_has_its_own_fields_and_no_others(void **state)
{
    (void)state;
    for (int i = 0; i < TEMPLATE_COUNT; i++) {
        for (size_t f = 0; f < FIELDS; f++) {
            struct panel panel;
            struct problem problem;
            char path[64];
            json_t *object = body_make(smallest[i]);
            body_set(object, fields[f].name, fields[f].value);
            if (i == TEMPLATE_COMPARISON &&
                strcmp(fields[f].name, "figures") == 0)
                body_set(object, "ratio", "1");
            snprintf(path, sizeof path, "panel.%s", fields[f].name);
            bool fine = reads(object, &panel, &problem);
            if (fine != !!(fields[f].templates & 1U << i))
                fail_msg("%s, %s: %s", panel_template_name(i), path,
                         problem.expected);
            if (!fine)
                assert_string_equal(problem.field, path);
            json_decref(object);
        }
    }
}

static void every_section_is_known_by_its_name(void **state)
{
    (void)state;
    for (int i = 0; i < SECTION_COUNT; i++) {
        struct panel panel;
        json_t *object = body_make(smallest[TEMPLATE_TITLE]);
        json_object_set_new(object, "section",
                            json_string(panel_section_name(i)));
        assert_reads(object, &panel);
        assert_int_equal(panel.section, i);
        json_decref(object);
    }
}

static void texts_pass_at_their_limit_and_not_above(void **state)
{
    static const struct {
        enum panel_template template;
        const char *path;
        size_t most;
    } cases[] = {
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

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct panel panel;
        struct problem problem;
        char path[64];
        char words[64];
        json_t *object = body_make(smallest[cases[i].template]);
        if (strncmp(cases[i].path, "lines", 5) == 0)
            body_set(object, "lines", "['a', 'b']");
        if (strncmp(cases[i].path, "history", 7) == 0)
            body_set(object, "history", fields[FIELDS - 1].value);
        body_set_length(object, cases[i].path, cases[i].most);
        assert_reads(object, &panel);
        body_set_length(object, cases[i].path, 1);
        assert_reads(object, &panel);
        snprintf(path, sizeof path, "panel.%s", cases[i].path);
        snprintf(words, sizeof words, "%zu characters, %zu at most",
                 cases[i].most + 1, cases[i].most);
        body_set_length(object, cases[i].path, cases[i].most + 1);
        assert_false(reads(object, &panel, &problem));
        body_assert_problem(&problem, path, words);
        body_set_length(object, cases[i].path, 0);
        assert_false(reads(object, &panel, &problem));
        body_assert_problem(&problem, path, "empty");
        body_set(object, cases[i].path, "12");
        assert_false(reads(object, &panel, &problem));
        body_assert_problem(&problem, path, "number 12 found, text expected");
        json_decref(object);
    }
}

static void lists_pass_at_their_limits_and_not_beyond(void **state)
{
    static const struct {
        enum panel_template template;
        const char *name, *value;
        size_t least, most;
    } cases[] = {
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
        {TEMPLATE_SITUATION, "history",
         "[{'level': 'Ⅳ', 'at': '2021-07-20T18:30:00+08:00'}]", 0,
         LIMIT_HISTORY},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        for (size_t count = 0; count <= cases[i].most + 1; count++) {
            struct panel panel;
            struct problem problem;
            char path[64];
            json_t *object = body_make(smallest[cases[i].template]);
            body_set(object, cases[i].name, cases[i].value);
            body_set_count(object, cases[i].name, count);
            snprintf(path, sizeof path, "panel.%s", cases[i].name);
            bool fine = reads(object, &panel, &problem);
            assert_int_equal(fine,
                             count >= cases[i].least && count <= cases[i].most);
            if (!fine)
                assert_string_equal(problem.field, path);
            json_decref(object);
        }
    }
}

static void bad_values_are_refused_with_their_path(void **state)
{
    static const struct {
        enum panel_template template;
        const char *path, *value, *words;
    } cases[] = {
        {TEMPLATE_TITLE, "template", "'poster'", "one of title, figure"},
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

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct panel panel;
        struct problem problem;
        char path[64];
        json_t *object = body_make(smallest[cases[i].template]);
        body_set(object, cases[i].path, cases[i].value);
        snprintf(path, sizeof path, "panel.%s", cases[i].path);
        assert_false(reads(object, &panel, &problem));
        body_assert_problem(&problem, path, cases[i].words);
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
        assert_false(reads(object, &panel, &problem));
        body_assert_problem(&problem, "panel", "an object expected");
        json_decref(object);
    }
    assert_false(reads(NULL, &panel, &problem));
    body_assert_problem(&problem, "panel", "nothing found");
}

static void a_share_spans_zero_to_a_hundred(void **state)
{
    static const char *const values[] = {"0", "0.5", "100", "100.0"};

    (void)state;
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        struct panel panel;
        json_t *object = body_make(smallest[TEMPLATE_SHARE]);
        body_set(object, "figures[0].value", values[i]);
        assert_reads(object, &panel);
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
        json_t *object = body_make(smallest[TEMPLATE_COMPARISON]);
        body_set(object, "figures[0].value", cases[i].now);
        body_set(object, "baseline_value", cases[i].baseline);
        body_set(object, "ratio", cases[i].ratio);
        assert_int_equal(reads(object, &panel, &problem), cases[i].fine);
        if (cases[i].fine) {
            assert_int_equal(panel.ratio_known, cases[i].ratio != NULL);
            assert_int_equal(panel.baseline_known, cases[i].baseline != NULL);
            assert_int_equal(panel.ratio.units, cases[i].units);
            assert_int_equal(panel.ratio.places, cases[i].places);
        }
        json_decref(object);
    }
}

static void every_value_arrives_in_its_place(void **state)
{
    struct panel panel;
    json_t *object = body_make(
        "{'template': 'situation', 'section': 'emergency', 'order': 9999,"
        "'title': '演练进展', 'subtitle': '副', 'lines': ['一', '二'],"
        "'date': '2021-07-20T18:30:00+08:00', 'sender': '值班室',"
        "'level': 'Ⅲ', 'history': ["
        "{'level': 'Ⅳ', 'at': '2021-07-20T10:00:00+08:00'},"
        "{'level': 'Ⅲ', 'at': '2021-07-20T18:30:00+08:00'}],"
        "'figures': [{'label': '转移', 'qualifier': '约', 'value': 9.80,"
        "'unit': '万人', 'suffix': '余', 'note': '一夜之间'},"
        "{'value': -3, 'unit': '处'}]}");

    (void)state;
    assert_reads(object, &panel);
    assert_int_equal(panel.section, SECTION_EMERGENCY);
    assert_int_equal(panel.order, 9999);
    assert_int_equal(panel.line_count, 2);
    assert_string_equal(panel.lines[1], "二");
    assert_int_equal(panel.date_ms, 1626777000000);
    assert_int_equal(panel.until_ms, TIMESTAMP_NONE);
    assert_int_equal(panel.history_count, 2);
    assert_string_equal(panel.history[0].level, "Ⅳ");
    assert_int_equal(panel.history[1].at_ms, panel.date_ms);
    assert_int_equal(panel.figure_count, 2);
    assert_string_equal(panel.figures[0].qualifier, "约");
    assert_int_equal(panel.figures[0].value.units, 98);
    assert_int_equal(panel.figures[0].value.places, 1);
    assert_string_equal(panel.figures[0].suffix, "余");
    assert_string_equal(panel.figures[0].note, "一夜之间");
    assert_string_equal(panel.figures[1].label, "");
    assert_int_equal(panel.figures[1].value.units, -3);
    json_decref(object);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_smallest_panel_of_each_template_is_read),
        cmocka_unit_test(a_panel_without_a_field_that_it_needs_is_refused),
        cmocka_unit_test(a_template_has_its_own_fields_and_no_others),
        cmocka_unit_test(every_section_is_known_by_its_name),
        cmocka_unit_test(texts_pass_at_their_limit_and_not_above),
        cmocka_unit_test(lists_pass_at_their_limits_and_not_beyond),
        cmocka_unit_test(bad_values_are_refused_with_their_path),
        cmocka_unit_test(what_is_no_object_is_no_panel),
        cmocka_unit_test(a_share_spans_zero_to_a_hundred),
        cmocka_unit_test(ratio_and_baseline_agree_within_one_percent),
        cmocka_unit_test(every_value_arrives_in_its_place),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
