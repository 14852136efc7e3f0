/* When what was accepted reaches the disk, and what happens while it can't. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <unistd.h>

#include "display/edge/keeper.h"
#include "display/edge/store_file.h"
#include "tests/support/disk.h"
#include "tests/support/folder.h"
#include "tests/support/kept_rows.h"

struct rig {
    char *folder;
    char *file;
    struct keeper *keeper;
    struct moment now;
    int recalled; /* rows that were given to the judge */
    int64_t floor_ms;
};

/* A judge that believes everything. */
static struct board_intake recall(void *context, const struct kept_row *row,
                                  const struct moment *now)
{
    struct rig *rig = context;
    struct board_intake judged = {.effect = BOARD_ACCEPTED, .keep = true};

    (void)now;
    rig->recalled++;
    snprintf(judged.slot, sizeof judged.slot, "%s", row->slot);
    judged.seq = row->seq;
    judged.order_ms = row->order_ms;
    judged.ends_ms = row->ends_ms;
    return judged;
}

static bool holds(void *context, enum ledger_class class,
                  const struct kept_row *row)
{
    (void)context, (void)class, (void)row;
    return false;
}

static void raise_floor(void *context, enum ledger_class class,
                        int64_t order_ms)
{
    struct rig *rig = context;

    if (class == LEDGER_ALERTS)
        rig->floor_ms = order_ms;
}

static void start(struct rig *rig)
{
    const struct keeper_judge judge = {
        .context = rig,
        .recall = recall,
        .holder = {.holds = holds},
        .raise_floor = raise_floor,
    };

    rig->recalled = 0;
    rig->keeper = keeper_create(rig->file, &judge);
    assert_non_null(rig->keeper);
    keeper_start(rig->keeper, &rig->now);
}

static int set_up(void **state)
{
    static struct rig rig;

    rig = (struct rig){.folder = folder_make(), .now = {.mono_ms = 1000}};
    rig.file = folder_path(rig.folder, "store.db");
    disk_install(rig.folder);
    disk_reset();
    *state = &rig;
    return rig.file ? 0 : -1;
}

static int tear_down(void **state)
{
    struct rig *rig = *state;

    disk_set_fault(DISK_WELL);
    keeper_destroy(rig->keeper, &rig->now);
    folder_remove(rig->folder);
    free(rig->file);
    free(rig->folder);
    return 0;
}

static void stop(struct rig *rig)
{
    keeper_destroy(rig->keeper, &rig->now);
    rig->keeper = NULL;
}

static void put(struct rig *rig, const char *kind, const char *id,
                const char *payload, int64_t seq, unsigned urgency)
{
    struct kept_row row = kept_rows_make(kind, id, payload, seq, seq);

    keeper_put(rig->keeper, &row, urgency);
}

static void turn(struct rig *rig, int64_t later_ms)
{
    rig->now.mono_ms += later_ms;
    keeper_before_frame(rig->keeper, &rig->now);
    keeper_behind_frame(rig->keeper, &rig->now);
}

static int64_t commits(const struct rig *rig)
{
    return keeper_figures(rig->keeper).commits;
}

/* What the next start would find, if the power went now. */
static struct kept_rows_loaded on_disk(struct rig *rig)
{
    static struct kept_rows_loaded loaded;
    char copy[STORE_PATH_BYTES];

    assert_true(store_file_copy(rig->file, STORE_FILE_BYTES, copy));
    assert_true(kept_rows_load_file(copy, &loaded));
    store_file_remove_copy(copy);
    return loaded;
}

static void what_takes_off_is_on_the_disk_before_the_frame(void **state)
{
    struct rig *rig = *state;

    start(rig);
    put(rig, "alert", "a1", "cancel", 2, KEEPER_FIRST | KEEPER_RESERVED);
    keeper_before_frame(rig->keeper, &rig->now);
    assert_string_equal(on_disk(rig).text, "a1=cancel@2 ");
}

