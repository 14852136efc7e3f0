/* Wakes Paho's sending thread. A request that is queued in the moment when
 * that thread looked at its queue for the last time and falls asleep is left
 * there for a second (1.3.12: a condition without a predicate). Any further
 * request wakes it; one to unsubscribe from nothing changes nothing. */
#include "protocol/link/link_state.h"

enum {
    NUDGE_FIRST_MS = 10, /* a broker near by answers within one */
    NUDGE_LAST_MS = 1000,
};

/* A filter that nobody subscribes to. */
#define NUDGE_FILTER "gaoshi/nudge"

void nudge_expect(struct link *link)
{
    link->nudge_step_ms = NUDGE_FIRST_MS;
    link->nudge_ms = link_now_ms() + NUDGE_FIRST_MS;
}

bool nudge_is_wanted(const struct link *link)
{
    return link->state == LINE_UP &&
           (link->pending.first || link->subscribing > 0);
}

/* Ever more seldom: a slow broker is not to be flooded. */
void nudge_paho(struct link *link)
{
    MQTTAsync_responseOptions response = MQTTAsync_responseOptions_initializer;

    if (link->nudge_step_ms < NUDGE_LAST_MS)
        link->nudge_step_ms *= 2;
    link->nudge_ms = link_now_ms() + link->nudge_step_ms;
    pthread_mutex_unlock(&link->lock);
    MQTTAsync_unsubscribe(link->client, NUDGE_FILTER, &response);
    pthread_mutex_lock(&link->lock);
}
