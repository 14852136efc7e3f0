/* What outlives a restart: bounds, earlier and later versions, files that are
 * damaged, unwritable or gone. */
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

#include "display/edge/store_file.h"
#include "tests/support/folder.h"
#include "tests/support/kept_rows.h"

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
                const char *payload, int64_t seq)
{
    struct kept_row row = kept_rows_make(kind, id, payload, seq, 100);
    struct problem problem = {0};

    assert_true(store_put(store, &row, &problem));
}

static void commit(struct store *store)
{
    struct problem problem = {0};

    assert_true(store_commit(store, &problem));
}

static struct kept_rows_loaded load(struct store *store)
{
    struct kept_rows_loaded loaded;

    kept_rows_load(store, &loaded);
    return loaded;
}

static void note_row(void *context, const struct kept_row *row)
{
    struct kept_row *wanted = context;

    assert_string_equal(row->slot, wanted->slot);
    assert_string_equal(row->topic, wanted->topic);
    assert_int_equal(row->bytes, wanted->bytes);
    assert_memory_equal(row->payload, wanted->payload, row->bytes);
    assert_int_equal(row->seq, wanted->seq);
    assert_int_equal(row->received_ms, wanted->received_ms);
    assert_int_equal(row->order_ms, wanted->order_ms);
    assert_int_equal(row->ends_ms, wanted->ends_ms);
    wanted->slot = "found";
}

static void no_floor(void *context, enum ledger_class class, int64_t order_ms)
{
    (void)context, (void)class, (void)order_ms;
}

static void a_row_comes_back_as_it_was_put(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = must_open(fixture->file);
    struct kept_row row = kept_rows_make("alert", "flood", "a\0b", 3, 4);
    const struct store_reader reader = {&row, note_row, no_floor};
    struct problem problem = {0};

    row.bytes = 3;
    row.received_ms = INT64_MIN;
    assert_true(store_put(store, &row, &problem));
    commit(store);
    store_close(store);
    store = must_open(fixture->file);
    assert_true(store_load(store, &reader, &problem));
    assert_string_equal(row.slot, "found");
    store_close(store);
}

static void a_slot_keeps_its_newest_only(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = must_open(fixture->file);

    put(store, "panel", "q01", "old", 1);
    commit(store);
    put(store, "panel", "q01", "new", 2);
    commit(store);
    assert_string_equal(load(store).text, "q01=new@2 ");
    store_close(store);
}

static void what_was_not_committed_is_not_there(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = must_open(fixture->file);

    put(store, "panel", "q01", "p", 1);
    commit(store);
    put(store, "panel", "q02", "p", 1);
    store_close(store);
    store = must_open(fixture->file);
    assert_string_equal(load(store).text, "q01=p@1 ");
    store_close(store);
}

static bool knows_q01(void *context, const char *slot)
{
    (void)context;
    return strcmp(slot, "panel/all/q01") == 0;
}

static void a_sweep_leaves_what_is_known(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = must_open(fixture->file);
    struct problem problem = {0};
    char id[16];

    for (int i = 0; i < 50; i++) {
        snprintf(id, sizeof id, "q%02d", i);
        put(store, "panel", id, "p", 1);
    }
    commit(store);
    assert_true(store_sweep(store, knows_q01, NULL, &problem));
    commit(store);
    assert_string_equal(load(store).text, "q01=p@1 ");
    store_close(store);
}

static void a_floor_never_sinks(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = must_open(fixture->file);
    struct problem problem = {0};

    assert_true(store_put_floor(store, LEDGER_ALERTS, 500, &problem));
    assert_true(store_put_floor(store, LEDGER_ALERTS, 400, &problem));
    commit(store);
    store_close(store);
    store = must_open(fixture->file);
    assert_int_equal(load(store).floors_ms[LEDGER_ALERTS], 500);
    assert_int_equal(load(store).floors_ms[LEDGER_PANELS], INT64_MIN);
    store_close(store);
}

/* The whole of what memory may hold, in the greatest and in awkward sizes, and
 * over and over again. */
static void file_and_log_stay_within_their_bounds(void **state)
{
    enum { AWKWARD_BYTES = 4200 };
    static char payload[LIMIT_MESSAGE_BYTES + 1];
    struct fixture *fixture = *state;
    struct store *store = must_open(fixture->file);
    struct problem problem = {0};
    char *log = folder_path(fixture->folder, "store.db-wal");
    int64_t log_bytes = 0, bytes = 0;
    char id[16];

    memset(payload, 'x', sizeof payload - 1);
    for (int i = 0; bytes < KEPT_BYTES_MAX; i++) {
        snprintf(id, sizeof id, "p%d", i);
        struct kept_row row = kept_rows_make("panel", id, payload, 1, 1);
        row.bytes = i < KEPT_ROWS_MAX - 450 ? AWKWARD_BYTES
                                            : LIMIT_MESSAGE_BYTES;
        assert_true(store_put(store, &row, &problem));
        bytes += (int64_t)row.bytes;
        if (i % 15 == 0)
            commit(store);
        if (store_file_bytes(log) > log_bytes)
            log_bytes = store_file_bytes(log);
    }
    for (int i = 0; i < 3000; i++) {
        snprintf(id, sizeof id, "p%d", i % 7);
        put(store, "panel", id, "small", i);
        commit(store);
    }
    commit(store);
    store_close(store);
    int64_t file_bytes = store_file_bytes(fixture->file);
    print_message("%lld bytes of rows: a file of %lld, a log of %lld at most\n",
                  (long long)bytes, (long long)file_bytes,
                  (long long)log_bytes);
    assert_true(file_bytes <= STORE_FILE_BYTES);
    assert_true(log_bytes <= 4 * STORE_LOG_BYTES);
    free(log);
}

