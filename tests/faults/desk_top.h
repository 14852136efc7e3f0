/* An operator's desk for faults: outboxes, commands that may be killed at any
 * call of the system, and an ear at the broker that judges what was sent. */
#ifndef GAOSHI_TESTS_FAULTS_DESK_TOP_H
#define GAOSHI_TESTS_FAULTS_DESK_TOP_H

#include "protocol/key_ring.h"
#include "tests/support/broker.h"
#include "tests/support/peer.h"

/* Zeroed is empty. */
struct desk_top {
    struct broker *broker;
    struct peer *ear;
    char *folder;
    struct key_ring ring; /* what a screen would trust */
    size_t judged;        /* messages of the ear that were looked at */
    bool apart;           /* several outboxes: numbers are each slot's own */
    int doubled;          /* a number that came with two bodies */
    int unverified;       /* what no screen would have believed */
};

/* desk_top_close also after a failure. */
bool desk_top_open(struct desk_top *desk);
void desk_top_close(struct desk_top *desk);

/* Pushes a notice of that id with this outbox (a name in the folder).
 * strace: words before the command, NULL: none. The exit code as the shell
 * tells it: 137 when it was killed. */
int desk_top_push(struct desk_top *desk, const char *outbox, const char *id,
                  const char *strace);

/* What the last command wrote to standard error. The caller frees it. */
char *desk_top_said(const struct desk_top *desk);

/* How many messages the outbox has committed and the ear did not hear byte
 * for byte; negative: it cannot be read. Waits for those that it should. */
int desk_top_missing(struct desk_top *desk, const char *outbox);

/* Looks at everything that the ear heard so far. */
void desk_top_judge(struct desk_top *desk);

#endif
