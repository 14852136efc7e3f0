/* Verifies and parses messages from the broker and from the store, before the
 * board changes. */
#include "display/core/validation/verified_message.h"

#include "display/core/validation/shaping.h"
#include "display/core/validation/slot_table.h"
#include "protocol/envelope.h"
#include "protocol/scope.h"

#include <string.h>

static bool read_topic(const char *text, struct topic *topic,
                       struct problem *problem)
{
    if (!topic_parse(text, topic))
        return problem_set(problem, PROBLEM_TOPIC,
                           "not a topic of protocol version 1");
    switch (topic->kind) {
    case TOPIC_PANEL:
    case TOPIC_ALERT:
    case TOPIC_INDEX:
    case TOPIC_TICK:
    case TOPIC_KEYS:
    case TOPIC_COMMAND:
    case TOPIC_SETTINGS:
    case TOPIC_FIGURE:
        return true;
    default:
        return problem_set(problem, PROBLEM_TOPIC,
                           "a topic that screens write to, not read from");
    }
}

static bool check_size(const struct topic *topic, size_t bytes,
                       struct problem *problem)
{
    size_t limit = topic->kind == TOPIC_ALERT    ? (size_t)LIMIT_ALERT_BYTES
                   : topic->kind == TOPIC_FIGURE ? (size_t)LIMIT_FIGURE_BYTES
                                                 : (size_t)LIMIT_MESSAGE_BYTES;

    if (bytes == 0)
        return problem_set(problem, PROBLEM_SYNTAX,
                           "empty: only a signed message takes something off");
    if (bytes > limit)
        return problem_set(problem, PROBLEM_TOO_LARGE, "%zu bytes, %zu at most",
                           bytes, limit);
    return true;
}

static bool is_addressed(const struct message *message,
                         const struct topic *topic,
                         const struct screen_identity *screen)
{
    if (strcmp(message->org, screen->org) != 0)
        return false;
    if (topic->kind == TOPIC_COMMAND)
        return strcmp(topic->screen, screen->screen) == 0;
    return scope_covers(topic->scope, screen);
}

static bool check_authority(const struct message *message,
                            const struct topic *topic,
                            const struct trust *trust, struct problem *problem)
{
    if (!message_agrees_with_topic(message, topic, problem))
        return false;
    if (message->kind == MESSAGE_INDEX &&
        strcmp(message->id, message->key_id) != 0)
        return problem_set(problem, PROBLEM_AUTHORITY,
                           "key %s may not sign the index of key %s",
                           message->key_id, message->id);
    if (!is_addressed(message, topic, trust->screen))
        return problem_set(problem, PROBLEM_SCOPE,
                           "not for this screen (%s of %s)",
                           trust->screen->screen, trust->screen->org);
    return trust_in_message(trust, message, problem);
}

/* Called after the signature was verified. NULL: the message is refused. */
static struct message *read_message(const struct trust *trust,
                                    const char *topic_text,
                                    const struct topic *topic,
                                    const struct envelope *envelope,
                                    struct problem *problem)
{
    struct message *message;

    if (!message_parse(envelope->body, envelope->body_bytes, MESSAGE_RECEIVED,
                       topic_text, &message, problem))
        return NULL;
    memcpy(message->key_id, envelope->key_id, sizeof message->key_id);
    if (check_authority(message, topic, trust, problem) &&
        shaping_leave_out(message, problem))
        return message;
    message_destroy(message);
    return NULL;
}

bool verified_message_init(struct verified_message *out,
                           const struct trust *trust, const char *topic_text,
                           const char *payload, size_t bytes,
                           struct problem *problem)
{
    struct topic topic;
    struct envelope envelope;

    if (!read_topic(topic_text, &topic, problem) ||
        !check_size(&topic, bytes, problem) ||
        !envelope_open(trust->ring, payload, bytes, &envelope, problem))
        return false;
    struct message *message = read_message(trust, topic_text, &topic, &envelope,
                                           problem);
    if (!message)
        return false;
    *out = (struct verified_message){
        .topic_text = topic_text,
        .payload = payload,
        .bytes = bytes,
        .topic = topic,
        .message = message,
        .body_hash = slot_hash(envelope.body, envelope.body_bytes),
    };
    return true;
}

void verified_message_finish(struct verified_message *verified)
{
    if (!verified)
        return;
    message_destroy(verified->message);
    verified->message = NULL;
}

/* The recursion is no deeper than message_parse allows. */
static size_t count_values(json_t *value)
{
    size_t count = 1, i;
    const char *key;
    json_t *child;

    if (json_is_object(value)) {
        json_object_foreach(value, key, child) count += count_values(child);
    } else {
        json_array_foreach(value, i, child) count += count_values(child);
    }
    return count;
}

size_t verified_message_memory_bytes(const struct verified_message *verified)
{
    /* A member of an object with its key in Jansson 2.14 on 64 bits: measured
     * 100 to 175 bytes in the alerts of tests/messages. */
    enum { VALUE_BYTES = 176 };
    const struct message *message = verified->message;

    if (!message)
        return 0;
    size_t list_bytes = message->kind == MESSAGE_KEYS ? sizeof *message->keys
                        : message->kind == MESSAGE_SETTINGS
                            ? sizeof *message->settings
                            : 0;
    /* All texts together are no longer than the payload. */
    return sizeof *message + list_bytes + verified->bytes +
           count_values(message->root) * VALUE_BYTES;
}
