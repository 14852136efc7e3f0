/* Files of earlier and later versions, damaged, unwritable, locked or gone. */
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

#include "display/edge/store/store_file.h"
#include "tests/support/folder.h"
#include "tests/support/store_fixture.h"

static void a_damaged_file_is_moved_aside_and_a_new_one_begun(void **state)
{
    struct store_fixture *fixture = *state;
    struct problem problem = {0};
    struct store *store = NULL;
    bool damaged = false;

    assert_true(folder_write(fixture->folder, "store.db",
                             "this was a database before the power went"));
    assert_true(store_open(fixture->file, &store, &damaged, &problem));
    assert_true(damaged);
    store_fixture_put(store, "panel", "q01", "p", 1);
    store_fixture_commit(store);
    store_close(store);
    char *old = folder_read(fixture->folder, "store.db.damaged");
    assert_non_null(old);
    free(old);
    store = store_fixture_must_open(fixture->file);
    assert_int_equal(store_fixture_load(store).count, 1);
    store_close(store);
}

/* Bytes in the middle of a table were lost, the header is whole. */
static void a_torn_table_is_found_out_at_the_start(void **state)
{
    struct store_fixture *fixture = *state;
    struct problem problem = {0};
    struct store *store = store_fixture_must_open(fixture->file);
    static char payload[3000];
    bool damaged = false;
    char id[32];

    memset(payload, 'x', sizeof payload - 1);
    for (int i = 0; i < 20; i++) {
        snprintf(id, sizeof id, "p%d", i);
        store_fixture_put(store, "panel", id, payload, 1);
    }
    store_fixture_commit(store);
    store_close(store);
    FILE *file = fopen(fixture->file, "r+");
    assert_non_null(file);
    fseek(file, 4096, SEEK_SET);
    for (int i = 0; i < 8192; i++)
        fputc(0xFF, file);
    fclose(file);
    assert_true(store_open(fixture->file, &store, &damaged, &problem));
    assert_true(damaged);
    assert_int_equal(store_fixture_load(store).count, 0);
    store_close(store);
}

/* The file is a database, but what stands in it isn't ours, or acts. */
static void a_file_of_another_shape_is_moved_aside(void **state)
{
    static const char *const shapes[] = {
        "CREATE TABLE slot (topic, payload)",
        "CREATE TABLE kept (slot, topic)",
        ("CREATE TABLE t (a); CREATE VIEW slot AS SELECT a AS topic, a AS "
         "alert, a AS payload, a AS seq, a AS received_ms FROM t"),
    };
    struct store_fixture *fixture = *state;
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
        store_fixture_put(store, "alert", "a1", "x", 1);
        store_fixture_commit(store);
        assert_int_equal(store_fixture_load(store).count, 1);
        store_close(store);
    }
}

