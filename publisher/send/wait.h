/* Waits until screens have a command's messages on the glass, and tells
 * meanwhile how far they are: --wait and --min-shown. */
#ifndef GAOSHI_PUBLISHER_WAIT_H
#define GAOSHI_PUBLISHER_WAIT_H

#include "publisher/cli/command.h"
#include "publisher/fleet/tally_view.h"
#include "publisher/outbox/outbox.h"
#include "publisher/send/deliveries.h"
#include "publisher/send/session.h"

enum { WAIT_MS = 30000 }; /* unless --wait says otherwise */

/* False, told: the options do not fit together. */
bool wait_check(const struct options *options);

/* True when the options ask for it. */
bool wait_is_wanted(const struct options *options);

/* wait_init and wait_finish. */
struct wait {
    const struct options *options;
    struct inventory inventory;
    struct roster roster;
    struct tally tally;
    struct tally_view view;
    const struct delivery **deliveries; /* of each message of the tally */
    bool marked; /* what the broker retains of screens has come, or comes now */
    int64_t first_words_ms; /* monotonic: a screen said something, its first */
};

/* Reads the inventory, if there is one, before anything is sent. */
bool wait_init(struct wait *wait, const struct options *options,
               struct problem *problem);
void wait_finish(struct wait *wait);

/* The command's own messages, which are confirmed by now. */
bool wait_begin(struct wait *wait, const struct deliveries *deliveries);

/* Takes what concerns screens; false: another event. The state of an event
 * becomes the roster's. Receipts that come before wait_begin are lost: begin
 * before the first message is sent. */
bool wait_take_event(struct wait *wait, const struct session_event *event);

/* Every expected screen has it, refuses it, or cannot have it now. A screen is
 * silent only when the broker told nothing of it for SESSION_QUIET_MS. */
bool wait_is_over(const struct wait *wait);

/* Tells the end, keeps what was heard beside the outbox (NULL: nowhere), and
 * returns PUBLISH_DONE or PUBLISH_FEW. interrupted: the operator did not wait
 * to the end. */
enum publish_exit wait_end(struct wait *wait, struct outbox *outbox,
                           bool interrupted);

#endif
