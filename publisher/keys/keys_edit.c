/* The commands that change a list of keys: each opens the root key, reads the
 * list, changes it, signs it and writes it. */
#include "base/translate.h"
#include "publisher/keys/keys.h"

#include "base/clock.h"
#include "base/files.h"
#include "base/timestamp.h"
#include "publisher/cli/command.h"
#include "publisher/cli/tell.h"
#include "publisher/keyfile/key_file.h"
#include "publisher/keyfile/key_list_file.h"
#include "publisher/send/compose.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LIST_MODE = 0644 };

/* One change of a list: operands[0] is its file. */
struct keys_edit {
    const struct options *options;
    char **operands;
    bool may_begin; /* a list that does not exist yet is begun */
    /* False: nothing is written; problem says why. */
    bool (*change)(const struct keys_edit *edit, struct key_list_file *list,
                   struct problem *problem);
};

/* Adds the entry, or replaces that of the same key. Owns the entry, which is
 * NULL if there was no memory for it. */
static bool put_entry(struct key_list_file *list, json_t *entry,
                      struct problem *problem)
{
    const char *id = json_string_value(json_object_get(entry, "id"));

    if (!list->entries)
        list->entries = json_array();
    size_t count = json_array_size(list->entries);
    size_t at = id ? key_list_file_find(list, id) : count;
    bool put = at < count ? json_array_set_new(list->entries, at, entry) == 0
                          : json_array_append_new(list->entries, entry) == 0;
    return put || problem_set(problem, PROBLEM_SYSTEM, "out of memory");
}

/* Checks the list as a screen would, signs it with the next number and writes
 * it. Until then the old file stays. */
static bool write_list(const char *path, const struct key_list_file *list,
                       const char *org, const struct key *root,
                       struct problem *problem)
{
    int64_t now_ms = clock_wall_ms();
    int64_t last = list->message ? list->message->seq : 0;
    const struct compose_frame frame = {
        .org = org,
        .scope = "all",
        .seq = now_ms > last ? now_ms : last + 1,
        .issued_ms = now_ms,
        .utc_offset_minutes = clock_utc_offset_minutes(now_ms),
    };
    struct message *message = NULL;
    json_t *draft = json_pack("{s:i, s:s, s:{s:O}}", "gaoshi", 1, "kind",
                              "keys", "keys", "entries", list->entries);
    char *body = NULL;
    char *text = NULL;
    size_t bytes = 0;

    bool written = draft
                       ? compose_body(draft, &frame, &body, &bytes, problem) &&
                             message_parse(body, bytes, MESSAGE_WIRE,
                                           tr("the list"), &message, problem) &&
                             compose_seal(root, body, &text, &bytes, problem) &&
                             file_replace(path, LIST_MODE, text, problem)
                       : problem_set(problem, PROBLEM_SYSTEM, "out of memory");
    json_decref(draft);
    message_destroy(message);
    free(body);
    free(text);
    return written;
}

/* The entry of a key, borrowed; NULL: the key is not on the list, which the
 * problem says. */
static json_t *find_entry(const struct key_list_file *list, const char *id,
                          struct problem *problem)
{
    json_t *entry = json_array_get(list->entries, key_list_file_find(list, id));

    if (!entry)
        problem_set(problem, PROBLEM_FIELD,
                    "key '%s' is not on the list; keys list tells who is", id);
    return entry;
}

/* False when the key was revoked and --reinstate was not given. */
static bool may_sign(const struct keys_edit *edit,
                     const struct key_list_file *list, const struct key *key,
                     struct problem *problem)
{
    json_t *entry = json_array_get(list->entries,
                                   key_list_file_find(list, key_id(key)));

    if (edit->options->reinstate || !json_object_get(entry, "revoked"))
        return true;
    return problem_set(problem, PROBLEM_STALE,
                       "key %s was revoked: make a new one with keys new; "
                       "--reinstate lets this one sign again, and what it "
                       "signed before counts again",
                       key_id(key));
}

static json_t *print_now(void)
{
    int64_t now_ms = clock_wall_ms();
    char text[TIMESTAMP_BYTES];

    timestamp_format(now_ms, clock_utc_offset_minutes(now_ms), text);
    return json_string(text);
}

/* A wrong clock would put a wrong time into the list for good: a rotation by a
 * clock that is behind would reject what the key has signed since. */
static bool check_clock(const struct options *options,
                        const struct key_list_file *list,
                        struct problem *problem)
{
    int64_t now_ms = clock_wall_ms();
    int offset = clock_utc_offset_minutes(now_ms);
    char now[TIMESTAMP_BYTES];
    char issued[TIMESTAMP_BYTES];

    if (!command_check_clock(problem))
        return false;
    if (!list->message || options->clock_is_right ||
        list->message->issued_ms <= now_ms + LIMIT_ISSUED_AHEAD_MS)
        return true;
    timestamp_format(now_ms, offset, now);
    timestamp_format(list->message->issued_ms, offset, issued);
    return problem_set(problem, PROBLEM_STALE,
                       "list %" PRId64 " was issued at %s, and this machine's "
                       "clock stands at %s: set it, or, if it is right and "
                       "that one was ahead, give --clock-is-right",
                       list->message->seq, issued, now);
}

