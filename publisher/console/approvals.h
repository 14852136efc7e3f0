/* What waits for a second person: alerts that one account asked to send and
 * that another one confirms or declines. Nothing here sends. */
#ifndef GAOSHI_PUBLISHER_APPROVALS_H
#define GAOSHI_PUBLISHER_APPROVALS_H

#include "base/problem.h"
#include "publisher/console/sessions.h"

#include <jansson.h>

enum {
    /* Those that wait and those that were decided a short time ago. */
    APPROVALS_MAX = 16,
    APPROVAL_LASTS_MS = 10 * 60 * 1000, /* without an answer */
    APPROVAL_SHOWN_MS = 10 * 60 * 1000, /* how it ended */
    APPROVAL_ID_BYTES = 17,
    APPROVAL_HASH_BYTES = 32, /* SHA-256 */
    APPROVAL_REASON_BYTES = 256,
};

enum approval_state {
    APPROVAL_WAITS,
    APPROVAL_CONFIRMED, /* it was given to the command that sends it */
    APPROVAL_DECLINED,
    APPROVAL_LAPSED, /* nobody answered */
    APPROVAL_STATE_COUNT
};

struct approval {
    char id[APPROVAL_ID_BYTES]; /* "": free */
    enum approval_state state;
    char who[SESSION_WHO_BYTES];        /* asked */
    char decided[SESSION_WHO_BYTES];    /* confirmed, declined or withdrew it */
    char reason[APPROVAL_REASON_BYTES]; /* of a refusal */
    int64_t asked_ms, decided_ms;       /* monotonic */
    int64_t asked_wall_ms;
    char digest[2 * APPROVAL_HASH_BYTES + 1]; /* of what is sent */
    int code;    /* of the command that sent it; -1: it has not ended */
    char *draft; /* what is sent, as a file for «alert raise»; NULL: a cancel */
    char *body;    /* as screens would get it, for pictures; NULL: a cancel */
    char *message; /* id of the alert */
    char *scope;
    char *words;      /* of a cancel: its reason; otherwise NULL */
    int64_t base_seq; /* of the alert that it changes or ends; 0: a new one */
    json_t *about;    /* what a list shows of it */
};

/* Zeroed is empty. */
struct approvals {
    struct approval items[APPROVALS_MAX];
};

void approvals_finish(struct approvals *approvals);

/* Takes the texts and the JSON of *asked, also on failure, and makes id, digest
 * and times. NULL: too many wait, or no memory. */
const struct approval *approvals_ask(struct approvals *approvals,
                                     struct approval *asked, int64_t now_ms,
                                     int64_t wall_ms, struct problem *problem);

/* NULL: there is none. */
const struct approval *approvals_find(const struct approvals *approvals,
                                      const char *id);

/* A second account confirms what it saw: digest is that of the page. False: it
 * does not wait any more, it is one's own, or the digest is another one. */
bool approvals_confirm(struct approvals *approvals, const char *id,
                       const char *who, const char *digest, int64_t now_ms,
                       struct problem *problem);

/* Anyone may decline; whoever asked withdraws it so. reason: may be "". */
bool approvals_decline(struct approvals *approvals, const char *id,
                       const char *who, const char *reason, int64_t now_ms,
                       struct problem *problem);

/* Ends what waits too long, and forgets what ended long ago. Calls back for
 * each that lapsed; true: something changed. */
bool approvals_turn(struct approvals *approvals, int64_t now_ms,
                    void (*lapsed)(void *context,
                                   const struct approval *approval),
                    void *context);

/* What was confirmed did not reach the command: it waits again. */
void approvals_reopen(struct approvals *approvals, const char *id);

/* How the command ended that sent it. */
void approvals_sent(struct approvals *approvals, const char *id, int code);

/* For the page, the newest first; NULL: no memory. */
json_t *approvals_json(const struct approvals *approvals, const char *who,
                       int64_t now_ms);

#endif
