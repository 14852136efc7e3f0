/* Reads panels and checks the fields that each template needs and allows. */
#include "protocol/panel.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/translate.h"

static const char *const template_names[TEMPLATE_COUNT] = {
    [TEMPLATE_TITLE] = "title",         [TEMPLATE_FIGURE] = "figure",
    [TEMPLATE_FIGURES] = "figures",     [TEMPLATE_COMPARISON] = "comparison",
    [TEMPLATE_SHARE] = "share",         [TEMPLATE_YEARS] = "years",
    [TEMPLATE_HONOURS] = "honours",     [TEMPLATE_GROWTH] = "growth",
    [TEMPLATE_PLACE] = "place",         [TEMPLATE_NOTICE] = "notice",
    [TEMPLATE_COUNTDOWN] = "countdown", [TEMPLATE_QR] = "qr",
    [TEMPLATE_PHOTO] = "photo",         [TEMPLATE_POSTER] = "poster",
    [TEMPLATE_SERIES] = "series",       [TEMPLATE_SITUATION] = "situation",
};

static const struct json_words panel_templates = {
    .names = template_names,
    .count = TEMPLATE_COUNT,
    .absent = TEMPLATE_NOTICE, /* used only for an unknown template */
    .unknown = -1,
    .passable = true,
};

static const char *const section_names[SECTION_COUNT] = {
    [SECTION_QUALITY] = "quality", [SECTION_GARDEN] = "garden",
    [SECTION_WARMTH] = "warmth",   [SECTION_EMERGENCY] = "emergency",
    [SECTION_GENERAL] = "general",
};

static const struct json_words panel_sections = {
    .names = section_names,
    .count = SECTION_COUNT,
    .absent = SECTION_GENERAL, /* likewise */
    .unknown = -1,
    .passable = true,
};

static const char *const growth_names[] = {"columns", "line"};

static const struct json_words growth_styles = {
    .names = growth_names,
    .count = 2,
    .unknown = -1,
    .passable = true,
};

static const char *const trend_names[TREND_COUNT] = {
    [TREND_NONE] = "none",
    [TREND_UP] = "up",
    [TREND_DOWN] = "down",
    [TREND_STEADY] = "steady",
};

static const struct json_words trends = {
    .names = trend_names,
    .count = TREND_COUNT,
    .unknown = -1,
    .passable = true,
};

/* clang-format off */
#define FIGURE(member) .offset = offsetof(struct panel_figure, member)
static const struct json_field figure_fields[] = {
    {"label", FIELD_LINE, FIGURE(label), .most = LIMIT_LABEL_CHARACTERS},
    {"qualifier", FIELD_LINE, FIGURE(qualifier),
     .most = LIMIT_QUALIFIER_CHARACTERS},
    {"value", FIELD_DECIMAL, true, FIGURE(value)},
    {"unit", FIELD_LINE, true, FIGURE(unit), .most = LIMIT_UNIT_CHARACTERS},
    {"suffix", FIELD_LINE, FIGURE(suffix),
     .most = LIMIT_QUALIFIER_CHARACTERS},
    {"note", FIELD_LINE, FIGURE(note), .most = LIMIT_LINE_CHARACTERS},
    {"trend", FIELD_WORD, FIGURE(trend), .words = &trends},
    {"bind", FIELD_IDENTIFIER, FIGURE(bind)},
    {0},
};

#define ITEM(member) .offset = offsetof(struct panel_item, member)
static const struct json_field item_fields[] = {
    {"text", FIELD_LINE, true, ITEM(text), .most = LIMIT_LINE_CHARACTERS},
    {"detail", FIELD_LINE, ITEM(detail), .most = LIMIT_LINE_CHARACTERS},
    {0},
};

#define POINT(member) .offset = offsetof(struct panel_point, member)
static const struct json_field point_fields[] = {
    {"label", FIELD_LINE, true, POINT(label), .most = LIMIT_LABEL_CHARACTERS},
    {"value", FIELD_DECIMAL, true, POINT(value)},
    {0},
};

