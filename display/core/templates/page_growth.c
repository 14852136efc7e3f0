/* A value over time on one page: columns from zero, or a line on the range that
 * shows how it changes. Where words have no room at every point, the first, the
 * last, the least and the greatest have theirs, and two thin lines tell the
 * rest. */
#include "display/core/templates/page_template.h"

#include "display/core/compose/compose.h"
#include "display/core/page/page_figure.h"
#include "display/core/page/page_strip.h"
#include "display/core/page/page_words.h"

#include <math.h>
#include <stdlib.h>

enum {
    COLUMN_PERCENT = 62,
    COLUMN_EMS = 4,
    /* A dot's radius, of the em and of the room of a point; a line's thickness,
     * of that radius. */
    DOT_PERCENT = 24,
    DOT_PITCH_PERCENT = 32,
    LINE_DOT_PERCENT = 50,
    /* A value stands no further from its point, of the legal size. */
    FAR_PERCENT = 90,
    /* On a strip fewer points are told one by one; the plot is so many ems wide
     * at least, and its words stand so far from it. */
    STRIP_FEW = 5,
    STRIP_PLOT_EMS = 2,
    STRIP_GAP_PERCENT = 50,
    /* Of the page's height. */
    PLOT_LEAST_PERCENT = 45,
    CHART_MOST_PERCENT = 100,
    /* Words beside the plot: a line of them and its air at most, of the legal
     * size, and the gap between them and the plot; the plot is so many ems
     * wide at least. */
    ASIDE_LINE_PERCENT = 106,
    ASIDE_AIR_PERCENT = 150,
    ASIDE_GAP_PERCENT = 70,
    NAME_GAP_PERCENT = 50,
    ASIDE_FEW = 6,
    OTHERS_PERCENT = 420,
    ASIDE_TOP_PERCENT = 20,
    ASIDE_PLOT_EMS = 2,
    DIGITS_PERCENT = 74, /* a digit's height, of the em */
    NAMES_PERCENT = 12,  /* under the base line of names */
    /* What a line's range has under its values, and less over them. */
    RANGE_PERCENT = 12,
    RANGE_TOP_PARTS = 4,
    /* Words keep so much of the em between them and a stroke. */
    CLEAR_PERCENT = 32,
    PITCH_EMS = 10,
    /* Heights of the rows of words over and under the plot. */
    VALUES_PERCENT = 122,
    WORDS_PERCENT = 122,
};

/* Words that have a place. */
struct placed {
    struct page_text text;
    int x, baseline;
    struct rect box; /* kept free of others */
};

struct chart {
    struct rect plot; /* between the rows of words */
    double low, high; /* values at its bottom and top */
    int pitch;
    size_t least, greatest;
    bool told[LIMIT_POINTS]; /* by words, where not all points are */
    size_t told_count;
    bool aside;                            /* words stand beside the plot */
    struct rect box;                       /* what words keep to */
    struct placed words[2 * LIMIT_POINTS]; /* around the plot */
    size_t word_count;
};

static const struct panel *panel_of(const struct page_build *build)
{
    return &build->message->panel;
}

static double value_of(const struct page_build *build, size_t point)
{
    return decimal_to_double(panel_of(build)->points[point].value);
}

/* Columns from zero, always; a line between its least and its greatest. */
static void set_range(const struct page_build *build, struct chart *chart)
{
    const struct panel *panel = panel_of(build);
    chart->least = 0;
    chart->greatest = 0;
    for (size_t i = 0; i < panel->point_count; i++) {
        if (value_of(build, i) < value_of(build, chart->least))
            chart->least = i;
        if (value_of(build, i) > value_of(build, chart->greatest))
            chart->greatest = i;
    }
    chart->told[0] = true;
    chart->told[panel->point_count - 1] = true;
    chart->told[chart->least] = true;
    chart->told[chart->greatest] = true;
    chart->told_count = 0;
    for (size_t i = 0; i < panel->point_count; i++)
        chart->told_count += chart->told[i];
    chart->low = value_of(build, chart->least);
    chart->high = value_of(build, chart->greatest);
    double spare = (chart->high - chart->low) * RANGE_PERCENT / 100;
    if (panel->growth_is_line) {
        chart->low -= spare;
        chart->high += spare / RANGE_TOP_PARTS;
    } else {
        chart->low = fmin(chart->low, 0);
        chart->high = fmax(chart->high, 0);
    }
    if (chart->high - chart->low <= 0)
        chart->high = chart->low + 1;
}

