/* Mounts in a namespace of our own. */
#include "tests/faults/disk.h"

#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "tests/support/folder.h"

static bool isolated;

static const char filler[] = "filler";

bool disk_isolate(void)
{
    isolated = unshare(CLONE_NEWNS) == 0 &&
               mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0;
    return isolated;
}

bool disk_is_isolated(void)
{
    return isolated;
}

bool disk_mount(const char *folder, int kilobytes)
{
    char options[64];

    snprintf(options, sizeof options, "size=%dk,mode=0700", kilobytes);
    return isolated && mount("tmpfs", folder, "tmpfs", 0, options) == 0;
}

void disk_unmount(const char *folder)
{
    if (isolated)
        umount2(folder, MNT_DETACH);
}

bool disk_fill(const char *folder)
{
    char *path = folder_path(folder, filler);
    char zeros[4096] = {0};
    int fd = path ? open(path, O_WRONLY | O_CREAT | O_APPEND, 0600) : -1;

    free(path);
    if (fd < 0)
        return false;
    while (write(fd, zeros, sizeof zeros) > 0)
        ;
    close(fd);
    return true;
}

bool disk_free(const char *folder)
{
    char *path = folder_path(folder, filler);
    bool freed = path && unlink(path) == 0;

    free(path);
    return freed;
}

/* Refused while a file is open to write. */
static bool remount(const char *folder, unsigned long flags)
{
    return mount("tmpfs", folder, "tmpfs", MS_REMOUNT | flags, NULL) == 0;
}

bool disk_forbid(const char *folder)
{
    return remount(folder, MS_RDONLY);
}

bool disk_allow(const char *folder)
{
    return remount(folder, 0);
}

bool disk_cover(const char *file, const char *over)
{
    return isolated && mount(file, over, NULL, MS_BIND, NULL) == 0;
}
