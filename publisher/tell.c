/* Lines for the operator; the only place that writes to stderr. */
#include "publisher/tell.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

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
    fprintf(stderr, "gaoshi-publish: %s\n", line);
}

void tell_problem(const struct problem *problem)
{
    char line[1024];

    problem_format(problem, line, sizeof line);
    /* A place at the line's start lets editors jump to it. */
    if (problem->place[0])
        fprintf(stderr, "%s\n", line);
    else
        tell_line("%s", line);
}

void tell_progress(const char *what, size_t done, size_t total)
{
    if (!isatty(STDERR_FILENO))
        return;
    fprintf(stderr, "\r%s %zu of %zu%s", what, done, total,
            done == total ? "\n" : "");
    fflush(stderr);
}