static void
an_alert_is_on_the_disk_behind_the_frame_in_the_same_turn(void **state)
{
    struct rig *rig = *state;

    start(rig);
    put(rig, "panel", "p1", "p", 1, 0);
    turn(rig, 1);
    put(rig, "alert", "a1", "a", 2, KEEPER_SOON | KEEPER_RESERVED);
    keeper_before_frame(rig->keeper, &rig->now);
    assert_string_equal(on_disk(rig).text, "p1=p@1 ");
    keeper_behind_frame(rig->keeper, &rig->now);
    assert_string_equal(on_disk(rig).text, "a1=a@2 p1=p@1 ");
}

/* The first panel after a quiet time at once, the next ones together. */
static void panels_wait_for_each_other(void **state)
{
    struct rig *rig = *state;

    start(rig);
    for (int i = 1; i <= 100; i++) {
        put(rig, "panel", "p1", "p", i, 0);
        turn(rig, 10);
    }
    assert_int_equal(commits(rig), 1);
    assert_string_equal(on_disk(rig).text, "p1=p@1 ");
    int64_t next_ms = keeper_next_ms(rig->keeper);
    assert_true(next_ms > rig->now.mono_ms);
    assert_true(next_ms <= rig->now.mono_ms + KEEPER_QUIET_MS);
    turn(rig, next_ms - rig->now.mono_ms);
    assert_int_equal(commits(rig), 2);
    assert_string_equal(on_disk(rig).text, "p1=p@100 ");
    assert_int_equal(keeper_next_ms(rig->keeper), INT64_MAX);
}

static void an_urgent_commit_takes_the_waiting_panels_along(void **state)
{
    struct rig *rig = *state;

    start(rig);
    put(rig, "panel", "p1", "p", 1, 0);
    turn(rig, 1);
    put(rig, "panel", "p2", "p", 1, 0);
    turn(rig, 1);
    put(rig, "alert", "a1", "a", 1, KEEPER_SOON | KEEPER_RESERVED);
    turn(rig, 1);
    assert_string_equal(on_disk(rig).text, "a1=a@1 p1=p@1 p2=p@1 ");
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
    struct rig *rig = *state;

    for (size_t i = 0; i < sizeof streams / sizeof *streams; i++) {
        unlink(rig->file);
        start(rig);
        struct disk_counts before = disk_counts();
        for (int64_t at = 0; at < DAY_MS; at += streams[i].every_ms) {
            put(rig, streams[i].kind, "x", "p", at, streams[i].urgency);
            turn(rig, streams[i].every_ms);
        }
        struct disk_counts after = disk_counts();
        print_message("%s: %lld commits, %lld syncs, %lld KiB a day\n",
                      streams[i].name, (long long)commits(rig),
                      (long long)(after.syncs - before.syncs),
                      (long long)((after.bytes - before.bytes) / 1024));
        assert_true(commits(rig) <= KEEPER_COMMITS_PER_DAY);
        stop(rig);
        rig->now.mono_ms += DAY_MS;
    }
}

static void a_flood_of_removals_leaves_alerts_their_reserve(void **state)
{
    struct rig *rig = *state;

    start(rig);
    for (int i = 0; i < 2 * KEEPER_BURST; i++) {
        put(rig, "panel", "p1", "off", i, KEEPER_FIRST);
        turn(rig, 1);
    }
    int64_t before = commits(rig);
    assert_true(before < KEEPER_BURST);
    for (int i = 0; i < KEEPER_RESERVE / 2; i++) {
        put(rig, "alert", "a1", "a", i, KEEPER_SOON | KEEPER_RESERVED);
        turn(rig, 1);
        assert_int_equal(commits(rig), before + i + 1);
    }
}

