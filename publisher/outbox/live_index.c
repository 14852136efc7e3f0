/* Composes and queues the indexes of what is live. */
#include "publisher/outbox/live_index.h"

#include "base/timestamp.h"
#include "protocol/envelope.h"
#include "publisher/cli/tell.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The entries of one scope's index. */
struct listed {
    char scope[SCOPE_BYTES];
    json_t *entries, *settings;
    size_t left_out;
};

/* The scope all is the first. */
struct listing {
    const struct live_index_frame *frame;
    struct listed *items;
    size_t count;
};

static void listing_finish(struct listing *listing)
{
    for (size_t i = 0; i < listing->count; i++) {
        json_decref(listing->items[i].entries);
        json_decref(listing->items[i].settings);
    }
    free(listing->items);
}

static struct listed *listing_of(struct listing *listing, const char *scope)
{
    for (size_t i = 0; i < listing->count; i++)
        if (strcmp(listing->items[i].scope, scope) == 0)
            return &listing->items[i];
    struct listed *grown =
        realloc(listing->items, (listing->count + 1) * sizeof *listing->items);
    if (!grown)
        return NULL;
    listing->items = grown;
    struct listed *listed = &grown[listing->count];
    *listed = (struct listed){.entries = json_array(),
                              .settings = json_array()};
    if (!listed->entries || !listed->settings) {
        json_decref(listed->entries);
        json_decref(listed->settings);
        return NULL;
    }
    snprintf(listed->scope, sizeof listed->scope, "%s", scope);
    listing->count++;
    return listed;
}

static bool add_live(void *context, const struct outbox_live *live)
{
    struct listing *listing = context;
    char slot[LIMIT_IDENTIFIER_BYTES + 12];
    struct topic topic;

    if (!topic_parse(live->topic, &topic))
        return true;
    struct listed *listed = listing_of(listing, topic.scope);
    if (!listed)
        return false;
    /* The row of an old index only adds its scope: a scope in which nothing is
     * live any more then gets an empty index. */
    if (live->kind == MESSAGE_INDEX ||
        (live->waits &&
         !outbox_is_chosen(&listing->frame->sent, live->seq, live->topic)))
        return true;
    bool settings = live->kind == MESSAGE_SETTINGS;
    json_t *list = settings ? listed->settings : listed->entries;
    if (json_array_size(list) ==
        (settings ? LIMIT_INDEX_SETTINGS : LIMIT_INDEX_ENTRIES)) {
        listed->left_out++;
        return true;
    }
    snprintf(slot, sizeof slot, "%s/%s",
             settings                    ? "settings"
             : topic.kind == TOPIC_ALERT ? "alert"
                                         : "panel",
             topic.id);
    return json_array_append_new(list,
                                 json_pack("{s:s, s:I}", "slot", slot, "seq",
                                           (json_int_t)live->seq)) == 0;
}

bool live_index_topic(const struct live_index_frame *frame, const char *scope,
                      char out[LIMIT_TOPIC_BYTES])
{
    struct topic topic = {.kind = TOPIC_INDEX};

    snprintf(topic.org, sizeof topic.org, "%s", frame->org);
    snprintf(topic.scope, sizeof topic.scope, "%s", scope);
    snprintf(topic.id, sizeof topic.id, "%s", key_id(frame->key));
    return topic_format(&topic, out);
}

/* Printed without spaces, because a full index would otherwise be too large. */
static char *print_body(const struct live_index_frame *frame, const char *scope,
                        int64_t seq, json_t *index)
{
    char issued[TIMESTAMP_BYTES];

    timestamp_format(frame->now_ms, frame->utc_offset_minutes, issued);
    json_t *body = json_pack(
        "{s:i, s:s, s:s, s:s, s:s, s:I, s:s, s:O}", "gaoshi", 1, "kind",
        "index", "id", key_id(frame->key), "org", frame->org, "scope", scope,
        "seq", (json_int_t)seq, "issued", issued, "index", index);
    char *text = body ? json_dumps(body, JSON_COMPACT) : NULL;
    json_decref(body);
    return text;
}

static bool queue_body(struct outbox *outbox,
                       const struct live_index_frame *frame, const char *topic,
                       const char *body, int64_t seq, struct problem *problem)
{
    struct outbox_message queued = {.seq = seq,
                                    .org = frame->org,
                                    .topic = topic,
                                    .expires_ms = TIMESTAMP_NONE};
    struct message *message = NULL;
    char *payload = NULL;

    if (!message_parse(body, strlen(body), MESSAGE_WIRE, topic, &message,
                       problem))
        return false;
    message_destroy(message);
    if (!envelope_seal(frame->key, body, strlen(body), &payload, &queued.bytes,
                       problem))
        return false;
    queued.payload = payload;
    bool added = outbox_add(outbox, &queued, problem);
    free(payload);
    return added;
}

