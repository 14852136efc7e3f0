/* Writes lines to standard error with one write() each, so that lines of two
 * threads never mix. */
#include "base/log.h"

#include <errno.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/escape.h"
#include "base/translate.h"

enum {
    TEXT_BYTES = 1024,
    HEAD_BYTES = 64,
    LINE_BYTES = ESCAPE_GROWTH * TEXT_BYTES + HEAD_BYTES,
    ONCE_LINES = 16,
};

static enum log_level threshold = LOG_INFO;

static struct {
    bool on;
    size_t next; /* the oldest is overwritten first */
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

/* Threads of libraries write, too. */
static struct {
    pthread_mutex_t lock; /* guards both */
    unsigned count;
    char text[LOG_LAST_BYTES];
} last = {.lock = PTHREAD_MUTEX_INITIALIZER};

static void keep_last(const char *text)
{
    pthread_mutex_lock(&last.lock);
    last.count++;
    snprintf(last.text, sizeof last.text, "%.*s", LOG_LAST_BYTES - 1, text);
    pthread_mutex_unlock(&last.lock);
}

unsigned log_last(char out[LOG_LAST_BYTES])
{
    pthread_mutex_lock(&last.lock);
    unsigned count = last.count;
    memcpy(out, last.text, sizeof last.text);
    pthread_mutex_unlock(&last.lock);
    return count;
}

static pthread_once_t looked = PTHREAD_ONCE_INIT;
static bool goes_to_journal;

/* JOURNAL_STREAM (systemd.exec(5)) names the file that standard error was at
 * first. It is compared with what standard error is now, because a program
 * keeps the variable when its output is redirected. */
static void look_for_journal(void)
{
    const char *said = getenv("JOURNAL_STREAM");
    unsigned long long device, inode;
    struct stat status;
    char behind;

    goes_to_journal =
        said && sscanf(said, "%llu:%llu%c", &device, &inode, &behind) == 2 &&
        fstat(STDERR_FILENO, &status) == 0 && status.st_dev == device &&
        status.st_ino == inode;
}

void log_line(enum log_level level, const char *head, const char *text)
{
    /* Priorities of syslog(3), as sd-daemon(3) writes them. */
    static const char *const prefixes[] = {"<3>", "<4>", "<6>", "<7>"};
    char line[LINE_BYTES];

    pthread_once(&looked, look_for_journal);
    int length = snprintf(line, sizeof line, "%s%.40s",
                          goes_to_journal ? prefixes[level] : "", head);
    escape_text(text, line + length, sizeof line - (size_t)length - 1);
    size_t bytes = strlen(line);
    line[bytes++] = '\n';
    if (write(STDERR_FILENO, line, bytes) < 0)
        return; /* there is nowhere left to report it */
}

void log_write(enum log_level level, const char *format, ...)
{
    static const char *const heads[] = {N_("error: "), N_("warning: "),
                                        N_("info: "), N_("debug: ")};
    char text[TEXT_BYTES];
    va_list list;

    if (level > threshold)
        return;
    va_start(list, format);
    tr_format(text, sizeof text, format, list);
    va_end(list);
    if (once.on && was_said(text))
        return;
    if (level <= LOG_WARNING)
        keep_last(text);
    log_line(level, tr(heads[level]), text);
}

void log_problem(enum log_level level, const char *who,
                 const struct problem *problem)
{
    char text[768];

    problem_format(problem, text, sizeof text);
    log_write(level, "%s: %s", tr(who), text);
}

int log_finish_output(const char *head, int code)
{
    bool failed = ferror(stdout) != 0 || fflush(stdout) != 0;
    char text[160];

    /* EBADF: standard output was closed at the start, and nothing was printed.
     */
    failed = (fclose(stdout) != 0 && errno != EBADF) || failed;
    if (!failed)
        return code;
    snprintf(text, sizeof text, tr("standard output cannot be written: %s"),
             tr_error(errno));
    log_line(LOG_ERROR, head, text);
    return code == EXIT_SUCCESS ? EXIT_FAILURE : code;
}
