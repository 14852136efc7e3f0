/* Keeps the messages of a delivery. */
#include "publisher/parcels.h"

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

static bool fill(struct parcel *parcel, const struct outbox_message *message,
                 int64_t from_seq)
{
    struct topic topic;

    parcel->seq = message->seq;
    parcel->fresh = message->seq >= from_seq;
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
        snprintf(parcel->id, sizeof parcel->id, "%s", topic.id);
    }
    return true;
}

bool parcels_add(struct parcels *parcels, const struct outbox_message *message,
                 int64_t from_seq)
{
    struct parcel parcel = {0};
    struct parcel *grown =
        realloc(parcels->items, (parcels->count + 1) * sizeof *parcels->items);

    if (!grown)
        return false;
    parcels->items = grown;
    if (!fill(&parcel, message, from_seq))
        return false;
    parcels->items[parcels->count++] = parcel;
    return true;
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
