/* The pictures that panels of the outbox name: kept as long as one does, so
 * that a broker that lost them gets them again. */
#ifndef GAOSHI_PUBLISHER_KEPT_PICTURES_H
#define GAOSHI_PUBLISHER_KEPT_PICTURES_H

#include "base/problem.h"

#include <stddef.h>
#include <stdint.h>

struct sqlite_file;

struct kept_picture {
    const char *digest;
    const void *bytes;
    size_t size;
};

/* Within a transaction: keeps the picture; its chunks wait to be sent, also
 * if they were sent before: whoever pushes a picture again wants it there. */
bool kept_pictures_add(const struct sqlite_file *file, const char *org,
                       const struct kept_picture *picture,
                       struct problem *problem);

enum kept_pictures_which {
    KEPT_PICTURES_WAITING, /* named, and not confirmed */
    KEPT_PICTURES_NAMED,   /* by a panel that is live, confirmed or not */
    KEPT_PICTURES_LEFT,    /* no panel names them any more */
};

/* Calls back for pictures of the org; texts and bytes are valid during the
 * call. A panel that waits, or that the broker has confirmed, and is not
 * expired, is live. When a callback returns false, the reading ends and this
 * returns false. */
bool kept_pictures_each(const struct sqlite_file *file, const char *org,
                        enum kept_pictures_which which, int64_t now_ms,
                        bool (*each)(void *context,
                                     const struct kept_picture *picture),
                        void *context, struct problem *problem);

/* The broker has all of its chunks. */
bool kept_pictures_confirm(const struct sqlite_file *file, const char *org,
                           const char *digest, struct problem *problem);
bool kept_pictures_forget(const struct sqlite_file *file, const char *org,
                          const char *digest, struct problem *problem);

#endif
