/* An operator with a root key under a pass-phrase, and a key that signs
 * and stands on no list yet. */
#ifndef GAOSHI_TESTS_SUPPORT_KEYS_FIXTURE_H
#define GAOSHI_TESTS_SUPPORT_KEYS_FIXTURE_H

#include "tests/support/publisher_fixture.h"

#define KEYS_FIXTURE_TOPIC "gaoshi/1/erqi/down/all/keys"

struct keys_fixture {
    struct publisher_fixture *publisher;
    char *root, *root_public, *phrase, *list, *store;
    char *duty, *duty_public;
    char duty_id[17];
};

/* cmocka's setup and teardown. */
int keys_fixture_open(void **state);
int keys_fixture_close(void **state);

/* Fails the test unless the last command ended so. */
void keys_fixture_expect(const struct keys_fixture *fixture, int code);

/* The list lets the key sign so in area-410103; it is sent. */
void keys_fixture_grant(struct keys_fixture *fixture, const char *role);
void keys_fixture_publish(struct keys_fixture *fixture);

#endif
