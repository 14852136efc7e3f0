/* Messages whose every field is at its limit keep the rules of the glass too:
 * they need more pages, not smaller words. */
#include "base/utf8.h"
#include "tests/support/page_check.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { PAGES_MOST = 900 };

/* So many characters, different ones in each text; some are stops. */
static json_t *text_of(size_t characters)
{
    static uint32_t seed = 1;
    char text[LIMIT_BODY_CHARACTERS * 4 + 1];
    size_t at = 0;
    for (size_t i = 0; i < characters; i++) {
        seed = seed * 1664525 + 1013904223;
        bool edge = i == 0 || i + 1 == characters;
        bool stop = !edge && seed % 13 == 0;
        at += utf8_put(stop ? 0xFF0C : 0x4E00 + (seed >> 8) % 20000, text + at);
    }
    text[at] = '\0';
    return json_string(text);
}

static void set_text(json_t *object, const char *name, size_t characters)
{
    assert_int_equal(json_object_set_new(object, name, text_of(characters)), 0);
}

static json_t *figure(void)
{
    json_t *out = json_pack("{s:f}", "value", 987654321.125);
    set_text(out, "label", LIMIT_LABEL_CHARACTERS);
    set_text(out, "qualifier", LIMIT_QUALIFIER_CHARACTERS);
    set_text(out, "unit", LIMIT_UNIT_CHARACTERS);
    set_text(out, "suffix", LIMIT_QUALIFIER_CHARACTERS);
    set_text(out, "note", LIMIT_LINE_CHARACTERS);
    return out;
}

static json_t *item(void)
{
    json_t *out = json_object();
    set_text(out, "text", LIMIT_LINE_CHARACTERS);
    set_text(out, "detail", LIMIT_LINE_CHARACTERS);
    return out;
}

static json_t *point(void)
{
    json_t *out = json_pack("{s:f}", "value", 987654.5);
    set_text(out, "label", LIMIT_LABEL_CHARACTERS);
    return out;
}

static json_t *step(void)
{
    json_t *out = json_pack("{s:s}", "at", "2021-07-20T18:30:00+08:00");
    set_text(out, "level", LIMIT_LABEL_CHARACTERS);
    return out;
}

static json_t *list_of(json_t *(*entry)(void), size_t count)
{
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, entry());
    return list;
}

static json_t *line(void)
{
    return text_of(LIMIT_LINE_CHARACTERS);
}

static void add_figures(json_t *panel, size_t count)
{
    json_object_set_new(panel, "figures", list_of(figure, count));
}

static void fill_figures(json_t *panel)
{
    add_figures(panel, LIMIT_FIGURES);
}

static void fill_figure(json_t *panel)
{
    add_figures(panel, 1);
}

static void fill_comparison(json_t *panel)
{
    add_figures(panel, 1);
    set_text(panel, "now_label", LIMIT_LABEL_CHARACTERS);
    set_text(panel, "baseline_label", LIMIT_LABEL_CHARACTERS);
    set_text(panel, "ratio_qualifier", LIMIT_QUALIFIER_CHARACTERS);
    json_object_set_new(panel, "ratio", json_real(123.456));
}

static void fill_share(json_t *panel)
{
    json_t *part = figure();
    json_object_set_new(part, "value", json_real(99.875));
    json_object_set_new(part, "unit", json_string("%"));
    json_object_set_new(panel, "figures", json_pack("[o]", part));
    set_text(panel, "whole", LIMIT_LABEL_CHARACTERS);
}

static void fill_years(json_t *panel)
{
    json_object_set_new(panel, "years", json_integer(LIMIT_YEARS));
    json_object_set_new(panel, "last_year", json_integer(2021));
    set_text(panel, "honour", LIMIT_LINE_CHARACTERS);
}

static void fill_honours(json_t *panel)
{
    json_object_set_new(panel, "items", list_of(item, LIMIT_ITEMS));
}

static void fill_growth(json_t *panel)
{
    json_object_set_new(panel, "points", list_of(point, LIMIT_POINTS));
    set_text(panel, "unit", LIMIT_UNIT_CHARACTERS);
}

static void fill_place(json_t *panel)
{
    set_text(panel, "address", LIMIT_LINE_CHARACTERS);
    fill_honours(panel);
}

static void fill_notice(json_t *panel)
{
    set_text(panel, "body", LIMIT_BODY_CHARACTERS);
    set_text(panel, "sender", LIMIT_LINE_CHARACTERS);
    json_object_set_new(panel, "date",
                        json_string("2021-07-20T18:30:00+08:00"));
}

static void fill_countdown(json_t *panel)
{
    json_object_set_new(panel, "until",
                        json_string("9998-12-31T23:59:59+08:00"));
    set_text(panel, "finished", LIMIT_LINE_CHARACTERS);
}

static void fill_qr(json_t *panel)
{
    char url[LIMIT_URL_CHARACTERS + 1] = "https://example.org/";
    memset(url + 20, 'a', LIMIT_URL_CHARACTERS - 20);
    url[LIMIT_URL_CHARACTERS] = '\0';
    json_object_set_new(panel, "url", json_string(url));
    set_text(panel, "caption", LIMIT_LINE_CHARACTERS);
}

static void fill_situation(json_t *panel)
{
    fill_figures(panel);
    json_object_set_new(panel, "date",
                        json_string("2021-07-20T18:30:00+08:00"));
    set_text(panel, "sender", LIMIT_LINE_CHARACTERS);
    set_text(panel, "level", LIMIT_LABEL_CHARACTERS);
    json_object_set_new(panel, "history", list_of(step, LIMIT_HISTORY));
}

