/* The panels of the district say what the facts say, no more and no less: a
 * figure cannot lose a digit, its unit or its «about» unnoticed. */
#include "base/utf8.h"
#include "tests/support/table.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { ROW, WHAT, KIND, FIGURE, UNIT, QUALIFIER, PANEL, COLUMN_COUNT };
enum { PANELS_MAX = 100 };

struct erqi {
    struct table facts;
    struct names files;
    json_t *messages[PANELS_MAX];
    json_t *panels[PANELS_MAX];
};

static int load(void **state)
{
    static struct erqi erqi;

    table_read("tests/facts_erqi.tsv", COLUMN_COUNT, &erqi.facts);
    names_list("data/erqi", ".json", &erqi.files);
    assert_true(erqi.files.count <= PANELS_MAX);
    for (size_t i = 0; i < erqi.files.count; i++) {
        char path[300];
        size_t bytes;
        snprintf(path, sizeof path, "data/erqi/%s", erqi.files.items[i]);
        char *text = source_read(path, &bytes);
        erqi.messages[i] = json_loadb(text, bytes, JSON_REJECT_DUPLICATES,
                                      NULL);
        erqi.panels[i] = json_object_get(erqi.messages[i], "panel");
        if (!erqi.panels[i])
            fail_msg("%s is no panel", path);
        free(text);
    }
    *state = &erqi;
    return 0;
}

static int unload(void **state)
{
    struct erqi *erqi = *state;

    for (size_t i = 0; i < erqi->files.count; i++)
        json_decref(erqi->messages[i]);
    names_finish(&erqi->files);
    table_finish(&erqi->facts);
    return 0;
}

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));

    return text ? text : "";
}

static const char *panel_id(const struct erqi *erqi, size_t panel)
{
    return text_of(erqi->messages[panel], "id");
}

static bool is_of(const struct table_row *fact, const char *kind,
                  const char *id)
{
    return strcmp(fact->cells[KIND], kind) == 0 &&
           strcmp(fact->cells[PANEL], id) == 0;
}

/* An empty cell of the table is a dash. */
static bool cell_is(const char *cell, const char *text)
{
    return strcmp(cell, text[0] ? text : "-") == 0;
}

static bool number_is(const char *cell, const json_t *number)
{
    return json_is_number(number) &&
           strtod(cell, NULL) == json_number_value(number);
}

/* Before the digits (超, 约, 近) or behind them (余, 多): one of the two. */
static bool qualifier_is(const char *cell, const json_t *figure)
{
    const char *before = text_of(figure, "qualifier");
    const char *behind = text_of(figure, "suffix");

    return (!before[0] || !behind[0]) &&
           cell_is(cell, before[0] ? before : behind);
}

static bool figure_is(const struct table_row *fact, const json_t *figure)
{
    const char *label = text_of(figure, "label");

    return number_is(fact->cells[FIGURE], json_object_get(figure, "value")) &&
           cell_is(fact->cells[UNIT], text_of(figure, "unit")) &&
           qualifier_is(fact->cells[QUALIFIER], figure) &&
           (!label[0] || strcmp(label, fact->cells[WHAT]) == 0);
}

static bool ratio_is(const struct table_row *fact, const json_t *panel)
{
    return number_is(fact->cells[FIGURE], json_object_get(panel, "ratio")) &&
           cell_is(fact->cells[QUALIFIER], text_of(panel, "ratio_qualifier"));
}

static bool years_are(const struct table_row *fact, const json_t *panel)
{
    return number_is(fact->cells[FIGURE], json_object_get(panel, "years"));
}

/* Calls visit with every text that a passer-by reads, until it says false. */
typedef bool visit_text(const char *text, void *context);
static bool visit_texts(const json_t *value, visit_text *visit, void *context)
{
    static const char *const words[] = {"template", "section", "growth_style"};

    if (json_is_string(value))
        return visit(json_string_value(value), context);
    for (size_t i = 0; i < json_array_size(value); i++)
        if (!visit_texts(json_array_get(value, i), visit, context))
            return false;
    const char *key;
    json_t *child;
    json_object_foreach((json_t *)value, key, child)
    {
        bool is_word = false;
        for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
            is_word = is_word || strcmp(key, words[i]) == 0;
        if (!is_word && !visit_texts(child, visit, context))
            return false;
    }
    return true;
}

