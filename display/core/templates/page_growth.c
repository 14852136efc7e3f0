/* A value over time: columns from zero, or a line; every point with its
 * number and its name. Points that do not fit stand on the next page, drawn
 * to the same scale. */
#include "display/core/templates/page_template.h"

#include "display/core/page/page_figure.h"
#include "display/core/page/page_words.h"

#include <math.h>
#include <string.h>

#define COLUMN_PERCENT 58
#define COLUMN_EMS 4
#define LINE_THICK_PERCENT 14
#define DOT_PERCENT 26

struct chart {
    struct rect plot; /* between the rows of words */
    double low, high; /* values at its bottom and top; low ≤ 0 */
    int pitch;
    int size_px;
    size_t from, count; /* points on this page */
};

static void range_of(const struct panel *panel, struct chart *chart)
{
    chart->low = 0;
    chart->high = 0;
    for (size_t i = 0; i < panel->point_count; i++) {
        double value = decimal_to_double(panel->points[i].value);
        chart->low = fmin(chart->low, value);
        chart->high = fmax(chart->high, value);
    }
    if (chart->high - chart->low <= 0)
        chart->high = chart->low + 1;
}

static struct page_text word(const struct page_build *build, const char *text,
                             draw_colour colour, enum type_role role)
{
    return (struct page_text){.text = text,
                              .role = role,
                              .size_px = build->sizes[SIZE_LEGAL],
                              .colour = colour};
}

static const char *value_words(struct page_build *build, size_t point)
{
    char digits[DECIMAL_BYTES];
    decimal_format(build->message->panel.points[point].value, digits);
    return page_keep(build, digits);
}

