/* What the commands that change a list of keys have in common. */
#ifndef GAOSHI_PUBLISHER_KEYS_EDIT_H
#define GAOSHI_PUBLISHER_KEYS_EDIT_H

#include "publisher/cli/command.h"
#include "publisher/keys/key_roll.h"

/* One change of a list: operands[0] is its file. */
struct keys_edit {
    const struct options *options;
    char **operands;
    bool may_begin; /* a list that is not there yet is begun */
    /* False: nothing is written; problem says why. */
    bool (*change)(const struct keys_edit *edit, struct key_roll *roll,
                   struct problem *problem);
};

/* Opens the root key, reads the list, changes, signs and writes it. */
enum publish_exit keys_edit_run(const struct keys_edit *edit);

/* A public key file. Caller owns *out. */
bool keys_edit_read_public(const char *path, struct key **out,
                           struct problem *problem);

/* The entry of a key that is on the list, borrowed; NULL: it is not, told. */
json_t *keys_edit_entry(const struct key_roll *roll, const char *id,
                        struct problem *problem);

/* False, told: it was revoked, and nobody said --reinstate. */
bool keys_edit_may_sign(const struct keys_edit *edit,
                        const struct key_roll *roll, const struct key *key,
                        struct problem *problem);

/* «2026-11-25T21:00:00+08:00», now. */
json_t *keys_edit_now(void);

#endif
