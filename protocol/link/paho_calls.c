/* Limits what Paho reads, and keeps its two threads asleep while nothing
 * happens. Paho 1.3.12 has no setting for either. The build renames the calls
 * of these functions in a copy of Paho's archive (paho_calls.txt); everything
 * else calls those of the libraries.
 *
 * Waiting. The receiver polls for a second and then naps for 100 ms, in which
 * it reads nothing; without a socket it only naps; and while a socket is not
 * connected, or does not take all that was written, it still waits for
 * something to read. Here it sleeps until there is something to do: poll also
 * waits for a socket that takes no more, and for a wake-up by connect, by a
 * write that came to a halt, or by whoever waits for the thread's end. The
 * sender waits for a second on a condition without a predicate, so a request
 * that comes just before the wait is found late. Here signals are counted, and
 * the wait is longer.
 *
 * Reading. Paho calls poll twice and recv three times for each packet. Here one
 * recv takes what is there, and Paho's calls are answered from that.
 *
 * Limits. Paho allocates and reads a packet of any size. It asks for the body
 * in one call, so the requested length is the one that the header announces,
 * and the buffer is not touched yet. For a packet that is too large, and for
 * bytes of a WebSocket that Paho cannot read (web_frames.h), recv and SSL_read
 * report that the line has ended.
 *
 * Writing. A CLOSE or PONG frame of a WebSocket that cannot be written at once
 * is freed twice by Paho. Such a frame counts as written, and the line ends.
 *
 * Errors. Paho drops those of SSL_read, among them the broker's refusal of our
 * certificate; they are kept here. */
#include "protocol/link/paho_calls.h"

#include "protocol/link/web_frames.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum {
    FILES_MAX = 4, /* a link has one socket */
    IDLE_MS = 10000,
    /* While a connection is made, Paho's sender looks whether it takes too
     * long. */
    CONNECTING_MS = 2000,
    NAP_US = 5000,
    FRAME_HEAD_BYTES = 6, /* of a short frame, with its mask */
    AHEAD_BYTES = 16 * 1024,
};

/* Paho's names for these in paho_calls.txt. */
int paho_poll(struct pollfd *files, nfds_t count, int timeout_ms);
int paho_usleep(useconds_t microseconds);
int paho_connect(int file, const struct sockaddr *address, socklen_t bytes);
ssize_t paho_recv(int file, void *buffer, size_t bytes, int flags);
ssize_t paho_writev(int file, const struct iovec *parts, int count);
int paho_ssl_read(SSL *ssl, void *buffer, int bytes);
int paho_ssl_write(SSL *ssl, const void *buffer, int bytes);
int paho_cond_signal(pthread_cond_t *condition);
int paho_cond_timedwait(pthread_cond_t *condition, pthread_mutex_t *mutex,
                        const struct timespec *until);

static atomic_bool is_connecting, is_reached, is_web;
static atomic_size_t oversize;
static atomic_ulong tls_error;
static _Atomic(const char *) web_problem;

/* Of the receiver; connect begins it anew for a new socket. */
static struct web_frames frames;

/* Of the receiver: what was received and not asked for yet. Of several sockets,
 * which tests have, those that find it in use do without. */
static struct {
    atomic_int file; /* the socket; -1: none, or it was closed */
    size_t begin, end;
    unsigned char bytes[AHEAD_BYTES];
} ahead = {.file = -1};

/* A socket took no more when it was looked at last. */
static atomic_bool is_blocked;

/* The sender did something that the receiver must know of. It is woken when the
 * sender waits again, because until then it could only wait for Paho's locks.
 */
static atomic_bool has_news;

/* Only for the receiver: what its last call of poll found. */
static enum { POLL_NONE, POLL_IDLE, POLL_BUSY } polled;
static bool is_hurried, was_busy;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static int wake_file = -1; /* only wake_end() may read it */

/* Of the sender. Its mutex guards signals. */
static _Atomic(pthread_cond_t *) sender;
static _Atomic(pthread_mutex_t *) sender_mutex;
static unsigned long signals, signals_seen;

void paho_begin_connect(bool web)
{
    atomic_store(&oversize, 0);
    atomic_store(&tls_error, 0);
    atomic_store(&web_problem, NULL);
    atomic_store(&is_web, web);
    atomic_store(&is_reached, false);
    atomic_store(&is_connecting, true);
}

void paho_end_connect(void)
{
    atomic_store(&is_connecting, false);
}

bool paho_was_reached(void)
{
    return atomic_load(&is_reached);
}

size_t paho_take_oversize(void)
{
    return atomic_exchange(&oversize, 0);
}

const char *paho_take_web_problem(void)
{
    return atomic_exchange(&web_problem, NULL);
}

unsigned long paho_take_tls_error(void)
{
    return atomic_exchange(&tls_error, 0);
}

static void make_wake_file(void)
{
    wake_file = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
}

/* Readable when the receiver is to wake up; -1: there is none. */
static int wake_end(void)
{
    pthread_once(&once, make_wake_file);
    return wake_file;
}

static void wake_receiver(void)
{
    if (wake_end() >= 0)
        eventfd_write(wake_end(), 1);
}

