/* A line that tests can break: a forwarder on 127.0.0.1 between a program and
 * its broker. It knows bytes only, and runs in a thread of its own. */
#ifndef GAOSHI_TESTS_SUPPORT_PROXY_H
#define GAOSHI_TESTS_SUPPORT_PROXY_H

#include <stdbool.h>
#include <stddef.h>

struct proxy;

enum proxy_mode {
    PROXY_PASS,
    PROXY_HOLD,    /* nothing moves, nobody gets in; it goes on afterwards */
    PROXY_SLOW,    /* one byte a second, each way and each connection */
    PROXY_TRICKLE, /* as slow, but 10,000 bytes at once */
    PROXY_REFUSE,  /* whoever comes is reset */
};

/* Forwards to this port of 127.0.0.1. NULL: failed. */
struct proxy *proxy_start(int target_port);
void proxy_destroy(struct proxy *proxy); /* NULL: nothing */

const char *proxy_url(const struct proxy *proxy); /* mqtt://127.0.0.1:PORT */
int proxy_port(const struct proxy *proxy);

void proxy_set(struct proxy *proxy, enum proxy_mode mode);

/* Every connection that stands is reset. */
void proxy_cut(struct proxy *proxy);

/* Every connection that stands is half open from now on: what its ends send
 * is swallowed without a word, and neither learns of it. */
void proxy_forget(struct proxy *proxy);

/* How many connections were let in since the start. */
size_t proxy_accepted(struct proxy *proxy);

#endif
