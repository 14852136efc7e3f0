/* Reads and writes the list of keys. */
#include "protocol/key_list.h"

#include "base/timestamp.h"
#include "protocol/json_read.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const role_names[] = {"panels", "alerts", "commands"};

enum { ROLE_COUNT = sizeof role_names / sizeof *role_names };

static const struct json_words roles = {
    .names = role_names,
    .count = ROLE_COUNT,
    .unknown = -1,
};

/* An entry as the table of fields fills it. */
struct entry_body {
    const char *id, *text, *name;
    int roles[ROLE_COUNT];
    size_t role_count;
    const char *scopes[LIMIT_KEY_SCOPES];
    size_t scope_count;
    int64_t from_ms, until_ms, revoked_ms;
};

struct list_body {
    struct entry_body entries[LIMIT_KEYS];
    size_t count;
};

/* clang-format off */
#define ENTRY(member) .offset = offsetof(struct entry_body, member)
static const struct json_field entry_fields[] = {
    {"id", FIELD_LINE, true, ENTRY(id), .most = LIMIT_KEY_ID_BYTES},
    {"public", FIELD_LINE, true, ENTRY(text), .most = LIMIT_KEY_BASE64_BYTES},
    {"name", FIELD_LINE, ENTRY(name), .most = LIMIT_LINE_CHARACTERS},
    {"roles", FIELD_TEXTS, true, ENTRY(roles), .least = 1, .most = ROLE_COUNT,
     .list = &(const struct json_list){
         &(const struct json_field){.shape = FIELD_WORD, .words = &roles},
         sizeof(int), offsetof(struct entry_body, role_count)}},
    {"scopes", FIELD_TEXTS, ENTRY(scopes), .least = 1,
     .most = LIMIT_KEY_SCOPES,
     .list = &(const struct json_list){
         &(const struct json_field){.shape = FIELD_SCOPE},
         sizeof(const char *), offsetof(struct entry_body, scope_count)}},
    {"from", FIELD_TIME, ENTRY(from_ms)},
    {"until", FIELD_TIME, ENTRY(until_ms)},
    {"revoked", FIELD_TIME, ENTRY(revoked_ms)},
    {0},
};

static const struct json_field list_fields[] = {
    {"entries", FIELD_OBJECTS, true,
     .offset = offsetof(struct list_body, entries), .most = LIMIT_KEYS,
     .list = &(const struct json_list){entry_fields, sizeof(struct entry_body),
                                       offsetof(struct list_body, count)}},
    {0},
};
/* clang-format on */

static struct key_grant grant_of(const struct entry_body *body)
{
    struct key_grant grant = key_grant_of(0);

    for (size_t i = 0; i < body->role_count; i++)
        grant.roles |= 1U << body->roles[i];
    for (size_t i = 0; i < body->scope_count; i++)
        snprintf(grant.scopes[i], SCOPE_BYTES, "%s", body->scopes[i]);
    grant.scope_count = body->scope_count;
    grant.from_ms = body->from_ms;
    grant.until_ms = body->until_ms;
    grant.revoked_ms = body->revoked_ms;
    return grant;
}

static bool is_listed(const struct key_list *list, const char *id)
{
    for (size_t i = 0; i < list->count; i++) {
        if (strcmp(list->entries[i].id, id) == 0)
            return true;
    }
    return false;
}

/* The list owns the key as soon as it is read. */
static bool add_entry(struct key_list *list, const struct entry_body *body,
                      const struct json_place *place, struct problem *problem)
{
    struct key_list_entry *entry = &list->entries[list->count];
    struct problem why = {0};
    struct key *key = NULL;

    if (body->until_ms != TIMESTAMP_NONE && body->until_ms <= body->from_ms)
        return json_read_problem(problem, place, "until",
                                 "a time after from expected");
    if (is_listed(list, body->id))
        return json_read_problem(problem, place, "id", "«%s» is listed already",
                                 body->id);
    if (!key_from_public_base64(body->text, &key, &why))
        return json_read_problem(problem, place, "public", "%s", why.expected);
    *entry = (struct key_list_entry){.id = body->id,
                                     .text = body->text,
                                     .name = body->name,
                                     .key = key,
                                     .grant = grant_of(body)};
    list->count++;
    return strcmp(key_id(key), body->id) == 0 ||
           json_read_problem(problem, place, "id",
                             "text «%s» found, the key's own id «%s» expected",
                             body->id, key_id(key));
}

