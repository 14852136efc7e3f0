/* Takes the room away from programs, and gives it back. */
#include "tests/faults/space.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <unistd.h>

#include "tests/support/folder.h"
#include "tests/support/mount.h"

static bool may_mount;

static const char filler[] = "filler";

void space_begin(void)
{
    may_mount = mount_begin();
}

bool space_mount(const char *folder, int kibibytes)
{
    return may_mount && mount_small(folder, kibibytes);
}

bool space_cover(const char *file, const char *over)
{
    return may_mount && mount(file, over, NULL, MS_BIND, NULL) == 0;
}

void space_unmount(const char *path)
{
    if (may_mount && path)
        umount2(path, MNT_DETACH);
}

bool space_fill(const char *folder)
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

bool space_free(const char *folder)
{
    char *path = folder_path(folder, filler);
    bool freed = path && unlink(path) == 0;

    free(path);
    return freed;
}

bool space_forbid(const char *folder)
{
    return mount_set_read_only(folder, true);
}

bool space_allow(const char *folder)
{
    return mount_set_read_only(folder, false);
}
