/* Names pictures after the files that they show. */
#include "display/edge/app/render_name.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

bool render_name_is_folder(const char *path)
{
    struct stat status;
    size_t length = strlen(path);

    return (length > 0 && path[length - 1] == '/') ||
           (stat(path, &status) == 0 && S_ISDIR(status.st_mode));
}

bool render_name_make(const char *out, const char *file, size_t page,
                      size_t pages, char *name, size_t size)
{
    const char *base = strrchr(file, '/');
    base = base ? base + 1 : file;
    int stem = (int)strcspn(base, ".");
    int length = !render_name_is_folder(out) ? snprintf(name, size, "%s", out)
                 : pages > 1
                     ? snprintf(name, size, "%s/%.*s-%zu.png", out, stem, base,
                                page)
                     : snprintf(name, size, "%s/%.*s.png", out, stem, base);

    return length >= 0 && (size_t)length < size;
}
