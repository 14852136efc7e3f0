/* Rows that come back as they were put, and how big the file gets. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <unistd.h>

#include "display/edge/store/store_file.h"
#include "tests/support/folder.h"
#include "tests/support/store_fixture.h"

static void note_row(void *context, const struct slot_row *row)
{
    struct slot_row *wanted = context;

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

static void no_watermark(void *context, enum slot_class class,
                         const struct watermark *watermark)
{
    (void)context, (void)class, (void)watermark;
}

static void a_row_comes_back_as_it_was_put(void **state)
{
    struct store_fixture *fixture = *state;
    struct store *store = store_fixture_must_open(fixture->file);
    struct slot_row row = slot_rows_make("alert", "flood", "a\0b", 3, 4);
    const struct store_reader reader = {&row, note_row, no_watermark};
    struct problem problem = {0};

    row.bytes = 3;
    row.received_ms = INT64_MIN;
    assert_true(store_put(store, &row, &problem));
    store_fixture_commit(store);
    store_close(store);
    store = store_fixture_must_open(fixture->file);
    assert_true(store_load(store, &reader, &problem));
    assert_string_equal(row.slot, "found");
    store_close(store);
}

static void a_slot_keeps_its_newest_only(void **state)
{
    struct store_fixture *fixture = *state;
    struct store *store = store_fixture_must_open(fixture->file);

    store_fixture_put(store, "panel", "q01", "old", 1);
    store_fixture_commit(store);
    store_fixture_put(store, "panel", "q01", "new", 2);
    store_fixture_commit(store);
    assert_string_equal(store_fixture_load(store).text, "q01=new@2 ");
    store_close(store);
}

static void what_was_not_committed_is_not_there(void **state)
{
    struct store_fixture *fixture = *state;
    struct store *store = store_fixture_must_open(fixture->file);

    store_fixture_put(store, "panel", "q01", "p", 1);
    store_fixture_commit(store);
    store_fixture_put(store, "panel", "q02", "p", 1);
    store_close(store);
    store = store_fixture_must_open(fixture->file);
    assert_string_equal(store_fixture_load(store).text, "q01=p@1 ");
    store_close(store);
}

static bool knows_q01(void *context, const char *slot)
{
    (void)context;
    return strcmp(slot, "panel/all/q01") == 0;
}

static void a_sweep_leaves_what_is_known(void **state)
{
    struct store_fixture *fixture = *state;
    struct store *store = store_fixture_must_open(fixture->file);
    struct problem problem = {0};
    char id[16];

    for (int i = 0; i < 50; i++) {
        snprintf(id, sizeof id, "q%02d", i);
        store_fixture_put(store, "panel", id, "p", 1);
    }
    store_fixture_commit(store);
    assert_true(store_sweep(store, knows_q01, NULL, &problem));
    store_fixture_commit(store);
    assert_string_equal(store_fixture_load(store).text, "q01=p@1 ");
    store_close(store);
}

static void put_watermark(struct store *store, const char *key_id,
                          int64_t order_ms)
{
    const struct watermark watermark = watermark_of(key_id, order_ms);
    struct problem problem = {0};

    assert_true(store_put_watermark(store, SLOT_ALERTS, &watermark, &problem));
}

static void a_watermark_never_sinks(void **state)
{
    struct store_fixture *fixture = *state;
    struct store *store = store_fixture_must_open(fixture->file);

    put_watermark(store, "", 500);
    put_watermark(store, "", 400);
    put_watermark(store, "0123456789abcdef", 600);
    store_fixture_commit(store);
    store_close(store);
    store = store_fixture_must_open(fixture->file);
    const struct slot_rows_loaded loaded = store_fixture_load(store);
    const struct watermarks *alerts = &loaded.watermarks[SLOT_ALERTS];
    assert_int_equal(watermarks_find(alerts, ""), 500);
    assert_int_equal(watermarks_find(alerts, "0123456789abcdef"), 600);
    assert_int_equal(loaded.watermarks[SLOT_PANELS].count, 0);
    store_close(store);
}

/* The whole of what memory may hold, in the greatest and in awkward sizes, and
 * over and over again. */
static void file_and_log_stay_within_their_bounds(void **state)
{
    enum { AWKWARD_BYTES = 4200 };
    static char payload[LIMIT_MESSAGE_BYTES + 1];
    struct store_fixture *fixture = *state;
    struct store *store = store_fixture_must_open(fixture->file);
    struct problem problem = {0};
    char *log = folder_path(fixture->folder, "store.db-wal");
    int64_t log_bytes = 0, bytes = 0;
    char id[16];

    memset(payload, 'x', sizeof payload - 1);
    for (int i = 0; bytes < SLOT_BYTES_MAX; i++) {
        snprintf(id, sizeof id, "p%d", i);
        struct slot_row row = slot_rows_make("panel", id, payload, 1, 1);
        row.bytes = i < SLOT_ROWS_MAX - 450 ? AWKWARD_BYTES
                                            : LIMIT_MESSAGE_BYTES;
        assert_true(store_put(store, &row, &problem));
        bytes += (int64_t)row.bytes;
        if (i % 15 == 0)
            store_fixture_commit(store);
        if (store_file_bytes(log) > log_bytes)
            log_bytes = store_file_bytes(log);
    }
    for (int i = 0; i < 3000; i++) {
        snprintf(id, sizeof id, "p%d", i % 7);
        store_fixture_put(store, "panel", id, "small", i);
        store_fixture_commit(store);
    }
    store_fixture_commit(store);
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
    struct store_fixture *fixture = *state;
    struct store *store = store_fixture_must_open(fixture->file);
    struct problem problem = {0};
    bool put_all = true;
    char id[16];

    memset(payload, 'x', sizeof payload - 1);
    for (int i = 0; put_all && i < 2048; i++) {
        snprintf(id, sizeof id, "p%d", i);
        struct slot_row row = slot_rows_make("panel", id, payload, 1, 1);
        put_all = store_put(store, &row, &problem) &&
                  (i % 64 != 0 || store_commit(store, &problem));
    }
    assert_false(put_all);
    assert_non_null(strstr(problem.expected, "full"));
    assert_true(store_fixture_load(store).count > 900);
    store_close(store);
    assert_true(store_file_bytes(fixture->file) <= STORE_FILE_BYTES);
}

/* The last commit stands in the log alone, and nothing can be written. */
static void what_cannot_be_opened_is_read_from_a_copy(void **state)
{
    struct store_fixture *fixture = *state;
    struct store *store = store_fixture_must_open(fixture->file);
    struct slot_row row = slot_rows_make("alert", "flood", "a", 3, 4);
    const struct store_reader reader = {&row, note_row, no_watermark};
    char *copy = folder_path(fixture->folder, "copy.db");

    store_fixture_put(store, "alert", "flood", "old", 2);
    store_fixture_commit(store);
    struct problem problem = {0};
    assert_true(store_put(store, &row, &problem));
    store_fixture_commit(store);
    assert_true(store_rescue(fixture->file, &reader));
    assert_string_equal(row.slot, "found");
    assert_false(store_rescue(copy, &reader));
    store_close(store);
    free(copy);
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, store_fixture_open,                  \
                                    store_fixture_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_row_comes_back_as_it_was_put),
        TEST(a_slot_keeps_its_newest_only),
        TEST(what_was_not_committed_is_not_there),
        TEST(a_sweep_leaves_what_is_known),
        TEST(a_watermark_never_sinks),
        TEST(file_and_log_stay_within_their_bounds),
        TEST(beyond_its_bound_the_file_does_not_grow),
        TEST(what_cannot_be_opened_is_read_from_a_copy),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
