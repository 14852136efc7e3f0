/* The clocks of the operator's machine. */
#ifndef GAOSHI_PUBLISHER_CLOCK_H
#define GAOSHI_PUBLISHER_CLOCK_H

#include "base/problem.h"

#include <stdbool.h>
#include <stdint.h>

int64_t clock_wall_ms(void);

/* False, told: the wall clock stands before the release of this program, so
 * nobody set it, and no time may be signed by it. */
bool clock_check_set(struct problem *problem);

/* For durations: no one sets it. */
int64_t clock_monotonic_ms(void);

/* Minutes east of UTC at that time, as this machine is set. */
int clock_utc_offset_minutes(int64_t wall_ms);

/* 2021-07-20 18:30+08:00, as this machine is set; TIMESTAMP_NONE: «-». */
enum { CLOCK_MINUTE_BYTES = 23 };
void clock_format_minute(int64_t ms, char out[CLOCK_MINUTE_BYTES]);

#endif
