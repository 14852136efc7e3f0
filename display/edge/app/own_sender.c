/* Completes, signs and addresses the messages of a rehearsal. */
#include "display/edge/app/own_sender.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/timestamp.h"
#include "protocol/envelope.h"
#include "protocol/topic.h"

enum { OWN_OFFSET_MINUTES = 480 };

struct own_sender {
    struct key *key;
    const struct screen_identity *identity;
    int64_t seq; /* of the last message */
};

/* The ring needs a copy of the key's public half. */
static bool trust(struct key_ring *ring, const struct key *key, unsigned roles,
                  struct problem *problem)
{
    struct key *public = NULL;
    char *pem = key_to_public_pem(key);
    bool made = pem && key_from_public_pem(pem, strlen(pem), &public, problem);

    free(pem);
    if (made && key_ring_add(ring, public, roles))
        return true;
    key_destroy(public);
    return problem_set(problem, PROBLEM_SYSTEM,
                       "no room for the rehearsal's key");
}

bool own_sender_create(struct key_ring *ring,
                       const struct screen_identity *identity, unsigned roles,
                       struct own_sender **out, struct problem *problem)
{
    struct own_sender *sender = calloc(1, sizeof *sender);

    if (!sender)
        return problem_set(problem, PROBLEM_SYSTEM, "no memory");
    sender->identity = identity;
    if (!key_generate(KEY_ED25519, &sender->key, problem) ||
        !trust(ring, sender->key, roles, problem)) {
        own_sender_destroy(sender);
        return false;
    }
    *out = sender;
    return true;
}

void own_sender_destroy(struct own_sender *sender)
{
    if (!sender)
        return;
    key_destroy(sender->key);
    free(sender);
}

static void complete(json_t *body, const struct own_sender *sender, int64_t seq,
                     int64_t wall_ms)
{
    char scope[SCOPE_BYTES], issued[TIMESTAMP_BYTES];

    snprintf(scope, sizeof scope, "screen-%s", sender->identity->screen);
    timestamp_format(wall_ms, OWN_OFFSET_MINUTES, issued);
    json_object_set_new(body, "org", json_string(sender->identity->org));
    json_object_set_new(body, "scope", json_string(scope));
    json_object_set_new(body, "seq", json_integer(seq));
    json_object_set_new(body, "issued", json_string(issued));
}

static const char *text_of(const json_t *body, const char *key)
{
    const char *text = json_string_value(json_object_get(body, key));

    return text ? text : "";
}

static bool make_topic(const struct own_sender *sender, const json_t *body,
                       char out[LIMIT_TOPIC_BYTES])
{
    bool panel = strncmp(text_of(body, "kind"), "panel", 5) == 0;
    struct topic topic = {.kind = panel ? TOPIC_PANEL : TOPIC_ALERT};

    snprintf(topic.org, sizeof topic.org, "%s", sender->identity->org);
    snprintf(topic.scope, sizeof topic.scope, "screen-%s",
             sender->identity->screen);
    snprintf(topic.id, sizeof topic.id, "%s", text_of(body, "id"));
    return topic_format(&topic, out);
}

bool own_sender_seal(struct own_sender *sender, json_t *body, int64_t wall_ms,
                     struct own_message *out, struct problem *problem)
{
    int64_t seq = wall_ms > sender->seq ? wall_ms : sender->seq + 1;

    complete(body, sender, seq, wall_ms);
    char *text = json_dumps(body, JSON_PRESERVE_ORDER);
    if (!text)
        return problem_set(problem, PROBLEM_SYSTEM, "no memory for a message");
    bool made = make_topic(sender, body, out->topic)
                    ? envelope_seal(sender->key, text, strlen(text),
                                    &out->payload, &out->bytes, problem)
                    : problem_set_field(problem, "id", "missing");
    free(text);
    if (made)
        sender->seq = seq;
    return made;
}
