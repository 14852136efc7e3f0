/* The only place where the display reads a clock. One reading a turn, handed
 * down to everything else. */
#ifndef GAOSHI_DISPLAY_CLOCK_H
#define GAOSHI_DISPLAY_CLOCK_H

#include "display/core/board.h"

/* No wall clock of a healthy board stands before the release of this
 * program: 2026-01-01T00:00Z. A board without a battery starts in 1970. */
#define CLOCK_FLOOR_MS INT64_C(1767225600000)

/* mono_ms is CLOCK_MONOTONIC as the kernel counts it, so that a timerfd can
 * be armed with it as it is. wall_trusted is false below CLOCK_FLOOR_MS. */
struct moment clock_read(void);

/* The wall clock for what is shown and told: TIMESTAMP_NONE if not trusted. */
int64_t clock_trusted_wall_ms(const struct moment *moment);

#endif
