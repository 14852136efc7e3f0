/* Lines on standard error, for both programs. The only global state of a
 * program. */
#ifndef GAOSHI_BASE_LOG_H
#define GAOSHI_BASE_LOG_H

#include "base/problem.h"

enum log_level { LOG_ERROR, LOG_WARNING, LOG_INFO, LOG_DEBUG };

void log_set_level(enum log_level level);

/* While it is on, a line that was written since is not written again: a start
 * that is tried again and again tells each thing once. */
void log_set_once(bool on);

/* One line: head, and the text escaped (escape.h), in a single write. For the
 * journal of systemd its priority stands before them: «<3>» would be noise
 * anywhere else. */
void log_line(enum log_level level, const char *head, const char *text);

/* log_line with the level's name as its head, if the level is told. */
void log_write(enum log_level level, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* «place: problem; consequence» as one line. */
void log_problem(enum log_level level, const char *who,
                 const struct problem *problem);

/* Closes standard output at the end of a program. Returns its exit code: the
 * given one, or EXIT_FAILURE in place of success when what was printed did not
 * arrive, which one line after head says. */
int log_finish_output(const char *head, int code);

#endif
