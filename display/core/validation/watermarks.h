/* How far something was forgotten: nothing as old is believed any more. Kept
 * by the key that signed what was forgotten, so that a watermark which a stolen
 * key drove up goes with that key. Pure. */
#ifndef GAOSHI_DISPLAY_WATERMARKS_H
#define GAOSHI_DISPLAY_WATERMARKS_H

#include "display/core/validation/trust.h"

struct watermark {
    char key_id[LIMIT_KEY_ID_BYTES + 1]; /* "": it is not known whose */
    int64_t order_ms;                    /* of the newest that was forgotten */
};

/* Zeroed is empty. */
enum { WATERMARKS_MAX = KEY_RING_MAX + 2 };
struct watermarks {
    struct watermark items[WATERMARKS_MAX];
    size_t count;
};

struct watermark watermark_of(const char *key_id, int64_t order_ms);

/* Never lowers one. Of more keys than a screen can know, the lowest becomes
 * one of nobody. */
void watermarks_raise(struct watermarks *watermarks,
                      const struct watermark *watermark);

/* Of the key; INT64_MIN: nothing of it was forgotten. */
int64_t watermarks_find(const struct watermarks *watermarks,
                        const char *key_id);

/* The highest of those whose key could say something of an alert of the scope,
 * and of nobody's; INT64_MIN: there is none. */
int64_t watermarks_over_alert(const struct watermarks *watermarks,
                              const struct trust *trust, const char *scope);

/* The highest of all; INT64_MIN: nothing was forgotten. */
int64_t watermarks_highest(const struct watermarks *watermarks);

/* Those of keys that are not believed any more go. */
void watermarks_distrust(struct watermarks *watermarks,
                         const struct trust *trust);

#endif
