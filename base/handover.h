/* Files that are handed over to another machine: a folder, or one tar file of
 * it, which tar(1) writes and reads. */
#ifndef GAOSHI_BASE_HANDOVER_H
#define GAOSHI_BASE_HANDOVER_H

#include "base/problem.h"

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

/* Limits of what is taken: files with keys and settings, no more. */
enum { HANDOVER_FILES_MAX = 64, HANDOVER_FILE_BYTES = 256 * 1024 };

/* Writes the folder's files into a tar file that only its owner can read. An
 * older file of that name stays until the new one is complete. */
bool handover_pack(const char *folder, const char *tar,
                   struct problem *problem);

struct handover {
    char folder[PATH_MAX];
    bool temporary; /* the folder is removed at the end */
};

/* Opens a folder or a tar file; of a tar file the files are unpacked into a
 * temporary folder of the caller alone. */
bool handover_open(const char *path, struct handover *out,
                   struct problem *problem);
void handover_close(struct handover *handover); /* zeroed: nothing */

/* Whether it has this file. */
bool handover_has(const struct handover *handover, const char *name);

/* Who may own and read the files in their new place. */
struct handover_owner {
    unsigned user, group;
    bool known; /* false: the files are the caller's */
};

/* Copies every file but `except` (NULL: none) to the same name below the target
 * folder, which is made if it is missing; a file that others could not read
 * stays so. A different file
 * that stood there before is kept as NAME.old. Each name that was written is
 * told to the callback (NULL: none). On failure the files before stand
 * already. */
bool handover_copy(const struct handover *handover, const char *target,
                   const char *except, const struct handover_owner *owner,
                   void (*written)(const char *path), struct problem *problem);

#endif
