/* JSON as text: which texts are allowed, how deep it nests, where a field is
 * written, and putting texts into objects and lists. */
#ifndef GAOSHI_PROTOCOL_JSON_TEXT_H
#define GAOSHI_PROTOCOL_JSON_TEXT_H

#include "base/problem.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* Whether the text has 1 … most characters, one of them visible, no control
 * characters and no line separators except \n where paragraphs are allowed. If
 * not, says why. */
enum { JSON_TEXT_REASON_BYTES = 96 };
bool json_text_fits(const char *text, size_t most, bool paragraphs,
                    char why[JSON_TEXT_REASON_BYTES]);

/* Whether it is http:// or https:// followed by printable ASCII as RFC 3986
 * allows. */
bool json_text_is_url(const char *text);

/* False when brackets nest deeper than limit; *at is then the offset of the
 * first bracket that is too deep. The text need not be JSON. */
bool json_depth_is_within(const char *text, size_t bytes, int limit,
                          size_t *at);

/* The offset of a field's name or of a list's entry, by its path
 * («panel.figures[2].unit»), in a text that is valid JSON. If the field does
 * not exist: the offset of the innermost object or list on the path. */
size_t json_locate(const char *text, size_t bytes, const char *path);

/* Line and column of an offset, both from 1; columns count bytes. */
void json_line_column(const char *text, size_t offset, int *line, int *column);

/* Sets a field of an object to a text. False, with a problem that names the
 * field, if the text is not UTF-8 or there is no memory. */
bool json_text_set(json_t *object, const char *field, const char *text,
                   struct problem *problem);

/* Appends the text to a list in the same way; the problem names the field. */
bool json_text_append(json_t *list, const char *field, const char *text,
                      struct problem *problem);

#endif
