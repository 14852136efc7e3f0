/* Reads CAP files to find the order in which they are sent. */
#include "publisher/cap/cap_order.h"

#include <stdlib.h>
#include <string.h>

enum {
    GRAVITY_CANCEL = ALERT_LEVEL_COUNT,
    GRAVITY_NOT_ACTUAL, /* added for messages that are not actual */
    GRAVITY_UNREADABLE = 2 * GRAVITY_NOT_ACTUAL,
};

static int find_gravity(const struct cap_mapping *mapping)
{
    int gravity = GRAVITY_CANCEL;

    for (size_t i = 0; i < mapping->draft_count; i++)
        if (mapping->kind != CAP_KIND_CANCEL &&
            (int)mapping->drafts[i].level < gravity)
            gravity = (int)mapping->drafts[i].level;
    return gravity +
           (mapping->status == ALERT_STATUS_ACTUAL ? 0 : GRAVITY_NOT_ACTUAL);
}

/* Standard input can be read only once, so it comes last. */
static void look_into(struct cap_order_item *item)
{
    struct cap_file file;

    item->gravity = GRAVITY_UNREADABLE;
    if (strcmp(item->path, "-") == 0 ||
        !cap_file_read(&file, item->path, item->listed, NULL, NULL))
        return;
    item->gravity = find_gravity(&file.mapping);
    memcpy(item->chain, file.mapping.ids[0], CAP_ID_BYTES);
    cap_file_finish(&file);
}

static int by_chain(const void *a, const void *b)
{
    const struct cap_order_item *of_a = a, *of_b = b;

    return strcmp(of_a->chain, of_b->chain);
}

static int by_gravity(const void *a, const void *b)
{
    const struct cap_order_item *of_a = a, *of_b = b;

    if (of_a->gravity != of_b->gravity)
        return of_a->gravity < of_b->gravity ? -1 : 1;
    return of_a->index < of_b->index ? -1 : of_a->index > of_b->index;
}

/* Gives all files of a chain the gravity of its gravest file. */
static void share_gravity(struct cap_order_item *items, size_t count)
{
    for (size_t first = 0, next; first < count; first = next) {
        int gravest = items[first].gravity;
        for (next = first + 1;
             next < count && by_chain(&items[first], &items[next]) == 0; next++)
            if (items[next].gravity < gravest)
                gravest = items[next].gravity;
        for (size_t i = first; i < next && items[first].chain[0]; i++)
            items[i].gravity = gravest;
    }
}

void cap_order_sort(struct cap_order_item *items, size_t count)
{
    if (count < 2)
        return;
    for (size_t i = 0; i < count; i++)
        look_into(&items[i]);
    qsort(items, count, sizeof *items, by_chain);
    share_gravity(items, count);
    qsort(items, count, sizeof *items, by_gravity);
}
