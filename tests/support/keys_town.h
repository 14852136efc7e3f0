/* An operator's desk with a root key under a pass-phrase, and a key that signs
 * and stands on no list yet. */
#ifndef GAOSHI_TESTS_SUPPORT_KEYS_TOWN_H
#define GAOSHI_TESTS_SUPPORT_KEYS_TOWN_H

#include "tests/support/desk.h"

#define KEYS_TOWN_TOPIC "gaoshi/1/erqi/down/all/keys"

struct keys_town {
    struct desk *desk;
    char *root, *root_public, *phrase, *list, *store;
    char *duty, *duty_public;
    char duty_id[17];
};

/* cmocka's setup and teardown. */
int keys_town_open(void **state);
int keys_town_close(void **state);

/* Fails the test unless the last command ended so. */
void keys_town_expect(const struct keys_town *town, int code);

/* The list lets the key sign so in area-410103; it is sent. */
void keys_town_grant(struct keys_town *town, const char *role);
void keys_town_publish(struct keys_town *town);

#endif
