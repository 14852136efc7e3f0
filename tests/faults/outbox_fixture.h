/* An operator for tests of faults: outboxes, commands that may be killed at any
 * call of the system, and an ear at the broker that judges what was sent. */
#ifndef GAOSHI_TESTS_FAULTS_OUTBOX_FIXTURE_H
#define GAOSHI_TESTS_FAULTS_OUTBOX_FIXTURE_H

#include "protocol/key_ring.h"
#include "tests/support/broker.h"
#include "tests/support/peer.h"

/* Zeroed is empty. */
struct outbox_fixture {
    struct broker *broker;
    struct peer *ear;
    char *folder;
    struct key_ring ring; /* what a screen would trust */
    size_t judged;        /* messages of the ear that were looked at */
    bool apart;           /* several outboxes: numbers are each slot's own */
    int doubled;          /* a number that came with two bodies */
    int unverified;       /* what no screen would have believed */
};

/* outbox_fixture_close also after a failure. */
bool outbox_fixture_open(struct outbox_fixture *publisher);
void outbox_fixture_close(struct outbox_fixture *publisher);

/* Pushes a notice of that id with this outbox (a name in the folder).
 * strace: words before the command, NULL: none. The exit code as the shell
 * tells it: 137 when it was killed. */
int outbox_fixture_push(struct outbox_fixture *publisher, const char *outbox,
                        const char *id, const char *strace);

/* What the last command wrote to standard error. The caller frees it. */
char *outbox_fixture_said(const struct outbox_fixture *publisher);

/* How many messages the outbox has committed and the ear did not hear byte
 * for byte; negative: it cannot be read. Waits for those that it should. */
int outbox_fixture_missing(struct outbox_fixture *publisher,
                           const char *outbox);

/* Looks at everything that the ear heard so far. */
void outbox_fixture_judge(struct outbox_fixture *publisher);

#endif
