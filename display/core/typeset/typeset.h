/* Chinese typesetting by CLREQ: a text becomes lines of placed glyphs. Pure.
 * Breaks come from line_break.h. Text is never cut and never made smaller: what
 * does not fit goes to the next page. */
#ifndef GAOSHI_DISPLAY_TYPESET_H
#define GAOSHI_DISPLAY_TYPESET_H

#include "display/core/typeset/line_break.h"
#include "display/core/typeset/type_metrics.h"

#include <stdbool.h>
#include <stddef.h>

enum typeset_align {
    TYPESET_LEFT, /* of a paragraph from right to left: the right */
    TYPESET_CENTRE,
    TYPESET_RIGHT,
    TYPESET_JUSTIFY, /* last line of a paragraph stays left */
};

/* More than any screen is high; keeps lengths within type_length. */
enum { TYPESET_SIZE_MAX = 16384 };

struct typeset_style {
    enum type_role role;
    int size_px;        /* em, 1 … TYPESET_SIZE_MAX */
    int line_height_px; /* base line to base line; 0: 1.5 em. Letters of a
                           script that stand higher or lower get what they need
                         */
    enum typeset_align align;
    bool balanced; /* titles: lines of nearly equal length */
};

/* White space and characters without ink (ZWSP, bidi controls, variation
 * selectors) have no glyph. A letter with marks is one cell, see
 * typeset_cluster.h. —— is one glyph, U+2E3A, where the face has it.
 * An opening bracket at a line's start stands half an em further left, so
 * that its blank half lies outside. Scripts that need it are shaped, see
 * typeset_shape.h: glyphs stand from left to right as they are seen. */
struct typeset_glyph {
    int face;
    uint32_t codepoint; /* or TYPE_GLYPH_INDEX and an index in the face; with
                           TYPE_GLYPH_TURNED in a column */
    type_length x;      /* from the block's left edge to the glyph's origin */
    bool missing;
    type_length rise; /* of the origin over the base line */
};

struct typeset_line {
    const char *text; /* what stands on this line, NUL-terminated UTF-8 */
    const struct typeset_glyph *glyphs;
    size_t glyph_count;
    size_t end_bytes;  /* bytes of the whole text up to the end of this line */
    type_length left;  /* of the ink's advance box, in the block */
    type_length width; /* after compression and justification */
    int baseline_px;   /* from the block's top */
    bool ends_paragraph;
    bool whole; /* no number, name or date is broken at its end; of a balanced
                   text no word either */
};

struct typeset_block {
    const struct typeset_line *lines;
    size_t line_count;
    int width_px;  /* the measure it was set to */
    int height_px; /* line_count × line height */
    int missing;   /* characters that no font has */
    int parted;    /* words, quotations and dates broken at the end of a line;
                      balanced texts only */
};

/* Sets text (valid UTF-8; paragraphs parted by \n) to width_px ≥ one em.
 * A single unbreakable run wider than the measure is broken at graphemes as
 * the last resort; a grapheme wider than the measure stands alone and is
 * the only thing that may be wider. Empty text: no lines. NULL: no memory. */
struct typeset_block *typeset_create(const char *text,
                                     const struct typeset_style *style,
                                     int width_px,
                                     const struct type_metrics *metrics);
void typeset_destroy(struct typeset_block *block); /* NULL: nothing */

/* True for a text that runs from right to left: its first letter does (UAX 9,
 * P2). */
bool typeset_begins_right(const char *text);

/* A line becomes a column: all of it turns by 90° clockwise, what is over the
 * base line comes to its right, and what is to the right comes below. Only Han
 * and kana stay upright. out: room for as many glyphs as the line has; x is
 * counted from the column's base line, rise from its top. */
void typeset_turn_line(const struct typeset_line *line,
                       const struct typeset_style *style,
                       struct typeset_glyph *out);

/* The first base line of a text in this style, from the block's top. */
int typeset_baseline_px(const struct typeset_style *style,
                        const struct type_metrics *metrics);

/* Width of the text on one line, compressed as it would be set. */
type_length typeset_width(const char *text, const struct typeset_style *style,
                          const struct type_metrics *metrics);

/* What is known of texts that are set again and again, while sizes are tried:
 * their breaks and the advances of their characters, found once; and what they
 * measured. Takes memory within a bound. NULL: no memory. */
struct typeset_cache;
struct typeset_cache *typeset_cache_create(const struct type_metrics *metrics);
void typeset_cache_destroy(struct typeset_cache *cache); /* NULL: nothing */

/* As typeset_create, with the cache's metrics. */
struct typeset_block *typeset_cache_block(struct typeset_cache *cache,
                                          const char *text,
                                          const struct typeset_style *style,
                                          int width_px);

/* What a block would measure, which is not made. */
struct typeset_measure {
    int line_count;
    int height_px;
    int parted;        /* as in a block */
    type_length width; /* of the widest line */
    bool whole;        /* every line is */
    bool paragraphs;   /* every line ends one */
    int gaps;          /* lines but the last that end a paragraph */
    size_t end_bytes;  /* of the line counted by `most`, or of the last */
};

/* most: the line, from 1, whose end is asked for; 0: none. False without
 * memory. */
bool typeset_cache_measure(struct typeset_cache *cache, const char *text,
                           const struct typeset_style *style, int width_px,
                           int most, struct typeset_measure *out);

/* Breaks of the text's first bytes, words included; valid until the cache is
 * asked again. NULL: no memory. */
const struct line_breaks *typeset_cache_breaks(struct typeset_cache *cache,
                                               const char *text, size_t bytes);

#endif
