/* Draw lists: kept, compared and printed, between layout and renderer. */
#include "display/core/draw/draw_list.h"

#include <stdlib.h>
#include <string.h>

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
    }
    return false;
}