static int legal_px(const struct page_build *build)
{
    return build->sizes[SIZE_LEGAL];
}

static struct page_text word(const struct page_build *build, const char *text,
                             draw_colour colour, enum type_role role)
{
    return (struct page_text){.text = text,
                              .role = role,
                              .size_px = legal_px(build),
                              .colour = colour};
}

static struct page_text value_text(struct page_build *build, size_t point)
{
    bool last = point + 1 == panel_of(build)->point_count;
    return word(build,
                page_digits_words(build, panel_of(build)->points[point].value),
                last ? build->accent : build->text, TYPE_SANS_BOLD);
}

static struct page_text name_text(const struct page_build *build, size_t point)
{
    return word(build, panel_of(build)->points[point].label, build->muted,
                TYPE_SANS);
}

static int y_of(const struct chart *chart, double value)
{
    double share = (value - chart->low) / (chart->high - chart->low);
    return chart->plot.y + chart->plot.height -
           (int)(share * chart->plot.height + 0.5);
}

static int x_of(const struct chart *chart, size_t index)
{
    return chart->plot.x + (int)index * chart->pitch + chart->pitch / 2;
}

static int dot_px(const struct page_build *build, const struct chart *chart)
{
    int radius = legal_px(build) * DOT_PERCENT / 100;
    int most = chart->pitch * DOT_PITCH_PERCENT / 100;
    radius = radius < most ? radius : most;
    return radius > 1 ? radius : 1;
}

/* About a place, moved into the plot's width. */
static struct placed place_words(struct page_build *build,
                                 const struct chart *chart,
                                 const struct page_text *text, int middle_x,
                                 int baseline)
{
    int width = page_run_px(build, text);
    int most = chart->box.x + chart->box.width - width;
    int x = middle_x - width / 2;
    int apart = text->size_px / 3;
    x = x > most ? most : x;
    x = x > chart->box.x ? x : chart->box.x;
    return (struct placed){*text,
                           x,
                           baseline,
                           {x - apart, baseline - text->size_px * 88 / 100,
                            width + 2 * apart, text->size_px}};
}

static bool is_free(const struct chart *chart, const struct placed *placed)
{
    for (size_t i = 0; i < chart->word_count; i++) {
        if (!rect_is_empty(rect_intersect(placed->box, chart->words[i].box)))
            return false;
    }
    return true;
}

/* The places of what is drawn between two x: the highest and the lowest. */
struct reach {
    int top, bottom;
};

static void reach_to(struct reach *reach, int y)
{
    reach->top = y < reach->top ? y : reach->top;
    reach->bottom = y > reach->bottom ? y : reach->bottom;
}

static int column_px(const struct page_build *build, const struct chart *chart)
{
    int width = chart->pitch * COLUMN_PERCENT / 100;
    int widest = legal_px(build) * COLUMN_EMS;
    width = width < widest ? width : widest;
    return width > 1 ? width : 1;
}

static void reach_column(const struct page_build *build,
                         const struct chart *chart, size_t index,
                         struct rect box, struct reach *reach)
{
    int half = column_px(build, chart) / 2;
    int x = x_of(chart, index);
    if (x + half < box.x || x - half > box.x + box.width)
        return;
    double value = value_of(build, index);
    reach_to(reach, y_of(chart, value > 0 ? value : 0));
    reach_to(reach, y_of(chart, value < 0 ? value : 0));
}

/* Of the stroke from a point to the next. */
static void reach_stroke(const struct page_build *build,
                         const struct chart *chart, size_t index,
                         struct rect box, struct reach *reach)
{
    int from = x_of(chart, index), to = from + chart->pitch;
    int left = from > box.x ? from : box.x;
    int right = to < box.x + box.width ? to : box.x + box.width;
    int y = y_of(chart, value_of(build, index));
    int next = y_of(chart, value_of(build, index + 1));
    if (left > right || chart->pitch < 1)
        return;
    reach_to(reach, y + (next - y) * (left - from) / chart->pitch);
    reach_to(reach, y + (next - y) * (right - from) / chart->pitch);
}

