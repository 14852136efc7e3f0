/* The order in which CAP files are sent: the gravest first. */
#ifndef GAOSHI_PUBLISHER_CAP_ORDER_H
#define GAOSHI_PUBLISHER_CAP_ORDER_H

#include "publisher/cap/cap_file.h"

struct cap_order_item {
    const char *path;                   /* borrowed, like listed */
    const struct file_identity *listed; /* see cap_file.h */
    size_t index;                       /* in the order that was given */
    int gravity;                        /* lower is graver */
    char chain[CAP_ID_BYTES];           /* "": it can't be read */
};

/* Reads every file and sorts by level: red before orange, actual before
 * exercise, unreadable files last. Files of one chain stay together at the
 * place of the gravest and keep their given order, because an older message
 * must not be sent after a newer one. */
void cap_order_sort(struct cap_order_item *items, size_t count);

#endif
