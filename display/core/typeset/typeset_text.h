/* Inside typeset: the text as graphemes with widths and the gaps between
 * them, and what a line of them measures. What does not depend on the size is
 * found once, in a source. */
#ifndef GAOSHI_DISPLAY_TYPESET_TEXT_H
#define GAOSHI_DISPLAY_TYPESET_TEXT_H

#include "display/core/typeset/line_break.h"
#include "display/core/typeset/typeset.h"
#include "display/core/typeset/typeset_cluster.h"
#include "display/core/typeset/typeset_shape.h"

enum typeset_kind {
    TYPESET_SPACE = 1 << 0, /* vanishes at a line's edge */
    TYPESET_NEWLINE = 1 << 1,
    TYPESET_INVISIBLE = 1 << 2, /* no ink, no width: ZWSP, bidi controls */
    TYPESET_HAN = 1 << 3,
    TYPESET_WESTERN = 1 << 4,   /* takes a gap against Han */
    TYPESET_OPEN = 1 << 5,      /* full-width mark, left half blank */
    TYPESET_CLOSE = 1 << 6,     /* full-width mark, right half blank */
    TYPESET_MIDDLE = 1 << 7,    /* full-width interpunct, quarters blank */
    TYPESET_MARK = 1 << 8,      /* any mark: alone it makes no last line */
    TYPESET_DASH_LEFT = 1 << 9, /* first of a joined dash: ——, ——— */
    TYPESET_DASH_RIGHT = 1 << 10, /* the rest of it */
};

/* What is squeezed first when a line is too full, by CLREQ. */
enum typeset_squeeze {
    SQUEEZE_WORD_SPACE,
    SQUEEZE_HAN_WESTERN,
    SQUEEZE_INTERPUNCT,
    SQUEEZE_BRACKET,
    SQUEEZE_COMMA,
    SQUEEZE_STOP,
    SQUEEZE_COUNT
};

/* A grapheme. gap, squeeze and stretch are those between it and the cell
 * that is visible before it; a line's first cell does not use them. */
struct typeset_cell {
    uint32_t codepoint;
    type_length advance;
    type_length gap;                    /* Han–Latin more, marks less */
    type_length squeeze[SQUEEZE_COUNT]; /* how much the gap can give */
    uint16_t kinds;                     /* enum typeset_kind */
    uint8_t after;                      /* enum line_break */
    uint8_t rank;                       /* of a mark: enum typeset_squeeze */
    bool stretches;                     /* justified lines may widen the gap */
    uint8_t word_end;                   /* enum line_word_end */
};

/* How a cell's advance follows from the size. */
enum typeset_advance {
    TYPESET_ADVANCE_GLYPH, /* one glyph: scaled */
    TYPESET_ADVANCE_FONT,  /* white space as wide as the font's */
    TYPESET_ADVANCE_SPACE, /* white space of a share of the em */
    TYPESET_ADVANCE_NONE,
    TYPESET_ADVANCE_MEASURED, /* several glyphs: anew */
};

/* A grapheme at any size. */
struct typeset_source_cell {
    uint32_t first_point, point_count;
    uint32_t codepoint;
    struct type_glyph glyph; /* its only one, at TYPE_UNITS; of white space:
                                the font's space */
    uint16_t kinds;          /* without those of the full width */
    uint16_t full;           /* what it is if it has the full width */
    uint8_t advance;         /* enum typeset_advance */
    uint8_t sixtieths;       /* of an em: white space */
    uint8_t rank;            /* of a mark: enum typeset_squeeze */
    uint8_t after;           /* enum line_break */
    uint8_t word_end;        /* enum line_word_end */
};

/* A text in a role. */
struct typeset_source {
    const char *bytes; /* borrowed */
    size_t byte_count;
    enum type_role role;
    bool balanced;
    const struct type_metrics *metrics;
    struct line_breaks breaks;
    struct typeset_source_cell *cells;
    size_t count;
    struct typeset_shape *shape; /* NULL: nothing is shaped */
};

