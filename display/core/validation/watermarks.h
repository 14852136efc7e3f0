/* How far a bounded memory has forgotten: messages as old as the watermark or
 * older are not accepted any more. Each key has its own watermark for its
 * messages, so that a watermark that a stolen key raised is dropped with that
 * key. Pure. */
#ifndef GAOSHI_DISPLAY_WATERMARKS_H
#define GAOSHI_DISPLAY_WATERMARKS_H

#include "display/core/validation/trust.h"

struct watermark {
    char key_id[LIMIT_KEY_ID_BYTES + 1]; /* "": of an unknown key */
    int64_t order_ms;                    /* of the newest forgotten message */
};

/* Zeroed is empty. */
enum { WATERMARKS_MAX = KEY_RING_MAX + 2 };
struct watermarks {
    struct watermark items[WATERMARKS_MAX];
    size_t count;
};

struct watermark watermark_of(const char *key_id, int64_t order_ms);

/* Raises the watermark of the key, never lowers it. If more keys have one than
 * a screen can know, the lowest is merged into the watermark without a key. */
void watermarks_raise(struct watermarks *watermarks,
                      const struct watermark *watermark);

/* The watermark of the key; INT64_MIN: nothing was forgotten. */
int64_t watermarks_find(const struct watermarks *watermarks,
                        const char *key_id);

/* The highest watermark among the keys that could send an alert to the scope
 * and the watermark without a key; INT64_MIN: there is none. */
int64_t watermarks_over_alert(const struct watermarks *watermarks,
                              const struct trust *trust, const char *scope);

/* The highest of all watermarks; INT64_MIN: nothing was forgotten. */
int64_t watermarks_highest(const struct watermarks *watermarks);

/* Drops the watermarks of keys that are no longer trusted. */
void watermarks_distrust(struct watermarks *watermarks,
                         const struct trust *trust);

/* Counts the entries of each key in a bounded memory. The key that has the most
 * loses its oldest entry first, so that a flood by one key never makes a screen
 * forget messages of another. Zeroed is empty. Keys are borrowed. */
struct key_tally {
    struct {
        const char *key_id;
        size_t count;
    } items[KEY_RING_MAX];
    size_t count;
};

/* Keys beyond KEY_RING_MAX are not counted. */
void key_tally_add(struct key_tally *tally, const char *key_id);

/* NULL: nothing was counted. */
const char *key_tally_busiest(const struct key_tally *tally);

#endif
