/* Keeps the messages of a delivery. */
#include "publisher/send/deliveries.h"

#include "protocol/envelope.h"
#include "protocol/message.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void parcel_finish(struct parcel *parcel)
{
    for (size_t i = 0; i < parcel->screen_count; i++)
        free(parcel->screens[i]);
    free(parcel->screens);
    free(parcel->topic);
    free(parcel->payload);
}

enum {
    RANK_KEYS,
    RANK_RED, /* and cancels: a false alarm ends as soon */
    RANK_ORANGE,
    RANK_YELLOW,
    RANK_BLUE,
    RANK_UNKNOWN,
    RANK_DRILL,
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
    default:
        return RANK_PANEL;
    }
}

static bool fill(struct parcel *parcel, const struct outbox_message *message,
                 bool fresh)
{
    struct topic topic;

    parcel->seq = message->seq;
    parcel->fresh = fresh;
    parcel->rank = RANK_PANEL;
    parcel->bytes = message->bytes;
    parcel->topic = strdup(message->topic);
    parcel->payload = malloc(message->bytes + 1);
    if (!parcel->topic || !parcel->payload) {
        parcel_finish(parcel);
        return false;
    }
    memcpy(parcel->payload, message->payload, message->bytes);
    envelope_digest(parcel->payload, parcel->bytes, parcel->digest);
    parcel->counted = true;
    if (topic_parse(message->topic, &topic)) {
        parcel->counted = topic.kind != TOPIC_INDEX;
        parcel->rank = rank_of(&topic, parcel->payload, parcel->bytes);
        snprintf(parcel->id, sizeof parcel->id, "%s", topic.id);
    }
    return true;
}

bool parcels_add(struct parcels *parcels, const struct outbox_message *message,
                 bool fresh)
{
    struct parcel parcel = {0};
    struct parcel *grown =
        realloc(parcels->items, (parcels->count + 1) * sizeof *parcels->items);

    if (!grown)
        return false;
    parcels->items = grown;
    if (!fill(&parcel, message, fresh))
        return false;
    parcels->items[parcels->count++] = parcel;
    return true;
}

static int by_rank(const void *a, const void *b)
{
    const struct parcel *one = a, *other = b;

    if (one->rank != other->rank)
        return one->rank < other->rank ? -1 : 1;
    return one->seq < other->seq ? -1 : one->seq > other->seq;
}

void parcels_sort(struct parcels *parcels)
{
    if (parcels->count > 0)
        qsort(parcels->items, parcels->count, sizeof *parcels->items, by_rank);
}

/* Behind the others: the more breaks, the later. */
static bool goes_before(const struct parcel *one, const struct parcel *other)
{
    int behind = one->breaks >= PARCEL_BREAKS_MAX ? one->breaks : 0;
    int other_behind = other->breaks >= PARCEL_BREAKS_MAX ? other->breaks : 0;

    return behind < other_behind;
}

static size_t counted_left(const struct parcels *parcels)
{
    return parcels_counted_in(parcels, PARCEL_WAITING) +
           parcels_counted_in(parcels, PARCEL_SENT);
}

struct parcel *parcels_next(struct parcels *parcels)
{
    bool indexes_too = counted_left(parcels) == 0;
    struct parcel *next = NULL;
    size_t unanswered = 0;
    bool alone = false;

    for (size_t i = 0; i < parcels->count; i++) {
        struct parcel *parcel = &parcels->items[i];
        bool sent = parcel->state == PARCEL_SENT;
        unanswered += sent;
        alone = alone || (sent && parcel->breaks > 0);
        if (parcel->state == PARCEL_WAITING &&
            (parcel->counted || indexes_too) &&
            (!next || goes_before(parcel, next)))
            next = parcel;
    }
    return next && !alone && (next->breaks == 0 || unanswered == 0) ? next
                                                                    : NULL;
}

void parcels_finish(struct parcels *parcels)
{
    for (size_t i = 0; i < parcels->count; i++)
        parcel_finish(&parcels->items[i]);
    free(parcels->items);
    *parcels = (struct parcels){0};
}

/* By its number; what was refused unread by its bytes. */
static bool is_about(const struct receipt *receipt, const struct parcel *parcel)
{
    if (strcmp(parcel->id, receipt->message) != 0)
        return false;
    if (receipt->seq != 0)
        return parcel->seq == receipt->seq;
    return receipt->digest[0] && strcmp(parcel->digest, receipt->digest) == 0;
}

struct parcel *parcels_of_receipt(struct parcels *parcels,
                                  const struct receipt *receipt)
{
    for (size_t i = 0; i < parcels->count; i++) {
        struct parcel *parcel = &parcels->items[i];
        if (is_about(receipt, parcel))
            return parcel;
    }
    return NULL;
}

bool parcel_note_screen(struct parcel *parcel, const char *screen)
{
    for (size_t i = 0; i < parcel->screen_count; i++)
        if (strcmp(parcel->screens[i], screen) == 0)
            return false;
    char *copy = strdup(screen);
    char **grown = copy ? realloc(parcel->screens, (parcel->screen_count + 1) *
                                                       sizeof *parcel->screens)
                        : NULL;
    if (!grown) {
        free(copy);
        return false;
    }
    parcel->screens = grown;
    parcel->screens[parcel->screen_count++] = copy;
    return true;
}

size_t parcels_in(const struct parcels *parcels, enum parcel_state state)
{
    size_t count = 0;

    for (size_t i = 0; i < parcels->count; i++)
        count += parcels->items[i].state == state;
    return count;
}

size_t parcels_counted(const struct parcels *parcels)
{
    size_t count = 0;

    for (size_t i = 0; i < parcels->count; i++)
        count += parcels->items[i].counted;
    return count;
}

size_t parcels_counted_in(const struct parcels *parcels,
                          enum parcel_state state)
{
    size_t count = 0;

    for (size_t i = 0; i < parcels->count; i++)
        count += parcels->items[i].counted && parcels->items[i].state == state;
    return count;
}

size_t parcels_left_over(const struct parcels *parcels)
{
    size_t count = 0;

    for (size_t i = 0; i < parcels->count; i++)
        count += parcels->items[i].counted && !parcels->items[i].fresh;
    return count;
}

size_t parcels_unshown(const struct parcels *parcels, size_t screens)
{
    size_t count = 0;

    for (size_t i = 0; i < parcels->count; i++)
        count += parcels->items[i].counted && parcels->items[i].fresh &&
                 parcels->items[i].state == PARCEL_CONFIRMED &&
                 parcels->items[i].screen_count < screens;
    return count;
}
