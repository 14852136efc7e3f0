/* The heartbeat command and its ticks. */
#ifndef GAOSHI_PUBLISHER_HEARTBEAT_H
#define GAOSHI_PUBLISHER_HEARTBEAT_H

#include "publisher/outbox/live_index.h"

enum { HEARTBEAT_EVERY_S = 30 };

struct heartbeat_tick {
    char topic[LIMIT_TOPIC_BYTES];
    char *payload; /* signed, NUL-terminated; the caller frees it */
    size_t bytes;
};

/* The newest index of all and the newest list of keys that the broker
 * confirmed; 0: none. */
struct heartbeat_known {
    int64_t index_seq;
    int64_t keys_seq;
    size_t screens; /* of the inventory; 0: not known */
};

/* Makes a tick with the next sequence number, which contains the numbers of the
 * newest confirmed index and list of keys. *known keeps both between ticks:
 * while a newer one waits, the tick contains the last confirmed one. every_s 0:
 * the tick promises no other one. False also if the machine's clock is not set,
 * because screens compare their clocks with ticks. */
bool heartbeat_make_tick(struct outbox *outbox,
                         const struct live_index_frame *frame, int every_s,
                         struct heartbeat_known *known,
                         struct heartbeat_tick *out, struct problem *problem);

#endif
