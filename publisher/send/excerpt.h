/* Shows the place of a problem in a file of a person: the line, with a caret
 * under the place. */
#ifndef GAOSHI_PUBLISHER_EXCERPT_H
#define GAOSHI_PUBLISHER_EXCERPT_H

#include "base/problem.h"

#include <stddef.h>

/* Prints the problem as tell_problem does and, on a terminal, the line of the
 * text that it is about, as much of it as a row of the terminal holds. */
void excerpt_tell(const struct problem *problem, const char *text,
                  size_t bytes);

/* Two lines, each with its end: the numbered line of the text around the byte
 * column, in at most `width` columns, and a caret below that byte. Characters
 * that a terminal would obey become blanks. The caller frees it; NULL: there is
 * no such place, or no memory. */
char *excerpt_format(const char *text, size_t bytes, int line, int column,
                     int width);

#endif
