/* Judges with a copy of the keys that the loop hands over. */
#include "display/edge/net/inbox_door.h"

#include <stdio.h>

#include "base/timestamp.h"

bool inbox_door_init(struct inbox_door *door)
{
    return pthread_mutex_init(&door->lock, NULL) == 0;
}

void inbox_door_finish(struct inbox_door *door)
{
    key_ring_finish(&door->ring);
    pthread_mutex_destroy(&door->lock);
}

bool inbox_door_trust(struct inbox_door *door, const struct trust *trust)
{
    struct key_ring ring = {.count = 0};

    if (!key_ring_copy(trust->ring, &ring))
        return false;
    pthread_mutex_lock(&door->lock);
    struct key_ring old = door->ring;
    door->ring = ring;
    door->screen = *trust->screen;
    pthread_mutex_unlock(&door->lock);
    key_ring_finish(&old);
    return true;
}

/* The role that the class asks for; 0: it has no room of its own. */
static unsigned role_of(const char *topic, size_t bytes,
                        enum inbox_class *class)
{
    struct topic parts;

    *class = INBOX_OTHERS;
    if (!topic_parse(topic, &parts))
        return 0;
    if (parts.kind == TOPIC_ALERT && bytes <= LIMIT_ALERT_BYTES) {
        *class = INBOX_ALERTS;
        return KEY_ROLE_ALERTS;
    }
    if (parts.kind == TOPIC_KEYS && bytes <= LIMIT_MESSAGE_BYTES) {
        *class = INBOX_KEYS;
        return KEY_ROLE_ROOT;
    }
    return 0;
}

enum inbox_class inbox_door_classify(struct inbox_door *door, const char *topic,
                                     const char *payload, size_t bytes)
{
    const char *name = envelope_peek_key_id(payload, bytes);
    const struct key_grant *grant;
    char id[LIMIT_KEY_ID_BYTES + 1];
    enum inbox_class class;
    unsigned role = role_of(topic, bytes, &class);

    if (!name || !role)
        return INBOX_OTHERS;
    snprintf(id, sizeof id, "%.*s", LIMIT_KEY_ID_BYTES, name);
    pthread_mutex_lock(&door->lock);
    bool may = key_ring_find(&door->ring, id, &grant) &&
               (grant->roles & role) && grant->revoked_ms == TIMESTAMP_NONE;
    pthread_mutex_unlock(&door->lock);
    return may ? class : INBOX_OTHERS;
}

bool inbox_door_judge(struct inbox_door *door, const char *topic,
                      const char *payload, size_t bytes,
                      struct verified_message **out, struct problem *problem)
{
    const struct trust trust = {&door->ring, &door->screen};

    pthread_mutex_lock(&door->lock);
    bool good = verified_message_create(&trust, topic, payload, bytes, out,
                                        problem);
    pthread_mutex_unlock(&door->lock);
    return good;
}
