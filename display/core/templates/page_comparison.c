/* Now against a baseline: two bars from one base line at zero, and the ratio
 * in words. */
#include "display/core/templates/page_template.h"

#include "display/core/compose/compose.h"
#include "display/core/page/page_figure.h"
#include "display/core/page/page_strip.h"
#include "display/core/page/page_words.h"

/* A bar's height, of the legal size: at least, and at most; and the room
 * between two. */
enum { BAR_LEAST_PERCENT = 102, BAR_MOST_PERCENT = 150, BETWEEN_PERCENT = 30 };
/* Bars stand beside their labels if they are longer than these, otherwise under
 * them. Then the label's line and the bar have these heights. */
enum { BARS_LABELS = 2, LABEL_LINE_PERCENT = 118, UNDER_PERCENT = 55 };
/* Between a label and its bar, of the legal size, at least. */
enum { CLEAR_PERCENT = 40 };

/* Rounded to at most two places. */
static struct decimal rounded(double number, int places)
{
    double scale = places == 0 ? 1 : places == 1 ? 10 : 100;
    struct decimal out = {(int64_t)(number * scale + 0.5), places};
    while (out.places > 0 && out.units % 10 == 0) {
        out.units /= 10;
        out.places--;
    }
    return out;
}

/* The ratio in words: from 100 on without places, from 10 on with one. A ratio
 * below 1 is told as a decline in percent. */
const char *page_ratio_words(struct page_build *build)
{
    const struct panel *panel = &build->message->panel;
    if (panel->statement[0] != '\0' || panel->ratio.units <= 0)
        return panel->statement;
    char number[NUMBER_BYTES];
    char words[WORDS_BYTES];
    double ratio = decimal_to_double(panel->ratio);
    struct decimal said = panel->ratio;
    if (ratio < 1)
        said = rounded((1 - ratio) * 100, 1);
    else if (!panel->ratio_known && ratio >= 10)
        said = rounded(ratio, ratio >= 100 ? 0 : 1);
    words_number(said, number);
    const struct word_slot slots[] = {{"baseline", panel->baseline_label},
                                      {"qualifier", panel->ratio_qualifier},
                                      {"ratio", number},
                                      {"percent", number}};
    words_fill(build->theme, ratio < 1 ? WORD_DECLINE : WORD_RATIO, slots,
               sizeof slots / sizeof slots[0], words);
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

/* The label stands before the bar, or above it. */
static void put_bar(struct page_build *build, const char *label, double share,
                    draw_colour colour, enum page_motion motion, int label_x,
                    struct rect row)
{
    struct page_text text = bar_label(build, label);
    int line = text.size_px * LABEL_LINE_PERCENT / 100;
    bool above = label_x == row.x;
    int middle = row.y + (above ? line : row.height) / 2;
    page_put_run(build, &text, label_x, page_run_baseline(&text, middle));
    if (above) {
        row.y += line;
        row.height -= line;
    }
    int length = (int)(row.width * share + 0.5);
    row.width = length > 0 ? length : 1;
    page_put_fill(build, row, row.height / 8, colour, motion);
}

/* «2015 年», with its figure where that was given. */
static const char *past_label(struct page_build *build)
{
    const struct panel *panel = &build->message->panel;
    if (!panel->baseline_known)
        return panel->baseline_label;
    return page_strip_joined(build, panel->baseline_label,
                             page_digits_words(build, panel->baseline_value));
}

/* The column of the bars' labels. */
static int labels_px(struct page_build *build)
{
    const struct panel *panel = &build->message->panel;
    struct page_text then_label = bar_label(build, past_label(build));
    struct page_text now_label = bar_label(build, panel->now_label);
    int then_px = page_run_px(build, &then_label);
    int now_px = page_run_px(build, &now_label);
    return larger(then_px, now_px) +
           larger(build->gap, then_label.size_px * CLEAR_PERCENT / 100);
}

/* No room for bars beside their labels. */
static bool are_under(struct page_build *build)
{
    return build->area.width < BARS_LABELS * labels_px(build);
}

static int between_px(const struct page_build *build)
{
    return build->sizes[SIZE_LEGAL] * BETWEEN_PERCENT / 100;
}

static void put_bars(struct page_build *build, struct rect box)
{
    const struct panel *panel = &build->message->panel;
    double ratio = ratio_of(panel);
    double past = ratio > 1 ? 1 / ratio : 1;
    double now = ratio > 1 ? 1 : ratio;
    int labels = are_under(build) ? 0 : labels_px(build);
    int height = (box.height - between_px(build)) / 2;
    struct rect row = {box.x + labels, box.y, box.width - labels, height};
    put_bar(build, past_label(build), past, build->theme->past, PAGE_STILL,
            box.x, row);
    row.y = box.y + box.height - height;
    put_bar(build, panel->now_label, now, build->accent, PAGE_GROW_RIGHT, box.x,
            row);
    page_grow_from(build, (int)(row.width * past));
}

static int bars_px(struct page_build *build, int percent)
{
    if (are_under(build))
        percent = LABEL_LINE_PERCENT + UNDER_PERCENT;
    return build->sizes[SIZE_LEGAL] * percent / 100 * 2 + between_px(build);
}

static int bars_least_px(struct page_build *build)
{
    return bars_px(build, BAR_LEAST_PERCENT);
}

static int bars_most_px(struct page_build *build)
{
    return bars_px(build, BAR_MOST_PERCENT);
}

static int bars_width_px(struct page_build *build)
{
    return BARS_LABELS * labels_px(build);
}

static const struct compose_picture bars = {
    put_bars, bars_least_px, bars_most_px, bars_width_px, false, false, NULL};

static struct decimal start_of(const struct panel *panel)
{
    const struct decimal none = {0, 0};
    return panel->baseline_known ? panel->baseline_value : none;
}

void page_template_comparison(struct page_build *build)
{
    const struct panel *panel = &build->message->panel;
    const struct panel_figure *figure = &panel->figures[0];
    struct compose_sheet sheet = {
        .arrangements = {
            [COMPOSE_STACKED] = true, [COMPOSE_BESIDE] = build->wide}};
    const char *label = build->strip ? page_strip_joined(build, figure->label,
                                                         panel->now_label)
                                     : figure->label;
    compose_text(&sheet, COMPOSE_LABEL, COMPOSE_WHOLE, label);
    compose_figure(&sheet, COMPOSE_LEFT, figure, start_of(panel));
    compose_text(&sheet, COMPOSE_STATEMENT, COMPOSE_RIGHT,
                 page_ratio_words(build));
    if (!build->strip)
        compose_picture(&sheet, COMPOSE_RIGHT, &bars);
    compose_text(&sheet, COMPOSE_NOTE, COMPOSE_WHOLE, figure->note);
    compose_lines(&sheet, panel);
    compose_pages(build, &sheet);
}
