/* keys drop LIST ID: the list forgets a key, and screens with it. */
#include "publisher/keys/keys_edit.h"

static bool change(const struct keys_edit *edit, struct key_roll *roll,
                   struct problem *problem)
{
    const char *id = edit->operands[1];
    json_t *entry = keys_edit_entry(roll, id, problem);

    if (!entry)
        return false;
    if (json_object_get(entry, "revoked") && !edit->options->reinstate)
        return problem_set(problem, PROBLEM_STALE,
                           "key %s was revoked: screens whose configuration "
                           "names it would believe it again; --reinstate drops "
                           "it all the same",
                           id);
    return json_array_remove(roll->entries, key_roll_find(roll, id)) == 0 ||
           problem_set(problem, PROBLEM_SYSTEM, "out of memory");
}

enum publish_exit keys_drop_run(const struct options *options, int count,
                                char **operands)
{
    const struct keys_edit edit = {
        .options = options, .operands = operands, .change = change};

    (void)count;
    return keys_edit_run(&edit);
}
