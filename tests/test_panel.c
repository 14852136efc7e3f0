/* Panels: what each template needs and allows, and where values arrive. */
#include "base/timestamp.h"
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

#define POINTS "[{'label': 'a', 'value': 1}, {'label': 'b', 'value': 2}]"

#define PICTURE                                                                \
    "{'sha256': '0123456789abcdef0123456789abcdef0123456789abcdef"             \
    "0123456789abcdef', 'type': 'webp', 'bytes': 100, 'width': 30,"            \
    " 'height': 20, 'focus_x': 0, 'ground': '#20304f'}"

/* A good value for every field, and the templates that have it. */
#define BIT(template) (1U << TEMPLATE_##template)
static const unsigned every_template = (1U << TEMPLATE_COUNT) - 1;
static const struct {
    const char *name, *value;
    unsigned templates;
} fields[] = {
    {"order", "7", every_template},
    {"schedule", "{'hours': ['07:00-09:00'], 'weight': 2}", every_template},
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
    {"pictures", "[" PICTURE "]",
     BIT(PHOTO) | BIT(POSTER) | BIT(FIGURE) | BIT(FIGURES) | BIT(SHARE) |
         BIT(YEARS) | BIT(HONOURS) | BIT(PLACE) | BIT(NOTICE)},
    {"pictures", "[" PICTURE ", " PICTURE "]", BIT(SERIES)},
    {"level", "'Ⅲ'", BIT(SITUATION)},
    {"history", "[{'level': 'Ⅳ', 'at': '2021-07-20T18:30:00+08:00'}]",
     BIT(SITUATION)},
};

enum { FIELDS = sizeof fields / sizeof *fields };

static void the_smallest_panel_of_each_template_is_read(void **state)
{
    (void)state;
    for (int i = 0; i < TEMPLATE_COUNT; i++) {
        struct panel panel;
        json_t *object = body_make(body_smallest[i]);
        body_assert_panel(object, &panel);
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
        json_t *whole = body_make(body_smallest[i]);
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
            assert_false(body_reads_panel(object, &panel, &problem));
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
            json_t *object = body_make(body_smallest[i]);
            body_set(object, fields[f].name, fields[f].value);
            if (i == TEMPLATE_COMPARISON &&
                strcmp(fields[f].name, "figures") == 0)
                body_set(object, "ratio", "1");
            snprintf(path, sizeof path, "panel.%s", fields[f].name);
            bool fine = body_reads_panel(object, &panel, &problem);
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
        json_t *object = body_make(body_smallest[TEMPLATE_TITLE]);
        json_object_set_new(object, "section",
                            json_string(panel_section_name(i)));
        body_assert_panel(object, &panel);
        assert_int_equal(panel.section, i);
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
    body_assert_panel(object, &panel);
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
        cmocka_unit_test(every_value_arrives_in_its_place),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
