/* Inside typeset: where the lines of a measured text end. */
#ifndef GAOSHI_DISPLAY_TYPESET_LINES_H
#define GAOSHI_DISPLAY_TYPESET_LINES_H

#include "display/core/typeset/typeset_text.h"

/* Divides the text into lines. Caller frees *out. */
bool typeset_choose_lines(const struct typeset_text *text, int64_t measure,
                          struct typeset_span **out, size_t *count);

#endif
