/* Reads the kernel's clocks and the time zone. */
#include "base/clock.h"

#include <stdio.h>
#include <sys/timex.h>
#include <time.h>

#include "base/timestamp.h"

static int64_t read_ms(clockid_t clock)
{
    struct timespec now;

    clock_gettime(clock, &now); /* cannot fail for these two clocks */
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t clock_wall_ms(void)
{
    return read_ms(CLOCK_REALTIME);
}

int64_t clock_monotonic_ms(void)
{
    return read_ms(CLOCK_MONOTONIC);
}

bool clock_is_synchronised(void)
{
    struct timex nothing_to_set = {.modes = 0};
    int state = adjtimex(&nothing_to_set);

    return state >= 0 && state != TIME_ERROR &&
           !(nothing_to_set.status & STA_UNSYNC);
}

int clock_utc_offset_minutes(int64_t wall_ms)
{
    time_t seconds = (time_t)(wall_ms / 1000);
    struct tm local;

    if (!localtime_r(&seconds, &local))
        return 0;
    return (int)(local.tm_gmtoff / 60);
}

void clock_format_minute(int64_t ms, char out[CLOCK_MINUTE_BYTES])
{
    char full[TIMESTAMP_BYTES];

    if (ms == TIMESTAMP_NONE) {
        snprintf(out, CLOCK_MINUTE_BYTES, "-");
        return;
    }
    timestamp_format(ms, clock_utc_offset_minutes(ms), full);
    snprintf(out, CLOCK_MINUTE_BYTES, "%.10s %.5s%.6s", full, full + 11,
             full + 19);
}
