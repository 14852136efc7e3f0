/* Reads, changes and signs the list of keys. */
#include "publisher/keys/key_roll.h"

#include "protocol/envelope.h"
#include "publisher/cli/clock.h"
#include "base/files.h"
#include "publisher/send/compose.h"

#include <stdlib.h>
#include <string.h>

enum { LIST_MODE = 0644 };

/* The body of what this root signed. */
static bool open_signed(const struct key_roll *roll, const struct key *root,
                        const char **body, size_t *bytes,
                        struct problem *problem)
{
    struct key_ring ring = {.count = 0};
    struct envelope envelope;
    struct key *key = NULL;

    bool opened = (key_share(root, &key) &&
                   key_ring_add(&ring, key, KEY_ROLE_ROOT)) ||
                  problem_set(problem, PROBLEM_SYSTEM, "out of memory");
    opened = opened && envelope_open(&ring, roll->payload, roll->bytes,
                                     &envelope, problem);
    key_ring_finish(&ring);
    if (opened) {
        *body = envelope.body;
        *bytes = envelope.body_bytes;
    } else if (problem->code == PROBLEM_SIGNATURE) {
        problem_set(problem, PROBLEM_SIGNATURE, "not signed by the root key %s",
                    key_id(root));
    }
    return opened;
}

static bool skip_envelope(const struct key_roll *roll, const char **body,
                          size_t *bytes, struct problem *problem)
{
    const char *end = memchr(roll->payload, '\n', roll->bytes);

    if (!end)
        return problem_set(problem, PROBLEM_SYNTAX,
                           "a signed list of keys expected");
    *body = end + 1;
    *bytes = roll->bytes - (size_t)(*body - roll->payload);
    return true;
}

static bool read_entries(struct key_roll *roll, struct problem *problem)
{
    if (roll->message->kind != MESSAGE_KEYS)
        return problem_set(problem, PROBLEM_FIELD,
                           "a %s found, a list of keys expected",
                           message_kind_name(roll->message->kind));
    json_t *keys = json_object_get(roll->message->root, "keys");
    roll->entries = json_deep_copy(json_object_get(keys, "entries"));
    return roll->entries ||
           problem_set(problem, PROBLEM_SYSTEM, "out of memory");
}

bool key_roll_read(const char *path, const struct key *root,
                   struct key_roll *out, struct problem *problem)
{
    const char *body = NULL;
    size_t bytes = 0;

    out->payload = file_read_text(path, LIMIT_MESSAGE_BYTES, &out->bytes,
                                  problem);
    bool read = out->payload &&
                (root ? open_signed(out, root, &body, &bytes, problem)
                      : skip_envelope(out, &body, &bytes, problem)) &&
                message_parse(body, bytes, MESSAGE_WIRE, path, &out->message,
                              problem) &&
                read_entries(out, problem);
    if (!read)
        problem_set_place(problem, path);
    return read;
}

void key_roll_finish(struct key_roll *roll)
{
    free(roll->payload);
    message_destroy(roll->message);
    json_decref(roll->entries);
}

size_t key_roll_find(const struct key_roll *roll, const char *id)
{
    size_t count = json_array_size(roll->entries);

    for (size_t i = 0; i < count; i++) {
        json_t *entry = json_array_get(roll->entries, i);
        const char *own = json_string_value(json_object_get(entry, "id"));
        if (own && strcmp(own, id) == 0)
            return i;
    }
    return count;
}

bool key_roll_put(struct key_roll *roll, json_t *entry, struct problem *problem)
{
    const char *id = json_string_value(json_object_get(entry, "id"));

    if (!roll->entries)
        roll->entries = json_array();
    size_t count = json_array_size(roll->entries);
    size_t at = id ? key_roll_find(roll, id) : count;
    bool put = at < count ? json_array_set_new(roll->entries, at, entry) == 0
                          : json_array_append_new(roll->entries, entry) == 0;
    return put || problem_set(problem, PROBLEM_SYSTEM, "out of memory");
}

static bool seal(const char *body, size_t bytes, const struct key *root,
                 char **out, struct problem *problem)
{
    struct message *message = NULL;
    size_t sealed = 0;

    if (!message_parse(body, bytes, MESSAGE_WIRE, "the list", &message,
                       problem) ||
        !envelope_seal(root, body, bytes, out, &sealed, problem)) {
        message_destroy(message);
        return false;
    }
    message_destroy(message);
    char *text = realloc(*out, sealed + 1);
    if (!text) {
        free(*out);
        *out = NULL;
        return problem_set(problem, PROBLEM_SYSTEM, "out of memory");
    }
    text[sealed] = '\0';
    *out = text;
    return true;
}

bool key_roll_write(const char *path, const struct key_roll *roll,
                    const char *org, const struct key *root,
                    struct problem *problem)
{
    int64_t now_ms = clock_wall_ms();
    int64_t last = roll->message ? roll->message->seq : 0;
    const struct compose_frame frame = {
        .org = org,
        .scope = "all",
        .seq = now_ms > last ? now_ms : last + 1,
        .issued_ms = now_ms,
        .utc_offset_minutes = clock_utc_offset_minutes(now_ms),
    };
    json_t *draft = json_pack("{s:i, s:s, s:{s:O}}", "gaoshi", 1, "kind",
                              "keys", "keys", "entries", roll->entries);
    char *body = NULL;
    char *text = NULL;
    size_t bytes = 0;

    bool written = draft
                       ? compose_body(draft, &frame, &body, &bytes, problem) &&
                             seal(body, bytes, root, &text, problem) &&
                             file_replace(path, LIST_MODE, text, problem)
                       : problem_set(problem, PROBLEM_SYSTEM, "out of memory");
    json_decref(draft);
    free(body);
    free(text);
    return written;
}
