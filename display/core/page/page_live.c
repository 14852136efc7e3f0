/* Chooses values and words of live figures. */
#include "display/core/page/page_live.h"

#include "base/timestamp.h"
#include "display/core/page/page.h"
#include "display/core/page/timeline.h"

#include <string.h>

struct page_live page_live_of(const struct message *panel)
{
    struct page_live live = {.now_ms = TIMESTAMP_NONE, .next_ms = INT64_MAX};

    for (size_t i = 0; i < panel->panel.figure_count; i++) {
        const struct panel_figure *figure = &panel->panel.figures[i];
        live.figures[i] = (struct page_live_figure){
            .bound = figure->bind[0] != '\0',
            .value = figure->value,
            .from = figure->value,
            .since_ms = INT64_MAX,
            .room = figure->value,
            .at_ms = panel->issued_ms,
        };
    }
    return live;
}

bool page_live_takes(const struct panel *panel, size_t index,
                     const struct figure *figure)
{
    double value = decimal_to_double(figure->value);

    if (panel->template == TEMPLATE_SHARE && (value < 0 || value > 100))
        return false;
    return figure->unit[0] == '\0' ||
           strcmp(figure->unit, panel->figures[index].unit) == 0;
}

struct decimal page_live_padded(struct decimal value, struct decimal room)
{
    while (value.places < room.places) {
        value.units *= 10;
        value.places++;
    }
    return value;
}

/* Digits are of equal width, and a sign is about as wide. */
static size_t characters_of(struct decimal value)
{
    char text[NUMBER_BYTES];
    size_t count = 0;

    words_number(value, text);
    for (const char *at = text; *at; at++)
        count += ((unsigned char)*at & 0xC0) != 0x80;
    return count;
}

struct decimal page_live_wider(struct decimal a, struct decimal b)
{
    a = page_live_padded(a, b);
    b = page_live_padded(b, a);
    return characters_of(a) >= characters_of(b) ? a : b;
}

struct decimal page_live_value(const struct page_live_figure *figure)
{
    double progress = figure->since_ms == INT64_MAX
                          ? 1
                          : timeline_progress(figure->since_ms, 0,
                                              PAGE_LIVE_COUNT_MS);
    struct decimal to = page_live_padded(figure->value, figure->room);

    return progress >= 1
               ? to
               : timeline_count(figure->from, to, timeline_count_out(progress));
}

bool page_live_moves(const struct page_live *live)
{
    for (size_t i = 0; i < LIMIT_FIGURES; i++)
        if (live->figures[i].bound &&
            live->figures[i].since_ms < PAGE_LIVE_COUNT_MS)
            return true;
    return false;
}

/* The bound figure (or the stale one) whose news is the oldest, or count. */
static size_t oldest(const struct page_live *live, size_t count, bool stale)
{
    size_t found = count;

    for (size_t i = 0; i < count; i++)
        if (live->figures[i].bound && (live->figures[i].stale || !stale) &&
            (found == count ||
             live->figures[i].at_ms < live->figures[found].at_ms))
            found = i;
    return found;
}

static bool are_all_stale(const struct page_live *live, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (live->figures[i].bound && !live->figures[i].stale)
            return false;
    return true;
}

static int64_t day_of(const struct page_context *context, int64_t ms)
{
    enum { MINUTE_MS = 60000 };

    return (ms + page_offset_minutes(context, ms) * (int64_t)MINUTE_MS) /
           TIMESTAMP_DAY_MS;
}

static void time_words(const struct page_context *context, int64_t at_ms,
                       char out[WORDS_BYTES])
{
    int64_t now_ms = context->live->now_ms;
    int offset = page_offset_minutes(context, at_ms);

    if (now_ms != TIMESTAMP_NONE &&
        day_of(context, now_ms) == day_of(context, at_ms))
        words_clock(at_ms, offset, out);
    else
        words_time(context->theme, WORD_DAY_TIME, at_ms, offset, out);
}

void page_live_words(const struct page_context *context,
                     const struct panel *panel, char out[WORDS_BYTES])
{
    const struct page_live *live = context->live;
    size_t count = panel->figure_count;
    size_t stale = oldest(live, count, true);
    size_t told = stale < count ? stale : oldest(live, count, false);
    char when[WORDS_BYTES];

    out[0] = '\0';
    if (told == count || live->figures[told].at_ms == TIMESTAMP_NONE)
        return;
    time_words(context, live->figures[told].at_ms, when);
    const char *label = panel->figures[told].label;
    bool labelled = stale < count && label[0] != '\0' &&
                    !are_all_stale(live, count);
    const struct word_slot slots[] = {{"time", when}, {"label", label}};
    words_fill(context->theme,
               labelled        ? WORD_STALE_OF
               : stale < count ? WORD_STALE
                               : WORD_AS_OF,
               slots, 2, out);
}
