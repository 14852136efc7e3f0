/* An emergency as it stands: response level with its history, live figures,
 * the time they hold for. */
#include "display/core/page_template.h"

#include "display/core/page_figure.h"
#include "display/core/page_words.h"
#include "protocol/timestamp.h"

#include <stdio.h>
#include <string.h>

static const char arrow[] = " → ";

/* 9:00 Ⅳ → 9:40 Ⅲ, with the day where it changes. */
const char *page_history_words(struct page_build *build)
{
    const struct panel *panel = &build->message->panel;
    int offset = build->context->utc_offset_minutes;
    char words[LIMIT_HISTORY * WORDS_BYTES];
    size_t at = 0;
    int last_day = -1;
    words[0] = '\0';
    for (size_t i = 0; i < panel->history_count; i++) {
        const struct panel_level_step *step = &panel->history[i];
        char when[WORDS_BYTES] = "";
        if (step->at_ms != TIMESTAMP_NONE) {
            int day = timestamp_civil(step->at_ms, offset).day;
            if (day != last_day)
                words_time(build->theme, WORD_DAY_TIME, step->at_ms, offset,
                           when);
            else
                words_clock(step->at_ms, offset, when);
            last_day = day;
        }
        at += (size_t)snprintf(words + at, sizeof words - at, "%s%s %s",
                               i == 0 ? "" : arrow, when, step->level);
    }
    return page_keep(build, words);
}

/* The level's own mark: a box filled with the accent. */
static int put_level(struct page_build *build, int x, int y)
{
    const struct panel *panel = &build->message->panel;
    char words[WORDS_BYTES];
    const struct word_slot slot = {"level", panel->level};
    words_fill(build->theme, WORD_RESPONSE, &slot, 1, words);
    struct page_text text = {.text = words,
                             .role = TYPE_SANS_BOLD,
                             .size_px = build->sizes[SIZE_BODY],
                             .colour = build->ground};
    int width = page_run_px(build, &text) + text.size_px;
    int height = text.size_px * 3 / 2;
    page_put_fill(build, (struct rect){x, y, width, height}, height / 8,
                  build->accent, PAGE_APPEAR);
    page_with_previous(build);
    page_put_run(build, &text, x + text.size_px / 2,
                 y + height / 2 + text.size_px * 38 / 100);
    return width;
}

static void flow_level(struct page_build *build)
{
    const struct panel *panel = &build->message->panel;
    if (panel->level[0] == '\0' && panel->history_count == 0)
        return;
    int x = build->area.x;
    int height = build->sizes[SIZE_BODY] * 3 / 2;
    struct page_text history = {.text = page_history_words(build),
                                .role = TYPE_SANS,
                                .size_px = build->sizes[SIZE_LEGAL],
                                .colour = build->muted};
    int y = page_take(build, height);
    int used = 0;
    if (panel->level[0] != '\0')
        used = put_level(build, x, y) + build->gap;
    int width = build->area.width - used;
    int line = build->sizes[SIZE_LEGAL] * 135 / 100;
    if (width > build->area.width / 3 &&
        page_text_height(build, &history, width) <= line) {
        page_put_text(build, &history, x + used, y + (height - line) / 2,
                      width);
        return;
    }
    page_skip(build, build->gap / 2);
    page_flow_text(build, &history);
}

const char *page_source_words(struct page_build *build)
{
    const struct panel *panel = &build->message->panel;
    char words[2 * WORDS_BYTES] = "";
    if (panel->date_ms != TIMESTAMP_NONE) {
        char when[WORDS_BYTES];
        words_time(build->theme, WORD_DAY_TIME, panel->date_ms,
                   build->context->utc_offset_minutes, when);
        const struct word_slot slot = {"time", when};
        words_fill(build->theme, WORD_AS_OF, &slot, 1, words);
    }
    size_t at = strlen(words);
    snprintf(words + at, sizeof words - at, "%s%s", at > 0 ? "　" : "",
             panel->sender);
    return page_keep(build, words);
}

static void flow_source(struct page_build *build)
{
    struct page_text source = {.text = page_source_words(build),
                               .role = TYPE_SANS,
                               .size_px = build->sizes[SIZE_LEGAL],
                               .colour = build->muted};
    page_skip(build, build->gap);
    page_flow_text(build, &source);
}

/* Source and time stand under every page's title. */
static void situation_header(struct page_build *build)
{
    page_panel_header(build);
    build->area.y -= build->gap;
    build->area.height += build->gap;
    build->y = build->area.y;
    struct rect area = build->area;
    flow_source(build);
    area.height -= build->y - area.y + build->gap;
    area.y = build->y + build->gap;
    build->area = area;
}

void page_template_situation(struct page_build *build)
{
    build->header = situation_header;
    page_open(build);
    flow_level(build);
    page_skip(build, build->gap);
    page_flow_figures(build);
    page_flow_lines(build);
}
