/* An emergency as it stands: response level with its history, live figures,
 * the time they hold for. */
#include "display/core/templates/page_template.h"

#include "base/timestamp.h"
#include "display/core/alerts/situation.h"
#include "display/core/compose/compose.h"
#include "display/core/page/page_figure.h"
#include "display/core/page/page_strip.h"
#include "display/core/page/page_words.h"

#include <stdio.h>
#include <string.h>

static const char arrow[] = " → ";

/* 9:00 Ⅳ → 9:40 Ⅲ, with the day where it changes. */
const char *page_history_words(struct page_build *build)
{
    const struct panel *panel = &build->message->panel;
    char words[LIMIT_HISTORY * WORDS_BYTES];
    size_t at = 0;
    int last_day = -1;
    words[0] = '\0';
    for (size_t i = 0; i < panel->history_count; i++) {
        const struct panel_level_step *step = &panel->history[i];
        const char *when = page_moment(build, WORD_DAY_TIME, step->at_ms);
        char clock[WORDS_BYTES];
        if (step->at_ms != TIMESTAMP_NONE) {
            int offset = page_offset_minutes(build->context, step->at_ms);
            int day = timestamp_civil(step->at_ms, offset).day;
            words_clock(step->at_ms, offset, clock);
            when = day == last_day ? clock : when;
            last_day = day;
        }
        at += (size_t)snprintf(words + at, sizeof words - at, "%s%s %s",
                               i == 0 ? "" : arrow, when, step->level);
    }
    return page_keep(build, words);
}

const char *page_level_words(struct page_build *build)
{
    return page_filled(
        build, situation_is_over(build->message) ? WORD_OVER : WORD_RESPONSE,
        "level", build->message->panel.level);
}

/* The level's own mark: a box filled with the accent. */
static struct page_text level_text(struct page_build *build)
{
    return (struct page_text){.text = page_level_words(build),
                              .role = TYPE_SANS_BOLD,
                              .size_px = build->sizes[SIZE_BODY],
                              .colour = build->ground};
}

static int level_height(const struct page_build *build)
{
    int high = build->sizes[SIZE_BODY] * 3 / 2;
    int line = build->sizes[SIZE_TITLE] * 5 / 4; /* of the title beside it */
    return high < line ? high : line;
}

static void put_level(struct page_build *build, const struct page_text *text,
                      int x, int y)
{
    struct rect box = {x, y, page_badge_px(build, text), level_height(build)};
    page_put_badge(build, text, box, build->accent);
}

/* «截至 …», of live figures as new as they are; "" where no moment is given. */
static const char *as_of_words(struct page_build *build)
{
    if (page_live_note(build)[0] != '\0')
        return page_live_note(build);
    return page_filled(
        build, WORD_AS_OF, "time",
        page_moment(build, WORD_DAY_TIME, build->message->panel.date_ms));
}

const char *page_source_words(struct page_build *build)
{
    return page_strip_joined(build, as_of_words(build),
                             build->message->panel.sender);
}

static struct page_text small_text(const struct page_build *build,
                                   const char *words)
{
    return (struct page_text){.text = words,
                              .role = TYPE_SANS,
                              .size_px = build->sizes[SIZE_LEGAL],
                              .colour = build->muted,
                              .balanced = true};
}

/* Source and time under every page's title, then how the level moved; on one
 * line where both fit. */
static void put_small_lines(struct page_build *build)
{
    struct rect area = build->area;
    struct page_text source = small_text(build, page_source_words(build));
    struct page_text history = small_text(build, page_history_words(build));
    int moved = page_run_px(build, &history);
    int both = page_run_px(build, &source) + moved + 2 * build->gap;
    int height = page_put_text(build, &source, area.x, area.y, area.width);
    if (both <= area.width)
        page_put_text(build, &history, area.x + area.width - moved - 1, area.y,
                      moved + 1);
    else
        height += page_put_text(build, &history, area.x, area.y + height,
                                area.width);
    page_narrow(build, height);
}

/* Live, the level stands at the title's right, below it where there is no room.
 */