static void triggers_in_the_file_do_not_act(void **state)
{
    struct store_fixture *fixture = *state;
    struct store *store = store_fixture_must_open(fixture->file);
    sqlite3 *database = NULL;

    store_close(store);
    assert_int_equal(sqlite3_open(fixture->file, &database), SQLITE_OK);
    assert_int_equal(sqlite3_exec(database,
                                  "CREATE TRIGGER t AFTER INSERT ON kept "
                                  "BEGIN DELETE FROM kept; END",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_close(database), SQLITE_OK);
    store = store_fixture_must_open(fixture->file);
    store_fixture_put(store, "alert", "a1", "x", 1);
    store_fixture_commit(store);
    assert_int_equal(store_fixture_load(store).count, 1);
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

static void execute(const char *file, const char *sql)
{
    sqlite3 *database = NULL;

    assert_int_equal(sqlite3_open(file, &database), SQLITE_OK);
    assert_int_equal(sqlite3_exec(database, sql, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(database), SQLITE_OK);
}

/* As the version before this one wrote it. */
static void a_file_of_version_1_is_taken_over(void **state)
{
    struct store_fixture *fixture = *state;

    execute(fixture->file,
            "PRAGMA journal_mode = WAL;"
            "CREATE TABLE slot (topic TEXT PRIMARY KEY, alert INTEGER NOT "
            "NULL, payload BLOB NOT NULL, seq INTEGER NOT NULL, received_ms "
            "INTEGER NOT NULL);"
            "INSERT INTO slot VALUES"
            " ('gaoshi/1/erqi/down/all/panel/q01', 0, x'61', 7, 100),"
            " ('gaoshi/1/erqi/down/all/alert/a1', 1, x'62', 8, 200);"
            "PRAGMA user_version = 1");
    for (int i = 0; i < 2; i++) {
        struct store *store = store_fixture_must_open(fixture->file);
        assert_string_equal(store_fixture_load(store).text, "a1=b@8 q01=a@7 ");
        store_close(store);
    }
}

static void a_file_of_a_newer_version_is_left_alone(void **state)
{
    struct store_fixture *fixture = *state;
    struct problem problem = {0};
    struct store *store = NULL;
    bool damaged = false;

    execute(fixture->file, "CREATE TABLE other (a); PRAGMA user_version = 3");
    assert_false(store_open(fixture->file, &store, &damaged, &problem));
    assert_false(damaged);
    assert_non_null(strstr(problem.expected, "newer"));
    assert_true(store_file_bytes(fixture->file) > 0);
}

static void of_damaged_files_the_first_and_the_latest_stay(void **state)
{
    static const char *const texts[] = {"the first, not a database",
                                        "the second, not a database either",
                                        "the third, no database"};
    struct store_fixture *fixture = *state;

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct problem problem = {0};
        struct store *store = NULL;
        bool damaged = false;
        assert_true(folder_write(fixture->folder, "store.db", texts[i]));
        assert_true(store_open(fixture->file, &store, &damaged, &problem));
        assert_true(damaged);
        store_close(store);
    }
    char *first = folder_read(fixture->folder, "store.db.damaged");
    char *latest = folder_read(fixture->folder, "store.db.damaged-latest");
    assert_string_equal(first, texts[0]);
    assert_string_equal(latest, texts[2]);
    free(first);
    free(latest);
}

static void a_file_that_is_too_big_is_moved_aside(void **state)
{
    struct store_fixture *fixture = *state;
    struct problem problem = {0};
    struct store *store = NULL;
    bool damaged = false;

    store_close(store_fixture_must_open(fixture->file));
    assert_int_equal(truncate(fixture->file, STORE_FILE_BYTES + 4096), 0);
    assert_true(store_open(fixture->file, &store, &damaged, &problem));
    assert_true(damaged);
    store_close(store);
}

static void two_programs_never_share_a_file(void **state)
{
    struct store_fixture *fixture = *state;
    struct store *store = store_fixture_must_open(fixture->file), *other = NULL;
    struct problem problem = {0};
    bool damaged = false;

    assert_false(store_open(fixture->file, &other, &damaged, &problem));
    assert_false(damaged);
    assert_non_null(strstr(problem.expected, "locked"));
    store_close(store);
    store_close(store_fixture_must_open(fixture->file));
}

static void a_file_that_was_taken_away_is_noticed(void **state)
{
    static const char *const names[] = {"store.db", "store.db-wal"};
    struct store_fixture *fixture = *state;

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct store *store = store_fixture_must_open(fixture->file);
        char *path = folder_path(fixture->folder, names[i]);
        assert_true(store_is_in_place(store));
        assert_int_equal(unlink(path), 0);
        assert_false(store_is_in_place(store));
        store_close(store);
        free(path);
    }
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, store_fixture_open,                  \
                                    store_fixture_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_damaged_file_is_moved_aside_and_a_new_one_begun),
        TEST(a_torn_table_is_found_out_at_the_start),
        TEST(a_file_of_another_shape_is_moved_aside),
        TEST(triggers_in_the_file_do_not_act),
        TEST(a_place_that_cannot_be_written_is_told_at_once),
        TEST(a_file_of_version_1_is_taken_over),
        TEST(a_file_of_a_newer_version_is_left_alone),
        TEST(of_damaged_files_the_first_and_the_latest_stay),
        TEST(a_file_that_is_too_big_is_moved_aside),
        TEST(two_programs_never_share_a_file),
        TEST(a_file_that_was_taken_away_is_noticed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