/* What is the same in every text: breaks, and cells of one character. Zeroed is
 * empty; typeset_known_finish. */
enum { TYPESET_KNOWN = 1024 };
struct typeset_known {
    struct line_breaker breaker;
    struct typeset_source_cell cells[TYPE_ROLE_COUNT][TYPESET_KNOWN];
};
void typeset_known_finish(struct typeset_known *known);

bool typeset_source_init(struct typeset_source *source, const char *bytes,
                         enum type_role role, bool balanced,
                         const struct type_metrics *metrics,
                         struct typeset_known *known);
void typeset_source_finish(struct typeset_source *source);

/* A text measured. Sums run from 0 to the cell excluded. */
struct typeset_text {
    const struct typeset_source *source;
    const struct typeset_style *style;
    int size_px; /* of the cells */
    struct typeset_cell *cells;
    size_t count;
    int64_t *width;       /* of advances and gaps */
    int64_t *give;        /* of what can be squeezed */
    uint32_t *stretch;    /* of gaps that can be widened */
    uint32_t *letters;    /* of visible cells that are no marks */
    uint32_t *next_solid; /* first visible cell at or after; count: none */
    uint32_t *prev_solid; /* last visible cell before, plus 1; 0: none */
};

/* Zeroed is empty. Source and style must outlive it, and have the same role.
 * It may be set again, to the same source. False without memory. */
bool typeset_text_set(struct typeset_text *text,
                      const struct typeset_source *source,
                      const struct typeset_style *style);
void typeset_text_finish(struct typeset_text *text);

/* A line: cells from … to − 1, white space at its edges included. */
struct typeset_span {
    uint32_t from, to;
    uint32_t indent; /* cells of ideographic space kept at its start */
    bool ends_paragraph;
};

/* The visible cells of a span, from first to end − 1; both 0: none. */
struct typeset_ink {
    uint32_t first, end;
};
struct typeset_ink typeset_span_ink(const struct typeset_text *text,
                                    struct typeset_span span);

/* Its width as it stands, what can be squeezed out of it, and the gaps that
 * can be widened. */
int64_t typeset_span_width(const struct typeset_text *text,
                           struct typeset_span span);
int64_t typeset_span_give(const struct typeset_text *text,
                          struct typeset_span span);
uint32_t typeset_span_stretch(const struct typeset_text *text,
                              struct typeset_span span);

/* Where a line would end before a cell: behind a phrase, a mark or white space,
 * between two words or within one. Words are known of balanced texts. */
enum typeset_end {
    TYPESET_END_PHRASE,
    TYPESET_END_WORD,
    TYPESET_END_COMPOUND, /* between two words that belong together */
    TYPESET_END_JOINT,    /* at the joint of a word */
    TYPESET_END_INSIDE,
};
enum typeset_end typeset_end_before(const struct typeset_text *text,
                                    uint32_t cell);

/* Half of the em that a mark keeps free on that side at a line's edge. */
static inline type_length typeset_lead_blank(const struct typeset_cell *cell)
{
    return cell->kinds & TYPESET_OPEN ? cell->advance / 2 : 0;
}

static inline type_length typeset_trail_blank(const struct typeset_cell *cell)
{
    return cell->kinds & TYPESET_CLOSE ? cell->advance / 2 : 0;
}

/* How much justification can widen a line: a quarter em a gap. */
int64_t typeset_stretch_limit(const struct typeset_text *text,
                              struct typeset_span span);

/* The glyphs of the cell with this index, parts and their count only. */
void typeset_cell_glyphs(const struct typeset_text *text, size_t index,
                         struct typeset_cluster *out);

/* The glyph of a dash over so many cells (U+2E3A, U+2E3B), if the face of the
 * cell's dash has it. */
bool typeset_long_dash(const struct typeset_text *text,
                       const struct typeset_cell *cell, int cells,
                       struct type_glyph *glyph);

#endif
