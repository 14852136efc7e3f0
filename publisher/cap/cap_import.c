/* cap import FILE|-…: the alerts or cancels of CAP files go the way of every
 * alert, the gravest first. */
#include "publisher/cap/cap_order.h"
#include "publisher/cli/tell.h"

#include <stdlib.h>

enum publish_exit cap_import_run(const struct options *options, int count,
                                 char **operands)
{
    struct cap_order_item *items = calloc((size_t)count, sizeof *items);
    enum publish_exit worst = PUBLISH_DONE;

    if (!items) {
        tell_line("out of memory");
        return PUBLISH_OTHER;
    }
    for (int i = 0; i < count; i++)
        items[i] = (struct cap_order_item){.path = operands[i],
                                           .index = (size_t)i};
    cap_order_sort(items, (size_t)count);
    for (int i = 0; i < count; i++) {
        struct problem problem = {0};
        enum publish_exit code = cap_file_send(options, items[i].path, NULL,
                                               &problem);
        if (code > worst)
            worst = code;
        if (code == PUBLISH_USAGE || code == PUBLISH_KEY)
            break; /* the others would meet the same */
    }
    free(items);
    return worst;
}
