/* The clocks of the machine: the only place where they are read. */
#ifndef GAOSHI_BASE_CLOCK_H
#define GAOSHI_BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

int64_t clock_wall_ms(void);

/* CLOCK_MONOTONIC as the kernel counts it, for durations and timers: nobody
 * sets it. */
int64_t clock_monotonic_ms(void);

/* The kernel was told by a time service that the wall clock is right
 * (adjtimex(2), STA_UNSYNC). Setting the clock by hand takes it back, and so
 * does a time service that was not heard for long. */
bool clock_is_synchronised(void);

/* Minutes east of UTC at that time, as this machine is set. */
int clock_utc_offset_minutes(int64_t wall_ms);

/* 2021-07-20 18:30+08:00, as this machine is set; TIMESTAMP_NONE: «-». */
enum { CLOCK_MINUTE_BYTES = 23 };
void clock_format_minute(int64_t ms, char out[CLOCK_MINUTE_BYTES]);

#endif
