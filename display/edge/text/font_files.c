#include "display/edge/text/font_files.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/translate.h"

static bool map(int fd, struct font_file *file, struct problem *problem)
{
    struct stat status;

    if (fstat(fd, &status) != 0)
        return problem_set(problem, PROBLEM_SYSTEM, "%s: %s", file->path,
                           tr_error(errno));
    if (!S_ISREG(status.st_mode) || status.st_size == 0)
        return problem_set(problem, PROBLEM_SYSTEM,
                           "%s: expected a file with a font in it", file->path);
    if (status.st_size > FONT_FILE_BYTES_MAX)
        return problem_set(problem, PROBLEM_TOO_LARGE,
                           "%s: %lld bytes, expected at most %d", file->path,
                           (long long)status.st_size, FONT_FILE_BYTES_MAX);
    file->size = (size_t)status.st_size;
    void *bytes = mmap(NULL, file->size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (bytes == MAP_FAILED)
        return problem_set(problem, PROBLEM_SYSTEM, "%s: %s", file->path,
                           tr_error(errno));
    file->bytes = bytes;
    return true;
}

const struct font_file *font_files_map(struct font_files *files,
                                       const char *path,
                                       struct problem *problem)
{
    for (int i = 0; i < files->count; i++) {
        if (strcmp(files->files[i].path, path) == 0)
            return &files->files[i];
    }
    assert(files->count < FONTS_FACES);
    struct font_file *file = &files->files[files->count];
    *file = (struct font_file){.path = path};
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        problem_set(problem, PROBLEM_SYSTEM, "%s: %s", path, tr_error(errno));
        return NULL;
    }
    bool mapped = map(fd, file, problem);
    close(fd);
    if (!mapped)
        return NULL;
    files->count++;
    return file;
}

void font_files_rest(const struct font_files *files)
{
    for (int i = 0; i < files->count; i++)
        madvise((void *)(uintptr_t)files->files[i].bytes, files->files[i].size,
                MADV_DONTNEED);
}

void font_files_close(struct font_files *files)
{
    for (int i = 0; i < files->count; i++)
        munmap((void *)(uintptr_t)files->files[i].bytes, files->files[i].size);
    files->count = 0;
}
