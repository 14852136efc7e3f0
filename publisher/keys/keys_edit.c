/* The road of every change of a list of keys. */
#include "publisher/keys/keys_edit.h"

#include "base/files.h"
#include "base/timestamp.h"
#include "publisher/cli/clock.h"
#include "publisher/cli/tell.h"
#include "publisher/send/private_key.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool keys_edit_read_public(const char *path, struct key **out,
                           struct problem *problem)
{
    size_t bytes = 0;
    char *pem = file_read_trusted(path, LIMIT_KEY_PEM_BYTES, &bytes, problem);
    bool read = pem && key_from_public_pem(pem, bytes, out, problem);

    if (pem)
        explicit_bzero(pem, bytes);
    free(pem);
    if (!read)
        problem_set_place(problem, path);
    return read;
}

json_t *keys_edit_entry(const struct key_roll *roll, const char *id,
                        struct problem *problem)
{
    json_t *entry = json_array_get(roll->entries, key_roll_find(roll, id));

    if (!entry)
        problem_set(problem, PROBLEM_FIELD,
                    "key '%s' is not on the list; keys list tells who is", id);
    return entry;
}

bool keys_edit_may_sign(const struct keys_edit *edit,
                        const struct key_roll *roll, const struct key *key,
                        struct problem *problem)
{
    json_t *entry = json_array_get(roll->entries,
                                   key_roll_find(roll, key_id(key)));

    if (edit->options->reinstate || !json_object_get(entry, "revoked"))
        return true;
    return problem_set(problem, PROBLEM_STALE,
                       "key %s was revoked: make a new one with keys new; "
                       "--reinstate lets this one sign again, and what it "
                       "signed before counts again",
                       key_id(key));
}

json_t *keys_edit_now(void)
{
    int64_t now_ms = clock_wall_ms();
    char text[TIMESTAMP_BYTES];

    timestamp_format(now_ms, clock_utc_offset_minutes(now_ms), text);
    return json_string(text);
}

/* Times that a wrong clock writes would hold: a rotation shuts out what its
 * key has signed since. */
static bool check_clock(const struct options *options,
                        const struct key_roll *roll, struct problem *problem)
{
    int64_t now_ms = clock_wall_ms();
    int offset = clock_utc_offset_minutes(now_ms);
    char now[TIMESTAMP_BYTES];
    char issued[TIMESTAMP_BYTES];

    if (!clock_check_set(problem))
        return false;
    if (!roll->message || options->clock_is_right ||
        roll->message->issued_ms <= now_ms + LIMIT_ISSUED_AHEAD_MS)
        return true;
    timestamp_format(now_ms, offset, now);
    timestamp_format(roll->message->issued_ms, offset, issued);
    return problem_set(problem, PROBLEM_STALE,
                       "list %" PRId64 " was issued at %s, and this machine's "
                       "clock stands at %s: set it, or, if it is right and "
                       "that one was ahead, give --clock-is-right",
                       roll->message->seq, issued, now);
}

static bool edit_list(const struct keys_edit *edit, const struct key *root,
                      struct key_roll *roll, struct problem *problem)
{
    const char *path = edit->operands[0];
    bool begin = edit->may_begin && access(path, F_OK) != 0;

    if (begin && !edit->options->org)
        return problem_set(problem, PROBLEM_FIELD,
                           "--org is missing: '%s' is a new list", path);
    if (!begin && !key_roll_read(path, root, roll, problem))
        return false;
    const char *org = begin ? edit->options->org : roll->message->org;
    return check_clock(edit->options, roll, problem) &&
           edit->change(edit, roll, problem) &&
           key_roll_write(path, roll, org, root, problem);
}

/* Two root operators at once, one after the other. */
static bool edit_alone(const struct keys_edit *edit, const struct key *root,
                       struct key_roll *roll, struct problem *problem)
{
    char *folder = file_folder(edit->operands[0]);
    int lock = folder ? folder_lock(folder, problem) : -1;
    bool done = lock >= 0 && edit_list(edit, root, roll, problem);

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

enum publish_exit keys_edit_run(const struct keys_edit *edit)
{
    struct problem problem = {.consequence = "the list stays as it is"};
    struct key_roll roll = {.payload = NULL};
    struct key *root = NULL;

    if (!edit->options->root_file) {
        tell_line("--root is missing: the private key that signs the list");
        return PUBLISH_USAGE;
    }
    bool done = private_key_open(edit->options, edit->options->root_file, &root,
                                 &problem) &&
                edit_alone(edit, root, &roll, &problem);
    if (done)
        tell_result("%s: signed by %s; keys publish sends it",
                    edit->operands[0], key_id(root));
    else
        tell_problem(&problem);
    key_roll_finish(&roll);
    key_destroy(root);
    return done ? PUBLISH_DONE : code_of(&problem);
}
