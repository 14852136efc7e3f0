/* Reads whole files, and writes files as carefully as keys need. */
#include "base/files.h"

#include "base/translate.h"
#include "base/utf8.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum {
    SECRET_BYTES = 64 * 1024,
    OTHERS = S_IRWXG | S_IRWXO,
    OTHERS_WRITE = S_IWGRP | S_IWOTH,
    LOCK_STEP_MS = 20, /* between two tries */
};

static bool fail(struct problem *problem, const char *path, const char *what)
{
    problem_set(problem, PROBLEM_SYSTEM, "%s: %s", tr(what), tr_error(errno));
    problem_set_place(problem, path);
    return false;
}

static bool fail_plainly(struct problem *problem, enum problem_code code,
                         const char *path, const char *what)
{
    problem_set(problem, code, "%s", what);
    problem_set_place(problem, path);
    return false;
}

static char *read_stream(FILE *stream, size_t limit, size_t *bytes)
{
    char *text = malloc(limit + 2);

    if (!text)
        return NULL;
    *bytes = fread(text, 1, limit + 1, stream);
    if (ferror(stream)) {
        free(text);
        return NULL;
    }
    text[*bytes] = '\0';
    return text;
}

/* O_NONBLOCK lets the opening of a pipe without a writer return at once; the
 * pipe is then refused. */
static FILE *open_now(const char *path, int flags)
{
    int file = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | flags);
    FILE *stream = file < 0 ? NULL : fdopen(file, "rb");

    if (file >= 0 && !stream)
        close(file);
    return stream;
}

/* The file is opened before it is checked, so that the checked file is the one
 * that is read. */
static FILE *open_regular(const char *path, enum file_care care,
                          struct problem *problem)
{
    struct stat status;
    FILE *stream = open_now(path, 0);

    if (!stream || fstat(fileno(stream), &status) != 0) {
        fail(problem, path, "cannot be read");
    } else if (!S_ISREG(status.st_mode)) {
        fail_plainly(problem, PROBLEM_SYSTEM, path, "not a file");
    } else if (care == FILE_CARE_WRITE && (status.st_mode & OTHERS_WRITE)) {
        fail_plainly(problem, PROBLEM_AUTHORITY, path,
                     "a key file that others may write; chmod go-w it once you "
                     "know that it is the right one");
    } else if (care == FILE_CARE_SECRET && (status.st_mode & OTHERS)) {
        fail_plainly(problem, PROBLEM_AUTHORITY, path,
                     "a secret that others may read or write; "
                     "chmod 600 it, or make a new one if others saw it");
    } else {
        return stream;
    }
    if (stream)
        fclose(stream);
    return NULL;
}

static char *read_whole(const char *path, size_t limit, enum file_care care,
                        size_t *bytes, struct problem *problem)
{
    FILE *stream = open_regular(path, care, problem);

    if (!stream)
        return NULL;
    char *text = read_stream(stream, limit, bytes);
    if (!text)
        fail(problem, path, "cannot be read");
    fclose(stream);
    return text;
}

char *file_read(const char *path, size_t limit, size_t *bytes,
                struct problem *problem)
{
    return read_whole(path, limit, FILE_CARE_NONE, bytes, problem);
}

char *file_read_trusted(const char *path, size_t limit, size_t *bytes,
                        struct problem *problem)
{
    char *text = read_whole(path, limit, FILE_CARE_WRITE, bytes, problem);

    if (text)
        utf8_skip_mark(text, bytes);
    return text;
}

static bool is_listed(int file, const struct file_identity *listed)
{
    struct stat status;

    return fstat(file, &status) == 0 && S_ISREG(status.st_mode) &&
           status.st_dev == listed->device && status.st_ino == listed->inode;
}

char *file_read_listed(const char *path, const struct file_identity *listed,
                       size_t limit, size_t *bytes, struct problem *problem)
{
    FILE *stream = open_now(path, O_NOFOLLOW);
    bool swapped = stream ? !is_listed(fileno(stream), listed) : errno == ELOOP;
    char *text = stream && !swapped ? read_stream(stream, limit, bytes) : NULL;

    if (swapped)
        fail_plainly(problem, PROBLEM_AUTHORITY, path,
                     "no longer the file that was found in the folder: it is "
                     "not read");
    else if (!text)
        fail(problem, path, "cannot be read");
    if (stream)
        fclose(stream);
    return text;
}

