/* outbox drop, outbox list and outbox send: the messages that no broker has
 * confirmed. */
#include "base/translate.h"
#include "base/utf8.h"
#include "publisher/send/send_commands.h"

#include "base/clock.h"
#include "base/timestamp.h"
#include "publisher/cli/options.h"
#include "publisher/cli/tell.h"
#include "publisher/send/backlog.h"
#include "publisher/send/dispatch.h"
#include "publisher/send/send_options.h"

#include <string.h>

static void print_rows(const struct backlog *backlog)
{
    if (backlog->count == 0)
        tell_line("nothing waits");
    else
        tell_result("%-*s %-*s %-*s %-*s %s", UTF8_FIELD(tr("KIND"), 13),
                    UTF8_FIELD(tr("ID"), 32), UTF8_FIELD(tr("SCOPE"), 18),
                    UTF8_FIELD(tr("ISSUED"), 22), tr("TITLE"));
    backlog_print(backlog, tell_result);
}

static json_t *row_json(const struct backlog_message *message)
{
    bool known = message->issued_ms != TIMESTAMP_NONE;
    char issued[TIMESTAMP_BYTES];

    if (known)
        timestamp_format(message->issued_ms,
                         clock_utc_offset_minutes(message->issued_ms), issued);
    return json_pack("{s:s, s:s, s:s, s:I, s:s*, s:s}", "kind",
                     message_kind_name(message->kind), "id", message->topic.id,
                     "scope", message->topic.scope, "seq",
                     (json_int_t)message->seq, "issued", known ? issued : NULL,
                     "title", message->title);
}

static void print_json(const struct backlog *backlog)
{
    json_t *rows = json_array();

    for (size_t i = 0; i < backlog->count; i++)
        json_array_append_new(rows, row_json(&backlog->items[i]));
    tell_json(json_pack("{s:o}", "messages", rows));
}

enum publish_exit outbox_list_run(const struct options *options, int count,
                                  char **operands)
{
    struct problem problem = {0};
    struct outbox *outbox = NULL;
    struct backlog backlog = {.items = NULL};

    (void)count;
    (void)operands;
    if (!send_options_check_org(options))
        return PUBLISH_USAGE;
    bool read = send_options_open_reading(options, &outbox, &problem) &&
                (!outbox ||
                 backlog_load(outbox, options->org, &backlog, &problem));
    if (read && options->json)
        print_json(&backlog);
    else if (read)
        print_rows(&backlog);
    if (!read)
        tell_problem(&problem);
    backlog_finish(&backlog);
    outbox_close(outbox);
    return read ? PUBLISH_DONE : send_exit_code(&problem);
}

enum publish_exit outbox_send_run(const struct options *options, int count,
                                  char **operands)
{
    struct options own = *options;
    const struct drafts none = {.items = NULL};

    (void)count;
    (void)operands;
    own.with_waiting = true;
    return dispatch_drafts(&own, &none);
}

/* Only a --scope on the command line selects; the one in the configuration is
 * for sending. */
static bool is_meant(const struct options *options,
                     const struct backlog_message *message, const char *id)
{
    return (!id || strcmp(message->topic.id, id) == 0) &&
           (!option_is_typed(options, "scope") ||
            strcmp(message->topic.scope, options->scope) == 0);
}

/* id NULL: all of them. Adds to dropped, an array. */
static bool drop(struct outbox *outbox, const struct options *options,
                 const struct backlog *backlog, const char *id, json_t *dropped,
                 struct problem *problem)
{
    for (size_t i = 0; i < backlog->count; i++) {
        const struct backlog_message *message = &backlog->items[i];
        if (!is_meant(options, message, id))
            continue;
        if (!outbox_drop(outbox, message->seq, problem))
            return false;
        json_array_append_new(dropped, row_json(message));
    }
    return true;
}

static bool drop_ids(struct outbox *outbox, const struct options *options,
                     int count, char **ids, struct backlog *backlog,
                     json_t *dropped, struct problem *problem)
{
    if (!backlog_load(outbox, options->org, backlog, problem))
        return false;
    if (options->all && !drop(outbox, options, backlog, NULL, dropped, problem))
        return false;
    for (int i = 0; i < count; i++) {
        size_t before = json_array_size(dropped);
        if (!drop(outbox, options, backlog, ids[i], dropped, problem))
            return false;
        if (json_array_size(dropped) == before)
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
    struct backlog backlog = {.items = NULL};

    if (options->all == (count > 0)) {
        tell_line("expected IDs, or --all");
        return PUBLISH_USAGE;
    }
    if (!send_options_check_org(options))
        return PUBLISH_USAGE;
    json_t *dropped = json_array();
    bool done = send_options_open_outbox(options, &outbox, &problem) &&
                outbox_begin(outbox, &problem) &&
                drop_ids(outbox, options, count, operands, &backlog, dropped,
                         &problem) &&
                (options->dry_run || outbox_commit(outbox, &problem));
    if (done && options->json)
        tell_json(json_pack("{s:O, s:b}", "dropped", dropped, "dry_run",
                            options->dry_run));
    else if (done)
        tell_result(
            "%zu messages %s; messages that the broker already has stay",
            json_array_size(dropped),
            options->dry_run ? tr("would be dropped") : tr("dropped"));
    else
        tell_problem(&problem);
    json_decref(dropped);
    if (outbox)
        outbox_rollback(outbox);
    backlog_finish(&backlog);
    outbox_close(outbox);
    return done ? PUBLISH_DONE : send_exit_code(&problem);
}
