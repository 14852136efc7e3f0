/* What is to be drawn, as data: all that the layout gives to a renderer. Pixels
 * count from the top left of the page as people read it. */
#ifndef GAOSHI_DISPLAY_DRAW_LIST_H
#define GAOSHI_DISPLAY_DRAW_LIST_H

#include "display/core/typeset/typeset.h"

#include <stdint.h>
#include <stdio.h>

struct rect {
    int x, y, width, height;
};

/* 0xAARRGGBB, not premultiplied. */
typedef uint32_t draw_colour;

enum draw_kind {
    DRAW_FILL,    /* rectangle, corners rounded by radius_px */
    DRAW_POLYGON, /* convex, 3 … DRAW_POLYGON_POINTS corners */
    DRAW_ARC,     /* ring sector, clockwise from twelve o'clock */
    DRAW_TEXT,    /* one line of placed glyphs */
    DRAW_PICTURE, /* part of a picture; until it is decoded, its colour */
};

enum { DRAW_POLYGON_POINTS = 8 };

struct draw_item {
    enum draw_kind kind;
    struct rect bounds; /* of everything the item can touch */
    draw_colour colour;
    union {
        struct {
            int radius_px;
        } fill;
        struct {
            int count;
            struct {
                float x, y;
            } points[DRAW_POLYGON_POINTS];
        } polygon;
        struct {
            float centre_x, centre_y;
            float outer_px, inner_px;
            float from_turn, to_turn; /* 0 … 1 */
        } arc;
        struct {
            enum type_role role;
            int size_px;
            int x, baseline_y; /* where the line's x = 0 lies */
            bool column; /* stands from top to bottom, see typeset_turn_line */
            const struct typeset_glyph *glyphs;
            size_t glyph_count;
            const char *string; /* for dumps and tests */
        } text;
        struct {
            const char *digest; /* borrowed from the page; NULL in a copy */
            /* Of the picture, in its pixels. */
            double part_x, part_y, part_width, part_height;
            /* As large as bounds, valid until the next turn; NULL: not yet.
             * Other pixels have another serial. */
            const uint32_t *pixels;
            uint64_t serial;
        } picture;
    };
};

/* Items in painting order. Glyphs and strings that belong to no page (a
 * counting figure, the clock) live in the list's own arena and end with
 * draw_list_clear. Zeroed is empty. */
struct draw_list {
    struct draw_item *items;
    size_t count;
    size_t capacity;
    struct draw_arena *arena;
};

/* Appends a copy; false without memory (the list stays as it was). */
bool draw_list_add(struct draw_list *list, const struct draw_item *item);

/* Moves one item, or those of the list from an index on, to another place on
 * the glass. */
void draw_item_move(struct draw_item *item, int dx, int dy);
void draw_list_move(struct draw_list *list, size_t from, int dx, int dy);

/* Memory that lives until the next clear; NULL without memory. */
void *draw_list_alloc(struct draw_list *list, size_t bytes);

void draw_list_clear(struct draw_list *list); /* keeps its memory */
void draw_list_finish(struct draw_list *list);

/* Makes `to` a copy that stands alone: glyphs and strings lie in its own
 * arena. False without memory; `to` is then empty. */
bool draw_list_copy(struct draw_list *to, const struct draw_list *from);

/* True when both draw the same pixels; glyphs and strings are compared. */
bool draw_item_equals(const struct draw_item *a, const struct draw_item *b);

/* Rectangles that differ between two lists, at most max (then merged).
 * Returns how many. */
size_t draw_list_damage(const struct draw_list *before,
                        const struct draw_list *after, struct rect *out,
                        size_t max);

/* One line an item: kind, bounds, colour, size, role, base line, string. */
void draw_list_print(const struct draw_list *list, FILE *out);

struct rect rect_union(struct rect a, struct rect b); /* empty: the other */
struct rect rect_intersect(struct rect a, struct rect b);
bool rect_is_empty(struct rect rect);
bool rect_contains(struct rect outer, struct rect inner);

#endif
