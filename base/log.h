/* One line an event on stderr: level, place, text; for the journal its priority
 * before them. Text from outside is escaped. The only global state of the
 * program. */
#ifndef GAOSHI_BASE_LOG_H
#define GAOSHI_BASE_LOG_H

#include "base/problem.h"

enum log_level { LOG_ERROR, LOG_WARNING, LOG_INFO, LOG_DEBUG };

void log_set_level(enum log_level level);

/* While it is on, a line that was written since is not written again: a start
 * that is tried again and again tells each thing once. */
void log_set_once(bool on);

void log_write(enum log_level level, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* «place: problem; consequence» as one line. */
void log_problem(enum log_level level, const char *who,
                 const struct problem *problem);

#endif
