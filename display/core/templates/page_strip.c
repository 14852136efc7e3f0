/* A strip shows one thought at a time, at the biggest size that fits, in the
 * middle, and pages on; it never shows a shrunken poster. */
#include "display/core/templates/page_strip.h"

#include "base/timestamp.h"
#include "display/core/alerts/situation.h"
#include "display/core/page/page_figure.h"
#include "display/core/templates/page_template.h"
#include "display/core/page/page_words.h"

#include <stdio.h>
#include <string.h>

static bool caption_fits(struct page_build *build, const char *caption)
{
    struct page_text text = page_strip_text(build, caption, TYPE_SANS,
                                            build->muted);
    int line = text.size_px * PAGE_STRIP_LEADING / 100;
    int below = text.size_px * PAGE_STRIP_LEADING / 100;
    bool low = build->geometry.safe.height - build->mark_px <
               line + text.size_px / 10 + below;
    return !low && page_run_px(build, &text) <= build->geometry.safe.width;
}

static void put_caption(struct page_build *build, const char *caption)
{
    if (caption[0] == '\0')
        return;
    struct page_text text = page_strip_text(build, caption, TYPE_SANS,
                                            build->muted);
    int height = page_put_text(build, &text, build->area.x, build->area.y,
                               build->area.width) +
                 build->sizes[SIZE_LEGAL] / 10;
    build->area.y += height;
    build->area.height -= height;
    build->y = build->area.y;
    if (build->page != NULL)
        build->body_from = build->page->count;
}

static void flow_strip_figure(struct page_build *build,
                              const struct panel_figure *figure)
{
    int height = build->area.height;
    int most = page_digits_em(build, height * 86 / 100);
    int size = page_figure_fit(build, figure, build->area.width,
                               page_strip_most_px(build, SIZE_DISPLAY, most));
    while (size > build->sizes[SIZE_LEGAL] &&
           page_figure_rise(build, size) + page_figure_depth(build, size) >
               height)
        size--;
    if (size == 0) {
        struct page_text words =
            page_strip_text(build, page_figure_words(build, figure),
                            TYPE_SANS_BOLD, build->accent);
        page_flow_text(build, &words);
        return;
    }
    int rise = page_figure_rise(build, size);
    int y = page_take(build, rise + page_figure_depth(build, size));
    int width = page_figure_width(build, figure, size);
    page_put_figure(build, figure, (struct decimal){0, 0},
                    build->area.x + (build->area.width - width) / 2, y + rise,
                    size);
}

/* A figure under what it is; a caption too wide says it on the page before. */
static void strip_figure(struct page_build *build, const char *caption,
                         const struct panel_figure *figure)
{
    bool fits = caption_fits(build, caption);
    if (!fits)
        page_strip_say(build, caption, TYPE_SANS, build->text);
    page_open(build);
    if (fits)
        put_caption(build, caption);
    flow_strip_figure(build, figure);
    page_strip_say(build, figure->note, TYPE_SANS, build->text);
}

static void say_title(struct page_build *build)
{
    const struct panel *panel = &build->message->panel;
    bool opens = panel->template == TEMPLATE_TITLE;
    page_strip_say(build, panel->title,
                   opens ? TYPE_SERIF_BOLD : TYPE_SANS_BOLD,
                   opens ? build->accent : build->text);
    page_strip_say(build, panel->subtitle, TYPE_SANS, build->text);
}

/* One figure: its title is its caption where there is room. */
static void strip_figures(struct page_build *build)
{
    const struct panel *panel = &build->message->panel;
    const char *label = panel->figures[0].label;
    if (panel->now_label[0] != '\0')
        label = page_strip_joined(build, label, panel->now_label);
    const char *both = page_strip_joined(build, panel->title, label);
    if (panel->figure_count == 1 && panel->subtitle[0] == '\0' &&
        caption_fits(build, both)) {
        strip_figure(build, both, &panel->figures[0]);
        return;
    }
    say_title(build);
    for (size_t i = 0; i < panel->figure_count; i++)
        strip_figure(build, i == 0 ? label : panel->figures[i].label,
                     &panel->figures[i]);
}

static void strip_years(struct page_build *build)
{
    const struct panel *panel = &build->message->panel;
    struct panel_figure run = {.label = "",
                               .qualifier = build->theme->words[WORD_RUNNING],
                               .value = {panel->years, 0},
                               .unit = build->theme->words[WORD_YEARS],
                               .suffix = "",
                               .note = ""};
    say_title(build);
    strip_figure(build, panel->honour, &run);
}

static void strip_items(struct page_build *build)
{
    const struct panel *panel = &build->message->panel;
    say_title(build);
    page_strip_say(build, panel->address, TYPE_SANS, build->text);
    for (size_t i = 0; i < panel->item_count; i++) {
        const struct panel_item *item = &panel->items[i];
        bool fits = item->detail[0] != '\0' && caption_fits(build, item->text);
        if (!fits) {
            page_strip_say(build, item->text, TYPE_SANS_BOLD, build->text);
            page_strip_say(build, item->detail, TYPE_SANS, build->accent);
            continue;
        }
        page_open(build);
        put_caption(build, item->text);
        page_strip_flow(build, page_strip_text(build, item->detail,
                                               TYPE_SANS_BOLD, build->accent));
    }
}

