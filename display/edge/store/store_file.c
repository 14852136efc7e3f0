/* Moves and copies the store's file with the files that SQLite keeps beside it.
 */
#include "display/edge/store/store_file.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const tails[] = {"", "-wal", "-shm", "-journal"};

enum { TAILS = sizeof tails / sizeof tails[0], TAIL_LOG = 1 };

static bool join(char out[STORE_PATH_BYTES], const char *a, const char *b)
{
    int length = snprintf(out, STORE_PATH_BYTES, "%s%s", a, b);

    return length > 0 && length < STORE_PATH_BYTES;
}

int64_t store_file_bytes(const char *file)
{
    struct stat about;

    return stat(file, &about) == 0 ? (int64_t)about.st_size : -1;
}

static bool is_there(const char *file)
{
    return store_file_bytes(file) >= 0;
}

bool store_file_aside(const char *file, char out[STORE_PATH_BYTES])
{
    return join(out, file, ".damaged-latest") &&
           (is_there(out) || join(out, file, ".damaged"));
}

bool store_file_move_aside(const char *file)
{
    char aside[STORE_PATH_BYTES], from[STORE_PATH_BYTES], to[STORE_PATH_BYTES];

    if (!join(aside, file, ".damaged") ||
        (is_there(aside) && !join(aside, file, ".damaged-latest")))
        return false;
    for (int i = 0; i < TAILS; i++) {
        if (!join(from, file, tails[i]) || !join(to, aside, tails[i]))
            return false;
        if (rename(from, to) == 0)
            continue;
        if (i == 0)
            return false;
        unlink(to); /* of the file that was there before */
    }
    return true;
}

static bool copy_bytes(int from, int to, int64_t limit_bytes)
{
    static char buffer[64 * 1024];
    int64_t done = 0;
    ssize_t got;

    while ((got = read(from, buffer, sizeof buffer)) > 0) {
        done += got;
        if (done > limit_bytes || write(to, buffer, (size_t)got) != got)
            return false;
    }
    return got == 0;
}

static bool copy_file(const char *from, const char *to, int64_t limit_bytes)
{
    int in = open(from, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    int out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool done = in >= 0 && out >= 0 && copy_bytes(in, out, limit_bytes);

    if (in >= 0)
        close(in);
    if (out >= 0)
        close(out);
    return done;
}

/* An existing log must be copied too: it may contain a removal or cancel. */
static bool copy_both(const char *file, const char *copy, int64_t limit_bytes)
{
    char from[STORE_PATH_BYTES], to[STORE_PATH_BYTES];

    return copy_file(file, copy, limit_bytes) &&
           join(from, file, tails[TAIL_LOG]) &&
           join(to, copy, tails[TAIL_LOG]) &&
           (!is_there(from) || copy_file(from, to, limit_bytes));
}

bool store_file_copy(const char *file, int64_t limit_bytes,
                     char out[STORE_PATH_BYTES])
{
    static const char *const folders[] = {"/dev/shm", "/tmp", "/var/tmp"};
    char folder[64];

    if (!is_there(file))
        return false;
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
        snprintf(folder, sizeof folder, "%s/gaoshi-XXXXXX", folders[i]);
        if (!mkdtemp(folder) || !join(out, folder, "/store"))
            continue;
        if (copy_both(file, out, limit_bytes))
            return true;
        store_file_remove_copy(out);
    }
    return false;
}

void store_file_remove_copy(const char *copy)
{
    char path[STORE_PATH_BYTES];

    for (int i = 0; i < TAILS; i++)
        if (join(path, copy, tails[i]))
            unlink(path);
    snprintf(path, sizeof path, "%s", copy);
    *strrchr(path, '/') = '\0';
    rmdir(path);
}
