/* Signed payloads with their topics, for tests of the board: a screen, keys of
 * one role each, and bodies as the publisher writes them. */
#ifndef GAOSHI_TESTS_SUPPORT_DELIVERY_H
#define GAOSHI_TESTS_SUPPORT_DELIVERY_H

#include "protocol/key_ring.h"
#include "tests/support/made_message.h"

/* Screen s1 of erqi, in 410103001002, of the group lobby. */
extern const struct screen_identity parcel_screen;

struct parcel_keys {
    struct key_ring ring; /* what the screen trusts */
    const struct key *panels, *alerts, *commands, *root;
    const struct key *both; /* panels and alerts */
    struct key *stranger;   /* in no ring */
};

/* Fails the test when keys can't be made. The caller's. */
struct parcel_keys *parcel_keys_create(void);
void parcel_keys_destroy(struct parcel_keys *keys);

struct parcel {
    char topic[LIMIT_TOPIC_BYTES];
    char *payload;
    size_t bytes;
};
void parcel_finish(struct parcel *parcel);

/* A text as it stands, signed. */
struct parcel parcel_sign(const struct key *key, const char *topic,
                          const char *body);

/* Any message of made_message.h, signed by the key of its kind, in the topic
 * of its body. The message is consumed. */
struct parcel parcel_of(const struct parcel_keys *keys,
                        struct message *message);

/* Any message, signed by this key. The message is consumed. */
struct parcel parcel_by(const struct key *key, struct message *message);

/* A key list that the root signed; entries are consumed, NULL at the end. */
struct parcel parcel_key_list(const struct key *root, int64_t seq, int issued,
                              json_t *const *entries);

/* content: the object of the kind, written with ' for ". */
struct parcel parcel_text(const struct key *key, const char *topic,
                          const char *kind, int64_t seq, int issued,
                          const char *content);

/* The index of the key that signs it. */
struct parcel parcel_index(const struct key *key, const char *scope,
                           int64_t seq, const char *content);

#endif
