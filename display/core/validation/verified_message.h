/* The only way in for a message, over the line or out of the store: its
 * signature is verified once and its body is parsed once, here. Pure. */
#ifndef GAOSHI_DISPLAY_VERIFIED_MESSAGE_H
#define GAOSHI_DISPLAY_VERIFIED_MESSAGE_H

#include "display/core/validation/trust.h"
#include "protocol/message.h"
#include "protocol/topic.h"

#include <stddef.h>
#include <stdint.h>

/* A message that a key signed which may say this to this screen.
 * verified_message_init fills it in; zeroed it is empty. Any thread. */
struct verified_message {
    /* As it came; borrowed, so both must outlive this struct. */
    const char *topic_text;
    const char *payload;
    size_t bytes;
    struct topic topic;
    struct message *message; /* owned, with the id of the key that signed it;
                                NULL after the board has taken it */
    uint64_t body_hash;      /* slot_hash: tells a copy from another body */
};

/* Reads the topic and verifies the signature. Only then parses the body, and
 * checks that body and topic agree, that this screen is addressed, and that
 * the key may say this. False: problem says why, *out is untouched. */
bool verified_message_init(struct verified_message *out,
                           const struct trust *trust, const char *topic,
                           const char *payload, size_t bytes,
                           struct problem *problem);

/* NULL or zeroed: nothing. */
void verified_message_finish(struct verified_message *verified);

/* An estimate of the memory that the parsed message takes. */
size_t verified_message_memory_bytes(const struct verified_message *verified);

#endif
