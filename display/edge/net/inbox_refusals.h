/* What was refused at the inbox's door, until the loop tells it. Not locked:
 * part of the inbox. */
#ifndef GAOSHI_DISPLAY_INBOX_REFUSALS_H
#define GAOSHI_DISPLAY_INBOX_REFUSALS_H

#include "display/edge/net/inbox.h"

/* Zeroed is empty. */
struct inbox_refusals {
    struct inbox_refusal items[INBOX_REFUSALS]; /* a ring */
    size_t first, count;
    unsigned long untold; /* for which it had no room */
};

/* True: it is the first. */
bool inbox_refusals_add(struct inbox_refusals *refusals, const char *topic,
                        const char *payload, size_t bytes,
                        const struct problem *problem);

bool inbox_refusals_take(struct inbox_refusals *refusals,
                         struct inbox_refusal *out);

#endif
