/* Keys that sign, opened with the care that they need: readable by their owner
 * alone, under a pass-phrase where the file says so. */
#ifndef GAOSHI_PUBLISHER_PRIVATE_KEY_H
#define GAOSHI_PUBLISHER_PRIVATE_KEY_H

#include "protocol/key.h"
#include "publisher/cli/options.h"

/* A pass-phrase comes from the file that the options name, else from the
 * terminal, without echo; never from the command line or the environment.
 * Caller owns *out. */
bool private_key_open(const struct options *options, const char *path,
                      struct key **out, struct problem *problem);

/* The pass-phrase for a new key, typed twice on a terminal; the caller clears
 * it. */
bool private_key_choose_pass_phrase(const struct options *options,
                                    char out[LIMIT_PASS_PHRASE_BYTES + 1],
                                    struct problem *problem);

#endif
