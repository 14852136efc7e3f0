/* Between the network thread and the loop: the only object that two threads
 * touch. Bounded in items and bytes; an eventfd wakes the loop. */
#ifndef GAOSHI_DISPLAY_INBOX_H
#define GAOSHI_DISPLAY_INBOX_H

#include "display/core/validation/intake.h"
#include "protocol/envelope.h"
#include "protocol/limits.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Each has room of its own. */
enum inbox_class {
    INBOX_KEYS,   /* lists of keys, authentic */
    INBOX_ALERTS, /* alerts and cancels, authentic */
    INBOX_OTHERS, /* everything else; nothing is verified yet */
    INBOX_CLASS_COUNT
};

enum {
    /* What may wait: of lists of keys and of alerts only what a key signed
     * that may, so that forgers fill no room, and there is no more of it than
     * was ever published. */
    INBOX_KEYS_ITEMS = 16,
    INBOX_KEYS_BYTES = INBOX_KEYS_ITEMS * (LIMIT_MESSAGE_BYTES + 1024),
    INBOX_ALERTS_ITEMS = 65536,
    INBOX_ALERTS_BYTES = 48 * 1024 * 1024,
    INBOX_OTHERS_ITEMS = 1024,
    INBOX_OTHERS_BYTES = 16 * 1024 * 1024,
    /* Of one topic at most so many others wait; one more replaces the newest
     * of them in place. Not one alone: nothing is verified yet, and a forged
     * message must not push out the genuine one just before it. */
    INBOX_OTHERS_PER_TOPIC = 4,
    /* After so many alerts one of the others is taken, if any waits. */
    INBOX_ALERTS_IN_A_ROW = 16,
    /* Refusals at the door that are told with their reason; more are
     * counted. */
    INBOX_REFUSALS = 32,
    /* One byte over the limit is enough to see that a message is too long. */
    INBOX_PAYLOAD_BYTES = LIMIT_MESSAGE_BYTES + 1,
};

struct inbox_item {
    const char *topic;
    const char *payload;
    size_t bytes;
    struct verified_message
        *authentic; /* has both; NULL: nobody verified them */
    enum inbox_class class;
    bool retained; /* the broker had kept it */
    /* The queue's own: */
    uint32_t hash; /* of the topic; equal hashes are compared in full */
    struct inbox_item *next, *previous, *below;
    char texts[];
};
void inbox_item_destroy(struct inbox_item *item); /* NULL: nothing */

/* What was thrown away since the start. */
struct inbox_losses {
    unsigned long ordinary; /* no room among the others */
    unsigned long alerts;   /* authentic alerts and lists of keys: no room, or
                               no memory */
};

struct inbox;

/* NULL: no memory or no eventfd. */
struct inbox *inbox_create(void);
/* Only when no other thread uses it any more. NULL: nothing. */
void inbox_destroy(struct inbox *inbox);

/* Readable while something waits; for poll. Constant, needs no lock. */
int inbox_fd(const struct inbox *inbox);

/* The network's thread: copies at most INBOX_PAYLOAD_BYTES and wakes the loop.
 * What claims to be an alert or a list of keys under the name of a key that
 * may say so is judged before it is taken, so that this takes as long as a
 * signature. What waits already, the same to the byte, is not taken twice. */
void inbox_put(struct inbox *inbox, const char *topic, const char *payload,
               size_t bytes, bool retained);

/* The loop's thread: makes the eventfd quiet again. Call before taking. */
void inbox_quieten(struct inbox *inbox);

/* The loop's thread: takes what comes next, a list of keys before alerts,
 * these before the others, but no class for ever. The caller owns it and frees
 * it with inbox_item_destroy. NULL: nothing waits. */
struct inbox_item *inbox_take(struct inbox *inbox);

/* Something that was not authentic, though it bore the name of a key. */
struct inbox_refusal {
    char topic[LIMIT_TOPIC_BYTES];
    char digest[ENVELOPE_DIGEST_BYTES + 1]; /* envelope_digest of its bytes */
    struct problem problem;
};

/* The loop's thread: takes the oldest refusal. False: there is none. */
bool inbox_take_refusal(struct inbox *inbox, struct inbox_refusal *out);

/* The loop's thread: takes the number of those whose reason was not kept. */
unsigned long inbox_take_refusals_untold(struct inbox *inbox);

/* The loop's thread, whenever the keys change: whom the door believes from now
 * on. Both are copied. Without it nobody is known, and everything waits among
 * the others. False: no memory; the door goes on as before. */
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
