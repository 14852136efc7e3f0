/* Signed payloads with their topics, for tests of the board: a screen, keys of
 * one role each, and bodies as the publisher writes them. */
#ifndef GAOSHI_TESTS_SUPPORT_DELIVERY_H
#define GAOSHI_TESTS_SUPPORT_DELIVERY_H

#include "protocol/key_ring.h"
#include "tests/support/made_message.h"

/* Screen s1 of erqi, in 410103001002, of the group fixture. */
extern const struct screen_identity delivery_screen;

struct delivery_keys {
    struct key_ring ring; /* what the screen trusts */
    const struct key *panels, *alerts, *commands, *root;
    const struct key *both; /* panels and alerts */
    struct key *stranger;   /* in no ring */
};

/* Fails the test when keys can't be made. The caller's. */
struct delivery_keys *delivery_keys_create(void);
void delivery_keys_destroy(struct delivery_keys *keys);

struct delivery {
    char topic[LIMIT_TOPIC_BYTES];
    char *payload;
    size_t bytes;
};
void delivery_finish(struct delivery *delivery);

/* A text as it stands, signed. */
struct delivery delivery_sign(const struct key *key, const char *topic,
                              const char *body);

/* Any message of made_message.h, signed by the key of its kind, in the topic
 * of its body. The message is consumed. */
struct delivery delivery_of(const struct delivery_keys *keys,
                            struct message *message);

/* Any message, signed by this key. The message is consumed. */
struct delivery delivery_by(const struct key *key, struct message *message);

/* A key list that the root signed; entries are consumed, NULL at the end. */
struct delivery delivery_key_list(const struct key *root, int64_t seq,
                                  int issued, json_t *const *entries);

/* content: the object of the kind, written with ' for ". */
struct delivery delivery_text(const struct key *key, const char *topic,
                              const char *kind, int64_t seq, int issued,
                              const char *content);

/* The index of the key that signs it. */
struct delivery delivery_index(const struct key *key, const char *scope,
                               int64_t seq, const char *content);

#endif
