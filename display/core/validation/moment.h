/* When something happens on a screen. Pure. */
#ifndef GAOSHI_DISPLAY_MOMENT_H
#define GAOSHI_DISPLAY_MOMENT_H

#include "base/timestamp.h"

#include <stdbool.h>
#include <stdint.h>

/* One reading of the clocks, taken once a turn; the timekeeper says how far it
 * can be trusted. mono_ms starts anew at every start of the program, so nothing
 * that outlives a restart may store it. */
struct moment {
    int64_t mono_ms;     /* never goes back */
    int64_t wall_ms;     /* UTC */
    bool wall_trusted;   /* false: 1970, before a jump was explained */
    bool wall_confirmed; /* trusted, and somebody else vouched for it */
    int64_t floor_ms;    /* UTC that has surely passed; or TIMESTAMP_NONE */
    /* UTC as a signed tick told it that came over the line since the start; 0:
     * none did. It goes on with the monotonic clock. */
    int64_t told_ms;
};

/* The wall clock for what is shown and told; TIMESTAMP_NONE if it is not
 * trusted. */
static inline int64_t moment_trusted_wall_ms(const struct moment *moment)
{
    return moment->wall_trusted ? moment->wall_ms : TIMESTAMP_NONE;
}

/* UTC that has surely passed: a trusted wall clock, else the floor; or
 * TIMESTAMP_NONE. */
static inline int64_t moment_passed_ms(const struct moment *moment)
{
    return moment->wall_trusted ? moment->wall_ms : moment->floor_ms;
}

#endif
