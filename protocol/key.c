/* Makes, names, uses, reads and writes signing keys with OpenSSL's EVP. */
#include "protocol/key.h"

#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/translate.h"

struct key {
    EVP_PKEY *pkey;
    enum key_algorithm algorithm;
    bool is_private;
    char id[LIMIT_KEY_ID_BYTES + 1];
};

/* The default signer's id of GM/T 0009 §10. */
#define SM2_SIGNER "1234567812345678"

enum { HALF_BYTES = KEY_SIGNATURE_BYTES / 2 };

static const struct {
    const char *name;
    const char *openssl;
    const char *digest; /* NULL: the algorithm includes it */
} algorithms[KEY_ALGORITHM_COUNT] = {
    [KEY_ED25519] = {"ed25519", "ED25519", NULL},
    [KEY_SM2] = {"sm2", "SM2", "SM3"},
};

const char *key_algorithm_name(enum key_algorithm algorithm)
{
    return algorithms[algorithm].name;
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

/* Owns pkey from here on, also on failure. */
static bool key_wrap(EVP_PKEY *pkey, bool is_private, struct key **out,
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

/* OpenSSL encodes an SM2 signature in DER, whose length varies. */
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

/* The caller frees *out with OPENSSL_free. 0: no memory. */
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

/* OpenSSL 3.0 does not accept the signer's id among the parameters of its first
 * call. */
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

#define LOCKED_HEADER "-----BEGIN ENCRYPTED PRIVATE KEY-----"

/* scrypt (RFC 7914): each guess takes half a second on a small board, and no
 * more than the 32 MiB that OpenSSL allows by default. */
enum { SCRYPT_N = 1 << 14, SCRYPT_R = 8, SCRYPT_P = 4, SALT_BYTES = 16 };

enum { PUBLIC_DER_BYTES_MAX = LIMIT_KEY_BASE64_BYTES / 4 * 3 };

/* Without this callback OpenSSL would ask on the terminal. */
static int give_pass_phrase(char *out, int size, int writing, void *context)
{
    const char *pass_phrase = context;

    (void)writing;
    if (!pass_phrase || strlen(pass_phrase) > (size_t)size)
        return -1;
    memcpy(out, pass_phrase, strlen(pass_phrase));
    return (int)strlen(pass_phrase);
}

bool key_pem_is_locked(const char *pem, size_t bytes)
{
    return memmem(pem, bytes, LOCKED_HEADER, sizeof LOCKED_HEADER - 1) != NULL;
}

static bool refuse(const char *what, const char *pem, size_t bytes,
                   const char *pass_phrase, struct problem *problem)
{
    if (!key_pem_is_locked(pem, bytes))
        return problem_set(problem, PROBLEM_SYNTAX, "%s in PEM expected",
                           tr(what));
    return problem_set(problem, PROBLEM_AUTHORITY,
                       pass_phrase ? "the pass-phrase is not that of this key"
                                   : "the key is under a pass-phrase");
}

typedef EVP_PKEY *pem_reader(BIO *, EVP_PKEY **, pem_password_cb *, void *);

static bool read_pem(pem_reader *reader, const char *what, const char *pem,
                     size_t bytes, const char *pass_phrase, struct key **out,
                     struct problem *problem)
{
    if (bytes > LIMIT_KEY_PEM_BYTES)
        return problem_set(problem, PROBLEM_TOO_LARGE,
                           "key file of %zu bytes, %d at most", bytes,
                           LIMIT_KEY_PEM_BYTES);
    BIO *bio = BIO_new_mem_buf(pem, (int)bytes);
    if (!bio)
        return problem_set(problem, PROBLEM_SYSTEM, "no memory for a key");
    EVP_PKEY *pkey = reader(bio, NULL, give_pass_phrase, (void *)pass_phrase);
    BIO_free(bio);
    ERR_clear_error();
    if (!pkey)
        return refuse(what, pem, bytes, pass_phrase, problem);
    return key_wrap(pkey, reader == PEM_read_bio_PrivateKey, out, problem);
}

bool key_from_private_pem(const char *pem, size_t bytes,
                          const char *pass_phrase, struct key **out,
                          struct problem *problem)
{
    return read_pem(PEM_read_bio_PrivateKey, "private key", pem, bytes,
                    pass_phrase, out, problem);
}

bool key_from_public_pem(const char *pem, size_t bytes, struct key **out,
                         struct problem *problem)
{
    return read_pem(PEM_read_bio_PUBKEY, "public key", pem, bytes, NULL, out,
                    problem);
}

static EVP_PKEY *read_base64(const char *text)
{
    unsigned char der[PUBLIC_DER_BYTES_MAX];
    const unsigned char *at = der;
    size_t length = strlen(text);

    if (length == 0 || length > LIMIT_KEY_BASE64_BYTES)
        return NULL;
    /* The result includes the padding bytes; DER contains its own length. */
    int bytes = EVP_DecodeBlock(der, (const unsigned char *)text, (int)length);
    return bytes > 0 ? d2i_PUBKEY(NULL, &at, bytes) : NULL;
}

bool key_from_public_base64(const char *text, struct key **out,
                            struct problem *problem)
{
    EVP_PKEY *pkey = read_base64(text);
    struct key *key = NULL;

    ERR_clear_error();
    if (!pkey)
        return problem_set(problem, PROBLEM_SYNTAX,
                           "a public key (DER in base64) expected");
    if (!key_wrap(pkey, false, &key, problem))
        return false;
    char *again = key_to_public_base64(key);
    bool same = again && strcmp(again, text) == 0;
    free(again);
    if (!same) {
        key_destroy(key);
        return problem_set(problem, PROBLEM_SYNTAX,
                           "a public key in its one spelling expected");
    }
    *out = key;
    return true;
}

/* Owns the BIO, which may be NULL. */
static char *bio_to_text(BIO *bio, bool written)
{
    char *data = NULL;
    long bytes = bio && written ? BIO_get_mem_data(bio, &data) : 0;
    char *text = bytes > 0 ? strndup(data, (size_t)bytes) : NULL;

    BIO_free(bio);
    ERR_clear_error();
    return text;
}

/* OpenSSL's own writer would encrypt with 2,048 rounds of PBKDF2 only. */
static bool write_locked(BIO *bio, const struct key *key,
                         const char *pass_phrase)
{
    PKCS8_PRIV_KEY_INFO *info = EVP_PKEY2PKCS8(key->pkey);
    X509_ALGOR *lock = PKCS5_pbe2_set_scrypt(EVP_aes_256_cbc(), NULL,
                                             SALT_BYTES, NULL, SCRYPT_N,
                                             SCRYPT_R, SCRYPT_P);
    X509_SIG *locked =
        info && lock
            ? PKCS8_set0_pbe(pass_phrase, (int)strlen(pass_phrase), info, lock)
            : NULL;
    bool written = locked && PEM_write_bio_PKCS8(bio, locked) == 1;

    if (!locked)
        X509_ALGOR_free(lock);
    X509_SIG_free(locked);
    PKCS8_PRIV_KEY_INFO_free(info);
    return written;
}

char *key_to_private_pem(const struct key *key, const char *pass_phrase)
{
    /* Secret memory is wiped when it is freed. */
    BIO *bio = key->is_private ? BIO_new(BIO_s_secmem()) : NULL;

    if (bio && pass_phrase)
        return bio_to_text(bio, write_locked(bio, key, pass_phrase));
    return bio_to_text(
        bio, bio && PEM_write_bio_PKCS8PrivateKey(bio, key->pkey, NULL, NULL, 0,
                                                  NULL, NULL) == 1);
}

char *key_to_public_pem(const struct key *key)
{
    BIO *bio = BIO_new(BIO_s_mem());

    return bio_to_text(bio, bio && PEM_write_bio_PUBKEY(bio, key->pkey) == 1);
}

char *key_to_public_base64(const struct key *key)
{
    unsigned char *der = NULL;
    int bytes = i2d_PUBKEY(key->pkey, &der);
    char *text = bytes > 0 && bytes <= PUBLIC_DER_BYTES_MAX
                     ? malloc((size_t)(bytes + 2) / 3 * 4 + 1)
                     : NULL;

    if (text)
        EVP_EncodeBlock((unsigned char *)text, der, bytes);
    OPENSSL_free(der);
    ERR_clear_error();
    return text;
}
