/* Small whole files as text: themes, keys, messages. */
#ifndef GAOSHI_BASE_FILE_TEXT_H
#define GAOSHI_BASE_FILE_TEXT_H

#include "base/problem.h"

/* Reads at most limit bytes and puts a NUL behind them; the caller frees
 * *out. More than limit: PROBLEM_TOO_LARGE. "-" is standard input. */
bool file_bytes_read(const char *file, size_t limit, char **out, size_t *bytes,
                     struct problem *problem);

/* The same of a text in UTF-8: a byte order mark at its start is passed over.
 */
bool file_text_read(const char *file, size_t limit, char **out, size_t *bytes,
                    struct problem *problem);

#endif
