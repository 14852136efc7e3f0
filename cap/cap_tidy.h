/* Texts of strangers, made fit for the glass. Internal to cap/. */
#ifndef GAOSHI_CAP_CAP_TIDY_H
#define GAOSHI_CAP_CAP_TIDY_H

#include <stdbool.h>
#include <stddef.h>

/* One line (white space and controls become single spaces, a line end between
 * two ideographs none), or paragraphs (one \n between them, no empty ones).
 * Lines that were broken at some width are joined again, see cap_tidy.c;
 * *joined (may be NULL) tells. Over `most` characters it ends behind a
 * sentence, with an ellipsis; *cut then tells how long it was, else 0. The
 * caller frees it; NULL: no memory. */
char *cap_tidy_line(const char *text, size_t most, size_t *cut);
char *cap_tidy_paragraphs(const char *text, size_t most, size_t *cut,
                          bool *joined);

#endif
