/* The way to the broker before TLS begins: its address, a socket. */
#include "protocol/link/tls.h"

#include "protocol/link/link_state.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* 0, or the errno of the failure. */
static int connect_until(int file, const struct addrinfo *address,
                         int64_t until_ms)
{
    struct pollfd waiting = {.fd = file, .events = POLLOUT};
    int error = 0;
    socklen_t size = sizeof error;

    if (connect(file, address->ai_addr, address->ai_addrlen) == 0)
        return 0;
    if (errno != EINPROGRESS)
        return errno;
    int64_t left_ms = until_ms - link_now_ms();
    if (left_ms <= 0 || poll(&waiting, 1, (int)left_ms) != 1)
        return ETIMEDOUT;
    if (getsockopt(file, SOL_SOCKET, SO_ERROR, &error, &size) != 0)
        return errno;
    return error;
}

static int open_socket(const struct addrinfo *address, int64_t until_ms,
                       int *error)
{
    int file = socket(address->ai_family,
                      SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    if (file < 0) {
        *error = errno;
        return -1;
    }
    *error = connect_until(file, address, until_ms);
    if (*error == 0)
        return file;
    close(file);
    return -1;
}

int tls_connect_socket(const struct broker_address *address, int64_t until_ms,
                       char out[TLS_REASON_BYTES])
{
    char port[8];
    struct addrinfo wanted = {.ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    int error = 0;
    int file = -1;

    snprintf(port, sizeof port, "%d", address->port);
    int result = getaddrinfo(address->host, port, &wanted, &found);
    if (result != 0) {
        snprintf(out, TLS_REASON_BYTES, "the name '%.80s' is not found: %s",
                 address->host, gai_strerror(result));
        return -1;
    }
    for (struct addrinfo *each = found; each && file < 0; each = each->ai_next)
        file = open_socket(each, until_ms, &error);
    freeaddrinfo(found);
    if (file < 0)
        snprintf(out, TLS_REASON_BYTES, "%s", strerror(error));
    return file;
}
