/* Reads the clocks of the kernel, for the loop and for nobody else. */
#include "base/clock.h"

#include <sys/timex.h>
#include <time.h>

#include "base/timestamp.h"

static int64_t read_ms(clockid_t clock)
{
    struct timespec now;

    clock_gettime(clock, &now); /* cannot fail for these two clocks */
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* A kernel that does not say so vouches for nothing. */
static bool is_synchronised(void)
{
    struct timex nothing_to_set = {.modes = 0};
    int state = adjtimex(&nothing_to_set);

    return state >= 0 && state != TIME_ERROR &&
           !(nothing_to_set.status & STA_UNSYNC);
}

struct timekeeper_reading clock_read(void)
{
    return (struct timekeeper_reading){
        .mono_ms = read_ms(CLOCK_MONOTONIC),
        .wall_ms = read_ms(CLOCK_REALTIME),
        .synchronised = is_synchronised(),
    };
}

int64_t clock_trusted_wall_ms(const struct moment *moment)
{
    return moment->wall_trusted ? moment->wall_ms : TIMESTAMP_NONE;
}
