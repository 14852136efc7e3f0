/* A ring of refusals. */
#include "display/edge/net/inbox_refusals.h"

#include <stdio.h>

bool inbox_refusals_add(struct inbox_refusals *refusals, const char *topic,
                        const char *payload, size_t bytes,
                        const struct problem *problem)
{
    size_t at = (refusals->first + refusals->count) % INBOX_REFUSALS;
    struct inbox_refusal *refusal = &refusals->items[at];

    if (refusals->count == INBOX_REFUSALS) {
        refusals->untold++;
        return false;
    }
    snprintf(refusal->topic, sizeof refusal->topic, "%s", topic);
    envelope_digest(payload, bytes, refusal->digest);
    refusal->problem = *problem;
    return refusals->count++ == 0;
}

bool inbox_refusals_take(struct inbox_refusals *refusals,
                         struct inbox_refusal *out)
{
    if (refusals->count == 0)
        return false;
    *out = refusals->items[refusals->first];
    refusals->first = (refusals->first + 1) % INBOX_REFUSALS;
    refusals->count--;
    return true;
}
