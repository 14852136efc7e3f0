/* Inside typeset: text in scripts whose letters join, stack or run from right
 * to left. Runs of them are shaped by the font's own tables
 * (type_metrics.shape); everything else keeps its glyphs. UAX 9 orders the
 * cells of a line. */
#ifndef GAOSHI_DISPLAY_TYPESET_SHAPE_H
#define GAOSHI_DISPLAY_TYPESET_SHAPE_H

#include "display/core/typeset/type_metrics.h"

#include <stddef.h>
#include <stdint.h>

struct typeset_source;

/* At TYPE_UNITS, in whole units, from the left edge of its cell. */
struct typeset_shaped_glyph {
    uint32_t index;
    int32_t x, rise;
};

struct typeset_shaped_cell {
    uint32_t first_glyph;
    uint16_t glyph_count;
    bool shaped; /* otherwise the cell keeps the glyphs that it has */
    int face;
    uint8_t level;     /* UAX 9: odd levels run from right to left */
    uint8_t paragraph; /* the level of its paragraph */
};

/* The room beside a cell. */
struct typeset_sides {
    int64_t left, right;
};

/* Of a source; one piece of memory, free() ends it. */
struct typeset_shape {
    struct typeset_shaped_cell *cells; /* as many as the source has */
    struct typeset_shaped_glyph *glyphs;
    size_t glyph_count;  /* at most as many as the text has bytes */
    uint8_t *levels;     /* of the cells, in one row */
    int32_t over, under; /* how far ink reaches from the base line, in units */
    int32_t *order;      /* room for the order of a line */
    struct typeset_sides *sides; /* room for the gaps of a line */
};

/* True for letters and marks of scripts that are shaped. Han, kana, Latin and
 * the marks and signs that they share are told apart here. */
bool typeset_script_needs_shaping(uint32_t codepoint);
static inline bool typeset_script_is_shaped(uint32_t codepoint)
{
    bool plain = codepoint < 0x0400 ||
                 (codepoint >= 0x2000 && codepoint < 0x2C00) ||
                 (codepoint >= 0x2E80 && codepoint < 0xA640) ||
                 (codepoint >= 0xFF00 && codepoint < 0x10000) ||
                 (codepoint >= 0x20000 && codepoint < 0x40000);

    return !plain && typeset_script_needs_shaping(codepoint);
}

/* Shapes the cells of a source, and changes their advances, kinds and breaks.
 * NULL: it has nothing to shape, or there is no memory (*failed). */
struct typeset_shape *typeset_shape_create(struct typeset_source *source,
                                           bool *failed);

/* The order in which the cells first … end − 1 of one line stand from left to
 * right: shape->order has their indices. */
void typeset_shape_order(struct typeset_shape *shape, uint32_t first,
                         uint32_t end);

#endif
