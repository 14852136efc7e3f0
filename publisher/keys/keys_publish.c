/* keys publish LIST: sends the list as the root key signed it; the root's
 * private key is not needed. */
#include "base/timestamp.h"
#include "publisher/cli/tell.h"
#include "publisher/keyfile/key_file.h"
#include "publisher/keyfile/key_list_file.h"
#include "publisher/keys/keys.h"
#include "publisher/outbox/outbox.h"
#include "publisher/send/send_options.h"
#include "publisher/send/sending.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Refuses an older list: a new screen would accept it, and with it keys that
 * were revoked later. */
static bool is_newest(struct outbox *outbox, const struct key_list_file *list,
                      const char *topic, struct problem *problem)
{
    struct outbox_row row;

    if (!outbox_find(outbox, topic, &row, problem))
        return false;
    bool older = row.payload && row.seq > list->message->seq;
    free(row.payload);
    if (!older)
        return true;
    return problem_set(problem, PROBLEM_STALE,
                       "this list is number %" PRId64 ", and %" PRId64
                       " went out already: an older list "
                       "would bring back what the newer one revoked",
                       list->message->seq, row.seq);
}

static bool queue(struct outbox *outbox, const struct key_list_file *list,
                  struct problem *problem)
{
    struct topic topic;
    char text[LIMIT_TOPIC_BYTES];
    const struct outbox_message message = {
        .seq = list->message->seq,
        .org = list->message->org,
        .topic = text,
        .payload = list->payload,
        .bytes = list->bytes,
        .expires_ms = list->message->expires_ms,
    };

    if (!message_topic(list->message, &topic) || !topic_format(&topic, text))
        return problem_set(problem, PROBLEM_TOPIC, "it has no topic");
    if (outbox_begin(outbox, problem) &&
        is_newest(outbox, list, text, problem) &&
        outbox_add(outbox, &message, problem) && outbox_commit(outbox, problem))
        return true;
    outbox_rollback(outbox);
    return false;
}

static enum publish_exit send_list(const struct options *options,
                                   const struct key_list_file *list,
                                   struct problem *problem)
{
    const struct outbox_choice own = {.first_seq = list->message->seq,
                                      .last_seq = list->message->seq};
    struct outbox *outbox = NULL;

    enum publish_exit code = PUBLISH_OTHER;
    if (send_options_open_outbox(options, &outbox, problem) &&
        queue(outbox, list, problem))
        code = sending_run(options, outbox, &own);
    else if (problem->code == PROBLEM_STALE)
        code = PUBLISH_REFUSED;
    outbox_close(outbox);
    return code;
}

/* The list contains its organisation: screens of another one ignore it. */
static bool check(const struct options *options,
                  const struct key_list_file *list)
{
    if (options->org && strcmp(options->org, list->message->org) == 0)
        return true;
    tell_line("--org '%s': the list is for '%s'",
              options->org ? options->org : "", list->message->org);
    return false;
}

/* Checks the list as screens do: a list that they refuse must not replace a
 * good one at the broker, because a new screen would then know no key at all.
 */
static bool read_verified(const struct options *options, const char *path,
                          struct key_list_file *list, struct problem *problem)
{
    struct key *root = NULL;
    bool read = key_file_open_public(options->root_file, &root, problem) &&
                key_list_file_read(path, root, list, problem);

    key_destroy(root);
    return read;
}

static enum publish_exit print_list(const struct key_list_file *list)
{
    return fwrite(list->payload, 1, list->bytes, stdout) == list->bytes
               ? PUBLISH_DONE
               : PUBLISH_OTHER;
}

enum publish_exit keys_publish_run(const struct options *options, int count,
                                   char **operands)
{
    struct problem problem = {.consequence = "nothing was sent"};
    struct key_list_file list = {.payload = NULL};
    enum publish_exit code = PUBLISH_USAGE;

    (void)count;
    if (!options->root_file)
        problem_set(&problem, PROBLEM_FIELD,
                    "--root is missing: the public half of the root key, by "
                    "which the list is checked as screens do; give it, or set "
                    "[publisher] root in the configuration");
    else if (!read_verified(options, operands[0], &list, &problem))
        code = PUBLISH_KEY;
    else if (options->dry_run)
        code = print_list(&list);
    else if (options->brokers.count == 0)
        problem_set(&problem, PROBLEM_FIELD, "--broker is missing");
    else if (check(options, &list))
        code = send_list(options, &list, &problem);
    if (problem.code != PROBLEM_NONE)
        tell_problem(&problem);
    key_list_file_finish(&list);
    return code;
}
