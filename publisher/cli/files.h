/* Files that an operator names: drafts, keys, passwords. */
#ifndef GAOSHI_PUBLISHER_FILES_H
#define GAOSHI_PUBLISHER_FILES_H

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

/* As file_read_text, of a file by which others are believed: refused where others may
 * write it. */
char *file_read_trusted(const char *path, size_t limit, size_t *bytes,
                        struct problem *problem);

/* A whole text that no one but its owner can read, with a NUL behind it; the
 * caller clears and frees it. NULL: failed. */
char *file_read_secret(const char *path, struct problem *problem);

/* The first line of a file that no one but its owner can read; the caller
 * frees it. One that begins with a byte order mark is refused: nobody could
 * tell why the password does not fit. NULL: failed. */
char *file_read_password(const char *path, struct problem *problem);

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

#endif
