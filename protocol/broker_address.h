/* Where a broker listens: mqtt://HOST[:PORT], or mqtts://HOST[:PORT] for TLS;
 * ws://HOST[:PORT][/PATH], or wss://… for TLS, when MQTT goes through a
 * WebSocket (RFC 6455). The one parser of such addresses, for both programs and
 * the link. */
#ifndef GAOSHI_PROTOCOL_BROKER_ADDRESS_H
#define GAOSHI_PROTOCOL_BROKER_ADDRESS_H

#include "base/problem.h"

enum {
    BROKER_HOST_BYTES = 254, /* RFC 1035: 253 characters */
    BROKER_PORT = 1883,      /* if the address names none */
    BROKER_PORT_TLS = 8883,
    BROKER_PORT_WEB = 80,
    BROKER_PORT_WEB_TLS = 443,
    BROKER_PATH_BYTES = 128,
    BROKER_ADDRESS_BYTES = BROKER_HOST_BYTES + 16 + BROKER_PATH_BYTES,
};

struct broker_address {
    bool tls;
    bool web;  /* through a WebSocket */
    bool ipv6; /* host is an IPv6 address, without brackets */
    char host[BROKER_HOST_BYTES]; /* a name, or an address */
    int port;                     /* 1 to 65535 */
    char path[BROKER_PATH_BYTES]; /* of a WebSocket, with its slash; else "" */
};

/* The scheme may be in capitals. On failure *out is unchanged, and
 * problem->expected says what was found and what was expected, without quoting
 * a password in the text. */
bool broker_address_parse(const char *text, struct broker_address *out,
                          struct problem *problem);

/* The address in full, with port and path: mqtts://[::1]:8883. */
void broker_address_format(const struct broker_address *address,
                           char out[BROKER_ADDRESS_BYTES]);

#endif
