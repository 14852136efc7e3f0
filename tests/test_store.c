/* What outlives a restart: order of replay, bounds, damaged and unwritable
 * files. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sqlite3.h>
#include <unistd.h>

#include "display/edge/store.h"
#include "tests/support/folder.h"

struct fixture {
    char *folder;
    char *file;
};

static int set_up(void **state)
{
    static struct fixture fixture;

    fixture.folder = folder_make();
    fixture.file = folder_path(fixture.folder, "store.db");
    *state = &fixture;
    return fixture.file ? 0 : -1;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;

    folder_remove(fixture->folder);
    free(fixture->file);
    free(fixture->folder);
    return 0;
}

static struct store *must_open(const char *file)
{
    struct problem problem = {0};
    struct store *store = NULL;
    bool damaged = false;

    assert_true(store_open(file, &store, &damaged, &problem));
    assert_false(damaged);
    return store;
}

static void put(struct store *store, const char *kind, const char *id,
                const char *payload, int64_t seq, int64_t received_ms)
{
    struct problem problem = {0};
    char topic[128];
    const struct store_row row = {.topic = topic,
                                  .payload = payload,
                                  .bytes = strlen(payload),
                                  .seq = seq,
                                  .received_ms = received_ms};

    snprintf(topic, sizeof topic, "gaoshi/1/erqi/down/all/%s/%s", kind, id);
    assert_true(store_put(store, &row, &problem));
}

static void commit(struct store *store)
{
    struct problem problem = {0};

    assert_true(store_commit(store, &problem));
}

/* What was loaded, as one text: id=payload@seq … */
struct loaded {
    char text[1024];
    int count;
};

static void note(void *context, const struct store_row *row)
{
    struct loaded *loaded = context;
    size_t length = strlen(loaded->text);

    loaded->count++;
    snprintf(loaded->text + length, sizeof loaded->text - length,
             "%s=%.*s@%lld ", strrchr(row->topic, '/') + 1, (int)row->bytes,
             row->payload, (long long)row->seq);
}

static struct loaded load(struct store *store)
{
    struct problem problem = {0};
    struct loaded loaded = {.count = 0};

    assert_true(store_load(store, note, &loaded, &problem));
    return loaded;
}

static void rows_come_back_alerts_first_then_in_order_of_arrival(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = must_open(fixture->file);

    put(store, "panel", "late", "p", 1, 300);
    put(store, "panel", "early", "q", 2, 100);
    put(store, "alert", "flood", "a", 3, 400);
    commit(store);
    store_close(store);
    store = must_open(fixture->file);
    assert_string_equal(load(store).text, "flood=a@3 early=q@2 late=p@1 ");
    store_close(store);
}

static void a_slot_keeps_its_newest_only(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = must_open(fixture->file);

    put(store, "panel", "q01", "old", 1, 100);
    commit(store);
    put(store, "panel", "q01", "new", 2, 200);
    commit(store);
    assert_string_equal(load(store).text, "q01=new@2 ");
    store_close(store);
}

/* A second connection sees only what was committed, as a restart would. */
static void what_was_not_committed_is_not_there(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = must_open(fixture->file);
    struct store *other = must_open(fixture->file);

    put(store, "panel", "q01", "p", 1, 100);
    assert_int_equal(load(other).count, 0);
    commit(store);
    assert_int_equal(load(other).count, 1);
    store_close(other);
    store_close(store);
}

static void rows_are_bounded_and_old_panels_go_before_alerts(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = must_open(fixture->file);
    struct loaded loaded;
    char id[32];

    put(store, "alert", "oldest", "a", 1, 1);
    for (int i = 0; i < STORE_ROWS + 20; i++) {
        snprintf(id, sizeof id, "p%d", i);
        put(store, "panel", id, "p", 1, 10 + i);
    }
    commit(store);
    loaded = load(store);
    assert_int_equal(loaded.count, STORE_ROWS);
    assert_memory_equal(loaded.text, "oldest=a@1 p21=p@1 ", 19);
    store_close(store);
}

static void a_damaged_file_is_moved_aside_and_a_new_one_begun(void **state)
{
    struct fixture *fixture = *state;
    struct problem problem = {0};
    struct store *store = NULL;
    bool damaged = false;

    assert_true(folder_write(fixture->folder, "store.db",
                             "this was a database before the power went"));
    assert_true(store_open(fixture->file, &store, &damaged, &problem));
    assert_true(damaged);
    put(store, "panel", "q01", "p", 1, 100);
    commit(store);
    store_close(store);
    char *old = folder_read(fixture->folder, "store.db.damaged");
    assert_non_null(old);
    free(old);
    store = must_open(fixture->file);
    assert_int_equal(load(store).count, 1);
    store_close(store);
}