static bool edit_list(const struct keys_edit *edit, const struct key *root,
                      struct key_list_file *list, struct problem *problem)
{
    const char *path = edit->operands[0];
    bool begin = edit->may_begin && access(path, F_OK) != 0;

    if (begin && !edit->options->org)
        return problem_set(problem, PROBLEM_FIELD,
                           "--org is missing: '%s' is a new list", path);
    if (!begin && !key_list_file_read(path, root, list, problem))
        return false;
    const char *org = begin ? edit->options->org : list->message->org;
    return check_clock(edit->options, list, problem) &&
           edit->change(edit, list, problem) &&
           write_list(path, list, org, root, problem);
}

/* Locks the folder, so that a second root operator waits. */
static bool edit_alone(const struct keys_edit *edit, const struct key *root,
                       struct key_list_file *list, struct problem *problem)
{
    char *folder = file_folder(edit->operands[0]);
    int lock = folder ? folder_lock(folder, problem) : -1;
    bool done = lock >= 0 && edit_list(edit, root, list, problem);

    if (!folder)
        problem_set(problem, PROBLEM_SYSTEM, "out of memory");
    folder_unlock(lock);
    free(folder);
    return done;
}

static enum publish_exit code_of(const struct problem *problem)
{
    switch (problem->code) {
    case PROBLEM_SIGNATURE:
    case PROBLEM_AUTHORITY:
    case PROBLEM_SYNTAX:
        return PUBLISH_KEY;
    case PROBLEM_FIELD:
        return PUBLISH_USAGE;
    case PROBLEM_STALE:
        return PUBLISH_REFUSED;
    default:
        return PUBLISH_OTHER;
    }
}

static enum publish_exit run(const struct keys_edit *edit)
{
    struct problem problem = {.consequence = "the list stays as it is"};
    struct key_list_file list = {.payload = NULL};
    struct key *root = NULL;

    if (!edit->options->root_file) {
        tell_line("--root is missing: the private key that signs the list");
        return PUBLISH_USAGE;
    }
    bool done = key_file_open_private(edit->options, edit->options->root_file,
                                      &root, &problem) &&
                edit_alone(edit, root, &list, &problem);
    if (done && edit->options->json && !edit->options->quiet)
        tell_json(json_pack("{s:s, s:s}", "list", edit->operands[0], "root",
                            key_id(root)));
    else if (done && !edit->options->quiet)
        tell_result("%s: signed by %s; keys publish sends it",
                    edit->operands[0], key_id(root));
    if (!done)
        tell_problem(&problem);
    key_list_file_finish(&list);
    key_destroy(root);
    return done ? PUBLISH_DONE : code_of(&problem);
}

/* keys drop LIST ID: removes a key from the list and so from the screens. */
static bool drop_key(const struct keys_edit *edit, struct key_list_file *list,
                     struct problem *problem)
{
    const char *id = edit->operands[1];
    json_t *entry = find_entry(list, id, problem);

    if (!entry)
        return false;
    if (json_object_get(entry, "revoked") && !edit->options->reinstate)
        return problem_set(problem, PROBLEM_STALE,
                           "key %s was revoked: screens whose configuration "
                           "names it would believe it again; --reinstate drops "
                           "it all the same",
                           id);
    return json_array_remove(list->entries, key_list_file_find(list, id)) ==
               0 ||
           problem_set(problem, PROBLEM_SYSTEM, "out of memory");
}

enum publish_exit keys_drop_run(const struct options *options, int count,
                                char **operands)
{
    const struct keys_edit edit = {
        .options = options, .operands = operands, .change = drop_key};

    (void)count;
    return run(&edit);
}

/* keys grant LIST FILE: gives a public key the rights in the options. */
static bool read_roles(const struct options *options, struct key_grant *grant,
                       struct problem *problem)
{
    const struct option_list *roles = &options->grant_roles;

    if (roles->count == 0)
        return problem_set(problem, PROBLEM_FIELD,
                           "--role is missing: panels, alerts or commands");
    for (size_t i = 0; i < roles->count; i++) {
        unsigned role = key_role_parse(roles->texts[i]);
        if (!role)
            return problem_set(problem, PROBLEM_FIELD,
                               "--role '%s': expected panels, alerts or "
                               "commands",
                               roles->texts[i]);
        grant->roles |= role;
    }
    return true;
}

static bool read_scopes(const struct options *options, struct key_grant *grant,
                        struct problem *problem)
{
    const struct option_list *scopes = &options->grant_scopes;

    for (size_t i = 0; i < scopes->count; i++) {
        if (!scope_is_valid(scopes->texts[i]))
            return problem_set(problem, PROBLEM_FIELD,
                               "--scope '%s': expected all, area-CODE, "
                               "group-NAME or screen-ID",
                               scopes->texts[i]);
        snprintf(grant->scopes[i], SCOPE_BYTES, "%s", scopes->texts[i]);
    }
    grant->scope_count = scopes->count;
    return true;
}

