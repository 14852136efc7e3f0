/* When what was accepted reaches the disk, and how often it is written. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <unistd.h>

#include "tests/support/keeper_rig.h"

static int64_t commits(const struct keeper_rig *rig)
{
    return keeper_figures(rig->keeper).commits;
}

static void what_takes_off_is_on_the_disk_before_the_frame(void **state)
{
    struct keeper_rig *rig = *state;

    keeper_rig_start(rig);
    keeper_rig_put(rig, "alert", "a1", "cancel", 2,
                   KEEPER_FIRST | KEEPER_RESERVED);
    keeper_before_frame(rig->keeper, &rig->now);
    assert_string_equal(keeper_rig_on_disk(rig).text, "a1=cancel@2 ");
}

static void
an_alert_is_on_the_disk_behind_the_frame_in_the_same_turn(void **state)
{
    struct keeper_rig *rig = *state;

    keeper_rig_start(rig);
    keeper_rig_put(rig, "panel", "p1", "p", 1, 0);
    keeper_rig_turn(rig, 1);
    keeper_rig_put(rig, "alert", "a1", "a", 2, KEEPER_SOON | KEEPER_RESERVED);
    keeper_before_frame(rig->keeper, &rig->now);
    assert_string_equal(keeper_rig_on_disk(rig).text, "p1=p@1 ");
    keeper_behind_frame(rig->keeper, &rig->now);
    assert_string_equal(keeper_rig_on_disk(rig).text, "a1=a@2 p1=p@1 ");
}

/* The first panel after a quiet time at once, the next ones together. */
static void panels_wait_for_each_other(void **state)
{
    struct keeper_rig *rig = *state;

    keeper_rig_start(rig);
    for (int i = 1; i <= 100; i++) {
        keeper_rig_put(rig, "panel", "p1", "p", i, 0);
        keeper_rig_turn(rig, 10);
    }
    assert_int_equal(commits(rig), 1);
    assert_string_equal(keeper_rig_on_disk(rig).text, "p1=p@1 ");
    int64_t next_ms = keeper_next_ms(rig->keeper);
    assert_true(next_ms > rig->now.mono_ms);
    assert_true(next_ms <= rig->now.mono_ms + KEEPER_QUIET_MS);
    keeper_rig_turn(rig, next_ms - rig->now.mono_ms);
    assert_int_equal(commits(rig), 2);
    assert_string_equal(keeper_rig_on_disk(rig).text, "p1=p@100 ");
    assert_int_equal(keeper_next_ms(rig->keeper), INT64_MAX);
}

/* Ten updates a second of three figures wear the flash no more than one every
 * half minute, and each commit has three rows. */
static void live_figures_cost_two_commits_a_minute(void **state)
{
    static const char *const names[] = {"river", "queue", "air"};
    struct keeper_rig *rig = *state;

    keeper_rig_start(rig);
    for (int step = 0; step < 600; step++) {
        for (int i = 0; i < 3; i++)
            keeper_rig_put(rig, "figure", names[i], "f", step + 1, 0);
        keeper_rig_turn(rig, 100);
    }
    assert_in_range(commits(rig), 2, 3);
    assert_in_range(keeper_figures(rig->keeper).rows, 6, 9);
}

static void an_urgent_commit_takes_the_waiting_panels_along(void **state)
{
    struct keeper_rig *rig = *state;

    keeper_rig_start(rig);
    keeper_rig_put(rig, "panel", "p1", "p", 1, 0);
    keeper_rig_turn(rig, 1);
    keeper_rig_put(rig, "panel", "p2", "p", 1, 0);
    keeper_rig_turn(rig, 1);
    keeper_rig_put(rig, "alert", "a1", "a", 1, KEEPER_SOON | KEEPER_RESERVED);
    keeper_rig_turn(rig, 1);
    assert_string_equal(keeper_rig_on_disk(rig).text, "a1=a@1 p1=p@1 p2=p@1 ");
    assert_int_equal(commits(rig), 2);
}

/* Valid messages all day long, and a memory card. */
static void
a_day_of_valid_messages_costs_a_bounded_number_of_commits(void **state)
{
    static const struct {
        const char *name, *kind;
        unsigned urgency;
        int every_ms;
    } streams[] = {
        {"a panel's updates", "panel", 0, 500},
        {"a panel's removals", "panel", KEEPER_FIRST, 2000},
        {"alerts", "alert", KEEPER_SOON | KEEPER_RESERVED, 2000},
        {"cancels", "alert", KEEPER_FIRST | KEEPER_RESERVED, 2000},
    };
    enum { DAY_MS = 86400000 };
    struct keeper_rig *rig = *state;

    for (size_t i = 0; i < sizeof streams / sizeof *streams; i++) {
        unlink(rig->file);
        keeper_rig_start(rig);
        struct disk_counts before = disk_counts();
        for (int64_t at = 0; at < DAY_MS; at += streams[i].every_ms) {
            keeper_rig_put(rig, streams[i].kind, "x", "p", at,
                           streams[i].urgency);
            keeper_rig_turn(rig, streams[i].every_ms);
        }
        struct disk_counts after = disk_counts();
        print_message("%s: %lld commits, %lld syncs, %lld KiB a day\n",
                      streams[i].name, (long long)commits(rig),
                      (long long)(after.syncs - before.syncs),
                      (long long)((after.bytes - before.bytes) / 1024));
        assert_true(commits(rig) <= KEEPER_COMMITS_PER_DAY);
        keeper_rig_stop(rig);
        rig->now.mono_ms += DAY_MS;
    }
}

