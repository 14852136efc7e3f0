/* The drafts of one command, read and checked before anything is sent. */
#ifndef GAOSHI_PUBLISHER_DRAFTS_H
#define GAOSHI_PUBLISHER_DRAFTS_H

#include "protocol/message.h"

#include <stddef.h>

/* Zeroed is empty. */
struct drafts {
    struct draft {
        struct message *message;
        char *place; /* file, or another source */
    } * items;
    size_t count;
};

/* Reads and checks one file. Pictures that it names by file are added to
 * pictures; NULL: it may name none. */
struct picture_files;
bool drafts_add_file(struct drafts *drafts, struct picture_files *pictures,
                     const char *file, struct problem *problem);

/* Checks JSON made from the command line. Owns the tree, which is NULL if there
 * was no memory for it. */
bool drafts_add_json(struct drafts *drafts, json_t *json, const char *place,
                     struct problem *problem);

/* Adds a checked message; owns it, also on failure. */
bool drafts_add_message(struct drafts *drafts, struct message *message,
                        const char *place, struct problem *problem);

/* The draft that the last one would replace at the broker; NULL: none. */
const struct draft *drafts_rival_of_last(const struct drafts *drafts);

void drafts_finish(struct drafts *drafts);

#endif