char *file_read_text(const char *path, size_t limit, size_t *bytes,
                     struct problem *problem)
{
    char *text = file_read(path, limit, bytes, problem);

    if (text)
        utf8_skip_mark(text, bytes);
    return text;
}

char *file_read_standard_input(size_t limit, size_t *bytes,
                               struct problem *problem)
{
    char *text = read_stream(stdin, limit, bytes);

    if (!text)
        fail(problem, tr("standard input"), "cannot be read");
    return text;
}

char *file_read_secret(const char *path, struct problem *problem)
{
    size_t bytes = 0;
    char *text = read_whole(path, SECRET_BYTES, FILE_CARE_SECRET, &bytes,
                            problem);

    if (text)
        utf8_skip_mark(text, &bytes);
    return text;
}

static char *refuse_large(char *text, size_t limit, struct problem *problem)
{
    explicit_bzero(text, limit);
    free(text);
    problem_set(problem, PROBLEM_TOO_LARGE, "more than %zu bytes", limit);
    return NULL;
}

/* Reads pipes and devices as well. */
static char *read_any(const char *path, size_t limit, size_t *bytes,
                      struct problem *problem)
{
    bool standard = strcmp(path, "-") == 0;
    FILE *stream = standard ? stdin : fopen(path, "re");
    char *text = stream ? read_stream(stream, limit, bytes) : NULL;

    problem_set_place(problem, path);
    if (!text)
        problem_set(problem, PROBLEM_SYSTEM, "%s", tr_error(errno));
    if (stream && !standard)
        fclose(stream);
    return text && *bytes > limit ? refuse_large(text, limit, problem) : text;
}

char *file_read_any(const char *path, size_t limit, size_t *bytes,
                    struct problem *problem)
{
    char *text = read_any(path, limit, bytes, problem);

    if (text)
        utf8_skip_mark(text, bytes);
    return text;
}

char *file_read_password(const char *path, enum file_care care,
                         struct problem *problem)
{
    size_t bytes = 0;
    char *text = care == FILE_CARE_NONE
                     ? read_any(path, SECRET_BYTES, &bytes, problem)
                     : read_whole(path, SECRET_BYTES, care, &bytes, problem);

    if (!text)
        return NULL;
    if (utf8_mark_bytes(text, bytes) > 0 || bytes > SECRET_BYTES) {
        explicit_bzero(text, bytes);
        free(text);
        fail_plainly(problem, PROBLEM_AUTHORITY, path,
                     bytes > SECRET_BYTES
                         ? "too large for a password"
                         : "begins with a byte order mark, which would belong "
                           "to the password; save it as UTF-8 without one");
        return NULL;
    }
    text[strcspn(text, "\r\n")] = '\0';
    return text;
}

void file_forget_password(char *password)
{
    if (password)
        explicit_bzero(password, strlen(password));
    free(password);
}

static bool write_all(int file, const char *text, size_t left)
{

    while (left > 0) {
        ssize_t written = write(file, text, left);
        if (written < 0 && errno != EINTR)
            return false;
        if (written > 0) {
            text += written;
            left -= (size_t)written;
        }
    }
    return fsync(file) == 0;
}

char *file_folder(const char *path)
{
    const char *slash = strrchr(path, '/');

    if (!slash)
        return strdup(".");
    return strndup(path, slash == path ? 1 : (size_t)(slash - path));
}

/* Writes a folder's entries to the disk. Some file systems cannot do that
 * (EINVAL). */
static bool sync_folder(const char *folder)
{
    int file = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    /* Without the right to read the folder it cannot be synced. */
    bool synced = file < 0 ? errno == EACCES
                           : fsync(file) == 0 || errno == EINVAL;

    if (file >= 0)
        close(file);
    return synced;
}

bool file_sync_folder(const char *path)
{
    char *folder = file_folder(path);
    bool synced = folder && sync_folder(folder);

    free(folder);
    return synced;
}

static bool fail_unsure(struct problem *problem, const char *path)
{
    fail(problem, path, "in its place, but the disk did not confirm that");
    if (problem)
        snprintf(problem->consequence, sizeof problem->consequence,
                 "a power cut may undo it");
    return false;
}

static bool write_new(const char *path, unsigned mode, const char *text,
                      size_t bytes, struct problem *problem)
{
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);

    if (file < 0)
        return fail(problem, path,
                    errno == EEXIST ? "left as it is" : "cannot be made");
    bool written = write_all(file, text, bytes);
    if (!written)
        fail(problem, path, "cannot be written");
    if (close(file) != 0 && written)
        written = fail(problem, path, "cannot be written");
    if (!written)
        unlink(path);
    return written;
}

