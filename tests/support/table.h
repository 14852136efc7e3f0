/* Tables of expectations that stand beside the tests: one row a line, cells
 * parted by tabs, lines that begin with # are for people. */
#ifndef GAOSHI_TESTS_SUPPORT_TABLE_H
#define GAOSHI_TESTS_SUPPORT_TABLE_H

#include <stddef.h>

enum { TABLE_COLUMNS = 8 };

struct table_row {
    int line; /* of the file, from 1 */
    const char *cells[TABLE_COLUMNS];
};

struct table {
    char *text; /* what the cells point into */
    struct table_row *rows;
    size_t row_count;
};

/* Reads a file of the source tree; each row must have so many columns. Fails
 * the running test otherwise. table_finish. */
void table_read(const char *path, size_t columns, struct table *out);
void table_finish(struct table *table); /* zeroed: nothing */

/* A whole file of the source tree, NUL-terminated behind its bytes; the
 * caller frees it. Fails the running test when it cannot be read. */
char *source_read(const char *path, size_t *bytes);

/* Names of the files of a folder of the source tree that end in the given
 * text, sorted. names_finish. */
struct names {
    char **items;
    size_t count;
};
void names_list(const char *folder, const char *ending, struct names *out);
void names_finish(struct names *names);

#endif
