/* Inside typeset: where the lines of a measured text end. */
#ifndef GAOSHI_DISPLAY_TYPESET_LINES_H
#define GAOSHI_DISPLAY_TYPESET_LINES_H

#include "display/core/typeset/typeset_text.h"

/* Memory that is used again. Zeroed is empty. */
struct typeset_scratch {
    struct typeset_span *spans;
    struct line_node *nodes;
    size_t room;
};
void typeset_scratch_finish(struct typeset_scratch *scratch);

/* Divides the text into lines: the first `count` spans of the scratch, until it
 * is used again. False without memory. */
bool typeset_choose_lines(const struct typeset_text *text, int64_t measure,
                          struct typeset_scratch *scratch, size_t *count);

#endif
