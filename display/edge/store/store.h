/* The SQLite file of the rows that are kept for the next start, one row for
 * each slot. When something fails, the file stays as the last commit left it.
 */
#ifndef GAOSHI_DISPLAY_STORE_H
#define GAOSHI_DISPLAY_STORE_H

#include "base/problem.h"
#include "display/core/validation/slot_table.h"

struct store;

enum {
    STORE_BUSY_MS = 200, /* another process has the file */
    STORE_VERSION = 2,   /* user_version: the shape of the tables */
    /* The file never grows beyond that: what SLOT_BYTES_MAX allows, and as
     * much again for pages that are not full. */
    STORE_FILE_BYTES = 64 * 1024 * 1024,
    /* When the log has this size it is merged into the file; it can be longer
     * by one transaction. */
    STORE_LOG_BYTES = 1024 * 1024,
};

/* Opens or makes the file (WAL, synchronous=FULL: a committed row survives a
 * power cut), alone: nobody else can read or write it meanwhile. A damaged
 * file is moved aside (store_file.h), told in *damaged, and a new one begun.
 * One of a newer version is left alone. Caller owns *out. */
bool store_open(const char *file, struct store **out, bool *damaged,
                struct problem *problem);

/* What was not committed is dropped. NULL: nothing. */
void store_close(struct store *store);

/* False: somebody took the file, or the log beside it, from its place. What
 * would be committed would be lost. */
bool store_is_in_place(struct store *store);

/* Puts the slot's newest. Begins a transaction if none is open, as the next
 * two. False: nothing since the last commit was kept. */
bool store_put(struct store *store, const struct slot_row *row,
               struct problem *problem);

/* Puts how far a class has forgotten of a key. */
bool store_put_watermark(struct store *store, enum slot_class class,
                         const struct watermark *watermark,
                         struct problem *problem);

/* Deletes all of that. */
bool store_clear_watermarks(struct store *store, struct problem *problem);

/* Deletes the rows of all slots that are not known. */
bool store_sweep(struct store *store,
                 bool (*knows)(void *context, const char *slot), void *context,
                 struct problem *problem);

/* Puts everything since the last commit on the disk. Nothing open: true. */
bool store_commit(struct store *store, struct problem *problem);

/* What the file holds. Pointers of a row are valid during the call; the
 * callbacks must not use the store. */
struct store_reader {
    void *context;
    void (*row)(void *context, const struct slot_row *row);
    void (*watermark)(void *context, enum slot_class class,
                      const struct watermark *watermark);
};
bool store_load(struct store *store, const struct store_reader *reader,
                struct problem *problem);

/* Reads what can be read of a file that store_open refuses, because it is on
 * a read-only disk, in another's hands or damaged: a copy is read, the file
 * itself is not touched. False: nothing of it could be. */
bool store_rescue(const char *file, const struct store_reader *reader);

#endif