/* What a program in another's hands could put in does not get in. */
static void beyond_its_bound_the_file_does_not_grow(void **state)
{
    static char payload[LIMIT_MESSAGE_BYTES + 1];
    struct fixture *fixture = *state;
    struct store *store = must_open(fixture->file);
    struct problem problem = {0};
    bool put_all = true;
    char id[16];

    memset(payload, 'x', sizeof payload - 1);
    for (int i = 0; put_all && i < 2048; i++) {
        snprintf(id, sizeof id, "p%d", i);
        struct kept_row row = kept_rows_make("panel", id, payload, 1, 1);
        put_all = store_put(store, &row, &problem) &&
                  (i % 64 != 0 || store_commit(store, &problem));
    }
    assert_false(put_all);
    assert_non_null(strstr(problem.expected, "full"));
    assert_true(load(store).count > 900);
    store_close(store);
    assert_true(store_file_bytes(fixture->file) <= STORE_FILE_BYTES);
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
    put(store, "panel", "q01", "p", 1);
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
        put(store, "panel", id, payload, 1);
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
        "CREATE TABLE kept (slot, topic)",
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
        put(store, "alert", "a1", "x", 1);
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
                                  "CREATE TRIGGER t AFTER INSERT ON kept "
                                  "BEGIN DELETE FROM kept; END",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_close(database), SQLITE_OK);
    store = must_open(fixture->file);
    put(store, "alert", "a1", "x", 1);
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
    struct fixture *fixture = *state;

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
        struct store *store = must_open(fixture->file);
        assert_string_equal(load(store).text, "a1=b@8 q01=a@7 ");
        store_close(store);
    }
}

static void a_file_of_a_newer_version_is_left_alone(void **state)
{
    struct fixture *fixture = *state;
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
    struct fixture *fixture = *state;

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
    struct fixture *fixture = *state;
    struct problem problem = {0};
    struct store *store = NULL;
    bool damaged = false;

    store_close(must_open(fixture->file));
    assert_int_equal(truncate(fixture->file, STORE_FILE_BYTES + 4096), 0);
    assert_true(store_open(fixture->file, &store, &damaged, &problem));
    assert_true(damaged);
    store_close(store);
}

static void two_programs_never_share_a_file(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = must_open(fixture->file), *other = NULL;
    struct problem problem = {0};
    bool damaged = false;

    assert_false(store_open(fixture->file, &other, &damaged, &problem));
    assert_false(damaged);
    assert_non_null(strstr(problem.expected, "locked"));
    store_close(store);
    store_close(must_open(fixture->file));
}

static void a_file_that_was_taken_away_is_noticed(void **state)
{
    static const char *const names[] = {"store.db", "store.db-wal"};
    struct fixture *fixture = *state;

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct store *store = must_open(fixture->file);
        char *path = folder_path(fixture->folder, names[i]);
        assert_true(store_is_in_place(store));
        assert_int_equal(unlink(path), 0);
        assert_false(store_is_in_place(store));
        store_close(store);
        free(path);
    }
}

/* The last commit stands in the log alone, and nothing can be written. */
static void what_cannot_be_opened_is_read_from_a_copy(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = must_open(fixture->file);
    struct kept_row row = kept_rows_make("alert", "flood", "a", 3, 4);
    const struct store_reader reader = {&row, note_row, no_floor};
    char *copy = folder_path(fixture->folder, "copy.db");

    put(store, "alert", "flood", "old", 2);
    commit(store);
    struct problem problem = {0};
    assert_true(store_put(store, &row, &problem));
    commit(store);
    assert_true(store_rescue(fixture->file, &reader));
    assert_string_equal(row.slot, "found");
    assert_false(store_rescue(copy, &reader));
    store_close(store);
    free(copy);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_row_comes_back_as_it_was_put),
        TEST(a_slot_keeps_its_newest_only),
        TEST(what_was_not_committed_is_not_there),
        TEST(a_sweep_leaves_what_is_known),
        TEST(a_floor_never_sinks),
        TEST(file_and_log_stay_within_their_bounds),
        TEST(beyond_its_bound_the_file_does_not_grow),
        TEST(a_damaged_file_is_moved_aside_and_a_new_one_begun),
        TEST(a_file_of_another_shape_is_moved_aside),
        TEST(triggers_in_the_file_do_not_act),
        TEST(a_torn_table_is_found_out_at_the_start),
        TEST(a_place_that_cannot_be_written_is_told_at_once),
        TEST(a_file_of_version_1_is_taken_over),
        TEST(a_file_of_a_newer_version_is_left_alone),
        TEST(of_damaged_files_the_first_and_the_latest_stay),
        TEST(a_file_that_is_too_big_is_moved_aside),
        TEST(two_programs_never_share_a_file),
        TEST(a_file_that_was_taken_away_is_noticed),
        TEST(what_cannot_be_opened_is_read_from_a_copy),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
