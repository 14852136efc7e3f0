/* The only place where the display reads a clock. One reading a turn, handed
 * down to everything else. */
#ifndef GAOSHI_BASE_CLOCK_H
#define GAOSHI_BASE_CLOCK_H

#include "display/core/validation/timekeeper.h"

/* mono_ms is CLOCK_MONOTONIC as the kernel counts it, so that a timerfd can
 * be armed with it as it is. Synchronised is what the kernel was told by a
 * time service (adjtimex(2), STA_UNSYNC); setting the clock by hand takes it
 * back, and so does a time service that was not heard for long. */
struct timekeeper_reading clock_read(void);

/* The wall clock for what is shown and told: TIMESTAMP_NONE if not trusted. */
int64_t clock_trusted_wall_ms(const struct moment *moment);

#endif
