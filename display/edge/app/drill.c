/* Raises and cancels a drill in the window of a rehearsal. The message is
 * signed, verified and judged like one from the broker. */
#include "display/edge/app/drill.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/files.h"
#include "base/timestamp.h"
#include "protocol/envelope.h"
#include "protocol/topic.h"

#define DRILL_FILE "data/drills/flood-orange.json"

enum { DRILL_LASTS_MS = 30 * 60 * 1000, DRILL_OFFSET_MINUTES = 480 };

struct drill {
    struct key *key;
    const struct screen_identity *identity;
    json_t *draft;
    int64_t seq;
    bool raised;
};

/* The ring needs a copy of the key's public half. */
static bool trust(struct key_ring *ring, const struct key *key,
                  struct problem *problem)
{
    struct key *public = NULL;
    char *pem = key_to_public_pem(key);
    bool made = pem && key_from_public_pem(pem, strlen(pem), &public, problem);

    free(pem);
    if (made && key_ring_add(ring, public, KEY_ROLE_ALERTS))
        return true;
    key_destroy(public);
    return problem_set(problem, PROBLEM_SYSTEM, "no room for the drill's key");
}

static bool load_draft(const struct data_path *data, json_t **out,
                       struct problem *problem)
{
    char file[DATA_PATH_BYTES];
    char *text = NULL;
    size_t bytes = 0;
    json_error_t error;

    if (!data_path_join(data, DRILL_FILE, file, sizeof file))
        return problem_set(problem, PROBLEM_SYSTEM, "path too long");
    text = file_read_any(file, LIMIT_ALERT_BYTES, &bytes, problem);
    if (!text)
        return false;
    *out = json_loadb(text, bytes, JSON_REJECT_DUPLICATES, &error);
    free(text);
    return *out || problem_set(problem, PROBLEM_SYNTAX, "%s", error.text);
}

bool drill_create(struct key_ring *ring, const struct data_path *data,
                  const struct screen_identity *identity, struct drill **out,
                  struct problem *problem)
{
    struct drill *drill = calloc(1, sizeof *drill);

    if (!drill)
        return problem_set(problem, PROBLEM_SYSTEM, "no memory");
    drill->identity = identity;
    if (!load_draft(data, &drill->draft, problem) ||
        !key_generate(KEY_ED25519, &drill->key, problem) ||
        !trust(ring, drill->key, problem)) {
        drill_destroy(drill);
        return false;
    }
    *out = drill;
    return true;
}

void drill_destroy(struct drill *drill)
{
    if (!drill)
        return;
    json_decref(drill->draft);
    key_destroy(drill->key);
    free(drill);
}

static void put_time(json_t *body, const char *key, int64_t ms)
{
    char text[TIMESTAMP_BYTES];

    timestamp_format(ms, DRILL_OFFSET_MINUTES, text);
    json_object_set_new(body, key, json_string(text));
}

static json_t *make_raise(const struct drill *drill, int64_t wall_ms)
{
    json_t *body = json_deep_copy(drill->draft);

    json_object_set_new(json_object_get(body, "alert"), "status",
                        json_string("exercise"));
    put_time(body, "expires", wall_ms + DRILL_LASTS_MS);
    return body;
}

static json_t *make_cancel(const struct drill *drill)
{
    return json_pack(
        "{s:O, s:s, s:O, s:{s:s, s:O, s:s}}", "gaoshi",
        json_object_get(drill->draft, "gaoshi"), "kind", "alert-cancel", "id",
        json_object_get(drill->draft, "id"), "cancel", "status", "exercise",
        "event",
        json_object_get(json_object_get(drill->draft, "alert"), "event"),
        "reason", "演练结束");
}

/* Adds the fields that the publisher adds before signing. */
static void complete(json_t *body, const struct drill *drill, int64_t seq,
                     int64_t wall_ms)
{
    char scope[SCOPE_BYTES];

    snprintf(scope, sizeof scope, "screen-%s", drill->identity->screen);
    json_object_set_new(body, "org", json_string(drill->identity->org));
    json_object_set_new(body, "scope", json_string(scope));
    json_object_set_new(body, "seq", json_integer(seq));
    put_time(body, "issued", wall_ms);
}

static bool make_topic(const struct drill *drill, const json_t *body,
                       char out[LIMIT_TOPIC_BYTES])
{
    struct topic topic = {.kind = TOPIC_ALERT};
    const char *id = json_string_value(json_object_get(body, "id"));

    snprintf(topic.org, sizeof topic.org, "%s", drill->identity->org);
    snprintf(topic.scope, sizeof topic.scope, "screen-%s",
             drill->identity->screen);
    snprintf(topic.id, sizeof topic.id, "%s", id ? id : "");
    return topic_format(&topic, out);
}

bool drill_next(struct drill *drill, int64_t wall_ms,
                char topic[LIMIT_TOPIC_BYTES], char **payload, size_t *bytes,
                struct problem *problem)
{
    json_t *body = drill->raised ? make_cancel(drill)
                                 : make_raise(drill, wall_ms);
    int64_t seq = wall_ms > drill->seq ? wall_ms : drill->seq + 1;

    if (!body)
        return problem_set(problem, PROBLEM_SYSTEM, "no memory for the drill");
    complete(body, drill, seq, wall_ms);
    char *text = json_dumps(body, JSON_PRESERVE_ORDER);
    bool made = text && make_topic(drill, body, topic) &&
                envelope_seal(drill->key, text, strlen(text), payload, bytes,
                              problem);
    free(text);
    json_decref(body);
    if (!made)
        return false;
    drill->seq = seq;
    drill->raised = !drill->raised;
    return true;
}