/* Bytes in the middle of a table were lost, the header is whole. */
static void a_torn_table_is_found_out_at_the_start(void **state)
{
    struct fixture *fixture = *state;
    struct problem problem = {0};
    struct store *store = must_open(fixture->file);
    static char payload[3000];
    bool damaged = false;
    char id[32];

    memset(payload, 'x', sizeof payload - 1);
    for (int i = 0; i < 20; i++) {
        snprintf(id, sizeof id, "p%d", i);
        put(store, "panel", id, payload, 1, i);
    }
    commit(store);
    store_close(store);
    FILE *file = fopen(fixture->file, "r+");
    assert_non_null(file);
    fseek(file, 4096, SEEK_SET);
    for (int i = 0; i < 8192; i++)
        fputc(0xFF, file);
    fclose(file);
    assert_true(store_open(fixture->file, &store, &damaged, &problem));
    assert_true(damaged);
    assert_int_equal(load(store).count, 0);
    store_close(store);
}

/* The file is a database, but what stands in it isn't ours, or acts. */
static void a_file_of_another_shape_is_moved_aside(void **state)
{
    static const char *const shapes[] = {
        "CREATE TABLE slot (topic, payload)",
        "CREATE TABLE t (a); CREATE VIEW slot AS SELECT a AS topic, a AS "
        "alert, a AS payload, a AS seq, a AS received_ms FROM t",
    };
    struct fixture *fixture = *state;
    struct problem problem = {0};

    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        struct store *store = NULL;
        sqlite3 *database = NULL;
        bool damaged = false;
        unlink(fixture->file);
        assert_int_equal(sqlite3_open(fixture->file, &database), SQLITE_OK);
        assert_int_equal(sqlite3_exec(database, shapes[i], NULL, NULL, NULL),
                         SQLITE_OK);
        assert_int_equal(sqlite3_close(database), SQLITE_OK);
        assert_true(store_open(fixture->file, &store, &damaged, &problem));
        assert_true(damaged);
        put(store, "alert", "a1", "x", 1, 1);
        commit(store);
        assert_int_equal(load(store).count, 1);
        store_close(store);
    }
}

static void triggers_in_the_file_do_not_act(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = must_open(fixture->file);
    sqlite3 *database = NULL;

    store_close(store);
    assert_int_equal(sqlite3_open(fixture->file, &database), SQLITE_OK);
    assert_int_equal(sqlite3_exec(database,
                                  "CREATE TRIGGER t AFTER INSERT ON slot "
                                  "BEGIN DELETE FROM slot; END",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_close(database), SQLITE_OK);
    store = must_open(fixture->file);
    put(store, "alert", "a1", "x", 1, 1);
    commit(store);
    assert_int_equal(load(store).count, 1);
    store_close(store);
}

static void a_place_that_cannot_be_written_is_told_at_once(void **state)
{
    static const char *const places[] = {"/proc/gaoshi.db",
                                         "/no-such-folder/gaoshi.db", "/"};

    (void)state;
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        struct problem problem = {0};
        struct store *store = NULL;
        bool damaged = false;
        assert_false(store_open(places[i], &store, &damaged, &problem));
        assert_int_equal(problem.code, PROBLEM_SYSTEM);
        assert_null(store);
        assert_false(damaged);
    }
}

static void a_read_only_folder_is_found_out_at_the_start(void **state)
{
    struct fixture *fixture = *state;
    struct problem problem = {0};
    struct store *store = NULL;
    bool damaged = false;

    if (geteuid() == 0) {
        print_message("root may write everywhere: nothing to see here\n");
        skip();
    }
    store_close(must_open(fixture->file));
    char command[512];
    snprintf(command, sizeof command, "chmod -R a-w '%s'", fixture->folder);
    assert_int_equal(system(command), 0);
    bool opened = store_open(fixture->file, &store, &damaged, &problem);
    snprintf(command, sizeof command, "chmod -R u+w '%s'", fixture->folder);
    assert_int_equal(system(command), 0);
    assert_false(opened);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(rows_come_back_alerts_first_then_in_order_of_arrival),
        TEST(a_slot_keeps_its_newest_only),
        TEST(what_was_not_committed_is_not_there),
        TEST(rows_are_bounded_and_old_panels_go_before_alerts),
        TEST(a_damaged_file_is_moved_aside_and_a_new_one_begun),
        TEST(a_file_of_another_shape_is_moved_aside),
        TEST(triggers_in_the_file_do_not_act),
        TEST(a_torn_table_is_found_out_at_the_start),
        TEST(a_place_that_cannot_be_written_is_told_at_once),
        TEST(a_read_only_folder_is_found_out_at_the_start),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
