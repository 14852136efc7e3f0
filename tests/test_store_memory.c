/* What a screen must not forget, however much comes: board, keeper and file
 * together, with real keys, across restarts. Each test is an attack by somebody
 * who holds old messages, or a key that may say less than it would like. */
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

#include "display/core/alerts/lifecycle.h"
#include "display/edge/store/keeper.h"
#include "tests/support/board_screen.h"
#include "tests/support/disk.h"
#include "tests/support/folder.h"
#include "tests/support/slot_rows.h"

/* In minutes. So far ahead of a screen's clock a panel is believed. */
enum { HOUR = 60, FUTURE = 23 * HOUR };

struct rig {
    struct board_screen *screen;
    struct keeper *keeper;
    char *folder, *file;
};

static struct board_intake recall(void *context, const struct slot_row *row,
                                  const struct moment *now)
{
    struct rig *rig = context;
    struct problem problem = {0};

    return receive_row(rig->screen->board, row->topic, row->payload, row->bytes,
                       row->received_ms, now, &problem);
}

static void raise_watermark(void *context, enum slot_class class,
                            const struct watermark *watermark)
{
    struct rig *rig = context;

    board_raise_watermark(rig->screen->board, class, watermark);
}

static void start(struct rig *rig)
{
    const struct keeper_judge judge = {
        .context = rig,
        .recall = recall,
        .raise_watermark = raise_watermark,
    };

    rig->keeper = keeper_create(rig->file, board_slots(rig->screen->board),
                                &judge);
    assert_non_null(rig->keeper);
    keeper_start(rig->keeper, &rig->screen->now);
}

static void restart(struct rig *rig)
{
    keeper_destroy(rig->keeper, &rig->screen->now);
    board_screen_boot(rig->screen);
    start(rig);
}

static int set_up(void **state)
{
    static struct rig rig;
    void *screen = NULL;

    board_screen_start(&screen);
    rig = (struct rig){.screen = screen, .folder = folder_make()};
    rig.file = folder_path(rig.folder, "store.db");
    disk_install(rig.folder);
    disk_reset();
    start(&rig);
    *state = &rig;
    return 0;
}

static int tear_down(void **state)
{
    struct rig *rig = *state;
    void *screen = rig->screen;

    keeper_destroy(rig->keeper, &rig->screen->now);
    board_screen_finish(&screen);
    folder_remove(rig->folder);
    free(rig->file);
    free(rig->folder);
    return 0;
}

/* Over the line, as the feed does it. */
static enum board_effect take(struct rig *rig, struct message *message)
{
    struct board_screen *screen = rig->screen;
    struct delivery delivery = delivery_of(screen->keys, message);

    screen->problem = (struct problem){0};
    struct board_intake judged = receive_message(
        screen->board, delivery.topic, delivery.payload, delivery.bytes,
        screen->now.wall_ms, &screen->now, &screen->problem);
    const struct slot_row row = {
        .slot = judged.slot,
        .topic = delivery.topic,
        .payload = delivery.payload,
        .bytes = delivery.bytes,
        .seq = judged.seq,
        .received_ms = screen->now.wall_ms,
        .order_ms = judged.order_ms,
        .ends_ms = judged.ends_ms,
    };
    if (judged.keep)
        keeper_put(rig->keeper, &row, KEEPER_SOON);
    delivery_finish(&delivery);
    return judged.effect;
}

static enum board_effect alert(struct rig *rig, struct made made)
{
    return take(rig, made_alert(&made));
}

static enum board_effect cancel(struct rig *rig, struct made made)
{
    return take(rig, made_cancel(&made));
}

static enum board_effect panel(struct rig *rig, struct made made)
{
    return take(rig, made_panel(&made));
}

static enum board_effect removal(struct rig *rig, struct made made)
{
    return take(rig, made_removal(&made));
}

/* More slots than anybody remembers. */
static void flood_with_removals(struct rig *rig, int issued)
{
    char id[32];

    for (int i = 0; i < SLOT_PANELS_MAX + 50; i++) {
        snprintf(id, sizeof id, "flood%d", i);
        removal(rig, (struct made){.id = id, .issued = issued});
    }
}

