/* Output for the operator: complaints on stderr, results on stdout, progress on
 * a terminal. */
#ifndef GAOSHI_PUBLISHER_TELL_H
#define GAOSHI_PUBLISHER_TELL_H

#include "base/problem.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* Prints one line on stderr after the program's name. Here and in all functions
 * below, characters that a terminal would obey are escaped (base/escape.h). */
void tell_line(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Prints one line that begins with the place, so that editors can jump to it;
 * NULL: no place. */
void tell_place(const char *place, const char *text);

/* Prints the problem as one line: file:line:column: field: expected. */
void tell_problem(const struct problem *problem);

/* Prints a result on stdout. */
void tell_result(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* An object for a program, one line on stdout; takes it. On a terminal what it
 * would obey is escaped. NULL: no memory, which is told. */
void tell_json(json_t *object);

/* The problem as fields of an object: line, column, code, field and expected.
 * The caller owns it; NULL: no memory. */
json_t *tell_problem_object(const struct problem *problem);

/* Whether lines on stderr can be rewritten: it is a terminal that obeys escape
 * sequences. */
bool tell_can_overwrite(void);

/* True when this many steps are reported in one rewritten line instead of a
 * line each: there are many, and the terminal can do it. */
bool tell_has_progress(size_t total);

/* Rewrites that line; does nothing if there is none. */
void tell_progress(const char *what, size_t done, size_t total);

#endif
