/* Whether the wall clock is trusted: every rule by its name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/support/clocks.h"

enum { MINUTE = 60, HOUR = 3600, DAY = 86400, YEAR = 365 * DAY };

static void before_the_release_no_clock_is_trusted(void **state)
{
    static const struct {
        int64_t wall_ms;
        const char *verdict;
    } table[] = {
        {0, "unset"},
        {LIMIT_RELEASE_MS - 1, "unset"},
        {LIMIT_RELEASE_MS, "trusted"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        const struct timekeeper_reading reading = {.wall_ms = table[i].wall_ms,
                                                   .synchronised = true};
        struct clocks clocks = {.off_s = 0};
        timekeeper_init(&clocks.keeper);
        clocks.now = timekeeper_turn(&clocks.keeper, &reading);
        clocks_expect(&clocks, table[i].verdict);
    }
}

static void a_board_without_a_battery_is_trusted_once_it_is_set(void **state)
{
    (void)state;
    for (int by_hand = 0; by_hand < 2; by_hand++) {
        struct clocks clocks = clocks_start(CLOCKS_DEAD);
        clocks_expect(&clocks, "unset");
        clocks_wait(&clocks, 90);
        if (by_hand)
            clocks_set(&clocks, 0);
        else
            clocks_synchronise(&clocks, 0);
        clocks_expect(&clocks, "trusted");
        assert_int_equal(clocks.now.wall_confirmed, !by_hand);
    }
}

static void a_jump_is_not_trusted(void **state)
{
    static const int jumps[] = {DAY, -DAY, HOUR, -HOUR, YEAR, 11, -11};

    (void)state;
    for (size_t i = 0; i < sizeof jumps / sizeof jumps[0]; i++) {
        struct clocks clocks = clocks_start(0);
        clocks_wait(&clocks, HOUR);
        clocks_set(&clocks, jumps[i]);
        clocks_expect(&clocks, "jumped");
        assert_int_equal(timekeeper_jump_ms(&clocks.keeper),
                         jumps[i] * INT64_C(1000));
        clocks_wait(&clocks, HOUR);
        clocks_expect(&clocks, "jumped");
    }
}

static void a_small_slew_is_no_jump(void **state)
{
    struct clocks clocks = clocks_start(0);

    (void)state;
    for (int off_s = 0; off_s < HOUR; off_s += 10) {
        clocks.off_s = off_s;
        clocks_wait(&clocks, MINUTE);
        clocks_expect(&clocks, "trusted");
    }
}

static void a_jump_is_explained_by_the_time_service(void **state)
{
    struct clocks clocks =
        clocks_start(-2 * HOUR); /* saved at the last shut-down */

    (void)state;
    clocks_expect(&clocks, "trusted");
    clocks_synchronise(&clocks, 0);
    clocks_expect(&clocks, "trusted");
    clocks.synchronised = false; /* as the kernel does when a hand sets it */
    clocks_set(&clocks, HOUR);
    clocks_expect(&clocks, "jumped");
    clocks_synchronise(&clocks, 60);
    clocks_expect(&clocks, "trusted");
    clocks.synchronised = false; /* not heard for long: that is no jump */
    clocks_turn(&clocks);
    clocks_expect(&clocks, "trusted");
}

static void a_jump_is_explained_by_a_signed_tick(void **state)
{
    static const struct {
        int said_s; /* beside the wall clock */
        const char *verdict;
    } table[] = {
        {0, "trusted"},           {5 * MINUTE, "trusted"},
        {-5 * MINUTE, "trusted"}, {5 * MINUTE + 1, "jumped"},
        {-301, "jumped"},         {-DAY, "jumped"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct clocks clocks = clocks_start(-DAY);
        clocks_set(&clocks, 0);
        clocks_tick(&clocks, "a", table[i].said_s);
        clocks_expect(&clocks, table[i].verdict);
    }
}

static void a_jump_that_is_undone_is_forgotten(void **state)
{
    struct clocks clocks = clocks_start(0);

    (void)state;
    clocks_set(&clocks, -DAY);
    clocks_set(&clocks, DAY);
    clocks_expect(&clocks, "jumped");
    clocks_wait(&clocks, HOUR);
    clocks_set(&clocks, 3);
    clocks_expect(&clocks, "trusted");
    clocks_set(&clocks, DAY);
    clocks_expect(&clocks, "jumped");
}

static void a_jump_that_stands_long_enough_is_believed(void **state)
{
    struct clocks clocks = clocks_start(0);

    (void)state;
    clocks_set(&clocks, DAY);
    clocks_wait(&clocks, 5 * HOUR);
    clocks_set(&clocks, 2 * DAY); /* it does not stand */
    clocks_wait(&clocks, 6 * HOUR - 1);
    clocks_expect(&clocks, "jumped");
    clocks_wait(&clocks, 1);
    clocks_expect(&clocks, "trusted");
    assert_false(clocks.now.wall_confirmed);
}

static void
what_stands_below_the_floor_is_never_believed_by_waiting(void **state)
{
    struct clocks clocks = clocks_start(0);

    (void)state;
    clocks_tick(&clocks, "a", 0);
    clocks_set(&clocks, -DAY);
    clocks_expect(&clocks, "jumped");
    clocks_wait(&clocks, 3 * DAY);
    clocks_expect(&clocks, "behind");
    clocks_set(&clocks, 0);
    clocks_expect(&clocks, "trusted");
}

static void a_clock_far_behind_a_signed_tick_is_not_trusted(void **state)
{
    static const struct {
        int off_s;
        const char *verdict;
    } table[] = {{-DAY, "behind"}, {-301, "behind"}, {-300, "trusted"}};

    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct clocks clocks = clocks_start(table[i].off_s);
        clocks_tick(&clocks, "a", 0);
        clocks_expect(&clocks, table[i].verdict);
        clocks_expect_floor(&clocks, 0);
        /* A repair is no jump. */
        clocks_set(&clocks, 0);
        clocks_expect(&clocks, i < 2 ? "trusted" : "jumped");
    }
}

