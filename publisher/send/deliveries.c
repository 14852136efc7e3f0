/* Keeps the messages that are being sent. */
#include "publisher/send/deliveries.h"

#include "protocol/envelope.h"
#include "protocol/message.h"
#include "publisher/fleet/tally.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void delivery_finish(struct delivery *delivery)
{
    for (size_t i = 0; i < delivery->screen_count; i++)
        free(delivery->screens[i]);
    free(delivery->screens);
    free(delivery->topic);
    free(delivery->payload);
}

enum {
    RANK_KEYS,
    RANK_RED, /* and cancels, so that a false alarm ends just as fast */
    RANK_ORANGE,
    RANK_YELLOW,
    RANK_BLUE,
    RANK_UNKNOWN,
    RANK_DRILL,
    RANK_PICTURE, /* before the panel that names it */
    RANK_PANEL,
    RANK_INDEX,
};

static int rank_of_alert(const char *payload, size_t bytes)
{
    static const int ranks[] = {
        [ALERT_LEVEL_UNKNOWN] = RANK_UNKNOWN,
        [ALERT_LEVEL_BLUE] = RANK_BLUE,
        [ALERT_LEVEL_YELLOW] = RANK_YELLOW,
        [ALERT_LEVEL_ORANGE] = RANK_ORANGE,
        [ALERT_LEVEL_RED] = RANK_RED,
    };
    struct message *message = NULL;
    int rank = RANK_UNKNOWN;

    if (bytes < ENVELOPE_LINE_BYTES ||
        !message_parse(payload + ENVELOPE_LINE_BYTES,
                       bytes - ENVELOPE_LINE_BYTES, MESSAGE_WIRE, "outbox",
                       &message, NULL))
        return rank;
    if (message->kind == MESSAGE_ALERT_CANCEL)
        rank = message->cancel.status == ALERT_STATUS_ACTUAL ? RANK_RED
                                                             : RANK_DRILL;
    else if (message->kind == MESSAGE_ALERT)
        rank = message->alert.status == ALERT_STATUS_ACTUAL
                   ? ranks[message->alert.level]
                   : RANK_DRILL;
    message_destroy(message);
    return rank;
}

static int rank_of(const struct topic *topic, const char *payload, size_t bytes)
{
    switch (topic->kind) {
    case TOPIC_KEYS:
        return RANK_KEYS;
    case TOPIC_ALERT:
        return rank_of_alert(payload, bytes);
    case TOPIC_INDEX:
        return RANK_INDEX;
    case TOPIC_PICTURE:
        return RANK_PICTURE;
    default:
        return RANK_PANEL;
    }
}

static bool fill(struct delivery *delivery,
                 const struct outbox_message *message, bool fresh)
{
    struct topic topic;

    delivery->seq = message->seq;
    delivery->fresh = fresh;
    delivery->rank = RANK_PANEL;
    delivery->bytes = message->bytes;
    delivery->topic = strdup(message->topic);
    delivery->payload = malloc(message->bytes + 1);
    if (!delivery->topic || !delivery->payload) {
        delivery_finish(delivery);
        return false;
    }
    if (message->bytes > 0)
        memcpy(delivery->payload, message->payload, message->bytes);
    envelope_digest(delivery->payload, delivery->bytes, delivery->digest);
    delivery->counted = true;
    if (topic_parse(message->topic, &topic)) {
        delivery->chunk = topic.kind == TOPIC_PICTURE;
        delivery->counted = topic.kind != TOPIC_INDEX && !delivery->chunk;
        delivery->rank = rank_of(&topic, delivery->payload, delivery->bytes);
        snprintf(delivery->id, sizeof delivery->id, "%s", topic.id);
    }
    return true;
}

bool deliveries_add(struct deliveries *deliveries,
                    const struct outbox_message *message, bool fresh)
{
    struct delivery delivery = {0};
    struct delivery *grown = realloc(
        deliveries->items, (deliveries->count + 1) * sizeof *deliveries->items);

    if (!grown)
        return false;
    deliveries->items = grown;
    if (!fill(&delivery, message, fresh))
        return false;
    delivery.place = deliveries->count;
    deliveries->items[deliveries->count++] = delivery;
    return true;
}

static int by_rank(const void *a, const void *b)
{
    const struct delivery *one = a, *other = b;

    if (one->rank != other->rank)
        return one->rank < other->rank ? -1 : 1;
    if (one->seq != other->seq)
        return one->seq < other->seq ? -1 : 1;
    return one->place < other->place ? -1 : one->place > other->place;
}

void deliveries_sort(struct deliveries *deliveries)
{
    if (deliveries->count > 0)
        qsort(deliveries->items, deliveries->count, sizeof *deliveries->items,
              by_rank);
}

