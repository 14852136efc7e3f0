/* When a display believes in itself again: a minute of healthy turns, and in
 * safe mode six hours of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "display/edge/recovery.h"
#include "tests/support/board_screen.h"

struct rig {
    struct display display;
    struct display_options options;
    struct board_screen *screen;
};

static int set_up(void **state)
{
    struct rig *rig = calloc(1, sizeof *rig);
    void *screen = NULL;

    if (!rig || board_screen_start(&screen) != 0)
        return -1;
    rig->screen = screen;
    rig->display = (struct display){.options = &rig->options,
                                    .board = rig->screen->board,
                                    .health = {.supervised = true},
                                    .note = {.fd = -1, .starts = 2}};
    *state = rig;
    return 0;
}

static int tear_down(void **state)
{
    struct rig *rig = *state;
    void *screen = rig->screen;

    board_screen_finish(&screen);
    free(rig);
    return 0;
}

/* Healthy turns, one a minute as on a screen where nothing moves. */
static void live(struct rig *rig, int64_t ms)
{
    enum { TURN_MS = 60000 };

    for (int64_t lived = 0; lived < ms; lived += TURN_MS) {
        board_screen_wait(rig->screen, TURN_MS);
        recovery_watch(&rig->display, true, &rig->screen->now);
    }
}

static void be_ill(struct rig *rig)
{
    recovery_watch(&rig->display, false, &rig->screen->now);
}

static void a_minute_of_healthy_turns_forgets_the_crashes(void **state)
{
    struct rig *rig = *state;

    recovery_watch(&rig->display, true, &rig->screen->now);
    assert_int_equal(rig->display.note.starts, 2);
    live(rig, RUN_NOTE_SETTLE_MS);
    assert_int_equal(rig->display.note.starts, 0);
    assert_false(rig->display.ending);
}

static void a_glass_that_takes_no_frames_proves_nothing(void **state)
{
    struct rig *rig = *state;

    board_screen_wait(rig->screen, RUN_NOTE_SETTLE_MS);
    be_ill(rig);
    recovery_watch(&rig->display, true, &rig->screen->now);
    assert_int_equal(rig->display.note.starts, 2);
}

static void safe_mode_ends_by_itself_after_its_hours(void **state)
{
    struct rig *rig = *state;

    rig->display.safe = true;
    live(rig, RECOVERY_SAFE_MS - 60000);
    assert_false(rig->display.ending);
    assert_int_equal(rig->display.note.starts, 2);
    live(rig, 60000);
    assert_true(rig->display.ending);
}

static void safe_mode_does_not_end_while_an_alert_is_in_force(void **state)
{
    const struct made alert = {.id = "flood", .expires = 12 * 60};
    const struct made cancel = {.id = "flood", .seq = 2, .issued = 7 * 60};
    struct rig *rig = *state;

    rig->display.safe = true;
    board_screen_alert(rig->screen, alert);
    live(rig, RECOVERY_SAFE_MS + 60 * 60000);
    assert_false(rig->display.ending);
    board_screen_cancel(rig->screen, cancel);
    live(rig, 60000);
    assert_true(rig->display.ending);
}

static void a_trial_of_safe_mode_does_not_end_by_itself(void **state)
{
    struct rig *rig = *state;

    rig->display.safe = rig->options.safe = true;
    live(rig, 2 * RECOVERY_SAFE_MS);
    assert_false(rig->display.ending);
}

static void without_a_service_manager_safe_mode_stays(void **state)
{
    struct rig *rig = *state;

    rig->display.safe = true;
    rig->display.health.supervised = false;
    live(rig, 2 * RECOVERY_SAFE_MS);
    assert_false(rig->display.ending);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_minute_of_healthy_turns_forgets_the_crashes),
        TEST(a_glass_that_takes_no_frames_proves_nothing),
        TEST(safe_mode_ends_by_itself_after_its_hours),
        TEST(safe_mode_does_not_end_while_an_alert_is_in_force),
        TEST(a_trial_of_safe_mode_does_not_end_by_itself),
        TEST(without_a_service_manager_safe_mode_stays),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
