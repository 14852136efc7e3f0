/* Shortens the sleep of Paho's receiver thread, and limits what it reads. Paho
 * 1.3.12 has no setting for either, so this file defines poll, usleep, recv and
 * SSL_read for the whole program; the static link takes these in place of the
 * libraries' functions. In other threads they behave as in the libraries. In
 * the receiver:
 * - poll: while a socket is not connected yet, Paho waits a second for
 *   something to read from it, so every reconnect took a second longer.
 * - usleep: after each second without traffic Paho sleeps for 100 ms and reads
 *   nothing, so every eleventh alert to a quiet screen was up to 100 ms late.
 *   The sleep is shortened, not skipped, because without a socket nothing else
 *   keeps the receiver from spinning.
 * - recv, SSL_read: Paho allocates and reads a packet of any size. It asks for
 *   the body of a packet in one call, so the requested length is the one that
 *   the packet's header announces, and the buffer is not touched yet. For a
 *   packet that is too large these functions report that the line has ended.
 * Paho also drops the errors of SSL_read, among them the broker's refusal of
 * our certificate; they are kept here. */
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
