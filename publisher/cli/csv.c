/* Reads tables: first their encoding, then row by row. */
#include "publisher/cli/csv.h"

#include "base/utf8.h"

#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

bool csv_refuse(struct problem *problem, int line, int column, const char *text)
{
    problem_set(problem, PROBLEM_SYNTAX, "%s", text);
    problem->line = line;
    problem->column = column;
    return false;
}

/* The line of the n-th byte. */
static int line_of(const char *bytes, size_t offset)
{
    int line = 1;

    for (size_t i = 0; i < offset; i++)
        line += bytes[i] == '\n' ||
                (bytes[i] == '\r' && i + 1 < offset && bytes[i + 1] != '\n');
    return line;
}

static char *convert(const char *name, const char *bytes, size_t size,
                     size_t *out_size, struct problem *problem)
{
    size_t bad;
    char *converted = utf8_convert(name, bytes, size, out_size, &bad);

    if (!converted && bad == SIZE_MAX)
        problem_set(problem, PROBLEM_SYSTEM, "%s cannot be converted here",
                    name);
    else if (!converted)
        csv_refuse(problem, line_of(bytes, bad), 0,
                   "bytes that are neither UTF-8 nor GB 18030; save the table "
                   "as UTF-8");
    return converted;
}

static char *copy(const char *bytes, size_t size, struct problem *problem)
{
    char *text = malloc(size + 1);

    if (text)
        memcpy(text, bytes, size);
    else
        problem_set(problem, PROBLEM_SYSTEM, "out of memory");
    return text;
}

char *csv_decode(const char *bytes, size_t size, enum csv_encoding *encoding,
                 struct problem *problem)
{
    size_t mark = utf8_mark_bytes(bytes, size);
    size_t used = 0, at = 0;
    char *text;

    *encoding = mark == 2                          ? CSV_UTF16
                : utf8_is_valid(bytes, size, NULL) ? CSV_UTF8
                                                   : CSV_GB18030;
    if (*encoding == CSV_UTF8) {
        used = size - mark;
        text = copy(bytes + mark, used, problem);
    } else {
        text = convert(mark == 2 ? "UTF-16" : "GB18030", bytes, size, &used,
                       problem);
    }
    if (!text)
        return NULL;
    text[used] = '\0';
    if (utf8_is_valid(text, used, &at))
        return text;
    csv_refuse(problem, line_of(text, at), 0, "a NUL byte: this is no text");
    free(text);
    return NULL;
}

/* Moves behind the end of a line, if one is here. */
static bool skip_line_end(struct csv_table *table)
{
    size_t bytes = table->at[0] == '\r' && table->at[1] == '\n'   ? 2
                   : table->at[0] == '\n' || table->at[0] == '\r' ? 1
                                                                  : 0;

    if (bytes == 0)
        return false;
    table->at += bytes;
    table->line++;
    table->line_start = table->at;
    return true;
}

static int column_of(const struct csv_table *table)
{
    ptrdiff_t column = table->at - table->line_start + 1;

    return column < INT_MAX ? (int)column : INT_MAX;
}

/* Looks ahead, because reading changes the text: the rows behind a quote that
 * is not closed are still to be read. */
static bool is_closed(const char *text)
{
    for (; *text; text++) {
        if (text[0] == '"' && text[1] != '"')
            return true;
        text += text[0] == '"';
    }
    return false;
}

/* At the opening quote. A pair of quotes stands for one. */
static bool read_quoted(struct csv_table *table, const struct csv_cell *cell,
                        char **end, struct problem *problem)
{
    char *to = table->at + 1;

    if (!is_closed(to))
        return csv_refuse(problem, cell->line, cell->column,
                          "a quote is opened and not closed");
    table->at++;
    for (;;) {
        if (table->at[0] == '"' && table->at[1] != '"')
            break;
        if (skip_line_end(table)) {
            *to++ = table->keeps_lines ? '\n' : ' ';
            continue;
        }
        table->at += *table->at == '"';
        *to++ = *table->at++;
    }
    table->at++;
    *end = to;
    return true;
}

static bool is_end(const struct csv_table *table)
{
    return !*table->at || *table->at == '\n' || *table->at == '\r';
}

