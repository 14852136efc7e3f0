/* Lines for the operator; the only place that writes to stderr. */
#include "publisher/tell.h"

#include "protocol/link/journal_stream.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

enum { LONG_WAY = 8 };

/* Back to the line's start, and empties it: no terminal, nothing. */
static void clear_progress(void)
{
    if (isatty(STDERR_FILENO))
        fputs("\r\033[K", stderr);
}

static void escape_controls(char *text)
{
    for (; *text; text++) {
        unsigned char byte = (unsigned char)*text;
        if (byte < 0x20 || byte == 0x7F)
            *text = '?';
    }
}

void tell_line(const char *format, ...)
{
    char line[1024];
    va_list list;

    va_start(list, format);
    vsnprintf(line, sizeof line, format, list);
    va_end(list);
    escape_controls(line);
    clear_progress();
    fprintf(stderr, "%sgaoshi-publish: %s\n", journal_prefix(JOURNAL_WARNING),
            line);
}

void tell_place(const char *place, const char *text)
{
    char line[1024];

    snprintf(line, sizeof line, "%s%s%s", place ? place : "", place ? ": " : "",
             text);
    escape_controls(line);
    clear_progress();
    fprintf(stderr, "%s%s\n", journal_prefix(JOURNAL_WARNING), line);
}

void tell_problem(const struct problem *problem)
{
    char line[1024];

    problem_format(problem, line, sizeof line);
    escape_controls(line);
    clear_progress();
    fprintf(stderr, "%s%s%s\n", journal_prefix(JOURNAL_ERROR),
            problem->place[0] ? "" : "gaoshi-publish: ", line);
}

void tell_result(const char *format, ...)
{
    char line[1024];
    va_list list;

    va_start(list, format);
    vsnprintf(line, sizeof line, format, list);
    va_end(list);
    escape_controls(line);
    clear_progress();
    printf("%s\n", line);
    fflush(stdout);
}

bool tell_has_progress(size_t total)
{
    return total > LONG_WAY && isatty(STDERR_FILENO);
}

void tell_progress(const char *what, size_t done, size_t total)
{
    if (!tell_has_progress(total))
        return;
    clear_progress();
    fprintf(stderr, "%s %zu of %zu%s", what, done, total,
            done == total ? "\n" : "");
    fflush(stderr);
}
