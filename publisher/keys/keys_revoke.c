/* keys revoke LIST ID|FILE: nothing that the key signed is believed any more,
 * before or after. */
#include "publisher/cli/clock.h"
#include "publisher/keys/keys_edit.h"

#include <string.h>

static bool is_id(const char *text)
{
    return strlen(text) == LIMIT_KEY_ID_BYTES &&
           strspn(text, "0123456789abcdef") == LIMIT_KEY_ID_BYTES;
}

static bool mark(const struct key_roll *roll, const char *id,
                 struct problem *problem)
{
    json_t *entry = keys_edit_entry(roll, id, problem);

    if (!entry)
        return false;
    return json_object_set_new(entry, "revoked", keys_edit_now()) == 0 ||
           problem_set(problem, PROBLEM_SYSTEM, "out of memory");
}

/* One that screens know from their configuration may not be listed yet. */
static bool add_revoked(struct key_roll *roll, const struct key *key,
                        struct problem *problem)
{
    struct key_grant grant = key_grant_of(KEY_ROLE_PANELS | KEY_ROLE_ALERTS |
                                          KEY_ROLE_COMMANDS);

    grant.revoked_ms = clock_wall_ms();
    return key_roll_put(roll, key_list_write_entry(key, "", &grant), problem);
}

static bool change(const struct keys_edit *edit, struct key_roll *roll,
                   struct problem *problem)
{
    const char *which = edit->operands[1];
    struct key *key = NULL;

    if (is_id(which))
        return mark(roll, which, problem);
    if (!keys_edit_read_public(which, &key, problem))
        return false;
    bool listed = key_roll_find(roll, key_id(key)) <
                  json_array_size(roll->entries);
    bool revoked = listed ? mark(roll, key_id(key), problem)
                          : add_revoked(roll, key, problem);
    key_destroy(key);
    return revoked;
}

enum publish_exit keys_revoke_run(const struct options *options, int count,
                                  char **operands)
{
    const struct keys_edit edit = {
        .options = options, .operands = operands, .change = change};

    (void)count;
    return keys_edit_run(&edit);
}