static void flood_with_cancels(struct rig *rig, int issued)
{
    char id[32];

    for (int i = 0; i < SLOT_ALERTS_MAX + 50; i++) {
        snprintf(id, sizeof id, "flood%d", i);
        cancel(rig, (struct made){.id = id, .issued = issued});
    }
}

static void a_removed_panel_stays_away_after_a_flood_and_a_restart(void **state)
{
    struct rig *rig = *state;
    const struct made old = {.id = "p1", .issued = -9};

    panel(rig, old);
    removal(rig, (struct made){.id = "p1", .seq = 2, .issued = -8});
    flood_with_removals(rig, -1);
    restart(rig);
    assert_int_equal(panel(rig, old), BOARD_REFUSED);
    board_screen_expect(rig->screen, "plain");
    assert_int_equal(panel(rig, (struct made){.id = "p2"}), BOARD_ACCEPTED);
}

static void
a_cancelled_alert_stays_away_after_a_flood_and_a_restart(void **state)
{
    struct rig *rig = *state;
    const struct made old = {.id = "a1", .issued = -9, .expires = 9 * HOUR};

    alert(rig, old);
    cancel(rig, (struct made){.id = "a1", .seq = 2, .issued = -8});
    flood_with_cancels(rig, -1);
    restart(rig);
    assert_int_equal(alert(rig, old), BOARD_REFUSED);
    assert_int_equal(alert(rig, (struct made){.id = "a2"}), BOARD_ACCEPTED);
    board_screen_expect(rig->screen, "alert a2");
}

/* The cancel names the alert, but has another id: two rows. */
static void an_alert_cancelled_by_reference_stays_away_too(void **state)
{
    struct rig *rig = *state;
    const struct made old = {.id = "a1", .issued = -9, .expires = 9 * HOUR};

    alert(rig, old);
    cancel(rig, (struct made){.id = "c1", .issued = -8, .references = {"a1"}});
    restart(rig);
    assert_int_not_equal(alert(rig, old), BOARD_ACCEPTED);
    flood_with_cancels(rig, -1);
    restart(rig);
    assert_int_not_equal(alert(rig, old), BOARD_ACCEPTED);
    board_screen_expect(rig->screen, "plain");
}

static void a_flood_takes_no_live_alert_and_no_programme(void **state)
{
    struct rig *rig = *state;

    panel(rig, (struct made){.id = "p1", .issued = -5000});
    alert(rig, (struct made){.id = "a1",
                             .issued = -60,
                             .expires = 9 * HOUR,
                             .level = ALERT_LEVEL_BLUE});
    flood_with_removals(rig, -1);
    flood_with_cancels(rig, -1);
    restart(rig);
    struct board_figures figures = board_figures(rig->screen->board);
    assert_int_equal(figures.panels, 1);
    assert_int_equal(figures.alerts, 1);
    board_screen_expect(rig->screen, "alert a1");
}

/* A key for panels against alerts: none is forgotten, none is refused. */
static void panels_cannot_make_a_screen_forget_a_cancel(void **state)
{
    struct rig *rig = *state;
    const struct made old = {.id = "a1", .issued = -9, .expires = 9 * HOUR};

    alert(rig, old);
    cancel(rig, (struct made){.id = "a1", .seq = 2, .issued = -8});
    flood_with_removals(rig, FUTURE);
    assert_int_equal(alert(rig, old), BOARD_REFUSED);
    restart(rig);
    assert_int_equal(alert(rig, old), BOARD_REFUSED);
}

static void panels_of_the_future_cannot_shut_out_anything(void **state)
{
    struct rig *rig = *state;

    flood_with_removals(rig, FUTURE);
    for (int i = 1; i <= 2; i++) {
        struct made made = {.id = i == 1 ? "a1" : "a2", .issued = 16 * i};
        board_screen_wait(rig->screen, 16 * MADE_MINUTE_MS);
        assert_int_equal(alert(rig, made), BOARD_ACCEPTED);
        assert_int_equal(panel(rig, made), BOARD_ACCEPTED);
        restart(rig);
    }
    assert_int_equal(board_figures(rig->screen->board).alerts, 2);
    assert_int_equal(board_figures(rig->screen->board).panels, 2);
}

