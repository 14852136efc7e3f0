/* Compares the clock with the release of the program. */
#include "publisher/cli/clock.h"

#include "base/timestamp.h"
#include "protocol/limits.h"

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