static void a_flood_of_removals_leaves_alerts_their_reserve(void **state)
{
    struct keeper_rig *rig = *state;

    keeper_rig_start(rig);
    for (int i = 0; i < 2 * KEEPER_BURST; i++) {
        keeper_rig_put(rig, "panel", "p1", "off", i, KEEPER_FIRST);
        keeper_rig_turn(rig, 1);
    }
    int64_t before = commits(rig);
    assert_true(before < KEEPER_BURST);
    for (int i = 0; i < KEEPER_RESERVE / 2; i++) {
        keeper_rig_put(rig, "alert", "a1", "a", i,
                       KEEPER_SOON | KEEPER_RESERVED);
        keeper_rig_turn(rig, 1);
        assert_int_equal(commits(rig), before + i + 1);
    }
}

/* As much as memory may hold, in transactions that are bounded. */
static void a_new_file_is_written_in_pieces_alerts_first(void **state)
{
    static char payload[LIMIT_MESSAGE_BYTES + 1];
    struct keeper_rig *rig = *state;
    char id[16];

    memset(payload, 'x', sizeof payload - 1);
    keeper_rig_start(rig);
    for (int i = 0; i < 100; i++) {
        snprintf(id, sizeof id, "p%d", i);
        keeper_rig_put(rig, "panel", id, payload, 1, 0);
    }
    keeper_rig_put(rig, "alert", "a1", "a", 1, KEEPER_SOON | KEEPER_RESERVED);
    keeper_rig_turn(rig, 1);
    assert_non_null(strstr(keeper_rig_on_disk(rig).text, "a1=a@1"));
    assert_true(keeper_rig_on_disk(rig).count < 30);
    int turns = 0;
    while (keeper_next_ms(rig->keeper) <= rig->now.mono_ms && turns < 20) {
        keeper_rig_turn(rig, 1);
        turns++;
    }
    assert_int_equal(keeper_rig_on_disk(rig).count, 101);
    assert_true(turns < 10);
}

static void
what_is_forgotten_leaves_the_file_and_raises_its_watermark(void **state)
{
    struct keeper_rig *rig = *state;
    char id[16];

    keeper_rig_start(rig);
    for (int i = 1; i <= SLOT_ALERT_ROWS; i++) {
        snprintf(id, sizeof id, "a%d", i);
        keeper_rig_put(rig, "alert", id, "a", i, KEEPER_SOON | KEEPER_RESERVED);
    }
    keeper_rig_turn(rig, 1);
    keeper_rig_put(rig, "alert", "more", "a", 1000,
                   KEEPER_SOON | KEEPER_RESERVED);
    keeper_rig_turn(rig, 1);
    keeper_rig_stop(rig);
    struct slot_rows_loaded loaded;
    assert_true(slot_rows_load_file(rig->file, &loaded));
    assert_int_equal(loaded.count, SLOT_ALERT_ROWS);
    assert_int_equal(watermarks_highest(&loaded.watermarks[SLOT_ALERTS]), 1);
    rig->watermark_ms = 0;
    keeper_rig_start(rig);
    assert_int_equal(rig->watermark_ms, 1);
    assert_int_equal(rig->recalled, SLOT_ALERT_ROWS);
}

static void
a_watermark_of_a_key_that_is_not_believed_leaves_the_file(void **state)
{
    struct keeper_rig *rig = *state;
    const struct key_ring ring = {.count = 0};
    const struct trust trust = {&ring, NULL};
    const struct watermark stolen = watermark_of("0123456789abcdef", 9);
    struct slot_rows_loaded loaded;
    struct problem problem = {0};
    struct store *store;
    bool damaged;

    assert_true(store_open(rig->file, &store, &damaged, &problem));
    assert_true(store_put_watermark(store, SLOT_ALERTS, &stolen, &problem));
    assert_true(store_commit(store, &problem));
    store_close(store);
    keeper_rig_start(rig);
    assert_int_equal(rig->watermark_ms, 9);
    slot_table_distrust(rig->slots, &trust);
    keeper_distrust(rig->keeper);
    keeper_rig_put(rig, "alert", "a1", "a", 1, KEEPER_SOON | KEEPER_RESERVED);
    keeper_rig_turn(rig, 1);
    keeper_rig_stop(rig);
    assert_true(slot_rows_load_file(rig->file, &loaded));
    assert_int_equal(loaded.watermarks[SLOT_ALERTS].count, 0);
    assert_int_equal(loaded.count, 1);
}

static void
a_screen_without_a_store_keeps_nothing_and_waits_for_nothing(void **state)
{
    struct keeper_rig *rig = *state;

    rig->file[0] = '\0';
    keeper_rig_start(rig);
    keeper_rig_put(rig, "alert", "a1", "a", 1, KEEPER_SOON | KEEPER_RESERVED);
    keeper_rig_turn(rig, 1);
    assert_false(keeper_is_well(rig->keeper));
    assert_int_equal(keeper_next_ms(rig->keeper), INT64_MAX);
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, keeper_rig_open, keeper_rig_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_takes_off_is_on_the_disk_before_the_frame),
        TEST(an_alert_is_on_the_disk_behind_the_frame_in_the_same_turn),
        TEST(panels_wait_for_each_other),
        TEST(live_figures_cost_two_commits_a_minute),
        TEST(an_urgent_commit_takes_the_waiting_panels_along),
        TEST(a_day_of_valid_messages_costs_a_bounded_number_of_commits),
        TEST(a_flood_of_removals_leaves_alerts_their_reserve),
        TEST(a_new_file_is_written_in_pieces_alerts_first),
        TEST(what_is_forgotten_leaves_the_file_and_raises_its_watermark),
        TEST(a_watermark_of_a_key_that_is_not_believed_leaves_the_file),
        TEST(a_screen_without_a_store_keeps_nothing_and_waits_for_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
