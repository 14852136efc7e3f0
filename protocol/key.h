/* Signing keys: Ed25519 (RFC 8032), and SM2 with SM3 (GB/T 32918, GM/T 0009)
 * where national cryptography is required. Keys are read from and written to
 * PEM text; the edges read and write the files. */
#ifndef GAOSHI_PROTOCOL_KEY_H
#define GAOSHI_PROTOCOL_KEY_H

#include "base/problem.h"
#include "protocol/limits.h"

#include <stdbool.h>
#include <stddef.h>

struct key; /* private or public */

enum key_algorithm {
    KEY_ED25519, /* "ed25519" */
    KEY_SM2,     /* "sm2": with SM3, and the signer's id of GM/T 0009 */
    KEY_ALGORITHM_COUNT
};
const char *key_algorithm_name(enum key_algorithm algorithm);
bool key_algorithm_parse(const char *name, enum key_algorithm *out);

/* Caller owns *out; key_destroy. On failure false, *out untouched. */
bool key_generate(enum key_algorithm algorithm, struct key **out,
                  struct problem *problem);

/* pass_phrase NULL: none. PROBLEM_AUTHORITY: the key is encrypted and this is
 * not its pass-phrase. */
bool key_from_private_pem(const char *pem, size_t bytes,
                          const char *pass_phrase, struct key **out,
                          struct problem *problem);
bool key_from_public_pem(const char *pem, size_t bytes, struct key **out,
                         struct problem *problem);

/* The public half as it stands in the key list: DER (SubjectPublicKeyInfo) in
 * base64 (RFC 4648 §4), the same as the middle of the PEM file without line
 * feeds. Only the spelling that key_to_public_base64 gives is accepted. */
bool key_from_public_base64(const char *text, struct key **out,
                            struct problem *problem);

void key_destroy(struct key *key); /* NULL: nothing */

/* A second reference to the key; end it with key_destroy. False: no memory. */
bool key_share(const struct key *key, struct key **out);

/* Whether the PEM text of a private key is encrypted with a pass-phrase. */
bool key_pem_is_locked(const char *pem, size_t bytes);

/* NUL-terminated text; the caller frees it. NULL: no memory, or no private
 * half. With a pass-phrase (NULL: none) it is PKCS#8 encrypted with AES-256 and
 * scrypt. */
char *key_to_private_pem(const struct key *key, const char *pass_phrase);
char *key_to_public_pem(const struct key *key);
char *key_to_public_base64(const struct key *key);

/* The first 16 hexadecimal digits of the SHA-256 of the public key's DER
 * (SubjectPublicKeyInfo). Valid as long as the key. */
const char *key_id(const struct key *key);
enum key_algorithm key_algorithm_of(const struct key *key);

/* Signs the bytes. The signature is that of Ed25519, or r and s of SM2, 32
 * bytes each, big-endian. False: no private half, or OpenSSL failed. */
enum { KEY_SIGNATURE_BYTES = 64 };
bool key_sign(const struct key *key, const char *bytes, size_t size,
              unsigned char out[KEY_SIGNATURE_BYTES]);
bool key_verify(const struct key *key, const char *bytes, size_t size,
                const unsigned char *signature, size_t signature_bytes);

#endif