static struct reach reach_of(const struct page_build *build,
                             const struct chart *chart, size_t index,
                             struct rect box)
{
    int y = y_of(chart, value_of(build, index));
    size_t count = panel_of(build)->point_count;
    struct reach reach = {y, y};
    for (size_t i = 0; i < count; i++) {
        if (!panel_of(build)->growth_is_line)
            reach_column(build, chart, i, box, &reach);
        else if (i + 1 < count)
            reach_stroke(build, chart, i, box, &reach);
    }
    return reach;
}

/* Between a mark and the words over or under it. */
static int clear_px(const struct page_build *build)
{
    int dot = panel_of(build)->growth_is_line ? DOT_PERCENT : 0;
    return legal_px(build) * (CLEAR_PERCENT + dot) / 100;
}

/* Puts the value where it touches nothing of the chart: over the point, or
 * under it if the line leaves the point upwards. False: that place is too far
 * from the point. */
static bool place_at(struct page_build *build, const struct chart *chart,
                     size_t index, const struct page_text *value, int middle_x,
                     struct placed *out)
{
    *out = place_words(build, chart, value, middle_x, 0);
    struct reach reach = reach_of(build, chart, index, out->box);
    bool line = panel_of(build)->growth_is_line;
    double own = value_of(build, index);
    int y = y_of(chart, line || own > 0 ? own : 0);
    int far = legal_px(build) * FAR_PERCENT / 100;
    int over = reach.top - clear_px(build);
    int digits = legal_px(build) * DIGITS_PERCENT / 100;
    int under = reach.bottom + clear_px(build) + digits;
    bool below = line && y - reach.top > far / 2 &&
                 reach.bottom - y < y - reach.top &&
                 under <= chart->plot.y + chart->plot.height;
    *out = place_words(build, chart, value, middle_x, below ? under : over);
    return (below ? reach.bottom - y : y - reach.top) <= far;
}

/* In the middle of its point, or, at a steep line, beside it. */
static bool place_value(struct page_build *build, const struct chart *chart,
                        size_t index, const struct page_text *value,
                        struct placed *out)
{
    int x = x_of(chart, index);
    if (place_at(build, chart, index, value, x, out))
        return true;
    int side = page_run_px(build, value) / 2 + value->size_px / 3;
    struct placed beside;
    for (int way = -1; way <= 1 && panel_of(build)->growth_is_line; way += 2) {
        if (place_at(build, chart, index, value, x + way * side, &beside)) {
            *out = beside;
            return true;
        }
    }
    return false;
}

/* Value and name of a point. False: they have no room there; those of the last
 * point are placed nevertheless. */
static bool place_point(struct page_build *build, struct chart *chart,
                        size_t index)
{
    struct page_text name = name_text(build, index);
    struct page_text value = value_text(build, index);
    int names_y = chart->box.y + chart->box.height -
                  legal_px(build) * NAMES_PERCENT / 100;
    struct placed above,
        below = place_words(build, chart, &name, x_of(chart, index), names_y);
    bool last = index + 1 == panel_of(build)->point_count;
    bool near = place_value(build, chart, index, &value, &above);
    if (!(near || last) || !is_free(chart, &below) || !is_free(chart, &above))
        return false;
    chart->words[chart->word_count++] = above;
    chart->words[chart->word_count++] = below;
    return near;
}

/* How high a column is that stands on zero; 0 for one that hangs below it. */
static int column_height(struct page_build *build, const struct chart *chart,
                         size_t index)
{
    int height = y_of(chart, 0) - y_of(chart, value_of(build, index));
    return height > 0 ? height : 0;
}

static void put_column(struct page_build *build, const struct chart *chart,
                       size_t index)
{
    int value_y = y_of(chart, value_of(build, index));
    int zero_y = y_of(chart, 0);
    int width = column_px(build, chart);
    int top = value_y < zero_y ? value_y : zero_y;
    int bottom = value_y < zero_y ? zero_y : value_y;
    struct rect column = {x_of(chart, index) - width / 2, top, width,
                          bottom - top > 0 ? bottom - top : 1};
    bool last = index + 1 == panel_of(build)->point_count;
    page_put_fill(build, column, 0, last ? build->accent : build->theme->past,
                  last ? PAGE_GROW_UP : PAGE_STILL);
    if (last && index > 0)
        page_grow_from(build, column_height(build, chart, index - 1));
}