/* True when the index that was signed last has the same contents. */
static bool says(const struct outbox_row *row, const json_t *index)
{
    const char *line_end = row->payload ? strchr(row->payload, '\n') : NULL;

    if (!line_end)
        return false;
    json_t *body = json_loads(line_end + 1, JSON_REJECT_DUPLICATES, NULL);
    bool same = json_equal(json_object_get(body, "index"), index);
    json_decref(body);
    return same;
}

static bool is_empty(const json_t *index)
{
    return json_array_size(json_object_get(index, "entries")) == 0 &&
           json_array_size(json_object_get(index, "settings")) == 0 &&
           json_array_size(json_object_get(index, "scopes")) == 0;
}

/* Queues the index unless the last one has the same contents. *seq is the
 * number of the index that is valid afterwards; 0: none, because nothing is
 * live. */
static bool queue_index(struct outbox *outbox,
                        const struct live_index_frame *frame, const char *scope,
                        json_t *index, int64_t *seq, struct problem *problem)
{
    char topic[LIMIT_TOPIC_BYTES];
    struct outbox_row row = {.payload = NULL};

    if (!live_index_topic(frame, scope, topic))
        return problem_set(problem, PROBLEM_TOPIC, "an index has no topic");
    if (!outbox_find(outbox, topic, &row, problem))
        return false;
    bool stands = says(&row, index) || (!row.payload && is_empty(index)) ||
                  (frame->correcting && row.state == OUTBOX_REFUSED);
    *seq = row.seq;
    free(row.payload);
    if (stands)
        return true;
    if (!outbox_next_sequence(outbox, frame->now_ms, seq, problem))
        return false;
    char *body = print_body(frame, scope, *seq, index);
    bool queued = body ? queue_body(outbox, frame, topic, body, *seq, problem)
                       : problem_set(problem, PROBLEM_SYSTEM, "out of memory");
    free(body);
    return queued;
}

static void tell_left_out(const struct listed *listed)
{
    if (listed->left_out > 0)
        tell_line("the index of %s lists %d messages at most: no screen can "
                  "notice if the %zu oldest are withheld",
                  listed->scope, LIMIT_INDEX_ENTRIES, listed->left_out);
}

/* Indexes without settings have no list of them: earlier screens do not know
 * it. */
static void put_settings(json_t *index, const struct listed *listed)
{
    if (json_array_size(listed->settings) > 0)
        json_object_set(index, "settings", listed->settings);
}

static bool queue_scopes(struct outbox *outbox,
                         const struct live_index_frame *frame,
                         const struct listing *listing, json_t *scopes,
                         struct problem *problem)
{
    size_t left_out = 0;
    bool queued = true;

    for (size_t i = 1; queued && i < listing->count; i++) {
        const struct listed *listed = &listing->items[i];
        json_t *index = json_pack("{s:O}", "entries", listed->entries);
        put_settings(index, listed);
        int64_t seq = 0;
        queued = queue_index(outbox, frame, listed->scope, index, &seq,
                             problem);
        json_decref(index);
        tell_left_out(listed);
        if (!queued || (json_array_size(listed->entries) == 0 &&
                        json_array_size(listed->settings) == 0))
            continue;
        if (json_array_size(scopes) == LIMIT_INDEX_SCOPES)
            left_out++;
        else
            json_array_append_new(scopes, json_pack("{s:s, s:I}", "scope",
                                                    listed->scope, "seq",
                                                    (json_int_t)seq));
    }
    if (left_out > 0)
        tell_line("the index of all lists %d scopes at most: no screen can "
                  "notice if %zu of them are withheld",
                  LIMIT_INDEX_SCOPES, left_out);
    return queued;
}

static bool queue_all(struct outbox *outbox,
                      const struct live_index_frame *frame,
                      const struct listing *listing, struct problem *problem)
{
    json_t *scopes = json_array();
    int64_t seq;

    bool queued = queue_scopes(outbox, frame, listing, scopes, problem);
    json_t *index = json_pack("{s:O, s:o}", "entries",
                              listing->items[0].entries, "scopes", scopes);
    put_settings(index, &listing->items[0]);
    if (queued && !index)
        queued = problem_set(problem, PROBLEM_SYSTEM, "out of memory");
    queued = queued && queue_index(outbox, frame, "all", index, &seq, problem);
    json_decref(index);
    tell_left_out(&listing->items[0]);
    return queued;
}

bool live_index_queue(struct outbox *outbox,
                      const struct live_index_frame *frame,
                      struct problem *problem)
{
    struct listing listing = {.frame = frame};
    struct problem why = {.code = PROBLEM_NONE};

    bool read = listing_of(&listing, "all") &&
                outbox_each_live(outbox, frame->org, key_id(frame->key),
                                 frame->now_ms, add_live, &listing, &why);
    if (!read && why.code == PROBLEM_NONE)
        problem_set(&why, PROBLEM_SYSTEM, "out of memory");
    if (!read && problem)
        *problem = why;
    bool queued = read && queue_all(outbox, frame, &listing, problem);
    listing_finish(&listing);
    return queued;
}
