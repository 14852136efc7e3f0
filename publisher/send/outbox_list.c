/* outbox list: what a later command would send. */
#include "publisher/cli/command.h"
#include "publisher/cli/tell.h"
#include "publisher/send/dispatch.h"
#include "publisher/send/waiting.h"

enum publish_exit outbox_list_run(const struct options *options, int count,
                                  char **operands)
{
    struct problem problem = {0};
    struct outbox *outbox = NULL;
    struct waiting waiting = {.items = NULL};

    (void)count;
    (void)operands;
    if (!dispatch_check_org(options))
        return PUBLISH_USAGE;
    bool read = dispatch_open_outbox_reading(options, &outbox, &problem) &&
                (!outbox ||
                 waiting_load(outbox, options->org, &waiting, &problem));
    if (read && waiting.count == 0)
        tell_line("nothing waits");
    if (read && waiting.count > 0)
        tell_result("%-13s %-32s %-18s %-22s %s", "KIND", "ID", "SCOPE",
                    "ISSUED", "TITLE");
    waiting_print(&waiting, tell_result);
    if (!read)
        tell_problem(&problem);
    waiting_finish(&waiting);
    outbox_close(outbox);
    return read ? PUBLISH_DONE : dispatch_exit(&problem);
}
