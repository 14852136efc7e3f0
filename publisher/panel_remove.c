/* panel remove ID…: a signed removal takes the panel's slot. */
#include "publisher/command.h"
#include "publisher/dispatch.h"
#include "publisher/tell.h"

enum publish_exit panel_remove_run(const struct options *options, int count,
                                   char **operands)
{
    struct drafts drafts = {0};
    struct problem problem = {.consequence = "nothing was sent"};
    enum publish_exit code = PUBLISH_REFUSED;
    bool good = true;

    for (int i = 0; i < count && good; i++)
        good = drafts_add_json(&drafts,
                               json_pack("{s:i, s:s, s:s}", "gaoshi", 1, "kind",
                                         "panel-removal", "id", operands[i]),
                               operands[i], &problem);
    if (good)
        code = dispatch_drafts(options, &drafts);
    else
        tell_problem(&problem);
    drafts_finish(&drafts);
    return code;
}
