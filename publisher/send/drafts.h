/* The drafts of one command: read and checked before anything is sent. */
#ifndef GAOSHI_PUBLISHER_DRAFTS_H
#define GAOSHI_PUBLISHER_DRAFTS_H

#include "protocol/message.h"

#include <stddef.h>

/* Zeroed is empty. */
struct drafts {
    struct draft {
        struct message *message;
        char *place; /* file, or where else it comes from */
    } * items;
    size_t count;
};

/* Reads and checks one file. */
bool drafts_add_file(struct drafts *drafts, const char *file,
                     struct problem *problem);

/* Checks JSON that was made from the command line; takes the tree, which may
 * be NULL for lack of memory. */
bool drafts_add_json(struct drafts *drafts, json_t *json, const char *place,
                     struct problem *problem);

/* Adds a message that was checked; takes it, also when it fails. */
bool drafts_add_message(struct drafts *drafts, struct message *message,
                        const char *place, struct problem *problem);

/* The draft that would be replaced by the last one on the broker; NULL: none.
 */
const struct draft *drafts_rival_of_last(const struct drafts *drafts);

void drafts_finish(struct drafts *drafts);

#endif
