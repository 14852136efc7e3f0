/* Reads and writes the files of the log of what was shown. */
#include "display/edge/store/play_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/files.h"
#include "base/translate.h"

/* Where the last blocks of a file lie, wherever the reading begins. */
enum { TAIL_BYTES = 3 * PLAY_BLOCK_BYTES };

static bool fail(struct problem *problem, const char *path)
{
    problem_set_place(problem, path);
    return problem_set(problem, PROBLEM_SYSTEM, "%s", tr_error(errno));
}

/* Reads a file from an offset to its end; the caller frees *out. */
static bool read_from(int fd, off_t offset, size_t size, char **out)
{
    char *text = malloc(size + 1);
    size_t used = 0;

    while (text && used < size) {
        ssize_t got = pread(fd, text + used, size - used, offset + (off_t)used);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            break;
        used += (size_t)got;
    }
    if (!text || used < size) {
        free(text);
        return false;
    }
    text[size] = '\0';
    *out = text;
    return true;
}

/* The last whole block in a text that may begin within one. Returns the offset
 * behind it; 0: there is none. */
static size_t find_last(const char *text, size_t size, struct play_head *head)
{
    struct play_block block;
    enum play_verdict verdict;
    size_t at = 0, end = 0;

    while ((verdict = play_log_read(text, size, at, &block)) == PLAY_INTACT ||
           verdict == PLAY_DAMAGED) {
        if (verdict == PLAY_INTACT) {
            *head = block.head;
            end = block.end;
        }
        at = block.end;
    }
    return end;
}

/* *end: the offset behind the last whole block; *bytes: of the file. No such
 * file is an empty one. */
static bool look(const char *path, size_t *end, size_t *bytes,
                 struct play_head *head, struct problem *problem)
{
    struct stat status;
    char *tail = NULL;
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    *end = *bytes = 0;
    if (fd < 0)
        return errno == ENOENT || fail(problem, path);
    bool read = fstat(fd, &status) == 0;
    size_t size = read ? (size_t)status.st_size : 0;
    size_t length = size < TAIL_BYTES ? size : (size_t)TAIL_BYTES;
    off_t begin = (off_t)(size - length);
    read = read && read_from(fd, begin, length, &tail);
    if (!read)
        fail(problem, path);
    close(fd);
    size_t last = read ? find_last(tail, length, head) : 0;
    *end = last > 0 ? (size_t)begin + last : 0;
    *bytes = size;
    free(tail);
    return read;
}

static bool name_files(struct play_file *file, const char *store_file)
{
    int length = snprintf(file->path, sizeof file->path, "%s.plays",
                          store_file);
    int before = snprintf(file->before, sizeof file->before, "%s.plays.1",
                          store_file);

    return length > 0 && length < (int)sizeof file->path && before > 0 &&
           before < (int)sizeof file->before;
}

/* Where not even the file before has a whole block at its end, this one becomes
 * the one before: what can be read of it is kept. */
static bool mend(struct play_file *file, size_t end, size_t bytes,
                 struct problem *problem)
{
    if (bytes == end)
        return true;
    if (file->head.number == 0)
        return rename(file->path, file->before) == 0 ||
               fail(problem, file->path);
    return truncate(file->path, (off_t)end) == 0 || fail(problem, file->path);
}

bool play_file_open(struct play_file *file, const char *store_file,
                    struct problem *problem)
{
    size_t end, bytes, unused;

    *file = (struct play_file){.head = play_head_none};
    if (!store_file[0])
        return true;
    if (!name_files(file, store_file)) {
        file->path[0] = '\0';
        return problem_set(problem, PROBLEM_SYSTEM,
                           "%.100s.plays: path too "
                           "long",
                           store_file);
    }
    if (!look(file->path, &end, &bytes, &file->head, problem))
        return false;
    if (end == 0 && !look(file->before, &unused, &unused, &file->head, problem))
        return false;
    file->bytes = end;
    return mend(file, end, bytes, problem);
}

/* The new name is synced with the next block. */
static bool turn_over(struct play_file *file, size_t block_bytes,
                      struct problem *problem)
{
    if (file->bytes + block_bytes <= PLAY_FILE_BYTES)
        return true;
    if (rename(file->path, file->before) != 0 && errno != ENOENT)
        return fail(problem, file->path);
    file->bytes = 0;
    return true;
}

static bool write_all(int fd, const char *bytes, size_t size)
{
    for (size_t used = 0; used < size;) {
        ssize_t put = write(fd, bytes + used, size - used);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return false;
        used += (size_t)put;
    }
    return true;
}

