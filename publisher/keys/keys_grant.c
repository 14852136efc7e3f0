/* keys grant LIST FILE: a public key may sign, as the options say. */
#include "base/timestamp.h"
#include "publisher/keys/keys_edit.h"

#include <stdio.h>
#include <string.h>

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

static bool change(const struct keys_edit *edit, struct key_roll *roll,
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
        keys_edit_read_public(edit->operands[1], &key, problem) &&
        keys_edit_may_sign(edit, roll, key, problem) &&
        key_roll_put(roll, key_list_write_entry(key, options->name, &grant),
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
                                   .change = change};

    (void)count;
    return keys_edit_run(&edit);
}