static void situation_header(struct page_build *build)
{
    const struct panel *panel = &build->message->panel;
    struct rect area = build->area;
    bool live = situation_is_live(build->message);
    struct page_text mark = level_text(build);
    int level = live ? page_badge_px(build, &mark) : 0;
    struct page_text title = {.text = panel->title,
                              .role = TYPE_SANS_BOLD,
                              .size_px = build->sizes[SIZE_TITLE]};
    int both = page_run_px(build, &title) + level + build->gap;
    bool beside = level > 0 && both <= area.width;
    if (beside) {
        put_level(build, &mark, area.x + area.width - level, area.y);
        build->area.width -= level + build->gap;
    }
    compose_header(build);
    page_narrow(build, -build->gap);
    build->area.width = area.width;
    /* The mark may be higher than the title beside it. */
    int below = area.y + level_height(build) + build->gap / 4;
    if (beside && build->area.y < below)
        page_narrow(build, below - build->area.y);
    if (!beside && level > 0) {
        put_level(build, &mark, area.x, build->area.y + build->gap / 4);
        page_narrow(build, level_height(build) + build->gap / 2);
    }
    put_small_lines(build);
    page_narrow(build, build->gap / 2);
}

/* The words of the end, with the level that ends them on a line of its own:
 * 应急响应 / 终止. */
static const char *over_in_two(struct page_build *build)
{
    const char *words = build->theme->words[WORD_OVER];
    const char *level = strstr(words, situation_over_level);
    char lines[THEME_TEXT_BYTES + 1];

    if (level == NULL || level == words)
        return words;
    snprintf(lines, sizeof lines, "%.*s\n%s", (int)(level - words), words,
             level);
    return page_keep(build, lines);
}

/* On one line or on two, whichever stands larger; broken anywhere only where
 * neither has room. */
static struct page_text over_text(struct page_build *build, int width,
                                  int height)
{
    const char *const ways[] = {build->theme->words[WORD_OVER],
                                over_in_two(build)};
    int legal = build->sizes[SIZE_LEGAL];
    struct page_text best = {.text = ways[0],
                             .role = TYPE_SANS_BOLD,
                             .colour = build->theme->clear_text,
                             .align = TYPESET_CENTRE,
                             .balanced = true,
                             .unity = UNITY_LINES};

    for (size_t i = 0; i < 2; i++) {
        struct page_text text = best;
        text.text = ways[i];
        text.size_px = page_text_fit(build, text, width, height,
                                     build->sizes[SIZE_DISPLAY] * 3 / 2, legal);
        if (text.size_px > best.size_px)
            best = text;
    }
    if (best.size_px == 0)
        best.size_px = legal;
    return best;
}

/* The words of the end, as large as their box allows, in the calm colours
 * of 解除: nobody is to read them as another step. */
static void put_over(struct page_build *build)
{
    struct rect box = build->area;
    int width = box.width - 2 * build->gap;
    struct page_text text = over_text(build, width, box.height);
    int height = page_text_height(build, &text, width);
    int y = page_take(build, box.height);
    page_put_fill(build, box, build->gap / 2, build->theme->clear_ground,
                  PAGE_STILL);
    page_put_text(build, &text, box.x + build->gap,
                  y + (box.height - height) / 2, width);
}

/* Level and source are said where a poster has them in its header. */
static void strip_situation(struct page_build *build)
{
    const struct panel *panel = &build->message->panel;
    struct compose_sheet sheet = {0};
    struct compose_cell cells[LIMIT_FIGURES];
    compose_text(&sheet, COMPOSE_CAPTION, COMPOSE_WHOLE,
                 page_level_words(build));
    compose_text(&sheet, COMPOSE_CONTEXT, COMPOSE_WHOLE,
                 page_history_words(build));
    compose_figures(&sheet, cells, panel);
    compose_text(&sheet, COMPOSE_NOTE, COMPOSE_WHOLE, as_of_words(build));
    compose_text(&sheet, COMPOSE_NOTE, COMPOSE_WHOLE, panel->sender);
    compose_lines(&sheet, panel);
    compose_pages(build, &sheet);
}

void page_template_situation(struct page_build *build)
{
    if (build->strip) {
        strip_situation(build);
        return;
    }
    build->header = situation_header;
    if (situation_is_over(build->message)) {
        const struct panel *panel = &build->message->panel;
        page_open(build);
        put_over(build);
        if (panel->figure_count + panel->line_count == 0)
            return;
    }
    page_template_figures(build);
}
