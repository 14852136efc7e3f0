/* Now against a baseline: two bars from one base line at zero, and the ratio
 * in words. */
#include "display/core/page_template.h"

#include "display/core/page_figure.h"
#include "display/core/page_words.h"

/* Of the body's width; the statement stands beside the bars. */
#define STATEMENT_PERCENT 36
#define BAR_EMS_PERCENT 85

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
                    draw_colour colour, enum page_motion motion,
                    struct rect row)
{
    struct page_text text = bar_label(build, label);
    int baseline = row.y + row.height / 2 + text.size_px * 38 / 100;
    page_put_run(build, &text, build->area.x, baseline);
    int length = (int)(row.width * share + 0.5);
    row.width = length > 0 ? length : 1;
    page_put_fill(build, row, row.height / 8, colour, motion);
}

static void put_bars(struct page_build *build, int y, int height, int width)
{
    const struct panel *panel = &build->message->panel;
    double ratio = ratio_of(panel);
    double past = ratio > 1 ? 1 / ratio : 1;
    double now = ratio > 1 ? 1 : ratio;
    struct page_text then_label = bar_label(build, panel->baseline_label);
    struct page_text now_label = bar_label(build, panel->now_label);
    int then_px = page_run_px(build, &then_label);
    int now_px = page_run_px(build, &now_label);
    int labels = (then_px > now_px ? then_px : now_px) + build->gap;
    struct rect row = {build->area.x + labels, y, width - labels, height};
    put_bar(build, panel->baseline_label, past, build->muted, PAGE_APPEAR, row);
    row.y += height + build->gap / 2;
    put_bar(build, panel->now_label, now, build->accent, PAGE_GROW_RIGHT, row);
}

static void flow_bars(struct page_build *build)
{
    int bar = build->sizes[SIZE_BODY] * BAR_EMS_PERCENT / 100;
    int height = bar * 2 + build->gap / 2;
    int width = build->area.width;
    struct page_text statement = {.text = page_ratio_words(build),
                                  .role = TYPE_SANS_BOLD,
                                  .size_px = build->sizes[SIZE_BODY],
                                  .colour = build->text,
                                  .balanced = true};
    int beside = build->wide && statement.text[0] != '\0'
                     ? width * STATEMENT_PERCENT / 100
                     : 0;
    int y = page_take(build, height);
    put_bars(build, y, height / 2 - build->gap / 4, width - beside);
    if (beside > 0) {
        int text = page_text_height(build, &statement, beside - build->gap);
        page_put_text(build, &statement,
                      build->area.x + width - beside + build->gap,
                      y + (height - text) / 2, beside - build->gap);
        return;
    }
    page_skip(build, build->gap);
    page_flow_text(build, &statement);
}

static int bars_height(const struct page_build *build)
{
    int bar = build->sizes[SIZE_BODY] * BAR_EMS_PERCENT / 100;
    int words = build->wide ? 0 : build->sizes[SIZE_BODY] * 2;
    return bar * 2 + build->gap * 3 / 2 + words;
}

void page_template_comparison(struct page_build *build)
{
    const struct panel *panel = &build->message->panel;
    page_open(build);
    struct page_text label = {.text = panel->figures[0].label,
                              .role = TYPE_SANS,
                              .size_px = build->sizes[SIZE_BODY],
                              .colour = build->muted};
    page_flow_text(build, &label);
    page_skip(build, build->gap / 2);
    struct decimal none = {0, 0};
    int lines = (int)panel->line_count * build->sizes[SIZE_BODY] * 3 / 2;
    int height = page_room(build) - bars_height(build) - lines - build->gap * 3;
    int least = build->sizes[SIZE_BODY];
    page_flow_hero(build, &panel->figures[0],
                   panel->baseline_known ? panel->baseline_value : none,
                   height > least ? height : least);
    page_skip(build, build->gap * 3 / 2);
    flow_bars(build);
    page_flow_lines(build);
}
