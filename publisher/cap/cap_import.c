/* cap import FILE|-…: sends the alerts or cancels of CAP files, the gravest
 * first, to the scopes that they name, and ends them in scopes that only an
 * earlier message of the same chain went to. cap watch sends each file in the
 * same way. */
#include "base/translate.h"
#include "publisher/cap/cap.h"

#include "base/clock.h"
#include "base/timestamp.h"
#include "protocol/json_text.h"
#include "publisher/cap/cap_file.h"
#include "publisher/cap/cap_order.h"
#include "publisher/cli/tell.h"
#include "publisher/send/confirm.h"
#include "publisher/send/dispatch.h"
#include "publisher/send/glyphs.h"
#include "publisher/send/message_times.h"
#include "publisher/send/send_options.h"

#include <stdlib.h>
#include <string.h>

/* A file that is being sent. */
struct sending {
    const struct options *options;
    struct cap_file file;
    /* NULL: a dry run, or the outbox cannot be written */
    struct outbox *outbox;
    struct cap_state state;
    struct drafts drafts;
    struct problem *problem;
    const char *id; /* alert whose earlier scopes are being read */
    enum cap_verdict verdict;
};

static bool has_draft(const struct sending *sending, const char *id,
                      const char *scope)
{
    for (size_t i = 0; i < sending->drafts.count; i++) {
        const struct message *message = sending->drafts.items[i].message;
        if (strcmp(message->id, id) == 0 && strcmp(message->scope, scope) == 0)
            return true;
    }
    return false;
}

static bool names_scope(const struct sending *sending, const char *id,
                        const char *scope)
{
    const struct cap_mapping *mapping = &sending->file.mapping;

    for (size_t i = 0; i < mapping->draft_count; i++)
        if (strcmp(mapping->drafts[i].id, id) == 0 &&
            strcmp(mapping->drafts[i].scope, scope) == 0)
            return true;
    return false;
}

static bool add_json(struct sending *sending, json_t *json, const char *scope)
{
    if (json && !json_text_set(json, "scope", scope, sending->problem)) {
        json_decref(json);
        return false;
    }
    return drafts_add_json(&sending->drafts, json, sending->file.place,
                           sending->problem);
}

static const struct cap_draft *find_draft(const struct sending *sending,
                                          const char *id)
{
    const struct cap_mapping *mapping = &sending->file.mapping;

    for (size_t i = 0; i < mapping->draft_count; i++)
        if (strcmp(mapping->drafts[i].id, id) == 0)
            return &mapping->drafts[i];
    return NULL;
}

/* An alert ends in scopes that the new message no longer names. A cancel goes
 * to every scope that its alert was sent to. */
static bool add_earlier(void *context, const char *scope)
{
    struct sending *sending = context;
    const struct cap_mapping *mapping = &sending->file.mapping;

    if (names_scope(sending, sending->id, scope))
        return true;
    if (mapping->kind != CAP_KIND_CANCEL)
        return add_json(sending,
                        json_pack("{s:i, s:s, s:s, s:{s:s}}", "gaoshi", 1,
                                  "kind", "alert-cancel", "id", sending->id,
                                  "cancel", "status",
                                  alert_status_name(mapping->status)),
                        scope);
    const struct cap_draft *draft = find_draft(sending, sending->id);
    return draft && add_json(sending, json_deep_copy(draft->json), scope);
}

static bool add_earlier_scopes(struct sending *sending)
{
    const struct cap_mapping *mapping = &sending->file.mapping;
    size_t ids = mapping->kind == CAP_KIND_CANCEL ? mapping->id_count : 1;
    bool added = true;

    for (size_t i = 0; sending->outbox && added && i < ids; i++) {
        sending->id = mapping->ids[i];
        added = cap_state_each_scope(&sending->state, sending->id, add_earlier,
                                     sending, sending->problem);
    }
    return added;
}

/* If the file names no area, the scope of the options is used. */
static bool add_named_scopes(struct sending *sending)
{
    const struct cap_mapping *mapping = &sending->file.mapping;
    bool added = true;

    for (size_t i = 0; added && i < mapping->draft_count; i++) {
        const struct cap_draft *draft = &mapping->drafts[i];
        const char *scope = draft->scope[0] ? draft->scope
                                            : sending->options->scope;
        if (scope && !has_draft(sending, draft->id, scope))
            added = add_json(sending, json_deep_copy(draft->json), scope);
        else if (!scope && mapping->kind != CAP_KIND_CANCEL)
            added = problem_set_field(sending->problem, "alert.info.area",
                                      "no national area code: give --scope");
    }
    return added;
}

