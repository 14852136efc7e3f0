/* The public keys that a screen trusts, read from the files of its
 * configuration. */
#ifndef GAOSHI_DISPLAY_TRUSTED_KEYS_H
#define GAOSHI_DISPLAY_TRUSTED_KEYS_H

#include "display/edge/config/config.h"
#include "protocol/key_ring.h"

/* Adds every key of [trust] with its roles. On failure the ring may contain
 * some of them; call key_ring_finish in any case. */
bool trusted_keys_load(const struct config *config, struct key_ring *ring,
                       struct problem *problem);

#endif
