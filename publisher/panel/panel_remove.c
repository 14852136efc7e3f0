/* panel remove ID…: a signed removal takes the panel's slot, in every scope
 * that it was pushed to. */
#include "publisher/cli/command.h"
#include "publisher/cli/options.h"
#include "publisher/cli/tell.h"
#include "publisher/send/dispatch.h"

#include <string.h>

struct removal {
    const struct options *options;
    const char *id;
    struct drafts drafts;
    size_t known; /* scopes of the id that is at work */
    struct problem *problem;
};

/* scope NULL: that of the options. */
static bool add_removal(struct removal *removal, const char *scope)
{
    removal->known++;
    return drafts_add_json(&removal->drafts,
                           json_pack("{s:i, s:s, s:s, s:s*}", "gaoshi", 1,
                                     "kind", "panel-removal", "id", removal->id,
                                     "scope", scope),
                           removal->id, removal->problem);
}

/* Of a panel that was removed before too: said once more, it does no harm. */
static bool add_known(void *context, const struct outbox_message *message)
{
    struct removal *removal = context;
    const struct options *options = removal->options;
    struct topic topic;

    if (!topic_parse(message->topic, &topic) ||
        (option_is_typed(options, "scope") &&
         strcmp(options->scope, topic.scope) != 0))
        return true;
    return add_removal(removal, topic.scope);
}

static bool refuse(const struct removal *removal)
{
    const struct options *options = removal->options;

    return problem_set(removal->problem, PROBLEM_STALE,
                       "'%s': no panel of this id was pushed %s%s from here; "
                       "--force sends it all the same",
                       removal->id,
                       option_is_typed(options, "scope") ? "to " : "",
                       option_is_typed(options, "scope") ? options->scope : "");
}

static bool add_id(struct removal *removal, struct outbox *outbox)
{
    const struct options *options = removal->options;

    removal->known = 0;
    if (outbox && !outbox_each_panel(outbox, options->org, removal->id,
                                     add_known, removal, removal->problem))
        return false;
    return removal->known > 0 ||
           (options->force ? add_removal(removal, options->scope)
                           : refuse(removal));
}

static bool add_ids(struct removal *removal, int count, char **ids)
{
    struct outbox *outbox = NULL;
    bool good = dispatch_open_outbox_reading(removal->options, &outbox,
                                             removal->problem);

    for (int i = 0; i < count && good; i++) {
        removal->id = ids[i];
        good = identifier_is_valid(ids[i])
                   ? add_id(removal, outbox)
                   : problem_set(removal->problem, PROBLEM_FIELD,
                                 "ID '%s': expected a-z, 0-9, '.', '_' and '-'",
                                 ids[i]);
    }
    outbox_close(outbox);
    return good;
}

enum publish_exit panel_remove_run(const struct options *options, int count,
                                   char **operands)
{
    struct problem problem = {.consequence = "nothing was sent"};
    struct removal removal = {.options = options, .problem = &problem};
    struct options own = *options;
    enum publish_exit code;

    if (!dispatch_check_given(options))
        return PUBLISH_USAGE;
    own.scope = NULL; /* the drafts say where it goes */
    if (add_ids(&removal, count, operands)) {
        code = dispatch_drafts(&own, &removal.drafts);
    } else {
        tell_problem(&problem);
        code = dispatch_exit(&problem);
    }
    drafts_finish(&removal.drafts);
    return code;
}
