/* Computes reconnects with back-off. */
#include "protocol/link/reconnect.h"

enum {
    STEP_FIRST_MS = 500, /* doubled after each round of failures */
    STEP_LAST_MS = 4000,
    /* Paho checks its own limit only every 3 s, and may look up a name before.
     */
    GIVE_UP_MS = 60000,
    STEADY_MS =
        5000, /* after a line that lasted this long, the back-off starts anew */
    UNSTEADY_LINES = 3,
    LIMIT_S = 4,
    /* The limit is doubled so often at most, and grows by the patience times
     * so much at most: 32 s with 10,000 screens, 4 s with few. */
    UNANSWERED_MAX = 3,
    PATIENCE_TIMES = 16,
    /* An attempt whose answer was lost delays the next one. If the last connect
     * was quick, the first rounds therefore wait for less time. Later rounds do
     * not, because a broker to which a thousand screens return is slow. */
    LIMIT_QUICK_S = 2,
    QUICK_MS = 1000,
    QUICK_ROUNDS = 3,
};

/* Between half of the span and all of it. */
static int64_t spread_ms(int64_t span_ms, uint16_t random)
{
    return span_ms / 2 + span_ms / 2 * random / UINT16_MAX;
}

static unsigned rounds(const struct reconnect *reconnect)
{
    return reconnect->failures / (unsigned)reconnect->broker_count;
}

static int64_t step_ms(const struct reconnect *reconnect)
{
    int64_t step = STEP_FIRST_MS;

    for (unsigned i = 1; i < rounds(reconnect) && step < STEP_LAST_MS; i++)
        step *= 2;
    return step;
}

/* A broker that was not tried in this round is tried at once. The interval
 * counts from the begin of the last attempt: an attempt that waited for seconds
 * has already left the broker alone for that long. */
static void schedule(struct reconnect *reconnect, int64_t now_ms,
                     uint16_t random)
{
    size_t count = reconnect->broker_count;

    reconnect->broker = (reconnect->broker + 1) % count;
    reconnect->next_ms = now_ms;
    if (reconnect->failures % count != 0)
        return;
    int64_t due_ms = reconnect->attempt_ms +
                     spread_ms(step_ms(reconnect), random);
    int64_t soonest_ms = now_ms + spread_ms(STEP_FIRST_MS, random);
    reconnect->next_ms = due_ms > soonest_ms ? due_ms : soonest_ms;
}

void reconnect_begin(struct reconnect *reconnect, int64_t now_ms)
{
    reconnect->attempt_ms = now_ms;
    reconnect->next_ms = now_ms + GIVE_UP_MS;
}

int reconnect_limit_s(const struct reconnect *reconnect)
{
    unsigned unanswered = reconnect->unanswered /
                          (unsigned)reconnect->broker_count;
    bool quick = reconnect->up_since_ms && reconnect->connect_ms <= QUICK_MS &&
                 rounds(reconnect) < QUICK_ROUNDS &&
                 (unanswered == 0 || reconnect->patience_ms == 0);

    if (quick)
        return LIMIT_QUICK_S;
    int doubled = LIMIT_S << (unanswered < UNANSWERED_MAX ? unanswered
                                                          : UNANSWERED_MAX);
    int64_t most = LIMIT_S + PATIENCE_TIMES * reconnect->patience_ms / 1000;
    return doubled < most ? doubled : (int)most;
}

void reconnect_up(struct reconnect *reconnect, int64_t now_ms)
{
    reconnect->up_since_ms = now_ms;
    reconnect->connect_ms = now_ms - reconnect->attempt_ms;
}

void reconnect_failed(struct reconnect *reconnect, int64_t now_ms,
                      uint16_t random)
{
    reconnect->failures++;
    schedule(reconnect, now_ms, random);
}

void reconnect_unanswered(struct reconnect *reconnect, int64_t now_ms,
                          uint16_t random)
{
    reconnect->unanswered++;
    reconnect_failed(reconnect, now_ms, random);
}

void reconnect_lost(struct reconnect *reconnect, int64_t now_ms,
                    uint16_t random)
{
    bool steady = now_ms - reconnect->up_since_ms >= STEADY_MS;

    reconnect->failures = steady ? 0 : reconnect->failures + 1;
    reconnect->short_lines = steady ? 0 : reconnect->short_lines + 1;
    if (steady)
        reconnect->unanswered = 0;
    schedule(reconnect, now_ms, random);
}

bool reconnect_is_unsteady(const struct reconnect *reconnect)
{
    return reconnect->short_lines >= UNSTEADY_LINES;
}