static bool lacks_text(const char *text, void *context)
{
    return strstr(text, context) == NULL;
}

static bool has_figure(const struct table_row *fact, const json_t *panel)
{
    const json_t *figures = json_object_get(panel, "figures");

    for (size_t i = 0; i < json_array_size(figures); i++)
        if (figure_is(fact, json_array_get(figures, i)))
            return true;
    return false;
}

static bool panel_says(const struct table_row *fact, const json_t *panel)
{
    const char *kind = fact->cells[KIND];

    if (strcmp(kind, "figure") == 0)
        return has_figure(fact, panel);
    if (strcmp(kind, "ratio") == 0)
        return ratio_is(fact, panel);
    if (strcmp(kind, "years") == 0)
        return years_are(fact, panel);
    if (strcmp(kind, "text") == 0)
        return !visit_texts(panel, lacks_text, (void *)fact->cells[WHAT]);
    fail_msg("line %d: unknown kind %s", fact->line, kind);
    return false;
}

static void every_fact_stands_on_its_panel(void **state)
{
    const struct erqi *erqi = *state;

    for (size_t i = 0; i < erqi->facts.row_count; i++) {
        const struct table_row *fact = &erqi->facts.rows[i];
        bool found = false;
        for (size_t p = 0; p < erqi->files.count; p++)
            found = found ||
                    (strcmp(fact->cells[PANEL], panel_id(erqi, p)) == 0 &&
                     panel_says(fact, erqi->panels[p]));
        if (!found)
            fail_msg("line %d: %s %s %s %s does not stand on %s", fact->line,
                     fact->cells[WHAT], fact->cells[QUALIFIER],
                     fact->cells[FIGURE], fact->cells[UNIT],
                     fact->cells[PANEL]);
    }
}

static void every_row_of_the_facts_has_a_panel(void **state)
{
    static const struct {
        char part;
        int rows;
    } parts[] = {{'Q', 13}, {'G', 4}, {'W', 11}, {'E', 6}};
    const struct erqi *erqi = *state;

    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        for (int number = 1; number <= parts[i].rows; number++) {
            char row[16];
            bool found = false;
            snprintf(row, sizeof row, "%c%d", parts[i].part, number);
            for (size_t f = 0; f < erqi->facts.row_count; f++)
                found = found || !strcmp(erqi->facts.rows[f].cells[ROW], row);
            if (!found)
                fail_msg("row %s stands nowhere", row);
        }
}

typedef bool fact_test(const struct table_row *fact, const json_t *thing);
static bool some_fact(const struct erqi *erqi, const char *id, const char *kind,
                      fact_test *test, const json_t *thing)
{
    for (size_t i = 0; i < erqi->facts.row_count; i++) {
        const struct table_row *fact = &erqi->facts.rows[i];
        if (is_of(fact, kind, id) && test(fact, thing))
            return true;
    }
    return false;
}

static void every_figure_on_a_panel_is_a_fact(void **state)
{
    const struct erqi *erqi = *state;

    for (size_t p = 0; p < erqi->files.count; p++) {
        const json_t *panel = erqi->panels[p];
        const char *id = panel_id(erqi, p);
        const json_t *figures = json_object_get(panel, "figures");
        for (size_t i = 0; i < json_array_size(figures); i++)
            if (!some_fact(erqi, id, "figure", figure_is,
                           json_array_get(figures, i)))
                fail_msg("%s: figure %zu is no fact", id, i);
        if (json_object_get(panel, "ratio") &&
            !some_fact(erqi, id, "ratio", ratio_is, panel))
            fail_msg("%s: the ratio is no fact", id);
        if (json_object_get(panel, "years") &&
            !some_fact(erqi, id, "years", years_are, panel))
            fail_msg("%s: the years are no fact", id);
        assert_null(json_object_get(panel, "baseline_value"));
        assert_null(json_object_get(panel, "points"));
        assert_null(json_object_get(panel, "last_year"));
    }
}

struct digit_search {
    const struct erqi *erqi;
    const char *id;
};

