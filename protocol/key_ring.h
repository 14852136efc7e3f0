/* The keys that a screen believes, each with what it may say, to whom and
 * when. */
#ifndef GAOSHI_PROTOCOL_KEY_RING_H
#define GAOSHI_PROTOCOL_KEY_RING_H

#include "protocol/key.h"
#include "protocol/scope.h"

#include <stdint.h>

/* What a key may sign. Bits. */
enum key_role {
    KEY_ROLE_PANELS = 1,
    KEY_ROLE_ALERTS = 2,
    KEY_ROLE_COMMANDS = 4,
    /* The list of keys: a root key, pinned in the screen's configuration. No
     * list can give it or take it. */
    KEY_ROLE_ROOT = 8,
};

/* Zeroed but for the times: nothing. */
struct key_grant {
    unsigned roles;
    char scopes[LIMIT_KEY_SCOPES][SCOPE_BYTES];
    size_t scope_count; /* 0: everywhere */
    /* Times of issue that it may stand for; TIMESTAMP_NONE: no bound. */
    int64_t from_ms, until_ms;
    /* Since when nothing is believed of it, whatever its time of issue;
     * TIMESTAMP_NONE: it is believed. */
    int64_t revoked_ms;
};

/* Everywhere and at all times. */
struct key_grant key_grant_of(unsigned roles);

/* Whether the key may say something of one of the roles to the scope (NULL:
 * whichever) on this screen, whenever that was issued. Likewise, problem may
 * be NULL. */
bool key_grant_covers(const struct key_grant *grant, unsigned role,
                      const char *scope, const struct screen_identity *screen,
                      struct problem *problem);

/* Whether a message that carries this may be signed so: one of the roles, a
 * scope that the grant has for this screen (NULL: whichever), a time of issue
 * within it.
 * PROBLEM_AUTHORITY, without a place or the key's name. */
bool key_grant_allows(const struct key_grant *grant, unsigned role,
                      const char *scope, int64_t issued_ms,
                      const struct screen_identity *screen,
                      struct problem *problem);

/* As many as a configuration and a key list can name. Zeroed is empty. */
enum { KEY_RING_MAX = 2 * LIMIT_KEYS };
struct key_ring {
    struct {
        struct key *key;
        struct key_grant grant;
    } entries[KEY_RING_MAX];
    size_t count;
};

/* Takes the key on success; the same key again gets the roles beside its own,
 * and the second copy is destroyed. False: full. */
bool key_ring_add(struct key_ring *ring, struct key *key, unsigned roles);

/* Takes the key on success; the same key again gets the grant in place of its
 * own. A key of the root keeps its own. False: full. */
bool key_ring_put(struct key_ring *ring, struct key *key,
                  const struct key_grant *grant);

/* NULL: not known. Grant may be NULL; both live as long as the ring is not
 * changed. */
const struct key *key_ring_find(const struct key_ring *ring, const char *id,
                                const struct key_grant **grant);

/* Whether a list of keys could be verified. */
bool key_ring_has_root(const struct key_ring *ring);

/* *out, empty before, holds the same keys. False: no memory. */
bool key_ring_copy(const struct key_ring *ring, struct key_ring *out);
void key_ring_finish(struct key_ring *ring);

#endif
