/* Turns drafts into signed messages in the outbox, all of them or none. */
#include "publisher/send/dispatch.h"

#include "base/clock.h"
#include "base/escape.h"
#include "publisher/cli/tell.h"
#include "publisher/keyfile/key_file.h"
#include "publisher/outbox/live_index.h"
#include "publisher/outbox/sent_alerts.h"
#include "publisher/send/compose.h"
#include "publisher/send/confirm.h"
#include "publisher/send/figures_known.h"
#include "publisher/send/grants.h"
#include "publisher/send/picture_files.h"
#include "publisher/send/preview.h"
#include "publisher/send/send_options.h"
#include "publisher/send/sending.h"
#include "publisher/send/wait.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct compose_frame frame_now(const struct options *options)
{
    int64_t now_ms = clock_wall_ms();

    return (struct compose_frame){
        .org = options->org,
        .scope = options->scope,
        .seq = now_ms,
        .issued_ms = now_ms,
        .utc_offset_minutes = clock_utc_offset_minutes(now_ms),
    };
}

/* On a terminal control characters are escaped; for a program nothing is. */
static void print_body(const char *body)
{
    bool escaping = isatty(STDOUT_FILENO);

    while (escaping && *body) {
        size_t length = strcspn(body, "\n");
        char *line = strndup(body, length);
        char *escaped = line ? escape_copy(line) : NULL;
        puts(escaped ? escaped : "");
        free(escaped);
        free(line);
        body += length + (body[length] == '\n');
    }
    if (!escaping)
        puts(body);
}

static enum publish_exit print_drafts(const struct options *options,
                                      const struct drafts *drafts,
                                      struct problem *problem)
{
    struct compose_frame frame = frame_now(options);

    for (size_t i = 0; i < drafts->count; i++, frame.seq++) {
        struct composed composed;
        if (!compose_draft(&drafts->items[i], &frame, &composed, problem))
            return PUBLISH_REFUSED;
        puts(composed.topic);
        print_body(composed.body);
        composed_finish(&composed);
    }
    return PUBLISH_DONE;
}

/* A preview needs an org only to be a valid message: if neither draft nor
 * options have one, any will do. */
static const char *preview_org(const struct options *options,
                               const struct draft *draft)
{
    bool drafted = json_object_get(draft->message->root, "org") != NULL;

    return options->org || drafted ? options->org : "preview";
}

static bool add_sample(struct preview *preview, char *text,
                       struct problem *problem)
{
    char *equals = strchr(text, '=');

    if (!equals)
        return problem_set(problem, PROBLEM_FIELD,
                           "--live '%.60s', expected NAME=VALUE", text);
    *equals = '\0';
    /* The narrowest scope: it counts more than what was sent. */
    json_t *draft = figure_draft(text, equals + 1, NULL, NULL, "screen-preview",
                                 problem);
    char *body = draft ? compose_print(draft) : NULL;
    bool added = body && preview_add(preview, body, problem);
    free(body);
    json_decref(draft);
    return added;
}

static bool is_bound(const struct drafts *drafts, const char *name)
{
    for (size_t i = 0; i < drafts->count; i++)
        if (figure_is_bound(drafts->items[i].message, name))
            return true;
    return false;
}

/* Panels show the last values of their live figures, or those of the options.
 */
static bool preview_figures(const struct options *options,
                            const struct drafts *drafts,
                            struct preview *preview, struct problem *problem)
{
    struct figures_known known = {0};
    bool good = figures_known_load(options, &known, problem);

    for (size_t i = 0; good && i < known.count; i++) {
        const struct message *message = known.items[i].message;
        char *body = is_bound(drafts, message->id)
                         ? compose_print(message->root)
                         : NULL;
        good = !body || preview_add(preview, body, problem);
        free(body);
    }
    for (size_t i = 0; good && i < options->sample_figures.count; i++) {
        char *text = strdup(options->sample_figures.texts[i]);
        good = text && add_sample(preview, text, problem);
        free(text);
    }
    figures_known_finish(&known);
    return good;
}

/* Drafts may name pictures that were sent before. */
static bool preview_pictures_of(const struct options *options,
                                const struct drafts *drafts,
                                const struct preview *preview,
                                struct problem *problem)
{
    for (size_t i = 0; i < drafts->count; i++) {
        const struct message *message = drafts->items[i].message;
        if (message->kind == MESSAGE_PANEL && message->panel.picture_count > 0)
            return picture_files_write_kept(options, preview_pictures(preview),
                                            problem);
    }
    return true;
}

static enum publish_exit preview_drafts(const struct options *options,
                                        const struct drafts *drafts,
                                        const struct dispatch_record *record,
                                        struct problem *problem)
{
    struct compose_frame frame = frame_now(options);
    struct preview *preview = preview_create(options->preview_file, problem);
    enum publish_exit code = preview ? PUBLISH_DONE : PUBLISH_OTHER;