/* After two breaks a message goes behind the others: the more breaks, the later
 * it is sent. */
static bool goes_before(const struct delivery *one,
                        const struct delivery *other)
{
    int behind = one->breaks >= DELIVERY_BREAKS_MAX ? one->breaks : 0;
    int other_behind = other->breaks >= DELIVERY_BREAKS_MAX ? other->breaks : 0;

    return behind < other_behind;
}

/* Indexes wait for all others. */
static bool are_others_left(const struct deliveries *deliveries)
{
    for (size_t i = 0; i < deliveries->count; i++) {
        const struct delivery *delivery = &deliveries->items[i];
        if (delivery->rank != RANK_INDEX &&
            (delivery->state == DELIVERY_WAITING ||
             delivery->state == DELIVERY_SENT))
            return true;
    }
    return false;
}

struct delivery *deliveries_next(struct deliveries *deliveries)
{
    bool indexes_too = !are_others_left(deliveries);
    struct delivery *next = NULL;
    size_t unanswered = 0;
    bool alone = false;

    for (size_t i = 0; i < deliveries->count; i++) {
        struct delivery *delivery = &deliveries->items[i];
        bool sent = delivery->state == DELIVERY_SENT;
        unanswered += sent;
        alone = alone || (sent && delivery->breaks > 0);
        if (delivery->state == DELIVERY_WAITING &&
            (delivery->rank != RANK_INDEX || indexes_too) &&
            (!next || goes_before(delivery, next)))
            next = delivery;
    }
    return next && !alone && (next->breaks == 0 || unanswered == 0) ? next
                                                                    : NULL;
}

void deliveries_finish(struct deliveries *deliveries)
{
    for (size_t i = 0; i < deliveries->count; i++)
        delivery_finish(&deliveries->items[i]);
    free(deliveries->items);
    *deliveries = (struct deliveries){0};
}

/* Compares the number; a receipt for a message that the screen could not read
 * has only its digest. */
bool delivery_is_about(const struct delivery *delivery,
                       const struct receipt *receipt)
{
    if (strcmp(delivery->id, receipt->message) != 0)
        return false;
    if (receipt->seq != 0)
        return delivery->seq == receipt->seq;
    return receipt->digest[0] && strcmp(delivery->digest, receipt->digest) == 0;
}

struct delivery *deliveries_of_receipt(struct deliveries *deliveries,
                                       const struct receipt *receipt)
{
    for (size_t i = 0; i < deliveries->count; i++) {
        struct delivery *delivery = &deliveries->items[i];
        if (delivery_is_about(delivery, receipt))
            return delivery;
    }
    return NULL;
}

bool delivery_describe(const struct delivery *delivery,
                       struct tally_message *out)
{
    return delivery->topic &&
           tally_message_describe(delivery->topic, delivery->payload,
                                  delivery->bytes, out);
}

bool delivery_note_screen(struct delivery *delivery, const char *screen)
{
    for (size_t i = 0; i < delivery->screen_count; i++)
        if (strcmp(delivery->screens[i], screen) == 0)
            return false;
    char *copy = strdup(screen);
    char **grown =
        copy ? realloc(delivery->screens,
                       (delivery->screen_count + 1) * sizeof *delivery->screens)
             : NULL;
    if (!grown) {
        free(copy);
        return false;
    }
    delivery->screens = grown;
    delivery->screens[delivery->screen_count++] = copy;
    return true;
}

size_t deliveries_in(const struct deliveries *deliveries,
                     enum delivery_state state)
{
    size_t count = 0;

    for (size_t i = 0; i < deliveries->count; i++)
        count += deliveries->items[i].state == state;
    return count;
}

size_t deliveries_counted(const struct deliveries *deliveries)
{
    size_t count = 0;

    for (size_t i = 0; i < deliveries->count; i++)
        count += deliveries->items[i].counted;
    return count;
}

size_t deliveries_counted_in(const struct deliveries *deliveries,
                             enum delivery_state state)
{
    size_t count = 0;

    for (size_t i = 0; i < deliveries->count; i++)
        count += deliveries->items[i].counted &&
                 deliveries->items[i].state == state;
    return count;
}

size_t deliveries_left_over(const struct deliveries *deliveries)
{
    size_t count = 0;

    for (size_t i = 0; i < deliveries->count; i++)
        count += deliveries->items[i].counted && !deliveries->items[i].fresh;
    return count;
}

size_t deliveries_unshown(const struct deliveries *deliveries, size_t screens)
{
    size_t count = 0;

    for (size_t i = 0; i < deliveries->count; i++)
        count += deliveries->items[i].counted && deliveries->items[i].fresh &&
                 deliveries->items[i].state == DELIVERY_CONFIRMED &&
                 deliveries->items[i].screen_count < screens;
    return count;
}
