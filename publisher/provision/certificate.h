/* Certificates for the connection to the broker, made in memory: X.509 version
 * 3, EC P-256, RFC 5280. Each contains its allowed use, so that a screen's
 * certificate cannot serve as a broker's. */
#ifndef GAOSHI_PUBLISHER_CERTIFICATE_H
#define GAOSHI_PUBLISHER_CERTIFICATE_H

#include "base/problem.h"

#include <openssl/evp.h>
#include <openssl/x509.h>
#include <stddef.h>
#include <stdint.h>

enum certificate_role {
    CERTIFICATE_AUTHORITY, /* signs the others */
    CERTIFICATE_BROKER,
    CERTIFICATE_CLIENT, /* a screen or an operator */
};

enum { CERTIFICATE_NAME_BYTES = 64, CERTIFICATE_HOSTS_MAX = 16 };

struct certificate_plan {
    enum certificate_role role;
    const char *name; /* common name; the user name at the broker */
    const char *org;
    const char *const *hosts; /* of a broker: names or addresses */
    size_t host_count;
    int64_t from_s; /* Unix time; never later than the end of its issuer */
    int64_t until_s;
};

/* A certificate with its private key. */
struct credential {
    EVP_PKEY *key;
    X509 *certificate;
};

/* Makes a key and a certificate with a random serial number of 159 bits;
 * issuer NULL: it signs itself. The caller finishes *out. */
bool credential_make(const struct certificate_plan *plan,
                     const struct credential *issuer, struct credential *out,
                     struct problem *problem);

/* From PEM texts. False when they are not one pair. */
bool credential_read(const char *certificate_pem, const char *key_pem,
                     struct credential *out, struct problem *problem);

void credential_finish(struct credential *credential); /* NULL: nothing */

/* PEM texts that the caller frees, and clears before if it is the key. NULL: no
 * memory. */
char *certificate_to_pem(X509 *certificate);
char *credential_key_to_pem(const struct credential *credential);

X509 *certificate_read(const char *pem); /* NULL: none in it */

/* Reads the organisation or the common name; false: there is none, or it is too
 * long. */
bool certificate_text(const X509 *certificate, int nid, char *out, size_t size);

/* The list of revoked certificates as PEM; it may be empty. NULL: no memory. */
char *certificate_list_revoked(const struct credential *issuer,
                               X509 *const *revoked, size_t count,
                               int64_t from_s, int64_t until_s);

#endif
