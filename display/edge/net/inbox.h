/* The hand-over from the network thread to the loop: the only object that two
 * threads use. Alerts and lists of keys are verified before they are queued,
 * so that nothing forged takes their room; everything else is verified when
 * the loop takes it. An eventfd wakes the loop. */
#ifndef GAOSHI_DISPLAY_INBOX_H
#define GAOSHI_DISPLAY_INBOX_H

#include "display/core/validation/verified_message.h"
#include "protocol/envelope.h"
#include "protocol/limits.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Each class has a queue with bounds of its own. */
enum inbox_class {
    INBOX_KEYS,   /* lists of keys, verified */
    INBOX_ALERTS, /* alerts and cancels, verified */
    INBOX_OTHERS, /* everything else, not verified yet */
    INBOX_CLASS_COUNT
};

enum {
    INBOX_KEYS_ITEMS = 16,
    INBOX_KEYS_BYTES = INBOX_KEYS_ITEMS * 4 * LIMIT_MESSAGE_BYTES,
    INBOX_ALERTS_ITEMS = 16384,
    /* With what was parsed of them: some 8,000 alerts of usual length. */
    INBOX_ALERTS_BYTES = 64 * 1024 * 1024,
    INBOX_OTHERS_ITEMS = 1024,
    INBOX_OTHERS_BYTES = 16 * 1024 * 1024,
    /* So many of the others wait of one topic; one more replaces the newest
     * of them. One alone would not do: nothing is verified yet, and a forged
     * message would push out the genuine one just before it. */
    INBOX_OTHERS_PER_TOPIC = 4,
    /* After so many alerts one of the others is taken, if any waits. */
    INBOX_ALERTS_IN_A_ROW = 16,
    /* Refusals on the network thread that are kept with their reason. */
    INBOX_REFUSALS = 32,
    /* One byte over the limit is enough to see that a message is too long. */
    INBOX_PAYLOAD_BYTES = LIMIT_MESSAGE_BYTES + 1,
};

struct inbox_item {
    const char *topic;
    const char *payload;
    size_t bytes;
    struct verified_message verified; /* of topic and payload */
    enum inbox_class class;
    bool retained; /* the broker had kept it */
    /* The queue's own: */
    uint32_t hash; /* of the topic; equal hashes are compared in full */
    size_t memory_bytes;
    struct inbox_item *next, *previous, *below;
    char texts[];
};
void inbox_item_destroy(struct inbox_item *item); /* NULL: nothing */

/* What was thrown away since the start. */
struct inbox_losses {
    unsigned long ordinary; /* no room among the others */
    unsigned long alerts;   /* verified alerts and lists of keys: no room, or
                               no memory */
};

struct inbox;

/* NULL: no memory or no eventfd. */
struct inbox *inbox_create(void);
/* Only when no other thread uses it any more. NULL: nothing. */
void inbox_destroy(struct inbox *inbox);

/* Readable while something waits; for poll. Constant, needs no lock. */
int inbox_fd(const struct inbox *inbox);

/* The network's thread: copies at most INBOX_PAYLOAD_BYTES, queues them and
 * wakes the loop. An alert or a list of keys that names a key which may sign
 * such is verified first, which takes as long as a signature. What waits
 * already, the same to the byte, is not queued twice. */
void inbox_put(struct inbox *inbox, const char *topic, const char *payload,
               size_t bytes, bool retained);

/* The loop's thread: makes the eventfd quiet again. Call before taking. */
void inbox_quieten(struct inbox *inbox);

/* The loop's thread: takes what comes next: a list of keys before alerts,
 * these before the others, but no class for ever. What was not verified yet is
 * verified now, by trust. If item->verified is empty, the message was refused,
 * and problem says why. The caller owns the item and frees it with
 * inbox_item_destroy. NULL: nothing waits. */
struct inbox_item *inbox_take(struct inbox *inbox, const struct trust *trust,
                              struct problem *problem);

/* What the network thread refused. */
struct inbox_refusal {
    char topic[LIMIT_TOPIC_BYTES];
    char digest[ENVELOPE_DIGEST_BYTES + 1]; /* envelope_digest of its bytes */
    struct problem problem;
};

/* Once INBOX_REFUSALS are kept, a new one replaces the last, and that one is
 * only counted. */
struct inbox_refusals {
    struct inbox_refusal items[INBOX_REFUSALS];
    size_t count;
    unsigned long untold; /* that are not in items any more */
};

/* The loop's thread: takes what was refused since the last call. False: there
 * was nothing, and *out is untouched. */
bool inbox_take_refusals(struct inbox *inbox, struct inbox_refusals *out);

/* The loop's thread, at the start and whenever the keys change: by which keys
 * the network thread verifies. trust is copied. Without it no key is known, and
 * everything waits among the others. False: no memory; the keys from before
 * stay. */
bool inbox_trust(struct inbox *inbox, const struct trust *trust);

/* Any thread: the line went up or down. reason may be NULL. */
void inbox_set_line(struct inbox *inbox, bool up, const char *reason);

/* Any thread: the broker would not let the screen subscribe to a filter. */
void inbox_note_denied(struct inbox *inbox, const char *filter);

enum { INBOX_REASON_BYTES = 320 };

/* What the network thread said besides messages. */
struct inbox_line {
    bool up;
    unsigned ups;                    /* how often it came up since the start */
    unsigned downs;                  /* how often it went down */
    char reason[INBOX_REASON_BYTES]; /* of the last time it went down */
    unsigned denials;
    char denied[LIMIT_TOPIC_BYTES]; /* the last filter that was denied */
};
struct inbox_line inbox_line(struct inbox *inbox);
struct inbox_losses inbox_losses(struct inbox *inbox);

#endif