static void fill_nothing(json_t *panel)
{
    (void)panel;
}

static const struct {
    const char *template;
    void (*fill)(json_t *panel);
} panels[] = {
    {"title", fill_nothing},       {"figure", fill_figure},
    {"figures", fill_figures},     {"comparison", fill_comparison},
    {"share", fill_share},         {"years", fill_years},
    {"honours", fill_honours},     {"growth", fill_growth},
    {"place", fill_place},         {"notice", fill_notice},
    {"countdown", fill_countdown}, {"qr", fill_qr},
    {"situation", fill_situation},
};

static struct message *message_of(json_t *root)
{
    char *json = json_dumps(root, 0);
    assert_non_null(json);
    struct message *message = pages_message_text(json);
    free(json);
    json_decref(root);
    return message;
}

static struct message *full_panel(size_t index)
{
    json_t *panel = json_pack("{s:s,s:s}", "template", panels[index].template,
                              "section", "warmth");
    set_text(panel, "title", LIMIT_TITLE_CHARACTERS);
    set_text(panel, "subtitle", LIMIT_LINE_CHARACTERS);
    json_object_set_new(panel, "lines", list_of(line, LIMIT_LINES));
    panels[index].fill(panel);
    return message_of(json_pack("{s:i,s:s,s:s,s:o}", "gaoshi", 1, "kind",
                                "panel", "id", "full", "panel", panel));
}

static json_t *contact(void)
{
    json_t *out = json_object();
    set_text(out, "label", LIMIT_LABEL_CHARACTERS);
    set_text(out, "number", LIMIT_LABEL_CHARACTERS);
    return out;
}

static struct message *full_alert(void)
{
    json_t *alert = json_pack("{s:s,s:s,s:s,s:s,s:s}", "status", "exercise",
                              "type", "alert", "level", "orange", "urgency",
                              "immediate", "certainty", "observed");
    set_text(alert, "event", LIMIT_LABEL_CHARACTERS);
    set_text(alert, "headline", LIMIT_HEADLINE_CHARACTERS);
    set_text(alert, "instruction", LIMIT_INSTRUCTION_CHARACTERS);
    set_text(alert, "description", LIMIT_DESCRIPTION_CHARACTERS);
    set_text(alert, "area", LIMIT_AREA_CHARACTERS);
    set_text(alert, "sender", LIMIT_LINE_CHARACTERS);
    set_text(alert, "response_level", LIMIT_LABEL_CHARACTERS);
    json_object_set_new(alert, "contacts", list_of(contact, LIMIT_CONTACTS));
    return message_of(json_pack("{s:i,s:s,s:s,s:o}", "gaoshi", 1, "kind",
                                "alert", "id", "full", "alert", alert));
}

static void check_shown(const struct message *message, const char *name,
                        const struct page_context *context,
                        const struct draw_list *lists, size_t count)
{
    char why[PAGE_CHECK_BYTES];
    int width = context->geometry.width_px;
    int height = context->geometry.height_px;
    for (size_t i = 0; i < count; i++) {
        if (!page_check_list(&lists[i], &context->geometry, why))
            fail_msg("%s at %dx%d, page %zu of %zu: %s", name, width, height,
                     i + 1, count, why);
    }
    struct page_texts texts;
    page_check_texts(message, &context->geometry, &texts);
    for (size_t i = 0; i < texts.count; i++) {
        /* Stands there once the moment has come. */
        if (!page_check_shows(lists, count, texts.items[i]))
            fail_msg("%s at %dx%d: «%.60s…» stands on no page", name, width,
                     height, texts.items[i]);
    }
    page_check_texts_finish(&texts);
}

static void check_everywhere(struct message *message, const char *name,
                             bool safe)
{
    static struct draw_list lists[PAGES_MOST];
    struct theme theme;
    pages_theme("night", &theme);
    for (size_t i = 0; i < PAGES_SIZES; i++) {
        struct page_context context = pages_context(
            &theme, pages_sizes[i].width, pages_sizes[i].height, message->kind);
        context.safe = safe;
        struct page_set *set = page_set_create(message, &context);
        assert_non_null(set);
        size_t count = page_set_count(set);
        assert_in_range(count, 1, PAGES_MOST);
        for (size_t page = 0; page < count; page++)
            lists[page] = pages_at(set, page, INT32_MAX, PAGES_NOW_MS);
        check_shown(message, name, &context, lists, count);
        for (size_t page = 0; page < count; page++)
            draw_list_finish(&lists[page]);
        memset(lists, 0, sizeof lists);
        page_set_destroy(set);
    }
    message_destroy(message);
}

static void the_fullest_panels_keep_the_rules(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof panels / sizeof panels[0]; i++)
        check_everywhere(full_panel(i), panels[i].template, false);
}

static void the_fullest_alert_keeps_the_rules(void **state)
{
    (void)state;
    check_everywhere(full_alert(), "alert", false);
}

static void in_safe_mode_the_fullest_keep_the_rules_as_well(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof panels / sizeof panels[0]; i++)
        check_everywhere(full_panel(i), panels[i].template, true);
    check_everywhere(full_alert(), "alert", true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_fullest_panels_keep_the_rules),
        cmocka_unit_test(the_fullest_alert_keeps_the_rules),
        cmocka_unit_test(in_safe_mode_the_fullest_keep_the_rules_as_well),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