static bool read_time(const char *name, const char *text, int64_t *out,
                      struct problem *problem)
{
    return !text || timestamp_parse(text, out) ||
           problem_set(problem, PROBLEM_FIELD,
                       "%s '%s': expected a time like "
                       "2026-07-20T18:30:00+08:00",
                       name, text);
}

static bool grant_key(const struct keys_edit *edit, struct key_list_file *list,
                      struct problem *problem)
{
    const struct options *options = edit->options;
    struct key_grant grant = key_grant_of(0);
    struct key *key = NULL;

    bool granted =
        read_roles(options, &grant, problem) &&
        read_scopes(options, &grant, problem) &&
        read_time("--from", options->grant_from, &grant.from_ms, problem) &&
        read_time("--expires", options->expires, &grant.until_ms, problem) &&
        key_file_open_public(edit->operands[1], &key, problem) &&
        may_sign(edit, list, key, problem) &&
        put_entry(list, key_list_write_entry(key, options->name, &grant),
                  problem);
    key_destroy(key);
    return granted;
}

enum publish_exit keys_grant_run(const struct options *options, int count,
                                 char **operands)
{
    const struct keys_edit edit = {.options = options,
                                   .operands = operands,
                                   .may_begin = true,
                                   .change = grant_key};

    (void)count;
    return run(&edit);
}

/* keys revoke LIST ID|FILE: screens no longer accept anything that the key
 * signed, before or after. */
static bool is_id(const char *text)
{
    return strlen(text) == LIMIT_KEY_ID_BYTES &&
           strspn(text, "0123456789abcdef") == LIMIT_KEY_ID_BYTES;
}

static bool mark(const struct key_list_file *list, const char *id,
                 struct problem *problem)
{
    json_t *entry = find_entry(list, id, problem);

    if (!entry)
        return false;
    return json_object_set_new(entry, "revoked", print_now()) == 0 ||
           problem_set(problem, PROBLEM_SYSTEM, "out of memory");
}

/* Revokes a key that is not on the list, but may be in the configuration of
 * screens. */
static bool add_revoked(struct key_list_file *list, const struct key *key,
                        struct problem *problem)
{
    struct key_grant grant = key_grant_of(KEY_ROLE_PANELS | KEY_ROLE_ALERTS |
                                          KEY_ROLE_COMMANDS);

    grant.revoked_ms = clock_wall_ms();
    return put_entry(list, key_list_write_entry(key, "", &grant), problem);
}

static bool revoke_key(const struct keys_edit *edit, struct key_list_file *list,
                       struct problem *problem)
{
    const char *which = edit->operands[1];
    struct key *key = NULL;

    if (is_id(which))
        return mark(list, which, problem);
    if (!key_file_open_public(which, &key, problem))
        return false;
    bool listed = key_list_file_find(list, key_id(key)) <
                  json_array_size(list->entries);
    bool revoked = listed ? mark(list, key_id(key), problem)
                          : add_revoked(list, key, problem);
    key_destroy(key);
    return revoked;
}

enum publish_exit keys_revoke_run(const struct options *options, int count,
                                  char **operands)
{
    const struct keys_edit edit = {
        .options = options, .operands = operands, .change = revoke_key};

    (void)count;
    return run(&edit);
}

/* keys rotate LIST ID FILE: a new key gets the rights of an old one. Messages
 * that the old one has signed stay valid; what it signs from now on is not. */
static const char *const inherited[] = {"name", "roles", "scopes", "until"};

static json_t *follow(json_t *old, const struct key *key)
{
    const struct key_grant none = key_grant_of(0);
    json_t *entry = key_list_write_entry(key, "", &none);
    int failed = 0;

    for (size_t i = 0; i < sizeof inherited / sizeof *inherited; i++) {
        json_t *value = json_object_get(old, inherited[i]);
        if (value)
            failed |= json_object_set(entry, inherited[i], value);
    }
    if (!failed)
        return entry;
    json_decref(entry);
    return NULL;
}

static bool rotate_key(const struct keys_edit *edit, struct key_list_file *list,
                       struct problem *problem)
{
    json_t *old = find_entry(list, edit->operands[1], problem);
    struct key *key = NULL;
    json_t *entry = NULL;

    if (!old)
        return false;
    if (json_object_get(old, "revoked"))
        return problem_set(problem, PROBLEM_FIELD,
                           "key '%s' was revoked: keys grant lets another sign",
                           edit->operands[1]);
    if (!key_file_open_public(edit->operands[2], &key, problem))
        return false;
    bool may = may_sign(edit, list, key, problem);
    if (may)
        entry = follow(old, key);
    key_destroy(key);
    return may &&
           (json_object_set_new(old, "until", print_now()) == 0 ||
            problem_set(problem, PROBLEM_SYSTEM, "out of memory")) &&
           put_entry(list, entry, problem);
}

enum publish_exit keys_rotate_run(const struct options *options, int count,
                                  char **operands)
{
    const struct keys_edit edit = {
        .options = options, .operands = operands, .change = rotate_key};

    (void)count;
    return run(&edit);
}
