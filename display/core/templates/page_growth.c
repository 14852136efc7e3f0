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
    /* On a strip fewer points are told one by one; the plot is so many ems wide
     * at least, and its words stand so far from it. */
    STRIP_FEW = 5,
    STRIP_PLOT_EMS = 2,
    STRIP_GAP_PERCENT = 50,
    /* Of the body's height. */
    PLOT_LEAST_PERCENT = 45,
    CHART_MOST_PERCENT = 100,
    FEW_LINES = 9,
    FEW_PERCENT = 40,
    DIGITS_PERCENT = 74, /* a digit's height, of the em */
    NAMES_PERCENT = 12,  /* under the base line of names */
    /* What a line's range has over and under its values. */
    RANGE_PERCENT = 12,
    /* Words keep so much of the em between them and a stroke. */
    CLEAR_PERCENT = 32,
    PITCH_EMS = 10,
    /* Heights of the rows of words over and under the plot. */
    VALUES_PERCENT = 122,
    WORDS_PERCENT = 122,
};

struct chart {
    struct rect plot; /* between the rows of words */
    double low, high; /* values at its bottom and top */
    int pitch;
    size_t least, greatest;
    struct rect box;                     /* what words keep to */
    struct rect taken[2 * LIMIT_POINTS]; /* by words */
    size_t taken_count;
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
    chart->low = value_of(build, chart->least);
    chart->high = value_of(build, chart->greatest);
    double spare = (chart->high - chart->low) * RANGE_PERCENT / 100;
    if (panel->growth_is_line) {
        chart->low -= spare;
        chart->high += spare;
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

/* Words that have a place. */
struct placed {
    struct page_text text;
    int x, baseline;
    struct rect box; /* kept free of others */
};

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
    for (size_t i = 0; i < chart->taken_count; i++) {
        if (!rect_is_empty(rect_intersect(placed->box, chart->taken[i])))
            return false;
    }
    return true;
}

static void put_words(struct page_build *build, struct chart *chart,
                      const struct placed *placed)
{
    chart->taken[chart->taken_count++] = placed->box;
    page_put_run(build, &placed->text, placed->x, placed->baseline);
    page_with_previous(build);
}

/* How far the line rises from a point within a half of its words. */
static int rise_beside(const struct page_build *build,
                       const struct chart *chart, size_t index, int half_px,
                       bool above)
{
    int most = 0;
    int y = y_of(chart, value_of(build, index));
    for (int side = -1; side <= 1; side += 2) {
        if ((side < 0 && index == 0) ||
            (side > 0 && index + 1 == panel_of(build)->point_count))
            continue;
        size_t next = side < 0 ? index - 1 : index + 1;
        int rise = y - y_of(chart, value_of(build, next));
        rise = above ? rise : -rise;
        rise = half_px < chart->pitch ? rise * half_px / chart->pitch : rise;
        most = rise > most ? rise : most;
    }
    return most;
}

/* On the side of a point where the line leaves it more room. */
static int line_baseline(struct page_build *build, const struct chart *chart,
                         size_t index, const struct page_text *value)
{
    int half = page_run_px(build, value) / 2 +
               legal_px(build) * CLEAR_PERCENT / 100;
    int over = rise_beside(build, chart, index, half, true);
    int under = rise_beside(build, chart, index, half, false);
    int clear = legal_px(build) * (CLEAR_PERCENT + DOT_PERCENT) / 100;
    int y = y_of(chart, value_of(build, index));
    int bottom = y + under + clear + legal_px(build) * DIGITS_PERCENT / 100;
    bool below = under < over && over > legal_px(build) / 2 &&
                 bottom <= chart->plot.y + chart->plot.height;
    return below ? bottom : y - over - clear;
}

/* Over its column; of a negative value over the base line. */
static int column_baseline(const struct page_build *build,
                           const struct chart *chart, size_t index)
{
    double value = value_of(build, index);
    return y_of(chart, value > 0 ? value : 0) -
           legal_px(build) * CLEAR_PERCENT / 100;
}

/* The highest place of the chart under or beside words. */
static int highest_y(const struct page_build *build, const struct chart *chart,
                     const struct placed *placed)
{
    int highest = chart->plot.y + chart->plot.height;
    int half = placed->box.width / 2;
    int middle = placed->box.x + half;
    for (size_t i = 0; i < panel_of(build)->point_count; i++) {
        int y = y_of(chart, value_of(build, i));
        if (abs(x_of(chart, i) - middle) < half + chart->pitch && y < highest)
            highest = y;
    }
    return highest;
}

/* Where other words stand at the point: «2 月 812» in one, over everything that
 * the chart has there. It begins over its point, or ends there. */
static void put_callout(struct page_build *build, struct chart *chart,
                        size_t index)
{
    struct page_text name = name_text(build, index);
    struct page_text words = value_text(build, index);
    words.text = page_labelled(build, name.text, words.text);
    int dot = panel_of(build)->growth_is_line ? DOT_PERCENT : 0;
    int clear = legal_px(build) * (CLEAR_PERCENT + dot) / 100;
    int half = (page_run_px(build, &words) - chart->pitch) / 2;
    bool right = 2 * index >= panel_of(build)->point_count;
    int x = x_of(chart, index) + (right ? -half : half);
    struct placed placed = place_words(build, chart, &words, x, 0);
    int y = highest_y(build, chart, &placed) - clear;
    placed = place_words(build, chart, &words, x, y);
    for (size_t i = 0; i < chart->taken_count; i++) {
        struct rect taken = chart->taken[i];
        if (!rect_is_empty(rect_intersect(placed.box, taken)))
            placed =
                place_words(build, chart, &words, x,
                            taken.y + words.size_px * 88 / 100 - words.size_px);
    }
    if (is_free(chart, &placed) && placed.box.y >= chart->box.y)
        put_words(build, chart, &placed);
}

/* Whether the value of a column at an end is wider than its room, beside a
 * column that is higher. */
static bool is_at_side(struct page_build *build, const struct chart *chart,
                       size_t index)
{
    size_t count = panel_of(build)->point_count;
    struct page_text value = value_text(build, index);
    if (panel_of(build)->growth_is_line || count < 2 ||
        (index > 0 && index + 1 < count) ||
        page_run_px(build, &value) + value.size_px / 2 <= chart->pitch)
        return false;
    size_t next = index == 0 ? 1 : index - 1;
    return y_of(chart, value_of(build, next)) <
           y_of(chart, value_of(build, index));
}

/* In the middle over its point; at the side of a higher column from its own
 * column's edge outwards. */
static int value_middle_x(struct page_build *build, const struct chart *chart,
                          size_t index, const struct page_text *value)
{
    int out =
        (page_run_px(build, value) - chart->pitch * COLUMN_PERCENT / 100) / 2;
    if (!is_at_side(build, chart, index) || out < 0)
        return x_of(chart, index);
    return x_of(chart, index) + (index == 0 ? -out : out);
}

static void put_point_words(struct page_build *build, struct chart *chart,
                            size_t index, int names_y)
{
    struct page_text name = name_text(build, index);
    struct page_text value = value_text(build, index);
    int baseline = panel_of(build)->growth_is_line
                       ? line_baseline(build, chart, index, &value)
                       : column_baseline(build, chart, index);
    struct placed below = place_words(build, chart, &name, x_of(chart, index),
                                      names_y);
    struct placed above =
        place_words(build, chart, &value,
                    value_middle_x(build, chart, index, &value), baseline);
    if (!is_free(chart, &below) || !is_free(chart, &above)) {
        put_callout(build, chart, index);
        return;
    }
    put_words(build, chart, &above);
    put_words(build, chart, &below);
}

static void put_column(struct page_build *build, const struct chart *chart,
                       size_t index)
{
    int value_y = y_of(chart, value_of(build, index));
    int zero_y = y_of(chart, 0);
    int width = chart->pitch * COLUMN_PERCENT / 100;
    int widest = legal_px(build) * COLUMN_EMS;
    width = width < widest ? width : widest;
    int top = value_y < zero_y ? value_y : zero_y;
    int bottom = value_y < zero_y ? zero_y : value_y;
    struct rect column = {x_of(chart, index) - width / 2, top,
                          width > 1 ? width : 1,
                          bottom - top > 0 ? bottom - top : 1};
    bool last = index + 1 == panel_of(build)->point_count;
    page_put_fill(build, column, 0, last ? build->accent : build->muted,
                  PAGE_GROW_UP);
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
    page_with_previous(build);
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
                  PAGE_APPEAR);
    page_with_previous(build);
}