static const char *const picture_types[PICTURE_OTHER] = {
    [PICTURE_JPEG] = "jpeg",
    [PICTURE_PNG] = "png",
    [PICTURE_WEBP] = "webp",
};

static const struct json_words picture_words = {
    .names = picture_types,
    .count = PICTURE_OTHER,
    .absent = PICTURE_OTHER, /* used only for an unknown type */
    .unknown = -1,
    .passable = true,
};

#define PICTURE(member) .offset = offsetof(struct panel_picture, member)
static const struct json_field picture_fields[] = {
    {"sha256", FIELD_IDENTIFIER, true, PICTURE(digest)},
    {"type", FIELD_WORD, true, PICTURE(type), .words = &picture_words},
    {"bytes", FIELD_INT, true, PICTURE(bytes), .least = 1,
     .most = LIMIT_PICTURE_BYTES},
    {"width", FIELD_INT, true, PICTURE(width), .least = 1,
     .most = LIMIT_PICTURE_SIDE},
    {"height", FIELD_INT, true, PICTURE(height), .least = 1,
     .most = LIMIT_PICTURE_SIDE},
    {"focus_x", FIELD_INT, PICTURE(focus_x), .most = 1000},
    {"focus_y", FIELD_INT, PICTURE(focus_y), .most = 1000},
    {"caption", FIELD_LINE, PICTURE(caption), .most = LIMIT_LINE_CHARACTERS},
    {"credit", FIELD_LINE, PICTURE(credit), .most = LIMIT_LABEL_CHARACTERS},
    {"ground", FIELD_LINE, PICTURE(ground), .most = 7},
    {0},
};

#define STEP(member) .offset = offsetof(struct panel_level_step, member)
static const struct json_field step_fields[] = {
    {"level", FIELD_LINE, true, STEP(level), .most = LIMIT_LABEL_CHARACTERS},
    {"at", FIELD_TIME, true, STEP(at_ms)},
    {0},
};

#define TEXT(member) .offset = offsetof(struct panel_text, member)
static const struct json_field text_fields[] = {
    {"title", FIELD_LINE, TEXT(title), .most = LIMIT_LINE_CHARACTERS},
    {"subtitle", FIELD_LINE, TEXT(subtitle), .most = LIMIT_LINE_CHARACTERS},
    {"body", FIELD_PARAGRAPHS, TEXT(body), .most = LIMIT_BODY_CHARACTERS},
    {0},
};

static const struct json_field line_field = {
    .name = "line", .shape = FIELD_LINE, .most = LIMIT_LINE_CHARACTERS,
};

#define PANEL(member) .offset = offsetof(struct panel, member)
#define LIST(of, bytes, counter)                                               \
    .list = &(const struct json_list){of, bytes,                               \
                                      offsetof(struct panel, counter)}
