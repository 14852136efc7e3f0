/* Signing keys: Ed25519 (RFC 8032) in PEM files, by OpenSSL's EVP. */
#ifndef GAOSHI_PROTOCOL_KEY_H
#define GAOSHI_PROTOCOL_KEY_H

#include "protocol/limits.h"
#include "protocol/problem.h"

#include <stdbool.h>
#include <stddef.h>

struct key; /* private or public */

/* What a key may sign. Bits. */
enum key_role {
    KEY_ROLE_PANELS = 1,
    KEY_ROLE_ALERTS = 2,
    KEY_ROLE_COMMANDS = 4,
};

/* Caller owns *out; key_destroy. No files here: PEM text comes in and goes
 * out, the edges read and write it. On failure false, *out untouched. */
bool key_generate(struct key **out, struct problem *problem);
bool key_from_private_pem(const char *pem, size_t bytes, struct key **out,
                          struct problem *problem);
bool key_from_public_pem(const char *pem, size_t bytes, struct key **out,
                         struct problem *problem);
void key_destroy(struct key *key); /* NULL: nothing */

/* NUL-terminated PEM text; the caller frees it. NULL: no memory, or no
 * private half. */
char *key_to_private_pem(const struct key *key);
char *key_to_public_pem(const struct key *key);

/* The first 16 hex digits of SHA-256 over the public key's DER
 * (SubjectPublicKeyInfo). Lives as long as the key. */
const char *key_id(const struct key *key);

/* Ed25519 over the bytes. False: no private half, or OpenSSL failed. */
enum { KEY_SIGNATURE_BYTES = 64 };
bool key_sign(const struct key *key, const char *bytes, size_t size,
              unsigned char out[KEY_SIGNATURE_BYTES]);
bool key_verify(const struct key *key, const char *bytes, size_t size,
                const unsigned char *signature, size_t signature_bytes);

/* The keys that a screen trusts, each with its roles. Zeroed is empty. */
enum { KEY_RING_MAX = 32 };
struct key_ring {
    struct {
        struct key *key;
        unsigned roles;
    } entries[KEY_RING_MAX];
    size_t count;
};

/* Takes the key on success; the same key again adds roles and destroys the
 * second copy. False: full. */
bool key_ring_add(struct key_ring *ring, struct key *key, unsigned roles);
const struct key *key_ring_find(const struct key_ring *ring, const char *id,
                                unsigned *roles);
void key_ring_finish(struct key_ring *ring);

#endif
