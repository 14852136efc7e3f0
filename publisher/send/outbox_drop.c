/* outbox drop: what waits is not sent any more. */
#include "publisher/cli/command.h"
#include "publisher/cli/options.h"
#include "publisher/cli/tell.h"
#include "publisher/send/dispatch.h"
#include "publisher/send/waiting.h"

#include <string.h>

/* --scope chooses only where it was typed: that of the configuration is for
 * what is sent. */
static bool is_meant(const struct options *options,
                     const struct waiting_message *message, const char *id)
{
    return (!id || strcmp(message->topic.id, id) == 0) &&
           (!option_is_typed(options, "scope") ||
            strcmp(message->topic.scope, options->scope) == 0);
}

/* id NULL: all of them. *dropped counts on. */
static bool drop(struct outbox *outbox, const struct options *options,
                 const struct waiting *waiting, const char *id, size_t *dropped,
                 struct problem *problem)
{
    for (size_t i = 0; i < waiting->count; i++) {
        const struct waiting_message *message = &waiting->items[i];
        if (!is_meant(options, message, id))
            continue;
        if (!outbox_drop(outbox, message->seq, problem))
            return false;
        ++*dropped;
    }
    return true;
}

static bool drop_ids(struct outbox *outbox, const struct options *options,
                     int count, char **ids, struct waiting *waiting,
                     size_t *dropped, struct problem *problem)
{
    if (!waiting_load(outbox, options->org, waiting, problem))
        return false;
    if (options->all && !drop(outbox, options, waiting, NULL, dropped, problem))
        return false;
    for (int i = 0; i < count; i++) {
        size_t before = *dropped;
        if (!drop(outbox, options, waiting, ids[i], dropped, problem))
            return false;
        if (*dropped == before)
            return problem_set(problem, PROBLEM_STALE,
                               "'%s': nothing of this id waits; outbox list "
                               "tells what does",
                               ids[i]);
    }
    return true;
}

enum publish_exit outbox_drop_run(const struct options *options, int count,
                                  char **operands)
{
    struct problem problem = {.consequence = "nothing was dropped"};
    struct outbox *outbox = NULL;
    struct waiting waiting = {.items = NULL};
    size_t dropped = 0;

    if (options->all == (count > 0)) {
        tell_line("expected IDs, or --all");
        return PUBLISH_USAGE;
    }
    if (!dispatch_check_org(options))
        return PUBLISH_USAGE;
    bool done = dispatch_open_outbox(options, &outbox, &problem) &&
                outbox_begin(outbox, &problem) &&
                drop_ids(outbox, options, count, operands, &waiting, &dropped,
                         &problem) &&
                (options->dry_run || outbox_commit(outbox, &problem));
    if (done) {
        tell_result("%zu messages %s; what the broker already had stays",
                    dropped, options->dry_run ? "would be dropped" : "dropped");
    } else {
        tell_problem(&problem);
    }
    if (outbox)
        outbox_rollback(outbox);
    waiting_finish(&waiting);
    outbox_close(outbox);
    return done ? PUBLISH_DONE : dispatch_exit(&problem);
}
