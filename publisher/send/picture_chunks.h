/* The chunks of pictures among the messages that a command sends. */
#ifndef GAOSHI_PUBLISHER_PICTURE_CHUNKS_H
#define GAOSHI_PUBLISHER_PICTURE_CHUNKS_H

#include "publisher/outbox/outbox.h"
#include "publisher/send/deliveries.h"

/* Adds the chunks that the broker does not have yet, or (again) of every
 * picture that a live panel names; and for a picture that none names any more
 * the empty messages that take its chunks off the broker. */
bool picture_chunks_add(struct deliveries *deliveries, struct outbox *outbox,
                        const char *org, int64_t now_ms, bool again,
                        struct problem *problem);

/* Notes in the outbox which pictures the broker has, or has no more. Returns
 * how many are not settled. */
size_t picture_chunks_settle(const struct deliveries *deliveries,
                             struct outbox *outbox, const char *org);

#endif
