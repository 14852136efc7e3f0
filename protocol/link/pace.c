/* How soon a line is tried again, and how long an attempt may take. */
#include "protocol/link/link_state.h"

#include <sys/random.h>

enum {
    STEP_FIRST_MS = 500, /* doubled after each round of failures */
    STEP_LAST_MS = 4000,
    LIMIT_S = 4,
    /* An attempt whose answer went astray holds up the next one: where the
     * last connect was quick, the first rounds wait for less. No more of
     * them: a broker that a thousand screens come back to is slow as well. */
    LIMIT_BRISK_S = 2,
    BRISK_MS = 1000,
    BRISK_ROUNDS = 3,
};

/* Between half of it and all of it, so that a thousand screens do not come
 * back in the same moment. */
static int64_t spread_ms(int64_t span_ms)
{
    uint16_t random = 0;

    if (getrandom(&random, sizeof random, GRND_NONBLOCK) < 0)
        random = 0;
    return span_ms / 2 + span_ms / 2 * random / UINT16_MAX;
}

static unsigned rounds(const struct link *link)
{
    return link->failures / (unsigned)link->options.broker_count;
}

int64_t pace_step_ms(const struct link *link)
{
    int64_t step = STEP_FIRST_MS;

    for (unsigned i = 1; i < rounds(link) && step < STEP_LAST_MS; i++)
        step *= 2;
    return spread_ms(step);
}

int64_t pace_least_ms(void)
{
    return spread_ms(STEP_FIRST_MS);
}

int pace_limit_s(const struct link *link)
{
    bool brisk = link->up_since_ms && link->connect_ms <= BRISK_MS &&
                 rounds(link) < BRISK_ROUNDS;

    return brisk ? LIMIT_BRISK_S : LIMIT_S;
}
