/* Why a TLS connection fails, in words that help a person to fix it. For
 * --check-config and for an operator's failed command only: it makes one more
 * connection, which a thousand screens must not do. */
#ifndef GAOSHI_PROTOCOL_DIAGNOSIS_H
#define GAOSHI_PROTOCOL_DIAGNOSIS_H

#include "protocol/link/link.h"

enum { DIAGNOSIS_BYTES = 200 };

enum diagnosis_fault {
    DIAGNOSIS_NONE,
    DIAGNOSIS_UNREACHABLE, /* no TCP connection to the broker */
    DIAGNOSIS_BROKER,      /* the broker's certificate, or its TLS */
    DIAGNOSIS_OURS,        /* the broker does not take our certificate */
};

struct diagnosis {
    enum diagnosis_fault fault;
    char text[DIAGNOSIS_BYTES]; /* "": nothing is wrong */
};

/* Connects to the broker and does the TLS handshake. Takes at most 3 s, or as
 * long as the look-up of the name. Reports nothing if the address does not ask
 * for TLS. */
void link_diagnose(const struct link_options *options, size_t broker,
                   struct diagnosis *out);

#endif
