/* Files that belong together: all of them are written, or none. */
#ifndef GAOSHI_PUBLISHER_BUNDLE_H
#define GAOSHI_PUBLISHER_BUNDLE_H

#include "base/problem.h"

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

enum { BUNDLE_FILES_MAX = 20 };

struct bundle {
    char paths[BUNDLE_FILES_MAX][PATH_MAX];
    size_t count;
};

/* Writes folder/name, which must not be there yet; makes the folder if it is
 * missing. text NULL: there was no memory for it. */
bool bundle_add(struct bundle *bundle, const char *folder, const char *name,
                unsigned mode, const char *text, struct problem *problem);

/* Removes what was written. */
void bundle_undo(struct bundle *bundle);

#endif
