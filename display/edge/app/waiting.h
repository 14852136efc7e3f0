/* How the loop sleeps: until an absolute moment, or until a message, the
 * window system, a signal or a changed clock wakes it. Never to poll. */
#ifndef GAOSHI_DISPLAY_WAITING_H
#define GAOSHI_DISPLAY_WAITING_H

#include "base/problem.h"

#include <stdint.h>

struct waiting {
    int signal_fd; /* the caller's, as the next three */
    int inbox_fd;
    int window_fd; /* -1: none, as the next */
    int tend_fd;   /* what window_tend looks at */
    int timer_fd;  /* CLOCK_MONOTONIC: the next deadline */
    int jump_fd;   /* CLOCK_REALTIME: readable when somebody sets the clock */
};

/* Blocks SIGINT and SIGTERM, for the threads to come as well, and gives them
 * to a descriptor. Call before anything starts a thread. -1: failed. */
int waiting_catch_signals(void);

/* Makes the timers; the other descriptors are set already. */
bool waiting_init(struct waiting *waiting, struct problem *problem);
void waiting_finish(struct waiting *waiting);

/* Returns at deadline_ms (CLOCK_MONOTONIC) or when something woke it. True: a
 * signal asks for the end. */
bool waiting_until(const struct waiting *waiting, int64_t deadline_ms,
                   int64_t now_ms);

#endif
