/* Now against a baseline: two bars from one base line at zero, and the ratio
 * in words. */
#include "display/core/templates/page_template.h"

#include "display/core/page/page_figure.h"
#include "display/core/page/page_words.h"

#include <stdio.h>

/* The statement stands beside the bars: on one line where that leaves the
 * bars their greater half, else on two. Of the body's width. */
#define STATEMENT_ONE_LINE_PERCENT 45
#define STATEMENT_PERCENT 36
#define BAR_EMS_PERCENT 85
/* A figure no wider than this share leaves the bars a place at its side. */
#define FIGURE_PERCENT 56

const char *page_ratio_words(struct page_build *build)
{
    const struct panel *panel = &build->message->panel;
    if (panel->statement[0] != '\0' || panel->ratio.units <= 0)
        return panel->statement;
    char ratio[DECIMAL_BYTES];
    char words[WORDS_BYTES];
    decimal_format(panel->ratio, ratio);
    const struct word_slot slots[] = {{"baseline", panel->baseline_label},
                                      {"qualifier", panel->ratio_qualifier},
                                      {"ratio", ratio}};
    words_fill(build->theme, WORD_RATIO, slots, sizeof slots / sizeof slots[0],
               words);
    return page_keep(build, words);
}

/* now ÷ baseline. */
static double ratio_of(const struct panel *panel)
{
    if (panel->ratio.units > 0)
        return decimal_to_double(panel->ratio);
    double baseline = decimal_to_double(panel->baseline_value);
    double now = decimal_to_double(panel->figures[0].value);
    return panel->baseline_known && baseline > 0 && now >= 0 ? now / baseline
                                                             : 1;
}

static struct page_text bar_label(const struct page_build *build,
                                  const char *label)
{
    return (struct page_text){.text = label,
                              .role = TYPE_SANS,
                              .size_px = build->sizes[SIZE_LEGAL],
                              .colour = build->muted};
}

static void put_bar(struct page_build *build, const char *label, double share,
                    draw_colour colour, enum page_motion motion, int label_x,
                    struct rect row)
{
    struct page_text text = bar_label(build, label);
    int baseline = row.y + row.height / 2 + text.size_px * 38 / 100;
    page_put_run(build, &text, label_x, baseline);
    int length = (int)(row.width * share + 0.5);
    row.width = length > 0 ? length : 1;
    page_put_fill(build, row, row.height / 8, colour, motion);
}

/* «2015 年», with its figure where that was given. */
static const char *past_label(struct page_build *build)
{
    const struct panel *panel = &build->message->panel;
    char digits[DECIMAL_BYTES];
    char words[WORDS_BYTES];
    if (!panel->baseline_known)
        return panel->baseline_label;
    decimal_format(panel->baseline_value, digits);
    snprintf(words, sizeof words, "%.300s　%s", panel->baseline_label, digits);
    return page_keep(build, words);
}

/* The column of the bars' labels. */
static int labels_px(struct page_build *build)
{
    const struct panel *panel = &build->message->panel;
    struct page_text then_label = bar_label(build, past_label(build));
    struct page_text now_label = bar_label(build, panel->now_label);
    int then_px = page_run_px(build, &then_label);
    int now_px = page_run_px(build, &now_label);
    return (then_px > now_px ? then_px : now_px) + build->gap;
}

/* The bar that was put last moves as the figure does. */
static void grow_with_figure(struct page_build *build)
{
    if (build->failed || build->page == NULL)
        return;
    struct page *page = build->page;
    struct page_element *bar = &page->elements[page->count - 1];
    for (size_t i = 0; i < page->count; i++) {
        if (page->elements[i].motion == PAGE_COUNT)
            bar->begin_ms = page->elements[i].begin_ms;
    }
}

static void put_bars(struct page_build *build, int x, int y, int height,
                     int width)
{
    const struct panel *panel = &build->message->panel;
    double ratio = ratio_of(panel);
    double past = ratio > 1 ? 1 / ratio : 1;
    double now = ratio > 1 ? 1 : ratio;
    int labels = labels_px(build);
    struct rect row = {x + labels, y, width - labels, height};
    put_bar(build, past_label(build), past, build->muted, PAGE_APPEAR, x, row);
    row.y += height + build->gap / 2;
    put_bar(build, panel->now_label, now, build->accent, PAGE_GROW_RIGHT, x,
            row);
    grow_with_figure(build);
}

static struct page_text statement_text(struct page_build *build)
{
    return (struct page_text){.text = page_ratio_words(build),
                              .role = TYPE_SANS_BOLD,
                              .size_px = build->sizes[SIZE_BODY],
                              .colour = build->text,
                              .balanced = true};
}

