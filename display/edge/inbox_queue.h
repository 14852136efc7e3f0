/* What waits in the inbox, in order of arrival: bounded, and fair between
 * topics. Not locked: the inbox does that. */
#ifndef GAOSHI_DISPLAY_INBOX_QUEUE_H
#define GAOSHI_DISPLAY_INBOX_QUEUE_H

#include "display/edge/inbox.h"

/* Zeroed is empty; the items are owned. */
struct inbox_queue {
    struct inbox_item *items[INBOX_ITEMS]; /* oldest first */
    size_t count;
    size_t bytes;
};

/* There must be room. Takes the item. */
void inbox_queue_push(struct inbox_queue *queue, struct inbox_item *item);

/* Takes one out, which is the caller's then. */
struct inbox_item *inbox_queue_remove(struct inbox_queue *queue, size_t at);

/* Puts the item in the place of another, which is the caller's then. */
struct inbox_item *inbox_queue_replace(struct inbox_queue *queue, size_t at,
                                       struct inbox_item *item);

/* What waits of the item's topic. */
struct inbox_waiting {
    size_t count;
    size_t newest;  /* its place; only where count > 0 */
    bool identical; /* one of them is the same to the byte */
};
struct inbox_waiting inbox_queue_look(const struct inbox_queue *queue,
                                      const struct inbox_item *item);

/* The place of the newest item of the topic that has the most waiting. False:
 * no topic has more than so many. */
bool inbox_queue_find_crowd(const struct inbox_queue *queue, size_t more_than,
                            size_t *at);

/* Frees what waits. */
void inbox_queue_finish(struct inbox_queue *queue);

#endif
