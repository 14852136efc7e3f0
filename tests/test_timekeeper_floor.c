/* What has surely passed, and who is believed against whom: every rule by its
 * name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/timestamp.h"
#include "tests/support/clocks.h"

enum { HOUR = 3600, DAY = 86400, YEAR = 365 * DAY };

static void the_floor_goes_on_with_the_monotonic_clock(void **state)
{
    struct clocks clocks = clocks_start(CLOCKS_DEAD);

    (void)state;
    clocks_expect_floor(&clocks, CLOCKS_UNKNOWN);
    clocks_tick(&clocks, "a", -20);
    clocks_expect_floor(&clocks, -20);
    clocks_wait(&clocks, 3 * DAY);
    clocks_expect_floor(&clocks, -20);
    clocks_expect(&clocks, "unset");
}

static void a_synchronised_clock_leaves_a_floor_behind(void **state)
{
    struct clocks clocks = clocks_start(0);

    (void)state;
    clocks_synchronise(&clocks, 0);
    clocks.synchronised = false;
    clocks_set(&clocks, CLOCKS_DEAD);
    clocks_expect(&clocks, "unset");
    clocks_expect_floor(&clocks, 0);
    clocks_set(&clocks, -HOUR);
    clocks_wait(&clocks, 6 * HOUR);
    clocks_expect(&clocks, "behind");
}

static void a_key_puts_right_what_it_said_and_no_other_does(void **state)
{
    struct clocks clocks = clocks_start(CLOCKS_DEAD);

    (void)state;
    clocks_tick(&clocks, "a", YEAR);
    clocks_expect_floor(&clocks, YEAR);
    clocks_tick(&clocks, "b", 0);
    clocks_expect_floor(&clocks, YEAR);
    clocks_tick(&clocks, "a", 0);
    clocks_expect_floor(&clocks, 0);
    clocks_tick(&clocks, "b", 7);
    clocks_expect_floor(&clocks, 7);
}

static void a_key_that_is_believed_no_more_says_nothing(void **state)
{
    (void)state;
    for (int believed = 0; believed < 2; believed++) {
        struct clocks clocks = clocks_start(0);
        clocks_tick(&clocks, "a", YEAR);
        clocks_message(&clocks, YEAR);
        timekeeper_distrust(&clocks.keeper, believed);
        clocks.now = timekeeper_moment(&clocks.keeper);
        clocks_expect(&clocks, believed ? "behind" : "trusted");
        clocks_expect_floor(&clocks, believed ? YEAR : CLOCKS_UNKNOWN);
    }
}

/* One operator's machine is a year ahead. */
static void a_lone_tick_does_not_outweigh_the_time_service(void **state)
{
    struct clocks clocks = clocks_start(0);

    (void)state;
    clocks_tick(&clocks, "a", YEAR);
    clocks_expect(&clocks, "behind");
    clocks_expect_floor(&clocks, YEAR);
    clocks_synchronise(&clocks, 0);
    clocks_expect(&clocks, "trusted");
    assert_true(clocks.now.wall_confirmed);
    clocks_expect_floor(&clocks, 0);
}

static void a_lone_tick_does_not_outweigh_another_and_the_clock(void **state)
{
    struct clocks clocks = clocks_start(0);

    (void)state;
    clocks_tick(&clocks, "a", YEAR);
    clocks_tick(&clocks, "b", 0);
    clocks_expect(&clocks, "trusted");
    clocks_expect_floor(&clocks, 0);
}

static void a_message_far_ahead_makes_doubt_but_ends_nothing(void **state)
{
    static const struct {
        int said_s;
        const char *verdict;
    } table[] = {{YEAR, "behind"}, {901, "behind"}, {900, "trusted"}};

    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct clocks clocks = clocks_start(0);
        clocks_message(&clocks, table[i].said_s);
        clocks_expect(&clocks, table[i].verdict);
        clocks_expect_floor(&clocks, CLOCKS_UNKNOWN);
        clocks_synchronise(&clocks, 0);
        clocks_expect(&clocks, "trusted");
    }
}

