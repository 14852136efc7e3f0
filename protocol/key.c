/* Signing keys: made, named and used through OpenSSL's EVP. */
#include "protocol/key_state.h"

#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The signer's id of GM/T 0009 §10, where both ends agreed on no other. */
#define SM2_SIGNER "1234567812345678"

enum { HALF_BYTES = KEY_SIGNATURE_BYTES / 2 };

static const struct {
    const char *name;
    const char *openssl;
    const char *digest; /* NULL: the algorithm has its own */
} algorithms[KEY_ALGORITHM_COUNT] = {
    [KEY_ED25519] = {"ed25519", "ED25519", NULL},
    [KEY_SM2] = {"sm2", "SM2", "SM3"},
};

const char *key_algorithm_name(enum key_algorithm algorithm)
{
    return algorithms[algorithm].name;
}

const char *key_openssl_name(enum key_algorithm algorithm)
{
    return algorithms[algorithm].openssl;
}

bool key_algorithm_parse(const char *name, enum key_algorithm *out)
{
    for (int i = 0; i < KEY_ALGORITHM_COUNT; i++) {
        if (strcmp(algorithms[i].name, name) != 0)
            continue;
        *out = (enum key_algorithm)i;
        return true;
    }
    return false;
}

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

static bool find_algorithm(const EVP_PKEY *pkey, enum key_algorithm *out)
{
    for (int i = 0; i < KEY_ALGORITHM_COUNT; i++) {
        if (!EVP_PKEY_is_a(pkey, algorithms[i].openssl))
            continue;
        *out = (enum key_algorithm)i;
        return true;
    }
    return false;
}

bool key_wrap(EVP_PKEY *pkey, bool is_private, struct key **out,
              struct problem *problem)
{
    enum key_algorithm algorithm = KEY_ED25519;
    struct key *key = NULL;
    bool known = find_algorithm(pkey, &algorithm);

    if (!known)
        problem_set(problem, PROBLEM_SYNTAX,
                    "%s found, an Ed25519 or SM2 key expected",
                    EVP_PKEY_get0_type_name(pkey));
    else if (!(key = calloc(1, sizeof *key)))
        problem_set(problem, PROBLEM_SYSTEM, "no memory for a key");
    if (!key) {
        EVP_PKEY_free(pkey);
        return false;
    }
    *key = (struct key){
        .pkey = pkey, .algorithm = algorithm, .is_private = is_private};
    if (!fill_id(key)) {
        key_destroy(key);
        ERR_clear_error();
        return problem_set(problem, PROBLEM_SYSTEM,
                           "the key's id could not be computed");
    }
    *out = key;
    return true;
}

bool key_generate(enum key_algorithm algorithm, struct key **out,
                  struct problem *problem)
{
    EVP_PKEY *pkey = EVP_PKEY_Q_keygen(NULL, NULL,
                                       algorithms[algorithm].openssl);

    if (!pkey) {
        ERR_clear_error();
        return problem_set(problem, PROBLEM_SYSTEM, "no key could be made");
    }
    return key_wrap(pkey, true, out, problem);
}

void key_destroy(struct key *key)
{
    if (!key)
        return;
    EVP_PKEY_free(key->pkey);
    free(key);
}

bool key_share(const struct key *key, struct key **out)
{
    struct key *copy = malloc(sizeof *copy);

    if (!copy)
        return false;
    *copy = *key;
    EVP_PKEY_up_ref(copy->pkey);
    *out = copy;
    return true;
}

const char *key_id(const struct key *key)
{
    return key->id;
}

enum key_algorithm key_algorithm_of(const struct key *key)
{
    return key->algorithm;
}

/* DER is OpenSSL's spelling of an SM2 signature; its length varies. */
static bool from_der(const unsigned char *der, size_t der_bytes,
                     unsigned char out[KEY_SIGNATURE_BYTES])
{
    ECDSA_SIG *pair = d2i_ECDSA_SIG(NULL, &der, (long)der_bytes);
    bool fits = pair &&
                BN_bn2binpad(ECDSA_SIG_get0_r(pair), out, HALF_BYTES) ==
                    HALF_BYTES &&
                BN_bn2binpad(ECDSA_SIG_get0_s(pair), out + HALF_BYTES,
                             HALF_BYTES) == HALF_BYTES;

    ECDSA_SIG_free(pair);
    return fits;
}

