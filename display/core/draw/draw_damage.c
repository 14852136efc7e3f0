/* What differs between two draw lists, so that a frame costs only what moved.
 */
#include "display/core/draw/draw_list.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>

#include "base/escape.h"

/* How far the comparison looks ahead for the next common item. */
enum { DAMAGE_WINDOW = 32 };

static int64_t rect_area(struct rect rect)
{
    return (int64_t)rect.width * rect.height;
}

struct damage {
    struct rect *out;
    size_t count;
    size_t max;
};

static void damage_remove(struct damage *damage, size_t index)
{
    damage->out[index] = damage->out[--damage->count];
}

/* What a rectangle over both costs beyond the two: pixels drawn in vain. */
static int64_t union_waste(struct rect a, struct rect b)
{
    return rect_area(rect_union(a, b)) - rect_area(a) - rect_area(b);
}

/* The rectangle that can take in `rect` at the least waste. */
static size_t nearest(const struct damage *damage, struct rect rect)
{
    size_t best = 0;

    for (size_t i = 1; i < damage->count; i++) {
        if (union_waste(damage->out[i], rect) <
            union_waste(damage->out[best], rect))
            best = i;
    }
    return best;
}

/* The two that lie nearest together. Returns the waste of merging them. */
static int64_t nearest_pair(const struct damage *damage, size_t *keep,
                            size_t *drop)
{
    int64_t best = INT64_MAX;

    for (size_t i = 0; i < damage->count; i++) {
        for (size_t k = i + 1; k < damage->count; k++) {
            int64_t waste = union_waste(damage->out[i], damage->out[k]);
            if (waste >= best)
                continue;
            best = waste;
            *keep = i;
            *drop = k;
        }
    }
    return best;
}

/* Full: among all and the newcomer, the two that lie nearest become one. */
static void damage_make_room(struct damage *damage, struct rect rect)
{
    size_t keep = 0, drop = 0, best = nearest(damage, rect);
    int64_t waste = nearest_pair(damage, &keep, &drop);

    if (union_waste(damage->out[best], rect) <= waste) {
        damage->out[best] = rect_union(damage->out[best], rect);
        return;
    }
    damage->out[keep] = rect_union(damage->out[keep], damage->out[drop]);
    damage->out[drop] = rect;
}

/* Takes in neighbours as long as nothing is wasted by it. */
static void damage_add(struct damage *damage, struct rect rect)
{
    if (rect_is_empty(rect))
        return;
    while (damage->count > 0) {
        size_t best = nearest(damage, rect);
        if (union_waste(damage->out[best], rect) > 0)
            break;
        rect = rect_union(damage->out[best], rect);
        damage_remove(damage, best);
    }
    if (damage->count == damage->max)
        damage_make_room(damage, rect);
    else
        damage->out[damage->count++] = rect;
}

/* Items not yet compared: [from, to) of each list. */
struct span {
    const struct draw_item *items;
    size_t from, to;
};

/* Finds the nearest common item ahead: fewest items skipped in both. */
static bool find_common(const struct span *a, const struct span *b,
                        size_t *skip_a, size_t *skip_b)
{
    size_t left_a = a->to - a->from, left_b = b->to - b->from;

    for (size_t skipped = 1; skipped <= DAMAGE_WINDOW; skipped++) {
        for (size_t i = 0; i <= skipped; i++) {
            size_t k = skipped - i;
            if (i >= left_a || k >= left_b ||
                !draw_item_equals(&a->items[a->from + i],
                                  &b->items[b->from + k]))
                continue;
            *skip_a = i;
            *skip_b = k;
            return true;
        }
    }
    return false;
}

static void damage_skip(struct damage *damage, struct span *span, size_t count)
{
    for (; count > 0 && span->from < span->to; count--)
        damage_add(damage, span->items[span->from++].bounds);
}

static void spans_trim(struct span *a, struct span *b)
{
    while (a->from < a->to && b->from < b->to &&
           draw_item_equals(&a->items[a->from], &b->items[b->from])) {
        a->from++;
        b->from++;
    }
    while (a->from < a->to && b->from < b->to &&
           draw_item_equals(&a->items[a->to - 1], &b->items[b->to - 1])) {
        a->to--;
        b->to--;
    }
}

/* The items that both lists hold in the same order may stay: a pixel that no
 * other item touches is painted by the same items in the same order. */
size_t draw_list_damage(const struct draw_list *before,
                        const struct draw_list *after, struct rect *out,
                        size_t max)
{
    struct damage damage = {.out = out, .max = max};
    struct span a = {before->items, 0, before->count};
    struct span b = {after->items, 0, after->count};

    assert(max > 0);
    spans_trim(&a, &b);
    while (a.from < a.to || b.from < b.to) {
        size_t skip_a = 1, skip_b = 1;
        bool common = find_common(&a, &b, &skip_a, &skip_b);
        damage_skip(&damage, &a, skip_a);
        damage_skip(&damage, &b, skip_b);
        if (common)
            spans_trim(&a, &b);
    }
    return damage.count;
}

static const char *const role_names[] = {
    [TYPE_SANS] = "sans",
    [TYPE_SANS_BOLD] = "sans-bold",
    [TYPE_SERIF_BOLD] = "serif-bold",
};

static void print_shape(const struct draw_item *item, FILE *out)
{
    char *string;

    switch (item->kind) {
    case DRAW_FILL:
        fprintf(out, " radius %d", item->fill.radius_px);
        break;
    case DRAW_POLYGON:
        for (int i = 0; i < item->polygon.count; i++)
            fprintf(out, " (%.1f %.1f)", (double)item->polygon.points[i].x,
                    (double)item->polygon.points[i].y);
        break;
    case DRAW_ARC:
        fprintf(out, " centre (%.1f %.1f) radii %.1f %.1f turns %.4f %.4f",
                (double)item->arc.centre_x, (double)item->arc.centre_y,
                (double)item->arc.outer_px, (double)item->arc.inner_px,
                (double)item->arc.from_turn, (double)item->arc.to_turn);
        break;
    case DRAW_TEXT:
        string = item->text.string ? escape_copy(item->text.string) : NULL;
        fprintf(out, " %s %dpx at (%d %d) \"%s\"", role_names[item->text.role],
                item->text.size_px, item->text.x, item->text.baseline_y,
                string ? string : "");
        free(string);
        break;
    }
}

void draw_list_print(const struct draw_list *list, FILE *out)
{
    static const char *const names[] = {
        [DRAW_FILL] = "fill",
        [DRAW_POLYGON] = "polygon",
        [DRAW_ARC] = "arc",
        [DRAW_TEXT] = "text",
    };

    for (size_t i = 0; i < list->count; i++) {
        const struct draw_item *item = &list->items[i];
        fprintf(out, "%-7s [%d %d %d %d] #%08" PRIX32, names[item->kind],
                item->bounds.x, item->bounds.y, item->bounds.width,
                item->bounds.height, item->colour);
        print_shape(item, out);
        fputc('\n', out);
    }
}
