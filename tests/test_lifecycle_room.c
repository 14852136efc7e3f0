/* The bounds of the lifecycle: who gives way, who is forgotten. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "tests/support/alert_screen.h"

enum { HOUR = 60 };

static void fill(struct alert_screen *screen, size_t count,
                 enum alert_level level, int issued)
{
    for (size_t i = 0; i < count; i++) {
        char id[40];
        snprintf(id, sizeof id, "n%d-%zu", issued, i);
        alert_screen_alert(
            screen, (struct made){.id = id, .level = level, .issued = issued});
    }
}

static void too_many_alerts_push_out_the_least_grave(void **state)
{
    struct alert_screen *screen = alert_screen_start(false);
    size_t count;

    (void)state;
    fill(screen, LIFECYCLE_ALERTS_MAX, ALERT_LEVEL_YELLOW, 0);
    const struct made blue = {.id = "blue", .level = ALERT_LEVEL_BLUE};
    struct board_taken taken = alert_screen_take(screen, made_alert(&blue),
                                                 true, MADE_NONE);
    assert_int_equal(taken.effect, BOARD_REFUSED);
    assert_false(taken.known);
    alert_screen_alert(screen, (struct made){.id = "red"});
    assert_string_equal(lifecycle_list(screen->lifecycle, &count)[0]->id,
                        "red");
    assert_int_equal(count, LIFECYCLE_ALERTS_MAX);
    alert_screen_finish(screen);
}

static void what_was_forgotten_is_not_believed_again(void **state)
{
    struct alert_screen *screen = alert_screen_start(false);

    (void)state;
    alert_screen_cancel(screen, (struct made){.id = "k", .issued = -HOUR});
    for (int i = 0; i < LIFECYCLE_RECORDS_MAX; i++) {
        char id[16];
        snprintf(id, sizeof id, "n%d", i);
        alert_screen_cancel(screen, (struct made){.id = id});
    }
    assert_int_equal(alert_screen_alert(
                         screen, (struct made){.id = "k", .issued = -HOUR - 1}),
                     BOARD_REFUSED);
    assert_int_equal(
        alert_screen_alert(screen, (struct made){.id = "new", .issued = 1}),
        BOARD_ACCEPTED);
    alert_screen_finish(screen);
}

static void what_waits_pushes_out_nothing_and_refuses_nothing(void **state)
{
    struct alert_screen *screen = alert_screen_start(false);

    (void)state;
    alert_screen_alert(screen,
                       (struct made){.id = "a", .level = ALERT_LEVEL_BLUE});
    fill(screen, LIFECYCLE_RECORDS_MAX, ALERT_LEVEL_RED, HOUR);
    for (int i = 0; i < LIFECYCLE_RECORDS_MAX; i++) {
        char id[16];
        snprintf(id, sizeof id, "c%d", i);
        alert_screen_cancel(screen, (struct made){.id = id, .issued = HOUR});
    }
    alert_screen_expect(screen, "a");
    assert_int_equal(
        alert_screen_alert(screen,
                           (struct made){.id = "b", .level = ALERT_LEVEL_BLUE}),
        BOARD_ACCEPTED);
    alert_screen_expect(screen, "a b");
    alert_screen_finish(screen);
}

static void what_has_longest_to_wait_gives_way(void **state)
{
    struct alert_screen *screen = alert_screen_start(false);

    (void)state;
    fill(screen, LIFECYCLE_HELD_MAX, ALERT_LEVEL_RED, 200 * HOUR);
    assert_int_equal(
        alert_screen_alert(screen, (struct made){.id = "near", .issued = HOUR}),
        BOARD_NOTED);
    assert_int_equal(
        alert_screen_alert(screen,
                           (struct made){.id = "far", .issued = 201 * HOUR}),
        BOARD_REFUSED);
    alert_screen_wait_until(screen, HOUR);
    alert_screen_expect(screen, "near");
    alert_screen_finish(screen);
}

static void
what_comes_out_of_quarantine_finds_the_bound_of_the_glass(void **state)
{
    struct alert_screen *screen = alert_screen_start(false);
    size_t count;

    (void)state;
    fill(screen, LIFECYCLE_HELD_MAX, ALERT_LEVEL_RED, HOUR);
    fill(screen, LIFECYCLE_ALERTS_MAX, ALERT_LEVEL_ORANGE, 0);
    alert_screen_wait_until(screen, HOUR);
    const struct message *const *list = lifecycle_list(screen->lifecycle,
                                                       &count);
    assert_int_equal(count, LIFECYCLE_ALERTS_MAX);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(list[i]->alert.level, ALERT_LEVEL_RED);
    alert_screen_finish(screen);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(too_many_alerts_push_out_the_least_grave),
        cmocka_unit_test(what_was_forgotten_is_not_believed_again),
        cmocka_unit_test(what_waits_pushes_out_nothing_and_refuses_nothing),
        cmocka_unit_test(what_has_longest_to_wait_gives_way),
        cmocka_unit_test(
            what_comes_out_of_quarantine_finds_the_bound_of_the_glass),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
