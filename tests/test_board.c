/* The board as the loop sees it, with real keys: sequence numbers, take-over
 * and return, sleep, restarts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/timestamp.h"
#include "tests/support/board_screen.h"

enum { HOUR = 60 };

static void the_same_message_twice_changes_nothing(void **state)
{
    struct board_screen *screen = *state;
    const struct made made = {.id = "a1"};

    board_screen_alert(screen, made);
    uint64_t showing = board_scene(screen->board, &screen->now).showing;
    assert_int_equal(board_screen_alert(screen, made), BOARD_DUPLICATE);
    board_screen_panel(screen, (struct made){.id = "p1"});
    assert_int_equal(board_screen_panel(screen, (struct made){.id = "p1"}),
                     BOARD_DUPLICATE);
    assert_int_equal(board_scene(screen->board, &screen->now).showing, showing);
}

static void the_same_number_with_another_body_is_refused(void **state)
{
    struct board_screen *screen = *state;

    board_screen_alert(screen, (struct made){.id = "a1"});
    assert_int_equal(
        board_screen_alert(
            screen, (struct made){.id = "a1", .level = ALERT_LEVEL_BLUE}),
        BOARD_REFUSED);
    assert_int_equal(screen->problem.code, PROBLEM_STALE);
    board_screen_panel(screen, (struct made){.id = "p1"});
    assert_int_equal(
        board_screen_panel(screen, (struct made){.id = "p1", .order = 5}),
        BOARD_REFUSED);
}

static void a_lower_number_is_refused(void **state)
{
    struct board_screen *screen = *state;

    board_screen_panel(screen, (struct made){.id = "p1", .seq = 7});
    assert_int_equal(
        board_screen_panel(screen, (struct made){.id = "p1", .seq = 6}),
        BOARD_REFUSED);
    assert_int_equal(screen->problem.code, PROBLEM_STALE);
    /* A removal does not free the number. */
    const struct made removal = {.id = "p1", .seq = 8};
    assert_int_equal(
        board_screen_take(screen,
                          delivery_of(screen->keys, made_removal(&removal)))
            .effect,
        BOARD_TOOK_OFF);
    assert_int_equal(
        board_screen_panel(screen, (struct made){.id = "p1", .seq = 7}),
        BOARD_REFUSED);
    board_screen_expect(screen, "plain");
}

static void scopes_of_a_panel_count_their_own_numbers(void **state)
{
    struct board_screen *screen = *state;

    board_screen_panel(screen, (struct made){.id = "p1", .seq = 9});
    assert_int_equal(
        board_screen_panel(
            screen, (struct made){.id = "p1", .seq = 2, .scope = "screen-s1"}),
        BOARD_ACCEPTED);
    assert_string_equal(board_scene(screen->board, &screen->now).message->scope,
                        "screen-s1");
}

static void bad_input_changes_nothing(void **state)
{
    static const char *const bodies[] = {
        "",         "{",
        "[]",       "{\"gaoshi\":1}",
        "\xFF\xFE", "{\"gaoshi\":1,\"kind\":\"alert\",\"kind\":\"alert\"}",
    };
    struct board_screen *screen = *state;

    board_screen_panel(screen, (struct made){.id = "p1"});
    board_screen_alert(screen, (struct made){.id = "a1"});
    uint64_t showing = board_scene(screen->board, &screen->now).showing;
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
        struct board_intake intake = board_screen_take(
            screen,
            delivery_sign(screen->keys->alerts,
                          "gaoshi/1/erqi/down/all/alert/a1", bodies[i]));
        assert_int_equal(intake.effect, BOARD_REFUSED);
        assert_false(intake.keep);
        assert_string_equal(intake.id, "a1");
        assert_string_equal(screen->problem.place,
                            "gaoshi/1/erqi/down/all/alert/a1");
        assert_true(screen->problem.expected[0] != '\0');
    }
    board_screen_expect(screen, "alert a1");
    assert_int_equal(board_scene(screen->board, &screen->now).showing, showing);
}

static void an_alert_takes_the_glass_at_once_and_gives_it_back(void **state)
{
    struct board_screen *screen = *state;

    board_screen_panel(screen, (struct made){.id = "p1"});
    board_screen_panel(screen, (struct made){.id = "p2", .order = 1});
    board_screen_wait(screen, BOARD_SCREEN_DWELL_MS);
    board_screen_expect(screen, "panel p2");
    assert_int_equal(board_screen_alert(screen, (struct made){.id = "a1"}),
                     BOARD_ACCEPTED);
    board_screen_expect(screen, "alert a1");
    board_screen_wait(screen, 10 * BOARD_SCREEN_DWELL_MS);
    assert_int_equal(
        board_screen_cancel(screen, (struct made){.id = "a1", .seq = 2}),
        BOARD_TOOK_OFF);
    board_screen_expect(screen, "clear a1");
    struct scene scene = board_scene(screen->board, &screen->now);
    assert_int_equal(board_screen_wait(screen, 0),
                     1); /* what ended is told once */
    assert_int_equal(board_screen_wait(screen, BOARD_SCREEN_CLEAR_MS - 1), 0);
    board_screen_expect(screen, "clear a1");
    board_screen_wait(screen, 1);
    board_screen_expect(screen, "panel p2");
    assert_int_equal(board_scene(screen->board, &screen->now).showing,
                     scene.showing + 1);
}

