/* Forwards bytes between two sockets, as well or as badly as a test wants. */
#include "tests/support/proxy.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/support/bench_fixture.h"
#include "tests/support/loopback.h"

enum {
    PAIRS_MAX = 64,
    CHUNK_BYTES = 65536,
    SLOW_STEP_MS = 1000,
    TRICKLE_BYTES = 10000,
    /* With so many connections waiting to be let in, Linux answers no more:
     * the way of a line on which nothing moves. */
    BACKLOG = 1,
    FILLERS = BACKLOG + 1,
};

static bool is_slow(enum proxy_mode mode)
{
    return mode == PROXY_SLOW || mode == PROXY_TRICKLE;
}

enum side { CLIENT, BROKER, SIDE_COUNT };

/* What was read from one side and not yet written to the other. */
struct pipe_bytes {
    char bytes[CHUNK_BYTES];
    size_t begin, end;
};

struct pair {
    int fd[SIDE_COUNT]; /* -1: free */
    bool half_open;
    struct pipe_bytes from[SIDE_COUNT];
};

struct proxy {
    int listener, target_port, wake;
    char url[64];
    pthread_t thread;
    bool threaded;
    int fillers[FILLERS]; /* -1: none; the thread's alone, as the pairs */
    struct pair pairs[PAIRS_MAX];
    double slow_ms; /* when the next byte may go */

    pthread_mutex_t lock; /* guards everything below */
    enum proxy_mode mode;
    bool ending, cut, forget;
    size_t accepted;
};

/* A reset, not an end. */
static void reset_socket(int fd)
{
    const struct linger none = {.l_onoff = 1, .l_linger = 0};

    setsockopt(fd, SOL_SOCKET, SO_LINGER, &none, sizeof none);
    close(fd);
}

static void forget_pair(struct pair *pair)
{
    pair->half_open = true;
    for (int side = 0; side < SIDE_COUNT; side++)
        pair->from[side].begin = pair->from[side].end = 0;
}

static void close_pair(struct pair *pair, bool reset)
{
    for (int side = 0; side < SIDE_COUNT; side++) {
        if (pair->fd[side] >= 0 && reset)
            reset_socket(pair->fd[side]);
        else if (pair->fd[side] >= 0)
            close(pair->fd[side]);
        pair->fd[side] = -1;
    }
    forget_pair(pair);
}

static bool is_free(const struct pair *pair)
{
    return pair->fd[CLIENT] < 0 && pair->fd[BROKER] < 0;
}

static struct pair *free_pair(struct proxy *proxy)
{
    for (int i = 0; i < PAIRS_MAX; i++) {
        if (is_free(&proxy->pairs[i]))
            return &proxy->pairs[i];
    }
    return NULL;
}

static void let_in(struct proxy *proxy, bool refuse)
{
    const int yes = 1;
    int client = accept4(proxy->listener, NULL, NULL,
                         SOCK_CLOEXEC | SOCK_NONBLOCK);
    struct pair *pair = free_pair(proxy);

    if (client < 0)
        return;
    int broker = refuse || !pair
                     ? -1
                     : loopback_connect(proxy->target_port, SOCK_NONBLOCK);
    if (broker < 0) {
        reset_socket(client);
        return;
    }
    setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    pair->fd[CLIENT] = client;
    pair->fd[BROKER] = broker;
    pair->half_open = false;
    pthread_mutex_lock(&proxy->lock);
    proxy->accepted++;
    pthread_mutex_unlock(&proxy->lock);
}

/* Stuffs the queue of those who wait to be let in, or empties it again. */
static void block_entrance(struct proxy *proxy, int port, bool block)
{
    for (int i = 0; i < FILLERS; i++) {
        if (block && proxy->fillers[i] < 0)
            proxy->fillers[i] = loopback_connect(port, SOCK_NONBLOCK);
        if (block || proxy->fillers[i] < 0)
            continue;
        reset_socket(proxy->fillers[i]);
        proxy->fillers[i] = -1;
    }
}

