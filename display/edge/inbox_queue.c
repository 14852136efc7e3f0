/* The inbox's two queues: alerts in one, everything else in the other. */
#include "display/edge/inbox_queue.h"

#include <stdlib.h>
#include <string.h>

void inbox_queue_push(struct inbox_queue *queue, struct inbox_item *item)
{
    queue->items[queue->count++] = item;
    queue->bytes += item->bytes;
}

struct inbox_item *inbox_queue_remove(struct inbox_queue *queue, size_t at)
{
    struct inbox_item *item = queue->items[at];

    queue->bytes -= item->bytes;
    queue->count--;
    memmove(&queue->items[at], &queue->items[at + 1],
            (queue->count - at) * sizeof queue->items[0]);
    return item;
}

struct inbox_item *inbox_queue_replace(struct inbox_queue *queue, size_t at,
                                       struct inbox_item *item)
{
    struct inbox_item *old = queue->items[at];

    queue->bytes = queue->bytes - old->bytes + item->bytes;
    queue->items[at] = item;
    return old;
}

static bool is_same_topic(const struct inbox_item *a,
                          const struct inbox_item *b)
{
    return a->hash == b->hash && strcmp(a->topic, b->topic) == 0;
}

struct inbox_waiting inbox_queue_look(const struct inbox_queue *queue,
                                      const struct inbox_item *item)
{
    struct inbox_waiting waiting = {0};

    for (size_t i = 0; i < queue->count; i++) {
        const struct inbox_item *other = queue->items[i];
        if (!is_same_topic(other, item))
            continue;
        waiting.count++;
        waiting.newest = i;
        waiting.identical |= other->bytes == item->bytes &&
                             memcmp(other->payload, item->payload,
                                    item->bytes) == 0;
    }
    return waiting;
}

enum { CROWD_SLOTS = 2 * INBOX_ITEMS }; /* a power of two */

struct crowd {
    const struct inbox_item *item; /* one of the topic; NULL: free */
    size_t count;
};

/* The topic's slot, or the free one where it would stand. */
static struct crowd *find_crowd(struct crowd *slots,
                                const struct inbox_item *item)
{
    size_t at = item->hash % CROWD_SLOTS;

    while (slots[at].item && !is_same_topic(slots[at].item, item))
        at = (at + 1) % CROWD_SLOTS;
    return &slots[at];
}

bool inbox_queue_find_crowd(const struct inbox_queue *queue, size_t more_than,
                            size_t *at)
{
    struct crowd slots[CROWD_SLOTS] = {{NULL, 0}};
    size_t most = 0;

    for (size_t i = 0; i < queue->count; i++) {
        struct crowd *crowd = find_crowd(slots, queue->items[i]);
        crowd->item = queue->items[i];
        if (++crowd->count < most)
            continue;
        most = crowd->count;
        *at = i;
    }
    return most > more_than;
}

void inbox_queue_finish(struct inbox_queue *queue)
{
    for (size_t i = 0; i < queue->count; i++)
        free(queue->items[i]);
    queue->count = 0;
}
