/* The only way in for a message, from the broker or from the store: its
 * signature is verified once and its body is parsed once, here. Pure. */
#ifndef GAOSHI_DISPLAY_VERIFIED_MESSAGE_H
#define GAOSHI_DISPLAY_VERIFIED_MESSAGE_H

#include "display/core/validation/trust.h"
#include "protocol/message.h"
#include "protocol/topic.h"

#include <stddef.h>
#include <stdint.h>

/* A message signed by a key that has the right to it on this screen.
 * verified_message_init fills it; zeroed it is empty. May be used on any
 * thread. */
struct verified_message {
    /* As it arrived; borrowed, so both must outlive this struct. */
    const char *topic_text;
    const char *payload;
    size_t bytes;
    struct topic topic;
    struct message *message; /* owned, with the id of the key that signed it;
                                NULL after the board has taken it */
    uint64_t body_hash;      /* slot_hash of the body: equal for a copy */
};

/* Reads the topic and verifies the signature. Then parses the body and checks
 * that body and topic agree, that this screen is addressed, and that the key
 * has the right to the message. False: problem says why, *out is unchanged. */
bool verified_message_init(struct verified_message *out,
                           const struct trust *trust, const char *topic,
                           const char *payload, size_t bytes,
                           struct problem *problem);

/* NULL or zeroed: nothing. */
void verified_message_finish(struct verified_message *verified);

/* An estimate of the memory that the parsed message takes. */
size_t verified_message_memory_bytes(const struct verified_message *verified);

#endif
