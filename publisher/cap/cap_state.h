/* The record of CAP messages that were imported, in the outbox's file: each
 * file of a warning centre is sent once, and no older one replaces a newer. */
#ifndef GAOSHI_PUBLISHER_CAP_STATE_H
#define GAOSHI_PUBLISHER_CAP_STATE_H

#include "cap/cap_map.h"
#include "publisher/outbox/outbox.h"

enum { CAP_HASH_BYTES = 65 };

/* The most that the sent time of a message may be ahead of the clock. */
#define CAP_SENT_AHEAD_MS (INT64_C(24) * 3600 * 1000)

/* Borrows both; file is the outbox's (outbox_file). */
struct cap_state {
    const struct sqlite_file *file;
    const char *org;
};

/* For cap_to_alerts; the state must outlive it. */
struct cap_history cap_state_history(struct cap_state *state);

enum cap_verdict {
    CAP_VERDICT_NEW,
    CAP_VERDICT_SAME,     /* was sent before */
    CAP_VERDICT_CONFLICT, /* same sender, identifier, sent; other contents */
    CAP_VERDICT_OLDER,    /* a newer message of its chain was sent */
};
/* again: a message that was sent before counts as new. A message that was
 * recorded with a time further ahead than CAP_SENT_AHEAD_MS makes no other one
 * older. */
bool cap_state_judge(struct cap_state *state, const struct cap_mapping *mapping,
                     const char *hash, bool again, int64_t now_ms,
                     enum cap_verdict *out, struct problem *problem);

/* Calls back for every scope that an id was sent to. */
bool cap_state_each_scope(struct cap_state *state, const char *id,
                          bool (*each)(void *context, const char *scope),
                          void *context, struct problem *problem);

/* Within the outbox's transaction: record the message and its chains; record
 * that an id was sent to a scope; forget that, when the id ends there and goes
 * on in other scopes. */
bool cap_state_keep(struct cap_state *state, const struct cap_mapping *mapping,
                    const char *hash, int64_t now_ms, struct problem *problem);
bool cap_state_keep_scope(struct cap_state *state, const char *id,
                          const char *scope, struct problem *problem);
bool cap_state_forget_scope(struct cap_state *state, const char *id,
                            const char *scope, struct problem *problem);

#endif
