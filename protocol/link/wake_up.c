/* Shortens the sleep of Paho's receiver thread, and bounds what it reads.
 *
 * Paho 1.3.12 offers no setting for either, so this file defines poll, usleep,
 * recv and SSL_read for the whole program; a static link takes these instead of
 * the libraries'. Other threads get what the libraries do. In the receiver:
 * - poll: while a socket is not connected yet, Paho waits a second for
 *   something to read from it. Every connection anew came a second late.
 * - usleep: after each second without traffic Paho sleeps for 100 ms in which
 *   it reads nothing. Every eleventh alert to a quiet screen came up to 100 ms
 *   late. The sleep is shortened, not skipped: without a socket nothing else
 *   keeps the receiver from spinning.
 * - recv, SSL_read: Paho reserves and reads a packet of any size. It asks for
 *   the body of a packet in one call, so the bytes asked for are what the
 *   packet's header announces, and the buffer is not touched yet. Over a packet
 *   that is too large Paho is told that the line has ended. Paho also drops the
 *   errors of SSL_read, among them a broker's word on our certificate. */
/* The fortified headers define poll and recv inline; this file defines them
 * itself. */
#undef _FORTIFY_SOURCE
#include "protocol/link/wake_up.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { SLEEP_US = 5000, CONNECT_LOOK_MS = 50 };

static atomic_bool is_connecting;
static atomic_size_t oversize;
static atomic_ulong tls_error;

void wake_up_while_connecting(bool connecting)
{
    atomic_store(&is_connecting, connecting);
}

size_t wake_up_take_oversize(void)
{
    return atomic_exchange(&oversize, 0);
}

unsigned long wake_up_take_tls_error(void)
{
    return atomic_exchange(&tls_error, 0);
}

static bool is_receiver(void)
{
    char thread[16];

    return pthread_getname_np(pthread_self(), thread, sizeof thread) == 0 &&
           strcmp(thread, "MQTTAsync_rcv") == 0;
}

int poll(struct pollfd *files, nfds_t count, int timeout_ms)
{
    struct timespec pause;

    if (timeout_ms > CONNECT_LOOK_MS && atomic_load(&is_connecting) &&
        is_receiver())
        timeout_ms = CONNECT_LOOK_MS;
    pause = (struct timespec){.tv_sec = timeout_ms / 1000,
                              .tv_nsec = timeout_ms % 1000 * 1000000};
    return ppoll(files, count, timeout_ms < 0 ? NULL : &pause, NULL);
}

int usleep(useconds_t microseconds)
{
    if (microseconds > SLEEP_US && is_receiver())
        microseconds = SLEEP_US;
    struct timespec pause = {.tv_sec = microseconds / 1000000,
                             .tv_nsec = microseconds % 1000000 * 1000};
    return nanosleep(&pause, NULL);
}

static bool is_too_large(size_t bytes)
{
    if (bytes <= WAKE_UP_PACKET_BYTES || !is_receiver())
        return false;
    atomic_store(&oversize, bytes);
    return true;
}

ssize_t recv(int file, void *buffer, size_t bytes, int flags)
{
    return is_too_large(bytes)
               ? 0
               : recvfrom(file, buffer, bytes, flags, NULL, NULL);
}

int SSL_read(SSL *ssl, void *buffer, int bytes)
{
    size_t got = 0;

    if (bytes < 0 || is_too_large((size_t)bytes))
        return 0;
    if (SSL_read_ex(ssl, buffer, (size_t)bytes, &got))
        return (int)got;
    int error = SSL_get_error(ssl, 0);
    if (error == SSL_ERROR_SSL && is_receiver())
        atomic_store(&tls_error, ERR_peek_last_error());
    return error == SSL_ERROR_ZERO_RETURN ? 0 : -1;
}
