/* The inventory says which screens there should be: a table that a person edits
 * or a spreadsheet exports. Reading it is pure; inventory_file.h has the files.
 *
 *     id,place,area,groups,notes
 *     lobby-1,"二七区政务大厅, 一楼",410103001002,lobbies indoor,
 *
 * The first row names the columns, in any order; id has to be there. csv.h says
 * how tables are written. */
#ifndef GAOSHI_PUBLISHER_INVENTORY_H
#define GAOSHI_PUBLISHER_INVENTORY_H

#include "base/problem.h"
#include "publisher/cli/csv.h"

#include <stdbool.h>
#include <stddef.h>

enum {
    INVENTORY_BYTES_MAX = 32 * 1024 * 1024,
    INVENTORY_SCREENS_MAX = 200000,
    INVENTORY_PLACE_CHARACTERS = 80,
    INVENTORY_NOTES_CHARACTERS = 400,
};

/* Texts are never NULL and belong to the inventory. Line feeds and tabs in
 * place and notes have become spaces; no other control character stands in
 * them. */
struct inventory_screen {
    const char *id; /* an identifier */
    const char *place;
    const char *area;   /* 12 digits, or "" */
    const char *groups; /* identifiers, each parted from the next by a space */
    const char *notes;
    int line; /* of the file, from 1 */
};

enum inventory_column {
    INVENTORY_ID,
    INVENTORY_PLACE,
    INVENTORY_AREA,
    INVENTORY_GROUPS,
    INVENTORY_NOTES,
    INVENTORY_COLUMNS,
};

/* How the file is written, so that a row can be added to it. */
struct inventory_form {
    enum csv_encoding encoding;
    char delimiter;
    const char *line_end;           /* "\n", "\r\n" or "\r" */
    bool ends_with_line;            /* the last line has its end */
    int columns[INVENTORY_COLUMNS]; /* place of each in a row, -1: none */
    int column_count;
};

/* Zeroed is empty. */
struct inventory {
    struct inventory_screen *screens; /* in the order of the file */
    size_t count;
    struct inventory_form form;
    char *text;     /* what the screens' texts point into */
    size_t *places; /* hash table: number of a screen + 1; 0: free */
    size_t place_count;
};

/* Reads a whole file. problem->line and column (bytes of the text in UTF-8)
 * tell where the first fault is, problem->field in which column of the table.
 * On success the caller finishes *out, else *out is untouched. */
bool inventory_parse(const char *bytes, size_t size, struct inventory *out,
                     struct problem *problem);
void inventory_finish(struct inventory *inventory);

/* NULL: it is not in the inventory. */
const struct inventory_screen *inventory_find(const struct inventory *inventory,
                                              const char *id);

/* True when the screen lies in the (valid) scope. */
bool inventory_covers(const struct inventory_screen *screen, const char *scope);

/* The same by what the texts say: area 12 digits or "", groups parted by
 * spaces. At most LIMIT_GROUPS of them count. */
bool inventory_texts_cover(const char *id, const char *area, const char *groups,
                           const char *scope);

/* One row in UTF-8 with its line's end, as the form has it. Of a column that
 * the file does not have nothing is written. The caller frees it; NULL: no
 * memory. */
char *inventory_format_row(const struct inventory_form *form,
                           const struct inventory_screen *screen);

/* The same bytes in the form's encoding. NULL: no memory, or they cannot be
 * written in it. UTF-16 is not written. */
char *inventory_encode(const struct inventory_form *form, const char *row);

#endif