static int thin_px(const struct page_build *build)
{
    return legal_px(build) / 20 > 0 ? legal_px(build) / 20 : 1;
}

static void put_hairline(struct page_build *build, const struct chart *chart,
                         int y)
{
    struct rect line = {chart->plot.x, y, chart->plot.width, thin_px(build)};
    page_put_fill(build, line, 0, build->theme->rule, PAGE_STILL);
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

/* Words that have room at every point; else those of four. */
static bool words_fit(struct page_build *build, int pitch)
{
    int most = pitch - legal_px(build) / 2;
    for (size_t i = 0; i < panel_of(build)->point_count; i++) {
        struct page_text name = name_text(build, i);
        struct page_text value = value_text(build, i);
        if (page_run_px(build, &name) > most ||
            page_run_px(build, &value) > most)
            return false;
    }
    return true;
}

static void put_all_words(struct page_build *build, struct chart *chart,
                          int names_y)
{
    size_t count = panel_of(build)->point_count;
    const size_t few[] = {count - 1, 0, chart->greatest, chart->least};
    bool told[LIMIT_POINTS] = {false};
    if (words_fit(build, chart->pitch)) {
        for (size_t i = 0; i < count; i++)
            put_point_words(build, chart, i, names_y);
        return;
    }
    for (size_t i = 0; i < sizeof few / sizeof few[0]; i++) {
        if (!told[few[i]])
            put_point_words(build, chart, few[i], names_y);
        told[few[i]] = true;
    }
}

static void put_marks(struct page_build *build, const struct chart *chart)
{
    for (size_t i = 0; i < panel_of(build)->point_count; i++) {
        if (panel_of(build)->growth_is_line)
            put_point(build, chart, i);
        else
            put_column(build, chart, i);
        build->step += panel_of(build)->growth_is_line;
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

/* What the value of the first or the last column needs beside the plot, so
 * that it stands clear of the next column, which may be higher. */
static int side_room(struct page_build *build, const struct chart *chart,
                     size_t index)
{
    struct page_text value = value_text(build, index);
    int own = chart->pitch * (100 + COLUMN_PERCENT) / 200;
    int room = page_run_px(build, &value) - own;
    return is_at_side(build, chart, index) && room > 0 ? room : 0;
}

static void put_chart(struct page_build *build, struct rect box)
{
    struct chart chart = {0};
    int values = legal_px(build) * VALUES_PERCENT / 100;
    int names = legal_px(build) * WORDS_PERCENT / 100;
    set_range(build, &chart);
    bool line = panel_of(build)->growth_is_line;
    chart.box = box;
    chart.plot = (struct rect){box.x, box.y + values, box.width,
                               box.height - values - names};
    set_pitch(build, &chart, box.width);
    if (!line) {
        int before = side_room(build, &chart, 0);
        int after = side_room(build, &chart, panel_of(build)->point_count - 1);
        chart.plot.x += before;
        set_pitch(build, &chart, box.width - before - after);
    }
    if (!words_fit(build, chart.pitch)) {
        put_hairline(build, &chart, y_of(&chart, value_of(build, chart.least)));
        put_hairline(build, &chart,
                     y_of(&chart, value_of(build, chart.greatest)));
    }
    if (line)
        put_broken_base(build, &chart);
    else
        put_hairline(build, &chart, y_of(&chart, 0));
    put_marks(build, &chart);
    put_all_words(build, &chart,
                  box.y + box.height - legal_px(build) * NAMES_PERCENT / 100);
}

static int chart_px(const struct page_build *build, int percent)
{
    return build->geometry.safe.height * percent / 100;
}

/* A page of few lines has no room for words around a plot so high. */
static int chart_least_px(struct page_build *build)
{
    int rows = legal_px(build) * (VALUES_PERCENT + WORDS_PERCENT) / 100;
    bool few = build->geometry.safe.height < legal_px(build) * FEW_LINES;
    return few ? chart_px(build, FEW_PERCENT)
               : chart_px(build, PLOT_LEAST_PERCENT) + rows;
}

static int chart_most_px(struct page_build *build)
{
    return chart_px(build, CHART_MOST_PERCENT);
}

static const struct compose_picture chart_picture = {
    put_chart, chart_least_px, chart_most_px, NULL, false, true};

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
    put_strip_chart, strip_chart_px, strip_chart_px, NULL, false, true};

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

/* Where no plot has room, its points one by one; of many those that are the
 * first, the least, the greatest and the last. */
static size_t choose_points(const struct page_build *build,
                            size_t out[STRIP_FEW])
{
    struct chart chart = {0};
    size_t points = panel_of(build)->point_count, count = 0;
    set_range(build, &chart);
    for (size_t i = 0; i < points; i++) {
        bool told = points < STRIP_FEW || i == 0 || i + 1 == points ||
                    i == chart.least || i == chart.greatest;
        if (told)
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
        figures[i] = (struct panel_figure){.label = point->label,
                                           .qualifier = "",
                                           .value = point->value,
                                           .unit = panel_of(build)->unit,
                                           .suffix = "",
                                           .note = ""};
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
    char words[WORDS_BYTES] = "";
    const struct word_slot slot = {"unit", panel->unit};
    struct compose_sheet sheet = {.arrangements = {[COMPOSE_STACKED] = true}};
    if (build->strip && !strip_holds_chart(build)) {
        strip_growth(build, &sheet);
        return;
    }
    if (panel->unit[0] != '\0')
        words_fill(build->theme, WORD_UNIT, &slot, 1, words);
    const char *unit = page_keep(build, words);
    if (panel->subtitle[0] == '\0' && !build->strip)
        build->aside = unit;
    else
        compose_text(&sheet, COMPOSE_UNIT, COMPOSE_WHOLE, unit);
    if (panel->point_count > 0)
        compose_picture(&sheet, COMPOSE_WHOLE,
                        build->strip ? &strip_chart : &chart_picture);
    compose_lines(&sheet, panel);
    compose_pages(build, &sheet);
}
