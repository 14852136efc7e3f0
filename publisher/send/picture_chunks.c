/* Cuts pictures into chunks for the broker. */
#include "publisher/send/picture_chunks.h"

#include "base/timestamp.h"
#include "protocol/picture.h"
#include "publisher/cli/tell.h"
#include "publisher/outbox/kept_pictures.h"

#include <stdio.h>
#include <string.h>

struct adding {
    struct deliveries *deliveries;
    const char *org;
    bool clears; /* empty chunks */
    struct problem *problem;
};

static bool add_chunk(const struct adding *adding,
                      const struct kept_picture *picture, size_t chunk)
{
    struct topic topic = {.kind = TOPIC_PICTURE};
    char text[LIMIT_TOPIC_BYTES];
    struct outbox_message message = {
        .topic = text,
        .payload = (const char *)picture->bytes + chunk * LIMIT_CHUNK_BYTES,
        .bytes = adding->clears ? 0 : picture_chunk_bytes(picture->size, chunk),
        .expires_ms = TIMESTAMP_NONE,
    };

    snprintf(topic.org, sizeof topic.org, "%s", adding->org);
    snprintf(topic.id, sizeof topic.id, "%s", picture->digest);
    snprintf(topic.chunk, sizeof topic.chunk, "%u", (unsigned)chunk & 0x7Fu);
    if (!topic_format(&topic, text))
        return problem_set(adding->problem, PROBLEM_TOPIC,
                           "a picture has no topic");
    return deliveries_add(adding->deliveries, &message, false) ||
           problem_set(adding->problem, PROBLEM_SYSTEM, "out of memory");
}

static bool add_picture(void *context, const struct kept_picture *picture)
{
    const struct adding *adding = context;

    for (size_t i = 0; i < picture_chunks(picture->size); i++)
        if (!add_chunk(adding, picture, i))
            return false;
    return true;
}

bool picture_chunks_add(struct deliveries *deliveries, struct outbox *outbox,
                        const char *org, int64_t now_ms, bool again,
                        struct problem *problem)
{
    struct adding adding = {deliveries, org, false, problem};
    const struct sqlite_file *file = outbox_file(outbox);

    if (!kept_pictures_each(file, org,
                            again ? KEPT_PICTURES_NAMED : KEPT_PICTURES_WAITING,
                            now_ms, add_picture, &adding, problem))
        return false;
    adding.clears = true;
    return kept_pictures_each(file, org, KEPT_PICTURES_LEFT, now_ms,
                              add_picture, &adding, problem);
}

/* The chunks of a picture stand behind each other. */
static size_t end_of(const struct deliveries *deliveries, size_t from,
                     bool *confirmed, bool *cleared)
{
    const struct delivery *first = &deliveries->items[from];
    size_t i = from;

    *confirmed = true;
    *cleared = first->bytes == 0;
    for (; i < deliveries->count; i++) {
        const struct delivery *delivery = &deliveries->items[i];
        if (!delivery->chunk || strcmp(delivery->id, first->id) != 0)
            break;
        *confirmed &= delivery->state == DELIVERY_CONFIRMED;
    }
    return i;
}

size_t picture_chunks_settle(const struct deliveries *deliveries,
                             struct outbox *outbox, const char *org)
{
    const struct sqlite_file *file = outbox_file(outbox);
    size_t left = 0;

    for (size_t i = 0; i < deliveries->count;) {
        const struct delivery *delivery = &deliveries->items[i];
        struct problem problem = {.consequence = "this picture will be sent "
                                                 "once more"};
        bool confirmed, cleared;
        if (!delivery->chunk) {
            i++;
            continue;
        }
        i = end_of(deliveries, i, &confirmed, &cleared);
        left += !confirmed;
        if (confirmed &&
            !(cleared ? kept_pictures_forget : kept_pictures_confirm)(
                file, org, delivery->id, &problem))
            tell_problem(&problem);
    }
    return left;
}
