/* panel update ID: sends the last body of the panel again, with the fields that
 * flags set, to every scope that it was sent to. */
#include "base/clock.h"
#include "base/timestamp.h"
#include "publisher/cli/tell.h"
#include "publisher/panel/panel.h"
#include "publisher/panel/panel_edit.h"
#include "publisher/panel/panel_known.h"
#include "publisher/send/dispatch.h"
#include "publisher/send/glyphs.h"
#include "publisher/send/send_options.h"

#include <stdlib.h>
#include <string.h>

/* The end that flags give, otherwise that of the last body. */
static bool find_end(const struct options *options, const struct message *last,
                     const char **out, struct problem *problem)
{
    int64_t end_ms = last->expires_ms;

    *out = json_string_value(json_object_get(last->root, "expires"));
    if (options->expires) {
        *out = options->expires;
        if (!timestamp_parse(options->expires, &end_ms))
            return problem_set_field(problem, "--expires",
                                     "'%.60s', expected a time such as "
                                     "2021-07-20T18:30:00+08:00",
                                     options->expires);
    }
    return end_ms == TIMESTAMP_NONE || end_ms > clock_wall_ms() ||
           problem_set(problem, PROBLEM_FIELD, "it ended at %s: give --expires",
                       *out);
}

static bool add_known(struct drafts *drafts, const struct options *options,
                      const struct known_panel *known, struct problem *problem)
{
    const struct message *last = known->message;
    const char *expires;
    const char *effective =
        last->effective_ms > clock_wall_ms()
            ? json_string_value(json_object_get(last->root, "effective"))
            : NULL;

    if (!find_end(options, last, &expires, problem))
        return false;
    json_t *panel = json_deep_copy(json_object_get(last->root, "panel"));
    if (!panel_edit(options, panel, problem)) {
        json_decref(panel);
        return false;
    }
    return drafts_add_json(
        drafts,
        json_pack("{s:i, s:s, s:s, s:s, s:s*, s:s*, s:o}", "gaoshi", 1, "kind",
                  "panel", "id", last->id, "scope", known->scope, "effective",
                  effective, "expires", expires, "panel", panel),
        last->id, problem);
}

static bool add_all(struct drafts *drafts, const struct options *options,
                    const char *id, const struct known_panels *known,
                    struct problem *problem)
{
    for (size_t i = 0; i < known->count; i++)
        if (known->items[i].message->kind == MESSAGE_PANEL &&
            !add_known(drafts, options, &known->items[i], problem))
            return false;
    return drafts->count > 0 ||
           problem_set(problem, PROBLEM_STALE,
                       known->count > 0
                           ? "'%s' was removed: push it again"
                           : "'%s': no panel of this id was sent from here; "
                             "panel list tells the ids",
                       id);
}

enum publish_exit panel_update_run(const struct options *options, int count,
                                   char **operands)
{
    struct problem problem = {.consequence = "nothing was sent"};
    struct known_panels known = {0};
    struct drafts drafts = {0};
    struct options own = *options;
    enum publish_exit code;

    (void)count;
    if (!send_options_check(options))
        return PUBLISH_USAGE;
    if (options->set_fields.count + options->unset_fields.count == 0 &&
        !options->expires) {
        tell_line("nothing to change: give --set, --unset or --expires; "
                  "nothing was sent");
        return PUBLISH_USAGE;
    }
    own.scope = NULL; /* each draft has its own scope */
    if (known_panels_load(options, operands[0], &known, &problem) &&
        add_all(&drafts, options, operands[0], &known, &problem)) {
        glyphs_check(&drafts, GLYPHS_WAIT_MS);
        code = dispatch_drafts(&own, &drafts);
    } else {
        tell_problem(&problem);
        code = problem.code == PROBLEM_FIELD ? PUBLISH_USAGE
                                             : send_exit_code(&problem);
    }
    drafts_finish(&drafts);
    known_panels_finish(&known);
    return code;
}
