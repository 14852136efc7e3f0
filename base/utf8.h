/* UTF-8 as Unicode 15 defines it: no overlongs, no surrogates. */
#ifndef GAOSHI_BASE_UTF8_H
#define GAOSHI_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* True when all bytes are well-formed UTF-8 without NUL. Otherwise *at (may
 * be NULL) is the offset of the first bad byte. */
bool utf8_is_valid(const char *text, size_t bytes, size_t *at);

/* Length of the byte order mark at the start of the text: 3 for UTF-8, 2 for
 * UTF-16, 0 for none. Text files may begin with the mark of UTF-8, which is
 * skipped; messages on the wire and passwords may not. */
size_t utf8_mark_bytes(const char *text, size_t bytes);

/* Removes the UTF-8 byte order mark from a NUL-terminated text. */
void utf8_skip_mark(char *text, size_t *bytes);

/* Bytes of another encoding, by its name for iconv, become UTF-8: a new text
 * with a NUL behind its *out_size bytes, owned by the caller. NULL: *bad is the
 * offset of the first byte that is no character, or SIZE_MAX when this system
 * cannot convert (errno). */
char *utf8_convert(const char *encoding, const char *bytes, size_t size,
                   size_t *out_size, size_t *bad);

/* Reads the code point at *text and moves *text past it. Ill-formed input gives
 * U+FFFD and moves one byte. At the terminating NUL it returns 0 and does not
 * move. */
uint32_t utf8_next(const char **text);

/* Writes 1 to 4 bytes without a NUL and returns how many. U+FFFD for a value
 * that is no Unicode scalar. */
size_t utf8_put(uint32_t codepoint, char out[4]);

/* Code points of a NUL-terminated text. */
size_t utf8_length(const char *text);

/* Columns of a code point on a terminal: 2 for the wide and full-width ones of
 * UAX 11, 0 for marks that stand on the character before, otherwise 1. */
int utf8_columns(uint32_t codepoint);

/* Columns of a NUL-terminated text without control characters. */
int utf8_width(const char *text);

/* Bytes of the longest beginning of the text that fits into so many columns. */
size_t utf8_fitting(const char *text, int columns);

/* The width for «%-*s» or «%*s», which count bytes, so that the text fills this
 * many columns. */
int utf8_field(const char *text, int columns);

/* The two arguments of «%-*s» or «%*s» for a cell of a table. */
#define UTF8_FIELD(text, columns) utf8_field(text, columns), text

/* True when nothing of the text can be seen: it holds only white space,
 * fillers, and characters that modify others (zero-width characters, marks of
 * direction, variation selectors). */
bool utf8_is_blank(const char *text);

#endif
