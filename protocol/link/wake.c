/* Keeps Paho's two threads awake (1.3.12): its sender sleeps over requests
 * for a second, its receiver over a connection that is made as long, and it
 * takes naps of a tenth. */
/* The fortified headers define poll and recv inline; this file defines them
 * itself. */
#undef _FORTIFY_SOURCE
#include "protocol/link/link_state.h"

#include <openssl/ssl.h>
#include <poll.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
    NUDGE_FIRST_MS = 10, /* a broker near by answers within one */
    NUDGE_LAST_MS = 1000,
    NAP_US = 5000,
    CONNECT_LOOK_MS = 50,
};

/* A filter that nobody subscribes to. */
#define NUDGE_FILTER "gaoshi/nudge"

void nudge_expect(struct link *link)
{
    link->nudge_step_ms = NUDGE_FIRST_MS;
    link->nudge_ms = link_now_ms() + NUDGE_FIRST_MS;
}

bool nudge_is_wanted(const struct link *link)
{
    return link->state == LINE_UP &&
           (link->pending.first || link->subscribing > 0);
}

static void on_answer5(void *context, MQTTAsync_successData5 *data)
{
    (void)data;
    pulse_heard(context);
}

static void on_answer(void *context, MQTTAsync_successData *data)
{
    (void)data;
    pulse_heard(context);
}

bool link_ask(struct link *link)
{
    MQTTAsync_responseOptions response = MQTTAsync_responseOptions_initializer;

    response.context = link;
    if (link->options.mqtt_version == MQTTVERSION_5)
        response.onSuccess5 = on_answer5;
    else
        response.onSuccess = on_answer;
    return MQTTAsync_unsubscribe(link->client, NUDGE_FILTER, &response) ==
           MQTTASYNC_SUCCESS;
}

/* A request that is queued in the moment when the sender looked at its queue
 * for the last time stays there for a second: Paho waits on a condition
 * without a predicate. Any further request wakes it; one to unsubscribe from
 * nothing changes nothing. Ever more seldom, so that a slow broker is not
 * flooded. */
void nudge_paho(struct link *link)
{
    if (link->nudge_step_ms < NUDGE_LAST_MS)
        link->nudge_step_ms *= 2;
    link->nudge_ms = link_now_ms() + link->nudge_step_ms;
    pthread_mutex_unlock(&link->lock);
    link_ask(link);
    pthread_mutex_lock(&link->lock);
}

static bool is_receiver(void)
{
    char thread[16];

    return pthread_getname_np(pthread_self(), thread, sizeof thread) == 0 &&
           strcmp(thread, "MQTTAsync_rcv") == 0;
}

static atomic_bool connecting;

void wake_for_connect(bool begins)
{
    atomic_store(&connecting, begins);
}

/* Takes the place of the C library's for this program. Paho's receiver looks
 * whether a socket is connected, and if not yet, waits a second for something
 * to read from it: every connection anew came a second late. */
int poll(struct pollfd *files, nfds_t count, int timeout_ms)
{
    struct timespec pause;

    if (timeout_ms > CONNECT_LOOK_MS && atomic_load(&connecting) &&
        is_receiver())
        timeout_ms = CONNECT_LOOK_MS;
    pause = (struct timespec){.tv_sec = timeout_ms / 1000,
                              .tv_nsec = timeout_ms % 1000 * 1000000};
    return ppoll(files, count, timeout_ms < 0 ? NULL : &pause, NULL);
}

/* Takes the place of the C library's for this program. After each second
 * without traffic Paho's receiver calls it for 100 ms, in which nothing is
 * read: every eleventh alert to a quiet screen came up to 100 ms late. The
 * nap stays, but short: without a socket it is all that keeps the receiver
 * from spinning. */
int usleep(useconds_t microseconds)
{
    if (microseconds > NAP_US && is_receiver())
        microseconds = NAP_US;
    struct timespec pause = {.tv_sec = microseconds / 1000000,
                             .tv_nsec = microseconds % 1000000 * 1000};
    return nanosleep(&pause, NULL);
}

static atomic_size_t oversize;

size_t wake_take_oversize(void)
{
    return atomic_exchange(&oversize, 0);
}

/* Paho asks for the body of a packet at once, so what it asks for is what the
 * packet's header says. The buffer for it is not touched yet. */
static bool is_too_much(size_t bytes)
{
    if (bytes <= LINK_CUT_BYTES || !is_receiver())
        return false;
    atomic_store(&oversize, bytes);
    return true;
}

/* Takes the place of the C library's for this program: to Paho, a line with a
 * packet that is too large has ended. */
ssize_t recv(int file, void *buffer, size_t bytes, int flags)
{
    return is_too_much(bytes)
               ? 0
               : recvfrom(file, buffer, bytes, flags, NULL, NULL);
}

/* Likewise of OpenSSL's. */
int SSL_read(SSL *ssl, void *buffer, int bytes)
{
    size_t got = 0;

    if (bytes < 0 || is_too_much((size_t)bytes))
        return 0;
    if (SSL_read_ex(ssl, buffer, (size_t)bytes, &got))
        return (int)got;
    return SSL_get_error(ssl, 0) == SSL_ERROR_ZERO_RETURN ? 0 : -1;
}
