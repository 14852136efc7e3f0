/* How far something was forgotten: nothing as old is believed any more. Kept
 * by the key that signed what was forgotten, so that a floor which a stolen
 * key drove up goes with that key. Pure. */
#ifndef GAOSHI_DISPLAY_FLOORS_H
#define GAOSHI_DISPLAY_FLOORS_H

#include "display/core/validation/trust.h"

struct floor {
    char key_id[LIMIT_KEY_ID_BYTES + 1]; /* "": it is not known whose */
    int64_t order_ms;                    /* of the newest that was forgotten */
};

/* Zeroed is empty. */
enum { FLOORS_MAX = KEY_RING_MAX + 2 };
struct floors {
    struct floor items[FLOORS_MAX];
    size_t count;
};

struct floor floor_of(const char *key_id, int64_t order_ms);

/* Never lowers one. Of more keys than a screen can know, the lowest becomes
 * one of nobody. */
void floors_raise(struct floors *floors, const struct floor *floor);

/* Of the key; INT64_MIN: nothing of it was forgotten. */
int64_t floors_find(const struct floors *floors, const char *key_id);

/* The highest of those whose key could say something of an alert of the scope,
 * and of nobody's; INT64_MIN: there is none. */
int64_t floors_over_alert(const struct floors *floors,
                          const struct trust *trust, const char *scope);

/* The highest of all; INT64_MIN: nothing was forgotten. */
int64_t floors_highest(const struct floors *floors);

/* Those of keys that are not believed any more go. */
void floors_distrust(struct floors *floors, const struct trust *trust);

#endif
