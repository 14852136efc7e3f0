/* The record of imported CAP messages in the outbox's file: each file of a
 * warning centre is sent once, and an older one never replaces a newer one. */
#ifndef GAOSHI_PUBLISHER_CAP_STATE_H
#define GAOSHI_PUBLISHER_CAP_STATE_H

#include "cap/cap_map.h"
#include "publisher/outbox/outbox.h"

enum { CAP_HASH_BYTES = 65 };

/* How far the sent time of a message may be ahead of the clock. */
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
/* Compares a message with the record. again: a message that was sent before
 * counts as new. A recorded message whose time was further ahead than
 * CAP_SENT_AHEAD_MS does not make others older. */
bool cap_state_judge(struct cap_state *state, const struct cap_mapping *mapping,
                     const char *hash, bool again, int64_t now_ms,
                     enum cap_verdict *out, struct problem *problem);

/* Calls back for every scope that an id was sent to. */
bool cap_state_each_scope(struct cap_state *state, const char *id,
                          bool (*each)(void *context, const char *scope),
                          void *context, struct problem *problem);

/* Within the outbox's transaction. Records the message and its chains; records
 * that an id was sent to a scope; removes that when the id ends in this scope
 * and goes on in others. */
bool cap_state_keep(struct cap_state *state, const struct cap_mapping *mapping,
                    const char *hash, int64_t now_ms, struct problem *problem);
bool cap_state_keep_scope(struct cap_state *state, const char *id,
                          const char *scope, struct problem *problem);
bool cap_state_forget_scope(struct cap_state *state, const char *id,
                            const char *scope, struct problem *problem);

#endif
