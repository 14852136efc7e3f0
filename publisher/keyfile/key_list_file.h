/* A signed list of keys in a file: the message that screens read, envelope and
 * body. It is changed where the root key is, and can be sent from anywhere. */
#ifndef GAOSHI_PUBLISHER_KEY_LIST_FILE_H
#define GAOSHI_PUBLISHER_KEY_LIST_FILE_H

#include "protocol/key_ring.h"
#include "protocol/message.h"

/* Zeroed is empty. */
struct key_list_file {
    char *payload; /* the file's content; NULL: not read from a file */
    size_t bytes;
    struct message *message; /* of kind keys; NULL: not read from a file */
    json_t *entries;         /* a copy that may be changed */
};

/* root NULL: the signature is not checked. A file that is no list of keys, or
 * that this root did not sign, is refused. Finish *out in any case. */
bool key_list_file_read(const char *path, const struct key *root,
                        struct key_list_file *out, struct problem *problem);
void key_list_file_finish(struct key_list_file *list);

/* The index of the key's entry, or the number of entries if there is none. */
size_t key_list_file_find(const struct key_list_file *list, const char *id);

#endif
