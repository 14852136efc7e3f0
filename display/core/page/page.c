/* The pages of a message, once they are set: how many, how long, their frames.
 */
#include "display/core/page/page.h"

#include <stdlib.h>

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

int page_offset_minutes(const struct page_context *context, int64_t ms)
{
    return context->zone ? zone_offset_minutes(context->zone, ms)
                         : context->utc_offset_minutes;
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
                                out))
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
