/* alert raise: an alert from a file, from a template, or from flags. */
#include "base/clock.h"
#include "base/translate.h"
#include "publisher/alert/alert.h"
#include "publisher/alert/alert_flags.h"
#include "publisher/cli/options.h"
#include "publisher/cli/tell.h"
#include "publisher/send/confirm.h"
#include "publisher/send/dispatch.h"
#include "publisher/send/glyphs.h"
#include "publisher/send/made_id.h"
#include "publisher/send/message_times.h"
#include "publisher/send/send_options.h"

#include <stdlib.h>
#include <string.h>

/* flood-20210720-1830-k7pm in local time; the id of a drill begins with drill-.
 */
bool alert_raise_id(const char *template_name, const char *status,
                    char out[MADE_ID_BYTES], struct problem *problem)
{
    const char *mark = strcmp(status, "exercise") == 0 ? "drill-"
                       : strcmp(status, "test") == 0   ? "test-"
                                                       : "";
    char stem[MADE_ID_BYTES];
    int length = snprintf(stem, sizeof stem, "%s%s", mark, template_name);

    if (length < 0 || (size_t)length >= sizeof stem)
        return problem_set(problem, PROBLEM_FIELD,
                           "the template's name is too long for an id: give "
                           "--id");
    return made_id(stem, out, problem);
}

/* Owns the alert from here on. */
static bool add_alert(struct drafts *drafts, const struct options *options,
                      json_t *alert, const struct template_use *use,
                      struct problem *problem)
{
    const char *status = json_string_value(json_object_get(alert, "status"));
    char expires[TIMESTAMP_BYTES];
    char id[MADE_ID_BYTES];

    if (!alert_flags_expiry(options, use->hours, expires, problem) ||
        (!options->id &&
         !alert_raise_id(use->name, status ? status : "", id, problem))) {
        json_decref(alert);
        return false;
    }
    json_t *body = json_pack("{s:i, s:s, s:s, s:s*, s:o}", "gaoshi", 1, "kind",
                             "alert", "id", options->id ? options->id : id,
                             "expires", expires[0] ? expires : NULL, "alert",
                             alert);
    return drafts_add_json(drafts, body, tr("command line"), problem);
}

bool alert_raise_draft(struct drafts *drafts, const struct options *options,
                       struct problem *problem)
{
    json_t *alert = json_object();
    struct template_use use;

    if (!options->id && !options->template_name) {
        json_decref(alert);
        return problem_set(problem, PROBLEM_FIELD,
                           "expected FILE, or --template NAME, or --id ID "
                           "with the other flags");
    }
    if (!alert_flags_apply(options, alert, &use, problem)) {
        json_decref(alert);
        return false;
    }
    return add_alert(drafts, options, alert, &use, problem);
}

static bool add_from_file(struct drafts *drafts, const struct options *options,
                          const char *file, struct problem *problem)
{
    if (options_are_typed(options, OPTION_RAISE | OPTION_NEW))
        return problem_set(problem, PROBLEM_FIELD,
                           "either FILE or flags, not both");
    if (!drafts_add_file(drafts, NULL, file, problem))
        return false;
    if (drafts->items[0].message->kind == MESSAGE_ALERT)
        return true;
    problem_set_field(problem, "kind", "'%s', expected alert",
                      message_kind_name(drafts->items[0].message->kind));
    problem_set_place(problem, file);
    return false;
}

/* A file may itself be an update, and an alert that the broker has not
 * confirmed may be sent again. */
static bool is_meant(const struct options *options,
                     const struct message *message,
                     const struct sent_alert *sent)
{
    const struct alert *alert = &message->alert;

    if (sent->status != alert->status || !sent->alert)
        return false;
    return alert->type == ALERT_TYPE_UPDATE ||
           (sent->state == OUTBOX_WAITING && !sent->overwritten &&
            sent->alert->alert.level == alert->level &&
            strcmp(sent->alert->alert.event, alert->event) == 0 &&
            strcmp(sent->scope, send_options_scope(options, message)) == 0);
}

