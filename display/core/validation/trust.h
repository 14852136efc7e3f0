/* Which messages are accepted, by the keys that signed them. Checked again
 * whenever the list of keys changes. Pure. */
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

/* Whether the key of the message may sign such a message, for this scope and at
 * this time. False: problem (may be NULL) names the key, the kind and the
 * reason. */
bool trust_in_message(const struct trust *trust, const struct message *message,
                      struct problem *problem);

/* Whether the key could send an alert to the scope. Only such a key may end,
 * change or replace an alert there. Without a ring every key may. */
bool trust_covers_alert(const struct trust *trust, const char *key_id,
                        const char *scope);

/* The roles of an index's key in a scope, as bits of enum key_role. */
unsigned trust_in_roles(const struct trust *trust, const struct message *index,
                        const char *scope);

/* Whether this screen trusts the key's times. They can make the clock untrusted
 * and end alerts, so the key must be one that may raise and cancel alerts here.
 */
bool trust_in_time(const struct trust *trust, const char *key_id);

/* Whether the key may send anything to this screen now, so that its silence
 * matters. wall_ms: trusted wall clock, or TIMESTAMP_NONE. */
bool trust_expects(const struct trust *trust, const char *key_id,
                   int64_t wall_ms);

#endif
