/* Prepares texts from outside for the glass. Internal to cap/. */
#ifndef GAOSHI_CAP_CAP_TIDY_H
#define GAOSHI_CAP_CAP_TIDY_H

#include <stdbool.h>
#include <stddef.h>

/* Makes one line (white space and controls become single spaces; a line end
 * between two ideographs becomes none), or paragraphs (separated by one \n, no
 * empty ones). Lines that were broken at some width are joined again, see
 * cap_tidy.c; *joined (may be NULL) reports this. A text over `most` characters
 * ends after a sentence, with an ellipsis; *cut then is its former length,
 * otherwise 0. The caller frees the result; NULL: no memory. */
char *cap_tidy_line(const char *text, size_t most, size_t *cut);
char *cap_tidy_paragraphs(const char *text, size_t most, size_t *cut,
                          bool *joined);

#endif
