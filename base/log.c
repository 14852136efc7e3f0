/* Writes log lines to stderr, one write a line, so that lines never mix. */
#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/escape.h"
#include "base/journal_stream.h"

enum {
    TEXT_BYTES = 1024,
    LINE_BYTES = ESCAPE_GROWTH * TEXT_BYTES,
    ONCE_LINES = 16,
};

static enum log_level threshold = LOG_INFO;

static struct {
    bool on;
    size_t next; /* the oldest goes first */
    char texts[ONCE_LINES][TEXT_BYTES];
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

static bool was_said(const char *text)
{
    for (size_t i = 0; i < ONCE_LINES; i++) {
        if (strcmp(once.texts[i], text) == 0)
            return true;
    }
    snprintf(once.texts[once.next], TEXT_BYTES, "%s", text);
    once.next = (once.next + 1) % ONCE_LINES;
    return false;
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
    char text[TEXT_BYTES], line[LINE_BYTES];
    va_list list;

    if (level > threshold)
        return;
    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    if (once.on && was_said(text))
        return;
    int head = snprintf(line, sizeof line,
                        "%s%s: ", journal_prefix(levels[level].priority),
                        levels[level].name);
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