static void put_stroke(struct page_build *build, float x0, float y0, float x1,
                       float y1, float thick)
{
    float length = hypotf(x1 - x0, y1 - y0);
    if (length <= 0)
        return;
    float across_x = (y1 - y0) / length * thick / 2;
    float across_y = (x1 - x0) / length * thick / 2;
    const struct page_corner corners[4] = {{x0 + across_x, y0 - across_y},
                                           {x1 + across_x, y1 - across_y},
                                           {x1 - across_x, y1 + across_y},
                                           {x0 - across_x, y0 + across_y}};
    page_put_polygon(build, corners, 4, build->accent);
}

static void put_point(struct page_build *build, const struct chart *chart,
                      size_t index)
{
    int dot = dot_px(build, chart);
    int x = x_of(chart, index);
    int y = y_of(chart, value_of(build, index));
    if (index > 0)
        put_stroke(build, (float)x_of(chart, index - 1),
                   (float)y_of(chart, value_of(build, index - 1)), (float)x,
                   (float)y, (float)(dot * LINE_DOT_PERCENT) / 100);
    page_put_ring(build, (float)x, (float)y, (float)dot, 0, 1, build->accent,
                  PAGE_STILL);
}

static int thin_px(const struct page_build *build)
{
    return legal_px(build) / 20 > 0 ? legal_px(build) / 20 : 1;
}

/* Broken where words stand. */
static void put_hairline(struct page_build *build, const struct chart *chart,
                         int y)
{
    int end = chart->plot.x + chart->plot.width;
    int thin = thin_px(build);
    for (int x = chart->plot.x; x < end;) {
        struct rect line = {x, y, end - x, thin};
        int next = end;
        for (size_t i = 0; i < chart->word_count; i++) {
            const struct rect *taken = &chart->words[i].box;
            struct rect over = rect_intersect(line, *taken);
            if (!rect_is_empty(over) && over.x - x < line.width) {
                line.width = over.x - x;
                next = over.x + over.width;
            }
        }
        if (line.width > 0)
            page_put_fill(build, line, 0, build->theme->rule, PAGE_STILL);
        x = next;
    }
}

/* A base line that is broken: the scale does not begin at zero. */
static void put_broken_base(struct page_build *build, const struct chart *chart)
{
    int y = chart->plot.y + chart->plot.height;
    int dash = legal_px(build) / 2;
    for (int x = 0; x + dash <= chart->plot.width; x += 2 * dash) {
        struct rect line = {chart->plot.x + x, y, dash, thin_px(build)};
        page_put_fill(build, line, 0, build->theme->rule, PAGE_STILL);
    }
}

/* The widest name and value of the points that are told, or of all. */
struct widest {
    int name_px, value_px;
};

static struct widest widest_words(struct page_build *build,
                                  const struct chart *chart, bool all)
{
    struct widest widest = {0, 0};
    for (size_t i = 0; i < panel_of(build)->point_count; i++) {
        struct page_text name = name_text(build, i);
        struct page_text value = value_text(build, i);
        if (!all && !chart->told[i])
            continue;
        widest.name_px = larger(widest.name_px, page_run_px(build, &name));
        widest.value_px = larger(widest.value_px, page_run_px(build, &value));
    }
    return widest;
}

/* Whether every point has room for its name and value; otherwise only four are
 * told. */
static bool words_fit(struct page_build *build, int pitch)
{
    struct widest widest = widest_words(build, NULL, true);
    return larger(widest.name_px, widest.value_px) <=
           pitch - legal_px(build) / 2;
}

/* Around the plot, the last point's before all others. False: some have no
 * room. */
static bool place_around(struct page_build *build, struct chart *chart)
{
    bool all = words_fit(build, chart->pitch), good = true;
    size_t count = panel_of(build)->point_count;
    for (size_t i = 0; i < count; i++) {
        size_t point = (i + count - 1) % count;
        if (all || chart->told[point])
            good = place_point(build, chart, point) && good;
    }
    return good;
}

static void put_around(struct page_build *build, const struct chart *chart)
{
    for (size_t i = 0; i < chart->word_count; i++) {
        const struct placed *words = &chart->words[i];
        page_put_run(build, &words->text, words->x, words->baseline);
    }
}

static void put_marks(struct page_build *build, const struct chart *chart)
{
    for (size_t i = 0; i < panel_of(build)->point_count; i++) {
        if (panel_of(build)->growth_is_line)
            put_point(build, chart, i);
        else
            put_column(build, chart, i);
    }
}

