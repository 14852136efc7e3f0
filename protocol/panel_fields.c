/* Names, shapes and limits of a panel's fields, as data. */
#include "protocol/panel_fields.h"

#include "protocol/panel.h"

static const char *const template_names[TEMPLATE_COUNT] = {
    [TEMPLATE_TITLE] = "title",         [TEMPLATE_FIGURE] = "figure",
    [TEMPLATE_FIGURES] = "figures",     [TEMPLATE_COMPARISON] = "comparison",
    [TEMPLATE_SHARE] = "share",         [TEMPLATE_YEARS] = "years",
    [TEMPLATE_HONOURS] = "honours",     [TEMPLATE_GROWTH] = "growth",
    [TEMPLATE_PLACE] = "place",         [TEMPLATE_NOTICE] = "notice",
    [TEMPLATE_COUNTDOWN] = "countdown", [TEMPLATE_QR] = "qr",
    [TEMPLATE_SITUATION] = "situation",
};

const struct json_words panel_templates = {
    .names = template_names,
    .count = TEMPLATE_COUNT,
    .absent = TEMPLATE_NOTICE, /* only stands in for an unknown one */
    .unknown = -1,
    .passable = true,
};

static const char *const section_names[SECTION_COUNT] = {
    [SECTION_QUALITY] = "quality", [SECTION_GARDEN] = "garden",
    [SECTION_WARMTH] = "warmth",   [SECTION_EMERGENCY] = "emergency",
    [SECTION_GENERAL] = "general",
};

const struct json_words panel_sections = {
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

#define STEP(member) .offset = offsetof(struct panel_level_step, member)
static const struct json_field step_fields[] = {
    {"level", FIELD_LINE, true, STEP(level), .most = LIMIT_LABEL_CHARACTERS},
    {"at", FIELD_TIME, true, STEP(at_ms)},
    {0},
};

static const struct json_field line_field = {
    .name = "line", .shape = FIELD_LINE, .most = LIMIT_LINE_CHARACTERS,
};

#define PANEL(member) .offset = offsetof(struct panel, member)
#define LIST(of, bytes, counter)                                               \
    .list = &(const struct json_list){of, bytes,                               \
                                      offsetof(struct panel, counter)}
const struct json_field panel_fields[] = {
    {"template", FIELD_WORD, true, PANEL(template), .words = &panel_templates},
    {"section", FIELD_WORD, true, PANEL(section), .words = &panel_sections},
    {"order", FIELD_INT, PANEL(order), .most = 9999},
    {"title", FIELD_LINE, true, PANEL(title), .most = LIMIT_TITLE_CHARACTERS},
    {"subtitle", FIELD_LINE, PANEL(subtitle), .most = LIMIT_LINE_CHARACTERS},
    {"lines", FIELD_TEXTS, PANEL(lines), .most = LIMIT_LINES,
     LIST(&line_field, sizeof(const char *), line_count)},
    {"figures", FIELD_OBJECTS, PANEL(figures), .least = 1,
     .most = LIMIT_FIGURES,
     LIST(figure_fields, sizeof(struct panel_figure), figure_count)},
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
    {0},
};
/* clang-format on */