bool file_create(const char *path, unsigned mode, const char *text,
                 struct problem *problem)
{
    if (!write_new(path, mode, text, strlen(text), problem))
        return false;
    if (file_sync_folder(path))
        return true;
    fail(problem, path, "cannot be written");
    unlink(path);
    return false;
}

/* A file name that no other process chooses. NULL: no memory. */
static char *fresh_name(const char *path)
{
    uint64_t random = 0;
    char *name = NULL;

    if (getrandom(&random, sizeof random, 0) != sizeof random)
        random = (uint64_t)getpid();
    return asprintf(&name, "%s.%016" PRIx64 ".new", path, random) < 0 ? NULL
                                                                      : name;
}

bool file_replace_bytes(const char *path, unsigned mode, const void *bytes,
                        size_t size, struct problem *problem)
{
    char *fresh = fresh_name(path);

    if (!fresh)
        return problem_set(problem, PROBLEM_SYSTEM, "out of memory");
    bool replaced = write_new(fresh, mode, bytes, size, problem);
    if (replaced && rename(fresh, path) != 0) {
        replaced = fail(problem, path, "cannot be replaced");
        unlink(fresh);
    }
    free(fresh);
    return replaced && (file_sync_folder(path) || fail_unsure(problem, path));
}

bool file_replace(const char *path, unsigned mode, const char *text,
                  struct problem *problem)
{
    return file_replace_bytes(path, mode, text, strlen(text), problem);
}

bool file_move(const char *from, const char *to, struct problem *problem)
{
    if (rename(from, to) != 0)
        return fail(problem, from, "cannot be moved");
    return (file_sync_folder(to) && file_sync_folder(from)) ||
           fail_unsure(problem, to);
}

static bool make_folder(const char *path)
{
    if (mkdir(path, S_IRWXU) != 0)
        return errno == EEXIST;
    return file_sync_folder(path);
}

bool folder_ensure(const char *path, struct problem *problem)
{
    char *copy = strdup(path);
    struct stat status;

    if (!copy)
        return problem_set(problem, PROBLEM_SYSTEM, "out of memory");
    /* Parents that exist already cannot be made; only the result counts. */
    for (char *slash = copy + 1; *slash; slash++) {
        if (*slash != '/')
            continue;
        *slash = '\0';
        make_folder(copy);
        *slash = '/';
    }
    bool made = make_folder(copy);
    free(copy);
    if (!made || stat(path, &status) != 0)
        return fail(problem, path, "cannot be made");
    if (!S_ISDIR(status.st_mode))
        return fail_plainly(problem, PROBLEM_SYSTEM, path, "not a folder");
    return true;
}

static int remove_entry(const char *path, const struct stat *status, int kind,
                        struct FTW *where)
{
    (void)status;
    (void)kind;
    (void)where;
    return remove(path);
}

void folder_delete(const char *path)
{
    enum { HANDLES = 8 };

    nftw(path, remove_entry, HANDLES, FTW_DEPTH | FTW_PHYS);
}

/* flock has no time limit, so it is tried until the time is up. */
static bool hold(int file)
{
    const struct timespec step = {.tv_nsec = LOCK_STEP_MS * 1000000L};
    int left_ms = FOLDER_LOCK_WAIT_S * 1000;

    while (flock(file, LOCK_EX | LOCK_NB) != 0) {
        if ((errno != EWOULDBLOCK && errno != EINTR) || left_ms <= 0)
            return false;
        nanosleep(&step, NULL);
        left_ms -= LOCK_STEP_MS;
    }
    return true;
}

int folder_lock(const char *folder, struct problem *problem)
{
    int file = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (file >= 0 && hold(file))
        return file;
    if (file >= 0 && errno == EWOULDBLOCK)
        problem_set(problem, PROBLEM_SYSTEM,
                    "another gaoshi-publish is at work in this folder; waited "
                    "%d s",
                    FOLDER_LOCK_WAIT_S);
    else
        problem_set(problem, PROBLEM_SYSTEM, "cannot be locked: %s",
                    tr_error(errno));
    problem_set_place(problem, folder);
    if (file >= 0)
        close(file);
    return -1;
}

void folder_unlock(int lock)
{
    if (lock >= 0)
        close(lock);
}