static const struct json_field panel_fields[] = {
    {"template", FIELD_WORD, true, PANEL(template), .words = &panel_templates},
    {"section", FIELD_WORD, true, PANEL(section), .words = &panel_sections},
    {"order", FIELD_INT, PANEL(order), .most = 9999},
    {"title", FIELD_LINE, true, PANEL(title), .most = LIMIT_TITLE_CHARACTERS},
    {"subtitle", FIELD_LINE, PANEL(subtitle), .most = LIMIT_LINE_CHARACTERS},
    {"icon", FIELD_IDENTIFIER, PANEL(icon)},
    {"texts", FIELD_LANGUAGES, PANEL(texts), .most = LIMIT_LANGUAGES,
     LIST(text_fields, sizeof(struct panel_text), text_count)},
    {"lines", FIELD_TEXTS, PANEL(lines), .most = LIMIT_LINES,
     LIST(&line_field, sizeof(const char *), line_count)},
    {"figures", FIELD_OBJECTS, PANEL(figures), .least = 1,
     .most = LIMIT_FIGURES,
     LIST(figure_fields, sizeof(struct panel_figure), figure_count)},
    {"stale_after_s", FIELD_INT, PANEL(stale_after_s),
     .least = LIMIT_STALE_LEAST_S, .most = LIMIT_STALE_MOST_S},
    {"items", FIELD_OBJECTS, PANEL(items), .least = 1, .most = LIMIT_ITEMS,
     LIST(item_fields, sizeof(struct panel_item), item_count)},
    {"now_label", FIELD_LINE, PANEL(now_label),
     .most = LIMIT_LABEL_CHARACTERS},
    {"baseline_label", FIELD_LINE, PANEL(baseline_label),
     .most = LIMIT_LABEL_CHARACTERS},
    {"baseline_value", FIELD_DECIMAL, PANEL(baseline_value)},
    {"ratio", FIELD_DECIMAL, PANEL(ratio)},
    {"ratio_qualifier", FIELD_LINE, PANEL(ratio_qualifier),
     .most = LIMIT_QUALIFIER_CHARACTERS},
    {"statement", FIELD_LINE, PANEL(statement),
     .most = LIMIT_LINE_CHARACTERS},
    {"whole", FIELD_LINE, PANEL(whole), .most = LIMIT_LABEL_CHARACTERS},
    {"years", FIELD_INT, PANEL(years), .least = 1, .most = LIMIT_YEARS},
    {"last_year", FIELD_INT, PANEL(last_year), .least = 1970, .most = 9999},
    {"honour", FIELD_LINE, PANEL(honour), .most = LIMIT_LINE_CHARACTERS},
    {"points", FIELD_OBJECTS, PANEL(points), .least = 2, .most = LIMIT_POINTS,
     LIST(point_fields, sizeof(struct panel_point), point_count)},
    {"growth_style", FIELD_EITHER, PANEL(growth_is_line),
     .words = &growth_styles},
    {"unit", FIELD_LINE, PANEL(unit), .most = LIMIT_UNIT_CHARACTERS},
    {"address", FIELD_LINE, PANEL(address), .most = LIMIT_LINE_CHARACTERS},
    {"body", FIELD_PARAGRAPHS, PANEL(body), .most = LIMIT_BODY_CHARACTERS},
    {"sender", FIELD_LINE, PANEL(sender), .most = LIMIT_LINE_CHARACTERS},
    {"date", FIELD_TIME, PANEL(date_ms)},
    {"until", FIELD_TIME, PANEL(until_ms)},
    {"finished", FIELD_LINE, PANEL(finished), .most = LIMIT_LINE_CHARACTERS},
    {"url", FIELD_URL, PANEL(url), .most = LIMIT_URL_CHARACTERS},
    {"caption", FIELD_LINE, PANEL(caption), .most = LIMIT_LINE_CHARACTERS},
    {"level", FIELD_LINE, PANEL(level), .most = LIMIT_LABEL_CHARACTERS},
    {"history", FIELD_OBJECTS, PANEL(history), .most = LIMIT_HISTORY,
     LIST(step_fields, sizeof(struct panel_level_step), history_count)},
    {"pictures", FIELD_OBJECTS, PANEL(pictures), .least = 1,
     .most = LIMIT_PICTURES,
     LIST(picture_fields, sizeof(struct panel_picture), picture_count)},
    {.name = "schedule", .shape = FIELD_OTHER},
    {0},
};
/* clang-format on */

static const struct json_place panel_place = {.name = "panel"};

/* The fields of every template; template, section and title are required. */
static const char common_fields[] =
    "template section order title subtitle icon texts lines schedule";

/* The further fields that each template needs and allows, and how many figures
 * and pictures. */