/* One topic, three slots. */
static void
a_drill_with_the_id_of_a_cancelled_alert_does_not_free_it(void **state)
{
    struct rig *rig = *state;
    const struct made old = {.id = "a1", .issued = -9, .expires = 9 * HOUR};

    alert(rig, old);
    cancel(rig, (struct made){.id = "a1", .seq = 2, .issued = -8});
    alert(rig, (struct made){.id = "a1",
                             .seq = 3,
                             .issued = -7,
                             .status = ALERT_STATUS_EXERCISE});
    restart(rig);
    assert_int_equal(alert(rig, old), BOARD_REFUSED);
    board_screen_expect(rig->screen, "alert a1");
}

static void a_high_water_mark_survives_an_update_and_a_restart(void **state)
{
    struct rig *rig = *state;

    panel(rig, (struct made){.id = "p1", .seq = 5, .issued = -9});
    panel(rig, (struct made){.id = "p1", .seq = 9, .issued = -8});
    restart(rig);
    assert_int_equal(
        panel(rig, (struct made){.id = "p1", .seq = 8, .issued = -7}),
        BOARD_REFUSED);
    assert_int_equal(
        panel(rig, (struct made){.id = "p1", .seq = 10, .issued = -6}),
        BOARD_ACCEPTED);
}

static void put_as_version_1(sqlite3 *database, struct delivery delivery)
{
    sqlite3_stmt *put = NULL;

    assert_int_equal(sqlite3_prepare_v2(database,
                                        "INSERT INTO slot VALUES "
                                        "(?1, 0, ?2, 1, ?3)",
                                        -1, &put, NULL),
                     SQLITE_OK);
    sqlite3_bind_text(put, 1, delivery.topic, -1, SQLITE_STATIC);
    sqlite3_bind_blob(put, 2, delivery.payload, (int)delivery.bytes,
                      SQLITE_STATIC);
    sqlite3_bind_int64(put, 3, MADE_EPOCH_MS);
    assert_int_equal(sqlite3_step(put), SQLITE_DONE);
    sqlite3_finalize(put);
    delivery_finish(&delivery);
}

/* As an update of the program finds it. */
static void a_store_of_version_1_is_taken_up(void **state)
{
    struct rig *rig = *state;
    const struct made made = {.id = "a1", .issued = -1};
    const struct made gone = {.id = "a2", .issued = -1};
    sqlite3 *database = NULL;

    keeper_destroy(rig->keeper, &rig->screen->now);
    unlink(rig->file);
    assert_int_equal(sqlite3_open(rig->file, &database), SQLITE_OK);
    assert_int_equal(
        sqlite3_exec(database,
                     "CREATE TABLE slot (topic TEXT PRIMARY KEY, alert INTEGER "
                     "NOT NULL, payload BLOB NOT NULL, seq INTEGER NOT NULL, "
                     "received_ms INTEGER NOT NULL); PRAGMA user_version = 1",
                     NULL, NULL, NULL),
        SQLITE_OK);
    put_as_version_1(database,
                     delivery_of(rig->screen->keys, made_alert(&made)));
    put_as_version_1(database,
                     delivery_of(rig->screen->keys, made_panel(&made)));
    put_as_version_1(database,
                     delivery_of(rig->screen->keys, made_cancel(&gone)));
    sqlite3_close(database);
    start(rig);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(board_figures(rig->screen->board).alerts, 1);
        assert_int_equal(board_figures(rig->screen->board).panels, 1);
        assert_int_equal(alert(rig, gone), BOARD_REFUSED);
        assert_int_equal(alert(rig, made), BOARD_DUPLICATE);
        restart(rig);
    }
    keeper_destroy(rig->keeper, &rig->screen->now);
    rig->keeper = NULL;
    struct slot_rows_loaded loaded;
    assert_true(slot_rows_load_file(rig->file, &loaded));
    assert_int_equal(loaded.count, 3);
}

static void put_as_version_2(sqlite3 *database, const char *slot,
                             struct delivery delivery)
{
    sqlite3_stmt *put = NULL;

