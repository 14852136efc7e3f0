/* One signed tick: what it says and how it is made. */
#ifndef GAOSHI_PUBLISHER_HEARTBEAT_H
#define GAOSHI_PUBLISHER_HEARTBEAT_H

#include "publisher/outbox/live_index.h"

enum { HEARTBEAT_EVERY_S = 30 };

struct heartbeat_tick {
    char topic[LIMIT_TOPIC_BYTES];
    char *payload; /* signed, NUL behind it; the caller's */
    size_t bytes;
};

/* The newest index of all and the newest list of keys that the broker
 * confirmed; 0: none. */
struct heartbeat_known {
    int64_t index_seq;
    int64_t keys_seq;
};

/* Takes a sequence number of the outbox, and names what the outbox knows.
 * *known remembers it, for the moments in which something newer is on its way.
 * every_s 0: promises no other tick.
 * False also while the machine's clock is not set: screens take a tick for a
 * word about the time. */
bool heartbeat_make_tick(struct outbox *outbox,
                         const struct live_index_frame *frame, int every_s,
                         struct heartbeat_known *known,
                         struct heartbeat_tick *out, struct problem *problem);

#endif
