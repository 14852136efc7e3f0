/* Reads the two clocks of the kernel, for the loop and for nobody else. */
#include "display/edge/clock.h"

#include <time.h>

#include "protocol/timestamp.h"

static int64_t read_ms(clockid_t clock)
{
    struct timespec now;

    clock_gettime(clock, &now); /* cannot fail for these two clocks */
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

struct moment clock_read(void)
{
    struct moment moment = {.mono_ms = read_ms(CLOCK_MONOTONIC),
                            .wall_ms = read_ms(CLOCK_REALTIME)};

    moment.wall_trusted = moment.wall_ms >= CLOCK_FLOOR_MS;
    moment.wall_confirmed = moment.wall_trusted;
    moment.floor_ms = TIMESTAMP_NONE;
    return moment;
}

int64_t clock_trusted_wall_ms(const struct moment *moment)
{
    return moment->wall_trusted ? moment->wall_ms : TIMESTAMP_NONE;
}
