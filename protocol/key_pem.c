/* Keys as text: PEM files, and the public half in one line of base64. */
#include "protocol/key_state.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>
#include <stdlib.h>
#include <string.h>

#define LOCKED_HEADER "-----BEGIN ENCRYPTED PRIVATE KEY-----"

/* scrypt (RFC 7914): half a second of a small board for each guess, and no
 * more than the 32 MiB that OpenSSL allows by default. */
enum { SCRYPT_N = 1 << 14, SCRYPT_R = 8, SCRYPT_P = 4, SALT_BYTES = 16 };

enum { PUBLIC_DER_BYTES_MAX = LIMIT_KEY_BASE64_BYTES / 4 * 3 };

/* Without it OpenSSL would ask on the terminal. */
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
        return problem_set(problem, PROBLEM_SYNTAX, "%s in PEM expected", what);
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
    /* It counts the padding as bytes; DER knows its own length. */
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

/* OpenSSL's own writer would lock with 2,048 rounds of PBKDF2. */
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