/* The widest word sets how many points stand on a page. */
static int widest_word(struct page_build *build)
{
    const struct panel *panel = &build->message->panel;
    int widest = build->sizes[SIZE_LEGAL];
    for (size_t i = 0; i < panel->point_count; i++) {
        struct page_text label = word(build, panel->points[i].label, 0,
                                      TYPE_SANS);
        struct page_text value = word(build, value_words(build, i), 0,
                                      TYPE_SANS_BOLD);
        int label_px = page_run_px(build, &label);
        int value_px = page_run_px(build, &value);
        int wider = label_px > value_px ? label_px : value_px;
        widest = wider > widest ? wider : widest;
    }
    return widest + build->sizes[SIZE_LEGAL] / 2;
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

static void put_words(struct page_build *build, const struct chart *chart,
                      size_t index, int top_y, int bottom_y)
{
    size_t point = chart->from + index;
    const struct panel *panel = &build->message->panel;
    bool last = point + 1 == panel->point_count;
    int legal = build->sizes[SIZE_LEGAL];
    struct page_text value = word(build, value_words(build, point),
                                  last ? build->accent : build->text,
                                  TYPE_SANS_BOLD);
    struct page_text label = word(build, panel->points[point].label,
                                  build->muted, TYPE_SANS);
    int middle = x_of(chart, index);
    page_put_run(build, &value, middle - page_run_px(build, &value) / 2,
                 top_y - legal / 3);
    page_with_previous(build);
    page_put_run(build, &label, middle - page_run_px(build, &label) / 2,
                 bottom_y + legal * 5 / 4);
    page_with_previous(build);
}

static void put_column(struct page_build *build, const struct chart *chart,
                       size_t index)
{
    const struct panel *panel = &build->message->panel;
    size_t point = chart->from + index;
    int value_y = y_of(chart, decimal_to_double(panel->points[point].value));
    int zero_y = y_of(chart, 0);
    int width = chart->pitch * COLUMN_PERCENT / 100;
    int widest = build->sizes[SIZE_LEGAL] * COLUMN_EMS;
    if (width > widest)
        width = widest;
    int top = value_y < zero_y ? value_y : zero_y;
    int bottom = value_y < zero_y ? zero_y : value_y;
    struct rect column = {x_of(chart, index) - width / 2, top, width,
                          bottom - top > 0 ? bottom - top : 1};
    bool last = point + 1 == panel->point_count;
    put_words(build, chart, index, top, chart->plot.y + chart->plot.height);
    page_put_fill(build, column, 0, last ? build->accent : build->muted,
                  PAGE_GROW_UP);
}

static void put_stroke(struct page_build *build, float x0, float y0, float x1,
                       float y1, float thick)
{
    float length = hypotf(x1 - x0, y1 - y0);
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
    const struct panel *panel = &build->message->panel;
    size_t point = chart->from + index;
    float legal = (float)build->sizes[SIZE_LEGAL];
    int x = x_of(chart, index);
    int y = y_of(chart, decimal_to_double(panel->points[point].value));
    if (index > 0) {
        double before = decimal_to_double(panel->points[point - 1].value);
        put_stroke(build, (float)x_of(chart, index - 1),
                   (float)y_of(chart, before), (float)x, (float)y,
                   legal * LINE_THICK_PERCENT / 100);
    }
    page_put_ring(build, (float)x, (float)y, legal * DOT_PERCENT / 100, 0, 1,
                  build->accent, PAGE_APPEAR);
    page_with_previous(build);
    put_words(build, chart, index, y - (int)(legal * DOT_PERCENT / 100),
              chart->plot.y + chart->plot.height);
    build->step++;
}

static void put_chart(struct page_build *build, const struct chart *chart)
{
    int thick = build->sizes[SIZE_LEGAL] / 20;
    struct rect base = {chart->plot.x, y_of(chart, 0), chart->plot.width,
                        thick > 0 ? thick : 1};
    page_put_fill(build, base, 0, build->theme->rule, PAGE_STILL);
    for (size_t i = 0; i < chart->count; i++) {
        if (build->message->panel.growth_is_line)
            put_point(build, chart, i);
        else
            put_column(build, chart, i);
    }
}

static void flow_unit(struct page_build *build)
{
    const struct panel *panel = &build->message->panel;
    char words[WORDS_BYTES];
    const struct word_slot slot = {"unit", panel->unit};
    words_fill(build->theme, WORD_UNIT, &slot, 1, words);
    struct page_text unit = word(build, page_keep(build, words), build->muted,
                                 TYPE_SANS);
    if (panel->unit[0] != '\0')
        page_flow_text(build, &unit);
}

static void flow_chart(struct page_build *build, struct chart *chart,
                       int height)
{
    int legal = build->sizes[SIZE_LEGAL];
    int y = page_take(build, height);
    int words = legal * 3 / 2;
    chart->plot = (struct rect){build->area.x, y + words, build->area.width,
                                height - 2 * words};
    chart->pitch = build->area.width / (int)chart->count;
    int most = legal * 10;
    if (chart->pitch > most)
        chart->pitch = most;
    chart->plot.width = chart->pitch * (int)chart->count;
    put_chart(build, chart);
}

void page_template_growth(struct page_build *build)
{
    const struct panel *panel = &build->message->panel;
    struct chart chart = {0};
    range_of(panel, &chart);
    page_open(build);
    build->settle = 0;
    int fit = build->area.width / widest_word(build);
    size_t most = fit > 1 ? (size_t)fit : 1;
    size_t pages = (panel->point_count + most - 1) / most;
    size_t each = pages > 0 ? (panel->point_count + pages - 1) / pages : 1;
    build->lines_size = SIZE_LEGAL;
    int lines = page_lines_height(build);
    for (; chart.from < panel->point_count; chart.from += each) {
        if (chart.from > 0)
            page_open(build);
        flow_unit(build);
        size_t rest = panel->point_count - chart.from;
        chart.count = rest < each ? rest : each;
        int height = page_room(build) - lines;
        int least = build->sizes[SIZE_LEGAL] * 6;
        flow_chart(build, &chart, height > least ? height : least);
    }
    page_flow_lines(build);
}
