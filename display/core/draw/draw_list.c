/* Draw lists: kept, compared and printed, between layout and renderer. What
 * differs between two of them is the damage, so that a frame costs only what
 * moved. */
#include "display/core/draw/draw_list.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"

enum { ARENA_BLOCK_BYTES = 16 * 1024, FIRST_CAPACITY = 64 };

/* Blocks of bump memory; clearing keeps the blocks and starts over. */
struct draw_block {
    struct draw_block *next;
    size_t size;
    size_t used;
    max_align_t memory[];
};

struct draw_arena {
    struct draw_block *first;
    struct draw_block *current;
};

bool rect_is_empty(struct rect rect)
{
    return rect.width <= 0 || rect.height <= 0;
}

struct rect rect_union(struct rect a, struct rect b)
{
    if (rect_is_empty(a))
        return b;
    if (rect_is_empty(b))
        return a;
    int left = a.x < b.x ? a.x : b.x;
    int top = a.y < b.y ? a.y : b.y;
    int right_a = a.x + a.width, right_b = b.x + b.width;
    int bottom_a = a.y + a.height, bottom_b = b.y + b.height;
    return (struct rect){
        .x = left,
        .y = top,
        .width = (right_a > right_b ? right_a : right_b) - left,
        .height = (bottom_a > bottom_b ? bottom_a : bottom_b) - top,
    };
}

struct rect rect_intersect(struct rect a, struct rect b)
{
    int left = a.x > b.x ? a.x : b.x;
    int top = a.y > b.y ? a.y : b.y;
    int right_a = a.x + a.width, right_b = b.x + b.width;
    int bottom_a = a.y + a.height, bottom_b = b.y + b.height;
    struct rect out = {
        .x = left,
        .y = top,
        .width = (right_a < right_b ? right_a : right_b) - left,
        .height = (bottom_a < bottom_b ? bottom_a : bottom_b) - top,
    };

    return rect_is_empty(out) ? (struct rect){0} : out;
}

bool rect_contains(struct rect outer, struct rect inner)
{
    return inner.x >= outer.x && inner.y >= outer.y &&
           inner.x + inner.width <= outer.x + outer.width &&
           inner.y + inner.height <= outer.y + outer.height;
}

static bool grow(struct draw_list *list)
{
    size_t capacity = list->capacity ? list->capacity * 2 : FIRST_CAPACITY;
    void *items = realloc(list->items, capacity * sizeof *list->items);

    if (!items)
        return false;
    list->items = items;
    list->capacity = capacity;
    return true;
}

bool draw_list_add(struct draw_list *list, const struct draw_item *item)
{
    if (list->count == list->capacity && !grow(list))
        return false;
    list->items[list->count++] = *item;
    return true;
}

static struct draw_block *block_create(size_t bytes)
{
    size_t size = bytes > ARENA_BLOCK_BYTES ? bytes : ARENA_BLOCK_BYTES;
    struct draw_block *block = malloc(sizeof *block + size);

    if (!block)
        return NULL;
    *block = (struct draw_block){.size = size};
    return block;
}

/* A block after the current one with room for bytes. */
static struct draw_block *arena_next(struct draw_arena *arena, size_t bytes)
{
    struct draw_block *block = arena->current ? arena->current->next : NULL;

    if (block && block->size >= bytes) {
        block->used = 0;
        return arena->current = block;
    }
    block = block_create(bytes);
    if (!block)
        return NULL;
    if (arena->current) {
        block->next = arena->current->next;
        arena->current->next = block;
    } else {
        arena->first = block;
    }
    return arena->current = block;
}

void draw_item_move(struct draw_item *item, int dx, int dy)
{
    item->bounds.x += dx;
    item->bounds.y += dy;
    switch (item->kind) {
    case DRAW_FILL:
    case DRAW_PICTURE:
        break;
    case DRAW_POLYGON:
        for (int i = 0; i < item->polygon.count; i++) {
            item->polygon.points[i].x += (float)dx;
            item->polygon.points[i].y += (float)dy;
        }
        break;
    case DRAW_ARC:
        item->arc.centre_x += (float)dx;
        item->arc.centre_y += (float)dy;
        break;
    case DRAW_TEXT:
        item->text.x += dx;
        item->text.baseline_y += dy;
        break;
    }
}

void draw_list_move(struct draw_list *list, size_t from, int dx, int dy)
{
    for (size_t i = from; i < list->count; i++)
        draw_item_move(&list->items[i], dx, dy);
}

void *draw_list_alloc(struct draw_list *list, size_t bytes)
{
    const size_t step = _Alignof(max_align_t);

    if (!list->arena)
        list->arena = calloc(1, sizeof *list->arena);
    if (!list->arena || bytes > SIZE_MAX / 2)
        return NULL;
    bytes = (bytes + step - 1) / step * step;
    struct draw_block *block = list->arena->current;
    if (!block || block->size - block->used < bytes)
        block = arena_next(list->arena, bytes);
    if (!block)
        return NULL;
    void *memory = (char *)block->memory + block->used;
    block->used += bytes;
    return memory;
}

void draw_list_clear(struct draw_list *list)
{
    list->count = 0;
    if (!list->arena || !list->arena->first)
        return;
    list->arena->current = list->arena->first;
    list->arena->current->used = 0;
}

void draw_list_finish(struct draw_list *list)
{
    if (!list)
        return;
    struct draw_block *block = list->arena ? list->arena->first : NULL;
    while (block) {
        struct draw_block *next = block->next;
        free(block);
        block = next;
    }
    free(list->arena);
    free(list->items);
    *list = (struct draw_list){0};
}

