/* The hand-over from the network thread to the loop: copies in, items out,
 * under one lock that is never held while anything is verified or drawn. */
#include "display/edge/inbox.h"

#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "protocol/topic.h"

struct inbox {
    int wake_fd; /* constant after create */
    pthread_mutex_t lock;
    /* Guarded by lock: */
    struct inbox_item *items[INBOX_ITEMS]; /* in order of arrival */
    size_t count;
    size_t bytes;
    struct inbox_losses losses;
    struct inbox_line line;
};

/* FNV-1a. */
static unsigned hash_topic(const char *topic)
{
    uint32_t hash = 2166136261u;

    for (; *topic; topic++)
        hash = (hash ^ (unsigned char)*topic) * 16777619u;
    return hash;
}

struct inbox *inbox_create(void)
{
    struct inbox *inbox = calloc(1, sizeof *inbox);

    if (!inbox)
        return NULL;
    inbox->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (inbox->wake_fd < 0 || pthread_mutex_init(&inbox->lock, NULL) != 0) {
        if (inbox->wake_fd >= 0)
            close(inbox->wake_fd);
        free(inbox);
        return NULL;
    }
    return inbox;
}

void inbox_destroy(struct inbox *inbox)
{
    if (!inbox)
        return;
    for (size_t i = 0; i < inbox->count; i++)
        free(inbox->items[i]);
    pthread_mutex_destroy(&inbox->lock);
    close(inbox->wake_fd);
    free(inbox);
}

int inbox_fd(const struct inbox *inbox)
{
    return inbox->wake_fd;
}

static void wake(struct inbox *inbox)
{
    const uint64_t one = 1;

    /* It can only fail when the counter is full: then it is readable. */
    if (write(inbox->wake_fd, &one, sizeof one) < 0)
        return;
}

void inbox_quieten(struct inbox *inbox)
{
    uint64_t count;

    if (read(inbox->wake_fd, &count, sizeof count) < 0)
        return; /* it was quiet */
}

static struct inbox_item *make_item(const char *topic, const char *payload,
                                    size_t bytes)
{
    struct topic parts;
    size_t kept = bytes < INBOX_PAYLOAD_BYTES ? bytes : INBOX_PAYLOAD_BYTES;
    struct inbox_item *item = malloc(sizeof *item + kept);

    if (!item)
        return NULL;
    snprintf(item->topic, sizeof item->topic, "%s", topic);
    item->bytes = kept;
    item->alert = topic_parse(topic, &parts) && parts.kind == TOPIC_ALERT;
    item->hash = hash_topic(topic);
    if (kept > 0)
        memcpy(item->payload, payload, kept);
    return item;
}

static void remove_at(struct inbox *inbox, size_t at)
{
    inbox->bytes -= inbox->items[at]->bytes;
    inbox->count--;
    memmove(&inbox->items[at], &inbox->items[at + 1],
            (inbox->count - at) * sizeof inbox->items[0]);
}

/* Where the newest waiting item of the topic lies, if as many wait as may. */
static bool find_replaceable(const struct inbox *inbox,
                             const struct inbox_item *item, size_t *at)
{
    int waiting = 0;

    for (size_t i = 0; i < inbox->count; i++) {
        const struct inbox_item *other = inbox->items[i];
        if (other->hash != item->hash || strcmp(other->topic, item->topic))
            continue;
        *at = i;
        waiting++;
    }
    return waiting >= INBOX_ITEMS_PER_TOPIC;
}

static bool has_room(const struct inbox *inbox, const struct inbox_item *item)
{
    size_t items = INBOX_ITEMS;
    size_t bytes = INBOX_BYTES;

    if (!item->alert) {
        items -= INBOX_ALERT_ITEMS;
        bytes -= INBOX_ALERT_BYTES;
    }
    return inbox->count < items && inbox->bytes + item->bytes <= bytes;
}

/* An alert pushes out the newest waiting item that is none. */
static bool evict_ordinary(struct inbox *inbox)
{
    for (size_t i = inbox->count; i > 0; i--) {
        struct inbox_item *item = inbox->items[i - 1];
        if (item->alert)
            continue;
        remove_at(inbox, i - 1);
        free(item);
        inbox->losses.ordinary++;
        return true;
    }
    return false;
}

static bool accept(struct inbox *inbox, struct inbox_item *item)
{
    while (!has_room(inbox, item)) {
        if (!item->alert || !evict_ordinary(inbox))
            return false;
    }
    inbox->items[inbox->count++] = item;
    inbox->bytes += item->bytes;
    return true;
}

/* Returns what has to be freed: the replaced item, the new one if it found no
 * room, or NULL. */
static struct inbox_item *insert(struct inbox *inbox, struct inbox_item *item)
{
    size_t at = 0;

    if (find_replaceable(inbox, item, &at)) {
        struct inbox_item *old = inbox->items[at];
        size_t bytes = inbox->bytes - old->bytes + item->bytes;
        if (bytes <= INBOX_BYTES) {
            inbox->items[at] = item;
            inbox->bytes = bytes;
            return old;
        }
        remove_at(inbox, at);
        free(old);
    }
    if (accept(inbox, item))
        return NULL;
    if (item->alert)
        inbox->losses.alerts++;
    else
        inbox->losses.ordinary++;
    return item;
}

void inbox_put(struct inbox *inbox, const char *topic, const char *payload,
               size_t bytes)
{
    struct inbox_item *item = NULL;
    struct inbox_item *left = NULL;
    bool too_long = strlen(topic) >= LIMIT_TOPIC_BYTES;

    if (!too_long)
        item = make_item(topic, payload, bytes);
    pthread_mutex_lock(&inbox->lock);
    if (too_long)
        inbox->losses.topics++;
    else if (item)
        left = insert(inbox, item);
    else
        inbox->losses.ordinary++;
    pthread_mutex_unlock(&inbox->lock);
    free(left);
    wake(inbox);
}

struct inbox_item *inbox_take(struct inbox *inbox)
{
    struct inbox_item *item = NULL;

    pthread_mutex_lock(&inbox->lock);
    size_t at = 0;
    while (at < inbox->count && !inbox->items[at]->alert)
        at++;
    if (at == inbox->count)
        at = 0;
    if (inbox->count > 0) {
        item = inbox->items[at];
        remove_at(inbox, at);
    }
    pthread_mutex_unlock(&inbox->lock);
    return item;
}

void inbox_set_line(struct inbox *inbox, bool up, const char *reason)
{
    pthread_mutex_lock(&inbox->lock);
    struct inbox_line *line = &inbox->line;
    line->up = up;
    if (up)
        line->ups++;
    else
        line->downs++;
    if (!up)
        snprintf(line->reason, sizeof line->reason, "%s",
                 reason ? reason : "no reason given");
    pthread_mutex_unlock(&inbox->lock);
    wake(inbox);
}

void inbox_note_denied(struct inbox *inbox, const char *filter)
{
    pthread_mutex_lock(&inbox->lock);
    inbox->line.denials++;
    snprintf(inbox->line.denied, sizeof inbox->line.denied, "%s", filter);
    pthread_mutex_unlock(&inbox->lock);
    wake(inbox);
}

struct inbox_line inbox_line(struct inbox *inbox)
{
    pthread_mutex_lock(&inbox->lock);
    struct inbox_line line = inbox->line;
    pthread_mutex_unlock(&inbox->lock);
    return line;
}

struct inbox_losses inbox_losses(struct inbox *inbox)
{
    pthread_mutex_lock(&inbox->lock);
    struct inbox_losses losses = inbox->losses;
    pthread_mutex_unlock(&inbox->lock);
    return losses;
}
