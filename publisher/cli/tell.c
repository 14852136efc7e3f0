/* Lines for the operator; the only place that writes to stderr. */
#include "publisher/cli/tell.h"

#include "base/escape.h"
#include "base/journal_stream.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

enum { LONG_WAY = 8, TEXT_BYTES = 1024 };

/* Back to the line's start, and empties it: no terminal, nothing. */
static void clear_progress(void)
{
    if (isatty(STDERR_FILENO))
        fputs("\r\033[K", stderr);
}

/* One line to the operator or the journal, whatever the text holds. */
static void print_line(enum journal_priority priority, const char *head,
                       const char *text)
{
    char line[ESCAPE_GROWTH * TEXT_BYTES];

    escape_text(text, line, sizeof line);
    clear_progress();
    fprintf(stderr, "%s%s%s\n", journal_prefix(priority), head, line);
}

void tell_line(const char *format, ...)
{
    char text[TEXT_BYTES];
    va_list list;

    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    print_line(JOURNAL_WARNING, "gaoshi-publish: ", text);
}

void tell_place(const char *place, const char *text)
{
    char whole[TEXT_BYTES];

    snprintf(whole, sizeof whole, "%s%s%s", place ? place : "",
             place ? ": " : "", text);
    print_line(JOURNAL_WARNING, "", whole);
}

void tell_problem(const struct problem *problem)
{
    char text[TEXT_BYTES];

    problem_format(problem, text, sizeof text);
    print_line(JOURNAL_ERROR, problem->place[0] ? "" : "gaoshi-publish: ",
               text);
}

void tell_result(const char *format, ...)
{
    char text[TEXT_BYTES], line[ESCAPE_GROWTH * TEXT_BYTES];
    va_list list;

    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    escape_text(text, line, sizeof line);
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
