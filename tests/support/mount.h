/* Disks that are full or read-only, for tests: seen by this process and the
 * programs that it starts, and by nobody else. */
#ifndef GAOSHI_TESTS_SUPPORT_MOUNT_H
#define GAOSHI_TESTS_SUPPORT_MOUNT_H

#include <stdbool.h>

/* False: the system does not let us; why stands on stderr. */
bool mount_begin(void);

/* A disk of its own, in memory, below an empty folder. */
bool mount_small(const char *folder, int kibibytes);
bool mount_set_read_only(const char *folder, bool read_only);
bool mount_end(const char *folder);

#endif
