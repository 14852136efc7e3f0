/* From a draft to the signed message: fills in what the draft leaves open,
 * checks the body as a screen does, signs it. */
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
    const char *scope; /* NULL: the draft's, else all */
    int64_t seq;
    int64_t issued_ms;
    int utc_offset_minutes;
};

/* Everything that the draft says stays as it is; what it leaves open is
 * filled in. seq and issued are always new: they belong to this sending. A
 * draft that names another org or scope than the frame is refused. *out is
 * JSON, NUL-terminated, the caller's to free. */
bool compose_body(const json_t *draft, const struct compose_frame *frame,
                  char **out, size_t *bytes, struct problem *problem);

/* JSON as bodies are written: indented, in order, not escaped. NULL: no
 * memory. */
char *compose_print(const json_t *body);

/* A body, and what the checked body says. */
struct composed {
    char *body;
    size_t bytes;
    struct message *message;
    char topic[LIMIT_TOPIC_BYTES];
};

/* compose_body of a draft, checked. On success the caller finishes *out. */
bool compose_draft(const struct draft *draft, const struct compose_frame *frame,
                   struct composed *out, struct problem *problem);
void composed_finish(struct composed *composed);

/* Whether a draft can be sent, whatever org and scope the options add: it fits
 * with all that is filled in, and with its signature. Kinds that are not sent
 * from a file are not checked. */
bool compose_check(const struct draft *draft, struct problem *problem);

/* The most bytes that a signed message of the kind may have. */
size_t compose_limit(enum message_kind kind);

/* The signed message, for the outbox. It borrows from composed and from
 * *payload, which the caller frees in any case. */
bool compose_sign(const struct key *key, const struct composed *composed,
                  struct outbox_message *out, char **payload,
                  struct problem *problem);

/* Signs a body that the caller has checked. *out has a NUL behind it and is the
 * caller's to free. */
bool compose_seal(const struct key *key, const char *body, char **out,
                  size_t *bytes, struct problem *problem);

#endif