static void set_pitch(const struct page_build *build, struct chart *chart,
                      int width_px)
{
    int count = (int)panel_of(build)->point_count;
    int most = legal_px(build) * PITCH_EMS;
    chart->pitch = width_px / count < most ? width_px / count : most;
    chart->plot.width = chart->pitch * count;
}

/* A line's range reaches so far down that words have room under its least. */
static void leave_room_below(const struct page_build *build,
                             struct chart *chart)
{
    int words = clear_px(build) + legal_px(build);
    int height = chart->plot.height;
    double least = value_of(build, chart->least);
    if (height > 2 * words && height > 0)
        chart->low = fmin(chart->low, (least * height - chart->high * words) /
                                          (height - words));
}

/* Rows of words over and under the plot. */
static void set_rows(struct page_build *build, struct chart *chart)
{
    int values = legal_px(build) * VALUES_PERCENT / 100;
    int names = legal_px(build) * WORDS_PERCENT / 100;
    chart->plot = chart->box;
    chart->plot.y += values;
    chart->plot.height -= values + names;
    set_pitch(build, chart, chart->box.width);
    if (panel_of(build)->growth_is_line)
        leave_room_below(build, chart);
}

static int chart_px(const struct page_build *build, int percent)
{
    return build->geometry.safe.height * percent / 100;
}

static int around_px(const struct page_build *build)
{
    return chart_px(build, PLOT_LEAST_PERCENT) +
           legal_px(build) * (VALUES_PERCENT + WORDS_PERCENT) / 100;
}

/* Title, unit and a line have no room beside a plot with words around it. */
static bool is_low(const struct page_build *build)
{
    return around_px(build) + legal_px(build) * OTHERS_PERCENT / 100 >
           build->geometry.safe.height;
}

static const char *unit_words(struct page_build *build)
{
    return page_filled(build, WORD_UNIT, "unit", panel_of(build)->unit);
}

static int aside_gap_px(const struct page_build *build)
{
    return legal_px(build) * ASIDE_GAP_PERCENT / 100;
}

/* Few points are all told beside the plot where the height allows that. */
static bool are_few(const struct page_build *build)
{
    return panel_of(build)->point_count <= ASIDE_FEW;
}

/* Names, values, and the gap to the plot. */
static int aside_px(struct page_build *build)
{
    struct chart chart = {0};
    set_range(build, &chart);
    struct widest widest = widest_words(build, &chart, are_few(build));
    return widest.name_px + widest.value_px +
           legal_px(build) * NAME_GAP_PERCENT / 100 + aside_gap_px(build);
}

static bool has_aside(struct page_build *build, int width_px)
{
    int plot = width_px - aside_px(build);
    return plot >= legal_px(build) * ASIDE_PLOT_EMS &&
           plot >= 3 * (int)panel_of(build)->point_count;
}

/* A unit that has no room behind the title stands there, too. */
static bool is_unit_aside(struct page_build *build)
{
    const struct panel *panel = panel_of(build);
    int width = build->geometry.safe.width;
    struct page_text title = word(build, panel->title, build->text,
                                  TYPE_SANS_BOLD);
    struct page_text unit = word(build, unit_words(build), build->muted,
                                 TYPE_SANS);
    return panel->subtitle[0] == '\0' && unit.text[0] != '\0' &&
           !build->strip && is_low(build) && has_aside(build, width) &&
           page_run_px(build, &unit) <= aside_px(build) &&
           page_run_px(build, &title) + page_run_px(build, &unit) +
                   legal_px(build) >
               width;
}

/* What so many points need of the height beside the plot. */
static int aside_lines_px(struct page_build *build, size_t points)
{
    return legal_px(build) * ASIDE_LINE_PERCENT / 100 *
           (int)(points + is_unit_aside(build));
}

static int aside_least_px(struct page_build *build, const struct chart *chart)
{
    return aside_lines_px(build, chart->told_count);
}

static void put_aside_line(struct page_build *build, const struct chart *chart,
                           const struct page_text *name,
                           const struct page_text *value, int baseline)
{
    int right = chart->box.x + chart->box.width;
    int left = right - aside_px(build) + aside_gap_px(build);
    page_put_run(build, name, left, baseline);
    if (value == NULL)
        return;
    page_put_run(build, value, right - page_run_px(build, value), baseline);
}

