/* The present time on a screen. Pure. */
#ifndef GAOSHI_DISPLAY_MOMENT_H
#define GAOSHI_DISPLAY_MOMENT_H

#include "base/timestamp.h"

#include <stdbool.h>
#include <stdint.h>

/* One reading of the clocks, taken once a turn, with the timekeeper's verdict.
 * mono_ms begins anew at every start of the program, so nothing that outlives a
 * restart may store it. */
struct moment {
    int64_t mono_ms; /* never goes back */
    int64_t wall_ms; /* UTC */
    /* false: never set, or it jumped for an unknown reason */
    bool wall_trusted;
    bool wall_confirmed; /* trusted, and a second source agrees */
    int64_t floor_ms;    /* the floor: a UTC time that has surely passed, or
                            TIMESTAMP_NONE */
    /* UTC by the newest signed tick that arrived live since the start, carried
     * on by the monotonic clock; 0: none arrived. */
    int64_t told_ms;
};

/* The wall clock for display and reports; TIMESTAMP_NONE if it is not trusted.
 */
static inline int64_t moment_trusted_wall_ms(const struct moment *moment)
{
    return moment->wall_trusted ? moment->wall_ms : TIMESTAMP_NONE;
}

/* A UTC time that has surely passed: a trusted wall clock, otherwise the floor;
 * or TIMESTAMP_NONE. */
static inline int64_t moment_passed_ms(const struct moment *moment)
{
    return moment->wall_trusted ? moment->wall_ms : moment->floor_ms;
}

#endif
