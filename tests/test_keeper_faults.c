/* Disks that are full, read-only or broken, files that are locked, gone or
 * damaged: nothing is lost, and the store comes back. */
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
#include "tests/support/keeper_rig.h"

static void nothing_is_lost_while_the_disk_fails(void **state)
{
    static const enum disk_fault faults[] = {DISK_FULL, DISK_BROKEN,
                                             DISK_READ_ONLY};
    struct keeper_rig *rig = *state;

    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        unlink(rig->file);
        disk_reset();
        keeper_rig_start(rig);
        keeper_rig_put(rig, "panel", "p1", "p", 1, 0);
        keeper_rig_turn(rig, 1);
        assert_true(keeper_is_well(rig->keeper));
        disk_set_fault(faults[i]);
        keeper_rig_put(rig, "alert", "a1", "a", 1,
                       KEEPER_SOON | KEEPER_RESERVED);
        keeper_rig_put(rig, "panel", "p1", "new", 2, 0);
        keeper_rig_turn(rig, 1);
        assert_false(keeper_is_well(rig->keeper));
        keeper_rig_put(rig, "alert", "a2", "cancel", 1,
                       KEEPER_FIRST | KEEPER_RESERVED);
        keeper_rig_turn(rig, KEEPER_RETRY_MS);
        assert_false(keeper_is_well(rig->keeper));
        disk_set_fault(DISK_WELL);
        keeper_rig_turn(rig, KEEPER_RETRY_MAX_MS);
        assert_true(keeper_is_well(rig->keeper));
        assert_string_equal(keeper_rig_on_disk(rig).text,
                            "a1=a@1 a2=cancel@1 p1=new@2 ");
        assert_int_equal(rig->recalled, 0);
        keeper_rig_stop(rig);
    }
}

/* The steps grow, the loop knows when to come again, and each is one try. */
static void a_failing_disk_is_tried_in_growing_steps(void **state)
{
    static const int64_t steps_ms[] = {1000,  2000,  4000,  8000,
                                       16000, 32000, 60000, 60000};
    struct keeper_rig *rig = *state;

    keeper_rig_start(rig);
    disk_set_fault(DISK_FULL);
    keeper_rig_put(rig, "alert", "a1", "a", 1, KEEPER_SOON | KEEPER_RESERVED);
    keeper_rig_turn(rig, 0);
    for (size_t i = 0; i < sizeof steps_ms / sizeof *steps_ms; i++) {
        int64_t tries = keeper_figures(rig->keeper).attempts;
        assert_int_equal(keeper_next_ms(rig->keeper) - rig->now.mono_ms,
                         steps_ms[i]);
        keeper_rig_turn(rig, steps_ms[i] - 1);
        assert_int_equal(keeper_figures(rig->keeper).attempts, tries);
        keeper_rig_turn(rig, 1);
        assert_int_equal(keeper_figures(rig->keeper).attempts, tries + 1);
    }
}

/* The place that the file is to have comes later, as a disk that is mounted
 * when the screen shows already. */
static void
a_store_that_could_not_be_opened_at_the_start_comes_back(void **state)
{
    struct keeper_rig *rig = *state;
    char *folder = folder_path(rig->folder, "later");
    char *file = folder_path(folder, "store.db");
    char command[512];

    free(rig->file);
    rig->file = file;
    keeper_rig_start(rig);
    assert_false(keeper_is_well(rig->keeper));
    keeper_rig_put(rig, "panel", "p1", "p", 1, 0);
    keeper_rig_turn(rig, KEEPER_RETRY_MS);
    snprintf(command, sizeof command, "mkdir '%s'", folder);
    assert_int_equal(system(command), 0);
    keeper_rig_turn(rig, KEEPER_RETRY_MAX_MS);
    assert_true(keeper_is_well(rig->keeper));
    assert_string_equal(keeper_rig_on_disk(rig).text, "p1=p@1 ");
    free(folder);
}

static void
a_file_that_was_locked_at_the_start_is_read_and_then_written(void **state)
{
    struct keeper_rig *rig = *state;
    struct problem problem = {0};
    struct store *other = NULL;
    bool damaged = false;

    assert_true(store_open(rig->file, &other, &damaged, &problem));
    struct slot_row row = slot_rows_make("panel", "p0", "kept", 1, 1);
    assert_true(store_put(other, &row, &problem));
    assert_true(store_commit(other, &problem));
    keeper_rig_start(rig);
    assert_false(keeper_is_well(rig->keeper));
    assert_int_equal(rig->recalled, 1);
    keeper_rig_put(rig, "panel", "p1", "p", 1, 0);
    store_close(other);
    keeper_rig_turn(rig, KEEPER_RETRY_MAX_MS);
    assert_true(keeper_is_well(rig->keeper));
    assert_int_equal(rig->recalled, 1);
    assert_string_equal(keeper_rig_on_disk(rig).text, "p0=kept@1 p1=p@1 ");
}