    if (preview && record && record->draw &&
        !record->draw(record->context, preview_pictures(preview), problem))
        code = PUBLISH_OTHER;
    if (code == PUBLISH_DONE &&
        !preview_pictures_of(options, drafts, preview, problem))
        code = PUBLISH_OTHER;

    for (size_t i = 0; code == PUBLISH_DONE && i < drafts->count; i++) {
        struct composed composed;
        frame.org = preview_org(options, &drafts->items[i]);
        if (!compose_draft(&drafts->items[i], &frame, &composed, problem)) {
            code = PUBLISH_REFUSED;
            break;
        }
        if (!preview_add(preview, composed.body, problem))
            code = PUBLISH_OTHER;
        composed_finish(&composed);
    }
    if (code == PUBLISH_DONE &&
        !preview_figures(options, drafts, preview, problem))
        code = send_exit_code(problem);
    if (code == PUBLISH_DONE && !preview_draw(preview, options, problem))
        code = PUBLISH_OTHER;
    preview_destroy(preview);
    return code;
}

static bool queue_composed(struct outbox *outbox, const struct key *key,
                           const struct composed *composed,
                           struct problem *problem)
{
    struct outbox_message message;
    char *payload;

    bool queued = compose_sign(key, composed, &message, &payload, problem) &&
                  outbox_add(outbox, &message, problem) &&
                  sent_alerts_keep(outbox_file(outbox), composed->message,
                                   composed->body, problem);
    free(payload);
    return queued;
}

static bool queue_draft(const struct draft *draft, struct outbox *outbox,
                        const struct key *key, struct compose_frame *frame,
                        struct problem *problem)
{
    struct composed composed;

    if (!outbox_next_sequence(outbox, frame->issued_ms, &frame->seq, problem) ||
        !compose_draft(draft, frame, &composed, problem))
        return false;
    bool queued = queue_composed(outbox, key, &composed, problem);
    if (!queued && problem->code != PROBLEM_SYSTEM)
        problem_set_place(problem, draft->place);
    composed_finish(&composed);
    return queued;
}

/* Indexes are sent after the messages that they list, so that a screen does not
 * miss a message that is still on its way. */
static bool queue_indexes(const struct options *options, struct outbox *outbox,
                          const struct key *key,
                          const struct outbox_choice *choice, bool correcting,
                          struct problem *problem)
{
    int64_t now_ms = clock_wall_ms();
    const struct live_index_frame frame = {
        .org = options->org,
        .key = key,
        .now_ms = now_ms,
        .utc_offset_minutes = clock_utc_offset_minutes(now_ms),
        .correcting = correcting,
        .sent = *choice,
    };

    return live_index_queue(outbox, &frame, problem);
}

static bool queue_all(const struct options *options,
                      const struct drafts *drafts, struct outbox *outbox,
                      const struct key *key,
                      const struct dispatch_record *record,
                      struct outbox_choice *choice, struct problem *problem)
{
    struct compose_frame frame = frame_now(options);

    if (record && !record->keep(record->context, outbox, problem))
        return false;
    for (size_t i = 0; i < drafts->count; i++) {
        if (!queue_draft(&drafts->items[i], outbox, key, &frame, problem))
            return false;
        if (i == 0)
            choice->first_seq = frame.seq;
        choice->last_seq = frame.seq;
    }
    if (drafts->count > 0)
        outbox_hold(outbox, choice->first_seq, choice->last_seq);
    return outbox_prune(outbox, frame.issued_ms, problem) &&
           queue_indexes(options, outbox, key, choice, false, problem);
}

/* The choice gets the first and the last sequence number of the drafts. */
static bool queue_drafts(const struct options *options,
                         const struct drafts *drafts, struct outbox *outbox,
                         const struct key *key,
                         const struct dispatch_record *record,
                         struct outbox_choice *choice, struct problem *problem)
{
    if (outbox_begin(outbox, problem) &&
        queue_all(options, drafts, outbox, key, record, choice, problem) &&
        outbox_commit(outbox, problem))
        return true;
    outbox_rollback(outbox);
    return false;
}

/* Corrects the indexes after the broker has answered: it may have refused a
 * listed message, or another command may have signed an index without the
 * messages that were being sent here. Indexes that list exactly the confirmed
 * messages are not signed again. */
