/* Addresses of the network: where the console listens, and who calls. */
#ifndef GAOSHI_PUBLISHER_LISTEN_ADDRESS_H
#define GAOSHI_PUBLISHER_LISTEN_ADDRESS_H

#include "base/problem.h"

#include <netinet/in.h>
#include <stdbool.h>
#include <sys/socket.h>

enum { ADDRESS_BYTES = INET6_ADDRSTRLEN };

struct listen_address {
    struct sockaddr_storage socket;
    socklen_t socket_bytes;
    char host[ADDRESS_BYTES + 2]; /* as in a URL: 10.0.0.5 or [::1] */
    bool is_loopback;
    bool is_any; /* every address of the machine: 0.0.0.0 or [::] */
};

/* Reads ADDRESS:PORT or [ADDRESS]:PORT; names are not looked up. The port is
 * from 0 (a free one) to 65535. */
bool listen_address_parse(const char *text, struct listen_address *out,
                          struct problem *problem);

/* 127.0.0.1 with this port. */
void listen_address_local(int port, struct listen_address *out);

/* The address of a caller without its port; "?" where it has none. */
void address_print(const struct sockaddr *from, char out[ADDRESS_BYTES]);

/* What one household or office has: an IPv4 address, or the first 64 bits of an
 * IPv6 address. The text is one that address_print wrote. */
void address_network(const char *address, char out[ADDRESS_BYTES]);

#endif
