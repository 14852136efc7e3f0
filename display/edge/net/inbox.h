/* The hand-over from the network thread to the loop, the only object that two
 * threads use. Alerts and lists of keys are verified before they are queued, so
 * that forged ones take no room; everything else is verified when the loop
 * takes it. An eventfd wakes the loop. */
#ifndef GAOSHI_DISPLAY_INBOX_H
#define GAOSHI_DISPLAY_INBOX_H

#include "display/core/validation/verified_message.h"
#include "protocol/envelope.h"
#include "protocol/limits.h"
#include "protocol/picture.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Each class has a queue with its own limits. */
enum inbox_class {
    INBOX_KEYS,   /* lists of keys, verified */
    INBOX_ALERTS, /* alerts and cancels, verified */
    INBOX_OTHERS, /* everything else, not verified yet */
    INBOX_CHUNKS, /* of the picture that the loop asked for */
    INBOX_CLASS_COUNT
};

enum {
    INBOX_KEYS_ITEMS = 16,
    INBOX_KEYS_BYTES = INBOX_KEYS_ITEMS * 4 * LIMIT_MESSAGE_BYTES,
    INBOX_ALERTS_ITEMS = 16384,
    /* Includes the parsed messages: some 8,000 alerts of usual length. */
    INBOX_ALERTS_BYTES = 64 * 1024 * 1024,
    INBOX_OTHERS_ITEMS = 1024,
    INBOX_OTHERS_BYTES = 16 * 1024 * 1024,
    /* The most messages of one topic among the others; one more replaces the
     * newest of them. One would not be enough: nothing is verified yet, and a
     * forged message would push out the genuine one before it. */
    INBOX_OTHERS_PER_TOPIC = 4,
    INBOX_CHUNKS_ITEMS = LIMIT_CHUNKS + 1,
    INBOX_CHUNKS_BYTES = LIMIT_PICTURE_BYTES + 1024 * 1024,
    /* After this many alerts one of the others is taken, if any waits. */
    INBOX_ALERTS_IN_A_ROW = 16,
    /* Refusals of the network thread that are kept with their reason. */
    INBOX_REFUSALS = 32,
    /* One byte over the limit shows that a message is too long. */
    INBOX_PAYLOAD_BYTES = LIMIT_MESSAGE_BYTES + 1,
};

struct inbox_item {
    const char *topic;
    const char *payload;
    size_t bytes;
    /* of topic and payload; empty: not verified yet */
    struct verified_message verified;
    enum inbox_class class;
    bool retained; /* the broker had retained it */
    /* Used by the queue only: */
    uint32_t hash; /* of the topic; equal hashes are compared in full */
    size_t memory_bytes;
    struct inbox_item *next, *previous, *below;
    char texts[];
};
void inbox_item_destroy(struct inbox_item *item); /* NULL: nothing */

/* Messages dropped since the start. */
struct inbox_losses {
    unsigned long ordinary; /* of the others: no room */
    unsigned long alerts;   /* verified alerts and lists of keys: no room, or
                               no memory */
};

struct inbox;

/* NULL: no memory or no eventfd. */
struct inbox *inbox_create(void);
/* Call it only when no other thread uses the inbox any more. NULL: does
 * nothing. */
void inbox_destroy(struct inbox *inbox);

/* For poll: readable while something waits. Constant, needs no lock. */
int inbox_fd(const struct inbox *inbox);

/* The network thread: copies at most INBOX_PAYLOAD_BYTES, queues them and wakes
 * the loop. An alert or a list of keys is verified first if it names a key that
 * may sign it; this takes as long as a signature. A message with the same bytes
 * as a waiting one is not queued again. */
void inbox_put(struct inbox *inbox, const char *topic, const char *payload,
               size_t bytes, bool retained);

/* The loop's thread: resets the eventfd. Call it before taking. */
void inbox_quieten(struct inbox *inbox);

/* The loop's thread: takes the next item: a list of keys before alerts, these
 * before the others, chunks last, but no class of messages for ever. A chunk
 * has no signature: item->verified is empty, and nothing is refused. A message
 * that was not verified yet is verified now, by trust. If item->verified is
 * empty, the message was refused, and problem says why. The caller frees the
 * item with inbox_item_destroy. NULL: nothing waits. */
struct inbox_item *inbox_take(struct inbox *inbox, const struct trust *trust,
                              struct problem *problem);

/* A refusal of the network thread. */
struct inbox_refusal {
    char topic[LIMIT_TOPIC_BYTES];
    char digest[ENVELOPE_DIGEST_BYTES + 1]; /* envelope_digest of its bytes */
    struct problem problem;
};

/* When INBOX_REFUSALS are kept, a new one replaces the last, which is then only
 * counted. */
struct inbox_refusals {
    struct inbox_refusal items[INBOX_REFUSALS];
    size_t count;
    unsigned long untold; /* refusals that are not in items any more */
};

/* The loop's thread: takes the refusals since the last call. False: there were
 * none, and *out is unchanged. */
bool inbox_take_refusals(struct inbox *inbox, struct inbox_refusals *out);

/* The loop's thread, at the start and whenever the keys change: sets the keys
 * with which the network thread verifies. trust is copied. Before the first
 * call no key is known, and everything waits among the others. False: no
 * memory; the earlier keys stay. */
bool inbox_trust(struct inbox *inbox, const struct trust *trust);

/* The loop's thread: only chunks of this picture are taken in; of any other, or
 * of any if digest is NULL, they are dropped. Those that wait go. */
void inbox_want_picture(struct inbox *inbox, const char *digest);

/* Any thread: the line went up or down. reason may be NULL. */
void inbox_set_line(struct inbox *inbox, bool up, const char *reason);

/* Any thread: the broker refused the subscription to a filter. */
void inbox_note_denied(struct inbox *inbox, const char *filter);

enum { INBOX_REASON_BYTES = 320 };

/* What the network thread reported besides messages. */
struct inbox_line {
    bool up;
    unsigned ups;                    /* how often it came up since the start */
    unsigned downs;                  /* how often it went down */
    char reason[INBOX_REASON_BYTES]; /* why it last went down */
    unsigned denials;
    char denied[LIMIT_TOPIC_BYTES]; /* the last filter that was denied */
};
struct inbox_line inbox_line(struct inbox *inbox);
struct inbox_losses inbox_losses(struct inbox *inbox);

#endif
