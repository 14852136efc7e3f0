/* The list of keys that a root key signs: what each key may sign, for which
 * scopes and when. It is the body of a message of kind «keys». */
#ifndef GAOSHI_PROTOCOL_KEY_LIST_H
#define GAOSHI_PROTOCOL_KEY_LIST_H

#include "protocol/json_read.h"
#include "protocol/key_ring.h"

#include <jansson.h>

/* Texts belong to the JSON that it was read from. */
struct key_list_entry {
    const char *id;   /* of the key, as key_id has it */
    const char *text; /* its public half, as key_to_public_base64 has it */
    const char *name; /* for people; may be "" */
    struct key *key;  /* owned by the list */
    struct key_grant grant;
};

/* Zeroed is empty. */
struct key_list {
    struct key_list_entry entries[LIMIT_KEYS];
    size_t count;
};

/* Reads the object «keys» of a message. For a key that cannot be read, an id
 * that is not the key's own, or a key given twice, the problem contains the
 * field's path. On failure the caller still calls key_list_finish. */
bool key_list_read(json_t *object, struct key_list *out,
                   struct json_passed *passed, struct problem *problem);
void key_list_finish(struct key_list *list); /* NULL: nothing */

/* Replaces the entries of the ring for the keys of the list; root keys stay as
 * they are. False: no memory or no room; part of the list is then applied. */
bool key_list_apply(const struct key_list *list, struct key_ring *ring,
                    struct problem *problem);

/* An entry that key_list_read reads. The caller owns the result; NULL: no
 * memory. */
json_t *key_list_write_entry(const struct key *key, const char *name,
                             const struct key_grant *grant);

/* «panels», «alerts», «commands»; 0: no such role. */
unsigned key_role_parse(const char *name);
/* The names of the roles, separated by the text `between`. */
void key_roles_format(unsigned roles, const char *between, char *out,
                      size_t size);

#endif