bool key_list_read(json_t *object, struct key_list *out,
                   struct json_passed *passed, struct problem *problem)
{
    static const struct json_place place = {.name = "keys"};
    static const struct json_place entries = {.parent = &place,
                                              .name = "entries"};
    struct list_body *body = calloc(1, sizeof *body);
    bool read = body ? json_read_object(object, &place, list_fields, body,
                                        passed, problem)
                     : problem_set(problem, PROBLEM_SYSTEM,
                                   "no memory for a key list");

    for (size_t i = 0; read && i < body->count; i++) {
        struct json_place entry = {.parent = &entries, .index = i};
        read = add_entry(out, &body->entries[i], &entry, problem);
    }
    free(body);
    return read;
}

void key_list_finish(struct key_list *list)
{
    if (!list)
        return;
    for (size_t i = 0; i < list->count; i++)
        key_destroy(list->entries[i].key);
    list->count = 0;
}

bool key_list_apply(const struct key_list *list, struct key_ring *ring,
                    struct problem *problem)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct key_list_entry *entry = &list->entries[i];
        struct key *key = NULL;
        if (!key_share(entry->key, &key))
            return problem_set(problem, PROBLEM_SYSTEM, "no memory for a key");
        if (key_ring_put(ring, key, &entry->grant))
            continue;
        key_destroy(key);
        return problem_set(problem, PROBLEM_TOO_LARGE, "more than %d keys",
                           KEY_RING_MAX);
    }
    return true;
}

static int put_time(json_t *entry, const char *field, int64_t ms)
{
    char text[TIMESTAMP_BYTES];

    if (ms == TIMESTAMP_NONE)
        return 0;
    timestamp_format(ms, 0, text);
    return json_object_set_new(entry, field, json_string(text));
}

static json_t *list_roles(unsigned bits)
{
    json_t *list = json_array();

    for (int i = 0; i < ROLE_COUNT; i++)
        if (bits & (1U << i))
            json_array_append_new(list, json_string(role_names[i]));
    return list;
}

static json_t *list_scopes(const struct key_grant *grant)
{
    json_t *list = json_array();

    for (size_t i = 0; i < grant->scope_count; i++)
        json_array_append_new(list, json_string(grant->scopes[i]));
    return list;
}

json_t *key_list_write_entry(const struct key *key, const char *name,
                             const struct key_grant *grant)
{
    json_t *entry = json_object();
    char *text = key_to_public_base64(key);
    int failed = 0;

    failed |= json_object_set_new(entry, "id", json_string(key_id(key)));
    failed |= json_object_set_new(entry, "public", json_string(text));
    if (name && name[0])
        failed |= json_object_set_new(entry, "name", json_string(name));
    failed |= json_object_set_new(entry, "roles", list_roles(grant->roles));
    if (grant->scope_count > 0)
        failed |= json_object_set_new(entry, "scopes", list_scopes(grant));
    failed |= put_time(entry, "from", grant->from_ms);
    failed |= put_time(entry, "until", grant->until_ms);
    failed |= put_time(entry, "revoked", grant->revoked_ms);
    free(text);
    if (!failed)
        return entry;
    json_decref(entry);
    return NULL;
}

unsigned key_role_parse(const char *name)
{
    for (int i = 0; i < ROLE_COUNT; i++)
        if (strcmp(role_names[i], name) == 0)
            return 1U << i;
    return 0;
}

void key_roles_format(unsigned bits, const char *between, char *out,
                      size_t size)
{
    size_t used = 0;

    out[0] = '\0';
    for (int i = 0; i < ROLE_COUNT && used < size; i++)
        if (bits & (1U << i))
            used += (size_t)snprintf(out + used, size - used, "%s%s",
                                     used > 0 ? between : "", role_names[i]);
}
