/* keys rotate LIST ID FILE: a new key may what the old one may. What the old
 * one signed until now still counts, nothing that it signs from now on. */
#include "publisher/keys/keys_edit.h"

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

static bool change(const struct keys_edit *edit, struct key_roll *roll,
                   struct problem *problem)
{
    json_t *old = keys_edit_entry(roll, edit->operands[1], problem);
    struct key *key = NULL;
    json_t *entry = NULL;

    if (!old)
        return false;
    if (json_object_get(old, "revoked"))
        return problem_set(problem, PROBLEM_FIELD,
                           "key '%s' was revoked: keys grant lets another sign",
                           edit->operands[1]);
    if (!keys_edit_read_public(edit->operands[2], &key, problem))
        return false;
    bool may = keys_edit_may_sign(edit, roll, key, problem);
    if (may)
        entry = follow(old, key);
    key_destroy(key);
    return may &&
           (json_object_set_new(old, "until", keys_edit_now()) == 0 ||
            problem_set(problem, PROBLEM_SYSTEM, "out of memory")) &&
           key_roll_put(roll, entry, problem);
}

enum publish_exit keys_rotate_run(const struct options *options, int count,
                                  char **operands)
{
    const struct keys_edit edit = {
        .options = options, .operands = operands, .change = change};

    (void)count;
    return keys_edit_run(&edit);
}
