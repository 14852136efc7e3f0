/* Reads panels and judges what each template needs and allows. */
#include "protocol/panel.h"

#include "protocol/panel_fields.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const struct json_place panel_place = {.name = "panel"};

/* Every template has these; template, section and title are required. */
static const char common_fields[] =
    "template section order title subtitle lines";

/* What each template needs and allows beside them. figures: how many. */
static const struct template_rule {
    const char *required;
    const char *optional;
    size_t figures_least, figures_most;
} rules[TEMPLATE_COUNT] = {
    [TEMPLATE_TITLE] = {"", "", 0, 0},
    [TEMPLATE_FIGURE] = {"figures", "", 1, 1},
    [TEMPLATE_FIGURES] = {"figures", "", 2, LIMIT_FIGURES},
    [TEMPLATE_COMPARISON] = {"figures now_label baseline_label",
                             "ratio ratio_qualifier baseline_value statement",
                             1, 1},
    [TEMPLATE_SHARE] = {"figures whole", "", 1, 1},
    [TEMPLATE_YEARS] = {"years honour", "last_year", 0, 0},
    [TEMPLATE_HONOURS] = {"items", "", 0, 0},
    [TEMPLATE_GROWTH] = {"points unit", "growth_style", 0, 0},
    [TEMPLATE_PLACE] = {"address", "items", 0, 0},
    [TEMPLATE_NOTICE] = {"body", "date sender", 0, 0},
    [TEMPLATE_COUNTDOWN] = {"until", "finished", 0, 0},
    [TEMPLATE_QR] = {"url caption", "", 0, 0},
    [TEMPLATE_SITUATION] = {"date", "figures sender level history", 0,
                            LIMIT_FIGURES},
};

/* True when the name is one of the words. */
static bool lists(const char *words, const char *name)
{
    size_t length = strlen(name);

    while (*words) {
        size_t word = strcspn(words, " ");
        if (word == length && memcmp(words, name, length) == 0)
            return true;
        words += word;
        words += strspn(words, " ");
    }
    return false;
}

static bool check_figure_count(const struct panel *panel,
                               struct problem *problem)
{
    const struct template_rule *rule = &rules[panel->template];
    char range[32];

    if (panel->figure_count >= rule->figures_least &&
        panel->figure_count <= rule->figures_most)
        return true;
    snprintf(range, sizeof range,
             rule->figures_most > rule->figures_least ? "%zu to %zu" : "%zu",
             rule->figures_least, rule->figures_most);
    return json_read_problem(
        problem, &panel_place, "figures", "%zu found, template %s takes %s",
        panel->figure_count, panel_template_name(panel->template), range);
}

static bool check_template(json_t *object, const struct panel *panel,
                           struct json_passed *passed, struct problem *problem)
{
    const struct template_rule *rule = &rules[panel->template];
    const char *template = panel_template_name(panel->template);

    for (const struct json_field *field = panel_fields; field->name; field++) {
        bool given = json_object_get(object, field->name) != NULL;
        bool required = lists(rule->required, field->name);
        bool foreign = given && !required &&
                       !lists(rule->optional, field->name) &&
                       !lists(common_fields, field->name);
        if (foreign && passed)
            json_pass_over(passed, &panel_place, field->name, NULL);
        else if (foreign)
            return json_read_problem(problem, &panel_place, field->name,
                                     "template %s does not have this field",
                                     template);
        if (!given && required)
            return json_read_problem(problem, &panel_place, field->name,
                                     "this field is missing: template %s "
                                     "needs it",
                                     template);
    }
    bool figures_passed = passed && rule->figures_most == 0;
    return figures_passed || check_figure_count(panel, problem);
}

static bool check_share(const struct panel *panel, struct problem *problem)
{
    const struct panel_figure *figure = &panel->figures[0];
    double percent = decimal_to_double(figure->value);
    char value[DECIMAL_BYTES];

    if (strcmp(figure->unit, "%") != 0)
        return json_read_problem(problem, &panel_place, "figures[0].unit",
                                 "text «%s» found, «%%» expected: a share is "
                                 "told in percent",
                                 figure->unit);
    if (percent >= 0 && percent <= 100)
        return true;
    decimal_format(figure->value, value);
    return json_read_problem(problem, &panel_place, "figures[0].value",
                             "number %s found, 0 to 100 expected", value);
}

/* Fills in a ratio that was not given. */
static bool compute_ratio(struct panel *panel, struct problem *problem)
{
    double now = decimal_to_double(panel->figures[0].value);
    double quotient = now / decimal_to_double(panel->baseline_value);
    double rounded = round(quotient * 100) / 100;

    if (rounded > 0 && decimal_from_double(rounded, &panel->ratio))
        return true;
    return json_read_problem(problem, &panel_place, "baseline_value",
                             "the ratio to the figure cannot be told with two "
                             "decimal places");
}

static bool check_comparison(json_t *object, struct panel *panel,
                             struct problem *problem)
{
    /* One percent and a hair, so that exactly one percent passes. */
    const double tolerance = 0.01 + 1e-9;

    panel->ratio_known = json_object_get(object, "ratio") != NULL;
    panel->baseline_known = json_object_get(object, "baseline_value") != NULL;
    if (!panel->ratio_known && !panel->baseline_known)
        return json_read_problem(problem, &panel_place, "ratio",
                                 "this field is missing: ratio or "
                                 "baseline_value expected");
    if (panel->ratio_known && panel->ratio.units <= 0)
        return json_read_problem(problem, &panel_place, "ratio",
                                 "a number above 0 expected");
    if (!panel->baseline_known)
        return true;
    if (panel->baseline_value.units <= 0)
        return json_read_problem(problem, &panel_place, "baseline_value",
                                 "a number above 0 expected");
    if (!panel->ratio_known)
        return compute_ratio(panel, problem);
    double ratio = decimal_to_double(panel->ratio);
    double quotient = decimal_to_double(panel->figures[0].value) /
                      decimal_to_double(panel->baseline_value);
    if (fabs(quotient - ratio) <= tolerance * ratio)
        return true;
    return json_read_problem(problem, &panel_place, "ratio",
                             "number %g found, but the figure is %.3g times "
                             "the baseline_value",
                             ratio, quotient);
}

/* A word that is not known was passed over, and is not that of `template`. */
static bool is_of_later_version(json_t *object, const struct panel *panel)
{
    const char *name = json_string_value(json_object_get(object, "template"));

    return strcmp(name, panel_template_name(panel->template)) != 0;
}

bool panel_read(json_t *object, struct panel *out, struct json_passed *passed,
                struct problem *problem)
{
    struct panel panel;

    memset(&panel, 0, sizeof panel);
    if (!json_read_object(object, &panel_place, panel_fields, &panel, passed,
                          problem))
        return false;
    panel.unknown_template = is_of_later_version(object, &panel);
    if (!panel.unknown_template &&
        !check_template(object, &panel, passed, problem))
        return false;
    if (panel.template == TEMPLATE_SHARE && !check_share(&panel, problem))
        return false;
    if (panel.template == TEMPLATE_COMPARISON &&
        !check_comparison(object, &panel, problem))
        return false;
    *out = panel;
    return true;
}

void panel_visit_texts(const struct panel *panel, json_visit *visit,
                       void *context)
{
    json_visit_texts(panel_fields, panel, &panel_place, visit, context);
}

const char *panel_section_name(enum panel_section section)
{
    return panel_sections.names[section];
}

const char *panel_template_name(enum panel_template template)
{
    return panel_templates.names[template];
}
