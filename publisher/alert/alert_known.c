/* Looks alerts up in the outbox for «alert update» and «alert cancel», and
 * lists them for «alert list». */
#include "publisher/alert/alert_known.h"

#include "base/clock.h"
#include "base/timestamp.h"
#include "base/translate.h"
#include "base/utf8.h"
#include "publisher/alert/alert.h"
#include "publisher/alert/alert_retained.h"
#include "publisher/cli/options.h"
#include "publisher/cli/tell.h"
#include "publisher/send/send_options.h"

#include <stdlib.h>
#include <string.h>

static bool is_wanted(const struct options *options,
                      const struct sent_alert *alert)
{
    return (!options->status ||
            strcmp(options->status, alert_status_name(alert->status)) == 0) &&
           (!option_is_typed(options, "scope") ||
            strcmp(options->scope, alert->scope) == 0);
}

static void choose(struct alert_known *known, const struct options *options,
                   bool cancelled)
{
    for (size_t i = 0; i < known->sent.count; i++) {
        const struct sent_alert *alert = &known->sent.items[i];
        known->chosen[i] = is_wanted(options, alert) &&
                           (alert->cancelled_ms != TIMESTAMP_NONE) == cancelled;
        known->count += known->chosen[i];
    }
}

/* An actual alert and a drill with the same id are two alerts. */
static bool is_one_slot(const struct alert_known *known)
{
    const struct sent_alert *first = NULL;

    for (size_t i = 0; i < known->sent.count; i++) {
        if (!known->chosen[i])
            continue;
        if (!first)
            first = &known->sent.items[i];
        else if (known->sent.items[i].status != first->status)
            return false;
    }
    return true;
}

/* An alert of a colleague, or of another machine. */
static void ask_broker(const struct options *options, const char *id,
                       struct sent_alerts *out)
{
    struct problem problem = {
        .consequence = "what the broker has of it is not known"};

    if (options->force || !send_options_send(options) ||
        alert_retained_load(options, id, out, &problem))
        return;
    tell_problem(&problem);
}

enum publish_exit alert_known_find(const struct options *options,
                                   const char *id, struct alert_known *out)
{
    struct alert_known known = {0};
    struct problem problem = {.consequence = "nothing was sent"};

    if (!identifier_is_valid(id)) {
        tell_line("ID '%s': expected a-z, 0-9, '.', '_' and '-'; nothing was "
                  "sent",
                  id);
        return PUBLISH_USAGE;
    }
    if (!send_options_check(options))
        return PUBLISH_USAGE;
    if (!send_options_load_sent(options, id, &known.sent, &problem)) {
        if (problem.code == PROBLEM_SYSTEM)
            snprintf(problem.consequence, sizeof problem.consequence,
                     options->force
                         ? "the scopes that the alert went to are not known"
                         : "nothing was sent; --force with --scope "
                           "and --status sends it all the same");
        tell_problem(&problem);
        if (problem.code != PROBLEM_SYSTEM || !options->force)
            return send_exit_code(&problem);
    }
    if (known.sent.count == 0)
        ask_broker(options, id, &known.sent);
    known.chosen = calloc(known.sent.count + 1, sizeof *known.chosen);
    if (!known.chosen) {
        tell_line("out of memory; nothing was sent");
        alert_known_finish(&known);
        return PUBLISH_OTHER;
    }
    choose(&known, options, false);
    if (known.count == 0)
        choose(&known, options, true);
    if (!is_one_slot(&known)) {
        tell_line("%s was sent with more than one status: give --status; "
                  "nothing was sent",
                  id);
        alert_known_finish(&known);
        return PUBLISH_USAGE;
    }
    *out = known;
    return PUBLISH_DONE;
}

void alert_known_finish(struct alert_known *known)
{
    sent_alerts_finish(&known->sent);
    free(known->chosen);
    known->chosen = NULL;
    known->count = 0;
}

enum publish_exit alert_known_refuse(const struct alert_known *known,
                                     const struct options *options,
                                     const char *id)
{
    if (known->sent.count > 0) {
        const struct sent_alert *alert = &known->sent.items[0];
        tell_line("%s was sent as %s to %s, not %s%s%s; nothing was sent "
                  "(--force sends it all the same)",
                  id, tr(alert_status_name(alert->status)), alert->scope,
                  options->status ? tr(options->status) : "",
                  options->status && options->scope ? tr(" to ") : "",
                  options->scope ? options->scope : "");
    } else {
        tell_line("%s: no alert of this id was sent from here, and none is "
                  "known at the broker; nothing was sent (alert list tells the "
                  "ids, with --key-list a colleague's alert is looked up, "
                  "--force sends it all the same)",
                  id);
    }
    return PUBLISH_REFUSED;
}