/* Reads one field of the row; *more: another follows. */
static bool read_cell(struct csv_table *table, bool *more,
                      struct problem *problem)
{
    struct csv_cell *cell = &table->cells[table->count];
    char *end = NULL;

    table->at += strspn(table->at, " ");
    bool quoted = *table->at == '"';
    *cell = (struct csv_cell){table->at + quoted, table->line,
                              column_of(table)};
    if (quoted && !read_quoted(table, cell, &end, problem))
        return false;
    if (quoted)
        table->at += strspn(table->at, " ");
    if (quoted && !is_end(table) && *table->at != table->delimiter)
        return csv_refuse(problem, table->line, column_of(table),
                          "text behind a closing quote");
    if (!quoted) {
        while (!is_end(table) && *table->at != table->delimiter)
            table->at++;
        end = table->at;
    }
    table->count++;
    *more = *table->at == table->delimiter;
    if (*more)
        table->at++;
    else
        skip_line_end(table);
    *end = '\0'; /* only now: the reader stood there */
    return true;
}

static bool read_cells(struct csv_table *table, struct problem *problem)
{
    bool more = true;

    for (table->count = 0; more;) {
        if (table->count == CSV_CELLS_MAX)
            return csv_refuse(problem, table->line, column_of(table),
                              "too many fields");
        if (!read_cell(table, &more, problem))
            return false;
    }
    return true;
}

static void trim(char **text)
{
    *text += strspn(*text, " \t");
    for (size_t length = strlen(*text);
         length > 0 && strchr(" \t", (*text)[length - 1]); length--)
        (*text)[length - 1] = '\0';
}

/* The first of , ; and tab that stands in the first row outside of quotes. */
static char find_delimiter(const char *text)
{
    while (*text == '#' || *text == '\n' || *text == '\r') {
        text += strcspn(text, "\n\r");
        text += strspn(text, "\n\r");
    }
    for (bool quoted = false; *text && (quoted || !strchr("\n\r", *text));
         text++) {
        quoted = quoted != (*text == '"');
        if (!quoted && strchr(",;\t", *text))
            return *text;
    }
    return ',';
}

static void note_lines(struct csv_table *table)
{
    const char *text = table->text;
    const char *end = text + strcspn(text, "\r\n");
    size_t length = strlen(text);

    table->line_end = end[0] == '\r' && end[1] == '\n' ? "\r\n"
                      : end[0] == '\r'                 ? "\r"
                                                       : "\n";
    table->ends_with_line = length > 0 && strchr("\r\n", text[length - 1]);
}

/* Some spreadsheets name the delimiter in a line of its own. */
static bool take_delimiter(struct csv_table *table)
{
    const char *text = table->at;

    if (strncmp(text, "sep=", 4) != 0 || !text[4] || !strchr(",;\t", text[4]) ||
        (text[5] != '\r' && text[5] != '\n'))
        return false;
    table->delimiter = text[4];
    table->at += 5;
    return skip_line_end(table);
}

bool csv_open(const char *bytes, size_t size, struct csv_table *out,
              struct problem *problem)
{
    struct csv_table table = {.line = 1};

    table.text = csv_decode(bytes, size, &table.encoding, problem);
    if (!table.text)
        return false;
    table.at = table.line_start = table.text;
    note_lines(&table);
    if (!take_delimiter(&table))
        table.delimiter = find_delimiter(table.text);
    *out = table;
    return true;
}

void csv_finish(struct csv_table *table)
{
    free(table->text);
    table->text = NULL;
}

static void skip_line(struct csv_table *table)
{
    while (!is_end(table))
        table->at++;
    skip_line_end(table);
}

bool csv_next(struct csv_table *table, struct problem *problem)
{
    while (*table->at) {
        if (*table->at == '#') {
            skip_line(table);
            continue;
        }
        if (!read_cells(table, problem)) {
            skip_line(table);
            return false;
        }
        bool filled = false;
        for (int i = 0; i < table->count; i++) {
            trim(&table->cells[i].text);
            filled = filled || table->cells[i].text[0];
        }
        if (filled)
            return true;
    }
    return false;
}
