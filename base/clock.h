/* The clocks of the machine: the only place where they are read. */
#ifndef GAOSHI_BASE_CLOCK_H
#define GAOSHI_BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

int64_t clock_wall_ms(void);

/* CLOCK_MONOTONIC, for durations and timers. Nobody can set it. */
int64_t clock_monotonic_ms(void);

/* Whether a time service told the kernel that the wall clock is right
 * (adjtimex(2), STA_UNSYNC). It becomes false when somebody sets the clock by
 * hand, and when the time service gets no answer for a long time. */
bool clock_is_synchronised(void);

/* Minutes east of UTC at that time, in the time zone of this machine. */
int clock_utc_offset_minutes(int64_t wall_ms);

/* 2021-07-20 18:30+08:00 in the time zone of this machine; «-» for
 * TIMESTAMP_NONE. */
enum { CLOCK_MINUTE_BYTES = 23 };
void clock_format_minute(int64_t ms, char out[CLOCK_MINUTE_BYTES]);

#endif