static bool refuse(const struct sending *sending, const char *reason)
{
    problem_set_field(sending->problem, "alert.identifier", "«%s» %s",
                      sending->file.mapping.identifier, tr(reason));
    sending->problem->code = PROBLEM_STALE;
    return false;
}

static bool judge(struct sending *sending, struct cap_state *state)
{
    static const char *const reasons[] = {
        [CAP_VERDICT_SAME] = N_("was sent before"),
        [CAP_VERDICT_CONFLICT] = N_("was sent before with other contents"),
        [CAP_VERDICT_OLDER] = N_("is older than what was sent of its chain"),
    };

    if (!cap_state_judge(state, &sending->file.mapping, sending->file.hash,
                         sending->options->again, clock_wall_ms(),
                         &sending->verdict, sending->problem))
        return false;
    return sending->verdict == CAP_VERDICT_NEW ||
           refuse(sending, reasons[sending->verdict]);
}

/* As on screens, the time of the cancel is compared with the time at which the
 * source sent the alert. */
static bool is_cancelled(const struct message *alert,
                         const struct sent_alerts *sent)
{
    for (size_t i = 0; i < sent->count; i++)
        if (sent->items[i].status == alert->alert.status &&
            strcmp(sent->items[i].scope, alert->scope) == 0)
            return sent->items[i].cancelled_ms != TIMESTAMP_NONE &&
                   sent->items[i].cancelled_ms >= alert->alert.sent_ms;
    return false;
}

/* Refuses an alert that was cancelled later, here or by its source, in all its
 * scopes: no screen would show it. */
static bool check_cancelled(const struct sending *sending)
{
    const struct drafts *drafts = &sending->drafts;
    struct sent_alerts sent = {0};
    size_t alerts = 0, cancelled = 0;
    const char *scope = NULL;

    if (!send_options_load_sent(sending->options, sending->file.mapping.ids[0],
                                &sent, sending->problem))
        return false;
    for (size_t i = 0; i < drafts->count; i++) {
        const struct message *message = drafts->items[i].message;
        if (message->kind != MESSAGE_ALERT)
            continue;
        alerts++;
        if (!is_cancelled(message, &sent))
            continue;
        cancelled++;
        scope = message->scope;
    }
    sent_alerts_finish(&sent);
    if (scope && cancelled < alerts)
        tell_line("%s: note: it was cancelled in %s since: screens there don't "
                  "show it",
                  sending->file.place, scope);
    return !scope || cancelled < alerts ||
           refuse(sending, "was cancelled since: no screen would show it; "
                           "alert raise makes a new one");
}

/* Runs within the transaction that queues the drafts: a file is recorded if and
 * only if its alerts are queued. */
static bool keep(void *context, struct outbox *outbox, struct problem *problem)
{
    struct sending *sending = context;
    const struct cap_file *file = &sending->file;
    struct cap_state state = {outbox_file(outbox), sending->options->org};

    if (!judge(sending, &state))
        return false;
    bool kept = cap_state_keep(&state, &file->mapping, file->hash,
                               clock_wall_ms(), problem);
    for (size_t i = 0; kept && i < sending->drafts.count; i++) {
        const struct message *message = sending->drafts.items[i].message;
        if (message->kind == MESSAGE_ALERT)
            kept = cap_state_keep_scope(&state, message->id, message->scope,
                                        problem);
        else if (file->mapping.kind != CAP_KIND_CANCEL)
            kept = cap_state_forget_scope(&state, message->id, message->scope,
                                          problem);
    }
    return kept;
}

/* Refuses alerts that are over. */
static bool check_times(const struct sending *sending)
{
    int64_t now_ms = clock_wall_ms();

    for (size_t i = 0; i < sending->drafts.count; i++)
        if (!message_times_is_ahead(sending->drafts.items[i].message, now_ms,
                                    sending->problem))
            return false;
    return true;
}

/* The drafts of one info differ only in scope, so their times are printed once.
 */
