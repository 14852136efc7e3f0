/* Text from outside on its way to a terminal or a log. */
#ifndef GAOSHI_BASE_ESCAPE_H
#define GAOSHI_BASE_ESCAPE_H

#include <stddef.h>

/* So many bytes at most become of one. */
enum { ESCAPE_GROWTH = 4 };

/* Copies the text; what a terminal would obey, or what would make a line read
 * other than it is, becomes visible: control characters (C0, DEL, C1), line
 * and paragraph separators, marks of direction, and every other format
 * character that shows nothing, as \x1B, \u202E or \U000E0041; a byte that is
 * no UTF-8 as \xFF. Cuts before the character that does not fit, always
 * terminates (size 0: writes nothing), and returns the length that the whole
 * has. */
size_t escape_text(const char *text, char *out, size_t size);

/* The whole of it, the caller's to free. NULL: no memory. */
char *escape_copy(const char *text);

#endif
