/* What one «panel push» sends. */
#ifndef GAOSHI_PUBLISHER_PANEL_PUSH_H
#define GAOSHI_PUBLISHER_PANEL_PUSH_H

#include "publisher/cli/options.h"
#include "publisher/send/drafts.h"
#include "publisher/send/picture_files.h"

struct panel_push {
    enum message_kind kind; /* what the files must be */
    struct drafts drafts;
    struct picture_files pictures;
    size_t files, bad;
};

/* Adds a panel of these picture files: by the flags a poster, a photograph, or
 * of several a series. */
bool panel_push_pictures(struct panel_push *push, const struct options *options,
                         int count, char **paths, struct problem *problem);

#endif
