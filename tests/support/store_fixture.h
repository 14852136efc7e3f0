/* A store in a folder of its own, for tests. */
#ifndef GAOSHI_TESTS_SUPPORT_STORE_FIXTURE_H
#define GAOSHI_TESTS_SUPPORT_STORE_FIXTURE_H

#include "tests/support/slot_rows.h"

struct store_fixture {
    char *folder;
    char *file;
};

/* For cmocka_unit_test_setup_teardown. */
int store_fixture_open(void **state);
int store_fixture_close(void **state);

/* Each fails the test when it cannot. */
struct store *store_fixture_must_open(const char *file);
void store_fixture_put(struct store *store, const char *kind, const char *id,
                       const char *payload, int64_t seq);
void store_fixture_commit(struct store *store);
struct slot_rows_loaded store_fixture_load(struct store *store);

#endif