static void nothing_is_lost_while_the_disk_fails(void **state)
{
    static const enum disk_fault faults[] = {DISK_FULL, DISK_BROKEN,
                                             DISK_READ_ONLY};
    struct rig *rig = *state;

    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        unlink(rig->file);
        disk_reset();
        start(rig);
        put(rig, "panel", "p1", "p", 1, 0);
        turn(rig, 1);
        assert_true(keeper_is_well(rig->keeper));
        disk_set_fault(faults[i]);
        put(rig, "alert", "a1", "a", 1, KEEPER_SOON | KEEPER_RESERVED);
        put(rig, "panel", "p1", "new", 2, 0);
        turn(rig, 1);
        assert_false(keeper_is_well(rig->keeper));
        put(rig, "alert", "a2", "cancel", 1, KEEPER_FIRST | KEEPER_RESERVED);
        turn(rig, KEEPER_RETRY_MS);
        assert_false(keeper_is_well(rig->keeper));
        disk_set_fault(DISK_WELL);
        turn(rig, KEEPER_RETRY_MAX_MS);
        assert_true(keeper_is_well(rig->keeper));
        assert_string_equal(on_disk(rig).text, "a1=a@1 a2=cancel@1 p1=new@2 ");
        assert_int_equal(rig->recalled, 0);
        stop(rig);
    }
}

/* The steps grow, the loop knows when to come again, and each is one try. */
static void a_failing_disk_is_tried_in_growing_steps(void **state)
{
    static const int64_t steps_ms[] = {1000,  2000,  4000,  8000,
                                       16000, 32000, 60000, 60000};
    struct rig *rig = *state;

    start(rig);
    disk_set_fault(DISK_FULL);
    put(rig, "alert", "a1", "a", 1, KEEPER_SOON | KEEPER_RESERVED);
    turn(rig, 0);
    for (size_t i = 0; i < sizeof steps_ms / sizeof *steps_ms; i++) {
        int64_t tries = keeper_figures(rig->keeper).attempts;
        assert_int_equal(keeper_next_ms(rig->keeper) - rig->now.mono_ms,
                         steps_ms[i]);
        turn(rig, steps_ms[i] - 1);
        assert_int_equal(keeper_figures(rig->keeper).attempts, tries);
        turn(rig, 1);
        assert_int_equal(keeper_figures(rig->keeper).attempts, tries + 1);
    }
}

/* The place that the file is to have comes later, as a disk that is mounted
 * when the screen shows already. */
static void
a_store_that_could_not_be_opened_at_the_start_comes_back(void **state)
{
    struct rig *rig = *state;
    char *folder = folder_path(rig->folder, "later");
    char *file = folder_path(folder, "store.db");
    char command[512];

    free(rig->file);
    rig->file = file;
    start(rig);
    assert_false(keeper_is_well(rig->keeper));
    put(rig, "panel", "p1", "p", 1, 0);
    turn(rig, KEEPER_RETRY_MS);
    snprintf(command, sizeof command, "mkdir '%s'", folder);
    assert_int_equal(system(command), 0);
    turn(rig, KEEPER_RETRY_MAX_MS);
    assert_true(keeper_is_well(rig->keeper));
    assert_string_equal(on_disk(rig).text, "p1=p@1 ");
    free(folder);
}

static void
a_file_that_was_locked_at_the_start_is_read_and_then_written(void **state)
{
    struct rig *rig = *state;
    struct problem problem = {0};
    struct store *other = NULL;
    bool damaged = false;

    assert_true(store_open(rig->file, &other, &damaged, &problem));
    struct kept_row row = kept_rows_make("panel", "p0", "kept", 1, 1);
    assert_true(store_put(other, &row, &problem));
    assert_true(store_commit(other, &problem));
    start(rig);
    assert_false(keeper_is_well(rig->keeper));
    assert_int_equal(rig->recalled, 1);
    put(rig, "panel", "p1", "p", 1, 0);
    store_close(other);
    turn(rig, KEEPER_RETRY_MAX_MS);
    assert_true(keeper_is_well(rig->keeper));
    assert_int_equal(rig->recalled, 1);
    assert_string_equal(on_disk(rig).text, "p0=kept@1 p1=p@1 ");
}