/* False: the connection is over. */
static bool fill(struct pair *pair, int side)
{
    struct pipe_bytes *pipe = &pair->from[side];

    if (pipe->begin < pipe->end)
        return true;
    ssize_t got = read(pair->fd[side], pipe->bytes, sizeof pipe->bytes);
    pipe->begin = 0;
    pipe->end = got > 0 && !pair->half_open ? (size_t)got : 0;
    return got > 0 || (got < 0 && (errno == EAGAIN || errno == EINTR));
}

static bool drain(struct pair *pair, int side, size_t limit)
{
    struct pipe_bytes *pipe = &pair->from[side];
    size_t bytes = pipe->end - pipe->begin;

    if (bytes == 0)
        return true;
    ssize_t put = send(pair->fd[1 - side], pipe->bytes + pipe->begin,
                       bytes < limit ? bytes : limit, MSG_NOSIGNAL);
    if (put > 0)
        pipe->begin += (size_t)put;
    return put > 0 || errno == EAGAIN || errno == EINTR;
}

/* Of a half-open connection one end goes and the other never learns of it. */
static void end_side(struct pair *pair, int side)
{
    if (!pair->half_open) {
        close_pair(pair, false);
        return;
    }
    close(pair->fd[side]);
    pair->fd[side] = -1;
}

static void forward(struct pair *pair, const struct pollfd *polled,
                    size_t limit)
{
    for (int side = 0; side < SIDE_COUNT; side++) {
        bool told = polled[side].revents & (POLLIN | POLLHUP | POLLERR);
        if (pair->fd[side] < 0)
            continue;
        if ((told && !fill(pair, side)) ||
            (limit > 0 && !drain(pair, side, limit)))
            end_side(pair, side);
    }
}

/* A side is read when what it sent before has gone on; written when it can
 * take something. */
static short wanted(const struct pair *pair, int side, enum proxy_mode mode)
{
    bool mine = pair->from[side].begin < pair->from[side].end;
    bool other = pair->from[1 - side].begin < pair->from[1 - side].end;

    if (pair->fd[side] < 0 || (mode == PROXY_HOLD && !pair->half_open))
        return 0;
    if (is_slow(mode))
        return mine ? 0 : POLLIN;
    return (short)((mine ? 0 : POLLIN) | (other ? POLLOUT : 0));
}

enum { FIRST_PAIR = 2, POLLED = FIRST_PAIR + PAIRS_MAX * SIDE_COUNT };

static void collect(struct proxy *proxy, enum proxy_mode mode,
                    struct pollfd polled[POLLED])
{
    polled[0] = (struct pollfd){.fd = proxy->wake, .events = POLLIN};
    polled[1] = (struct pollfd){.fd = mode == PROXY_HOLD ? -1 : proxy->listener,
                                .events = POLLIN};
    for (int i = 0; i < PAIRS_MAX * SIDE_COUNT; i++) {
        const struct pair *pair = &proxy->pairs[i / SIDE_COUNT];
        short events = wanted(pair, i % SIDE_COUNT, mode);
        polled[FIRST_PAIR + i] = (struct pollfd){
            .fd = events ? pair->fd[i % SIDE_COUNT] : -1, .events = events};
    }
}

/* How many bytes each way may carry now. */
static size_t allowance(struct proxy *proxy, enum proxy_mode mode)
{
    if (mode == PROXY_HOLD)
        return 0;
    if (!is_slow(mode))
        return CHUNK_BYTES;
    if (bench_now_ms() < proxy->slow_ms)
        return 0;
    proxy->slow_ms = bench_now_ms() + SLOW_STEP_MS;
    return mode == PROXY_SLOW ? 1 : TRICKLE_BYTES;
}

static void turn(struct proxy *proxy, enum proxy_mode mode)
{
    struct pollfd polled[POLLED];
    uint64_t count;

    collect(proxy, mode, polled);
    poll(polled, POLLED, is_slow(mode) ? SLOW_STEP_MS / 4 : -1);
    if (polled[0].revents & POLLIN &&
        read(proxy->wake, &count, sizeof count) < 0)
        return;
    size_t limit = allowance(proxy, mode);
    for (int i = 0; i < PAIRS_MAX; i++)
        forward(&proxy->pairs[i], &polled[FIRST_PAIR + i * SIDE_COUNT], limit);
    if (polled[1].revents & POLLIN)
        let_in(proxy, mode == PROXY_REFUSE);
}

