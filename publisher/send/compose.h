/* Makes the signed message from a draft: fills in what is missing, checks the
 * body as a screen does, signs it. */
#ifndef GAOSHI_PUBLISHER_COMPOSE_H
#define GAOSHI_PUBLISHER_COMPOSE_H

#include "protocol/key.h"
#include "protocol/message.h"
#include "publisher/outbox/outbox.h"
#include "publisher/send/drafts.h"

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

struct compose_frame {
    const char *org;   /* NULL: the draft must have it */
    const char *scope; /* NULL: the draft's scope, otherwise all */
    int64_t seq;
    int64_t issued_ms;
    int utc_offset_minutes;
};

/* Keeps every field of the draft and fills in the missing ones. seq and issued
 * are always new, because they belong to this sending. A draft with another org
 * or scope than the frame is refused. *out is JSON, NUL-terminated; the caller
 * frees it. */
bool compose_body(const json_t *draft, const struct compose_frame *frame,
                  char **out, size_t *bytes, struct problem *problem);

/* Prints JSON like bodies: indented, in order, not escaped. NULL: no memory. */
char *compose_print(const json_t *body);

/* A body, and the message parsed from it. */
struct composed {
    char *body;
    size_t bytes;
    struct message *message;
    char topic[LIMIT_TOPIC_BYTES];
};

/* Composes and checks the body of a draft. On success the caller finishes *out.
 */
bool compose_draft(const struct draft *draft, const struct compose_frame *frame,
                   struct composed *out, struct problem *problem);
void composed_finish(struct composed *composed);

/* Whether a draft can be sent with any org and scope: it still fits with all
 * missing fields and the signature. Kinds that are not sent from a file are not
 * checked. */
bool compose_check(const struct draft *draft, struct problem *problem);

/* The greatest size in bytes of a signed message of the kind. */
size_t compose_limit(enum message_kind kind);

/* Makes the signed message for the outbox. It borrows from composed and from
 * *payload, which the caller frees in any case. */
bool compose_sign(const struct key *key, const struct composed *composed,
                  struct outbox_message *out, char **payload,
                  struct problem *problem);

/* Signs a body that the caller has checked. *out is NUL-terminated; the caller
 * frees it. */
bool compose_seal(const struct key *key, const char *body, char **out,
                  size_t *bytes, struct problem *problem);

#endif