static bool is_covered(const char *text, const char *digit,
                       const struct digit_search *search)
{
    for (size_t i = 0; i < search->erqi->facts.row_count; i++) {
        const struct table_row *fact = &search->erqi->facts.rows[i];
        if (!is_of(fact, "text", search->id))
            continue;
        const char *what = fact->cells[WHAT];
        for (const char *at = text; (at = strstr(at, what)); at++)
            if (digit >= at && digit < at + strlen(what))
                return true;
    }
    return false;
}

static bool digits_are_facts(const char *text, void *context)
{
    for (const char *c = text; *c; c++)
        if (*c >= '0' && *c <= '9' && !is_covered(text, c, context))
            return false;
    return true;
}

static void every_digit_in_a_text_belongs_to_a_fact(void **state)
{
    const struct erqi *erqi = *state;

    for (size_t p = 0; p < erqi->files.count; p++) {
        struct digit_search search = {erqi, panel_id(erqi, p)};
        if (!visit_texts(erqi->panels[p], digits_are_facts, &search))
            fail_msg("%s: a text holds a figure that is no fact", search.id);
    }
}

static void every_panel_bears_the_name_of_its_file(void **state)
{
    const struct erqi *erqi = *state;

    for (size_t p = 0; p < erqi->files.count; p++) {
        char name[300];
        snprintf(name, sizeof name, "%s.json", panel_id(erqi, p));
        assert_string_equal(name, erqi->files.items[p]);
    }
}

/* Titles have nothing to prove; everything else is in the table. */
static void every_other_panel_is_in_the_table(void **state)
{
    const struct erqi *erqi = *state;

    for (size_t p = 0; p < erqi->files.count; p++) {
        const char *id = panel_id(erqi, p);
        bool known = !strcmp(text_of(erqi->panels[p], "template"), "title");
        for (size_t i = 0; i < erqi->facts.row_count; i++)
            known = known || !strcmp(erqi->facts.rows[i].cells[PANEL], id);
        if (!known)
            fail_msg("%s is not in tests/facts_erqi.tsv", id);
    }
}

static void each_section_opens_with_its_title(void **state)
{
    static const struct {
        const char *section;
        const char *title;
    } sections[] = {{"quality", "品质二七"},
                    {"garden", "田园二七"},
                    {"warmth", "温暖二七"},
                    {"emergency", "防汛救灾与疫情防控"}};
    const struct erqi *erqi = *state;

    for (size_t i = 0; i < sizeof sections / sizeof sections[0]; i++) {
        const json_t *first = NULL;
        json_int_t lowest = 10000;
        for (size_t p = 0; p < erqi->files.count; p++) {
            const json_t *panel = erqi->panels[p];
            json_int_t order =
                json_integer_value(json_object_get(panel, "order"));
            if (strcmp(text_of(panel, "section"), sections[i].section) == 0 &&
                order < lowest) {
                lowest = order;
                first = panel;
            }
        }
        assert_non_null(first);
        assert_string_equal(text_of(first, "template"), "title");
        assert_string_equal(text_of(first, "title"), sections[i].title);
    }
}

static void a_panel_is_read_in_passing(void **state)
{
    enum { TITLE_MAX = 12, LINE_MAX = 20, LINES_MAX = 3 };
    const struct erqi *erqi = *state;

    for (size_t p = 0; p < erqi->files.count; p++) {
        const json_t *panel = erqi->panels[p];
        const json_t *lines = json_object_get(panel, "lines");
        assert_true(utf8_length(text_of(panel, "title")) <= TITLE_MAX);
        assert_true(json_array_size(lines) <= LINES_MAX);
        for (size_t i = 0; i < json_array_size(lines); i++) {
            const char *line = json_string_value(json_array_get(lines, i));
            if (utf8_length(line) > LINE_MAX)
                fail_msg("%s: line too long: %s", panel_id(erqi, p), line);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_fact_stands_on_its_panel),
        cmocka_unit_test(every_row_of_the_facts_has_a_panel),
        cmocka_unit_test(every_figure_on_a_panel_is_a_fact),
        cmocka_unit_test(every_digit_in_a_text_belongs_to_a_fact),
        cmocka_unit_test(every_panel_bears_the_name_of_its_file),
        cmocka_unit_test(every_other_panel_is_in_the_table),
        cmocka_unit_test(each_section_opens_with_its_title),
        cmocka_unit_test(a_panel_is_read_in_passing),
    };

    return cmocka_run_group_tests(tests, load, unload);
}