static void strip_points(struct page_build *build)
{
    const struct panel *panel = &build->message->panel;
    say_title(build);
    for (size_t i = 0; i < panel->point_count; i++) {
        struct panel_figure figure = {.label = "",
                                      .qualifier = "",
                                      .value = panel->points[i].value,
                                      .unit = panel->unit,
                                      .suffix = "",
                                      .note = ""};
        strip_figure(build, panel->points[i].label, &figure);
    }
}

static void strip_notice(struct page_build *build)
{
    const struct panel *panel = &build->message->panel;
    char date[WORDS_BYTES] = "";
    say_title(build);
    page_strip_say(build, panel->body, TYPE_SANS, build->text);
    page_strip_say(build, panel->sender, TYPE_SANS, build->muted);
    if (panel->date_ms != TIMESTAMP_NONE)
        words_time(build->theme, WORD_DATE, panel->date_ms,
                   build->context->utc_offset_minutes, date);
    page_strip_say(build, page_keep(build, date), TYPE_SANS, build->muted);
}

static void strip_countdown(struct page_build *build)
{
    const struct panel *panel = &build->message->panel;
    bool fits = caption_fits(build, panel->title);
    if (!fits)
        say_title(build);
    page_open(build);
    if (fits)
        put_caption(build, panel->title);
    build->settle = 0;
    page_put_countdown(build, build->area, true);
    build->y = build->area.y + build->area.height;
    page_strip_say(build, panel->subtitle, TYPE_SANS, build->text);
}

static void strip_code(struct page_build *build)
{
    const struct panel *panel = &build->message->panel;
    say_title(build);
    page_strip_say(build, panel->caption, TYPE_SANS, build->accent);
    page_strip_say(build, panel->url, TYPE_SANS, build->text);
}

static void strip_situation(struct page_build *build)
{
    const struct panel *panel = &build->message->panel;
    char words[WORDS_BYTES];
    const struct word_slot level = {"level", panel->level};
    say_title(build);
    words_fill(build->theme,
               situation_is_over(build->message) ? WORD_OVER : WORD_RESPONSE,
               &level, 1, words);
    if (panel->level[0] != '\0')
        page_strip_say(build, page_keep(build, words), TYPE_SANS_BOLD,
                       build->accent);
    page_strip_say(build, page_history_words(build), TYPE_SANS, build->text);
    for (size_t i = 0; i < panel->figure_count; i++)
        strip_figure(build, panel->figures[i].label, &panel->figures[i]);
    page_strip_say(build, page_source_words(build), TYPE_SANS, build->muted);
}

static void strip_share(struct page_build *build)
{
    const struct panel *panel = &build->message->panel;
    char words[WORDS_BYTES] = "";
    const struct word_slot slot = {"whole", panel->whole};
    if (panel->whole[0] != '\0')
        words_fill(build->theme, WORD_SHARE, &slot, 1, words);
    say_title(build);
    const char *label = panel->figures[0].label;
    const char *caption = page_strip_joined(build, label, words);
    if (!caption_fits(build, caption)) {
        page_strip_say(build, label, TYPE_SANS_BOLD, build->text);
        caption = page_keep(build, words);
    }
    strip_figure(build, caption, &panel->figures[0]);
}

typedef void strip_template(struct page_build *build);

static strip_template *const strips[TEMPLATE_COUNT] = {
    [TEMPLATE_TITLE] = say_title,
    [TEMPLATE_FIGURE] = strip_figures,
    [TEMPLATE_FIGURES] = strip_figures,
    [TEMPLATE_COMPARISON] = strip_figures,
    [TEMPLATE_SHARE] = strip_share,
    [TEMPLATE_YEARS] = strip_years,
    [TEMPLATE_HONOURS] = strip_items,
    [TEMPLATE_GROWTH] = strip_points,
    [TEMPLATE_PLACE] = strip_items,
    [TEMPLATE_NOTICE] = strip_notice,
    [TEMPLATE_COUNTDOWN] = strip_countdown,
    [TEMPLATE_QR] = strip_code,
    [TEMPLATE_SITUATION] = strip_situation,
};

void page_strip_panel(struct page_build *build)
{
    const struct panel *panel = &build->message->panel;
    build->header = NULL;
    build->settle = 0.5;
    strips[panel->template](build);
    if (panel->template == TEMPLATE_COMPARISON)
        page_strip_say(build, page_ratio_words(build), TYPE_SANS_BOLD,
                       build->accent);
    for (size_t i = 0; i < panel->line_count; i++)
        page_strip_say(build, panel->lines[i], TYPE_SANS, build->text);
}
