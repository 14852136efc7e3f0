/* Checks messages by the keys that signed them. */
#include "display/core/validation/trust.h"

#include "base/timestamp.h"
#include "base/translate.h"

#include <string.h>

bool trust_in_key(const struct trust *trust, const char *key_id)
{
    const struct key_grant *grant;

    return key_ring_find(trust->ring, key_id, &grant) &&
           grant->revoked_ms == TIMESTAMP_NONE;
}

/* Ticks and the index of all scopes show nothing on the glass, so a key with a
 * limited scope may send them to all screens. */
static bool is_for_everybody(const struct message *message)
{
    return message->kind == MESSAGE_TICK ||
           (message->kind == MESSAGE_INDEX &&
            strcmp(message->scope, "all") == 0);
}

bool trust_in_message(const struct trust *trust, const struct message *message,
                      struct problem *problem)
{
    const struct key_grant *grant;
    struct problem why = {0};

    if (!key_ring_find(trust->ring, message->key_id, &grant))
        return problem_set(problem, PROBLEM_SIGNATURE,
                           "key %s is not known to this screen",
                           message->key_id);
    if (key_grant_allows(grant, message_roles(message->kind),
                         is_for_everybody(message) ? NULL : message->scope,
                         message->issued_ms, trust->screen, &why))
        return true;
    return problem_set(problem, PROBLEM_AUTHORITY,
                       "key %s may not sign this %s: %s", message->key_id,
                       tr(message_kind_name(message->kind)), why.expected);
}

bool trust_covers_alert(const struct trust *trust, const char *key_id,
                        const char *scope)
{
    const struct key_grant *grant;

    if (!trust->ring)
        return true;
    return key_ring_find(trust->ring, key_id, &grant) &&
           key_grant_covers(grant, KEY_ROLE_ALERTS, scope, trust->screen, NULL);
}

unsigned trust_in_roles(const struct trust *trust, const struct message *index,
                        const char *scope)
{
    static const unsigned all[] = {KEY_ROLE_PANELS, KEY_ROLE_ALERTS,
                                   KEY_ROLE_COMMANDS};
    const struct key_grant *grant;
    unsigned roles = 0;

    if (!key_ring_find(trust->ring, index->id, &grant))
        return 0;
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        if (key_grant_allows(grant, all[i], scope, index->issued_ms,
                             trust->screen, NULL))
            roles |= all[i];
    return roles;
}

static bool reaches(const struct key_grant *grant,
                    const struct screen_identity *screen)
{
    for (size_t i = 0; i < grant->scope_count; i++)
        if (scope_covers(grant->scopes[i], screen))
            return true;
    return grant->scope_count == 0;
}

bool trust_in_time(const struct trust *trust, const char *key_id)
{
    const struct key_grant *grant;

    return key_ring_find(trust->ring, key_id, &grant) &&
           grant->revoked_ms == TIMESTAMP_NONE &&
           (grant->roles & KEY_ROLE_ALERTS) && reaches(grant, trust->screen);
}

bool trust_expects(const struct trust *trust, const char *key_id,
                   int64_t wall_ms)
{
    const struct key_grant *grant;

    if (!key_ring_find(trust->ring, key_id, &grant) ||
        grant->revoked_ms != TIMESTAMP_NONE ||
        (grant->until_ms != TIMESTAMP_NONE && wall_ms > grant->until_ms))
        return false;
    return reaches(grant, trust->screen);
}
