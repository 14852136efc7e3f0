/* One user-perceived character (a grapheme cluster) becomes glyphs in one
 * cell: composed where Unicode has the character, else the marks over and
 * under their base. Nothing of it reaches into a neighbour's cell. */
#ifndef GAOSHI_DISPLAY_TYPESET_CLUSTER_H
#define GAOSHI_DISPLAY_TYPESET_CLUSTER_H

#include "display/core/typeset/type_metrics.h"

#include <stddef.h>

enum {
    TYPESET_CLUSTER_POINTS = 16, /* one with more is drawn as a box */
    TYPESET_CLUSTER_PARTS = 8,   /* glyphs; likewise */
};

/* How much of it can be drawn. */
enum typeset_cluster_state {
    TYPESET_CLUSTER_WHOLE,
    TYPESET_CLUSTER_BASE, /* its first character stands for all: 👍🏽 as
                           * 👍
                           */
    TYPESET_CLUSTER_BOX,  /* a visible box stands for it */
};

struct typeset_part {
    struct type_glyph glyph;
    type_length x;    /* from the cell's left edge to the glyph's origin */
    type_length rise; /* over the base line */
};

struct typeset_cluster {
    struct typeset_part parts[TYPESET_CLUSTER_PARTS];
    size_t count; /* 0: no ink */
    type_length advance;
    enum typeset_cluster_state state;
};

/* White space has no glyph; the caller knows its width. */
void typeset_cluster_set(const struct type_metrics *metrics,
                         enum type_role role, int size_px,
                         const uint32_t *points, size_t count,
                         struct typeset_cluster *out);

/* Reads the code points of the next cluster of a NUL-terminated text, at most
 * TYPESET_CLUSTER_POINTS + 1 of them, and moves *text behind it. Returns how
 * many; 0: the text's end. */
size_t typeset_cluster_next(const char **text,
                            uint32_t points[TYPESET_CLUSTER_POINTS + 1]);

/* To be drawn as an emoji, where a face has them: 😀, ❤️, but not ❤. */
bool typeset_is_emoji(const uint32_t *points, size_t count);

/* Stands over, under or around what is before it. */
bool typeset_is_mark(uint32_t codepoint);

/* White space, controls, format characters. */
bool typeset_has_no_ink(uint32_t codepoint);

#endif
