/* alert cancel ID: a signed cancel replaces the alert in every scope that it
 * was sent to. */
#include "protocol/json_text.h"
#include "publisher/alert/alert.h"
#include "publisher/alert/alert_known.h"
#include "publisher/cli/tell.h"
#include "publisher/send/confirm.h"
#include "publisher/send/dispatch.h"

#include <string.h>

/* A screen that starts later gets only this cancel. It must name every alert of
 * the chain, or the screen would show again what this alert replaced. */
static json_t *build_references(const struct message *alert, const char *id)
{
    json_t *references = json_pack("[s]", id);
    bool put = references != NULL;

    for (size_t i = 0; put && i < alert->alert.reference_count; i++) {
        const char *other = alert->alert.references[i];
        if (strcmp(other, id) != 0 &&
            json_array_size(references) < LIMIT_REFERENCES)
            put = json_text_append(references, "references", other, NULL);
    }
    if (put)
        return references;
    json_decref(references);
    return NULL;
}

/* alert NULL: its body is not known. Returns NULL without memory. */
static json_t *build_cancel(const struct options *options, const char *id,
                            const char *status, const char *scope,
                            const struct message *alert)
{
    const char *event = options->event ? options->event
                        : alert        ? alert->alert.event
                                       : NULL;
    json_t *references = alert ? build_references(alert, id) : NULL;

    if (alert && !references)
        return NULL;
    json_t *cancel = json_pack("{s:s*, s:s*, s:s*, s:o*}", "status", status,
                               "event", event, "reason", options->reason,
                               "references", references);
    return json_pack("{s:i, s:s, s:s, s:s*, s:o}", "gaoshi", 1, "kind",
                     "alert-cancel", "id", id, "scope", scope, "cancel",
                     cancel);
}

static bool add_known(struct drafts *drafts, const struct options *options,
                      const struct alert_known *known, struct problem *problem)
{
    for (size_t i = 0; i < known->sent.count; i++) {
        const struct sent_alert *alert = &known->sent.items[i];
        if (known->chosen[i] &&
            !drafts_add_json(drafts,
                             build_cancel(options, alert->id,
                                          alert_status_name(alert->status),
                                          alert->scope, alert->alert),
                             alert->id, problem))
            return false;
    }
    return true;
}

static enum publish_exit send(const struct options *options,
                              const struct drafts *drafts)
{
    struct options own = *options;

    /* Each draft has its own scope. */
    own.scope = NULL;
    return confirm_drafts(&own, drafts) ? dispatch_drafts(&own, drafts)
                                        : PUBLISH_USAGE;
}

static enum publish_exit cancel(const struct options *options, const char *id,
                                const struct alert_known *known)
{
    struct drafts drafts = {0};
    struct problem problem = {.consequence = "nothing was sent"};
    enum publish_exit code = PUBLISH_REFUSED;

    bool good = known->count > 0
                    ? add_known(&drafts, options, known, &problem)
                    : drafts_add_json(&drafts,
                                      build_cancel(options, id, options->status,
                                                   options->scope, NULL),
                                      id, &problem);
    if (good)
        code = send(options, &drafts);
    else
        tell_problem(&problem);
    drafts_finish(&drafts);
    return code;
}

enum publish_exit alert_cancel_run(const struct options *options, int count,
                                   char **operands)
{
    struct alert_known known = {0};
    enum publish_exit code = alert_known_find(options, operands[0], &known);

    (void)count;
    if (code != PUBLISH_DONE)
        return code;
    code = known.count == 0 && !options->force
               ? alert_known_refuse(&known, options, operands[0])
               : cancel(options, operands[0], &known);
    alert_known_finish(&known);
    return code;
}
