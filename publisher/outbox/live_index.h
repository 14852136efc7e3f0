/* The signed index of what a key has live, in each scope and over all: what
 * lets a screen find out that a broker withholds something. */
#ifndef GAOSHI_PUBLISHER_LIVE_INDEX_H
#define GAOSHI_PUBLISHER_LIVE_INDEX_H

#include "protocol/key.h"
#include "protocol/limits.h"
#include "publisher/outbox/outbox.h"

struct live_index_frame {
    const char *org;
    const struct key *key;
    int64_t now_ms;
    int utc_offset_minutes;
    /* Only what reached the broker is said anew: it refuses the rest again. */
    bool correcting;
    /* Of what still waits only these are listed: they go before the index. */
    struct outbox_choice sent;
};

/* Within the outbox's transaction, after the messages: queues the index of
 * each scope, and that of all, where it would say something else than the one
 * that was signed last. The limits of an index hold; what is left out, the
 * oldest, is told. */
bool live_index_queue(struct outbox *outbox,
                      const struct live_index_frame *frame,
                      struct problem *problem);

/* The topic of the key's index of a scope; false: no such scope or org. */
bool live_index_topic(const struct live_index_frame *frame, const char *scope,
                      char out[LIMIT_TOPIC_BYTES]);

#endif
