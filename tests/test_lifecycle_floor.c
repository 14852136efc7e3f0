/* What a screen knows of the time without trusting its clock, and what it makes
 * of it: every rule by its name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/support/alert_screen.h"

enum { HOUR = 60 };

static void the_floor_ends_what_is_over_without_a_clock(void **state)
{
    struct alert_screen *screen = alert_screen_start(false);

    (void)state;
    alert_screen_set_clock(screen, -1000 * HOUR, false);
    alert_screen_alert(screen, (struct made){.id = "a", .expires = 5 * HOUR});
    alert_screen_set_floor(screen, 5 * HOUR - 1);
    alert_screen_expect(screen, "a");
    assert_int_equal(lifecycle_next_ms(screen->lifecycle, &screen->now),
                     MADE_MINUTE_MS);
    alert_screen_wait_until(screen, -1000 * HOUR + 1);
    alert_screen_expect(screen, "");
    alert_screen_expect_ended(screen, "a", "expired");
    alert_screen_finish(screen);
}

static void no_floor_extends_an_alert(void **state)
{
    struct alert_screen *screen = alert_screen_start(false);

    (void)state;
    alert_screen_set_clock(screen, -1000 * HOUR, false);
    alert_screen_set_floor(screen, HOUR);
    alert_screen_alert(screen, (struct made){.id = "a", .expires = 2 * HOUR});
    alert_screen_set_floor(screen, -24 * HOUR); /* its key put it right */
    alert_screen_wait_until(screen, -1000 * HOUR + HOUR - 1);
    alert_screen_expect(screen, "a");
    alert_screen_wait_until(screen, -1000 * HOUR + HOUR);
    alert_screen_expect(screen, "");
    alert_screen_finish(screen);
}

/* Whoever of both is right: a trusted clock is near the floor or after it. */
static void a_trusted_clock_decides_and_not_the_floor(void **state)
{
    struct alert_screen *screen = alert_screen_start(false);

    (void)state;
    alert_screen_alert(screen, (struct made){.id = "a", .expires = HOUR});
    alert_screen_set_floor(screen, HOUR + 3);
    alert_screen_expect(screen, "a");
    alert_screen_finish(screen);
}

static void what_begins_later_begins_by_the_floor(void **state)
{
    struct alert_screen *screen = alert_screen_start(false);

    (void)state;
    alert_screen_set_clock(screen, -1000 * HOUR, false);
    alert_screen_alert(screen, (struct made){.id = "a", .effective = HOUR});
    alert_screen_expect(screen, "");
    alert_screen_set_floor(screen, HOUR);
    alert_screen_expect(screen, "a");
    alert_screen_finish(screen);
}

/* A retained message of yesterday, a replay, a row of the store. */
static void what_ended_before_the_floor_never_shows(void **state)
{
    const struct made made = {.id = "a", .expires = HOUR};

    (void)state;
    for (int live = 0; live < 2; live++) {
        struct alert_screen *screen = alert_screen_start(false);
        alert_screen_set_clock(screen, -1000 * HOUR, false);
        alert_screen_set_floor(screen, HOUR);
        struct board_taken taken = alert_screen_take(screen, made_alert(&made),
                                                     live, MADE_NONE);
        assert_int_equal(taken.effect, BOARD_REFUSED);
        alert_screen_expect(screen, "");
        alert_screen_set_clock(screen, 0, true);
        alert_screen_expect(screen, "");
        alert_screen_finish(screen);
    }
}

static void
a_stored_alert_waits_while_the_clock_is_before_the_floor(void **state)
{
    const struct made made = {.id = "a", .expires = 9 * HOUR};
    struct alert_screen *screen = alert_screen_start(false);

    (void)state;
    alert_screen_set_clock(screen, HOUR, false);
    alert_screen_set_floor(screen, 2 * HOUR);
    alert_screen_take(screen, made_alert(&made), false, 0);
    alert_screen_expect(screen, "");
    alert_screen_set_clock(screen, 3 * HOUR, true);
    alert_screen_expect(screen, "a");
    alert_screen_finish(screen);
}

/* A board without a battery starts with the time of its last shut-down. */
static void ahead_of_a_clock_that_nobody_confirms_shows_at_once(void **state)
{
    struct alert_screen *screen = alert_screen_start(false);

    (void)state;
    alert_screen_set_clock(screen, -5 * HOUR, true);
    screen->now.wall_confirmed = false;
    assert_int_equal(
        alert_screen_alert(
            screen, (struct made){.id = "a", .effective = 1, .expires = HOUR}),
        BOARD_ACCEPTED);
    assert_int_equal(
        alert_screen_alert(screen, (struct made){.id = "b", .expires = HOUR}),
        BOARD_ACCEPTED);
    /* From the next turn on the clock is not trusted. */
    screen->now.wall_trusted = false;
    alert_screen_wait_until(screen, -5 * HOUR + 1);
    alert_screen_expect(screen, "a b");
    alert_screen_wait_until(screen, -5 * HOUR + HOUR);
    alert_screen_expect(screen, "");
    alert_screen_finish(screen);
}

static void a_jump_neither_ends_nor_extends(void **state)
{
    static const int jumps[] = {24 * HOUR, -24 * HOUR, -400000};

    (void)state;
    for (size_t i = 0; i < sizeof jumps / sizeof jumps[0]; i++) {
        struct alert_screen *screen = alert_screen_start(false);
        alert_screen_alert(screen, (struct made){.id = "a", .expires = HOUR});
        alert_screen_set_clock(screen, jumps[i], false);
        alert_screen_wait_until(screen, jumps[i] + HOUR - 1);
        alert_screen_expect(screen, "a");
        alert_screen_wait_until(screen, jumps[i] + HOUR);
        alert_screen_expect(screen, "");
        alert_screen_finish(screen);
    }
}

/* The broker held it back until it was over, and somebody shook the clock. */
static void what_an_untrusted_clock_has_passed_waits_for_a_tick(void **state)
{
    const struct made made = {.id = "a", .expires = HOUR};

    (void)state;
    for (int holds = 0; holds < 2; holds++) {
        struct alert_screen *screen = alert_screen_start(false);
        alert_screen_set_clock(screen, 5 * HOUR, false);
        for (int times = 0; times < 2; times++) {
            alert_screen_alert(screen, made);
            alert_screen_expect(screen, "");
        }
        screen->now.told_ms = made_time(holds ? HOUR - 9 : 5 * HOUR);
        alert_screen_wait_until(screen, 5 * HOUR + 1);
        alert_screen_expect(screen, holds ? "a" : "");
        alert_screen_finish(screen);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_floor_ends_what_is_over_without_a_clock),
        cmocka_unit_test(no_floor_extends_an_alert),
        cmocka_unit_test(a_trusted_clock_decides_and_not_the_floor),
        cmocka_unit_test(what_begins_later_begins_by_the_floor),
        cmocka_unit_test(what_ended_before_the_floor_never_shows),
        cmocka_unit_test(
            a_stored_alert_waits_while_the_clock_is_before_the_floor),
        cmocka_unit_test(ahead_of_a_clock_that_nobody_confirms_shows_at_once),
        cmocka_unit_test(a_jump_neither_ends_nor_extends),
        cmocka_unit_test(what_an_untrusted_clock_has_passed_waits_for_a_tick),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
