/* Makes certificates with OpenSSL's X509 functions. */
#include "publisher/provision/certificate.h"
#include "base/translate.h"

#include <arpa/inet.h>
#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    VERSION_3 = 2, /* version 3 is the number 2 in ASN.1 */
    SERIAL_BYTES = 20,
    HOSTS_TEXT_BYTES = CERTIFICATE_HOSTS_MAX * 272,
};

struct extension {
    int nid;
    const char *value;
};

/* The extensions of each role; the list ends with nid 0. */
static const struct extension extensions[][6] = {
    [CERTIFICATE_AUTHORITY] = {{NID_basic_constraints,
                                "critical,CA:TRUE,pathlen:0"},
                               {NID_key_usage, "critical,keyCertSign,cRLSign"},
                               {NID_subject_key_identifier, "hash"}},
    [CERTIFICATE_BROKER] = {{NID_basic_constraints, "critical,CA:FALSE"},
                            {NID_key_usage, "critical,digitalSignature"},
                            {NID_ext_key_usage, "serverAuth"},
                            {NID_subject_key_identifier, "hash"},
                            {NID_authority_key_identifier, "keyid"}},
    [CERTIFICATE_CLIENT] = {{NID_basic_constraints, "critical,CA:FALSE"},
                            {NID_key_usage, "critical,digitalSignature"},
                            {NID_ext_key_usage, "clientAuth"},
                            {NID_subject_key_identifier, "hash"},
                            {NID_authority_key_identifier, "keyid"}},
};

static bool fail_openssl(struct problem *problem, const char *what)
{
    const char *reason = ERR_reason_error_string(ERR_peek_last_error());

    ERR_clear_error();
    return problem_set(problem, PROBLEM_SYSTEM, "%s: %s", tr(what),
                       reason ? tr(reason) : tr("no memory"));
}

static bool add_extension(X509 *certificate, X509V3_CTX *context, int nid,
                          const char *value)
{
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, context, nid, value);
    bool added = extension && X509_add_ext(certificate, extension, -1) == 1;

    X509_EXTENSION_free(extension);
    return added;
}

static bool is_address(const char *host)
{
    unsigned char bytes[sizeof(struct in6_addr)];

    return inet_pton(AF_INET, host, bytes) == 1 ||
           inet_pton(AF_INET6, host, bytes) == 1;
}

/* Adds DNS:broker.example.org,IP:192.0.2.1. A comma in a host would begin
 * another entry; the callers check the hosts. */
static bool add_hosts(X509 *certificate, X509V3_CTX *context,
                      const struct certificate_plan *plan)
{
    char text[HOSTS_TEXT_BYTES] = "";
    size_t length = 0;

    if (plan->host_count == 0)
        return true;
    for (size_t i = 0; i < plan->host_count; i++) {
        int bytes = snprintf(
            text + length, sizeof text - length, "%s%s:%s", i > 0 ? "," : "",
            is_address(plan->hosts[i]) ? "IP" : "DNS", plan->hosts[i]);
        if (bytes < 0 || (size_t)bytes >= sizeof text - length)
            return false;
        length += (size_t)bytes;
    }
    return add_extension(certificate, context, NID_subject_alt_name, text);
}

static bool add_extensions(X509 *certificate, X509 *issuer,
                           const struct certificate_plan *plan)
{
    X509V3_CTX context;

    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
    for (const struct extension *row = extensions[plan->role]; row->nid; row++)
        if (!add_extension(certificate, &context, row->nid, row->value))
            return false;
    return add_hosts(certificate, &context, plan);
}

/* Positive and at most 20 bytes long, as RFC 5280 requires. */
static bool set_serial(X509 *certificate)
{
    unsigned char bytes[SERIAL_BYTES];
    bool set = false;

    if (RAND_bytes(bytes, sizeof bytes) != 1)
        return false;
    bytes[0] = (bytes[0] & 0x7f) | 0x40;
    BIGNUM *number = BN_bin2bn(bytes, sizeof bytes, NULL);
    if (number)
        set = BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)) !=
              NULL;
    BN_free(number);
    return set;
}

static bool set_names(X509 *certificate, X509 *issuer,
                      const struct certificate_plan *plan)
{
    X509_NAME *name = X509_get_subject_name(certificate);

    return X509_NAME_add_entry_by_txt(name, "O", MBSTRING_UTF8,
                                      (const unsigned char *)plan->org, -1, -1,
                                      0) == 1 &&
           X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                                      (const unsigned char *)plan->name, -1, -1,
                                      0) == 1 &&
           X509_set_issuer_name(certificate, X509_get_subject_name(issuer)) ==
               1;
}

static bool set_dates(X509 *certificate, X509 *issuer,
                      const struct certificate_plan *plan)
{
    const ASN1_TIME *last = X509_get0_notAfter(issuer);

    if (!ASN1_TIME_set(X509_getm_notBefore(certificate), plan->from_s) ||
        !ASN1_TIME_set(X509_getm_notAfter(certificate), plan->until_s))
        return false;
    if (issuer == certificate ||
        ASN1_TIME_compare(X509_get0_notAfter(certificate), last) <= 0)
        return true;
    return X509_set1_notAfter(certificate, last) == 1;
}

bool credential_make(const struct certificate_plan *plan,
                     const struct credential *issuer, struct credential *out,
                     struct problem *problem)
{
    struct credential made = {.key = EVP_EC_gen("P-256"),
                              .certificate = X509_new()};
    X509 *above = issuer ? issuer->certificate : made.certificate;
    EVP_PKEY *signer = issuer ? issuer->key : made.key;

