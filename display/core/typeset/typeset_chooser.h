/* Inside typeset_lines: what is known of a paragraph while its lines are
 * chosen, and what a line costs. */
#ifndef GAOSHI_DISPLAY_TYPESET_CHOOSER_H
#define GAOSHI_DISPLAY_TYPESET_CHOOSER_H

#include "display/core/typeset/typeset_cell.h"

/* Compared in this order. */
struct line_cost {
    int64_t violations;
    int64_t singles; /* paragraphs that end in a line of one character */
    int64_t lines;
    int64_t badness;
};

struct line_node {
    struct line_cost cost;
    uint32_t from; /* where the line that ends here begins */
    bool reached;
};

struct line_chooser {
    const struct typeset_text *text;
    int64_t measure;
    uint32_t from, to; /* the paragraph */
    uint32_t indent;
    uint32_t window;
    uint32_t far;            /* no line from here ends behind it */
    struct line_node *nodes; /* one for each end of a cell */
    uint8_t *levels;         /* of the break before a cell */
    uint32_t *allowed;       /* the break before that is allowed */
    uint32_t *reluctant;     /* the same with reluctant ones */
};

/* The level of the break before a cell; the paragraph's end is a good one. */
enum line_break line_break_before(const struct line_chooser *chooser,
                                  uint32_t at);

/* What a line from … to leaves of the measure; negative: it is too full.
 * *fits says whether squeezing helps. */
int64_t line_slack(const struct line_chooser *chooser, uint32_t from,
                   uint32_t to, bool *fits);

struct typeset_span line_span(const struct line_chooser *chooser, uint32_t from,
                              uint32_t to);

/* Lets a line from … to end at to, if that is the cheapest way there. */
void line_try(struct line_chooser *chooser, uint32_t from, uint32_t to,
              int64_t slack);

#endif
