/* What the operator reads: complaints on stderr, progress on a terminal. */
#ifndef GAOSHI_PUBLISHER_TELL_H
#define GAOSHI_PUBLISHER_TELL_H

#include "base/problem.h"

#include <stdbool.h>
#include <stddef.h>

/* One line on stderr, after the program's name. What a terminal would obey is
 * escaped, here and in all that follows (base/escape.h). */
void tell_line(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The same, after the place that it is about, so that editors jump to it;
 * NULL: the text begins with it. */
void tell_place(const char *place, const char *text);

/* The problem as one line: file:line:column: field: expected. */
void tell_problem(const struct problem *problem);

/* A result on stdout. */
void tell_result(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* True when so many steps are told by one rewritten line instead of a line
 * each: a long way, on a terminal. */
bool tell_has_progress(size_t total);

/* Rewrites that line; does nothing when there is none. */
void tell_progress(const char *what, size_t done, size_t total);

#endif
