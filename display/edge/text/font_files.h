/* Font files mapped into memory. A file is mapped once, however many faces
 * stand in it; what is not used of it is never read. A file that is replaced
 * under its name stays as it was for who has it mapped. */
#ifndef GAOSHI_DISPLAY_FONT_FILES_H
#define GAOSHI_DISPLAY_FONT_FILES_H

#include "base/problem.h"
#include "display/edge/text/fonts_chain.h"

#include <stddef.h>

enum { FONT_FILE_BYTES_MAX = 512 * 1024 * 1024 };

struct font_file {
    const char *path; /* borrowed */
    const void *bytes;
    size_t size;
};

struct font_files {
    struct font_file files[FONTS_FACES];
    int count;
};

/* Maps the file if it is not yet; at most FONTS_FACES files, which is asserted.
 * NULL: it cannot be
 * read, is empty, no regular file or over the limit; the problem says so. The
 * path must live as long as `files`, what is returned lives until
 * font_files_close. */
const struct font_file *font_files_map(struct font_files *files,
                                       const char *path,
                                       struct problem *problem);

/* Gives back what was read of the files: it is read again when it is needed,
 * from the kernel's cache if it is still there. */
void font_files_rest(const struct font_files *files);

/* All fonts that read from them must be closed before. */
void font_files_close(struct font_files *files);

#endif
