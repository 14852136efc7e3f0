/* Writes log lines to stderr, one write a line, so that lines never mix. */
#include "display/edge/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "protocol/escape.h"

static enum log_level threshold = LOG_INFO;

void log_set_level(enum log_level level)
{
    threshold = level;
}

enum { TEXT_BYTES = 1024 };

void log_write(enum log_level level, const char *format, ...)
{
    static const char *const names[] = {"error", "warning", "info", "debug"};
    char text[TEXT_BYTES], line[ESCAPE_GROWTH * TEXT_BYTES];
    va_list list;

    if (level > threshold)
        return;
    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    int head = snprintf(line, sizeof line, "%s: ", names[level]);
    escape_text(text, line + head, sizeof line - (size_t)head - 1);
    size_t length = strlen(line);
    line[length++] = '\n';
    if (write(STDERR_FILENO, line, length) < 0)
        return; /* nobody is left to be told */
}

void log_problem(enum log_level level, const char *who,
                 const struct problem *problem)
{
    char text[768];

    problem_format(problem, text, sizeof text);
    log_write(level, "%s: %s", who, text);
}
