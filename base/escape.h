/* Text from outside on its way to a terminal or a log. */
#ifndef GAOSHI_BASE_ESCAPE_H
#define GAOSHI_BASE_ESCAPE_H

#include <stdbool.h>
#include <stddef.h>

/* One byte becomes at most this many. */
enum { ESCAPE_GROWTH = 4 };

/* Copies the text and makes visible what a terminal would obey or what would
 * change how a line reads: control characters (C0, DEL, C1), line and paragraph
 * separators, marks of direction and every other invisible format character
 * become \x1B, \u202E or \U000E0041, and a byte that is not UTF-8 becomes \xFF.
 * Where out is too small, the copy ends before the character that does not fit;
 * it is always terminated (size 0: nothing is written). Returns the length of
 * the whole escaped text. */
size_t escape_text(const char *text, char *out, size_t size);

/* The whole escaped text; the caller frees it. NULL: no memory. */
char *escape_copy(const char *text);

/* From here on what is escaped becomes ASCII: a sign becomes one that is like
 * it (« becomes ", … becomes ...), any other character \u9884. Before threads
 * are started. */
void escape_to_ascii(bool on);
bool escape_is_ascii(void);

/* A copy with nothing but that done to it, so that lines stay lines; the caller
 * frees it. NULL: output need not be ASCII, or no memory. */
char *escape_signs(const char *text);

#endif
