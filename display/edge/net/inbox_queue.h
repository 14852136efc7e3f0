/* What waits in the inbox, in order of arrival, found by its topic. Not
 * locked: the inbox does that. */
#ifndef GAOSHI_DISPLAY_INBOX_QUEUE_H
#define GAOSHI_DISPLAY_INBOX_QUEUE_H

#include "display/edge/net/inbox.h"

enum { INBOX_QUEUE_BUCKETS = 4096 };

/* Zeroed is empty; the items are owned. */
struct inbox_queue {
    struct inbox_item *first, *last; /* oldest, newest */
    struct inbox_item *buckets[INBOX_QUEUE_BUCKETS];
    size_t count;
    size_t bytes; /* as inbox_item_weight counts them */
};

/* Memory that an item takes. */
size_t inbox_item_weight(const struct inbox_item *item);

/* Takes the item. */
void inbox_queue_push(struct inbox_queue *queue, struct inbox_item *item);

/* Takes one out, which is the caller's then. */
void inbox_queue_remove(struct inbox_queue *queue, struct inbox_item *item);

/* Puts an item of the same topic in the place of another, which is the
 * caller's then. */
void inbox_queue_replace(struct inbox_queue *queue, struct inbox_item *old,
                         struct inbox_item *item);

/* What waits of a topic. */
struct inbox_waiting {
    size_t count;
    struct inbox_item *newest; /* NULL: nothing */
    bool identical;            /* one of them is the same to the byte */
};
struct inbox_waiting inbox_queue_look(const struct inbox_queue *queue,
                                      const char *topic, const char *payload,
                                      size_t bytes);

/* Frees what waits. */
void inbox_queue_finish(struct inbox_queue *queue);

#endif
