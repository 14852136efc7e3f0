/* Reads a table that a spreadsheet exported, row by row. Pure.
 *
 * Fields are parted by commas, semicolons or tabs, whichever stands in the
 * first row, or by what a line «sep=;» before it names; they are quoted as RFC
 * 4180 has it. Lines end with LF, CR LF or CR. Rows of empty fields and lines
 * that begin with # say nothing. The text is UTF-8 with or without a byte order
 * mark, UTF-16 with one, or GB 18030. */
#ifndef GAOSHI_PUBLISHER_CSV_H
#define GAOSHI_PUBLISHER_CSV_H

#include "base/problem.h"

#include <stdbool.h>
#include <stddef.h>

enum { CSV_CELLS_MAX = 64 };

enum csv_encoding { CSV_UTF8, CSV_UTF16, CSV_GB18030 };

/* A field of a row: NUL-terminated, without quotes, without blanks around it.
 * It belongs to the table. */
struct csv_cell {
    char *text;
    int line, column; /* from 1; columns count bytes of the text in UTF-8 */
};

struct csv_table {
    enum csv_encoding encoding;
    char delimiter;
    const char *line_end; /* "\n", "\r\n" or "\r", that of the first */
    bool ends_with_line;  /* the last line has its end */
    bool keeps_lines;     /* set by the caller: a line feed in quotes
                             stays; otherwise it becomes a blank */
    struct csv_cell cells[CSV_CELLS_MAX]; /* of the row that was read last */
    int count;

    char *text; /* owned: the whole table */
    char *at;
    int line;
    char *line_start;
};

/* Decodes the bytes. On success the caller finishes *out. */
bool csv_open(const char *bytes, size_t size, struct csv_table *out,
              struct problem *problem);
void csv_finish(struct csv_table *table);

/* Reads the next row. False with problem->code PROBLEM_NONE, which the caller
 * sets before: no row is left. False with a problem: this row is bad; the next
 * call reads what follows its first line. */
bool csv_next(struct csv_table *table, struct problem *problem);

/* Any text file in UTF-8 with a NUL behind it; its encoding is found out as
 * that of a table. The caller frees it; NULL: it is none of these encodings. */
char *csv_decode(const char *bytes, size_t size, enum csv_encoding *encoding,
                 struct problem *problem);

/* Sets a syntax problem there. Returns false. */
bool csv_refuse(struct problem *problem, int line, int column,
                const char *text);

#endif
