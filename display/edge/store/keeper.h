/* Decides when the rows of the table of slots go to the disk; stands between
 * the feed and the store. Used by the loop's thread only. What takes something
 * off the glass is committed before the next frame, an alert in the same turn
 * behind the frame that shows it, the rest at most every KEEPER_QUIET_MS. There
 * is no thread for it: a commit is one fsync, and a slow one delays the frames
 * behind it, not the frame of the alert. When the file fails, the screen goes
 * on from memory, says so once, and tries again in growing steps. Then the file
 * is opened anew, compared row by row, and gets the rows that it lacks. */
#ifndef GAOSHI_DISPLAY_KEEPER_H
#define GAOSHI_DISPLAY_KEEPER_H

#include "display/core/board/board.h"
#include "display/core/validation/slot_table.h"

enum {
    /* Between two commits of what can wait: panels, indexes, ticks. The first
     * after a quiet time is committed at once. */
    KEEPER_QUIET_MS = 30000,
    /* Commits that cannot wait: so many at once, and then one in so many
     * milliseconds. The last KEEPER_RESERVE of them are for alerts, so that
     * nobody who may only sign panels or commands uses them up. What finds
     * none left waits for the next. */
    KEEPER_BURST = 256,
    KEEPER_RESERVE = 128,
    KEEPER_REFILL_MS = 15000,
    /* Which makes so many commits a day at most. */
    KEEPER_COMMITS_PER_DAY = 86400000 / KEEPER_QUIET_MS +
                             86400000 / KEEPER_REFILL_MS + KEEPER_BURST,
    /* Of payloads in one transaction, when a file is written anew. */
    KEEPER_BATCH_BYTES = 1024 * 1024,
    /* After a failure, doubled each time; from the start again when the file
     * has worked for KEEPER_STEADY_MS. */
    KEEPER_RETRY_MS = 1000,
    KEEPER_RETRY_MAX_MS = 60000,
    KEEPER_STEADY_MS = 600000,
    /* Between two looks whether the file is still in its place. */
    KEEPER_LOOK_MS = 60000,
};

/* When a row has to be on the disk, as bits; 0: with the next commit, or at
 * most KEEPER_QUIET_MS after the last one. */
enum keeper_urgency {
    KEEPER_SOON = 1,     /* behind the next frame */
    KEEPER_FIRST = 2,    /* before the next frame */
    KEEPER_RESERVED = 4, /* the reserve is for such */
};

/* How the board judges what the file holds. */
struct keeper_judge {
    void *context;
    struct board_intake (*recall)(void *context, const struct slot_row *row,
                                  const struct moment *now);
    void (*raise_watermark)(void *context, enum slot_class class,
                            const struct watermark *watermark);
};

/* How often the disk was written, for tests and benches. */
struct keeper_figures {
    int64_t commits;
    int64_t attempts; /* to open the file */
    int64_t rows;
};

struct keeper;

/* Opens nothing yet. file and slots: borrowed. NULL: no memory. */
struct keeper *keeper_create(const char *file, struct slot_table *slots,
                             const struct keeper_judge *judge);

/* Commits what is not yet on the disk. NULL: nothing. */
void keeper_destroy(struct keeper *keeper, const struct moment *now);

/* Some keys are not believed any more: the table forgot how far they drove
 * things up, and with the next commit the file does. */
void keeper_distrust(struct keeper *keeper);

/* At the start: opens the file and gives its rows to the judge. A file that
 * cannot be opened is read as far as it can be. */
void keeper_start(struct keeper *keeper, const struct moment *now);

/* Keeps the newest of a slot. */
void keeper_put(struct keeper *keeper, const struct slot_row *row,
                unsigned urgency);

/* Before a frame: commits what has to be on the disk first. */
void keeper_before_frame(struct keeper *keeper, const struct moment *now);

/* Behind a frame: commits what is due, tries again what failed. True: rows of
 * a file that could not be read until now were judged, the glass may change. */
bool keeper_behind_frame(struct keeper *keeper, const struct moment *now);

/* Monotonic moment at which to be called again; INT64_MAX: nothing waits. */
int64_t keeper_next_ms(const struct keeper *keeper);

/* What was accepted outlives a restart, as far as it is known. */
bool keeper_is_well(const struct keeper *keeper);
/* All that was accepted is on the disk. */
bool keeper_is_settled(const struct keeper *keeper);
struct keeper_figures keeper_figures(const struct keeper *keeper);

#endif
