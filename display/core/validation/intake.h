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
 * authentic_create makes one, and nothing changes it. Any thread. */
struct authentic;

/* Judges as intake_open does, and copies topic and payload. The caller owns
 * *out. False: problem says why. */
bool authentic_create(const struct trust *trust, const char *topic,
                      const char *payload, size_t bytes, struct authentic **out,
                      struct problem *problem);
void authentic_destroy(struct authentic *authentic); /* NULL: nothing */

const char *authentic_topic(const struct authentic *authentic);
const char *authentic_payload(const struct authentic *authentic);
size_t authentic_bytes(const struct authentic *authentic); /* of the payload */
int64_t authentic_seq(const struct authentic *authentic);

/* Opens it again, without another look at the signature: what a signature says
 * does not change, but whom the screen believes may have. */
bool intake_reopen(const struct trust *trust, const struct authentic *authentic,
                   struct intake *out, struct problem *problem);

#endif
