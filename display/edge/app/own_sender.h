/* Signs messages that this process makes itself, in a rehearsal, with a key
 * that exists in memory only. They take the road of any message: they are
 * verified, compared with what is known, and accepted or refused. */
#ifndef GAOSHI_DISPLAY_OWN_SENDER_H
#define GAOSHI_DISPLAY_OWN_SENDER_H

#include "protocol/key_ring.h"
#include "protocol/scope.h"

#include <jansson.h>
#include <stdint.h>

struct own_sender;

/* Adds the new key to the ring with these roles (enum key_role). The identity
 * is borrowed; messages are addressed to this screen alone. */
bool own_sender_create(struct key_ring *ring,
                       const struct screen_identity *identity, unsigned roles,
                       struct own_sender **out, struct problem *problem);
void own_sender_destroy(struct own_sender *sender); /* NULL: nothing */

struct own_message {
    char topic[LIMIT_TOPIC_BYTES];
    char *payload;
    size_t bytes;
};

/* Sets org, scope, seq and issued of the body, as the publisher does, and signs
 * it. The sequence number is the time, or one more than the last. The caller
 * frees out->payload. */
bool own_sender_seal(struct own_sender *sender, json_t *body, int64_t wall_ms,
                     struct own_message *out, struct problem *problem);

#endif