static void the_store_tells_the_floor(void **state)
{
    static const struct {
        bool tick;
        int said_s, received_s;
        int floor_s;
        const char *verdict; /* of a clock that is a day behind */
    } table[] = {
        {true, -HOUR, CLOCKS_UNKNOWN, -HOUR, "behind"},
        {true, -HOUR, -HOUR + 1, -HOUR, "behind"},
        {false, -HOUR, -HOUR + 1, -HOUR, "behind"},
        {false, -HOUR, -HOUR - 1, -HOUR - 1, "behind"},
        {false, -3 * DAY, -3 * DAY, -3 * DAY, "trusted"},
        /* One of both was wrong. */
        {false, -HOUR, CLOCKS_UNKNOWN, CLOCKS_UNKNOWN, "trusted"},
        {false, YEAR, -HOUR, CLOCKS_UNKNOWN, "trusted"},
        {false, -YEAR, -HOUR, CLOCKS_UNKNOWN, "trusted"},
        {false, -HOUR, YEAR, CLOCKS_UNKNOWN, "trusted"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct clocks clocks = clocks_start(-DAY);
        clocks_recall(&clocks, table[i].tick, table[i].said_s,
                      table[i].received_s);
        clocks_expect(&clocks, table[i].verdict);
        clocks_expect_floor(&clocks, table[i].floor_s);
    }
}

static void any_number_in_the_store_is_borne(void **state)
{
    const struct timekeeper_word word = {.issued_ms = CLOCKS_BEGIN_MS,
                                         .key_id = "a"};
    static const int64_t received[] = {INT64_MIN, INT64_MIN + 1, -1, 0,
                                       INT64_MAX};
    struct clocks clocks = clocks_start(0);

    (void)state;
    for (size_t i = 0; i < sizeof received / sizeof received[0]; i++)
        timekeeper_recall(&clocks.keeper, &word, received[i]);
    clocks.now = timekeeper_moment(&clocks.keeper);
    clocks_expect(&clocks, "trusted");
    clocks_expect_floor(&clocks, CLOCKS_UNKNOWN);
}

/* Somebody who rules the time service can't bring back what is over. */
static void the_time_service_alone_does_not_go_below_what_agreed(void **state)
{
    struct clocks clocks = clocks_start(0);

    (void)state;
    clocks_tick(&clocks, "a", 0);
    clocks_synchronise(&clocks, -DAY);
    clocks_expect(&clocks, "disputed");
    clocks_expect_floor(&clocks,
                        CLOCKS_UNKNOWN); /* nor does anybody end anything */
    clocks_wait(&clocks, DAY);
    clocks_expect(&clocks, "disputed");
    clocks_synchronise(&clocks, 0);
    clocks_expect(&clocks, "trusted");
}

/* A screen and an operator's machine had been a year ahead, both. */
static void a_new_agreement_outweighs_an_old_one(void **state)
{
    struct clocks clocks = clocks_start(0);

    (void)state;
    clocks_recall(&clocks, true, YEAR, YEAR);
    clocks_expect(&clocks, "behind");
    clocks_synchronise(&clocks, 0);
    clocks_expect(&clocks, "disputed");
    clocks_message(&clocks, 2);
    clocks_expect(&clocks, "trusted");
    clocks_expect_floor(&clocks, 0);
}

/* Nor does it shake a clock, confirm one, or settle a dispute. */
static void a_message_of_a_key_without_a_say_shakes_no_clock(void **state)
{
    struct clocks clocks = clocks_start(0);
    struct timekeeper_word word = {.issued_ms = CLOCKS_BEGIN_MS +
                                                INT64_C(23) * 3600 * 1000,
                                   .key_id = "p"};

    (void)state;
    timekeeper_hear(&clocks.keeper, &word);
    timekeeper_recall(&clocks.keeper, &word, word.issued_ms);
    clocks.now = timekeeper_moment(&clocks.keeper);
    clocks_expect(&clocks, "trusted");
    clocks_expect_floor(&clocks, CLOCKS_UNKNOWN);
    clocks_recall(&clocks, true, YEAR, YEAR);
    clocks_synchronise(&clocks, 0);
    clocks_expect(&clocks, "disputed");
    word.issued_ms = CLOCKS_BEGIN_MS;
    timekeeper_hear(&clocks.keeper, &word);
    clocks.now = timekeeper_moment(&clocks.keeper);
    clocks_expect(&clocks, "disputed");
}

/* Only what came over the line since the start tells how late it is now. */
static void a_tick_over_the_line_tells_the_time_and_no_row_does(void **state)
{
    struct clocks clocks = clocks_start(0);

    (void)state;
    clocks_recall(&clocks, true, 0, CLOCKS_UNKNOWN);
    assert_int_equal(clocks.now.told_ms, 0);
    clocks_message(&clocks, 0);
    assert_int_equal(clocks.now.told_ms, 0);
    clocks_tick(&clocks, "a", 0);
    int64_t told_ms = clocks.now.told_ms;
    assert_int_equal(told_ms, CLOCKS_BEGIN_MS);
    clocks_wait(&clocks, 60);
    assert_int_equal(clocks.now.told_ms, told_ms + 60000);
    timekeeper_distrust(&clocks.keeper, false);
    assert_int_equal(timekeeper_moment(&clocks.keeper).told_ms, 0);
}

/* It may not end alerts, so its word about time doesn't either. */
static void a_tick_of_a_key_without_a_say_ends_nothing(void **state)
{
    struct clocks clocks = clocks_start(0);
    struct timekeeper_word word = {.tick = true,
                                   .issued_ms = CLOCKS_BEGIN_MS +
                                                INT64_C(1000) * YEAR,
                                   .key_id = "p"};

    (void)state;
    timekeeper_hear(&clocks.keeper, &word);
    clocks.now = timekeeper_moment(&clocks.keeper);
    clocks_expect(&clocks, "trusted");
    clocks_expect_floor(&clocks, CLOCKS_UNKNOWN);
    word.trusted = true;
    timekeeper_hear(&clocks.keeper, &word);
    clocks.now = timekeeper_moment(&clocks.keeper);
    clocks_expect(&clocks, "behind");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_floor_goes_on_with_the_monotonic_clock),
        cmocka_unit_test(a_synchronised_clock_leaves_a_floor_behind),
        cmocka_unit_test(a_key_puts_right_what_it_said_and_no_other_does),
        cmocka_unit_test(a_key_that_is_believed_no_more_says_nothing),
        cmocka_unit_test(a_lone_tick_does_not_outweigh_the_time_service),
        cmocka_unit_test(a_lone_tick_does_not_outweigh_another_and_the_clock),
        cmocka_unit_test(a_message_far_ahead_makes_doubt_but_ends_nothing),
        cmocka_unit_test(the_store_tells_the_floor),
        cmocka_unit_test(any_number_in_the_store_is_borne),
        cmocka_unit_test(the_time_service_alone_does_not_go_below_what_agreed),
        cmocka_unit_test(a_new_agreement_outweighs_an_old_one),
        cmocka_unit_test(a_message_of_a_key_without_a_say_shakes_no_clock),
        cmocka_unit_test(a_tick_over_the_line_tells_the_time_and_no_row_does),
        cmocka_unit_test(a_tick_of_a_key_without_a_say_ends_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
