/* Small disks that can be full or read-only, and files in the place of
 * others; see tests/support/mount.h. */
#ifndef GAOSHI_TESTS_FAULTS_SPACE_H
#define GAOSHI_TESTS_FAULTS_SPACE_H

#include <stdbool.h>

/* Call before threads are made. What mounts fails without it. */
void space_begin(void);

/* A disk of its own at the folder. False: not here. */
bool space_mount(const char *folder, int kibibytes);

/* Puts one file in another's place for the programs started afterwards. */
bool space_cover(const char *file, const char *over);

/* Of either; nothing when there is none. */
void space_unmount(const char *path);

/* Fills it up to the last byte, or takes that away again. */
bool space_fill(const char *folder);
bool space_free(const char *folder);

/* Makes it read-only, or no more. */
bool space_forbid(const char *folder);
bool space_allow(const char *folder);

#endif
