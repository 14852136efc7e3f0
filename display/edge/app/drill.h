/* The drill of the key D: a rehearsal in a window makes its own signing key and
 * signs an exercise with it, which then takes the way of any message. */
#ifndef GAOSHI_DISPLAY_DRILL_H
#define GAOSHI_DISPLAY_DRILL_H

#include "base/data_path.h"
#include "protocol/key_ring.h"
#include "protocol/scope.h"

#include <stdint.h>

struct drill;

/* Adds the new key to the ring with the role for alerts; it exists in memory
 * only. The identity is borrowed. */
bool drill_create(struct key_ring *ring, const struct data_path *data,
                  const struct screen_identity *identity, struct drill **out,
                  struct problem *problem);
void drill_destroy(struct drill *drill); /* NULL: nothing */

/* The signed message that raises the drill, or cancels it if the last one
 * raised it. The caller frees *payload. */
bool drill_next(struct drill *drill, int64_t wall_ms,
                char topic[LIMIT_TOPIC_BYTES], char **payload, size_t *bytes,
                struct problem *problem);

#endif
