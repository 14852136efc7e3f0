/* JSON as text: what may stand in its strings, how deep it nests, and where
 * in it a field is written. Internal to protocol/. */
#ifndef GAOSHI_PROTOCOL_JSON_TEXT_H
#define GAOSHI_PROTOCOL_JSON_TEXT_H

#include "base/problem.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* 1 … most characters, one of which can be seen; no control characters and no
 * line separators but \n where paragraphs are allowed. Otherwise says why. */
enum { JSON_TEXT_REASON_BYTES = 96 };
bool json_text_fits(const char *text, size_t most, bool paragraphs,
                    char why[JSON_TEXT_REASON_BYTES]);

/* http:// or https:// and something behind it, in printable ASCII as RFC 3986
 * has it. */
bool json_text_is_url(const char *text);

/* False when brackets nest deeper than limit; *at is then the offset of the
 * first that does. The text need not be JSON. */
bool json_depth_is_within(const char *text, size_t bytes, int limit,
                          size_t *at);

/* Offset of the field's name, or of a list's entry, by its path
 * («panel.figures[2].unit») in a text that is valid JSON. For a field that is
 * not there: of the innermost object or list on the way. */
size_t json_locate(const char *text, size_t bytes, const char *path);

/* Line and column of an offset, both from 1; columns count bytes. */
void json_line_column(const char *text, size_t offset, int *line, int *column);

/* Sets a field of an object to a text. False with a problem
 * that names the field, for a text that is no UTF-8, and without memory. */
bool json_text_set(json_t *object, const char *field, const char *text,
                   struct problem *problem);

/* The same at the end of a list, which the field names in the problem. */
bool json_text_append(json_t *list, const char *field, const char *text,
                      struct problem *problem);

#endif
