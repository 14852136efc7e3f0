/* Drills, the order of several alerts, 解除: every rule by its
 * name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/support/alert_screen.h"

enum { HOUR = 60 };

static void drills_show_only_where_they_are_allowed(void **state)
{
    (void)state;
    for (int allowed = 0; allowed < 2; allowed++) {
        struct alert_screen *screen = alert_screen_start(allowed);
        enum board_effect effect = alert_screen_alert(
            screen, (struct made){.id = "x", .status = ALERT_STATUS_EXERCISE});
        assert_int_equal(effect, allowed ? BOARD_ACCEPTED : BOARD_REFUSED);
        effect = alert_screen_alert(
            screen, (struct made){.id = "t", .status = ALERT_STATUS_TEST});
        assert_int_equal(effect, allowed ? BOARD_ACCEPTED : BOARD_REFUSED);
        alert_screen_expect(screen, allowed ? "t x" : "");
        alert_screen_finish(screen);
    }
}

static void a_drill_ends_no_actual_alert(void **state)
{
    struct alert_screen *screen = alert_screen_start(true);

    (void)state;
    alert_screen_alert(screen, (struct made){.id = "a"});
    alert_screen_cancel(screen, (struct made){.id = "a",
                                              .seq = 2,
                                              .issued = 1,
                                              .status = ALERT_STATUS_EXERCISE});
    alert_screen_alert(screen, (struct made){.id = "b",
                                             .issued = 2,
                                             .status = ALERT_STATUS_TEST,
                                             .references = {"a"}});
    alert_screen_expect(screen, "a");
    alert_screen_finish(screen);
}

static void an_actual_cancel_ends_a_drill(void **state)
{
    struct alert_screen *screen = alert_screen_start(true);

    (void)state;
    alert_screen_alert(
        screen, (struct made){.id = "x", .status = ALERT_STATUS_EXERCISE});
    alert_screen_look(screen);
    alert_screen_cancel(screen,
                        (struct made){.id = "x", .seq = 2, .issued = 1});
    alert_screen_expect(screen, "");
    alert_screen_expect_clear(screen, "x");
    /* And its 解除 keeps the mark of the drill. */
    assert_int_equal(lifecycle_clear(screen->lifecycle)->cancel.status,
                     ALERT_STATUS_EXERCISE);
    alert_screen_finish(screen);
}

static void a_drill_gives_way_to_an_actual_alert(void **state)
{
    struct alert_screen *screen = alert_screen_start(true);

    (void)state;
    alert_screen_alert(
        screen, (struct made){.id = "x", .status = ALERT_STATUS_EXERCISE});
    alert_screen_alert(
        screen,
        (struct made){.id = "a", .level = ALERT_LEVEL_BLUE, .expires = HOUR});
    alert_screen_expect(screen, "a");
    alert_screen_wait_until(screen, HOUR);
    alert_screen_expect(screen, "x");
    alert_screen_finish(screen);
}

static void the_gravest_leads_then_urgency_then_the_newest(void **state)
{
    struct alert_screen *screen = alert_screen_start(false);

    (void)state;
    alert_screen_alert(screen,
                       (struct made){.id = "blue", .level = ALERT_LEVEL_BLUE});
    alert_screen_alert(screen,
                       (struct made){.id = "old", .level = ALERT_LEVEL_ORANGE});
    alert_screen_alert(screen, (struct made){.id = "red"});
    alert_screen_alert(
        screen,
        (struct made){.id = "new", .issued = 1, .level = ALERT_LEVEL_ORANGE});
    alert_screen_alert(screen, (struct made){.id = "later",
                                             .issued = 2,
                                             .level = ALERT_LEVEL_ORANGE,
                                             .urgency = ALERT_URGENCY_FUTURE});
    alert_screen_alert(screen, (struct made){.id = "unsure",
                                             .issued = 2,
                                             .level = ALERT_LEVEL_ORANGE,
                                             .urgency = ALERT_URGENCY_UNKNOWN});
    alert_screen_expect(screen, "red new old unsure later blue");
    alert_screen_finish(screen);
}

static void an_unknown_level_ranks_as_yellow(void **state)
{
    struct alert_screen *screen = alert_screen_start(false);

    (void)state;
    alert_screen_alert(
        screen,
        (struct made){.id = "blue", .issued = 3, .level = ALERT_LEVEL_BLUE});
    alert_screen_alert(screen, (struct made){.id = "unknown",
                                             .issued = 2,
                                             .level = ALERT_LEVEL_UNKNOWN});
    alert_screen_alert(screen, (struct made){.id = "yellow",
                                             .issued = 1,
                                             .level = ALERT_LEVEL_YELLOW});
    alert_screen_alert(
        screen, (struct made){.id = "orange", .level = ALERT_LEVEL_ORANGE});
    alert_screen_expect(screen, "orange unknown yellow blue");
    alert_screen_finish(screen);
}

static void ending_one_reveals_the_next(void **state)
{
    struct alert_screen *screen = alert_screen_start(false);

    (void)state;
    alert_screen_alert(screen, (struct made){.id = "a", .expires = HOUR});
    alert_screen_alert(screen,
                       (struct made){.id = "b", .level = ALERT_LEVEL_BLUE});
    alert_screen_expect(screen, "a b");
    alert_screen_wait_until(screen, HOUR);
    alert_screen_expect(screen, "b");
    alert_screen_cancel(screen,
                        (struct made){.id = "b", .seq = 2, .issued = HOUR});
    alert_screen_expect(screen, "");
    alert_screen_finish(screen);
}

