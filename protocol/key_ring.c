/* Keeps keys with their grants, and checks what a grant allows. */
#include "protocol/key_ring.h"

#include "base/timestamp.h"

#include <string.h>

struct key_grant key_grant_of(unsigned roles)
{
    return (struct key_grant){
        .roles = roles,
        .from_ms = TIMESTAMP_NONE,
        .until_ms = TIMESTAMP_NONE,
        .revoked_ms = TIMESTAMP_NONE,
    };
}

/* A group or a screen may be in any area: a key whose grant covers this screen
 * may address its groups and the screen itself. */
static bool allows_scope(const struct key_grant *grant, const char *scope,
                         const struct screen_identity *screen)
{
    if (!scope)
        return true;
    bool named = strncmp(scope, "group-", 6) == 0 ||
                 strncmp(scope, "screen-", 7) == 0;

    for (size_t i = 0; i < grant->scope_count; i++) {
        if (scope_contains(grant->scopes[i], scope) ||
            (named && scope_covers(grant->scopes[i], screen)))
            return true;
    }
    return grant->scope_count == 0;
}

bool key_grant_covers(const struct key_grant *grant, unsigned role,
                      const char *scope, const struct screen_identity *screen,
                      struct problem *problem)
{
    if (grant->revoked_ms != TIMESTAMP_NONE)
        return problem_set(problem, PROBLEM_AUTHORITY, "it was revoked");
    if ((grant->roles & role) == 0)
        return problem_set(problem, PROBLEM_AUTHORITY, "not its role");
    if (!allows_scope(grant, scope, screen))
        return problem_set(problem, PROBLEM_AUTHORITY, "not for the scope %s",
                           scope);
    return true;
}

bool key_grant_allows(const struct key_grant *grant, unsigned role,
                      const char *scope, int64_t issued_ms,
                      const struct screen_identity *screen,
                      struct problem *problem)
{
    if (!key_grant_covers(grant, role, scope, screen, problem))
        return false;
    if (grant->from_ms != TIMESTAMP_NONE && issued_ms < grant->from_ms)
        return problem_set(problem, PROBLEM_AUTHORITY,
                           "issued before the key's time");
    if (grant->until_ms != TIMESTAMP_NONE && issued_ms > grant->until_ms)
        return problem_set(problem, PROBLEM_AUTHORITY,
                           "issued after the key's time");
    return true;
}

static size_t find(const struct key_ring *ring, const char *id)
{
    for (size_t i = 0; i < ring->count; i++) {
        if (strcmp(key_id(ring->entries[i].key), id) == 0)
            return i;
    }
    return ring->count;
}

/* Takes the key, unless an equal key is there already. Returns its index, or
 * KEY_RING_MAX if there is no room; the key then stays the caller's. */
static size_t take(struct key_ring *ring, struct key *key, bool *known)
{
    size_t at = find(ring, key_id(key));

    *known = at < ring->count;
    if (*known)
        key_destroy(key);
    else if (at < KEY_RING_MAX)
        ring->entries[ring->count++].key = key;
    return at;
}

bool key_ring_add(struct key_ring *ring, struct key *key, unsigned roles)
{
    bool known;
    size_t at = take(ring, key, &known);

    if (at == KEY_RING_MAX)
        return false;
    if (known)
        ring->entries[at].grant.roles |= roles;
    else
        ring->entries[at].grant = key_grant_of(roles);
    return true;
}

bool key_ring_put(struct key_ring *ring, struct key *key,
                  const struct key_grant *grant)
{
    bool known;
    size_t at = take(ring, key, &known);

    if (at == KEY_RING_MAX)
        return false;
    if (!known || !(ring->entries[at].grant.roles & KEY_ROLE_ROOT))
        ring->entries[at].grant = *grant;
    return true;
}

const struct key *key_ring_find(const struct key_ring *ring, const char *id,
                                const struct key_grant **grant)
{
    size_t at = find(ring, id);

    if (at == ring->count)
        return NULL;
    if (grant)
        *grant = &ring->entries[at].grant;
    return ring->entries[at].key;
}

bool key_ring_has_root(const struct key_ring *ring)
{
    for (size_t i = 0; i < ring->count; i++)
        if (ring->entries[i].grant.roles & KEY_ROLE_ROOT)
            return true;
    return false;
}

bool key_ring_copy(const struct key_ring *ring, struct key_ring *out)
{
    for (size_t i = 0; i < ring->count; i++) {
        out->entries[i].grant = ring->entries[i].grant;
        if (!key_share(ring->entries[i].key, &out->entries[i].key)) {
            key_ring_finish(out);
            return false;
        }
        out->count++;
    }
    return true;
}

void key_ring_finish(struct key_ring *ring)
{
    if (!ring)
        return;
    for (size_t i = 0; i < ring->count; i++)
        key_destroy(ring->entries[i].key);
    memset(ring, 0, sizeof *ring);
}
