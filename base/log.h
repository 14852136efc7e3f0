/* Log lines on standard error, for both programs. This is the only global state
 * of a program. */
#ifndef GAOSHI_BASE_LOG_H
#define GAOSHI_BASE_LOG_H

#include "base/problem.h"

enum log_level { LOG_ERROR, LOG_WARNING, LOG_INFO, LOG_DEBUG };

void log_set_level(enum log_level level);

/* While it is on, a line that was already written since then is not written
 * again, so that repeated attempts to start report each thing once. */
void log_set_once(bool on);

/* Writes head and the escaped text (escape.h) as one line in a single write.
 * For the systemd journal the line begins with its priority, such as «<3>». */
void log_line(enum log_level level, const char *head, const char *text);

/* log_line with the level's name as its head, unless the level is below the
 * threshold. */
void log_write(enum log_level level, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The text of the last warning or error that was written, "" for none, and how
 * many there were so far; from any thread. */
enum { LOG_LAST_BYTES = 240 };
unsigned log_last(char out[LOG_LAST_BYTES]);

/* «place: problem; consequence» as one line. */
void log_problem(enum log_level level, const char *who,
                 const struct problem *problem);

/* Closes standard output at the end of a program and returns its exit code. If
 * the output could not be written, prints one line that begins with head and
 * returns EXIT_FAILURE in place of success. */
int log_finish_output(const char *head, int code);

#endif
