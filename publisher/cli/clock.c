/* Reads the clocks and the zone. */
#include "publisher/cli/clock.h"

#include "base/timestamp.h"
#include "protocol/limits.h"

#include <stdio.h>
#include <time.h>

static int64_t read_clock(clockid_t clock)
{
    struct timespec now;

    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t clock_wall_ms(void)
{
    return read_clock(CLOCK_REALTIME);
}

bool clock_check_set(struct problem *problem)
{
    int64_t now_ms = clock_wall_ms();
    char now[TIMESTAMP_BYTES];

    if (now_ms >= LIMIT_RELEASE_MS)
        return true;
    timestamp_format(now_ms, clock_utc_offset_minutes(now_ms), now);
    return problem_set(problem, PROBLEM_STALE,
                       "this machine's clock stands at %s: set it first", now);
}

int64_t clock_monotonic_ms(void)
{
    return read_clock(CLOCK_MONOTONIC);
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
