/* Whether pages hold what was put on them. Templates compose for what people
 * write as a rule; at the limits of every field a poster can be too full. */
#include "display/core/page/page_set.h"

#include "base/utf8.h"

/* Hundredths of the em over and under the base line. */
struct extent {
    int over, under;
};

/* Capitals, times, ranges and quotations reach no lower than digits. */
static bool stands_on_base(uint32_t codepoint)
{
    static const uint32_t marks[] = {':',    '+',    '-',    0xB7,   0x2013,
                                     0x2014, 0x2018, 0x2019, 0x201C, 0x201D};
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        if (codepoint == marks[i])
            return true;
    }
    return codepoint >= 'A' && codepoint <= 'Z' && codepoint != 'J' &&
           codepoint != 'Q';
}

static struct extent extent_of(uint32_t codepoint)
{
    if (codepoint >= 0x2E80)
        return (struct extent){88, 12};
    if (codepoint == ',') /* apart thousands */
        return (struct extent){12, 18};
    bool level = codepoint <= ' ' || codepoint == '.' || codepoint == '%' ||
                 (codepoint >= '0' && codepoint <= '9');
    if (level)
        return (struct extent){74, 1};
    return (struct extent){80, stands_on_base(codepoint) ? 1 : 22};
}

static struct rect ink_box(const struct draw_item *item)
{
    const char *text = item->text.string;
    struct extent all = {0, 0};
    if (item->text.column)
        return item->bounds;
    for (uint32_t c = utf8_next(&text); c != 0; c = utf8_next(&text)) {
        struct extent one = extent_of(c);
        all.over = one.over > all.over ? one.over : all.over;
        all.under = one.under > all.under ? one.under : all.under;
    }
    int over = item->text.size_px * all.over / 100;
    int under = item->text.size_px * all.under / 100;
    return (struct rect){item->bounds.x, item->text.baseline_y - over,
                         item->bounds.width, over + under};
}

static bool stands_free(const struct page *page, size_t index, struct rect box)
{
    for (size_t i = 0; i < index; i++) {
        const struct draw_item *other = &page->elements[i].item;
        if (other->kind == DRAW_TEXT &&
            !rect_is_empty(rect_intersect(box, ink_box(other))))
            return false;
    }
    return true;
}

static bool page_fits(const struct page *page, struct rect safe)
{
    for (size_t i = 0; i < page->count; i++) {
        const struct draw_item *item = &page->elements[i].item;
        if (item->kind != DRAW_TEXT)
            continue;
        struct rect box = ink_box(item);
        /* Advances are rounded up: a pixel over is no ink over. */
        box.width -= 2;
        if (!rect_contains(safe, box) || !stands_free(page, i, box))
            return false;
    }
    return true;
}

bool page_set_fits(const struct page_set *set, const struct geometry *geometry)
{
    struct rect safe = geometry->safe;
    for (size_t i = 0; i < set->count; i++) {
        if (!page_fits(&set->pages[i], safe))
            return false;
    }
    return true;
}
