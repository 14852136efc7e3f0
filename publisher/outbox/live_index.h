/* The signed indexes that list the live messages of a key, one for each scope
 * and one for all. From them a screen notices that a broker withholds a
 * message. */
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
    /* An index that the broker refused is not sent again, because it would be
     * refused again. */
    bool correcting;
    /* Of the waiting messages only these are listed: they are sent before the
     * index. */
    struct outbox_choice sent;
};

/* Within the outbox's transaction, after the messages: queues the index of each
 * scope, and that of all, if its contents have changed. If an index is full,
 * the oldest messages are left out, which is printed. */
bool live_index_queue(struct outbox *outbox,
                      const struct live_index_frame *frame,
                      struct problem *problem);

/* The topic of the key's index of a scope; false: no such scope or org. */
bool live_index_topic(const struct live_index_frame *frame, const char *scope,
                      char out[LIMIT_TOPIC_BYTES]);

#endif
