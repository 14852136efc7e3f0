/* What differs between two draw lists, and how a list reads as text. */
#include "display/core/draw_list.h"

#include <inttypes.h>

struct damage {
    struct rect *out;
    size_t count;
    size_t max;
};

static int64_t area(struct rect rect)
{
    return (int64_t)rect.width * rect.height;
}

/* What a union would cover beyond its two parts. */
static int64_t waste(struct rect a, struct rect b)
{
    return area(rect_union(a, b)) - area(a) - area(b);
}

static size_t cheapest_partner(const struct damage *damage, struct rect rect)
{
    size_t best = 0;

    for (size_t i = 1; i < damage->count; i++)
        if (waste(damage->out[i], rect) < waste(damage->out[best], rect))
            best = i;
    return best;
}

static void damage_add(struct damage *damage, struct rect rect)
{
    if (rect_is_empty(rect) || damage->max == 0)
        return;
    size_t best = cheapest_partner(damage, rect);
    bool joins = damage->count > 0 && waste(damage->out[best], rect) <= 0;
    if (!joins && damage->count < damage->max) {
        damage->out[damage->count++] = rect;
        return;
    }
    damage->out[best] = rect_union(damage->out[best], rect);
}

static size_t common_head(const struct draw_list *a, const struct draw_list *b)
{
    size_t shorter = a->count < b->count ? a->count : b->count;
    size_t head = 0;

    while (head < shorter && draw_item_equals(&a->items[head], &b->items[head]))
        head++;
    return head;
}

static size_t common_tail(const struct draw_list *a, const struct draw_list *b,
                          size_t head)
{
    size_t shorter = a->count < b->count ? a->count : b->count;
    size_t tail = 0;

    while (head + tail < shorter &&
           draw_item_equals(&a->items[a->count - 1 - tail],
                            &b->items[b->count - 1 - tail]))
        tail++;
    return tail;
}

/* Between the common head and tail items are compared place by place when
 * both middles are as long; otherwise all of both middles is damaged. */
size_t draw_list_damage(const struct draw_list *before,
                        const struct draw_list *after, struct rect *out,
                        size_t max)
{
    struct damage damage = {.out = out, .max = max};
    size_t head = common_head(before, after);
    size_t tail = common_tail(before, after, head);
    bool paired = before->count == after->count;

    for (size_t i = head; i + tail < before->count; i++)
        if (!paired || !draw_item_equals(&before->items[i], &after->items[i]))
            damage_add(&damage, before->items[i].bounds);
    for (size_t i = head; i + tail < after->count; i++)
        if (!paired || !draw_item_equals(&before->items[i], &after->items[i]))
            damage_add(&damage, after->items[i].bounds);
    return damage.count;
}

static const char *const role_names[] = {
    [TYPE_SANS] = "sans",
    [TYPE_SANS_BOLD] = "sans-bold",
    [TYPE_SERIF_BOLD] = "serif-bold",
};

static void print_shape(const struct draw_item *item, FILE *out)
{
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
        fprintf(out, " %s %dpx at (%d %d) \"%s\"", role_names[item->text.role],
                item->text.size_px, item->text.x, item->text.baseline_y,
                item->text.string ? item->text.string : "");
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