static void settle_indexes(const struct options *options, struct outbox *outbox,
                           const struct key *key)
{
    const struct outbox_choice indexes = {.index_key = key_id(key)};
    struct problem problem = {.consequence = "screens may miss what the "
                                             "broker refused"};
    struct options own = *options;

    own.wait_shown = own.wait_ms = 0;
    own.min_shown_thousandths = -1;
    if (outbox_begin(outbox, &problem) &&
        queue_indexes(options, outbox, key, &indexes, true, &problem) &&
        outbox_commit(outbox, &problem)) {
        sending_run(&own, outbox, &indexes);
        return;
    }
    outbox_rollback(outbox);
    tell_problem(&problem);
}

static bool are_alerts(const struct drafts *drafts)
{
    for (size_t i = 0; i < drafts->count; i++)
        if (compose_limit(drafts->items[i].message->kind) != LIMIT_ALERT_BYTES)
            return false;
    return drafts->count > 0;
}

static bool add_unkept(const struct draft *draft, const struct key *key,
                       const struct compose_frame *frame,
                       struct deliveries *deliveries, struct problem *problem)
{
    struct composed composed;
    struct outbox_message message;
    char *payload;

    if (!compose_draft(draft, frame, &composed, problem))
        return false;
    bool added = compose_sign(key, &composed, &message, &payload, problem) &&
                 (deliveries_add(deliveries, &message, true) ||
                  problem_set(problem, PROBLEM_SYSTEM, "out of memory"));
    free(payload);
    composed_finish(&composed);
    return added;
}

/* Sends alerts although the outbox cannot be written, because a full disk must
 * not stop them. Their numbers are at least the clock, as always, so later
 * messages are newer. */
static enum publish_exit send_unkept(const struct options *options,
                                     const struct drafts *drafts,
                                     const struct key *key,
                                     struct problem *problem)
{
    struct compose_frame frame = frame_now(options);
    struct problem why = *problem;
    struct deliveries deliveries = {0};
    bool added = true;

    frame.seq = outbox_sequence_after(send_options_last_sequence(options),
                                      frame.issued_ms);
    for (size_t i = 0; added && i < drafts->count; i++, frame.seq++)
        added = add_unkept(&drafts->items[i], key, &frame, &deliveries,
                           problem);
    if (!added) {
        deliveries_finish(&deliveries);
        return send_exit_code(problem);
    }
    snprintf(why.consequence, sizeof why.consequence,
             "sent without the outbox: alert list does not know it, and alert "
             "cancel wants --force and --scope");
    tell_problem(&why);
    problem->code = PROBLEM_NONE;
    return sending_run_unkept(options, &deliveries);
}

static enum publish_exit send_drafts(const struct options *options,
                                     const struct drafts *drafts,
                                     const struct key *key,
                                     const struct dispatch_record *record,
                                     struct problem *problem)
{
    struct outbox_choice choice = {.index_key = key_id(key),
                                   .alerts = options->waiting_alerts,
                                   .all = options->with_waiting};
    struct outbox *outbox = NULL;
    enum publish_exit code = PUBLISH_DONE;

    bool queued = send_options_open_outbox(options, &outbox, problem);
    if (queued)
        code = confirm_waiting(options, drafts, outbox, &choice.all);
    queued = queued && code == PUBLISH_DONE &&
             queue_drafts(options, drafts, outbox, key, record, &choice,
                          problem);
    if (queued)
        code = sending_run(options, outbox, &choice);
    else if (code == PUBLISH_DONE)
        code = problem->code == PROBLEM_SYSTEM && are_alerts(drafts)
                   ? send_unkept(options, drafts, key, problem)
                   : send_exit_code(problem);
    if (queued && (code == PUBLISH_DONE || code == PUBLISH_REFUSED ||
                   code == PUBLISH_FEW))
        settle_indexes(options, outbox, key);
    outbox_close(outbox);
    return code;
}

enum publish_exit dispatch_recorded(const struct options *options,
                                    const struct drafts *drafts,
                                    const struct dispatch_record *record,
                                    struct problem *problem)
{
    struct key *key = NULL;

    if (options->preview_file)
        return preview_drafts(options, drafts, record, problem);
    if (!send_options_check(options) || !wait_check(options))
        return PUBLISH_USAGE;
    if (options->dry_run)
        return print_drafts(options, drafts, problem);
    if (!key_file_open_private(options, options->key_file, &key, problem))
        return PUBLISH_KEY;
    enum publish_exit code = grants_check(options, key, drafts, problem)
                                 ? send_drafts(options, drafts, key, record,
                                               problem)
                                 : send_exit_code(problem);
    key_destroy(key);
    return code;
}

enum publish_exit dispatch_drafts(const struct options *options,
                                  const struct drafts *drafts)
{
    struct problem problem = {.consequence = "nothing was sent"};
    enum publish_exit code = dispatch_recorded(options, drafts, NULL, &problem);

    if (problem.code != PROBLEM_NONE)
        tell_problem(&problem);
    return code;
}
