/* UTF-8 as Unicode 15 defines it: no overlongs, no surrogates. */
#ifndef GAOSHI_BASE_UTF8_H
#define GAOSHI_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* True when all bytes are well-formed UTF-8 without NUL. Otherwise *at (may
 * be NULL) is the offset of the first bad byte. */
bool utf8_is_valid(const char *text, size_t bytes, size_t *at);

/* Bytes of the byte order mark that the text begins with: 3 of UTF-8, 2 of
 * UTF-16, 0: none. Files of text may begin with that of UTF-8, which is passed
 * over; messages on the wire and passwords may not. */
size_t utf8_mark_bytes(const char *text, size_t bytes);

/* Takes the mark of UTF-8 off a text with a NUL behind it. */
void utf8_skip_mark(char *text, size_t *bytes);

/* Reads the code point at *text and moves *text behind it. Ill-formed input
 * gives U+FFFD and moves one byte. At the terminating NUL: 0, not moved. */
uint32_t utf8_next(const char **text);

/* Writes 1 to 4 bytes (no NUL); returns how many. Not a scalar value:
 * U+FFFD. */
size_t utf8_put(uint32_t codepoint, char out[4]);

/* Code points of a NUL-terminated text. */
size_t utf8_length(const char *text);

/* True when the text leaves no mark on the glass: nothing but white space,
 * fillers, and characters that are there for others (zero-width ones, marks
 * of direction, variation selectors). */
bool utf8_is_blank(const char *text);

#endif
