/* alert cancel ID: a signed cancel takes the alert's slot. */
#include "publisher/command.h"
#include "publisher/dispatch.h"
#include "publisher/tell.h"

static json_t *build_cancel(const struct options *options, const char *id)
{
    json_t *cancel = json_pack("{s:s*, s:s*, s:s*}", "status", options->status,
                               "event", options->event, "reason",
                               options->reason);

    return json_pack("{s:i, s:s, s:s, s:o}", "gaoshi", 1, "kind",
                     "alert-cancel", "id", id, "cancel", cancel);
}

enum publish_exit alert_cancel_run(const struct options *options, int count,
                                   char **operands)
{
    struct drafts drafts = {0};
    struct problem problem = {.consequence = "nothing was sent"};
    enum publish_exit code = PUBLISH_REFUSED;

    (void)count;
    if (drafts_add_json(&drafts, build_cancel(options, operands[0]),
                        operands[0], &problem))
        code = dispatch_drafts(options, &drafts);
    else
        tell_problem(&problem);
    drafts_finish(&drafts);
    return code;
}
