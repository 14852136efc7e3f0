/* Revoking a key takes back all that it did: what it said, what it ended, what
 * it made the screen forget. And as long as it is believed, its flood costs
 * nobody else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/timestamp.h"
#include "display/core/alerts/lifecycle.h"
#include "protocol/key_list.h"
#include "tests/support/board_screen.h"

enum { HOUR = 60, DAY = 24 * HOUR, FLOOD = 2200, LIST_SEQ = 100 };

static void take_list(struct board_screen *screen, int64_t seq,
                      int64_t revoked_ms)
{
    struct key_grant grant = key_grant_of(KEY_ROLE_PANELS | KEY_ROLE_ALERTS);

    grant.revoked_ms = revoked_ms;
    json_t *const entries[] = {
        key_list_write_entry(screen->keys->stranger, "", &grant), NULL};
    board_screen_take(screen,
                      delivery_key_list(screen->keys->root, seq, 0, entries));
}

static void revoke(struct board_screen *screen)
{
    take_list(screen, LIST_SEQ + 1, MADE_EPOCH_MS);
}

/* The stolen key is known, and believed. */
static struct board_screen *begin(void **state, bool confirmed)
{
    struct board_screen *screen = *state;

    take_list(screen, LIST_SEQ, TIMESTAMP_NONE);
    screen->now.wall_confirmed = confirmed;
    return screen;
}

/* So many cancels and removals of things that never were. */
static void flood(struct board_screen *screen, int issued, int count)
{
    const struct key *stolen = screen->keys->stranger;

    for (int i = 0; i < count; i++) {
        char id[16];
        snprintf(id, sizeof id, "x%d", i);
        const struct made made = {.id = id, .issued = issued};
        board_screen_take(screen, delivery_by(stolen, made_cancel(&made)));
        board_screen_take(screen, delivery_by(stolen, made_removal(&made)));
    }
}

static void expect_open(struct board_screen *screen, const char *id)
{
    assert_int_equal(
        board_screen_alert(screen, (struct made){.id = id, .issued = 1}),
        BOARD_ACCEPTED);
    assert_int_equal(
        board_screen_panel(screen, (struct made){.id = id, .issued = 1}),
        BOARD_ACCEPTED);
}

static void what_a_stolen_key_made_a_screen_forget_is_open_again(void **state)
{
    struct board_screen *screen = begin(state, false);

    screen->now.wall_trusted = false;
    flood(screen, 300 * DAY, FLOOD);
    assert_int_equal(board_screen_alert(screen, (struct made){.id = "a1"}),
                     BOARD_REFUSED);
    assert_int_equal(screen->problem.code, PROBLEM_STALE);
    revoke(screen);
    expect_open(screen, "a2");
}

/* As the store brings watermarks back at a start. */
static void no_watermark_of_a_revoked_key_comes_back_at_a_start(void **state)
{
    struct board_screen *screen = begin(state, true);
    const struct watermark watermark = {.order_ms = made_time(300 * DAY)};
    struct watermark stolen = watermark_of(key_id(screen->keys->stranger),
                                           watermark.order_ms);

    board_screen_boot(screen);
    revoke(screen);
    for (int i = 0; i < SLOT_CLASS_COUNT; i++)
        board_raise_watermark(screen->board, (enum slot_class)i, &stolen);
    expect_open(screen, "a1");
    board_raise_watermark(screen->board, SLOT_ALERTS, &watermark);
    assert_int_equal(
        board_screen_alert(screen, (struct made){.id = "a2", .issued = 1}),
        BOARD_REFUSED);
}

/* A confirmed clock: the flood is dated as far ahead as is believed. */
static void a_flood_shuts_out_nothing_that_is_sent_after_it(void **state)
{
    struct board_screen *screen = begin(state, true);

    flood(screen, 14, FLOOD);
    board_screen_wait(screen, MADE_MINUTE_MS);
    expect_open(screen, "a1");
}

static void nobodys_flood_makes_a_screen_forget_another_key(void **state)
{
    struct board_screen *screen = begin(state, true);
    const struct made old = {.id = "a1", .issued = -9, .expires = 9 * HOUR};

    board_screen_alert(screen, old);
    board_screen_cancel(screen, (struct made){.id = "a1", .seq = 9});
    flood(screen, 14, FLOOD);
    assert_int_equal(
        board_screen_alert(screen,
                           (struct made){.id = "a1", .seq = 8, .issued = 1}),
        BOARD_REFUSED);
    assert_non_null(strstr(screen->problem.expected, "is known"));
    revoke(screen);
    assert_int_equal(board_screen_alert(screen, old), BOARD_REFUSED);
}