/* OPENSSL_free the result; 0: no memory. */
static int to_der(const unsigned char signature[KEY_SIGNATURE_BYTES],
                  unsigned char **out)
{
    BIGNUM *r = BN_bin2bn(signature, HALF_BYTES, NULL);
    BIGNUM *s = BN_bin2bn(signature + HALF_BYTES, HALF_BYTES, NULL);
    ECDSA_SIG *pair = ECDSA_SIG_new();
    int bytes = 0;

    if (r && s && pair && ECDSA_SIG_set0(pair, r, s) == 1) {
        bytes = i2d_ECDSA_SIG(pair, out);
    } else {
        BN_free(r);
        BN_free(s);
    }
    ECDSA_SIG_free(pair);
    return bytes > 0 ? bytes : 0;
}

typedef int begin_digest(EVP_MD_CTX *, EVP_PKEY_CTX **, const char *,
                         OSSL_LIB_CTX *, const char *, EVP_PKEY *,
                         const OSSL_PARAM *);

/* OpenSSL 3.0 refuses the signer's id among the parameters of its first call.
 */
static bool begin(begin_digest *init, EVP_MD_CTX *context,
                  const struct key *key)
{
    EVP_PKEY_CTX *inner = NULL;

    return init(context, &inner, algorithms[key->algorithm].digest, NULL, NULL,
                key->pkey, NULL) == 1 &&
           (key->algorithm != KEY_SM2 ||
            EVP_PKEY_CTX_set1_id(inner, SM2_SIGNER, sizeof SM2_SIGNER - 1) ==
                1);
}

static bool sign(const struct key *key, EVP_MD_CTX *context, const char *bytes,
                 size_t size, unsigned char out[KEY_SIGNATURE_BYTES])
{
    enum { DER_BYTES_MAX = KEY_SIGNATURE_BYTES + 16 };
    unsigned char made[DER_BYTES_MAX];
    size_t length = sizeof made;

    if (!begin(EVP_DigestSignInit_ex, context, key) ||
        EVP_DigestSign(context, made, &length, (const unsigned char *)bytes,
                       size) != 1)
        return false;
    if (key->algorithm == KEY_SM2)
        return from_der(made, length, out);
    memcpy(out, made, KEY_SIGNATURE_BYTES);
    return length == KEY_SIGNATURE_BYTES;
}

bool key_sign(const struct key *key, const char *bytes, size_t size,
              unsigned char out[KEY_SIGNATURE_BYTES])
{
    EVP_MD_CTX *context = key->is_private ? EVP_MD_CTX_new() : NULL;
    bool signed_now = context && sign(key, context, bytes, size, out);

    EVP_MD_CTX_free(context);
    ERR_clear_error();
    return signed_now;
}

static bool verify(const struct key *key, EVP_MD_CTX *context,
                   const char *bytes, size_t size,
                   const unsigned char *signature, size_t signature_bytes)
{
    return begin(EVP_DigestVerifyInit_ex, context, key) &&
           EVP_DigestVerify(context, signature, signature_bytes,
                            (const unsigned char *)bytes, size) == 1;
}

bool key_verify(const struct key *key, const char *bytes, size_t size,
                const unsigned char *signature, size_t signature_bytes)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    unsigned char *der = NULL;
    bool matches = false;

    if (context && signature_bytes == KEY_SIGNATURE_BYTES) {
        if (key->algorithm == KEY_SM2) {
            signature_bytes = (size_t)to_der(signature, &der);
            signature = der;
        }
        matches = signature &&
                  verify(key, context, bytes, size, signature, signature_bytes);
    }
    OPENSSL_free(der);
    EVP_MD_CTX_free(context);
    ERR_clear_error();
    return matches;
}
