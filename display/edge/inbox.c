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

#include "display/edge/inbox_queue.h"
#include "protocol/envelope.h"
#include "protocol/topic.h"

struct inbox {
    int wake_fd; /* constant after create */
    pthread_mutex_t lock;
    /* Guarded by lock: */
    struct inbox_queue alerts;
    struct inbox_queue ordinary;
    int alerts_in_a_row; /* taken since the last ordinary item */
    struct inbox_keys keys;
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
    inbox_queue_finish(&inbox->alerts);
    inbox_queue_finish(&inbox->ordinary);
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
    item->alert = topic_parse(topic, &parts) &&
                  (parts.kind == TOPIC_ALERT || parts.kind == TOPIC_KEYS);
    item->hash = hash_topic(topic);
    if (kept > 0)
        memcpy(item->payload, payload, kept);
    return item;
}

/* Not a verdict: only what bears the name of a key that may raise alerts, and
 * is no longer than an alert, has the alerts' room. */
static bool has_alert_room(const struct inbox *inbox,
                           const struct inbox_item *item)
{
    const char *id = envelope_peek_key_id(item->payload, item->bytes);

    if (!item->alert || item->bytes > LIMIT_ALERT_BYTES)
        return false;
    if (inbox->keys.count == 0)
        return true;
    for (size_t i = 0; id && i < inbox->keys.count; i++) {
        if (memcmp(inbox->keys.ids[i], id, LIMIT_KEY_ID_BYTES) == 0)
            return true;
    }
    return false;
}

static bool fits(const struct inbox *inbox, const struct inbox_item *item)
{
    const struct inbox_queue *a = &inbox->alerts, *b = &inbox->ordinary;
    size_t items = INBOX_ITEMS;
    size_t bytes = INBOX_BYTES;

    if (!item->alert) {
        items -= INBOX_ALERT_ITEMS;
        bytes -= INBOX_ALERT_BYTES;
    }
    return a->count + b->count < items &&
           a->bytes + b->bytes + item->bytes <= bytes;
}

static bool may_replace(const struct inbox *inbox, const struct inbox_item *old,
                        const struct inbox_item *item)
{
    return inbox->alerts.bytes + inbox->ordinary.bytes - old->bytes +
               item->bytes <=
           INBOX_BYTES;
}

/* An alert pushes out the newest that is none, and then the newest of the
 * topic that has the most waiting, if its own has fewer. */
static bool evict(struct inbox *inbox, size_t waiting)
{
    struct inbox_queue *alerts = &inbox->alerts;
    struct inbox_queue *ordinary = &inbox->ordinary;
    size_t at;

    if (ordinary->count > 0) {
        free(inbox_queue_remove(ordinary, ordinary->count - 1));
        inbox->losses.ordinary++;
        return true;
    }
    if (!inbox_queue_find_crowd(alerts, waiting + 1, &at))
        return false;
    free(inbox_queue_remove(alerts, at));
    inbox->losses.alerts++;
    return true;
}

static void count_loss(struct inbox *inbox, bool alert)
{
    if (alert)
        inbox->losses.alerts++;
    else
        inbox->losses.ordinary++;
}

/* Returns what has to be freed: the replaced item, the new one if it is known
 * or found no room, or NULL. */
static struct inbox_item *insert(struct inbox *inbox, struct inbox_item *item)
{
    item->alert = has_alert_room(inbox, item);
    struct inbox_queue *queue = item->alert ? &inbox->alerts : &inbox->ordinary;
    struct inbox_waiting waiting = inbox_queue_look(queue, item);
    size_t most = item->alert ? INBOX_ALERTS_PER_TOPIC : INBOX_ITEMS_PER_TOPIC;

    if (waiting.identical)
        return item;
    if (waiting.count >= most) {
        inbox->losses.alerts += item->alert;
        if (may_replace(inbox, queue->items[waiting.newest], item))
            return inbox_queue_replace(queue, waiting.newest, item);
        free(inbox_queue_remove(queue, waiting.newest));
    }
    while (!fits(inbox, item)) {
        if (item->alert && evict(inbox, waiting.count))
            continue;
        count_loss(inbox, item->alert);
        return item;
    }
    inbox_queue_push(queue, item);
    return NULL;
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

/* Alerts first, but not alone: a flood of them must not silence the rest. */
static struct inbox_queue *choose(struct inbox *inbox)
{
    bool alert = inbox->alerts.count > 0 &&
                 (inbox->alerts_in_a_row < INBOX_ALERTS_IN_A_ROW ||
                  inbox->ordinary.count == 0);

    inbox->alerts_in_a_row = alert ? inbox->alerts_in_a_row + 1 : 0;
    return alert ? &inbox->alerts : &inbox->ordinary;
}

struct inbox_item *inbox_take(struct inbox *inbox)
{
    struct inbox_item *item = NULL;

    pthread_mutex_lock(&inbox->lock);
    struct inbox_queue *queue = choose(inbox);
    if (queue->count > 0)
        item = inbox_queue_remove(queue, 0);
    pthread_mutex_unlock(&inbox->lock);
    return item;
}

void inbox_set_keys(struct inbox *inbox, const struct inbox_keys *keys)
{
    pthread_mutex_lock(&inbox->lock);
    inbox->keys = *keys;
    pthread_mutex_unlock(&inbox->lock);
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
