/* The signed envelope: one line «gaoshi1 KEYID SIGNATURE\n», then the body
 * unchanged. SIGNATURE is base64url without padding (RFC 4648 §5) over the
 * bytes «gaoshi1 KEYID\n» and the body. The body is read only if the signature
 * is valid. */
#ifndef GAOSHI_PROTOCOL_ENVELOPE_H
#define GAOSHI_PROTOCOL_ENVELOPE_H

#include "base/problem.h"
#include "protocol/key_ring.h"

#include <stdbool.h>
#include <stddef.h>

/* Length of the envelope line with its \n; every part has a fixed length. */
enum { ENVELOPE_LINE_BYTES = 8 + LIMIT_KEY_ID_BYTES + 1 + 86 + 1 };

struct envelope {
    char key_id[LIMIT_KEY_ID_BYTES + 1];
    const struct key_grant *grant; /* of the key, in the ring */
    const char *body; /* within the payload given to envelope_open */
    size_t body_bytes;
};

/* Signs the body. *out is malloc'ed and not NUL-terminated; the caller owns it.
 */
bool envelope_seal(const struct key *key, const char *body, size_t body_bytes,
                   char **out, size_t *out_bytes, struct problem *problem);

/* Verifies raw bytes against the ring. PROBLEM_TOO_LARGE above
 * LIMIT_MESSAGE_BYTES, PROBLEM_SYNTAX without an envelope line,
 * PROBLEM_SIGNATURE for unknown keys and signatures that do not match. */
bool envelope_open(const struct key_ring *ring, const char *payload,
                   size_t bytes, struct envelope *out, struct problem *problem);

/* Identifies any payload, readable or not: the first hexadecimal digits of its
 * SHA-256. "": no memory. */
enum { ENVELOPE_DIGEST_BYTES = 16 };
void envelope_digest(const char *payload, size_t bytes,
                     char out[ENVELOPE_DIGEST_BYTES + 1]);

/* The key id in the payload, LIMIT_KEY_ID_BYTES long, not NUL-terminated and
 * not verified; for sorting before the signature is checked. NULL: it does not
 * begin like a signed message. */
const char *envelope_peek_key_id(const char *payload, size_t bytes);

#endif
