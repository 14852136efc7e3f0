/* Counts columns as terminals do: a Chinese character has two. */
#include "publisher/send/excerpt.h"

#include "base/utf8.h"
#include "publisher/cli/tell.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { WIDTH_DEFAULT = 80, WIDTH_LEAST = 40, NUMBER_COLUMNS = 8 };

/* The line, as a copy with a NUL. NULL: the text has fewer lines. */
static char *copy_line(const char *text, size_t bytes, int line)
{
    const char *end = text + bytes;

    for (int i = 1; i < line; i++) {
        const char *next = memchr(text, '\n', (size_t)(end - text));
        if (!next)
            return NULL;
        text = next + 1;
    }
    const char *next = memchr(text, '\n', (size_t)(end - text));
    return strndup(text, (size_t)((next ? next : end) - text));
}

static bool is_obeyed(uint32_t c)
{
    return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029 ||
           (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

/* Prints what lies between the columns first and last of the line. */
static void print_part(const char *line, int first, int last, FILE *out)
{
    int at = 0;

    for (uint32_t c; (c = utf8_next(&line)) != 0;) {
        int width = is_obeyed(c) ? 1 : utf8_columns(c);
        char bytes[4];
        if (at >= first && at + width <= last) {
            if (is_obeyed(c))
                fputc(' ', out);
            else
                fwrite(bytes, 1, utf8_put(c, bytes), out);
        }
        at += width;
    }
}

/* The column of the terminal at which the character of that byte stands. */
static int column_at(const char *line, size_t byte)
{
    const char *next = line;
    int at = 0, width = 0;

    while (next <= line + byte && *next) {
        uint32_t c = utf8_next(&next);
        at += width;
        width = is_obeyed(c) ? 1 : utf8_columns(c);
    }
    return next <= line + byte ? at + width : at;
}

/* The first column from there on at which a character begins. */
static int begin_at(const char *line, int column)
{
    int at = 0;

    while (at < column && *line) {
        uint32_t c = utf8_next(&line);
        at += is_obeyed(c) ? 1 : utf8_columns(c);
    }
    return at;
}

char *excerpt_format(const char *text, size_t bytes, int line, int column,
                     int width)
{
    char *row = line > 0 && column > 0 ? copy_line(text, bytes, line) : NULL;
    char *out = NULL;
    size_t size = 0;

    if (!row || (size_t)column > strlen(row) + 1) {
        free(row);
        return NULL;
    }
    int room = width - NUMBER_COLUMNS;
    int caret = column_at(row, (size_t)column - 1);
    int first = caret < room * 2 / 3 ? 0 : caret - room / 2;
    FILE *stream = open_memstream(&out, &size);
    if (stream) {
        first = begin_at(row, first);
        fprintf(stream, "%5d | ", line);
        print_part(row, first, first + room, stream);
        fprintf(stream, "\n      | %*s^\n", caret - first, "");
        if (fclose(stream) != 0) {
            free(out);
            out = NULL;
        }
    }
    free(row);
    return out;
}

static int terminal_width(void)
{
    struct winsize size = {0};

    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
        return WIDTH_DEFAULT;
    return size.ws_col > WIDTH_LEAST ? size.ws_col : WIDTH_LEAST;
}

void excerpt_tell(const struct problem *problem, const char *text, size_t bytes)
{
    tell_problem(problem);
    if (!isatty(STDERR_FILENO))
        return;
    char *excerpt = excerpt_format(text, bytes, problem->line, problem->column,
                                   terminal_width());
    if (excerpt)
        fputs(excerpt, stderr);
    free(excerpt);
}