static const struct template_rule {
    const char *required;
    const char *optional;
    size_t figures_least, figures_most;
    size_t pictures_least, pictures_most;
} rules[TEMPLATE_COUNT] = {
    [TEMPLATE_TITLE] = {"", "", 0, 0, 0, 0},
    [TEMPLATE_FIGURE] = {"figures", "stale_after_s pictures", 1, 1, 0, 1},
    [TEMPLATE_FIGURES] = {"figures", "stale_after_s pictures", 2, LIMIT_FIGURES,
                          0, 1},
    [TEMPLATE_COMPARISON] = {"figures now_label baseline_label",
                             "ratio ratio_qualifier baseline_value statement",
                             1, 1, 0, 0},
    [TEMPLATE_SHARE] = {"figures whole", "stale_after_s pictures", 1, 1, 0, 1},
    [TEMPLATE_YEARS] = {"years honour", "last_year pictures", 0, 0, 0, 1},
    [TEMPLATE_HONOURS] = {"items", "pictures", 0, 0, 0, 1},
    [TEMPLATE_GROWTH] = {"points unit", "growth_style", 0, 0, 0, 0},
    [TEMPLATE_PLACE] = {"address", "items pictures", 0, 0, 0, 1},
    [TEMPLATE_NOTICE] = {"body", "date sender pictures", 0, 0, 0, 1},
    [TEMPLATE_COUNTDOWN] = {"until", "finished", 0, 0, 0, 0},
    [TEMPLATE_QR] = {"url caption", "", 0, 0, 0, 0},
    [TEMPLATE_PHOTO] = {"pictures", "", 0, 0, 1, 1},
    [TEMPLATE_POSTER] = {"pictures", "", 0, 0, 1, 1},
    [TEMPLATE_SERIES] = {"pictures", "", 0, 0, 2, LIMIT_PICTURES},
    [TEMPLATE_SITUATION] = {"date",
                            "figures stale_after_s sender level history", 0,
                            LIMIT_FIGURES, 0, 0},
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

bool panel_template_has(enum panel_template template, const char *field)
{
    return lists(common_fields, field) ||
           lists(rules[template].required, field) ||
           lists(rules[template].optional, field);
}

bool panel_template_needs(enum panel_template template, const char *field)
{
    return strcmp(field, "title") == 0 ||
           lists(rules[template].required, field);
}

static bool check_count(const char *name, size_t found, size_t least,
                        size_t most, const struct panel *panel,
                        struct problem *problem)
{
    char range[32];

    if (found >= least && found <= most)
        return true;
    snprintf(range, sizeof range, most > least ? tr("%zu to %zu") : "%zu",
             least, most);
    return json_read_problem(problem, &panel_place, name,
                             "%zu found, template %s takes %s", found,
                             panel_template_name(panel->template), range);
}

static bool check_counts(const struct panel *panel, bool received,
                         struct problem *problem)
{
    const struct template_rule *rule = &rules[panel->template];
    /* Of a template without them they are passed over. */
    bool figures = !received || rule->figures_most > 0;
    bool pictures = !received || rule->pictures_most > 0;

    return (!figures ||
            check_count("figures", panel->figure_count, rule->figures_least,
                        rule->figures_most, panel, problem)) &&
           (!pictures ||
            check_count("pictures", panel->picture_count, rule->pictures_least,
                        rule->pictures_most, panel, problem));
}

static bool check_template(json_t *object, const struct panel *panel,
                           struct json_passed *passed, struct problem *problem)
{
    const struct template_rule *rule = &rules[panel->template];
    const char *template = panel_template_name(panel->template);

    for (const struct json_field *field = panel_fields; field->name; field++) {
        bool given = json_object_get(object, field->name) != NULL;
        bool required = lists(rule->required, field->name);
        bool foreign = given &&
                       !panel_template_has(panel->template, field->name);
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
    return check_counts(panel, passed != NULL, problem);
}

bool panel_is_live(const struct panel *panel)
{
    for (size_t i = 0; i < panel->figure_count; i++)
        if (panel->figures[i].bind[0] != '\0')
            return true;
    return false;
}

/* Only a notice has a body, in whatever language. */
static bool check_texts(const struct panel *panel, struct json_passed *passed,
                        struct problem *problem)
{
    static const struct json_place texts = {.parent = &panel_place,
                                            .name = "texts"};

    for (size_t i = 0; i < panel->text_count; i++) {
        const struct json_place place = {.parent = &texts,
                                         .name = panel->texts[i].language};
        if (panel->template == TEMPLATE_NOTICE || !panel->texts[i].body[0])
            continue;
        if (!passed)
            return json_read_problem(problem, &place, "body",
                                     "template %s does not have this field",
                                     panel_template_name(panel->template));
        json_pass_over(passed, &place, "body", NULL);
    }
    return true;
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

/* What follows from a figure's value in other fields would not follow a live
 * one. */
static bool check_live(const struct panel *panel, struct problem *problem)
{
    static const struct json_place figures = {.parent = &panel_place,
                                              .name = "figures"};

    for (size_t i = 0; i < panel->figure_count; i++) {
        const struct panel_figure *figure = &panel->figures[i];
        const struct json_place place = {.parent = &figures, .index = i};
        if (figure->bind[0] == '\0')
            continue;
        if (panel->template == TEMPLATE_COMPARISON)
            return json_read_problem(problem, &place, "bind",
                                     "template comparison takes no live "
                                     "figure: its ratio would not follow");
        if (figure->trend != TREND_NONE)
            return json_read_problem(problem, &place, "trend",
                                     "none expected: an arrow would not "
                                     "follow the live figure «%s»",
                                     figure->bind);
    }
    if (panel->stale_after_s > 0 && !panel_is_live(panel))
        return json_read_problem(problem, &panel_place, "stale_after_s",
                                 "no figure has the field bind");
    return true;
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
    /* A little over one percent, so that exactly one percent passes. */
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

static bool is_colour(const char *text)
{
    return text[0] == '\0' || (text[0] == '#' && strlen(text) == 7 &&
                               strspn(text + 1, "0123456789abcdefABCDEF") == 6);
}

/* Checks what the table cannot say; without a focus it is the middle. */
static bool check_picture(json_t *object, size_t index,
                          struct panel_picture *picture,
                          struct problem *problem)
{
    const struct json_place list = {.parent = &panel_place, .name = "pictures"};
    const struct json_place place = {.parent = &list, .index = index};

    if (!json_object_get(object, "focus_x"))
        picture->focus_x = 500;
    if (!json_object_get(object, "focus_y"))
        picture->focus_y = 500;
    if (!picture_digest_is_valid(picture->digest))
        return json_read_problem(problem, &place, "sha256",
                                 "64 digits from 0-9 and a-f expected");
    if ((int64_t)picture->width * picture->height > LIMIT_PICTURE_PIXELS)
        return json_read_problem(
            problem, &place, "width", "%d by %d pixels, %d million at most",
            picture->width, picture->height, LIMIT_PICTURE_PIXELS / 1000000);
    return is_colour(picture->ground) ||
           json_read_problem(problem, &place, "ground",
                             "text «%s» found, a colour like #20304f expected",
                             picture->ground);
}

static bool check_pictures(json_t *object, struct panel *panel,
                           struct problem *problem)
{
    json_t *list = json_object_get(object, "pictures");

    for (size_t i = 0; i < panel->picture_count; i++) {
        if (!check_picture(json_array_get(list, i), i, &panel->pictures[i],
                           problem))
            return false;
    }
    return true;
}

/* An unknown word was skipped, so it differs from the name of `template`. */
static bool is_of_later_version(json_t *object, const struct panel *panel)
{
    const char *name = json_string_value(json_object_get(object, "template"));

    return strcmp(name, panel_template_name(panel->template)) != 0;
}

static bool read_schedule(json_t *object, struct panel *panel,
                          struct json_passed *passed, struct problem *problem)
{
    static const struct json_place place = {.parent = &panel_place,
                                            .name = "schedule"};
    json_t *schedule = json_object_get(object, "schedule");

    panel->schedule = schedule_always;
    return !schedule ||
           schedule_read(schedule, &place, &panel->schedule, passed, problem);
}

bool panel_read(json_t *object, struct panel *out, struct json_passed *passed,
                struct problem *problem)
{
    struct panel panel;

    memset(&panel, 0, sizeof panel);
    if (!json_read_object(object, &panel_place, panel_fields, &panel, passed,
                          problem) ||
        !read_schedule(object, &panel, passed, problem) ||
        !check_pictures(object, &panel, problem))
        return false;
    panel.unknown_template = is_of_later_version(object, &panel);
    if (!panel.unknown_template &&
        (!check_template(object, &panel, passed, problem) ||
         !check_texts(&panel, passed, problem)))
        return false;
    if (!panel.unknown_template && !check_live(&panel, problem))
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
