/* The keys that a screen accepts, each with what it may sign, for which scopes
 * and when. */
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
    /* May sign the list of keys: a root key, which the screen's configuration
     * names. No list can give or take this role. */
    KEY_ROLE_ROOT = 8,
};

/* Zero in all fields but the times: allows nothing. */
struct key_grant {
    unsigned roles;
    char scopes[LIMIT_KEY_SCOPES][SCOPE_BYTES];
    size_t scope_count; /* 0: everywhere */
    /* Times of issue that the key may sign; TIMESTAMP_NONE: no bound. */
    int64_t from_ms, until_ms;
    /* Since when no message of the key is accepted, whatever its time of issue;
     * TIMESTAMP_NONE: not revoked. */
    int64_t revoked_ms;
};

/* A grant for these roles in every scope and at all times. */
struct key_grant key_grant_of(unsigned roles);

/* Whether the key may sign for one of the roles and the scope (NULL: any) on
 * this screen at some time. problem may be NULL. */
bool key_grant_covers(const struct key_grant *grant, unsigned role,
                      const char *scope, const struct screen_identity *screen,
                      struct problem *problem);

/* Whether the key may sign such a message: it has one of the roles, its grant
 * includes the scope (NULL: any) for this screen, and the time of issue is
 * within the grant. Otherwise PROBLEM_AUTHORITY, without a place or the key's
 * name. */
bool key_grant_allows(const struct key_grant *grant, unsigned role,
                      const char *scope, int64_t issued_ms,
                      const struct screen_identity *screen,
                      struct problem *problem);

/* The most keys that a configuration and a key list can name together. Zeroed
 * is empty. */
enum { KEY_RING_MAX = 2 * LIMIT_KEYS };
struct key_ring {
    struct {
        struct key *key;
        struct key_grant grant;
    } entries[KEY_RING_MAX];
    size_t count;
};

/* Takes the key on success. A key that is there already gets the roles in
 * addition, and the second copy is destroyed. False: full. */
bool key_ring_add(struct key_ring *ring, struct key *key, unsigned roles);

/* Takes the key on success. A key that is there already gets this grant in
 * place of its own; a root key keeps its own. False: full. */
bool key_ring_put(struct key_ring *ring, struct key *key,
                  const struct key_grant *grant);

/* NULL: not known. grant may be NULL. Both results are valid until the ring
 * changes. */
const struct key *key_ring_find(const struct key_ring *ring, const char *id,
                                const struct key_grant **grant);

/* Whether the ring has a root key, which can verify a list of keys. */
bool key_ring_has_root(const struct key_ring *ring);

/* *out, empty before, holds the same keys. False: no memory. */
bool key_ring_copy(const struct key_ring *ring, struct key_ring *out);
void key_ring_finish(struct key_ring *ring);

#endif
