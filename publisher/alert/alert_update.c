/* alert update ID: sends the last body of the alert again, with the changes
 * that flags give, to every scope that it was sent to. */
#include "base/clock.h"
#include "base/timestamp.h"
#include "protocol/json_text.h"
#include "publisher/alert/alert.h"
#include "publisher/alert/alert_flags.h"
#include "publisher/alert/alert_known.h"
#include "publisher/cli/options.h"
#include "publisher/cli/tell.h"
#include "publisher/send/confirm.h"
#include "publisher/send/dispatch.h"
#include "publisher/send/glyphs.h"
#include "publisher/send/message_times.h"
#include "publisher/send/send_options.h"

#include <string.h>

/* The instruction depends on the level, and the headline may name the level:
 * for another level both must be given. */
static bool fits_level(const struct options *options,
                       const struct message *last, struct problem *problem)
{
    if (!options->level || options->template_name || options->force ||
        (options->instruction &&
         (options->headline || !last->alert.headline[0])) ||
        strcmp(options->level, alert_level_name(last->alert.level)) == 0)
        return true;
    return problem_set(
        problem, PROBLEM_FIELD,
        "--level %s: headline and instruction still are those of %s; "
        "give --template NAME, or --headline and --instruction",
        options->level, alert_level_name(last->alert.level));
}

/* The end given by flags, otherwise the end of the last body. */
static bool find_end(const struct options *options, const struct message *last,
                     char out[TIMESTAMP_BYTES], struct problem *problem)
{
    const char *old = json_string_value(json_object_get(last->root, "expires"));

    if (!alert_flags_expiry(options, 0, out, problem))
        return false;
    if (out[0] || !old)
        return true;
    if (last->expires_ms <= clock_wall_ms())
        return problem_set(problem, PROBLEM_FIELD,
                           "it ended at %s: give --until or --expires", old);
    snprintf(out, TIMESTAMP_BYTES, "%s", old);
    return true;
}

/* An update is issued now, so it does not keep the time at which the source
 * sent its message. */
static json_t *copy_alert(const struct message *last, struct problem *problem)
{
    json_t *alert = json_deep_copy(json_object_get(last->root, "alert"));

    json_object_del(alert, "sent");
    if (json_text_set(alert, "type", "update", problem))
        return alert;
    json_decref(alert);
    return NULL;
}

static json_t *build_body(const struct sent_alert *known, const char *expires,
                          json_t *alert)
{
    const struct message *last = known->alert;
    const char *effective =
        last->effective_ms > clock_wall_ms()
            ? json_string_value(json_object_get(last->root, "effective"))
            : NULL;

    return json_pack("{s:i, s:s, s:s, s:s, s:s*, s:s*, s:o}", "gaoshi", 1,
                     "kind", "alert", "id", known->id, "scope", known->scope,
                     "effective", effective, "expires",
                     expires[0] ? expires : NULL, "alert", alert);
}

bool alert_update_draft(struct drafts *drafts, const struct options *options,
                        const struct sent_alert *known, struct problem *problem)
{
    char expires[TIMESTAMP_BYTES];
    struct template_use use;

    if (!known->alert)
        return problem_set(problem, PROBLEM_FIELD,
                           "only a cancel of %s was sent from here: raise it",
                           known->id);
    if (!fits_level(options, known->alert, problem) ||
        !find_end(options, known->alert, expires, problem))
        return false;
    json_t *alert = copy_alert(known->alert, problem);
    if (!alert || !alert_flags_apply(options, alert, &use, problem)) {
        json_decref(alert);
        return false;
    }
    return drafts_add_json(drafts, build_body(known, expires, alert), known->id,
                           problem);
}

/* With --force everything comes from flags. */
static bool add_unknown(struct drafts *drafts, const struct options *options,
                        const char *id, struct problem *problem)
{
    char expires[TIMESTAMP_BYTES];
    json_t *alert = json_pack("{s:s}", "type", "update");
    struct template_use use;

    if (!alert_flags_apply(options, alert, &use, problem) ||
        !alert_flags_expiry(options, use.hours, expires, problem)) {
        json_decref(alert);
        return false;
    }
    return drafts_add_json(
        drafts,
        json_pack("{s:i, s:s, s:s, s:s*, s:s*, s:o}", "gaoshi", 1, "kind",
                  "alert", "id", id, "scope", options->scope, "expires",
                  expires[0] ? expires : NULL, "alert", alert),
        id, problem);
}

static bool add_all(struct drafts *drafts, const struct options *options,
                    const char *id, const struct alert_known *known,
                    struct problem *problem)
{
    if (known->count == 0)
        return add_unknown(drafts, options, id, problem);
    for (size_t i = 0; i < known->sent.count; i++)
        if (known->chosen[i] &&
            !alert_update_draft(drafts, options, &known->sent.items[i],
                                problem))
            return false;
    return true;
}

static enum publish_exit send(const struct options *options,
                              const struct drafts *drafts)
{
    struct options own = *options;

    /* Each draft has its own scope. */
    own.scope = NULL;
    glyphs_check(drafts, send_options_send(options) ? GLYPHS_ALERT_WAIT_MS
                                                    : GLYPHS_WAIT_MS);
    message_times_tell(drafts->items[0].message, drafts->items[0].message->id,
                       clock_wall_ms());
    return confirm_drafts(&own, drafts) ? dispatch_drafts(&own, drafts)
                                        : PUBLISH_USAGE;
}

static enum publish_exit update(const struct options *options, const char *id,
                                const struct alert_known *known)
{
    struct drafts drafts = {0};
    struct problem problem = {.consequence = "nothing was sent"};
    enum publish_exit code = PUBLISH_REFUSED;

    if (add_all(&drafts, options, id, known, &problem)) {
        code = send(options, &drafts);
    } else {
        tell_problem(&problem);
        if (alert_flags_are_wrong(&problem))
            code = PUBLISH_USAGE;
    }
    drafts_finish(&drafts);
    return code;
}

/* A cancelled alert is not updated without --force: the operator should raise a
 * new alert. */
static bool is_cancelled(const struct alert_known *known)
{
    for (size_t i = 0; i < known->sent.count; i++)
        if (known->chosen[i] &&
            known->sent.items[i].cancelled_ms == TIMESTAMP_NONE)
            return false;
    return known->count > 0;
}

static enum publish_exit judge(const struct options *options, const char *id,
                               const struct alert_known *known)
{
    if (options->force)
        return update(options, id, known);
    if (known->count == 0)
        return alert_known_refuse(known, options, id);
    if (!is_cancelled(known))
        return update(options, id, known);
    tell_line("%s was cancelled: raise a new alert; nothing was sent (--force "
              "brings it back)",
              id);
    return PUBLISH_REFUSED;
}

enum publish_exit alert_update_run(const struct options *options, int count,
                                   char **operands)
{
    struct alert_known known = {0};
    enum publish_exit code = alert_known_find(options, operands[0], &known);

    (void)count;
    if (code != PUBLISH_DONE)
        return code;
    code = judge(options, operands[0], &known);
    alert_known_finish(&known);
    return code;
}
