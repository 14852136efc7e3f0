/* The files of a key: the private half, which signs, and the public half. */
#ifndef GAOSHI_PUBLISHER_KEY_FILE_H
#define GAOSHI_PUBLISHER_KEY_FILE_H

#include "protocol/key.h"
#include "publisher/cli/options.h"

/* Opens a private key. It is refused if other users may read it. The
 * pass-phrase of an encrypted key comes from the file that the options name,
 * otherwise from the terminal without echo; never from the command line or the
 * environment. The caller owns *out. */
bool key_file_open_private(const struct options *options, const char *path,
                           struct key **out, struct problem *problem);

/* The pass-phrase of an encrypted key, found as above; the caller clears it. */
bool key_file_find_pass_phrase(const struct options *options, const char *path,
                               char out[LIMIT_PASS_PHRASE_BYTES + 1],
                               struct problem *problem);

/* Opens a public key. It is refused if other users may write it. The caller
 * owns *out. */
bool key_file_open_public(const char *path, struct key **out,
                          struct problem *problem);

/* The pass-phrase for a new key, typed twice on a terminal or from the file
 * that the options name; the caller clears it. */
bool key_file_choose_pass_phrase(const struct options *options,
                                 char out[LIMIT_PASS_PHRASE_BYTES + 1],
                                 struct problem *problem);

#endif