static void an_old_tick_says_nothing_against_the_clock(void **state)
{
    struct clocks clocks = clocks_start(0);

    (void)state;
    clocks_tick(&clocks, "a", -DAY);
    clocks_expect(&clocks, "trusted");
    assert_false(clocks.now.wall_confirmed);
    clocks_set(&clocks, -2 * DAY);
    clocks_wait(&clocks, 6 * HOUR);
    clocks_expect(&clocks, "behind");
    clocks_expect_floor(&clocks, -DAY);
}

static void two_ticks_confirm_a_clock(void **state)
{
    struct clocks clocks = clocks_start(0);

    (void)state;
    clocks_tick(&clocks, "a", 1);
    assert_false(clocks.now.wall_confirmed);
    clocks_wait(&clocks, 30);
    clocks_tick(&clocks, "a", 1);
    assert_true(clocks.now.wall_confirmed);
    clocks_set(&clocks, DAY);
    assert_false(clocks.now.wall_confirmed);
}

static void after_a_jump_a_clock_is_to_be_confirmed_anew(void **state)
{
    struct clocks clocks = clocks_start(0);

    (void)state;
    clocks_synchronise(&clocks, 0);
    clocks.synchronised = false;
    clocks_turn(&clocks);
    assert_true(clocks.now.wall_confirmed);
    clocks_set(&clocks, DAY);
    clocks_set(&clocks, 0);
    clocks_expect(&clocks, "trusted");
    assert_false(clocks.now.wall_confirmed);
}

static void a_confirmed_clock_is_not_doubted_for_a_message(void **state)
{
    struct clocks clocks = clocks_start(0);

    (void)state;
    clocks_synchronise(&clocks, 0);
    clocks.synchronised = false;
    clocks_turn(&clocks);
    clocks_message(&clocks, YEAR);
    clocks_expect(&clocks, "trusted");
}

/* It may have lain at the broker since the clock was saved. */
static void an_old_message_confirms_no_clock_that_is_as_old(void **state)
{
    struct clocks clocks = clocks_start(-DAY);

    (void)state;
    clocks_set(&clocks, -2 * DAY);
    clocks_message(&clocks, -2 * DAY);
    clocks_expect(&clocks, "jumped");
    assert_false(clocks.now.wall_confirmed);
    clocks_expect_floor(&clocks, CLOCKS_UNKNOWN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(before_the_release_no_clock_is_trusted),
        cmocka_unit_test(a_board_without_a_battery_is_trusted_once_it_is_set),
        cmocka_unit_test(a_jump_is_not_trusted),
        cmocka_unit_test(a_small_slew_is_no_jump),
        cmocka_unit_test(a_jump_is_explained_by_the_time_service),
        cmocka_unit_test(a_jump_is_explained_by_a_signed_tick),
        cmocka_unit_test(a_jump_that_is_undone_is_forgotten),
        cmocka_unit_test(a_jump_that_stands_long_enough_is_believed),
        cmocka_unit_test(
            what_stands_below_the_floor_is_never_believed_by_waiting),
        cmocka_unit_test(a_clock_far_behind_a_signed_tick_is_not_trusted),
        cmocka_unit_test(an_old_tick_says_nothing_against_the_clock),
        cmocka_unit_test(two_ticks_confirm_a_clock),
        cmocka_unit_test(after_a_jump_a_clock_is_to_be_confirmed_anew),
        cmocka_unit_test(a_confirmed_clock_is_not_doubted_for_a_message),
        cmocka_unit_test(an_old_message_confirms_no_clock_that_is_as_old),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
