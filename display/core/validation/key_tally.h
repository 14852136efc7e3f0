/* Counts who has how much in a bounded memory. The key that has the most gives
 * way first, so that a flood by one key never makes a screen forget what
 * another key said. Pure. */
#ifndef GAOSHI_DISPLAY_KEY_TALLY_H
#define GAOSHI_DISPLAY_KEY_TALLY_H

#include "protocol/key_ring.h"

/* Zeroed is empty. Keys are borrowed. */
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
