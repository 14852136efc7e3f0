/* The files of the log of what was shown, beside the store: the one that is
 * written, and the one before it, so that the log is bounded. A block is
 * written at once and synced; what a power cut leaves of it is cut off at the
 * next start. */
#ifndef GAOSHI_DISPLAY_PLAY_FILE_H
#define GAOSHI_DISPLAY_PLAY_FILE_H

#include "base/problem.h"
#include "protocol/play_log.h"

enum {
    /* At this size a file becomes the one before, and a new one is begun:
     * 60,000 entries are kept at least, ten days of a page every 15 s. */
    PLAY_FILE_BYTES = 4 * 1024 * 1024,
    PLAY_PATH_BYTES = 1024,
};

struct play_file {
    char path[PLAY_PATH_BYTES];   /* "": no log is kept */
    char before[PLAY_PATH_BYTES]; /* the file before it */
    struct play_head head;
    size_t bytes; /* of the file, up to the end of its last block */
};

/* Finds the end of the chain, and cuts off what stands behind the last whole
 * block. store_file "": no log is kept. False: the files cannot be read; the
 * chain begins anew. */
bool play_file_open(struct play_file *file, const char *store_file,
                    struct problem *problem);

/* Seals the lines as one block, writes it and syncs it. False: nothing of it is
 * kept. */
bool play_file_append(struct play_file *file, const char *lines, size_t bytes,
                      struct problem *problem);

/* Which blocks are wanted: those with a later number that touch the time, see
 * play_block_touches. */
struct play_range {
    int64_t from_ms, to_ms; /* TIMESTAMP_NONE: no bound */
    int64_t after;
};

/* Whole blocks, the oldest first, as many as fit into limit bytes, also damaged
 * ones. *more: further ones did not fit. Reads only paths, so another thread
 * may call it. The caller frees *out. False: no memory, or the file cannot be
 * read.
 */
bool play_file_select(const struct play_file *file,
                      const struct play_range *range, size_t limit, char **out,
                      size_t *bytes, bool *more, struct problem *problem);

#endif
