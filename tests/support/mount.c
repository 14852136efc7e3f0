/* Mounts in a namespace of this process's own. */
#include "tests/support/mount.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>

static bool tell(const char *what, int result)
{
    if (result != 0)
        fprintf(stderr, "%s: %s\n", what, strerror(errno));
    return result == 0;
}

bool mount_begin(void)
{
    return tell("no mounts of our own", unshare(CLONE_NEWNS)) &&
           tell("mounts stay shared",
                mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL));
}

bool mount_small(const char *folder, int kibibytes)
{
    char options[32];

    snprintf(options, sizeof options, "size=%dk", kibibytes);
    return tell(folder, mount("tmpfs", folder, "tmpfs", 0, options));
}

bool mount_set_read_only(const char *folder, bool read_only)
{
    unsigned long flags = MS_REMOUNT | (read_only ? MS_RDONLY : 0);

    return tell(folder, mount("tmpfs", folder, "tmpfs", flags, NULL));
}

bool mount_end(const char *folder)
{
    return tell(folder, umount(folder));
}