static void a_read_only_disk_still_gives_its_programme(void **state)
{
    struct rig *rig = *state;

    start(rig);
    put(rig, "panel", "p1", "p", 1, 0);
    put(rig, "alert", "a1", "a", 1, KEEPER_SOON | KEEPER_RESERVED);
    turn(rig, 1);
    stop(rig);
    disk_set_fault(DISK_READ_ONLY);
    start(rig);
    assert_int_equal(rig->recalled, 2);
    assert_false(keeper_is_well(rig->keeper));
    disk_set_fault(DISK_WELL);
    turn(rig, KEEPER_RETRY_MAX_MS);
    assert_true(keeper_is_well(rig->keeper));
    assert_int_equal(rig->recalled, 2);
}

static void a_file_that_is_taken_away_is_written_anew(void **state)
{
    static const char *const names[] = {"store.db", "store.db-wal"};
    struct rig *rig = *state;

    start(rig);
    put(rig, "alert", "a1", "a", 1, KEEPER_SOON | KEEPER_RESERVED);
    put(rig, "panel", "p1", "p", 1, 0);
    turn(rig, 1);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char *path = folder_path(rig->folder, names[i]);
        assert_int_equal(unlink(path), 0);
        free(path);
        turn(rig, KEEPER_LOOK_MS);
        assert_false(keeper_is_well(rig->keeper));
        turn(rig, KEEPER_RETRY_MAX_MS);
        assert_true(keeper_is_well(rig->keeper));
        assert_string_equal(on_disk(rig).text, "a1=a@1 p1=p@1 ");
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
    struct rig *rig = *state;
    char *aside = folder_path(rig->folder, "store.db.damaged");
    char id[16];

    memset(payload, 'x', sizeof payload - 1);
    start(rig);
    for (int i = 0; i < ROWS; i++) {
        snprintf(id, sizeof id, "p%d", i);
        put(rig, "panel", id, payload, 1, 0);
    }
    while (keeper_next_ms(rig->keeper) <= rig->now.mono_ms)
        turn(rig, 1);
    assert_int_equal(on_disk(rig).count, ROWS);
    spoil(rig->file, 8192, store_file_bytes(rig->file));
    for (int i = 0; i < ROWS && keeper_is_well(rig->keeper); i++) {
        snprintf(id, sizeof id, "p%d", i);
        put(rig, "panel", id, payload, 2, 0);
        turn(rig, KEEPER_QUIET_MS);
    }
    assert_false(keeper_is_well(rig->keeper));
    while (keeper_next_ms(rig->keeper) < INT64_MAX)
        turn(rig, KEEPER_RETRY_MAX_MS);
    assert_true(keeper_is_well(rig->keeper));
    assert_int_equal(on_disk(rig).count, ROWS);
    assert_true(store_file_bytes(aside) > 0);
    free(aside);
}

/* One page of the table is rubbish; the rows of the others are judged. */
static void what_can_be_read_of_a_damaged_file_is_taken_up(void **state)
{
    enum { ROWS = 40 };
    static char payload[3000];
    struct rig *rig = *state;
    char id[16];

    memset(payload, 'x', sizeof payload - 1);
    start(rig);
    for (int i = 0; i < ROWS; i++) {
        snprintf(id, sizeof id, "p%02d", i);
        put(rig, "panel", id, payload, 1, 0);
    }
    turn(rig, 1);
    stop(rig);
    int64_t end = store_file_bytes(rig->file);
    spoil(rig->file, end - 8192, end - 4096);
    start(rig);
    print_message("%d of %d rows of a damaged file\n", rig->recalled, ROWS);
    assert_true(rig->recalled > ROWS / 2);
    turn(rig, 1);
    assert_true(keeper_is_well(rig->keeper));
    assert_int_equal(on_disk(rig).count, rig->recalled);
}

