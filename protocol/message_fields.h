/* What each kind of message carries, as data. Internal to protocol/. */
#ifndef GAOSHI_PROTOCOL_MESSAGE_FIELDS_H
#define GAOSHI_PROTOCOL_MESSAGE_FIELDS_H

#include "protocol/json_read.h"
#include "protocol/key_ring.h"
#include "protocol/message.h"

struct message_rule {
    const char *name;
    const char *object; /* the field with the kind's body; NULL: none */
    bool has_id;
    unsigned roles; /* any one of them */
    enum topic_kind topic;
    size_t message_bytes; /* with the envelope line */
    bool (*read)(json_t *object, struct message *message,
                 struct json_passed *passed, struct problem *problem);
};

extern const struct message_rule message_rules[MESSAGE_KIND_COUNT];
extern const struct json_words message_kinds;

#endif
