/* The SQLite file of the rows kept for the next start, one row for each slot.
 * When something fails, the file stays as of the last commit. */
#ifndef GAOSHI_DISPLAY_STORE_H
#define GAOSHI_DISPLAY_STORE_H

#include "base/problem.h"
#include "display/core/validation/slot_table.h"

struct store;

enum {
    STORE_BUSY_MS = 200, /* how long to wait for another process */
    STORE_VERSION = 2,   /* user_version: version of the tables */
    /* The greatest size of the file: SLOT_BYTES_MAX, and as much again for
     * pages that are not full. */
    STORE_FILE_BYTES = 64 * 1024 * 1024,
    /* At this size the log is merged into the file; it can be longer by one
     * transaction. */
    STORE_LOG_BYTES = 1024 * 1024,
};

/* Opens or makes the file (WAL, synchronous=FULL: a committed row survives a
 * power cut) and locks it against other processes. A damaged file is moved
 * aside (store_file.h), which *damaged reports, and a new one is begun. A file
 * of a newer version is refused and left unchanged. The caller owns *out. */
bool store_open(const char *file, struct store **out, bool *damaged,
                struct problem *problem);

/* Drops what was not committed. NULL: does nothing. */
void store_close(struct store *store);

/* False: the file or its log was moved or removed, so that commits would be
 * lost. */
bool store_is_in_place(struct store *store);

/* Writes the newest message of a slot. Begins a transaction if none is open,
 * like the next two. False: nothing since the last commit was kept. */
bool store_put(struct store *store, const struct slot_row *row,
               struct problem *problem);

/* Writes the watermark of a key in a class. */
bool store_put_watermark(struct store *store, enum slot_class class,
                         const struct watermark *watermark,
                         struct problem *problem);

/* Deletes all watermarks. */
bool store_clear_watermarks(struct store *store, struct problem *problem);

/* Deletes the rows of all slots that the table does not keep. */
bool store_sweep(struct store *store,
                 bool (*knows)(void *context, const char *slot), void *context,
                 struct problem *problem);

/* Commits everything since the last commit to the disk. True also if nothing is
 * open. */
bool store_commit(struct store *store, struct problem *problem);

/* Callbacks for the content of the file. The pointers of a row are valid during
 * the call; the callbacks must not use the store. */
struct store_reader {
    void *context;
    void (*row)(void *context, const struct slot_row *row);
    void (*watermark)(void *context, enum slot_class class,
                      const struct watermark *watermark);
};
bool store_load(struct store *store, const struct store_reader *reader,
                struct problem *problem);

/* Reads what can be read of a file that store_open refuses, because it is on a
 * read-only disk, locked by another process or damaged: a copy is read, the
 * file itself is not changed. False: nothing could be read. */
bool store_rescue(const char *file, const struct store_reader *reader);

/* Memory that SQLite has taken in this program, in bytes. */
size_t store_memory(void);

#endif
