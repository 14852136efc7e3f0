/* When something happens on a screen. Pure. */
#ifndef GAOSHI_DISPLAY_MOMENT_H
#define GAOSHI_DISPLAY_MOMENT_H

#include <stdbool.h>
#include <stdint.h>

/* One reading of the clocks, taken once a turn; the timekeeper says what it is
 * worth. mono_ms is another one after every start: nothing that is kept may
 * hold it. */
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
int64_t moment_trusted_wall_ms(const struct moment *moment);

/* UTC that has surely passed: a trusted wall clock, else the floor; or
 * TIMESTAMP_NONE. */
int64_t moment_passed_ms(const struct moment *moment);

#endif
