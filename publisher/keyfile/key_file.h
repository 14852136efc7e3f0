/* The files of one key: the private half that signs and the public half. */
#ifndef GAOSHI_PUBLISHER_KEY_FILE_H
#define GAOSHI_PUBLISHER_KEY_FILE_H

#include "protocol/key.h"
#include "publisher/cli/options.h"

/* A private key: refused where others than its owner may read it. The
 * pass-phrase of a locked one comes from the file that the options name, else
 * from the terminal, without echo; never from the command line or the
 * environment. Caller owns *out. */
bool key_file_open_private(const struct options *options, const char *path,
                           struct key **out, struct problem *problem);

/* A public key: refused where others than its owner may write it. Caller owns
 * *out. */
bool key_file_open_public(const char *path, struct key **out,
                          struct problem *problem);

/* The pass-phrase for a new key, typed twice on a terminal or from the file
 * that the options name; the caller clears it. */
bool key_file_choose_pass_phrase(const struct options *options,
                                 char out[LIMIT_PASS_PHRASE_BYTES + 1],
                                 struct problem *problem);

#endif
