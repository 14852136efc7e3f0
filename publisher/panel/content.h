/* Makes the draft of a panel from words: flags, or a row of a table. One table
 * of fields in content.c serves both. */
#ifndef GAOSHI_PUBLISHER_CONTENT_H
#define GAOSHI_PUBLISHER_CONTENT_H

#include "base/problem.h"
#include "publisher/cli/options.h"

#include <jansson.h>

/* A figure whose parts stand in columns of their own. NULL: no such cell. */
struct content_figure {
    const char *label, *qualifier, *value, *suffix, *unit, *note, *trend;
};

/* Texts are borrowed. */
struct content {
    struct option_content words;
    struct content_figure figures[LIMIT_FIGURES];
    const char *scope; /* NULL: that of the command */
    const char *place; /* of the row, for lines about its times; NULL: flags */
};

/* Finds out the kind where it was not given. False: its fields do not tell. */
bool content_find_kind(struct content *content, struct problem *problem);

/* Makes the draft of a panel whose kind and id are known. words.text is the
 * text itself. Times in words are told. NULL: failed, and problem->field is the
 * name of the flag without dashes, or of the column. */
json_t *content_draft(const struct content *content, int64_t now_ms,
                      struct problem *problem);

/* The name of the flag or column of a field of the protocol: "title" for
 * "panel.title", "value2" for "panel.figures[1].value". False: it has none. */
enum { CONTENT_NAME_BYTES = 24 };
bool content_name_of(const char *field, char out[CONTENT_NAME_BYTES]);

/* A column of a table. */
struct content_column {
    char name[CONTENT_NAME_BYTES]; /* "title", "value2" */
    size_t row;                    /* of the table in content.c */
    size_t figure;                 /* of a part of a figure, from 0 */
};

/* Finds the column of a heading, in English or Chinese: «数值2», «value2»,
 * «Baseline value». False: there is none. */
bool content_find_column(const char *heading, struct content_column *out);

/* The heading that was probably meant; NULL: none. */
const char *content_nearest_heading(const char *heading);

/* Puts a cell into the content, which borrows it and changes it. Empty cells
 * are left out. */
bool content_put(struct content *content, const struct content_column *column,
                 char *text, struct problem *problem);

/* An id from the title, the same each time: a-z 0-9 and hyphens of a title in
 * ASCII, otherwise the kind and eight characters. */
void content_title_id(const struct content *content,
                      char out[LIMIT_IDENTIFIER_BYTES + 1]);

#endif
