/* Makes ticks. */
#include "publisher/send/heartbeat.h"

#include "base/timestamp.h"
#include "protocol/envelope.h"
#include "protocol/message.h"
#include "publisher/outbox/outbox_live.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* *seq stays as it is while there is none or it waits. */
static bool read_confirmed(struct outbox *outbox, const char *topic,
                           int64_t *seq, struct problem *problem)
{
    struct outbox_row row;

    if (!outbox_find(outbox, topic, &row, problem))
        return false;
    if (row.payload && row.state == OUTBOX_CONFIRMED)
        *seq = row.seq;
    free(row.payload);
    return true;
}

static bool read_known(struct outbox *outbox,
                       const struct live_index_frame *frame,
                       struct heartbeat_known *known, struct problem *problem)
{
    char index[LIMIT_TOPIC_BYTES], keys[LIMIT_TOPIC_BYTES];
    struct topic topic = {.kind = TOPIC_KEYS, .scope = "all"};

    snprintf(topic.org, sizeof topic.org, "%s", frame->org);
    if (!live_index_topic(frame, "all", index) || !topic_format(&topic, keys))
        return problem_set(problem, PROBLEM_TOPIC,
                           "an index or a list of keys has no topic");
    return read_confirmed(outbox, index, &known->index_seq, problem) &&
           read_confirmed(outbox, keys, &known->keys_seq, problem);
}

static bool take_sequence(struct outbox *outbox, int64_t now_ms, int64_t *seq,
                          struct problem *problem)
{
    if (outbox_begin(outbox, problem) &&
        outbox_next_sequence(outbox, now_ms, seq, problem) &&
        outbox_commit(outbox, problem))
        return true;
    outbox_rollback(outbox);
    return false;
}

static char *print_body(const struct live_index_frame *frame, int64_t seq,
                        const struct heartbeat_known *known, int every_s)
{
    char issued[TIMESTAMP_BYTES];

    timestamp_format(frame->now_ms, frame->utc_offset_minutes, issued);
    json_t *tick = json_pack("{s:I}", "index_seq",
                             (json_int_t)known->index_seq);
    if (known->keys_seq > 0)
        json_object_set_new(tick, "keys_seq", json_integer(known->keys_seq));
    if (every_s > 0)
        json_object_set_new(tick, "every_s", json_integer(every_s));
    json_t *body = json_pack("{s:i, s:s, s:s, s:s, s:I, s:s, s:o}", "gaoshi", 1,
                             "kind", "tick", "org", frame->org, "scope", "all",
                             "seq", (json_int_t)seq, "issued", issued, "tick",
                             tick);
    char *text = body ? json_dumps(body, JSON_COMPACT) : NULL;
    json_decref(body);
    return text;
}

static bool seal(const struct live_index_frame *frame, const char *body,
                 struct heartbeat_tick *out, struct problem *problem)
{
    struct topic topic = {.kind = TOPIC_TICK, .scope = "all"};
    struct heartbeat_tick tick;
    char *payload = NULL;

    snprintf(topic.org, sizeof topic.org, "%s", frame->org);
    if (!topic_format(&topic, tick.topic))
        return problem_set(problem, PROBLEM_TOPIC, "a tick has no topic");
    if (!envelope_seal(frame->key, body, strlen(body), &payload, &tick.bytes,
                       problem))
        return false;
    tick.payload = realloc(payload, tick.bytes + 1);
    if (!tick.payload) {
        free(payload);
        return problem_set(problem, PROBLEM_SYSTEM, "out of memory");
    }
    tick.payload[tick.bytes] = '\0';
    *out = tick;
    return true;
}

bool heartbeat_make_tick(struct outbox *outbox,
                         const struct live_index_frame *frame, int every_s,
                         struct heartbeat_known *known,
                         struct heartbeat_tick *out, struct problem *problem)
{
    int64_t seq = 0;

    if (frame->now_ms < LIMIT_RELEASE_MS)
        return problem_set(problem, PROBLEM_SYSTEM,
                           "the clock of this machine is not set");
    if (!read_known(outbox, frame, known, problem) ||
        !take_sequence(outbox, frame->now_ms, &seq, problem))
        return false;
    char *body = print_body(frame, seq, known, every_s);
    bool made = body ? seal(frame, body, out, problem)
                     : problem_set(problem, PROBLEM_SYSTEM, "out of memory");
    free(body);
    return made;
}
