/* A VFS over SQLite's own. Each file has the bytes that were synced and a list
 * of what came since. */
#include "tests/support/disk.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/disk_image.h"

struct handle {
    sqlite3_file base;
    struct disk_image *image; /* NULL: not watched */
    sqlite3_file *real;
};

static struct {
    sqlite3_vfs vfs;
    sqlite3_vfs *real;
    char folder[256];
    enum disk_fault fault;
    void (*watch)(void *context, enum disk_action action);
    void *context;
    struct disk_counts counts;
} disk;

static void tell(enum disk_action action)
{
    if (disk.watch)
        disk.watch(disk.context, action);
}

static bool is_watched(const char *path)
{
    return path && disk.folder[0] &&
           strncmp(path, disk.folder, strlen(disk.folder)) == 0;
}

static int refusal(void)
{
    switch (disk.fault) {
    case DISK_FULL:
        return SQLITE_FULL;
    case DISK_READ_ONLY:
        return SQLITE_READONLY;
    case DISK_BROKEN:
        return SQLITE_IOERR;
    default:
        return SQLITE_OK;
    }
}

#define HANDLE(file) ((struct handle *)(file))
#define REAL(file) (HANDLE(file)->real)

static int close_file(sqlite3_file *file)
{
    return REAL(file)->pMethods->xClose(REAL(file));
}

static int read_file(sqlite3_file *file, void *data, int bytes,
                     sqlite3_int64 offset)
{
    return REAL(file)->pMethods->xRead(REAL(file), data, bytes, offset);
}

static int write_file(sqlite3_file *file, const void *data, int bytes,
                      sqlite3_int64 offset)
{
    if (HANDLE(file)->image) {
        tell(DISK_WRITE);
        if (refusal() != SQLITE_OK)
            return refusal();
        disk.counts.writes++;
        disk.counts.bytes += bytes;
        disk_image_write(HANDLE(file)->image, offset, bytes, data);
    }
    return REAL(file)->pMethods->xWrite(REAL(file), data, bytes, offset);
}

static int truncate_file(sqlite3_file *file, sqlite3_int64 size)
{
    if (HANDLE(file)->image) {
        tell(DISK_TRUNCATE);
        if (disk.fault == DISK_BROKEN)
            return SQLITE_IOERR_TRUNCATE;
        disk_image_truncate(HANDLE(file)->image, size);
    }
    return REAL(file)->pMethods->xTruncate(REAL(file), size);
}

static int sync_file(sqlite3_file *file, int flags)
{
    (void)flags;
    if (!HANDLE(file)->image)
        return SQLITE_OK;
    tell(DISK_SYNC);
    if (disk.fault == DISK_BROKEN)
        return SQLITE_IOERR_FSYNC;
    disk.counts.syncs++;
    disk_image_sync(HANDLE(file)->image);
    return SQLITE_OK;
}

static int file_size(sqlite3_file *file, sqlite3_int64 *size)
{
    return REAL(file)->pMethods->xFileSize(REAL(file), size);
}

static int lock(sqlite3_file *file, int level)
{
    return REAL(file)->pMethods->xLock(REAL(file), level);
}

static int unlock(sqlite3_file *file, int level)
{
    return REAL(file)->pMethods->xUnlock(REAL(file), level);
}

static int check_lock(sqlite3_file *file, int *out)
{
    return REAL(file)->pMethods->xCheckReservedLock(REAL(file), out);
}

static int control(sqlite3_file *file, int op, void *argument)
{
    return REAL(file)->pMethods->xFileControl(REAL(file), op, argument);
}

static int sector_size(sqlite3_file *file)
{
    return REAL(file)->pMethods->xSectorSize(REAL(file));
}

static int characteristics(sqlite3_file *file)
{
    return REAL(file)->pMethods->xDeviceCharacteristics(REAL(file));
}

static const sqlite3_io_methods methods = {
    .iVersion = 1, /* no shared memory: the store has its file alone */
    .xClose = close_file,
    .xRead = read_file,
    .xWrite = write_file,
    .xTruncate = truncate_file,
    .xSync = sync_file,
    .xFileSize = file_size,
    .xLock = lock,
    .xUnlock = unlock,
    .xCheckReservedLock = check_lock,
    .xFileControl = control,
    .xSectorSize = sector_size,
    .xDeviceCharacteristics = characteristics,
};

static int open_file(sqlite3_vfs *vfs, const char *path, sqlite3_file *file,
                     int flags, int *out_flags)
{
    struct handle *handle = HANDLE(file);
    bool watched = is_watched(path);

    (void)vfs;
    if (watched && disk.fault == DISK_READ_ONLY &&
        flags & SQLITE_OPEN_READWRITE)
        return SQLITE_CANTOPEN;
    handle->base.pMethods = NULL;
    handle->image = watched ? disk_image_of(path) : NULL;
    handle->real = (sqlite3_file *)(handle + 1);
    int result = disk.real->xOpen(disk.real, path, handle->real, flags,
                                  out_flags);
    if (handle->real->pMethods)
        handle->base.pMethods = &methods;
    return result;
}

static int delete_file(sqlite3_vfs *vfs, const char *path, int sync_folder)
{
    (void)vfs;
    if (is_watched(path)) {
        tell(DISK_DELETE);
        if (disk.fault == DISK_BROKEN)
            return SQLITE_IOERR_DELETE;
        disk_image_delete(disk_image_of(path));
    }
    return disk.real->xDelete(disk.real, path, sync_folder);
}

static int access_file(sqlite3_vfs *vfs, const char *path, int flags, int *out)
{
    (void)vfs;
    return disk.real->xAccess(disk.real, path, flags, out);
}

void disk_install(const char *folder)
{
    snprintf(disk.folder, sizeof disk.folder, "%s", folder);
    if (disk.real)
        return;
    disk.real = sqlite3_vfs_find(NULL);
    disk.vfs = *disk.real;
    disk.vfs.zName = "disk for tests";
    disk.vfs.pNext = NULL;
    disk.vfs.szOsFile = (int)sizeof(struct handle) + disk.real->szOsFile;
    disk.vfs.xOpen = open_file;
    disk.vfs.xDelete = delete_file;
    disk.vfs.xAccess = access_file;
    if (sqlite3_vfs_register(&disk.vfs, 1) != SQLITE_OK)
        abort();
}

void disk_reset(void)
{
    disk_images_forget();
    disk.counts = (struct disk_counts){0};
    disk.fault = DISK_WELL;
    disk.watch = NULL;
}

void disk_set_fault(enum disk_fault fault)
{
    disk.fault = fault;
}

void disk_set_watch(void (*watch)(void *context, enum disk_action action),
                    void *context)
{
    disk.watch = watch;
    disk.context = context;
}

struct disk_counts disk_counts(void)
{
    return disk.counts;
}
