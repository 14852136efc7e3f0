/* Reads whole files up to a limit, writes files so that a power cut loses
 * nothing, and locks folders. */
#ifndef GAOSHI_BASE_FILES_H
#define GAOSHI_BASE_FILES_H

#include "base/problem.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Reads a whole regular file and adds a NUL; the caller frees the text. Of a
 * file over the limit only limit + 1 bytes are read, enough for the caller to
 * refuse it. On failure NULL, with the file's name in the problem. */
char *file_read(const char *path, size_t limit, size_t *bytes,
                struct problem *problem);

/* The same for a text in UTF-8: a byte order mark at its start is left out. */
char *file_read_text(const char *path, size_t limit, size_t *bytes,
                     struct problem *problem);

/* Reads a text in UTF-8 from any kind of file, also a pipe or a device; "-" is
 * standard input. A byte order mark at its start is left out. More than limit
 * bytes: PROBLEM_TOO_LARGE. */
char *file_read_any(const char *path, size_t limit, size_t *bytes,
                    struct problem *problem);

/* The file that a name referred to when its folder was listed. */
struct file_identity {
    dev_t device;
    ino_t inode;
};

/* Like file_read, for a listed file. It is refused if its name has become a
 * link or another file since. */
char *file_read_listed(const char *path, const struct file_identity *listed,
                       size_t limit, size_t *bytes, struct problem *problem);

/* Like file_read, for standard input. */
char *file_read_standard_input(size_t limit, size_t *bytes,
                               struct problem *problem);

/* Like file_read_text, for a file that decides whose signatures count: refused
 * where other users may write it. */
char *file_read_trusted(const char *path, size_t limit, size_t *bytes,
                        struct problem *problem);

/* Reads a whole text file that only its owner can read, and adds a NUL. The
 * caller clears and frees it. NULL: failed. */
char *file_read_secret(const char *path, struct problem *problem);

/* What other users must not be able to do with a file. */
enum file_care { FILE_CARE_NONE, FILE_CARE_WRITE, FILE_CARE_SECRET };

/* The first line of a file; end with file_forget_password. A file that begins
 * with a byte order mark is refused, because the mark would become part of the
 * password. NULL: failed. */
char *file_read_password(const char *path, enum file_care care,
                         struct problem *problem);

/* Clears and frees it. NULL: nothing. */
void file_forget_password(char *password);

/* The folder of a file. The caller frees it; NULL: no memory. */
char *file_folder(const char *path);

/* When these functions return true, the file and its name in the folder are on
 * the disk: a power cut does not bring back the old state. */

/* Creates a file that must not be there yet, with these permissions. */
bool file_create(const char *path, unsigned mode, const char *text,
                 struct problem *problem);

/* The old file stands until the new one is complete and on the disk. */
bool file_replace(const char *path, unsigned mode, const char *text,
                  struct problem *problem);

/* The same for any bytes. */
bool file_replace_bytes(const char *path, unsigned mode, const void *bytes,
                        size_t size, struct problem *problem);

/* Renames a file; both paths must be on one disk. An existing target is
 * replaced. */
bool file_move(const char *from, const char *to, struct problem *problem);

/* Writes the names in the file's folder to the disk, so that a new or moved
 * file survives a power cut. */
bool file_sync_folder(const char *path);

/* Makes the folder and its parents, accessible to the owner only. */
bool folder_ensure(const char *path, struct problem *problem);

/* Removes a folder with everything in it; links are not followed. */
void folder_delete(const char *path);

/* Locks a folder for one process. A process that reads, changes and replaces a
 * file holds the lock meanwhile, so that it does not overwrite the change of
 * another process. Waits up to FOLDER_LOCK_WAIT_S for another holder. Returns a
 * value for folder_unlock, or -1 on failure; the lock also ends with the
 * process. */
enum { FOLDER_LOCK_WAIT_S = 10 };
int folder_lock(const char *folder, struct problem *problem);
void folder_unlock(int lock); /* -1: nothing */

#endif
