/* Writes log lines to stderr, one write a line, so that lines never mix. */
#include "display/edge/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "protocol/link/journal_stream.h"

enum { LINE_BYTES = 1024, ONCE_LINES = 16 };

static enum log_level threshold = LOG_INFO;

static struct {
    bool on;
    size_t next; /* the oldest goes first */
    char lines[ONCE_LINES][LINE_BYTES];
} once;

void log_set_level(enum log_level level)
{
    threshold = level;
}

void log_set_once(bool on)
{
    if (on != once.on)
        memset(&once, 0, sizeof once);
    once.on = on;
}

static bool was_said(const char *line)
{
    for (size_t i = 0; i < ONCE_LINES; i++) {
        if (strcmp(once.lines[i], line) == 0)
            return true;
    }
    snprintf(once.lines[once.next], LINE_BYTES, "%s", line);
    once.next = (once.next + 1) % ONCE_LINES;
    return false;
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
    static const struct {
        const char *name;
        enum journal_priority priority;
    } levels[] = {{"error", JOURNAL_ERROR},
                  {"warning", JOURNAL_WARNING},
                  {"info", JOURNAL_INFO},
                  {"debug", JOURNAL_DEBUG}};
    char line[LINE_BYTES];
    va_list list;

    if (level > threshold)
        return;
    int head = snprintf(line, sizeof line,
                        "%s%s: ", journal_prefix(levels[level].priority),
                        levels[level].name);
    va_start(list, format);
    vsnprintf(line + head, sizeof line - (size_t)head - 1, format, list);
    va_end(list);
    escape_controls(line);
    if (once.on && was_said(line))
        return;
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
