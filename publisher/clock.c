/* Reads the clocks and the zone. */
#include "publisher/clock.h"

#include "protocol/limits.h"
#include "protocol/timestamp.h"

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