/* In the order of the points, at the right of the plot; all of them where
 * there is room. */
static void put_aside(struct page_build *build, const struct chart *chart)
{
    size_t points = panel_of(build)->point_count;
    bool all = are_few(build) &&
               aside_lines_px(build, points) <= chart->box.height;
    bool with_unit = is_unit_aside(build);
    int lines = (int)(all ? points : chart->told_count) + with_unit;
    int line = legal_px(build) * ASIDE_AIR_PERCENT / 100;
    int most = chart->box.height / lines;
    line = line < most ? line : most;
    int y = chart->box.y + (chart->box.height - line * lines) / 2 +
            (line + legal_px(build) * DIGITS_PERCENT / 100) / 2;
    if (with_unit) {
        struct page_text unit = word(build, unit_words(build), build->muted,
                                     TYPE_SANS);
        put_aside_line(build, chart, &unit, NULL, y);
        y += line;
    }
    for (size_t i = 0; i < points; i++) {
        if (!all && !chart->told[i])
            continue;
        struct page_text name = name_text(build, i);
        struct page_text value = value_text(build, i);
        put_aside_line(build, chart, &name, &value, y);
        y += line;
    }
}

/* Words stand around the plot if it keeps its least height and every told point
 * has room for them, otherwise beside it. */
static void set_words(struct page_build *build, struct chart *chart)
{
    set_rows(build, chart);
    bool around = place_around(build, chart) &&
                  chart->plot.height >= chart_px(build, PLOT_LEAST_PERCENT) &&
                  !is_unit_aside(build);
    if (around || !has_aside(build, chart->box.width) ||
        chart->box.height < aside_least_px(build, chart))
        return;
    chart->aside = true;
    chart->word_count = 0;
    set_range(build, chart);
    chart->plot = chart->box;
    int air = legal_px(build) * ASIDE_TOP_PERCENT / 100;
    chart->plot.y += air;
    chart->plot.height -= air;
    set_pitch(build, chart, chart->box.width - aside_px(build));
}

static void put_chart(struct page_build *build, struct rect box)
{
    struct chart chart = {.box = box};
    bool line = panel_of(build)->growth_is_line;
    set_range(build, &chart);
    set_words(build, &chart);
    if (chart.aside || !words_fit(build, chart.pitch)) {
        put_hairline(build, &chart, y_of(&chart, value_of(build, chart.least)));
        put_hairline(build, &chart,
                     y_of(&chart, value_of(build, chart.greatest)));
    }
    if (line)
        put_broken_base(build, &chart);
    else
        put_hairline(build, &chart, y_of(&chart, 0));
    put_marks(build, &chart);
    if (chart.aside)
        put_aside(build, &chart);
    else
        put_around(build, &chart);
}

/* With words around the plot, or, on a low page, beside it. */
static int chart_least_px(struct page_build *build)
{
    struct chart chart = {0};
    int plot = chart_px(build, PLOT_LEAST_PERCENT);
    set_range(build, &chart);
    if (!is_low(build) || !has_aside(build, build->area.width))
        return around_px(build);
    int aside = aside_least_px(build, &chart);
    int air = legal_px(build) * ASIDE_TOP_PERCENT / 100;
    return aside > plot + air ? aside : plot + air;
}

static int chart_most_px(struct page_build *build)
{
    return chart_px(build, CHART_MOST_PERCENT);
}

static const struct compose_picture chart_picture = {
    put_chart, chart_least_px, chart_most_px, NULL, false, true, NULL};

/* A point's name over its value, beside the plot of a strip. */
static struct page_text side_text(struct page_build *build, size_t point)
{
    struct page_text value = value_text(build, point);
    struct page_text side = page_strip_text(
        build,
        page_strip_stacked(build, panel_of(build)->points[point].label,
                           value.text),
        TYPE_SANS_BOLD, value.colour);
    return side;
}

static int side_px(struct page_build *build, size_t point)
{
    struct page_text side = side_text(build, point);
    return page_text_width(build, &side, PAGE_UNBROKEN_PX) + 1;
}

static int side_gap_px(const struct page_build *build)
{
    return legal_px(build) * STRIP_GAP_PERCENT / 100;
}

