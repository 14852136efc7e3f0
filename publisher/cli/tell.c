/* Prints lines for the operator. */
#include "publisher/cli/tell.h"

#include "base/escape.h"
#include "base/language.h"
#include "base/log.h"
#include "base/translate.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LONG_WAY = 8, TEXT_BYTES = 1024 };

bool tell_can_overwrite(void)
{
    const char *kind = getenv("TERM");

    return isatty(STDERR_FILENO) && kind && strcmp(kind, "dumb") != 0;
}

/* Clears the progress line on a terminal. */
static void clear_progress(void)
{
    if (tell_can_overwrite())
        fputs("\r\033[K", stderr);
}

static void print_line(enum log_level level, const char *head, const char *text)
{
    clear_progress();
    log_line(level, head, text);
}

void tell_line(const char *format, ...)
{
    char text[TEXT_BYTES];
    va_list list;

    va_start(list, format);
    tr_format(text, sizeof text, format, list);
    va_end(list);
    print_line(LOG_WARNING, "gaoshi-publish: ", text);
}

void tell_place(const char *place, const char *text)
{
    char whole[TEXT_BYTES];

    snprintf(whole, sizeof whole, "%s%s%s", place ? place : "",
             place ? ": " : "", tr(text));
    print_line(LOG_WARNING, "", whole);
}

void tell_problem(const struct problem *problem)
{
    char text[TEXT_BYTES];

    problem_format(problem, text, sizeof text);
    print_line(LOG_ERROR, problem->place[0] ? "" : "gaoshi-publish: ", text);
}

void tell_result(const char *format, ...)
{
    char text[TEXT_BYTES], line[ESCAPE_GROWTH * TEXT_BYTES];
    va_list list;

    va_start(list, format);
    tr_format(text, sizeof text, format, list);
    va_end(list);
    escape_text(text, line, sizeof line);
    clear_progress();
    printf("%s\n", line);
    fflush(stdout);
}

void tell_json(json_t *object)
{
    size_t form = JSON_COMPACT | JSON_PRESERVE_ORDER |
                  (escape_is_ascii() ? JSON_ENSURE_ASCII : 0);
    char *text = object ? json_dumps(object, form) : NULL;
    char *shown = text && isatty(STDOUT_FILENO) ? escape_copy(text) : NULL;

    json_decref(object);
    if (text)
        puts(shown ? shown : text);
    else
        tell_line("out of memory");
    fflush(stdout);
    free(shown);
    free(text);
}

json_t *tell_problem_object(const struct problem *problem)
{
    return json_pack("{s:i, s:i, s:s, s:s, s:s}", "line", problem->line,
                     "column", problem->column, "code",
                     problem_code_name(problem->code), "field", problem->field,
                     "expected", problem->expected);
}

bool tell_has_progress(size_t total)
{
    return total > LONG_WAY && tell_can_overwrite();
}

void tell_progress(const char *what, size_t done, size_t total)
{
    if (!tell_has_progress(total))
        return;
    clear_progress();
    language_print(stderr, N_("%s %zu of %zu"), tr(what), done, total);
    if (done == total)
        fputc('\n', stderr);
    fflush(stderr);
}
