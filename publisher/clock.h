/* The clocks of the operator's machine. */
#ifndef GAOSHI_PUBLISHER_CLOCK_H
#define GAOSHI_PUBLISHER_CLOCK_H

#include <stdint.h>

int64_t clock_wall_ms(void);

/* For durations: no one sets it. */
int64_t clock_monotonic_ms(void);

/* Minutes east of UTC at that time, as this machine is set. */
int clock_utc_offset_minutes(int64_t wall_ms);

#endif