static int bar_px(const struct page_build *build)
{
    return build->sizes[SIZE_BODY] * BAR_EMS_PERCENT / 100;
}

static int bars_px(const struct page_build *build)
{
    return bar_px(build) * 2 + build->gap / 2;
}

static int statement_column(struct page_build *build,
                            const struct page_text *statement)
{
    int width = build->area.width;
    if (!build->wide || statement->text[0] == '\0')
        return 0;
    int one_line = page_run_px(build, statement) + 3 * build->gap;
    if (one_line <= width * STATEMENT_ONE_LINE_PERCENT / 100)
        return one_line;
    return width * STATEMENT_PERCENT / 100;
}

/* Bars under the figure, the statement beside or below them. */
static void flow_bars(struct page_build *build)
{
    int width = build->area.width;
    struct page_text statement = statement_text(build);
    int beside = statement_column(build, &statement);
    int y = page_take(build, bars_px(build));
    put_bars(build, build->area.x, y, bar_px(build), width - beside);
    if (beside == 0) {
        page_skip(build, build->gap);
        page_flow_text(build, &statement);
        return;
    }
    int column = beside - 2 * build->gap;
    int text = page_text_height(build, &statement, column);
    page_put_text(build, &statement, build->area.x + width - column,
                  y + (bars_px(build) - text) / 2, column);
}

static struct decimal start_of(const struct panel *panel)
{
    const struct decimal none = {0, 0};
    return panel->baseline_known ? panel->baseline_value : none;
}

static int side_column(const struct page_build *build, int size)
{
    int used = page_figure_width(build, &build->message->panel.figures[0],
                                 size);
    return build->area.width - used - 3 * build->gap;
}

/* A short figure leaves room at its side: bars and statement stand there,
 * and the figure keeps its full height. */
static int side_by_side_size(struct page_build *build, int height)
{
    const struct panel *panel = &build->message->panel;
    int hero = (int)(build->geometry.height_px * build->theme->hero_share);
    int digits = height < hero ? height : hero;
    int size = page_figure_fit(build, &panel->figures[0],
                               build->area.width * FIGURE_PERCENT / 100,
                               page_digits_em(build, digits));
    bool tall = page_figure_rise(build, size) * 10 >= digits * 7;
    if (!build->wide || size == 0 || !tall)
        return 0;
    struct page_text statement = statement_text(build);
    int column = side_column(build, size);
    int high = page_text_height(build, &statement, column) + build->gap +
               bars_px(build);
    return high <= page_figure_rise(build, size) + build->gap &&
                   column >= 2 * labels_px(build)
               ? size
               : 0;
}

static void put_side_by_side(struct page_build *build, int size)
{
    const struct panel *panel = &build->message->panel;
    struct page_text statement = statement_text(build);
    int rise = page_figure_rise(build, size);
    int height = rise + page_figure_depth(build, size);
    int y = page_take(build, height);
    page_put_figure(build, &panel->figures[0], start_of(panel), build->area.x,
                    y + rise, size);
    int column = side_column(build, size);
    int x = build->area.x + build->area.width - column;
    int text = page_text_height(build, &statement, column);
    int top = y + (height - text - build->gap - bars_px(build)) / 2;
    page_put_text(build, &statement, x, top, column);
    put_bars(build, x, top + text + build->gap, bar_px(build), column);
}

static void put_stacked(struct page_build *build, int room)
{
    const struct panel *panel = &build->message->panel;
    int words = build->wide ? 0 : build->sizes[SIZE_BODY] * 2;
    int height = room - bars_px(build) - words - build->gap * 3;
    int least = build->sizes[SIZE_BODY];
    page_flow_hero(build, &panel->figures[0], start_of(panel),
                   height > least ? height : least);
    page_skip(build, build->gap * 3 / 2);
    flow_bars(build);
}

void page_template_comparison(struct page_build *build)
{
    const struct panel *panel = &build->message->panel;
    page_open(build);
    struct page_text label = page_label_text(build, panel->figures[0].label);
    page_flow_text(build, &label);
    page_skip(build, build->gap / 2);
    int room = page_room(build) - page_lines_height(build) - build->gap;
    int size = side_by_side_size(build, room);
    if (size > 0)
        put_side_by_side(build, size);
    else
        put_stacked(build, room);
    struct page_text note = page_note_text(build, panel->figures[0].note);
    page_flow_text(build, &note);
    page_flow_lines(build);
}
