/* keys publish LIST: sends the list as the root key signed it; the root key's
 * private half stays where it is. */
#include "base/timestamp.h"
#include "publisher/cli/tell.h"
#include "publisher/keys/keys_edit.h"
#include "publisher/outbox/outbox_live.h"
#include "publisher/send/dispatch.h"
#include "publisher/send/sending.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* A screen that is new would believe an older one, and whom it did not revoke
 * yet. */
static bool is_newest(struct outbox *outbox, const struct key_roll *roll,
                      const char *topic, struct problem *problem)
{
    struct outbox_row row;

    if (!outbox_find(outbox, topic, &row, problem))
        return false;
    bool older = row.payload && row.seq > roll->message->seq;
    free(row.payload);
    if (!older)
        return true;
    return problem_set(problem, PROBLEM_STALE,
                       "this list is number %" PRId64 ", and %" PRId64
                       " went out already: an older list "
                       "would bring back what the newer one revoked",
                       roll->message->seq, row.seq);
}

static bool queue(struct outbox *outbox, const struct key_roll *roll,
                  struct problem *problem)
{
    struct topic topic;
    char text[LIMIT_TOPIC_BYTES];
    const struct outbox_message message = {
        .seq = roll->message->seq,
        .org = roll->message->org,
        .topic = text,
        .payload = roll->payload,
        .bytes = roll->bytes,
        .expires_ms = roll->message->expires_ms,
    };

    if (!message_topic(roll->message, &topic) || !topic_format(&topic, text))
        return problem_set(problem, PROBLEM_TOPIC, "it has no topic");
    if (outbox_begin(outbox, problem) &&
        is_newest(outbox, roll, text, problem) &&
        outbox_add(outbox, &message, problem) && outbox_commit(outbox, problem))
        return true;
    outbox_rollback(outbox);
    return false;
}

static enum publish_exit send_list(const struct options *options,
                                   const struct key_roll *roll,
                                   struct problem *problem)
{
    const struct outbox_choice own = {.first_seq = roll->message->seq,
                                      .last_seq = roll->message->seq};
    struct outbox *outbox = NULL;

    enum publish_exit code = PUBLISH_OTHER;
    if (dispatch_open_outbox(options, &outbox, problem) &&
        queue(outbox, roll, problem))
        code = sending_run(options, outbox, &own);
    else if (problem->code == PROBLEM_STALE)
        code = PUBLISH_REFUSED;
    outbox_close(outbox);
    return code;
}

/* The list names its organisation: another broker's would keep it for nobody.
 */
static bool check(const struct options *options, const struct key_roll *roll)
{
    if (options->org && strcmp(options->org, roll->message->org) == 0)
        return true;
    tell_line("--org '%s': the list is for '%s'",
              options->org ? options->org : "", roll->message->org);
    return false;
}

/* What screens would refuse must not take the place of a good list at the
 * broker: one spoilt byte, and a new screen would know nobody. */
static bool read_verified(const struct options *options, const char *path,
                          struct key_roll *roll, struct problem *problem)
{
    struct key *root = NULL;
    bool read = keys_edit_read_public(options->root_file, &root, problem) &&
                key_roll_read(path, root, roll, problem);

    key_destroy(root);
    return read;
}

static enum publish_exit print_list(const struct key_roll *roll)
{
    return fwrite(roll->payload, 1, roll->bytes, stdout) == roll->bytes
               ? PUBLISH_DONE
               : PUBLISH_OTHER;
}

enum publish_exit keys_publish_run(const struct options *options, int count,
                                   char **operands)
{
    struct problem problem = {.consequence = "nothing was sent"};
    struct key_roll roll = {.payload = NULL};
    enum publish_exit code = PUBLISH_USAGE;

    (void)count;
    if (!options->root_file)
        problem_set(&problem, PROBLEM_FIELD,
                    "--root is missing: the public half of the root key, by "
                    "which the list is checked as screens do; give it, or set "
                    "[publisher] root in the configuration");
    else if (!read_verified(options, operands[0], &roll, &problem))
        code = PUBLISH_KEY;
    else if (options->dry_run)
        code = print_list(&roll);
    else if (options->brokers.count == 0)
        problem_set(&problem, PROBLEM_FIELD, "--broker is missing");
    else if (check(options, &roll))
        code = send_list(options, &roll, &problem);
    if (problem.code != PROBLEM_NONE)
        tell_problem(&problem);
    key_roll_finish(&roll);
    return code;
}
