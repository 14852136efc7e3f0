/* A disk for tests of the store: SQLite's own access to files with something
 * in between that counts, refuses, and remembers what a power cut would take.
 * One for the whole program, for one thread. */
#ifndef GAOSHI_TESTS_SUPPORT_DISK_H
#define GAOSHI_TESTS_SUPPORT_DISK_H

#include <stdbool.h>
#include <stdint.h>

enum disk_fault {
    DISK_WELL,
    DISK_FULL,      /* no space for what is written */
    DISK_READ_ONLY, /* nothing can be opened for writing */
    DISK_BROKEN,    /* input/output errors in writing and syncing */
};

enum disk_action { DISK_WRITE, DISK_SYNC, DISK_TRUNCATE, DISK_DELETE };

/* Stands between SQLite and its files from now on. What is not below the
 * folder goes through untouched; nothing is synced for real. */
void disk_install(const char *folder);

/* The files are as they are now, synced; nothing fails, counts are 0. */
void disk_reset(void);

void disk_set_fault(enum disk_fault fault);

/* Asked before each action. NULL: nobody is. */
void disk_set_watch(void (*watch)(void *context, enum disk_action action),
                    void *context);

struct disk_counts {
    int64_t writes, syncs, bytes;
};
struct disk_counts disk_counts(void);

/* What may be on the disk when the power goes at this moment is written to
 * another folder: everything that was synced, and of what was written since
 * any part, in sectors of 512 bytes, in any order; one of them may be rubbish,
 * with what stood beside it. random: xorshift state, not 0. */
void disk_cut_power(const char *to_folder, uint64_t *random);

uint64_t disk_random(uint64_t *state);

#endif