static void
what_a_stolen_key_cancelled_by_reference_may_come_again(void **state)
{
    struct board_screen *screen = begin(state, true);
    const struct made honest = {.id = "a1", .expires = HOUR};
    const struct made cancel = {.id = "x1", .issued = 1, .references = {"a1"}};

    board_screen_alert(screen, honest);
    board_screen_take(
        screen, delivery_by(screen->keys->stranger, made_cancel(&cancel)));
    assert_int_equal(board_figures(screen->board).alerts, 0);
    assert_int_not_equal(board_screen_alert(screen, honest), BOARD_ACCEPTED);
    revoke(screen);
    assert_int_equal(board_screen_alert(screen, honest), BOARD_ACCEPTED);
    board_screen_expect(screen, "alert a1");
}

static void what_an_honest_cancel_ended_stays_ended(void **state)
{
    struct board_screen *screen = begin(state, true);
    const struct made honest = {.id = "a1", .expires = HOUR};

    board_screen_alert(screen, honest);
    board_screen_cancel(
        screen, (struct made){.id = "c1", .issued = 1, .references = {"a1"}});
    revoke(screen);
    assert_int_not_equal(board_screen_alert(screen, honest), BOARD_ACCEPTED);
    assert_int_equal(board_figures(screen->board).alerts, 0);
}

/* A list that takes nobody's word back opens nothing, whatever the clock. */
static void what_ran_out_stays_out_when_a_list_comes(void **state)
{
    struct board_screen *screen = begin(state, false);
    const struct made made = {.id = "a1", .expires = HOUR};

    screen->now.wall_trusted = false;
    screen->now.wall_ms -= (int64_t)2 * DAY * MADE_MINUTE_MS;
    board_screen_panel(screen, (struct made){.id = "p0"});
    assert_int_equal(board_screen_alert(screen, made), BOARD_ACCEPTED);
    board_screen_wait(screen, (HOUR + 1) * MADE_MINUTE_MS);
    board_screen_expect(screen, "panel p0");
    take_list(screen, LIST_SEQ + 1, TIMESTAMP_NONE);
    assert_int_not_equal(board_screen_alert(screen, made), BOARD_ACCEPTED);
    board_screen_expect(screen, "panel p0");
}

/* It knows no revocation: a key that left its configuration is enough. */
static void a_screen_without_a_root_key_heeds_its_own_keys_alone(void **state)
{
    struct board_screen *screen = *state;
    struct key_ring *ring = &screen->keys->ring;
    const struct watermark watermark =
        watermark_of(key_id(screen->keys->stranger), made_time(300 * DAY));

    for (size_t i = 0; i < ring->count; i++)
        ring->entries[i].grant.roles &= ~(unsigned)KEY_ROLE_ROOT;
    board_screen_boot(screen);
    board_raise_watermark(screen->board, SLOT_ALERTS, &watermark);
    assert_int_equal(board_screen_alert(screen, (struct made){.id = "a1"}),
                     BOARD_ACCEPTED);
}

static void what_forged_alerts_pushed_out_may_come_again(void **state)
{
    struct board_screen *screen = begin(state, true);
    const struct made honest = {
        .id = "a1", .expires = HOUR, .level = ALERT_LEVEL_BLUE};

    board_screen_alert(screen, honest);
    for (int i = 0; i < LIFECYCLE_ALERTS_MAX; i++) {
        char id[16];
        snprintf(id, sizeof id, "x%d", i);
        const struct made red = {.id = id, .level = ALERT_LEVEL_RED};
        board_screen_take(
            screen, delivery_by(screen->keys->stranger, made_alert(&red)));
    }
    assert_int_not_equal(board_screen_alert(screen, honest), BOARD_ACCEPTED);
    revoke(screen);
    assert_int_equal(board_screen_alert(screen, honest), BOARD_ACCEPTED);
}

#define REVOKE_TEST(name)                                                      \
    cmocka_unit_test_setup_teardown(name, board_screen_start,                  \
                                    board_screen_finish)

int main(void)
{
    const struct CMUnitTest tests[] = {
        REVOKE_TEST(what_a_stolen_key_made_a_screen_forget_is_open_again),
        REVOKE_TEST(no_watermark_of_a_revoked_key_comes_back_at_a_start),
        REVOKE_TEST(a_flood_shuts_out_nothing_that_is_sent_after_it),
        REVOKE_TEST(nobodys_flood_makes_a_screen_forget_another_key),
        REVOKE_TEST(what_a_stolen_key_cancelled_by_reference_may_come_again),
        REVOKE_TEST(what_an_honest_cancel_ended_stays_ended),
        REVOKE_TEST(what_ran_out_stays_out_when_a_list_comes),
        REVOKE_TEST(a_screen_without_a_root_key_heeds_its_own_keys_alone),
        REVOKE_TEST(what_forged_alerts_pushed_out_may_come_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