static void wake_sender(void)
{
    pthread_cond_t *condition = atomic_load(&sender);
    pthread_mutex_t *mutex = atomic_load(&sender_mutex);

    if (!condition || !mutex)
        return;
    pthread_mutex_lock(mutex);
    paho_cond_signal(condition);
    pthread_mutex_unlock(mutex);
}

static bool is_receiver(void)
{
    char thread[16];

    return pthread_getname_np(pthread_self(), thread, sizeof thread) == 0 &&
           strcmp(thread, "MQTTAsync_rcv") == 0;
}

static bool is_ahead(int file)
{
    return atomic_load(&ahead.file) == file && ahead.begin < ahead.end;
}

static void forget_ahead(int file)
{
    atomic_compare_exchange_strong(&ahead.file, &file, -1);
}

/* The only socket has something to read, and takes what is written. */
static bool is_ready(const struct pollfd *files, nfds_t count)
{
    return count == 1 && is_ahead(files[0].fd) && !atomic_load(&is_blocked);
}

/* How Paho looks whether it can write, each time before it waits. A socket that
 * can be written to again is new to it: it must not wait, but look further. */
static int look(struct pollfd *files, nfds_t count)
{
    bool blocked = false;

    if (is_ready(files, count)) {
        files[0].revents = POLLOUT;
        return 1;
    }
    int found = poll(files, count, 0);

    for (nfds_t i = 0; i < count; i++)
        blocked = blocked || !(files[i].revents & POLLOUT);
    if (atomic_exchange(&is_blocked, blocked) && !blocked)
        is_hurried = true;
    return found;
}

/* Waits as Paho asks, and for what wakes the receiver. */
static int wait_for(struct pollfd *files, nfds_t count, int timeout_ms)
{
    struct pollfd all[FILES_MAX + 1] = {0};
    short more = atomic_load(&is_blocked) ? POLLOUT : 0;
    eventfd_t none;
    int found = 0, wait_ms = timeout_ms;

    for (nfds_t i = 0; i < count; i++) {
        all[i] = (struct pollfd){files[i].fd, files[i].events | more, 0};
        if (is_ahead(files[i].fd))
            wait_ms = 0;
    }
    all[count] = (struct pollfd){wake_end(), POLLIN, 0};
    int result = poll(all, count + 1, wait_ms);
    if (wake_end() >= 0 && all[count].revents)
        eventfd_read(wake_end(), &none);
    for (nfds_t i = 0; i < count; i++) {
        files[i].revents = all[i].revents & (short)~more;
        if (is_ahead(files[i].fd))
            files[i].revents |= POLLIN;
        found += files[i].revents != 0;
    }
    return result < 0 ? result : found;
}

/* A socket has a peer from the moment at which TCP connects. */
static void note_reached(const struct pollfd *files, nfds_t count)
{
    struct sockaddr_storage peer;

    if (!atomic_load(&is_connecting) || atomic_load(&is_reached))
        return;
    for (nfds_t i = 0; i < count; i++) {
        socklen_t bytes = sizeof peer;
        if (getpeername(files[i].fd, (struct sockaddr *)&peer, &bytes) == 0)
            atomic_store(&is_reached, true);
    }
}

int paho_poll(struct pollfd *files, nfds_t count, int timeout_ms)
{
    note_reached(files, count);
    if (timeout_ms == 0)
        return look(files, count);
    if (count > FILES_MAX)
        return poll(files, count, timeout_ms);
    if (is_ready(files, count)) {
        files[0].revents = POLLIN;
        polled = POLL_BUSY;
        return 1;
    }
    int found = wait_for(files, count,
                         is_hurried        ? 0
                         : wake_end() >= 0 ? IDLE_MS
                                           : timeout_ms);
    is_hurried = false;
    polled = found ? POLL_BUSY : POLL_IDLE;
    return found;
}

static void nap(long microseconds)
{
    struct timespec pause = {.tv_sec = microseconds / 1000000,
                             .tv_nsec = microseconds % 1000000 * 1000};

    nanosleep(&pause, NULL);
}

/* The receiver naps when poll found nothing that it can do, or was not called
 * at all, because there is no socket. If it finds the same again and again, it
 * must not go round without a pause. Others nap while they wait for the end of
 * Paho's threads. */
int paho_usleep(useconds_t microseconds)
{
    if (!is_receiver()) {
        wake_receiver();
        wake_sender();
        nap((long)microseconds);
        return 0;
    }
    bool goes_round = polled == POLL_BUSY && was_busy;
    was_busy = polled == POLL_BUSY && !was_busy;
    if (goes_round || wake_end() < 0)
        nap(NAP_US);
    else if (polled == POLL_NONE)
        wait_for(NULL, 0, IDLE_MS);
    polled = POLL_NONE;
    return 0;
}

static void note_blocked(void)
{
    atomic_store(&is_blocked, true);
    atomic_store(&has_news, true);
}

int paho_connect(int file, const struct sockaddr *address, socklen_t bytes)
{
    int result = connect(file, address, bytes);
    int error = errno;

    memset(&frames, 0, sizeof frames);
    forget_ahead(file);
    note_blocked();
    errno = error;
    return result;
}

