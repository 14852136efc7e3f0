/* The key that fuzz targets sign with and trust. */
#ifndef GAOSHI_TESTS_FUZZ_KEYS_H
#define GAOSHI_TESTS_FUZZ_KEYS_H

#include "protocol/key_ring.h"

/* The key of RFC 8032 §7.1, TEST 1: known to everybody, the same in every
 * run. Made once; never destroyed. */
const struct key *fuzz_key(void);

/* A ring that trusts it in every role. */
const struct key_ring *fuzz_ring(void);

#endif
