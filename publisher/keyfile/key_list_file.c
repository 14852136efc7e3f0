/* Reads signed lists of keys. */
#include "publisher/keyfile/key_list_file.h"

#include "base/files.h"
#include "base/translate.h"
#include "protocol/envelope.h"

#include <stdlib.h>
#include <string.h>

/* Verifies the root's signature and parses the body. */
static bool open_signed(const struct key_list_file *list,
                        const struct key *root, const char **body,
                        size_t *bytes, struct problem *problem)
{
    struct key_ring ring = {.count = 0};
    struct envelope envelope;
    struct key *key = NULL;

    bool opened = (key_share(root, &key) &&
                   key_ring_add(&ring, key, KEY_ROLE_ROOT)) ||
                  problem_set(problem, PROBLEM_SYSTEM, "out of memory");
    opened = opened && envelope_open(&ring, list->payload, list->bytes,
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

static bool skip_envelope(const struct key_list_file *list, const char **body,
                          size_t *bytes, struct problem *problem)
{
    const char *end = memchr(list->payload, '\n', list->bytes);

    if (!end)
        return problem_set(problem, PROBLEM_SYNTAX,
                           "a signed list of keys expected");
    *body = end + 1;
    *bytes = list->bytes - (size_t)(*body - list->payload);
    return true;
}

static bool read_entries(struct key_list_file *list, struct problem *problem)
{
    if (list->message->kind != MESSAGE_KEYS)
        return problem_set(problem, PROBLEM_FIELD,
                           "a %s found, a list of keys expected",
                           tr(message_kind_name(list->message->kind)));
    json_t *keys = json_object_get(list->message->root, "keys");
    list->entries = json_deep_copy(json_object_get(keys, "entries"));
    return list->entries ||
           problem_set(problem, PROBLEM_SYSTEM, "out of memory");
}

bool key_list_file_read(const char *path, const struct key *root,
                        struct key_list_file *out, struct problem *problem)
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

void key_list_file_finish(struct key_list_file *list)
{
    free(list->payload);
    message_destroy(list->message);
    json_decref(list->entries);
}

size_t key_list_file_find(const struct key_list_file *list, const char *id)
{
    size_t count = json_array_size(list->entries);

    for (size_t i = 0; i < count; i++) {
        json_t *entry = json_array_get(list->entries, i);
        const char *own = json_string_value(json_object_get(entry, "id"));
        if (own && strcmp(own, id) == 0)
            return i;
    }
    return count;
}
