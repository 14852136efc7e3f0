/* One of the inbox's queues: a list in order of arrival, and buckets by the
 * hash of the topic, each with the newest first. */
#include "display/edge/net/inbox_queue.h"

#include <string.h>

/* FNV-1a. */
static uint32_t hash_topic(const char *topic)
{
    uint32_t hash = 2166136261u;

    for (; *topic; topic++)
        hash = (hash ^ (unsigned char)*topic) * 16777619u;
    return hash;
}

static struct inbox_item **bucket_of(struct inbox_queue *queue, uint32_t hash)
{
    return &queue->buckets[hash % INBOX_QUEUE_BUCKETS];
}

/* Where the item hangs in its bucket. */
static struct inbox_item **find_hook(struct inbox_queue *queue,
                                     const struct inbox_item *item)
{
    struct inbox_item **hook = bucket_of(queue, item->hash);

    while (*hook != item)
        hook = &(*hook)->below;
    return hook;
}

size_t inbox_item_weight(const struct inbox_item *item)
{
    return sizeof *item + strlen(item->topic) + item->bytes;
}

void inbox_queue_push(struct inbox_queue *queue, struct inbox_item *item)
{
    item->hash = hash_topic(item->topic);
    struct inbox_item **bucket = bucket_of(queue, item->hash);

    item->below = *bucket;
    *bucket = item;
    item->next = NULL;
    item->previous = queue->last;
    if (queue->last)
        queue->last->next = item;
    else
        queue->first = item;
    queue->last = item;
    queue->count++;
    queue->bytes += inbox_item_weight(item);
}

void inbox_queue_remove(struct inbox_queue *queue, struct inbox_item *item)
{
    *find_hook(queue, item) = item->below;
    if (item->previous)
        item->previous->next = item->next;
    else
        queue->first = item->next;
    if (item->next)
        item->next->previous = item->previous;
    else
        queue->last = item->previous;
    queue->count--;
    queue->bytes -= inbox_item_weight(item);
}

void inbox_queue_replace(struct inbox_queue *queue, struct inbox_item *old,
                         struct inbox_item *item)
{
    item->hash = old->hash;
    *find_hook(queue, old) = item;
    item->below = old->below;
    item->next = old->next;
    item->previous = old->previous;
    if (item->previous)
        item->previous->next = item;
    else
        queue->first = item;
    if (item->next)
        item->next->previous = item;
    else
        queue->last = item;
    queue->bytes += inbox_item_weight(item) - inbox_item_weight(old);
}

struct inbox_waiting inbox_queue_look(const struct inbox_queue *queue,
                                      const char *topic, const char *payload,
                                      size_t bytes)
{
    struct inbox_waiting waiting = {0};
    uint32_t hash = hash_topic(topic);
    struct inbox_item *item = queue->buckets[hash % INBOX_QUEUE_BUCKETS];

    for (; item; item = item->below) {
        if (item->hash != hash || strcmp(item->topic, topic) != 0)
            continue;
        if (waiting.count++ == 0)
            waiting.newest = item;
        waiting.identical |= item->bytes == bytes &&
                             memcmp(item->payload, payload, bytes) == 0;
    }
    return waiting;
}

void inbox_queue_finish(struct inbox_queue *queue)
{
    while (queue->first) {
        struct inbox_item *item = queue->first;
        inbox_queue_remove(queue, item);
        inbox_item_destroy(item);
    }
}
