/* What is wrong with a line over TLS, said so that a person can mend it.
 * Paho tells little more than that it failed. */
#ifndef GAOSHI_PROTOCOL_LINK_TLS_H
#define GAOSHI_PROTOCOL_LINK_TLS_H

#include "protocol/broker_address.h"
#include "protocol/link/link.h"

enum { TLS_REASON_BYTES = 200 };

struct tls_fault {
    char text[TLS_REASON_BYTES]; /* "": nothing is wrong */
    bool is_ours;                /* the broker does not take our certificate */
};

/* Makes a connection of its own to the broker, as far as the end of the
 * handshake, and says why it fails. Blocks for 3 s at most, or as long as the
 * look-up of the name takes. */
void tls_find_fault(const struct link_options *options, size_t broker,
                    struct tls_fault *out);

/* A connected socket, or -1 and why not. until_ms: as link_now_ms counts. */
int tls_connect_socket(const struct broker_address *address, int64_t until_ms,
                       char out[TLS_REASON_BYTES]);

#endif
