/* Certificates for tests of TLS: an authority, brokers, screens, good ones
 * and bad ones, as PEM files in a folder. */
#ifndef GAOSHI_TESTS_SUPPORT_PKI_H
#define GAOSHI_TESTS_SUPPORT_PKI_H

#include "publisher/provision/certificate.h"

#include <stdbool.h>

struct pki;

/* Writes NAME.pem and NAME.key of an authority. NULL: it failed. */
struct pki *pki_create(const char *folder, const char *name);
void pki_destroy(struct pki *pki); /* NULL: nothing */

struct pki_wish {
    const char *name; /* of the files, and the common name */
    enum certificate_role role;
    const char *host;   /* of a broker */
    int valid_from_day; /* from today; -1: yesterday */
    int valid_until_day;
};

bool pki_issue(struct pki *pki, const struct pki_wish *wish);

/* From yesterday till tomorrow. */
bool pki_issue_broker(struct pki *pki, const char *name, const char *host);
bool pki_issue_client(struct pki *pki, const char *name);

/* A list with this one certificate on it in LIST.pem; name NULL: empty. */
bool pki_revoke(struct pki *pki, const char *list, const char *name);

#endif