static bool own_text(struct draw_list *list, struct draw_item *item)
{
    size_t bytes = item->text.glyph_count * sizeof *item->text.glyphs;
    size_t length = item->text.string ? strlen(item->text.string) + 1 : 0;
    char *memory = draw_list_alloc(list, bytes + length);

    if (!memory)
        return false;
    if (bytes > 0)
        memcpy(memory, item->text.glyphs, bytes);
    item->text.glyphs = (const struct typeset_glyph *)(void *)memory;
    if (length > 0) {
        memcpy(memory + bytes, item->text.string, length);
        item->text.string = memory + bytes;
    }
    return true;
}

bool draw_list_copy(struct draw_list *to, const struct draw_list *from)
{
    draw_list_clear(to);
    for (size_t i = 0; i < from->count; i++) {
        struct draw_item item = from->items[i];
        if (item.kind == DRAW_PICTURE)
            item.picture.digest = NULL;
        if ((item.kind == DRAW_TEXT && !own_text(to, &item)) ||
            !draw_list_add(to, &item)) {
            draw_list_clear(to);
            return false;
        }
    }
    return true;
}

static bool rect_equals(struct rect a, struct rect b)
{
    return a.x == b.x && a.y == b.y && a.width == b.width &&
           a.height == b.height;
}

static bool glyphs_equal(const struct draw_item *a, const struct draw_item *b)
{
    for (size_t i = 0; i < a->text.glyph_count; i++) {
        const struct typeset_glyph *x = &a->text.glyphs[i];
        const struct typeset_glyph *y = &b->text.glyphs[i];
        if (x->face != y->face || x->codepoint != y->codepoint ||
            x->x != y->x || x->missing != y->missing || x->rise != y->rise)
            return false;
    }
    return true;
}

static bool strings_equal(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static bool text_equals(const struct draw_item *a, const struct draw_item *b)
{
    return a->text.role == b->text.role && a->text.size_px == b->text.size_px &&
           a->text.x == b->text.x && a->text.baseline_y == b->text.baseline_y &&
           a->text.glyph_count == b->text.glyph_count && glyphs_equal(a, b) &&
           strings_equal(a->text.string, b->text.string);
}

static bool polygon_equals(const struct draw_item *a, const struct draw_item *b)
{
    if (a->polygon.count != b->polygon.count)
        return false;
    for (int i = 0; i < a->polygon.count; i++)
        if (a->polygon.points[i].x != b->polygon.points[i].x ||
            a->polygon.points[i].y != b->polygon.points[i].y)
            return false;
    return true;
}

static bool arc_equals(const struct draw_item *a, const struct draw_item *b)
{
    return a->arc.centre_x == b->arc.centre_x &&
           a->arc.centre_y == b->arc.centre_y &&
           a->arc.outer_px == b->arc.outer_px &&
           a->arc.inner_px == b->arc.inner_px &&
           a->arc.from_turn == b->arc.from_turn &&
           a->arc.to_turn == b->arc.to_turn;
}

bool draw_item_equals(const struct draw_item *a, const struct draw_item *b)
{
    if (a->kind != b->kind || a->colour != b->colour ||
        !rect_equals(a->bounds, b->bounds))
        return false;
    switch (a->kind) {
    case DRAW_FILL:
        return a->fill.radius_px == b->fill.radius_px;
    case DRAW_POLYGON:
        return polygon_equals(a, b);
    case DRAW_ARC:
        return arc_equals(a, b);
    case DRAW_TEXT:
        return text_equals(a, b);
    case DRAW_PICTURE:
        return a->picture.serial == b->picture.serial;
    }
    return false;
}

/* How far the comparison looks ahead for the next common item. */
enum { DAMAGE_WINDOW = 32 };

struct damage {
    struct rect *out;
    size_t count;
    size_t max;
};

static void damage_remove(struct damage *damage, size_t index)
{
    damage->out[index] = damage->out[--damage->count];
}

/* Pixels that a rectangle over both would draw in vain. None is empty. Asked
 * for most of what moves, several times in a frame. */
static int64_t union_waste(struct rect a, struct rect b)
{
    int right_a = a.x + a.width, right_b = b.x + b.width;
    int bottom_a = a.y + a.height, bottom_b = b.y + b.height;
    int width = (right_a > right_b ? right_a : right_b) -
                (a.x < b.x ? a.x : b.x);
    int height = (bottom_a > bottom_b ? bottom_a : bottom_b) -
                 (a.y < b.y ? a.y : b.y);

    return (int64_t)width * height - (int64_t)a.width * a.height -
           (int64_t)b.width * b.height;
}

/* The rectangle that can take in `rect` at the least waste. */
static size_t nearest(const struct damage *damage, struct rect rect)
{
    size_t best = 0;
    int64_t least = INT64_MAX;

    for (size_t i = 0; i < damage->count; i++) {
        int64_t waste = union_waste(damage->out[i], rect);
        if (waste < least) {
            least = waste;
            best = i;
        }
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
    case DRAW_PICTURE:
        fprintf(out, " %.16s part (%.1f %.1f %.1f %.1f)",
                item->picture.digest ? item->picture.digest : "",
                item->picture.part_x, item->picture.part_y,
                item->picture.part_width, item->picture.part_height);
        break;
    }
}

void draw_list_print(const struct draw_list *list, FILE *out)
{
    static const char *const names[] = {
        [DRAW_FILL] = "fill", [DRAW_POLYGON] = "polygon", [DRAW_ARC] = "arc",
        [DRAW_TEXT] = "text", [DRAW_PICTURE] = "picture",
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
