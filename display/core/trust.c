/* Judges messages by the keys that signed them. */
#include "display/core/trust.h"

#include "protocol/timestamp.h"

bool trust_in_key(const struct trust *trust, const char *key_id)
{
    const struct key_grant *grant;

    return key_ring_find(trust->ring, key_id, &grant) &&
           grant->revoked_ms == TIMESTAMP_NONE;
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
    if (key_grant_allows(grant, message_role(message->kind), message->scope,
                         message->issued_ms, trust->screen, &why))
        return true;
    return problem_set(problem, PROBLEM_AUTHORITY,
                       "key %s may not sign this %s: %s", message->key_id,
                       message_kind_name(message->kind), why.expected);
}