static bool is_too_large(size_t bytes)
{
    if (bytes <= PAHO_PACKET_BYTES)
        return false;
    atomic_store(&oversize, bytes);
    return true;
}

/* Within a packet that came through a WebSocket Paho does not notice the end of
 * a line, and asks again at once until the link gives the line up. */
static int end_line(void)
{
    if (atomic_load(&is_web))
        nap(NAP_US);
    return 0;
}

static bool can_read(const void *bytes, size_t count)
{
    if (!atomic_load(&is_web))
        return true;
    const char *problem = web_frames_take(&frames, bytes, count,
                                          PAHO_PACKET_BYTES);
    if (problem)
        atomic_store(&web_problem, problem);
    return !problem;
}

/* As recv, for the receiver. */
static ssize_t receive(int file, void *buffer, size_t bytes, int flags)
{
    int holder = atomic_load(&ahead.file);
    bool in_use = holder >= 0 && ahead.begin < ahead.end;
    bool ours = in_use && holder == file;

    if (!ours && (in_use || bytes >= AHEAD_BYTES))
        return recv(file, buffer, bytes, flags);
    if (!ours) {
        ssize_t got = recv(file, ahead.bytes, AHEAD_BYTES, flags);
        if (got <= 0)
            return got;
        ahead.begin = 0;
        ahead.end = (size_t)got;
        atomic_store(&ahead.file, file);
    }
    if (bytes > ahead.end - ahead.begin)
        bytes = ahead.end - ahead.begin;
    memcpy(buffer, ahead.bytes + ahead.begin, bytes);
    ahead.begin += bytes;
    return (ssize_t)bytes;
}

ssize_t paho_recv(int file, void *buffer, size_t bytes, int flags)
{
    if (is_too_large(bytes))
        return 0;
    if (bytes == 0) { /* Paho's last call before it closes the socket */
        forget_ahead(file);
        return recv(file, buffer, bytes, flags);
    }
    ssize_t got = receive(file, buffer, bytes, flags);
    if (got < 0 || (got > 0 && can_read(buffer, (size_t)got)))
        return got;
    return end_line();
}

int paho_ssl_read(SSL *ssl, void *buffer, int bytes)
{
    size_t got = 0;

    if (bytes < 0 || is_too_large((size_t)bytes))
        return 0;
    if (SSL_read_ex(ssl, buffer, (size_t)bytes, &got))
        return can_read(buffer, got) ? (int)got : end_line();
    int error = SSL_get_error(ssl, 0);
    if (error == SSL_ERROR_SSL)
        atomic_store(&tls_error, ERR_peek_last_error());
    return error == SSL_ERROR_ZERO_RETURN ? end_line() : -1;
}

/* Of all that is to be written at once. */
static bool is_control_frame(const unsigned char *bytes, size_t head,
                             size_t all)
{
    return atomic_load(&is_web) && head >= FRAME_HEAD_BYTES &&
           (bytes[0] & 0xF8) == 0x88 && bytes[1] & 0x80 &&
           all == FRAME_HEAD_BYTES + (bytes[1] & 0x7FU);
}

ssize_t paho_writev(int file, const struct iovec *parts, int count)
{
    ssize_t wrote = writev(file, parts, count);
    int error = errno;
    size_t all = 0;

    for (int i = 0; i < count; i++)
        all += parts[i].iov_len;
    if (wrote >= 0 && (size_t)wrote == all)
        return wrote;
    if (count > 0 &&
        is_control_frame(parts[0].iov_base, parts[0].iov_len, all)) {
        shutdown(file, SHUT_RDWR);
        return (ssize_t)all;
    }
    note_blocked();
    errno = error;
    return wrote;
}

int paho_ssl_write(SSL *ssl, const void *buffer, int bytes)
{
    int wrote = SSL_write(ssl, buffer, bytes);

    if (wrote > 0)
        return wrote;
    if (bytes > 0 && is_control_frame(buffer, (size_t)bytes, (size_t)bytes)) {
        shutdown(SSL_get_fd(ssl), SHUT_RDWR);
        return bytes;
    }
    note_blocked();
    return wrote;
}

/* With the condition's mutex, as all of Paho's calls. */
int paho_cond_signal(pthread_cond_t *condition)
{
    signals++;
    return pthread_cond_signal(condition);
}

int paho_cond_timedwait(pthread_cond_t *condition, pthread_mutex_t *mutex,
                        const struct timespec *until)
{
    struct timespec end;
    int result = 0;

    (void)until; /* of a clock that may be set */
    if (atomic_exchange(&has_news, false))
        wake_receiver();
    atomic_store(&sender_mutex, mutex);
    atomic_store(&sender, condition);
    clock_gettime(CLOCK_MONOTONIC, &end);
    end.tv_sec += (atomic_load(&is_connecting) ? CONNECTING_MS : IDLE_MS) /
                  1000;
    if (signals == signals_seen)
        result = pthread_cond_clockwait(condition, mutex, CLOCK_MONOTONIC,
                                        &end);
    signals_seen = signals;
    return result;
}