static void tell_times(const struct sending *sending)
{
    int64_t now_ms = clock_wall_ms();

    for (size_t i = 0; i < sending->drafts.count; i++) {
        const struct draft *draft = &sending->drafts.items[i];
        if (i == 0 ||
            draft[-1].message->expires_ms != draft->message->expires_ms)
            message_times_tell(draft->message, sending->file.place, now_ms);
    }
}

/* An outbox that cannot be opened does not stop the alert; dispatch_recorded
 * reports it. Nothing is then known of earlier files. */
static bool open_outbox(struct sending *sending)
{
    const struct options *options = sending->options;
    struct problem *problem = sending->problem;

    if (send_options_open_outbox(options, &sending->outbox, problem)) {
        sending->state = (struct cap_state){outbox_file(sending->outbox),
                                            options->org};
        return true;
    }
    if (problem->code != PROBLEM_SYSTEM)
        return false;
    problem->code = PROBLEM_NONE;
    return true;
}

static bool prepare(struct sending *sending, const char *path,
                    const struct file_identity *listed)
{
    const struct options *options = sending->options;
    struct cap_history history = {0};
    bool ready = options->dry_run || open_outbox(sending);

    if (sending->outbox)
        history = cap_state_history(&sending->state);
    return ready &&
           cap_file_read(&sending->file, path, listed,
                         sending->outbox ? &history : NULL, sending->problem) &&
           cap_file_check_sent(&sending->file, clock_wall_ms(),
                               sending->problem) &&
           add_earlier_scopes(sending) && add_named_scopes(sending) &&
           check_times(sending) &&
           (!sending->outbox ||
            (judge(sending, &sending->state) && check_cancelled(sending)));
}

static enum publish_exit send(struct sending *sending)
{
    struct options options = *sending->options;
    struct dispatch_record record = {.keep = keep, .context = sending};

    options.scope = NULL; /* each draft has its own */
    if (sending->drafts.count == 0)
        tell_line("%s: nothing was sent that it could cancel; it is remembered",
                  sending->file.place);
    if (!confirm_drafts(&options, &sending->drafts))
        return PUBLISH_USAGE;
    return dispatch_recorded(&options, &sending->drafts, &record,
                             sending->problem);
}

enum publish_exit cap_file_send(const struct options *options, const char *path,
                                const struct file_identity *listed,
                                struct problem *problem)
{
    struct sending sending = {.options = options, .problem = problem};
    enum publish_exit code = PUBLISH_REFUSED;

    snprintf(problem->consequence, sizeof problem->consequence,
             "nothing was sent");
    if (!options->org) {
        tell_line("--org is missing; give it, or set [publisher] org in the "
                  "configuration");
        return PUBLISH_USAGE;
    }
    if (prepare(&sending, path, listed)) {
        cap_file_tell_notes(&sending.file);
        if (!listed)
            glyphs_check(&sending.drafts, GLYPHS_ALERT_WAIT_MS);
        tell_times(&sending);
        code = send(&sending);
    } else if (problem->code == PROBLEM_SYSTEM) {
        code = PUBLISH_OTHER;
    }
    if (problem->code != PROBLEM_NONE) {
        problem_set_place(problem,
                          strcmp(path, "-") ? path : tr("standard input"));
        tell_problem(problem);
    }
    if (sending.verdict == CAP_VERDICT_SAME && problem->code == PROBLEM_STALE)
        code = PUBLISH_DONE;
    drafts_finish(&sending.drafts);
    cap_file_finish(&sending.file);
    outbox_close(sending.outbox);
    return code;
}

enum publish_exit cap_import_run(const struct options *options, int count,
                                 char **operands)
{
    struct cap_order_item *items = calloc((size_t)count, sizeof *items);
    enum publish_exit worst = PUBLISH_DONE;

    if (!items) {
        tell_line("out of memory");
        return PUBLISH_OTHER;
    }
    for (int i = 0; i < count; i++)
        items[i] = (struct cap_order_item){.path = operands[i],
                                           .index = (size_t)i};
    cap_order_sort(items, (size_t)count);
    for (int i = 0; i < count; i++) {
        struct problem problem = {0};
        enum publish_exit code = cap_file_send(options, items[i].path, NULL,
                                               &problem);
        if (code > worst)
            worst = code;
        if (code == PUBLISH_USAGE || code == PUBLISH_KEY)
            break; /* the other files would fail in the same way */
    }
    free(items);
    return worst;
}
