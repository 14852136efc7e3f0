/* Gives both ends of a test's line certificates of one authority. */
#include "tests/support/mutual.h"

#include "tests/support/pki.h"

#include <stdio.h>

static bool fill_path(char out[MUTUAL_FILE_BYTES], const char *folder,
                      const char *name)
{
    int length = snprintf(out, MUTUAL_FILE_BYTES, "%s/%s", folder, name);

    return length > 0 && length < MUTUAL_FILE_BYTES;
}

bool mutual_make(struct mutual *mutual, const char *folder)
{
    struct pki *tls = pki_create(folder, "town");
    bool made = tls && pki_issue_broker(tls, "broker", "localhost") &&
                pki_issue_client(tls, "client") &&
                fill_path(mutual->ca, folder, "town.pem") &&
                fill_path(mutual->broker_cert, folder, "broker.pem") &&
                fill_path(mutual->broker_key, folder, "broker.key") &&
                fill_path(mutual->client_cert, folder, "client.pem") &&
                fill_path(mutual->client_key, folder, "client.key");

    pki_destroy(tls);
    return made;
}

void mutual_set_broker(const struct mutual *mutual,
                       struct broker_options *options)
{
    options->ca_file = mutual->ca;
    options->cert_file = mutual->broker_cert;
    options->key_file = mutual->broker_key;
    options->require_certificate = true;
}

void mutual_set_link(const struct mutual *mutual, struct link_options *options)
{
    options->ca_file = mutual->ca;
    options->cert_file = mutual->client_cert;
    options->key_file = mutual->client_key;
}

void mutual_url(int port, char out[MUTUAL_URL_BYTES])
{
    snprintf(out, MUTUAL_URL_BYTES, "mqtts://localhost:%d", port);
}
