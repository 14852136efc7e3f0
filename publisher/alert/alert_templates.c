/* alert templates: what --template can say. */
#include "publisher/alert/templates.h"
#include "publisher/cli/command.h"
#include "publisher/cli/tell.h"

enum publish_exit alert_templates_run(const struct options *options, int count,
                                      char **operands)
{
    struct templates templates = {0};
    struct problem problem = {0};

    (void)count;
    (void)operands;
    bool printed = templates_read(options->data, &templates, &problem) &&
                   templates_print(&templates, stdout, &problem);
    templates_finish(&templates);
    if (printed)
        return PUBLISH_DONE;
    tell_problem(&problem);
    return PUBLISH_OTHER;
}
