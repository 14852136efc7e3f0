/* The gate of road 1: from a topic and raw bytes to a message that is
 * authentic, well formed and meant for this screen. Pure. */
#ifndef GAOSHI_DISPLAY_INTAKE_H
#define GAOSHI_DISPLAY_INTAKE_H

#include "display/core/validation/trust.h"
#include "protocol/envelope.h"
#include "protocol/message.h"
#include "protocol/scope.h"
#include "protocol/topic.h"

struct intake {
    struct topic topic;
    struct message *message; /* owned by whoever called intake_open */
    uint64_t body_hash;
};

/* Reads the topic, verifies the raw bytes, only then parses them, and checks
 * that the key may say this, that body and topic agree, and that the screen
 * is meant. False: problem says why, *out is untouched. */
bool intake_open(const struct trust *trust, const char *topic,
                 const char *payload, size_t bytes, struct intake *out,
                 struct problem *problem);

/* A message that intake_open found good, with its topic: nothing but
 * verified_message_create makes one, and nothing changes it. Any thread. */
struct verified_message;

/* Judges as intake_open does, and copies topic and payload. The caller owns
 * *out. False: problem says why. */
bool verified_message_create(const struct trust *trust, const char *topic,
                             const char *payload, size_t bytes,
                             struct verified_message **out,
                             struct problem *problem);
void verified_message_destroy(
    struct verified_message *authentic); /* NULL: nothing */

const char *verified_message_topic(const struct verified_message *authentic);
const char *verified_message_payload(const struct verified_message *authentic);
size_t verified_message_bytes(
    const struct verified_message *authentic); /* of the payload */
int64_t verified_message_seq(const struct verified_message *authentic);

/* Opens it again, without another look at the signature: what a signature says
 * does not change, but whom the screen believes may have. */
bool intake_reopen(const struct trust *trust,
                   const struct verified_message *authentic, struct intake *out,
                   struct problem *problem);

#endif
