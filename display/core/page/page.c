/* The pages of a message, once they are set: how many, how long, their frames.
 */
#include "display/core/page/page.h"

#include <stdlib.h>
#include <string.h>

#include "display/core/page/page_run.h"
#include "display/core/page/page_set.h"

void page_set_destroy(struct page_set *set)
{
    if (set == NULL)
        return;
    page_set_clear(set);
    free(set);
}

size_t page_set_count(const struct page_set *set)
{
    return set->count;
}

int64_t page_dwell_ms(const struct page_set *set, size_t page)
{
    return set->pages[page].dwell_ms;
}

int64_t page_entrance_ms(const struct page_set *set, size_t page)
{
    return set->pages[page].entrance_ms;
}

bool page_frame(const struct page_set *set, size_t page,
                const struct page_time *time, struct draw_list *out)
{
    const struct page *shown = &set->pages[page];
    struct page_time stepped = *time;
    if (shown->step_ms > 0)
        stepped.moved_ms -= time->moved_ms % shown->step_ms;
    for (size_t i = 0; i < shown->count; i++) {
        if (!page_element_frame(&shown->elements[i], set->metrics, &stepped,
                                set->still, out))
            return false;
    }
    return true;
}

int64_t page_next_step_ms(const struct page_set *set, size_t page,
                          int64_t moved_ms)
{
    int step_ms = set->pages[page].step_ms;
    return step_ms > 0 ? step_ms - moved_ms % step_ms : INT64_MAX;
}

static bool digits_fit(const struct page_set *set,
                       const struct page_element *element,
                       const struct page_live *live)
{
    const struct page_live_figure *figure = &live->figures[element->live - 1];
    char digits[NUMBER_BYTES];

    if (element->item.kind != DRAW_TEXT)
        return true;
    words_number(page_live_padded(figure->value, figure->room), digits);
    return page_run_width(set->metrics, element->item.text.role,
                          element->item.text.size_px,
                          digits) <= element->figure_width;
}

static bool all_digits_fit(const struct page_set *set,
                           const struct page_live *live)
{
    for (size_t p = 0; p < set->count; p++)
        for (size_t i = 0; i < set->pages[p].count; i++)
            if (set->pages[p].elements[i].live > 0 &&
                !digits_fit(set, &set->pages[p].elements[i], live))
                return false;
    return true;
}

static bool is_spoken(const struct page_set *set, const struct page_live *live,
                      size_t figure)
{
    struct decimal value = live->figures[figure].value;
    struct decimal spoken = set->spoken_values[figure];

    return (set->spoken & 1U << figure) == 0 ||
           (value.units == spoken.units && value.places == spoken.places);
}

bool page_set_takes(const struct page_set *set, const struct message *message,
                    const struct page_context *context)
{
    const struct page_live *live = context->live;
    char words[WORDS_BYTES];

    for (size_t i = 0; i < LIMIT_FIGURES; i++)
        if (live->figures[i].stale != ((set->stale >> i & 1U) != 0) ||
            !is_spoken(set, live, i))
            return false;
    page_live_words(context, &message->panel, words);
    return set->live_words != NULL && strcmp(words, set->live_words) == 0 &&
           all_digits_fit(set, live);
}

bool page_live_is_moving(const struct page_set *set,
                         const struct page_live *live)
{
    return !set->still && page_live_moves(live);
}

static void collect_missing(const struct draw_item *item, uint32_t out[8],
                            size_t *count)
{
    for (size_t i = 0; i < item->text.glyph_count; i++) {
        const struct typeset_glyph *glyph = &item->text.glyphs[i];
        size_t at = 0;
        while (at < *count && out[at] != glyph->codepoint)
            at++;
        if (glyph->missing && at == *count && *count < 8)
            out[(*count)++] = glyph->codepoint;
    }
}

size_t page_set_missing(const struct page_set *set, uint32_t out[8])
{
    size_t count = 0;
    for (size_t p = 0; p < set->count; p++) {
        for (size_t i = 0; i < set->pages[p].count; i++) {
            const struct draw_item *item = &set->pages[p].elements[i].item;
            if (item->kind == DRAW_TEXT)
                collect_missing(item, out, &count);
        }
    }
    return count;
}