static const char *state_of(const struct sent_alert *alert, int64_t now_ms)
{
    if (alert->cancelled_ms != TIMESTAMP_NONE)
        return N_("cancelled");
    return sent_alert_is_live(alert, now_ms) ? N_("live") : N_("expired");
}

/* The broker's answer to its last message. */
static const char *answer_of(const struct sent_alert *alert)
{
    static const char *const names[] = {
        [OUTBOX_WAITING] = "unconfirmed",
        [OUTBOX_CONFIRMED] = "confirmed",
        [OUTBOX_REFUSED] = "refused",
        [OUTBOX_DROPPED] = "dropped",
    };

    return alert->overwritten ? N_("overwritten") : names[alert->state];
}

static void print_row(const struct sent_alert *alert, int64_t now_ms)
{
    const struct message *message = alert->alert;
    char issued[CLOCK_MINUTE_BYTES], until[CLOCK_MINUTE_BYTES];

    clock_format_minute(alert->issued_ms, issued);
    clock_format_minute(sent_alert_end_ms(alert), until);
    const char *level = message ? tr(alert_level_name(message->alert.level))
                                : "-";
    tell_result(
        "%-39s %-*s %-*s %-*s %-18s %-22s %-22s %-*s %s", alert->id,
        UTF8_FIELD(tr(state_of(alert, now_ms)), 9), UTF8_FIELD(level, 7),
        UTF8_FIELD(tr(alert_status_name(alert->status)), 8), alert->scope,
        issued, until, UTF8_FIELD(tr(answer_of(alert)), 11),
        message ? message->alert.event : "-");
}

static json_t *time_json(int64_t ms)
{
    char text[TIMESTAMP_BYTES];

    if (ms == TIMESTAMP_NONE)
        return json_null();
    timestamp_format(ms, clock_utc_offset_minutes(ms), text);
    return json_string(text);
}

static void print_json(const struct sent_alerts *alerts, bool all)
{
    int64_t now_ms = clock_wall_ms();
    json_t *rows = json_array();

    for (size_t i = 0; i < alerts->count; i++) {
        const struct sent_alert *alert = &alerts->items[i];
        if (!all && !sent_alert_is_live(alert, now_ms))
            continue;
        json_t *row = json_pack(
            "{s:s, s:s, s:s, s:s, s:o, s:o, s:s}", "id", alert->id, "scope",
            alert->scope, "state", state_of(alert, now_ms), "status",
            alert_status_name(alert->status), "issued",
            time_json(alert->issued_ms), "until",
            time_json(sent_alert_end_ms(alert)), "broker", answer_of(alert));
        if (alert->alert)
            json_object_set(row, "body", alert->alert->root);
        json_array_append_new(rows, row);
    }
    tell_json(json_pack("{s:o}", "alerts", rows));
}

static void print_rows(const struct sent_alerts *alerts, bool all)
{
    int64_t now_ms = clock_wall_ms();
    size_t shown = 0;

    for (size_t i = 0; i < alerts->count; i++) {
        const struct sent_alert *alert = &alerts->items[i];
        if (!all && !sent_alert_is_live(alert, now_ms))
            continue;
        if (shown++ == 0)
            tell_result("%-*s %-*s %-*s %-*s %-*s %-*s %-*s %-*s %s",
                        UTF8_FIELD(tr("ID"), 39), UTF8_FIELD(tr("STATE"), 9),
                        UTF8_FIELD(tr("LEVEL"), 7), UTF8_FIELD(tr("STATUS"), 8),
                        UTF8_FIELD(tr("SCOPE"), 18),
                        UTF8_FIELD(tr("ISSUED"), 22),
                        UTF8_FIELD(tr("UNTIL"), 22),
                        UTF8_FIELD(tr("BROKER"), 11), tr("EVENT"));
        print_row(alert, now_ms);
    }
    if (shown < alerts->count)
        tell_line("%zu more that ended; --all lists them",
                  alerts->count - shown);
    else if (shown == 0)
        tell_line("no alert was sent from here");
}

enum publish_exit alert_list_run(const struct options *options, int count,
                                 char **operands)
{
    struct sent_alerts alerts = {0};
    struct problem problem = {0};

    (void)count;
    (void)operands;
    if (!send_options_check_org(options))
        return PUBLISH_USAGE;
    if (!send_options_load_sent(options, NULL, &alerts, &problem)) {
        tell_problem(&problem);
        return send_exit_code(&problem);
    }
    if (options->json)
        print_json(&alerts, options->all);
    else
        print_rows(&alerts, options->all);
    sent_alerts_finish(&alerts);
    return PUBLISH_DONE;
}
