/* What the operator reads: complaints on stderr, progress on a terminal. */
#ifndef GAOSHI_PUBLISHER_TELL_H
#define GAOSHI_PUBLISHER_TELL_H

#include "protocol/problem.h"

#include <stddef.h>

/* One line on stderr, after the program's name. Control characters are
 * replaced. */
void tell_line(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The problem as one line: file:line:column: field: expected. */
void tell_problem(const struct problem *problem);

/* Rewrites one line on a terminal; nothing elsewhere. done == total ends it.
 */
void tell_progress(const char *what, size_t done, size_t total);

#endif