static void the_loop_may_sleep_until_the_scene_changes(void **state)
{
    struct board_screen *screen = *state;

    board_screen_panel(screen, (struct made){.id = "p1", .expires = 5});
    assert_int_equal(board_scene(screen->board, &screen->now).next_ms,
                     5 * MADE_MINUTE_MS);
    board_screen_alert(screen,
                       (struct made){.id = "a1", .issued = -1, .expires = 3});
    assert_int_equal(board_scene(screen->board, &screen->now).next_ms,
                     3 * MADE_MINUTE_MS);
    board_screen_panel(screen, (struct made){.id = "p2", .effective = 2});
    assert_int_equal(board_scene(screen->board, &screen->now).next_ms,
                     2 * MADE_MINUTE_MS);
    board_screen_wait(screen, 2 * MADE_MINUTE_MS);
    board_screen_wait(screen, MADE_MINUTE_MS);
    board_screen_expect(screen, "panel p1");
    assert_int_equal(board_scene(screen->board, &screen->now).next_ms,
                     3 * MADE_MINUTE_MS + BOARD_SCREEN_DWELL_MS);
}

static void what_was_kept_stands_again_after_a_restart(void **state)
{
    struct board_screen *screen = *state;
    const struct made made = {.id = "p1", .seq = 4};
    const struct made flood = {.id = "a1", .expires = 2 * HOUR};
    struct delivery rows[] = {
        delivery_of(screen->keys, made_panel(&made)),
        delivery_of(screen->keys, made_alert(&flood)),
        delivery_text(screen->keys->commands, "gaoshi/1/erqi/command/s1",
                      "command", 3, 0, "{'verb':'restart'}"),
    };

    screen->now.wall_ms += HOUR * MADE_MINUTE_MS;
    for (size_t i = 0; i < 3; i++) {
        struct board_intake intake =
            receive_row(screen->board, rows[i].topic, rows[i].payload,
                        rows[i].bytes, made_time(1), &screen->now, NULL);
        assert_int_equal(intake.effect, i < 2 ? BOARD_ACCEPTED : BOARD_NOTED);
    }
    board_screen_expect(screen, "alert a1");
    assert_int_equal(board_figures(screen->board).panels, 1);
    assert_int_equal(board_figures(screen->board).alerts, 1);
    /* The news is as old as the newest row. */
    assert_int_equal(board_figures(screen->board).news_ms, made_time(1));
    assert_true(board_figures(screen->board).news_mono_ms == TIMESTAMP_NONE);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(board_screen_take(screen, rows[i]).effect,
                         BOARD_DUPLICATE);
    assert_int_equal(
        board_screen_panel(screen, (struct made){.id = "p1", .seq = 3}),
        BOARD_REFUSED);
    board_screen_wait(screen, HOUR * MADE_MINUTE_MS);
    board_screen_expect(screen, "panel p1");
}

static void more_than_fits_is_told_at_the_next_advance(void **state)
{
    struct board_screen *screen = *state;

    for (int i = 0; i < BOARD_ENDED_MAX + 3; i++) {
        char id[16];
        snprintf(id, sizeof id, "p%d", i);
        board_screen_panel(screen, (struct made){.id = id, .expires = 1});
    }
    assert_int_equal(board_screen_wait(screen, MADE_MINUTE_MS),
                     BOARD_ENDED_MAX);
    assert_int_equal(board_scene(screen->board, &screen->now).next_ms,
                     screen->now.mono_ms);
    assert_int_equal(board_screen_wait(screen, 0), 3);
    assert_true(board_scene(screen->board, &screen->now).next_ms == INT64_MAX);
}

#define BOARD_TEST(name)                                                       \
    cmocka_unit_test_setup_teardown(name, board_screen_start,                  \
                                    board_screen_finish)

/* Verified on the network's thread with the keys of then, taken in by those of
 * now. */
static void what_was_verified_is_refused_by_keys_that_changed(void **state)
{
    struct board_screen *screen = *state;
    struct key_ring *ring = &screen->keys->ring;
    const struct trust trust = {ring, &delivery_screen};
    struct delivery delivery =
        delivery_of(screen->keys, made_alert(&(struct made){.id = "a1"}));
    struct verified_message first, second;
    struct problem problem = {0};

    assert_true(verified_message_init(&first, &trust, delivery.topic,
                                      delivery.payload, delivery.bytes,
                                      &problem));
    assert_true(verified_message_init(&second, &trust, delivery.topic,
                                      delivery.payload, delivery.bytes,
                                      &problem));
    for (size_t i = 0; i < ring->count; i++)
        ring->entries[i].grant.revoked_ms = MADE_EPOCH_MS;
    board_screen_boot(screen);
    struct board_intake intake = board_take(
        screen->board, &first, screen->now.wall_ms, &screen->now, &problem);
    assert_int_equal(intake.effect, BOARD_REFUSED);
    assert_string_equal(intake.id, "a1");
    assert_int_equal(problem.code, PROBLEM_AUTHORITY);
    assert_null(first.message);
    key_ring_finish(ring);
    *ring = (struct key_ring){.count = 0};
    board_screen_boot(screen);
    assert_int_equal(board_take(screen->board, &second, screen->now.wall_ms,
                                &screen->now, &problem)
                         .effect,
                     BOARD_REFUSED);
    assert_int_equal(problem.code, PROBLEM_SIGNATURE);
    assert_null(second.message);
    delivery_finish(&delivery);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOARD_TEST(the_same_message_twice_changes_nothing),
        BOARD_TEST(the_same_number_with_another_body_is_refused),
        BOARD_TEST(a_lower_number_is_refused),
        BOARD_TEST(scopes_of_a_panel_count_their_own_numbers),
        BOARD_TEST(bad_input_changes_nothing),
        BOARD_TEST(an_alert_takes_the_glass_at_once_and_gives_it_back),
        BOARD_TEST(the_loop_may_sleep_until_the_scene_changes),
        BOARD_TEST(what_was_kept_stands_again_after_a_restart),
        BOARD_TEST(more_than_fits_is_told_at_the_next_advance),
        BOARD_TEST(what_was_verified_is_refused_by_keys_that_changed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