/* On failure the file ends where it ended before. */
static bool write_block(struct play_file *file, const char *lines, size_t bytes,
                        const char *seal, struct problem *problem)
{
    int fd = open(file->path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

    if (fd < 0)
        return fail(problem, file->path);
    /* Another size than ours: somebody removed or changed it. */
    bool written = ftruncate(fd, (off_t)file->bytes) == 0 &&
                   lseek(fd, 0, SEEK_END) >= 0 && write_all(fd, lines, bytes) &&
                   write_all(fd, seal, strlen(seal)) && fdatasync(fd) == 0 &&
                   (file->bytes > 0 || file_sync_folder(file->path));
    if (!written) {
        fail(problem, file->path);
        if (ftruncate(fd, (off_t)file->bytes) != 0)
            problem_set_place(problem, file->path);
    }
    close(fd);
    return written;
}

/* A file that somebody removed begins anew. */
static void find_end(struct play_file *file)
{
    struct stat status;

    if (stat(file->path, &status) != 0 || (size_t)status.st_size < file->bytes)
        file->bytes = 0;
}

bool play_file_append(struct play_file *file, const char *lines, size_t bytes,
                      struct problem *problem)
{
    struct play_head head = file->head;
    char seal[PLAY_SEAL_BYTES];

    if (!play_log_seal(&head, lines, bytes, seal))
        return problem_set(problem, PROBLEM_SYSTEM, "no memory");
    find_end(file);
    if (!turn_over(file, bytes + strlen(seal), problem) ||
        !write_block(file, lines, bytes, seal, problem))
        return false;
    file->bytes += bytes + strlen(seal);
    file->head = head;
    return true;
}

/* The blocks that are chosen so far: from the first that is wanted to the last,
 * so that the reader can follow the chain. */
struct selection {
    const struct play_range *range;
    int64_t first, last; /* numbers; 0: none is wanted */
    char *text;
    size_t bytes, limit;
    bool full;
};

/* A damaged block has the number that its seal says, or the next one. */
static int64_t number_of(const struct play_block *block, int64_t before)
{
    return block->head.number > 0 ? block->head.number : before + 1;
}

/* A damaged block is wanted always: the reader tells of it. */
static void find_bounds(struct selection *selection, const char *text,
                        size_t size)
{
    const struct play_range *range = selection->range;
    struct play_block block;
    enum play_verdict verdict;
    int64_t number = 0;

    for (size_t at = 0;; at = block.end) {
        verdict = play_log_read(text, size, at, &block);
        if (verdict != PLAY_INTACT && verdict != PLAY_DAMAGED)
            return;
        number = number_of(&block, number);
        if (number <= range->after ||
            (verdict == PLAY_INTACT &&
             !play_block_touches(&block, range->from_ms, range->to_ms)))
            continue;
        if (selection->first == 0)
            selection->first = number;
        selection->last = number;
    }
}

static void choose(struct selection *selection, const char *text, size_t size)
{
    struct play_block block;
    enum play_verdict verdict;
    int64_t number = 0;

    for (size_t at = 0; !selection->full; at = block.end) {
        verdict = play_log_read(text, size, at, &block);
        if (verdict != PLAY_INTACT && verdict != PLAY_DAMAGED)
            return;
        number = number_of(&block, number);
        if (number < selection->first || number > selection->last)
            continue;
        size_t bytes = block.end - at;
        selection->full = selection->bytes + bytes > selection->limit;
        if (selection->full)
            return;
        memcpy(selection->text + selection->bytes, text + at, bytes);
        selection->bytes += bytes;
    }
}

/* NULL without a problem: there is no such file. */
static char *read_file(const char *path, size_t *bytes, struct problem *problem)
{
    struct stat status;

    *bytes = 0;
    if (stat(path, &status) != 0 && errno == ENOENT)
        return NULL;
    return file_read(path, PLAY_FILE_BYTES + PLAY_BLOCK_BYTES, bytes, problem);
}

bool play_file_select(const struct play_file *file,
                      const struct play_range *range, size_t limit, char **out,
                      size_t *bytes, bool *more, struct problem *problem)
{
    struct selection selection = {
        .range = range, .text = malloc(limit + 1), .limit = limit};
    struct problem why = {.code = PROBLEM_NONE};
    size_t newer_bytes, older_bytes;

    /* The newer one first: it may become the one before meanwhile. */
    char *newer = read_file(file->path, &newer_bytes, &why);
    char *older = read_file(file->before, &older_bytes, &why);
    bool read = selection.text && why.code == PROBLEM_NONE;
    if (read && older)
        find_bounds(&selection, older, older_bytes);
    if (read && newer)
        find_bounds(&selection, newer, newer_bytes);
    if (selection.first > 0 && older)
        choose(&selection, older, older_bytes);
    if (selection.first > 0 && newer)
        choose(&selection, newer, newer_bytes);
    free(newer);
    free(older);
    if (!read) {
        free(selection.text);
        if (why.code == PROBLEM_NONE)
            return problem_set(problem, PROBLEM_SYSTEM, "no memory");
        *problem = why;
        return false;
    }
    *out = selection.text;
    *bytes = selection.bytes;
    *more = selection.full;
    return true;
}
