/* Reads tables and folders of the source tree for tests that compare data
 * with what people wrote down about it. */
#include "source_dir.h"
#include "tests/support/table.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void source_path(char *out, size_t size, const char *path)
{
    bool whole = path[0] == '/';
    int length = snprintf(out, size, "%s%s%s", whole ? "" : GAOSHI_SOURCE_DIR,
                          whole ? "" : "/", path);

    assert_true(length > 0 && (size_t)length < size);
}

char *source_read(const char *path, size_t *bytes)
{
    char full[1024];

    source_path(full, sizeof full, path);
    FILE *file = fopen(full, "rb");
    if (!file)
        fail_msg("%s cannot be opened", full);
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    long size = ftell(file);
    assert_true(size >= 0);
    rewind(file);
    char *text = malloc((size_t)size + 1);
    assert_non_null(text);
    assert_int_equal(fread(text, 1, (size_t)size, file), size);
    assert_int_equal(fclose(file), 0);
    text[size] = '\0';
    if (bytes)
        *bytes = (size_t)size;
    return text;
}

static void split_row(char *line, size_t columns, struct table_row *row,
                      const char *path)
{
    size_t count = 0;

    for (char *cell = line; cell; count++) {
        char *tab = strchr(cell, '\t');
        if (tab)
            *tab++ = '\0';
        if (count < columns)
            row->cells[count] = cell;
        cell = tab;
    }
    if (count != columns)
        fail_msg("%s:%d: %zu cells, expected %zu", path, row->line, count,
                 columns);
}

void table_read(const char *path, size_t columns, struct table *out)
{
    struct table table = {.text = source_read(path, NULL)};
    size_t lines = 1;

    assert_true(columns <= TABLE_COLUMNS);
    for (const char *c = table.text; *c; c++)
        lines += *c == '\n';
    table.rows = calloc(lines, sizeof *table.rows);
    assert_non_null(table.rows);
    int number = 0;
    for (char *line = table.text; line && *line;) {
        char *end = strchr(line, '\n');
        if (end)
            *end++ = '\0';
        number++;
        if (*line && *line != '#') {
            struct table_row *row = &table.rows[table.row_count++];
            row->line = number;
            split_row(line, columns, row, path);
        }
        line = end;
    }
    *out = table;
}

void table_finish(struct table *table)
{
    free(table->rows);
    free(table->text);
    *table = (struct table){0};
}

static bool name_ends(const char *name, const char *ending)
{
    size_t length = strlen(name);
    size_t tail = strlen(ending);

    return length > tail && strcmp(name + length - tail, ending) == 0;
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

void names_list(const char *folder, const char *ending, struct names *out)
{
    enum { NAMES_MAX = 1000 };
    struct names names = {.items = calloc(NAMES_MAX, sizeof(char *))};
    char full[1024];

    assert_non_null(names.items);
    source_path(full, sizeof full, folder);
    DIR *directory = opendir(full);
    if (!directory)
        fail_msg("%s cannot be opened", full);
    for (struct dirent *entry; (entry = readdir(directory));) {
        if (!name_ends(entry->d_name, ending))
            continue;
        assert_true(names.count < NAMES_MAX);
        names.items[names.count] = strdup(entry->d_name);
        assert_non_null(names.items[names.count++]);
    }
    closedir(directory);
    qsort(names.items, names.count, sizeof(char *), compare_names);
    *out = names;
}

void names_finish(struct names *names)
{
    for (size_t i = 0; i < names->count; i++)
        free(names->items[i]);
    free(names->items);
    *names = (struct names){0};
}
