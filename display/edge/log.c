/* Writes log lines to stderr, one write a line, so that lines never mix. */
#include "display/edge/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static enum log_level threshold = LOG_INFO;

void log_set_level(enum log_level level)
{
    threshold = level;
}

static void escape_controls(char *text)
{
    for (; *text; text++) {
        unsigned char byte = (unsigned char)*text;
        if (byte < 0x20 || byte == 0x7F)
            *text = '?';
    }
}

void log_write(enum log_level level, const char *format, ...)
{
    static const char *const names[] = {"error", "warning", "info", "debug"};
    char line[1024];
    va_list list;

    if (level > threshold)
        return;
    int head = snprintf(line, sizeof line, "%s: ", names[level]);
    va_start(list, format);
    vsnprintf(line + head, sizeof line - (size_t)head - 1, format, list);
    va_end(list);
    escape_controls(line);
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
