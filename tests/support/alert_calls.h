/* The system calls of a display between the arrival of an alert and the
 * request that puts its frame on the glass, as strace wrote them. */
#ifndef GAOSHI_TESTS_SUPPORT_ALERT_CALLS_H
#define GAOSHI_TESTS_SUPPORT_ALERT_CALLS_H

#include <stdbool.h>

struct bench_fixture;

/* Whether somebody may trace here: strace is installed and allowed. */
bool alert_calls_are_counted(void);

/* Starts the display of the fixture anew under strace, lets its page stand for
 * so long, raises an alert whose characters were never drawn, ends it, and
 * after as long a rest raises another with the same characters. What it counts
 * are the calls of all threads after the one that read the message from the
 * socket, up to the first MIT-SHM request to the X server. The display is
 * stopped. False: one of the two did not come, or the trace tells nothing. */
bool alert_calls_count(struct bench_fixture *bench, double rest_ms, int *cold,
                       int *warm);

#endif
