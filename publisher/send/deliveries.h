/* The messages that one command sends, with the state of each. */
#ifndef GAOSHI_PUBLISHER_DELIVERIES_H
#define GAOSHI_PUBLISHER_DELIVERIES_H

#include "protocol/receipt.h"
#include "protocol/topic.h"
#include "publisher/outbox/outbox.h"

enum delivery_state {
    DELIVERY_WAITING,
    DELIVERY_SENT, /* no answer yet */
    DELIVERY_CONFIRMED,
    DELIVERY_REFUSED,
};

struct delivery {
    int64_t seq;
    char *topic;
    char *payload;
    size_t bytes;
    char id[LIMIT_IDENTIFIER_BYTES + 1];
    char digest[ENVELOPE_DIGEST_BYTES + 1];
    bool fresh;   /* of this command, not left by an earlier one */
    bool counted; /* the operator's own message, no index of them, no chunk */
    bool chunk;   /* of a picture; id is its digest, seq 0 */
    size_t place; /* in the order of adding */
    int rank;     /* a smaller one goes first, see deliveries_sort */
    int breaks;   /* how often the line broke while it had no answer */
    enum delivery_state state;
    int64_t published_ms; /* wall clock, just before */
    char **screens;       /* screens that have shown it */
    size_t screen_count;
};

/* Zeroed is empty. */
struct deliveries {
    struct delivery *items;
    size_t count;
};

/* Adds a copy. False: no memory. */
bool deliveries_add(struct deliveries *deliveries,
                    const struct outbox_message *message, bool fresh);

/* Sorts into the order of sending: the list of keys, actual alerts by their
 * level (cancels with the red ones), drills, chunks of pictures, panels,
 * indexes; within these by number, chunks as they were added. */
void deliveries_sort(struct deliveries *deliveries);

/* The message to send next; NULL: none may be sent now. A message without an
 * answer when the line broke is sent alone, so that another break shows that it
 * is the cause; after the second break it goes behind all others. Indexes wait
 * until the broker has answered all other messages. */
struct delivery *deliveries_next(struct deliveries *deliveries);
enum { DELIVERY_BREAKS_MAX = 2 };

void deliveries_finish(struct deliveries *deliveries);

/* True when the receipt is about this message. */
bool delivery_is_about(const struct delivery *delivery,
                       const struct receipt *receipt);

/* Says what the tally has to know of it; false: nothing that screens answer. */
struct tally_message;
bool delivery_describe(const struct delivery *delivery,
                       struct tally_message *out);

/* The message of a receipt; NULL: none of these. */
struct delivery *deliveries_of_receipt(struct deliveries *deliveries,
                                       const struct receipt *receipt);

/* Notes the screen; false if it was noted before. */
bool delivery_note_screen(struct delivery *delivery, const char *screen);

size_t deliveries_in(const struct deliveries *deliveries,
                     enum delivery_state state);
/* Counts the operator's own messages, and those of them in a state. */
size_t deliveries_counted(const struct deliveries *deliveries);
size_t deliveries_counted_in(const struct deliveries *deliveries,
                             enum delivery_state state);

/* Counts the operator's own messages that earlier commands left. */
size_t deliveries_left_over(const struct deliveries *deliveries);

/* Counts the operator's own fresh and confirmed messages that were shown by
 * fewer than so many screens. */
size_t deliveries_unshown(const struct deliveries *deliveries, size_t screens);

#endif
