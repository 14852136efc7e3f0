/* Signing keys: made, read, written and used through OpenSSL's EVP. */
#include "protocol/key.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct key {
    EVP_PKEY *pkey;
    bool is_private;
    char id[LIMIT_KEY_ID_BYTES + 1];
};

static bool fill_id(struct key *key)
{
    unsigned char *der = NULL;
    unsigned char hash[EVP_MAX_MD_SIZE];
    int der_bytes = i2d_PUBKEY(key->pkey, &der);

    if (der_bytes <= 0)
        return false;
    int hashed = EVP_Digest(der, (size_t)der_bytes, hash, NULL, EVP_sha256(),
                            NULL);
    OPENSSL_free(der);
    if (hashed != 1)
        return false;
    for (size_t i = 0; i < LIMIT_KEY_ID_BYTES / 2; i++)
        snprintf(key->id + 2 * i, 3, "%02x", hash[i]);
    return true;
}

/* Takes pkey in any case. */
static bool wrap(EVP_PKEY *pkey, bool is_private, struct key **out,
                 struct problem *problem)
{
    struct key *key = calloc(1, sizeof *key);

    if (!key) {
        EVP_PKEY_free(pkey);
        return problem_set(problem, PROBLEM_SYSTEM, "no memory for a key");
    }
    key->pkey = pkey;
    key->is_private = is_private;
    if (!fill_id(key)) {
        key_destroy(key);
        ERR_clear_error();
        return problem_set(problem, PROBLEM_SYSTEM,
                           "the key's id could not be computed");
    }
    *out = key;
    return true;
}

bool key_generate(struct key **out, struct problem *problem)
{
    EVP_PKEY *pkey = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");

    if (!pkey) {
        ERR_clear_error();
        return problem_set(problem, PROBLEM_SYSTEM, "no key could be made");
    }
    return wrap(pkey, true, out, problem);
}

/* Without it OpenSSL would ask on the terminal. */
static int refuse_pass_phrase(char *out, int size, int writing, void *context)
{
    (void)out;
    (void)size;
    (void)writing;
    (void)context;
    return -1;
}

typedef EVP_PKEY *pem_reader(BIO *, EVP_PKEY **, pem_password_cb *, void *);

static bool read_pem(pem_reader *reader, const char *what, const char *pem,
                     size_t bytes, struct key **out, struct problem *problem)
{
    if (bytes > LIMIT_KEY_PEM_BYTES)
        return problem_set(problem, PROBLEM_TOO_LARGE,
                           "key file of %zu bytes, %d at most", bytes,
                           LIMIT_KEY_PEM_BYTES);
    BIO *bio = BIO_new_mem_buf(pem, (int)bytes);
    if (!bio)
        return problem_set(problem, PROBLEM_SYSTEM, "no memory for a key");
    EVP_PKEY *pkey = reader(bio, NULL, refuse_pass_phrase, NULL);
    BIO_free(bio);
    ERR_clear_error();
    if (!pkey)
        return problem_set(problem, PROBLEM_SYNTAX,
                           "%s in PEM without a pass-phrase expected", what);
    if (!EVP_PKEY_is_a(pkey, "ED25519")) {
        problem_set(problem, PROBLEM_SYNTAX,
                    "%s found, an Ed25519 key expected",
                    EVP_PKEY_get0_type_name(pkey));
        EVP_PKEY_free(pkey);
        return false;
    }
    return wrap(pkey, reader == PEM_read_bio_PrivateKey, out, problem);
}

bool key_from_private_pem(const char *pem, size_t bytes, struct key **out,
                          struct problem *problem)
{
    return read_pem(PEM_read_bio_PrivateKey, "private key", pem, bytes, out,
                    problem);
}

bool key_from_public_pem(const char *pem, size_t bytes, struct key **out,
                         struct problem *problem)
{
    return read_pem(PEM_read_bio_PUBKEY, "public key", pem, bytes, out,
                    problem);
}

void key_destroy(struct key *key)
{
    if (!key)
        return;
    EVP_PKEY_free(key->pkey);
    free(key);
}

/* Takes the BIO, which may be NULL. */
static char *bio_to_text(BIO *bio, bool written)
{
    char *data = NULL;
    long bytes = bio && written ? BIO_get_mem_data(bio, &data) : 0;
    char *text = bytes > 0 ? strndup(data, (size_t)bytes) : NULL;

    BIO_free(bio);
    ERR_clear_error();
    return text;
}

char *key_to_private_pem(const struct key *key)
{
    /* Secret memory is wiped when it is freed. */
    BIO *bio = key->is_private ? BIO_new(BIO_s_secmem()) : NULL;

    return bio_to_text(
        bio, bio && PEM_write_bio_PKCS8PrivateKey(bio, key->pkey, NULL, NULL, 0,
                                                  NULL, NULL) == 1);
}

char *key_to_public_pem(const struct key *key)
{
    BIO *bio = BIO_new(BIO_s_mem());

    return bio_to_text(bio, bio && PEM_write_bio_PUBKEY(bio, key->pkey) == 1);
}

const char *key_id(const struct key *key)
{
    return key->id;
}

bool key_sign(const struct key *key, const char *bytes, size_t size,
              unsigned char out[KEY_SIGNATURE_BYTES])
{
    size_t length = KEY_SIGNATURE_BYTES;
    EVP_MD_CTX *context = key->is_private ? EVP_MD_CTX_new() : NULL;

    if (!context)
        return false;
    bool signed_now = EVP_DigestSignInit(context, NULL, NULL, NULL,
                                         key->pkey) == 1 &&
                      EVP_DigestSign(context, out, &length,
                                     (const unsigned char *)bytes, size) == 1 &&
                      length == KEY_SIGNATURE_BYTES;
    EVP_MD_CTX_free(context);
    ERR_clear_error();
    return signed_now;
}

bool key_verify(const struct key *key, const char *bytes, size_t size,
                const unsigned char *signature, size_t signature_bytes)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();

    if (!context)
        return false;
    bool matches = EVP_DigestVerifyInit(context, NULL, NULL, NULL, key->pkey) ==
                       1 &&
                   EVP_DigestVerify(context, signature, signature_bytes,
                                    (const unsigned char *)bytes, size) == 1;
    EVP_MD_CTX_free(context);
    ERR_clear_error();
    return matches;
}

bool key_ring_add(struct key_ring *ring, struct key *key, unsigned roles)
{
    for (size_t i = 0; i < ring->count; i++) {
        if (strcmp(key_id(ring->entries[i].key), key_id(key)) == 0) {
            ring->entries[i].roles |= roles;
            key_destroy(key);
            return true;
        }
    }
    if (ring->count == KEY_RING_MAX)
        return false;
    ring->entries[ring->count].key = key;
    ring->entries[ring->count].roles = roles;
    ring->count++;
    return true;
}

const struct key *key_ring_find(const struct key_ring *ring, const char *id,
                                unsigned *roles)
{
    for (size_t i = 0; i < ring->count; i++) {
        if (strcmp(key_id(ring->entries[i].key), id) == 0) {
            if (roles)
                *roles = ring->entries[i].roles;
            return ring->entries[i].key;
        }
    }
    return NULL;
}

void key_ring_finish(struct key_ring *ring)
{
    if (!ring)
        return;
    for (size_t i = 0; i < ring->count; i++)
        key_destroy(ring->entries[i].key);
    memset(ring, 0, sizeof *ring);
}