    bool done = made.key && made.certificate &&
                X509_set_version(made.certificate, VERSION_3) == 1 &&
                set_serial(made.certificate) &&
                set_names(made.certificate, above, plan) &&
                set_dates(made.certificate, above, plan) &&
                X509_set_pubkey(made.certificate, made.key) == 1 &&
                add_extensions(made.certificate, above, plan) &&
                X509_sign(made.certificate, signer, EVP_sha256()) > 0;
    if (!done) {
        fail_openssl(problem, "the certificate could not be made");
        credential_finish(&made);
        return false;
    }
    *out = made;
    return true;
}

X509 *certificate_read(const char *pem)
{
    BIO *bio = BIO_new_mem_buf(pem, -1);
    X509 *certificate = bio ? PEM_read_bio_X509(bio, NULL, NULL, NULL) : NULL;

    BIO_free(bio);
    ERR_clear_error();
    return certificate;
}

/* Never asks on the terminal. */
static int no_pass_phrase(char *out, int size, int writing, void *context)
{
    (void)out, (void)size, (void)writing, (void)context;
    return -1;
}

static EVP_PKEY *read_key(const char *pem)
{
    BIO *bio = BIO_new_mem_buf(pem, -1);
    EVP_PKEY *key =
        bio ? PEM_read_bio_PrivateKey(bio, NULL, no_pass_phrase, NULL) : NULL;

    BIO_free(bio);
    ERR_clear_error();
    return key;
}

bool credential_read(const char *certificate_pem, const char *key_pem,
                     struct credential *out, struct problem *problem)
{
    struct credential read = {.key = read_key(key_pem),
                              .certificate = certificate_read(certificate_pem)};
    bool pair = read.key && read.certificate &&
                X509_check_private_key(read.certificate, read.key) == 1;

    if (pair) {
        *out = read;
        return true;
    }
    problem_set(problem, PROBLEM_AUTHORITY, "%s",
                !read.certificate ? "no PEM certificate"
                : !read.key       ? tr("no PEM private key")
                                  : tr("key and certificate are not one pair"));
    credential_finish(&read);
    ERR_clear_error();
    return false;
}

void credential_finish(struct credential *credential)
{
    if (!credential)
        return;
    X509_free(credential->certificate);
    EVP_PKEY_free(credential->key);
    *credential = (struct credential){0};
}

/* Owns the BIO and returns its bytes as a text. NULL: no memory. */
static char *text_of(BIO *bio, bool written)
{
    char *bytes = NULL;
    long count = written ? BIO_get_mem_data(bio, &bytes) : 0;
    char *text = count > 0 ? strndup(bytes, (size_t)count) : NULL;

    BIO_free(bio);
    return text;
}

char *certificate_to_pem(X509 *certificate)
{
    BIO *bio = BIO_new(BIO_s_mem());

    return text_of(bio, bio && PEM_write_bio_X509(bio, certificate) == 1);
}

/* Memory of this BIO is cleared when it is freed. */
char *credential_key_to_pem(const struct credential *credential)
{
    BIO *bio = BIO_new(BIO_s_secmem());

    return text_of(
        bio, bio && PEM_write_bio_PKCS8PrivateKey(bio, credential->key, NULL,
                                                  NULL, 0, NULL, NULL) == 1);
}

bool certificate_text(const X509 *certificate, int nid, char *out, size_t size)
{
    int length = X509_NAME_get_text_by_NID(X509_get_subject_name(certificate),
                                           nid, NULL, 0);

    if (length <= 0 || (size_t)length >= size)
        return false;
    return X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), nid,
                                     out, (int)size) == length &&
           strlen(out) == (size_t)length;
}

static bool add_revoked(X509_CRL *list, X509 *certificate, ASN1_TIME *when)
{
    X509_REVOKED *entry = X509_REVOKED_new();

    if (entry &&
        X509_REVOKED_set_serialNumber(
            entry, X509_get_serialNumber(certificate)) == 1 &&
        X509_REVOKED_set_revocationDate(entry, when) == 1 &&
        X509_CRL_add0_revoked(list, entry) == 1)
        return true;
    X509_REVOKED_free(entry);
    return false;
}

static bool fill_list(X509_CRL *list, const struct credential *issuer,
                      X509 *const *revoked, size_t count, ASN1_TIME *from,
                      ASN1_TIME *until)
{
    bool filled = X509_CRL_set_version(list, 1) == 1 &&
                  X509_CRL_set_issuer_name(
                      list, X509_get_subject_name(issuer->certificate)) == 1 &&
                  X509_CRL_set1_lastUpdate(list, from) == 1 &&
                  X509_CRL_set1_nextUpdate(list, until) == 1;

    for (size_t i = 0; filled && i < count; i++)
        filled = add_revoked(list, revoked[i], from);
    return filled && X509_CRL_sort(list) == 1 &&
           X509_CRL_sign(list, issuer->key, EVP_sha256()) > 0;
}

char *certificate_list_revoked(const struct credential *issuer,
                               X509 *const *revoked, size_t count,
                               int64_t from_s, int64_t until_s)
{
    X509_CRL *list = X509_CRL_new();
    ASN1_TIME *from = ASN1_TIME_set(NULL, from_s);
    ASN1_TIME *until = ASN1_TIME_set(NULL, until_s);
    BIO *bio = BIO_new(BIO_s_mem());

    bool written = list && from && until && bio &&
                   fill_list(list, issuer, revoked, count, from, until) &&
                   PEM_write_bio_X509_CRL(bio, list) == 1;
    ASN1_TIME_free(until);
    ASN1_TIME_free(from);
    X509_CRL_free(list);
    return text_of(bio, written);
}
