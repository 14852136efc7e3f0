/* Mutual TLS between a test's own broker and its clients: the certificates,
 * and the options that name their files. */
#ifndef GAOSHI_TESTS_SUPPORT_MUTUAL_H
#define GAOSHI_TESTS_SUPPORT_MUTUAL_H

#include "protocol/link/link.h"
#include "tests/support/broker.h"

enum { MUTUAL_FILE_BYTES = 256 };

/* Paths. Options that were made from them borrow them. */
struct mutual {
    char ca[MUTUAL_FILE_BYTES];
    char broker_cert[MUTUAL_FILE_BYTES]; /* for localhost */
    char broker_key[MUTUAL_FILE_BYTES];
    char client_cert[MUTUAL_FILE_BYTES];
    char client_key[MUTUAL_FILE_BYTES];
};

/* Makes an authority, a broker's and a client's certificate in the folder. */
bool mutual_make(struct mutual *mutual, const char *folder);

void mutual_set_broker(const struct mutual *mutual,
                       struct broker_options *options);
void mutual_set_link(const struct mutual *mutual, struct link_options *options);

/* mqtts://localhost:PORT of whoever listens there in the broker's place. */
enum { MUTUAL_URL_BYTES = 64 };
void mutual_url(int port, char out[MUTUAL_URL_BYTES]);

#endif