static void put_side(struct page_build *build, size_t point, struct rect box)
{
    struct page_text side = side_text(build, point);
    int height = page_text_height(build, &side, box.width);
    page_put_text(build, &side, box.x, box.y + (box.height - height) / 2,
                  box.width);
}

/* The plot between its first and its last point; two thin lines at the least
 * and the greatest. */
static void put_strip_chart(struct page_build *build, struct rect box)
{
    size_t last = panel_of(build)->point_count - 1;
    int left = side_px(build, 0), right = side_px(build, last);
    int gap = side_gap_px(build);
    struct chart chart = {0};
    set_range(build, &chart);
    chart.plot = (struct rect){box.x + left + gap, box.y + gap / 2,
                               box.width - left - right - 2 * gap,
                               box.height - gap};
    chart.pitch = chart.plot.width / (int)(last + 1);
    int spare = chart.plot.width - chart.pitch * (int)(last + 1);
    chart.plot.x += spare / 2;
    chart.plot.width -= spare;
    put_hairline(build, &chart, y_of(&chart, value_of(build, chart.greatest)));
    put_hairline(build, &chart, y_of(&chart, value_of(build, chart.least)));
    if (!panel_of(build)->growth_is_line)
        put_hairline(build, &chart, y_of(&chart, 0));
    put_side(build, 0, (struct rect){box.x, box.y, left, box.height});
    put_marks(build, &chart);
    put_side(
        build, last,
        (struct rect){box.x + box.width - right, box.y, right, box.height});
}

/* All of the page but the row of a title. */
static int strip_chart_px(struct page_build *build)
{
    return 2 * legal_px(build) * PAGE_STRIP_LEADING / 100;
}

static const struct compose_picture strip_chart = {
    put_strip_chart, strip_chart_px, strip_chart_px, NULL, false, true, NULL};

static bool strip_holds_chart(struct page_build *build)
{
    const struct rect *safe = &build->geometry.safe;
    size_t count = panel_of(build)->point_count;
    if (count < STRIP_FEW ||
        safe->height - build->mark_px < strip_chart_px(build))
        return false;
    int plot = safe->width - side_px(build, 0) - side_px(build, count - 1) -
               2 * side_gap_px(build);
    return plot >= legal_px(build) * STRIP_PLOT_EMS && plot >= 3 * (int)count;
}

/* Where a plot has no room the points are told one by one; of many points the
 * first, the least, the greatest and the last. */
static size_t choose_points(const struct page_build *build,
                            size_t out[STRIP_FEW])
{
    struct chart chart = {0};
    size_t points = panel_of(build)->point_count, count = 0;
    set_range(build, &chart);
    for (size_t i = 0; i < points; i++) {
        if (points < STRIP_FEW || chart.told[i])
            out[count++] = i;
    }
    return count;
}

static void strip_growth(struct page_build *build, struct compose_sheet *sheet)
{
    struct panel_figure figures[STRIP_FEW];
    struct compose_cell cells[STRIP_FEW];
    size_t points[STRIP_FEW];
    size_t count = choose_points(build, points);
    for (size_t i = 0; i < count; i++) {
        const struct panel_point *point = &panel_of(build)->points[points[i]];
        figures[i] = page_figure_of(point->value, panel_of(build)->unit);
        cells[i] = (struct compose_cell){.label = point->label,
                                         .figure = &figures[i],
                                         .detail = "",
                                         .note = ""};
    }
    compose_cells(sheet, cells, count);
    compose_lines(sheet, panel_of(build));
    compose_pages(build, sheet);
}

void page_template_growth(struct page_build *build)
{
    const struct panel *panel = panel_of(build);
    struct compose_sheet sheet = {.arrangements = {[COMPOSE_STACKED] = true}};
    if (build->strip && !strip_holds_chart(build)) {
        strip_growth(build, &sheet);
        return;
    }
    const char *unit = unit_words(build);
    if (panel->subtitle[0] == '\0' && !build->strip)
        build->aside = is_unit_aside(build) ? NULL : unit;
    else
        compose_text(&sheet, COMPOSE_UNIT, COMPOSE_WHOLE, unit);
    if (panel->point_count > 0)
        compose_picture(&sheet, COMPOSE_WHOLE,
                        build->strip ? &strip_chart : &chart_picture);
    compose_lines(&sheet, panel);
    compose_pages(build, &sheet);
}
