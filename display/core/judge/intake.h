/* The gate of road 1: from a topic and raw bytes to a message that is
 * authentic, well formed and meant for this screen. Pure. */
#ifndef GAOSHI_DISPLAY_INTAKE_H
#define GAOSHI_DISPLAY_INTAKE_H

#include "display/core/judge/trust.h"
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

#endif