/* What was asked for since the last turn. False: the end. */
static bool obey(struct proxy *proxy, enum proxy_mode *mode, int port)
{
    pthread_mutex_lock(&proxy->lock);
    bool cut = proxy->cut, forget = proxy->forget, ending = proxy->ending;
    *mode = proxy->mode;
    proxy->cut = proxy->forget = false;
    pthread_mutex_unlock(&proxy->lock);
    block_entrance(proxy, port, *mode == PROXY_HOLD);
    for (int i = 0; i < PAIRS_MAX; i++) {
        if (cut || ending)
            close_pair(&proxy->pairs[i], true);
        else if (forget)
            forget_pair(&proxy->pairs[i]);
    }
    return !ending;
}

static void *run(void *context)
{
    struct proxy *proxy = context;
    enum proxy_mode mode = PROXY_PASS;
    int port = loopback_port(proxy->listener);

    while (obey(proxy, &mode, port))
        turn(proxy, mode);
    return NULL;
}

static bool open_listener(struct proxy *proxy)
{
    proxy->listener = loopback_listen(BACKLOG);
    snprintf(proxy->url, sizeof proxy->url, "mqtt://127.0.0.1:%d",
             loopback_port(proxy->listener));
    return proxy->listener >= 0;
}

struct proxy *proxy_start(int target_port)
{
    struct proxy *proxy = calloc(1, sizeof *proxy);

    if (!proxy)
        return NULL;
    proxy->target_port = target_port;
    pthread_mutex_init(&proxy->lock, NULL);
    for (int i = 0; i < PAIRS_MAX; i++)
        proxy->pairs[i].fd[CLIENT] = proxy->pairs[i].fd[BROKER] = -1;
    for (int i = 0; i < FILLERS; i++)
        proxy->fillers[i] = -1;
    proxy->wake = eventfd(0, EFD_CLOEXEC);
    proxy->threaded = proxy->wake >= 0 && open_listener(proxy) &&
                      pthread_create(&proxy->thread, NULL, run, proxy) == 0;
    if (proxy->threaded)
        return proxy;
    proxy_destroy(proxy);
    return NULL;
}

/* One change under the lock, and the thread looks at it. */
static void tell(struct proxy *proxy)
{
    const uint64_t one = 1;

    pthread_mutex_unlock(&proxy->lock);
    if (write(proxy->wake, &one, sizeof one) != sizeof one)
        abort();
}

void proxy_destroy(struct proxy *proxy)
{
    if (!proxy)
        return;
    if (proxy->threaded) {
        pthread_mutex_lock(&proxy->lock);
        proxy->ending = true;
        tell(proxy);
        pthread_join(proxy->thread, NULL);
        block_entrance(proxy, 0, false);
    }
    close(proxy->listener);
    close(proxy->wake);
    pthread_mutex_destroy(&proxy->lock);
    free(proxy);
}

const char *proxy_url(const struct proxy *proxy)
{
    return proxy->url;
}

int proxy_port(const struct proxy *proxy)
{
    return loopback_port(proxy->listener);
}

void proxy_set(struct proxy *proxy, enum proxy_mode mode)
{
    pthread_mutex_lock(&proxy->lock);
    proxy->mode = mode;
    tell(proxy);
}

void proxy_cut(struct proxy *proxy)
{
    pthread_mutex_lock(&proxy->lock);
    proxy->cut = true;
    tell(proxy);
}

void proxy_forget(struct proxy *proxy)
{
    pthread_mutex_lock(&proxy->lock);
    proxy->forget = true;
    tell(proxy);
}

size_t proxy_accepted(struct proxy *proxy)
{
    pthread_mutex_lock(&proxy->lock);
    size_t accepted = proxy->accepted;
    pthread_mutex_unlock(&proxy->lock);
    return accepted;
}
