/* Makes stores for tests. */
#include "tests/support/store_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/support/folder.h"

int store_fixture_open(void **state)
{
    static struct store_fixture fixture;

    fixture.folder = folder_make();
    fixture.file = folder_path(fixture.folder, "store.db");
    *state = &fixture;
    return fixture.file ? 0 : -1;
}

int store_fixture_close(void **state)
{
    struct store_fixture *fixture = *state;

    folder_remove(fixture->folder);
    free(fixture->file);
    free(fixture->folder);
    return 0;
}

struct store *store_fixture_must_open(const char *file)
{
    struct problem problem = {0};
    struct store *store = NULL;
    bool damaged = false;

    assert_true(store_open(file, &store, &damaged, &problem));
    assert_false(damaged);
    return store;
}

void store_fixture_put(struct store *store, const char *kind, const char *id,
                       const char *payload, int64_t seq)
{
    struct slot_row row = slot_rows_make(kind, id, payload, seq, 100);
    struct problem problem = {0};

    assert_true(store_put(store, &row, &problem));
}

void store_fixture_commit(struct store *store)
{
    struct problem problem = {0};

    assert_true(store_commit(store, &problem));
}

struct slot_rows_loaded store_fixture_load(struct store *store)
{
    struct slot_rows_loaded loaded;

    slot_rows_load(store, &loaded);
    return loaded;
}