static void a_read_only_disk_still_gives_its_programme(void **state)
{
    struct keeper_rig *rig = *state;

    keeper_rig_start(rig);
    keeper_rig_put(rig, "panel", "p1", "p", 1, 0);
    keeper_rig_put(rig, "alert", "a1", "a", 1, KEEPER_SOON | KEEPER_RESERVED);
    keeper_rig_turn(rig, 1);
    keeper_rig_stop(rig);
    disk_set_fault(DISK_READ_ONLY);
    keeper_rig_start(rig);
    assert_int_equal(rig->recalled, 2);
    assert_false(keeper_is_well(rig->keeper));
    disk_set_fault(DISK_WELL);
    keeper_rig_turn(rig, KEEPER_RETRY_MAX_MS);
    assert_true(keeper_is_well(rig->keeper));
    assert_int_equal(rig->recalled, 2);
}

static void a_file_that_is_taken_away_is_written_anew(void **state)
{
    static const char *const names[] = {"store.db", "store.db-wal"};
    struct keeper_rig *rig = *state;

    keeper_rig_start(rig);
    keeper_rig_put(rig, "alert", "a1", "a", 1, KEEPER_SOON | KEEPER_RESERVED);
    keeper_rig_put(rig, "panel", "p1", "p", 1, 0);
    keeper_rig_turn(rig, 1);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char *path = folder_path(rig->folder, names[i]);
        assert_int_equal(unlink(path), 0);
        free(path);
        keeper_rig_turn(rig, KEEPER_LOOK_MS);
        assert_false(keeper_is_well(rig->keeper));
        keeper_rig_turn(rig, KEEPER_RETRY_MAX_MS);
        assert_true(keeper_is_well(rig->keeper));
        assert_string_equal(keeper_rig_on_disk(rig).text, "a1=a@1 p1=p@1 ");
    }
}

static void spoil(const char *file, int64_t from, int64_t to)
{
    FILE *out = fopen(file, "r+b");

    assert_non_null(out);
    fseek(out, from, SEEK_SET);
    for (int64_t i = from; i < to; i++)
        fputc(0xA5, out);
    fclose(out);
}

/* So much that SQLite has to read it again. */
static void a_file_that_is_spoilt_while_it_runs_is_written_anew(void **state)
{
    enum { ROWS = 200 };
    static char payload[LIMIT_MESSAGE_BYTES + 1];
    struct keeper_rig *rig = *state;
    char *aside = folder_path(rig->folder, "store.db.damaged");
    char id[16];

    memset(payload, 'x', sizeof payload - 1);
    keeper_rig_start(rig);
    for (int i = 0; i < ROWS; i++) {
        snprintf(id, sizeof id, "p%d", i);
        keeper_rig_put(rig, "panel", id, payload, 1, 0);
    }
    while (keeper_next_ms(rig->keeper) <= rig->now.mono_ms)
        keeper_rig_turn(rig, 1);
    assert_int_equal(keeper_rig_on_disk(rig).count, ROWS);
    spoil(rig->file, 8192, store_file_bytes(rig->file));
    for (int i = 0; i < ROWS && keeper_is_well(rig->keeper); i++) {
        snprintf(id, sizeof id, "p%d", i);
        keeper_rig_put(rig, "panel", id, payload, 2, 0);
        keeper_rig_turn(rig, KEEPER_QUIET_MS);
    }
    assert_false(keeper_is_well(rig->keeper));
    while (keeper_next_ms(rig->keeper) < INT64_MAX)
        keeper_rig_turn(rig, KEEPER_RETRY_MAX_MS);
    assert_true(keeper_is_well(rig->keeper));
    assert_int_equal(keeper_rig_on_disk(rig).count, ROWS);
    assert_true(store_file_bytes(aside) > 0);
    free(aside);
}

/* One page of the table is rubbish; the rows of the others are judged. */
static void what_can_be_read_of_a_damaged_file_is_taken_up(void **state)
{
    enum { ROWS = 40 };
    static char payload[3000];
    struct keeper_rig *rig = *state;
    char id[16];

    memset(payload, 'x', sizeof payload - 1);
    keeper_rig_start(rig);
    for (int i = 0; i < ROWS; i++) {
        snprintf(id, sizeof id, "p%02d", i);
        keeper_rig_put(rig, "panel", id, payload, 1, 0);
    }
    keeper_rig_turn(rig, 1);
    keeper_rig_stop(rig);
    int64_t end = store_file_bytes(rig->file);
    spoil(rig->file, end - 8192, end - 4096);
    keeper_rig_start(rig);
    print_message("%d of %d rows of a damaged file\n", rig->recalled, ROWS);
    assert_true(rig->recalled > ROWS / 2);
    keeper_rig_turn(rig, 1);
    assert_true(keeper_is_well(rig->keeper));
    assert_int_equal(keeper_rig_on_disk(rig).count, rig->recalled);
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, keeper_rig_open, keeper_rig_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(nothing_is_lost_while_the_disk_fails),
        TEST(a_failing_disk_is_tried_in_growing_steps),
        TEST(a_store_that_could_not_be_opened_at_the_start_comes_back),
        TEST(a_file_that_was_locked_at_the_start_is_read_and_then_written),
        TEST(a_read_only_disk_still_gives_its_programme),
        TEST(a_file_that_is_taken_away_is_written_anew),
        TEST(a_file_that_is_spoilt_while_it_runs_is_written_anew),
        TEST(what_can_be_read_of_a_damaged_file_is_taken_up),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
