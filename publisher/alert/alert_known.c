/* Looks an id up in the outbox. */
#include "publisher/alert/alert_known.h"

#include "base/timestamp.h"
#include "publisher/cli/options.h"
#include "publisher/cli/tell.h"
#include "publisher/send/dispatch.h"

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

/* An actual alert and a drill of one id are two slots. */
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
    if (!dispatch_check_given(options))
        return PUBLISH_USAGE;
    if (!dispatch_load_sent(options, id, &known.sent, &problem)) {
        if (problem.code == PROBLEM_SYSTEM)
            snprintf(problem.consequence, sizeof problem.consequence,
                     options->force ? "nobody knows where the alert went"
                                    : "nothing was sent; --force with --scope "
                                      "and --status sends it all the same");
        tell_problem(&problem);
        if (problem.code != PROBLEM_SYSTEM || !options->force)
            return dispatch_exit(&problem);
    }
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
                  id, alert_status_name(alert->status), alert->scope,
                  options->status ? options->status : "",
                  options->status && options->scope ? " to " : "",
                  options->scope ? options->scope : "");
    } else {
        tell_line("%s: no alert of this id was sent from here; nothing was "
                  "sent (alert list tells the ids, --force sends it all the "
                  "same)",
                  id);
    }
    return PUBLISH_REFUSED;
}
