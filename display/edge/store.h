/* What a screen accepted, kept across restarts: one SQLite file, one row a
 * slot. What comes out is verified anew as if it had just arrived. */
#ifndef GAOSHI_DISPLAY_STORE_H
#define GAOSHI_DISPLAY_STORE_H

#include "protocol/problem.h"

#include <stdint.h>

struct store;

enum {
    /* Slots kept; beyond that the oldest panel makes room, and the oldest
     * alert only when nothing but alerts is left. */
    STORE_ROWS = 2048,
    STORE_BUSY_MS = 200, /* another process reads the file */
};

struct store_row {
    const char *topic;
    const char *payload;
    size_t bytes;
    int64_t seq;
    int64_t received_ms; /* TIMESTAMP_NONE: the clock was not trusted */
};

/* Opens or makes the file (WAL, synchronous=FULL: a committed row survives a
 * power cut). A damaged file is moved aside to FILE.damaged (told in
 * *damaged) and a new one begun. Caller owns *out. */
bool store_open(const char *file, struct store **out, bool *damaged,
                struct problem *problem);
/* Commits what is open. NULL: nothing. */
void store_close(struct store *store);

/* Puts the slot's newest. Begins a transaction if none is open. */
bool store_put(struct store *store, const struct store_row *row,
               struct problem *problem);

/* Puts everything since the last commit on the disk. Nothing open: true. */
bool store_commit(struct store *store, struct problem *problem);

/* Every row, alerts first, then in order of arrival. Pointers of a row are
 * valid during the call; the callback must not use the store. */
bool store_load(struct store *store,
                void (*each)(void *context, const struct store_row *row),
                void *context, struct problem *problem);

#endif
