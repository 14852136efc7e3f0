/* What «render» calls its pictures. */
#ifndef GAOSHI_DISPLAY_RENDER_NAME_H
#define GAOSHI_DISPLAY_RENDER_NAME_H

#include <stdbool.h>
#include <stddef.h>

/* An existing folder, or a path that ends in a slash. */
bool render_name_is_folder(const char *path);

/* The picture of a page, from 1, of the file's message: out itself, or in the
 * folder out NAME.png, NAME-PAGE.png where it has several pages. False: too
 * long for size. */
bool render_name_make(const char *out, const char *file, size_t page,
                      size_t pages, char *name, size_t size);

#endif