static bool refuse_live(const struct sent_alert *sent,
                        const struct message *message, struct problem *problem)
{
    bool is_drill = message->alert.status != ALERT_STATUS_ACTUAL &&
                    sent->status == ALERT_STATUS_ACTUAL;

    problem_set_field(
        problem, "id",
        "%s is live (%s %s %s, %s): %s; give another --id, or "
        "--force",
        sent->id, tr(alert_status_name(sent->status)),
        sent->alert ? tr(alert_level_name(sent->alert->alert.level)) : "",
        sent->alert ? sent->alert->alert.event : "", sent->scope,
        is_drill ? tr("a drill would take its place")
                 : tr("alert update changes it"));
    problem->code = PROBLEM_STALE;
    return false;
}

/* A new alert must not use the id of a live one: the broker would drop the old
 * one, and a cancel would end both. An update does change a live alert. */
static bool spares_live(const struct options *options,
                        const struct message *message, struct problem *problem)
{
    struct sent_alerts sent = {0};
    int64_t now_ms = clock_wall_ms();
    bool spares = true;

    if (options->force || options->preview_file)
        return true;
    if (!send_options_load_sent(options, message->id, &sent, problem)) {
        /* An outbox that cannot be read does not stop an alert; the sending
         * reports it. */
        bool goes_on = problem->code == PROBLEM_SYSTEM;
        problem->code = goes_on ? PROBLEM_NONE : problem->code;
        return goes_on;
    }
    for (size_t i = 0; spares && i < sent.count; i++)
        spares = !sent_alert_is_live(&sent.items[i], now_ms) ||
                 is_meant(options, message, &sent.items[i]) ||
                 refuse_live(&sent.items[i], message, problem);
    sent_alerts_finish(&sent);
    return spares;
}

static enum publish_exit fail(const struct problem *problem)
{
    tell_problem(problem);
    return alert_flags_are_wrong(problem) ? PUBLISH_USAGE
                                          : send_exit_code(problem);
}

static enum publish_exit send(const struct options *options,
                              const struct drafts *drafts, bool named_here)
{
    const struct draft *draft = &drafts->items[0];

    glyphs_check(drafts, send_options_send(options) ? GLYPHS_ALERT_WAIT_MS
                                                    : GLYPHS_WAIT_MS);
    message_times_tell(draft->message, draft->message->id, clock_wall_ms());
    if (!confirm_drafts(options, drafts))
        return PUBLISH_USAGE;
    if (named_here && send_options_send(options) && !options->json)
        tell_result("id %s", draft->message->id);
    return dispatch_drafts(options, drafts);
}

static enum publish_exit raise_alert(const struct options *options,
                                     const char *file)
{
    struct drafts drafts = {0};
    struct problem problem = {.consequence = "nothing was sent"};

    bool good = file ? add_from_file(&drafts, options, file, &problem)
                     : alert_raise_draft(&drafts, options, &problem);
    enum publish_exit code =
        good &&
                message_times_is_ahead(drafts.items[0].message, clock_wall_ms(),
                                       &problem) &&
                spares_live(options, drafts.items[0].message, &problem)
            ? send(options, &drafts, !file && !options->id)
            : fail(&problem);
    drafts_finish(&drafts);
    return code;
}

enum publish_exit alert_raise_run(const struct options *options, int count,
                                  char **operands)
{
    struct options own = *options;
    char scope[SCOPE_BYTES];

    if (options->area_code) {
        int length = snprintf(scope, sizeof scope, "area-%s",
                              options->area_code);
        if (length < 0 || (size_t)length >= sizeof scope ||
            !scope_is_valid(scope)) {
            tell_line("--area '%s': expected 2, 4, 6, 9 or 12 digits; words "
                      "go into --area-text",
                      options->area_code);
            return PUBLISH_USAGE;
        }
        if (option_is_typed(options, "scope")) {
            tell_line("--area and --scope: give one of them");
            return PUBLISH_USAGE;
        }
        own.scope = scope;
    }
    return raise_alert(&own, count > 0 ? operands[0] : NULL);
}
