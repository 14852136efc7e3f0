/* outbox send: what waits goes out now. */
#include "publisher/cli/command.h"
#include "publisher/send/dispatch.h"

enum publish_exit outbox_send_run(const struct options *options, int count,
                                  char **operands)
{
    struct options own = *options;
    const struct drafts none = {.items = NULL};

    (void)count;
    (void)operands;
    own.with_waiting = true;
    return dispatch_drafts(&own, &none);
}
