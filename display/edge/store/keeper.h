/* Decides when the rows of the table of slots go to the disk; it is between the
 * feed and the store and used by the loop's thread only. A removal or cancel is
 * committed before the next frame, an alert in the same turn after the frame
 * that shows it, the rest at most every KEEPER_QUIET_MS. There is no thread for
 * it: a commit is one fsync, and a slow one delays the frames after it, not the
 * frame of the alert. When the file fails, the screen continues from memory,
 * logs it once, and tries again with growing intervals. Then the file is opened
 * anew, compared row by row, and gets the rows that it lacks. */
#ifndef GAOSHI_DISPLAY_KEEPER_H
#define GAOSHI_DISPLAY_KEEPER_H

#include "display/core/board/board.h"
#include "display/core/validation/slot_table.h"

enum {
    /* The time between two commits of rows that can wait: panels, indexes,
     * ticks. The first one after a quiet time is committed at once. */
    KEEPER_QUIET_MS = 30000,
    /* Limits for commits that cannot wait: this many at once, and then one in
     * this many milliseconds. The last KEEPER_RESERVE of them are for alerts,
     * so that a key that may only sign panels or commands cannot use them up.
     * If none is left, rows wait for the next one. */
    KEEPER_BURST = 256,
    KEEPER_RESERVE = 128,
    KEEPER_REFILL_MS = 15000,
    /* The resulting most commits a day. */
    KEEPER_COMMITS_PER_DAY = 86400000 / KEEPER_QUIET_MS +
                             86400000 / KEEPER_REFILL_MS + KEEPER_BURST,
    /* Bytes of payloads in one transaction when a file is written anew. */
    KEEPER_BATCH_BYTES = 1024 * 1024,
    /* The pause after a failure; doubled each time, and reset when the file has
     * worked for KEEPER_STEADY_MS. */
    KEEPER_RETRY_MS = 1000,
    KEEPER_RETRY_MAX_MS = 60000,
    KEEPER_STEADY_MS = 600000,
    /* The time between two checks that the file is still in its place. */
    KEEPER_LOOK_MS = 60000,
};

/* When a row must be on the disk, as bits; 0: with the next commit, or at most
 * KEEPER_QUIET_MS after the last one. */
enum keeper_urgency {
    KEEPER_SOON = 1,     /* after the next frame */
    KEEPER_FIRST = 2,    /* before the next frame */
    KEEPER_RESERVED = 4, /* may use the reserve */
};

/* Callbacks with which the board judges the rows of the file. */
struct keeper_judge {
    void *context;
    struct board_intake (*recall)(void *context, const struct slot_row *row,
                                  const struct moment *now);
    void (*raise_watermark)(void *context, enum slot_class class,
                            const struct watermark *watermark);
};

/* How often the disk was written, for tests and benchmarks. */
struct keeper_figures {
    int64_t commits;
    int64_t attempts; /* attempts to open the file */
    int64_t rows;
};

struct keeper;

/* Opens nothing yet. file and slots are borrowed. NULL: no memory. */
struct keeper *keeper_create(const char *file, struct slot_table *slots,
                             const struct keeper_judge *judge);

/* Commits all rows that are not yet on the disk. NULL: does nothing. */
void keeper_destroy(struct keeper *keeper, const struct moment *now);

/* Some keys are no longer trusted: the table dropped their watermarks, and the
 * next commit drops them in the file. */
void keeper_distrust(struct keeper *keeper);

/* At the start: opens the file and passes its rows to the judge. A file that
 * cannot be opened is read as far as possible. */
void keeper_start(struct keeper *keeper, const struct moment *now);

/* Keeps the newest message of a slot. */
void keeper_put(struct keeper *keeper, const struct slot_row *row,
                unsigned urgency);

/* Call it before a frame: commits the rows that must be on the disk first. */
void keeper_before_frame(struct keeper *keeper, const struct moment *now);

/* Call it after a frame: commits the rows that are due and tries again what
 * failed. True: rows of a file that could not be read before were judged, so
 * the glass may change. */
bool keeper_behind_frame(struct keeper *keeper, const struct moment *now);

/* The monotonic time of the next call; INT64_MAX: nothing waits. */
int64_t keeper_next_ms(const struct keeper *keeper);

/* Whether accepted messages survive a restart, as far as it is known. */
bool keeper_is_well(const struct keeper *keeper);
/* Whether all accepted messages are on the disk. */
bool keeper_is_settled(const struct keeper *keeper);
struct keeper_figures keeper_figures(const struct keeper *keeper);

#endif
