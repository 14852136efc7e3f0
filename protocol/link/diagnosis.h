/* Why no connection over TLS comes about, in words that help a person to mend
 * it. For a technician's --check-config and an operator's failed command: it
 * makes one more connection, which a thousand screens must not do. */
#ifndef GAOSHI_PROTOCOL_DIAGNOSIS_H
#define GAOSHI_PROTOCOL_DIAGNOSIS_H

#include "protocol/link/link.h"

enum { DIAGNOSIS_BYTES = 200 };

enum diagnosis_fault {
    DIAGNOSIS_NONE,
    DIAGNOSIS_UNREACHABLE, /* there is no connection to speak TLS over */
    DIAGNOSIS_BROKER,      /* the broker's certificate, or its TLS */
    DIAGNOSIS_OURS,        /* the broker does not take our certificate */
};

struct diagnosis {
    enum diagnosis_fault fault;
    char text[DIAGNOSIS_BYTES]; /* "": nothing is wrong */
};

/* Connects to the broker as far as the end of the TLS handshake. Takes 3 s at
 * most, or as long as the look-up of the name. Nothing is found where the
 * address does not ask for TLS. */
void link_diagnose(const struct link_options *options, size_t broker,
                   struct diagnosis *out);

#endif
