/* A signed list of keys as a file: the message that screens read, envelope and
 * body. It is changed where the root key is, and sent from anywhere. */
#ifndef GAOSHI_PUBLISHER_KEY_ROLL_H
#define GAOSHI_PUBLISHER_KEY_ROLL_H

#include "protocol/key_ring.h"
#include "protocol/message.h"

/* Zeroed is empty. */
struct key_roll {
    char *payload; /* as it stands in the file; NULL: not read from one */
    size_t bytes;
    struct message *message; /* of kind keys; NULL likewise */
    json_t *entries;         /* a copy, to be changed */
};

/* root NULL: the signature is not checked. A file that is no key list, or one
 * that this root did not sign, is refused. Finish *out in any case. */
bool key_roll_read(const char *path, const struct key *root,
                   struct key_roll *out, struct problem *problem);
void key_roll_finish(struct key_roll *roll);

/* Where the key stands; the count of entries: nowhere. */
size_t key_roll_find(const struct key_roll *roll, const char *id);

/* Takes the entry, which may be NULL for lack of memory, in place of that of
 * the same key, else behind the others. */
bool key_roll_put(struct key_roll *roll, json_t *entry,
                  struct problem *problem);

/* Checks the list as a screen would, signs it with the next number and writes
 * it; the old file stands until then. */
bool key_roll_write(const char *path, const struct key_roll *roll,
                    const char *org, const struct key *root,
                    struct problem *problem);

#endif
