/* Small disks that can be full or read-only, in a mount namespace of this
 * process alone: nobody else sees them, and they go with it. */
#ifndef GAOSHI_TESTS_FAULTS_DISK_H
#define GAOSHI_TESTS_FAULTS_DISK_H

#include <stdbool.h>

/* Call before threads are made. False: not allowed here. */
bool disk_isolate(void);
bool disk_is_isolated(void);

/* A disk of its own at the folder. */
bool disk_mount(const char *folder, int kilobytes);
void disk_unmount(const char *folder);

/* Fills it up to the last byte, or takes that away again. */
bool disk_fill(const char *folder);
bool disk_free(const char *folder);

/* Makes it read-only, or no more. */
bool disk_forbid(const char *folder);
bool disk_allow(const char *folder);

/* Puts one file in another's place for the programs started afterwards;
 * disk_unmount(over) takes it away. */
bool disk_cover(const char *file, const char *over);

#endif
