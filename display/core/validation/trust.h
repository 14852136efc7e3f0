/* Which messages are still believed: asked again when the keys change. Pure. */
#ifndef GAOSHI_DISPLAY_TRUST_H
#define GAOSHI_DISPLAY_TRUST_H

#include "protocol/key_ring.h"
#include "protocol/message.h"

/* Both borrowed. */
struct trust {
    const struct key_ring *ring;
    const struct screen_identity *screen;
};

/* Whether the key is known and was not revoked. */
bool trust_in_key(const struct trust *trust, const char *key_id);

/* Whether the key that signed it may say this, here and then. False: problem
 * (may be NULL) names key, kind and what is amiss. */
bool trust_in_message(const struct trust *trust, const struct message *message,
                      struct problem *problem);

/* Whether the key could itself send an alert to the scope: only then it may
 * end, change or replace an alert that was sent there. Without a ring every
 * key could. */
bool trust_covers_alert(const struct trust *trust, const char *key_id,
                        const char *scope);

/* The roles that the key of an index has in a scope. Bits of enum key_role. */
unsigned trust_in_roles(const struct trust *trust, const struct message *index,
                        const char *scope);

/* Whether what the key signs says something about the time here: that shakes a
 * clock and ends alerts, so it takes who may raise and cancel them here. */
bool trust_in_time(const struct trust *trust, const char *key_id);

/* Whether the key may say anything to this screen now, so that its silence
 * matters. wall_ms: trusted wall clock, or TIMESTAMP_NONE. */
bool trust_expects(const struct trust *trust, const char *key_id,
                   int64_t wall_ms);

#endif