    assert_int_equal(sqlite3_prepare_v2(database,
                                        "INSERT INTO kept VALUES "
                                        "(?1, ?2, ?3, 1, ?4, ?4, ?5)",
                                        -1, &put, NULL),
                     SQLITE_OK);
    sqlite3_bind_text(put, 1, slot, -1, SQLITE_STATIC);
    sqlite3_bind_text(put, 2, delivery.topic, -1, SQLITE_STATIC);
    sqlite3_bind_blob(put, 3, delivery.payload, (int)delivery.bytes,
                      SQLITE_STATIC);
    sqlite3_bind_int64(put, 4, MADE_EPOCH_MS - MADE_MINUTE_MS);
    sqlite3_bind_int64(put, 5, INT64_MAX);
    assert_int_equal(sqlite3_step(put), SQLITE_DONE);
    sqlite3_finalize(put);
    delivery_finish(&delivery);
}

/* Rows and watermarks as versions wrote them that had two memories for them. */
static void a_store_of_version_2_is_taken_up(void **state)
{
    struct rig *rig = *state;
    const struct made made = {.id = "a1", .issued = -1};
    char sql[512], slot[SLOT_NAME_BYTES];
    const struct delivery_keys *keys = rig->screen->keys;
    sqlite3 *database = NULL;

    keeper_destroy(rig->keeper, &rig->screen->now);
    unlink(rig->file);
    assert_int_equal(sqlite3_open(rig->file, &database), SQLITE_OK);
    snprintf(sql, sizeof sql,
             "CREATE TABLE kept (slot TEXT PRIMARY KEY NOT NULL, topic TEXT "
             "NOT NULL, payload BLOB NOT NULL, seq INTEGER NOT NULL, "
             "received_ms INTEGER NOT NULL, order_ms INTEGER NOT NULL, "
             "ends_ms INTEGER NOT NULL);"
             "CREATE TABLE floor (class TEXT PRIMARY KEY NOT NULL, order_ms "
             "INTEGER NOT NULL);"
             "INSERT INTO floor VALUES ('panels/%s', %lld), ('alerts', %lld);"
             "PRAGMA user_version = 2",
             key_id(keys->panels),
             (long long)(MADE_EPOCH_MS - 30 * MADE_MINUTE_MS),
             (long long)(MADE_EPOCH_MS - 60 * MADE_MINUTE_MS));
    assert_int_equal(sqlite3_exec(database, sql, NULL, NULL, NULL), SQLITE_OK);
    lifecycle_slot(ALERT_STATUS_ACTUAL, "a1", key_id(keys->alerts), slot);
    put_as_version_2(database, slot, delivery_of(keys, made_alert(&made)));
    put_as_version_2(database, "panel/all/a1",
                     delivery_of(keys, made_panel(&made)));
    sqlite3_close(database);
    start(rig);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(board_figures(rig->screen->board).alerts, 1);
        assert_int_equal(board_figures(rig->screen->board).panels, 1);
        assert_int_equal(alert(rig, made), BOARD_DUPLICATE);
        assert_int_equal(panel(rig, made), BOARD_DUPLICATE);
        assert_int_equal(panel(rig, (struct made){.id = "old", .issued = -31}),
                         BOARD_REFUSED);
        assert_int_equal(alert(rig, (struct made){.id = "old", .issued = -61}),
                         BOARD_REFUSED);
        restart(rig);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_removed_panel_stays_away_after_a_flood_and_a_restart),
        TEST(a_cancelled_alert_stays_away_after_a_flood_and_a_restart),
        TEST(an_alert_cancelled_by_reference_stays_away_too),
        TEST(a_flood_takes_no_live_alert_and_no_programme),
        TEST(panels_cannot_make_a_screen_forget_a_cancel),
        TEST(panels_of_the_future_cannot_shut_out_anything),
        TEST(a_drill_with_the_id_of_a_cancelled_alert_does_not_free_it),
        TEST(a_high_water_mark_survives_an_update_and_a_restart),
        TEST(a_store_of_version_1_is_taken_up),
        TEST(a_store_of_version_2_is_taken_up),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