/* As much as memory may hold, in transactions that are bounded. */
static void a_new_file_is_written_in_pieces_alerts_first(void **state)
{
    static char payload[LIMIT_MESSAGE_BYTES + 1];
    struct rig *rig = *state;
    char id[16];

    memset(payload, 'x', sizeof payload - 1);
    start(rig);
    for (int i = 0; i < 100; i++) {
        snprintf(id, sizeof id, "p%d", i);
        put(rig, "panel", id, payload, 1, 0);
    }
    put(rig, "alert", "a1", "a", 1, KEEPER_SOON | KEEPER_RESERVED);
    turn(rig, 1);
    assert_non_null(strstr(on_disk(rig).text, "a1=a@1"));
    assert_true(on_disk(rig).count < 30);
    int turns = 0;
    while (keeper_next_ms(rig->keeper) <= rig->now.mono_ms && turns < 20) {
        turn(rig, 1);
        turns++;
    }
    assert_int_equal(on_disk(rig).count, 101);
    assert_true(turns < 10);
}

static void what_is_forgotten_leaves_the_file_and_raises_its_floor(void **state)
{
    struct rig *rig = *state;
    char id[16];

    start(rig);
    for (int i = 1; i <= KEPT_ALERT_ROWS; i++) {
        snprintf(id, sizeof id, "a%d", i);
        put(rig, "alert", id, "a", i, KEEPER_SOON | KEEPER_RESERVED);
    }
    turn(rig, 1);
    put(rig, "alert", "more", "a", 1000, KEEPER_SOON | KEEPER_RESERVED);
    turn(rig, 1);
    stop(rig);
    struct kept_rows_loaded loaded;
    assert_true(kept_rows_load_file(rig->file, &loaded));
    assert_int_equal(loaded.count, KEPT_ALERT_ROWS);
    assert_int_equal(loaded.floors_ms[LEDGER_ALERTS], 1);
    rig->floor_ms = 0;
    start(rig);
    assert_int_equal(rig->floor_ms, 1);
    assert_int_equal(rig->recalled, KEPT_ALERT_ROWS);
}

static void
a_screen_without_a_store_keeps_nothing_and_waits_for_nothing(void **state)
{
    struct rig *rig = *state;

    rig->file[0] = '\0';
    start(rig);
    put(rig, "alert", "a1", "a", 1, KEEPER_SOON | KEEPER_RESERVED);
    turn(rig, 1);
    assert_false(keeper_is_well(rig->keeper));
    assert_int_equal(keeper_next_ms(rig->keeper), INT64_MAX);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_takes_off_is_on_the_disk_before_the_frame),
        TEST(an_alert_is_on_the_disk_behind_the_frame_in_the_same_turn),
        TEST(panels_wait_for_each_other),
        TEST(an_urgent_commit_takes_the_waiting_panels_along),
        TEST(a_day_of_valid_messages_costs_a_bounded_number_of_commits),
        TEST(a_flood_of_removals_leaves_alerts_their_reserve),
        TEST(nothing_is_lost_while_the_disk_fails),
        TEST(a_failing_disk_is_tried_in_growing_steps),
        TEST(a_store_that_could_not_be_opened_at_the_start_comes_back),
        TEST(a_file_that_was_locked_at_the_start_is_read_and_then_written),
        TEST(a_read_only_disk_still_gives_its_programme),
        TEST(a_file_that_is_taken_away_is_written_anew),
        TEST(a_file_that_is_spoilt_while_it_runs_is_written_anew),
        TEST(what_can_be_read_of_a_damaged_file_is_taken_up),
        TEST(a_new_file_is_written_in_pieces_alerts_first),
        TEST(what_is_forgotten_leaves_the_file_and_raises_its_floor),
        TEST(a_screen_without_a_store_keeps_nothing_and_waits_for_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
