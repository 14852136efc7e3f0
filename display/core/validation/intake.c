/* Opens what came over the wire or out of the store, before anything of the
 * board's state is touched. */
#include "display/core/validation/intake.h"

#include "display/core/validation/left_out.h"
#include "display/core/validation/slot_table.h"

#include <stdlib.h>
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
        return true;
    default:
        return problem_set(problem, PROBLEM_TOPIC,
                           "a topic that screens write to, not read from");
    }
}

static bool check_size(const struct topic *topic, size_t bytes,
                       struct problem *problem)
{
    size_t limit = topic->kind == TOPIC_ALERT ? (size_t)LIMIT_ALERT_BYTES
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

/* The envelope holds. */
static bool read_message(const struct trust *trust, const char *topic_text,
                         const struct topic *topic,
                         const struct envelope *envelope, struct intake *out,
                         struct problem *problem)
{
    struct message *message;

    if (!message_parse(envelope->body, envelope->body_bytes, MESSAGE_RECEIVED,
                       topic_text, &message, problem))
        return false;
    memcpy(message->key_id, envelope->key_id, sizeof message->key_id);
    if (!check_authority(message, topic, trust, problem) ||
        !left_out_apply(message, problem)) {
        message_destroy(message);
        return false;
    }
    out->topic = *topic;
    out->message = message;
    out->body_hash = slot_hash(envelope->body, envelope->body_bytes);
    return true;
}

bool intake_open(const struct trust *trust, const char *topic_text,
                 const char *payload, size_t bytes, struct intake *out,
                 struct problem *problem)
{
    struct topic topic;
    struct envelope envelope;

    return read_topic(topic_text, &topic, problem) &&
           check_size(&topic, bytes, problem) &&
           envelope_open(trust->ring, payload, bytes, &envelope, problem) &&
           read_message(trust, topic_text, &topic, &envelope, out, problem);
}

struct verified_message {
    size_t bytes;
    int64_t seq;
    const char *topic; /* behind the payload */
    char payload[];
};

bool verified_message_create(const struct trust *trust, const char *topic,
                             const char *payload, size_t bytes,
                             struct verified_message **out,
                             struct problem *problem)
{
    struct intake intake;

    if (!intake_open(trust, topic, payload, bytes, &intake, problem))
        return false;
    int64_t seq = intake.message->seq;
    message_destroy(intake.message);
    size_t topic_bytes = strlen(topic) + 1;
    struct verified_message *made = malloc(sizeof *made + bytes + topic_bytes);
    if (!made)
        return problem_set(problem, PROBLEM_SYSTEM, "no memory for a message");
    made->bytes = bytes;
    made->seq = seq;
    memcpy(made->payload, payload, bytes);
    made->topic = memcpy(made->payload + bytes, topic, topic_bytes);
    *out = made;
    return true;
}

void verified_message_destroy(struct verified_message *authentic)
{
    free(authentic);
}

const char *verified_message_topic(const struct verified_message *authentic)
{
    return authentic->topic;
}

const char *verified_message_payload(const struct verified_message *authentic)
{
    return authentic->payload;
}

size_t verified_message_bytes(const struct verified_message *authentic)
{
    return authentic->bytes;
}

int64_t verified_message_seq(const struct verified_message *authentic)
{
    return authentic->seq;
}

bool intake_reopen(const struct trust *trust,
                   const struct verified_message *authentic, struct intake *out,
                   struct problem *problem)
{
    struct topic topic;
    const struct envelope envelope = envelope_split(authentic->payload,
                                                    authentic->bytes);

    return read_topic(authentic->topic, &topic, problem) &&
           read_message(trust, authentic->topic, &topic, &envelope, out,
                        problem);
}