static void clear_stands_for_a_bounded_time(void **state)
{
    struct alert_screen *screen = alert_screen_start(false);

    (void)state;
    alert_screen_alert(screen, (struct made){.id = "a"});
    alert_screen_look(screen);
    alert_screen_cancel(screen, (struct made){.id = "a", .seq = 2});
    alert_screen_expect_clear(screen, "a");
    assert_int_equal(lifecycle_next_ms(screen->lifecycle, &screen->now),
                     ALERT_SCREEN_CLEAR_MINUTES * MADE_MINUTE_MS);
    alert_screen_wait_until(screen, ALERT_SCREEN_CLEAR_MINUTES);
    alert_screen_expect_clear(screen, NULL);
    alert_screen_finish(screen);
}

static void clear_is_told_only_of_what_was_on_the_glass(void **state)
{
    struct alert_screen *screen = alert_screen_start(false);

    (void)state;
    alert_screen_alert(screen, (struct made){.id = "a"});
    alert_screen_cancel(screen, (struct made){.id = "a", .seq = 2});
    alert_screen_expect_clear(screen, NULL);
    alert_screen_alert(screen, (struct made){.id = "b", .expires = 1});
    alert_screen_look(screen);
    alert_screen_wait_until(screen, 1);
    alert_screen_cancel(screen,
                        (struct made){.id = "b", .seq = 2, .issued = 1});
    alert_screen_expect_clear(screen, NULL);
    alert_screen_finish(screen);
}

static void clear_is_told_when_an_update_of_it_was_to_come(void **state)
{
    struct alert_screen *screen = alert_screen_start(false);

    (void)state;
    alert_screen_alert(screen, (struct made){.id = "a"});
    alert_screen_look(screen);
    alert_screen_alert(
        screen, (struct made){.id = "b", .issued = 1, .references = {"a"}});
    alert_screen_cancel(screen,
                        (struct made){.id = "b", .seq = 2, .issued = 2});
    alert_screen_expect_clear(screen, "b");
    alert_screen_finish(screen);
}

static void clear_never_hides_a_graver_alert(void **state)
{
    struct alert_screen *screen = alert_screen_start(false);

    (void)state;
    alert_screen_alert(screen, (struct made){.id = "red"});
    alert_screen_alert(screen,
                       (struct made){.id = "blue", .level = ALERT_LEVEL_BLUE});
    alert_screen_look(screen);
    alert_screen_cancel(screen, (struct made){.id = "blue", .seq = 2});
    alert_screen_expect_clear(screen, NULL);
    alert_screen_cancel(screen, (struct made){.id = "red", .seq = 2});
    alert_screen_expect_clear(screen, "red");
    alert_screen_finish(screen);
}

static void clear_knows_the_gravest_alert_that_it_ended(void **state)
{
    struct alert_screen *screen = alert_screen_start(false);

    (void)state;
    alert_screen_alert(screen,
                       (struct made){.id = "b", .level = ALERT_LEVEL_YELLOW});
    alert_screen_alert(screen,
                       (struct made){.id = "a", .level = ALERT_LEVEL_ORANGE});
    alert_screen_look(screen);
    alert_screen_cancel(
        screen,
        (struct made){.id = "c", .issued = 1, .references = {"a", "b"}});
    const struct message *clear = lifecycle_clear(screen->lifecycle);
    assert_non_null(clear);
    assert_non_null(clear->cancel.ended);
    assert_int_equal(clear->cancel.ended->kind, MESSAGE_ALERT);
    assert_string_equal(clear->cancel.ended->id, "a");
    assert_int_equal(clear->cancel.ended->alert.level, ALERT_LEVEL_ORANGE);
    alert_screen_finish(screen);
}

static void a_new_alert_ends_clear(void **state)
{
    struct alert_screen *screen = alert_screen_start(false);

    (void)state;
    alert_screen_alert(screen, (struct made){.id = "a"});
    alert_screen_look(screen);
    alert_screen_cancel(screen, (struct made){.id = "a", .seq = 2});
    alert_screen_alert(screen,
                       (struct made){.id = "b", .level = ALERT_LEVEL_BLUE});
    alert_screen_expect_clear(screen, NULL);
    alert_screen_expect(screen, "b");
    alert_screen_finish(screen);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(drills_show_only_where_they_are_allowed),
        cmocka_unit_test(a_drill_ends_no_actual_alert),
        cmocka_unit_test(an_actual_cancel_ends_a_drill),
        cmocka_unit_test(a_drill_gives_way_to_an_actual_alert),
        cmocka_unit_test(the_gravest_leads_then_urgency_then_the_newest),
        cmocka_unit_test(an_unknown_level_ranks_as_yellow),
        cmocka_unit_test(ending_one_reveals_the_next),
        cmocka_unit_test(clear_stands_for_a_bounded_time),
        cmocka_unit_test(clear_is_told_only_of_what_was_on_the_glass),
        cmocka_unit_test(clear_is_told_when_an_update_of_it_was_to_come),
        cmocka_unit_test(clear_never_hides_a_graver_alert),
        cmocka_unit_test(clear_knows_the_gravest_alert_that_it_ended),
        cmocka_unit_test(a_new_alert_ends_clear),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
