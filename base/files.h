/* Whole files and folders: reading under a limit, writing so that a power cut
 * loses nothing, locking. */
#ifndef GAOSHI_BASE_FILES_H
#define GAOSHI_BASE_FILES_H

#include "base/problem.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Reads a whole regular file, NUL behind it, the caller's to free. Of a file
 * over the limit only one byte more than that is read: enough to be refused.
 * The file's name goes into the problem. NULL: failed. */
char *file_read(const char *path, size_t limit, size_t *bytes,
                struct problem *problem);

/* The same of a text in UTF-8: a byte order mark at its start is passed over.
 */
char *file_read_text(const char *path, size_t limit, size_t *bytes,
                     struct problem *problem);

/* Reads a text in UTF-8 of any kind of file, a pipe or a device included; "-"
 * is standard input. A byte order mark at its start is passed over. More than
 * limit bytes: PROBLEM_TOO_LARGE. */
char *file_read_any(const char *path, size_t limit, size_t *bytes,
                    struct problem *problem);

/* Which file a name stood for when a folder was listed. */
struct file_identity {
    dev_t device;
    ino_t inode;
};

/* file_read of a file that was listed: refused where its name has become a
 * link, or another file, since. */
char *file_read_listed(const char *path, const struct file_identity *listed,
                       size_t limit, size_t *bytes, struct problem *problem);

/* As file_read, of standard input. */
char *file_read_standard_input(size_t limit, size_t *bytes,
                               struct problem *problem);

/* As file_read_text, of a file that says whose signatures count: refused where
 * others may write it. */
char *file_read_trusted(const char *path, size_t limit, size_t *bytes,
                        struct problem *problem);

/* A whole text that no one but its owner can read, with a NUL behind it; the
 * caller clears and frees it. NULL: failed. */
char *file_read_secret(const char *path, struct problem *problem);

/* What others may not do with a file. */
enum file_care { FILE_CARE_NONE, FILE_CARE_WRITE, FILE_CARE_SECRET };

/* The first line of a file, for file_forget_password. A file that begins with
 * a byte order mark is refused: the mark would belong to the password. NULL:
 * failed. */
char *file_read_password(const char *path, enum file_care care,
                         struct problem *problem);

/* Clears and frees it. NULL: nothing. */
void file_forget_password(char *password);

/* The folder that a file stands in. The caller frees it; NULL: no memory. */
char *file_folder(const char *path);

/* What these make is on the disk when they return true, and so is its name in
 * its folder: no power cut brings back what was there before. */

/* Creates a file that must not be there yet, with these permissions. */
bool file_create(const char *path, unsigned mode, const char *text,
                 struct problem *problem);

/* The old file stands until the new one is complete and on the disk. */
bool file_replace(const char *path, unsigned mode, const char *text,
                  struct problem *problem);

/* The same disk; what stands there is replaced. */
bool file_move(const char *from, const char *to, struct problem *problem);

/* Makes the folder, and those above it, for the owner alone. */
bool folder_ensure(const char *path, struct problem *problem);

/* A folder for one process at a time: a process that reads, changes and
 * replaces a file of the folder holds it meanwhile, so that the change of
 * another process is not lost. Waits while another one holds it. Returns what
 * folder_unlock takes; the lock ends with the process, too. -1: failed. */
enum { FOLDER_LOCK_WAIT_S = 10 };
int folder_lock(const char *folder, struct problem *problem);
void folder_unlock(int lock); /* -1: nothing */

#endif
