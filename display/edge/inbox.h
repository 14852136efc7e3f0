/* Between the network thread and the loop: the only object that two threads
 * touch. Bounded in items and bytes; an eventfd wakes the loop. */
#ifndef GAOSHI_DISPLAY_INBOX_H
#define GAOSHI_DISPLAY_INBOX_H

#include "protocol/limits.h"

#include <stdbool.h>
#include <stddef.h>

enum {
    /* What may wait. The last INBOX_ALERT_… of each are for alerts only. */
    INBOX_ITEMS = 1024,
    INBOX_BYTES = 16 * 1024 * 1024,
    INBOX_ALERT_ITEMS = 128,
    INBOX_ALERT_BYTES = 2 * 1024 * 1024,
    /* Of one topic at most so many wait; one more replaces the newest of
     * them in place. Not one alone: nothing is verified yet, and a forged
     * message must not push out the genuine one just before it. Of an
     * alert's topic so many that they last while a frame is drawn. */
    INBOX_ITEMS_PER_TOPIC = 4,
    INBOX_ALERTS_PER_TOPIC = 64,
    /* After so many alerts one other item is taken, if any waits. */
    INBOX_ALERTS_IN_A_ROW = 16,
    INBOX_KEYS = 2 * LIMIT_KEYS,
    /* One byte over the limit is enough to see that a message is too long. */
    INBOX_PAYLOAD_BYTES = LIMIT_MESSAGE_BYTES + 1,
};

struct inbox_item {
    char topic[LIMIT_TOPIC_BYTES];
    size_t bytes;
    bool alert;    /* or a list of keys: it has the alerts' room; nothing is
                      verified yet */
    unsigned hash; /* of the topic; equal hashes are compared in full */
    char payload[];
};

/* What was thrown away since the start. */
struct inbox_losses {
    unsigned long ordinary; /* no room */
    unsigned long alerts;   /* no room though every panel had left, or too
                               many in one topic */
    unsigned long topics;   /* topic longer than LIMIT_TOPIC_BYTES */
};

struct inbox;

/* NULL: no memory or no eventfd. */
struct inbox *inbox_create(void);
/* Only when no other thread uses it any more. NULL: nothing. */
void inbox_destroy(struct inbox *inbox);

/* Readable while something waits; for poll. Constant, needs no lock. */
int inbox_fd(const struct inbox *inbox);

/* Any thread. Copies at most INBOX_PAYLOAD_BYTES and wakes the loop. What
 * waits already, the same to the byte, is not taken twice. */
void inbox_put(struct inbox *inbox, const char *topic, const char *payload,
               size_t bytes);

/* The loop's thread: makes the eventfd quiet again. Call before taking. */
void inbox_quieten(struct inbox *inbox);

/* The loop's thread: takes the oldest alert, else the oldest item. The caller
 * owns it and frees it with free(). NULL: nothing waits. */
struct inbox_item *inbox_take(struct inbox *inbox);

/* Names of the keys that may raise alerts, and of the root. */
struct inbox_keys {
    char ids[INBOX_KEYS][LIMIT_KEY_ID_BYTES + 1];
    size_t count;
};

/* Any thread: alerts and key lists under the name of one of these have the
 * alerts' room, others wait among the panels. Without any all have it. */
void inbox_set_keys(struct inbox *inbox, const struct inbox_keys *keys);

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
