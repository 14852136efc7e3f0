/* Reads and prints addresses of IPv4 and IPv6. */
#include "publisher/console/listen_address.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PORT_DIGITS = 5, PORT_MAX = 65535 };

static bool parse_port(const char *text, int *out)
{
    size_t digits = strspn(text, "0123456789");
    long port = digits > 0 && digits <= PORT_DIGITS ? strtol(text, NULL, 10)
                                                    : -1;

    if (port < 0 || port > PORT_MAX || text[digits])
        return false;
    *out = (int)port;
    return true;
}

static bool set_v4(struct listen_address *out, const char *host, int port)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)port)};

    if (inet_pton(AF_INET, host, &address.sin_addr) != 1)
        return false;
    uint32_t number = ntohl(address.sin_addr.s_addr);
    *out = (struct listen_address){.socket_bytes = sizeof address,
                                   .is_loopback = number >> 24 == 127,
                                   .is_any = number == INADDR_ANY};
    memcpy(&out->socket, &address, sizeof address);
    snprintf(out->host, sizeof out->host, "%s", host);
    return true;
}

static bool set_v6(struct listen_address *out, const char *host, int port)
{
    struct sockaddr_in6 address = {.sin6_family = AF_INET6,
                                   .sin6_port = htons((uint16_t)port)};

    if (inet_pton(AF_INET6, host, &address.sin6_addr) != 1)
        return false;
    *out = (struct listen_address){
        .socket_bytes = sizeof address,
        .is_loopback = IN6_IS_ADDR_LOOPBACK(&address.sin6_addr),
        .is_any = IN6_IS_ADDR_UNSPECIFIED(&address.sin6_addr)};
    memcpy(&out->socket, &address, sizeof address);
    snprintf(out->host, sizeof out->host, "[%s]", host);
    return true;
}

bool listen_address_parse(const char *text, struct listen_address *out,
                          struct problem *problem)
{
    char host[ADDRESS_BYTES];
    bool is_v6 = text[0] == '[';
    const char *begin = text + is_v6;
    const char *end = is_v6 ? strchr(text, ']') : strrchr(text, ':');
    size_t length = end ? (size_t)(end - begin) : sizeof host;
    int port = 0;

    if (length < sizeof host && end[is_v6] == ':' &&
        parse_port(end + is_v6 + 1, &port)) {
        memcpy(host, begin, length);
        host[length] = '\0';
        if (is_v6 ? set_v6(out, host, port) : set_v4(out, host, port))
            return true;
    }
    return problem_set_field(problem, "listen",
                             "'%s', expected ADDRESS:PORT, such as "
                             "10.0.0.5:8443 or [::1]:8443",
                             text);
}

void listen_address_local(int port, struct listen_address *out)
{
    set_v4(out, "127.0.0.1", port);
}

void address_print(const struct sockaddr *from, char out[ADDRESS_BYTES])
{
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
    const char *text = NULL;

    if (from && from->sa_family == AF_INET) {
        memcpy(&v4, from, sizeof v4);
        text = inet_ntop(AF_INET, &v4.sin_addr, out, ADDRESS_BYTES);
    } else if (from && from->sa_family == AF_INET6) {
        memcpy(&v6, from, sizeof v6);
        text = inet_ntop(AF_INET6, &v6.sin6_addr, out, ADDRESS_BYTES);
    }
    if (!text)
        snprintf(out, ADDRESS_BYTES, "?");
}

void address_network(const char *address, char out[ADDRESS_BYTES])
{
    struct in6_addr v6;

    if (inet_pton(AF_INET6, address, &v6) == 1 && !IN6_IS_ADDR_V4MAPPED(&v6)) {
        memset(v6.s6_addr + 8, 0, 8);
        if (inet_ntop(AF_INET6, &v6, out, ADDRESS_BYTES))
            return;
    }
    snprintf(out, ADDRESS_BYTES, "%s", address);
}
