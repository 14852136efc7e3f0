/* The timing rules of a line, without a line: when it is tried again, when it
 * counts as dead, and how each publish ends. */
#include "protocol/link/in_flight.h"
#include "protocol/link/keep_alive.h"
#include "protocol/link/reconnect.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void only_what_was_quick_before_is_given_up_soon(void **state)
{
    static const struct {
        const char *what;
        int64_t up_since_ms, connect_ms;
        size_t broker_count;
        unsigned failures, unanswered;
        int64_t patience_ms;
        int expected_s;
    } rows[] = {
        {"never connected", 0, 0, 1, 0, 0, 2000, 4},
        {"quick before", 7, 40, 1, 0, 0, 2000, 2},
        {"just quick enough", 7, 1000, 1, 2, 0, 2000, 2},
        {"slow before", 7, 1001, 1, 0, 0, 2000, 4},
        {"not back for three rounds", 7, 40, 1, 3, 0, 2000, 4},
        {"two brokers, the third round", 7, 40, 2, 5, 0, 2000, 2},
        {"two brokers, three rounds", 7, 40, 2, 6, 0, 2000, 4},
        {"a busy broker", 7, 40, 1, 1, 1, 2000, 8},
        {"of two brokers one was busy", 7, 40, 2, 1, 1, 2000, 2},
        {"both were", 7, 40, 2, 2, 2, 2000, 8},
        {"busy again", 7, 40, 1, 2, 2, 2000, 16},
        {"no limit is longer", 7, 40, 1, 99, 99, 10000, 32},
        {"few screens", 7, 40, 1, 1, 1, 0, 2},
        {"few screens, for long", 7, 40, 1, 99, 99, 0, 4},
        {"some hundred", 7, 40, 1, 99, 99, 100, 5},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct reconnect reconnect = {
            .up_since_ms = rows[i].up_since_ms,
            .connect_ms = rows[i].connect_ms,
            .broker_count = rows[i].broker_count,
            .failures = rows[i].failures,
            .unanswered = rows[i].unanswered,
            .patience_ms = rows[i].patience_ms};
        if (reconnect_limit_s(&reconnect) != rows[i].expected_s)
            fail_msg("%s: %d s", rows[i].what, reconnect_limit_s(&reconnect));
    }
}

/* An attempt begins at 100,000 and fails; the greatest random number. */
static void
steps_grow_from_round_to_round_and_every_broker_has_its_turn(void **state)
{
    static const struct {
        const char *what;
        size_t broker_count;
        size_t broker;
        unsigned failures;
        int64_t took_ms;
        size_t expected_broker;
        int64_t expected_ms;
    } rows[] = {
        {"first failure", 1, 0, 0, 0, 0, 100500},
        {"second", 1, 0, 1, 0, 0, 101000},
        {"third", 1, 0, 2, 0, 0, 102000},
        {"fourth", 1, 0, 3, 0, 0, 104000},
        {"no step is longer", 1, 0, 99, 0, 0, 104000},
        {"the attempt took longer than its step", 1, 0, 99, 9000, 0, 109500},
        {"another broker is tried at once", 3, 0, 0, 10, 1, 100010},
        {"and the last one", 3, 1, 1, 10, 2, 100010},
        {"then a round has failed", 3, 2, 2, 10, 0, 100510},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct reconnect reconnect = {.broker_count = rows[i].broker_count,
                                      .broker = rows[i].broker,
                                      .failures = rows[i].failures};
        reconnect_begin(&reconnect, 100000);
        reconnect_failed(&reconnect, 100000 + rows[i].took_ms, UINT16_MAX);
        if (reconnect.next_ms != rows[i].expected_ms ||
            reconnect.broker != rows[i].expected_broker)
            fail_msg("%s: broker %zu at %lld", rows[i].what, reconnect.broker,
                     (long long)reconnect.next_ms);
    }
}

static void half_of_a_step_is_left_to_chance(void **state)
{
    struct reconnect reconnect = {.broker_count = 1, .failures = 3};

    (void)state;
    reconnect_begin(&reconnect, 100000);
    reconnect_failed(&reconnect, 100000, 0);
    assert_int_equal(reconnect.next_ms, 102000);
}

static void only_a_line_that_stood_lets_the_steps_start_anew(void **state)
{
    struct reconnect reconnect = {.broker_count = 1, .failures = 7};

    (void)state;
    for (unsigned i = 1; i <= 3; i++) {
        assert_false(reconnect_is_unsteady(&reconnect));
        reconnect_up(&reconnect, 100000);
        reconnect_lost(&reconnect, 104999, 0);
        assert_int_equal(reconnect.failures, 7 + i);
    }
    assert_true(reconnect_is_unsteady(&reconnect));
    reconnect_up(&reconnect, 100000);
    reconnect_lost(&reconnect, 105000, 0);
    assert_int_equal(reconnect.failures, 0);
    assert_false(reconnect_is_unsteady(&reconnect));
}

/* A line that broke soon does not show that the broker is not busy any more. */
static void a_busy_broker_is_given_time_until_a_line_stands(void **state)
{
    struct reconnect reconnect = {.broker_count = 1, .patience_ms = 2000};

    (void)state;
    reconnect_begin(&reconnect, 100000);
    reconnect_failed(&reconnect, 104000, 0);
    assert_int_equal(reconnect_limit_s(&reconnect), 4);
    reconnect_unanswered(&reconnect, 108000, 0);
    assert_int_equal(reconnect_limit_s(&reconnect), 8);
    reconnect_up(&reconnect, 110000);
    reconnect_lost(&reconnect, 112000, 0);
    assert_int_equal(reconnect_limit_s(&reconnect), 8);
    reconnect_up(&reconnect, 120000);
    reconnect_lost(&reconnect, 125000, 0);
    assert_true(reconnect_limit_s(&reconnect) < 8);
}

static void
silence_is_asked_about_and_a_missing_answer_ends_the_line(void **state)
{
    struct keep_alive alive = {0};

    (void)state;
    keep_alive_begin(&alive, 1000);
    assert_int_equal(keep_alive_due_ms(&alive), 2900);
    keep_alive_heard(&alive, 2000);
    assert_int_equal(keep_alive_due_ms(&alive), 3900);
    assert_int_equal(keep_alive_turn(&alive, 3900), 0);
    assert_int_equal(keep_alive_due_ms(&alive), 5900);
    assert_int_equal(keep_alive_turn(&alive, 5900), 2000);
}

/* Each row: a question at 0 that goes unanswered, or answers after so long. */
static void a_slow_line_is_given_more_time_until_it_is_quick_again(void **state)
{
    static const struct {
        int64_t answer_ms; /* 0: none, the line is dead */
        int64_t expected_limit_ms;
    } rows[] = {
        {0, 4000},   {2500, 4000},   {0, 8000},     {0, 16000},  {0, 32000},
        {0, 32000},  {20000, 32000}, {2000, 32000}, {10, 32000}, {2001, 32000},
        {10, 32000}, {10, 32000},    {10, 2000},
    };
    struct keep_alive alive = {0};

    (void)state;
    keep_alive_begin(&alive, 1000);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(keep_alive_turn(&alive, 100000), 0);
        if (rows[i].answer_ms > 0) {
            keep_alive_heard(&alive, 100000 + rows[i].answer_ms);
        } else {
            assert_true(keep_alive_turn(&alive, 200000) > 0);
            keep_alive_begin(&alive, 300000);
        }
        if (alive.limit_ms != rows[i].expected_limit_ms)
            fail_msg("row %zu: %lld ms", i, (long long)alive.limit_ms);
    }
}

static void many_screens_make_an_answer_slow(void **state)
{
    struct keep_alive alive = {.patience_ms = 2000};

    (void)state;
    keep_alive_begin(&alive, 0);
    assert_int_equal(alive.limit_ms, 4000);
    for (int i = 0; i < 3; i++) {
        keep_alive_turn(&alive, 100000);
        keep_alive_heard(&alive, 103999);
    }
    assert_int_equal(alive.limit_ms, 4000);
    assert_int_equal(keep_alive_turn(&alive, 110000), 0);
    assert_int_equal(keep_alive_turn(&alive, 114000), 4000);
}

static void expect_end(struct in_flight *flight, uint64_t token,
                       enum link_result result, const char *reason)
{
    char found_reason[LINK_REASON_BYTES];
    enum link_result found;
    uint64_t found_token;

    assert_true(in_flight_take(flight, &found_token, &found, found_reason));
    assert_int_equal(found_token, token);
    assert_int_equal(found, result);
    assert_string_equal(found_reason, reason);
}

/* What happens to a publish, one letter after the other: a answered, b the line
 * breaks, t told, c Paho did not take it. */
static void a_publish_ends_exactly_once(void **state)
{
    static const struct {
        const char *events;
        int ends;
        enum link_result result; /* of the first */
    } rows[] = {
        {"at", 1, LINK_DELIVERED},    {"abt", 1, LINK_DELIVERED},
        {"bta", 1, LINK_UNCONFIRMED}, {"bat", 1, LINK_UNCONFIRMED},
        {"bt", 1, LINK_UNCONFIRMED},  {"c", 0, LINK_DELIVERED},
        {"bct", 1, LINK_UNCONFIRMED}, {"btc", 1, LINK_UNCONFIRMED},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct in_flight flight = {0};
        char reason[LINK_REASON_BYTES];
        enum link_result result = LINK_REFUSED;
        uint64_t token = 0;
        int ends = 0;
        struct publish *publish = in_flight_add(&flight, NULL, 7, 0);
        bool pending = true;
        assert_non_null(publish);
        for (const char *event = rows[i].events; *event; event++) {
            if (*event == 'a')
                in_flight_answer(&flight, publish, LINK_DELIVERED, "", 0);
            else if (*event == 'c')
                assert_int_equal(in_flight_cancel(&flight, publish), pending);
            else if (*event == 'b')
                in_flight_lose(&flight, "lost");
            else
                while (in_flight_take(&flight, &token, &result, reason))
                    ends++;
            pending = false;
        }
        if (ends != rows[i].ends ||
            (ends > 0 && (result != rows[i].result || token != 7)))
            fail_msg("%s: %d ends, result %d", rows[i].events, ends, result);
        in_flight_finish(&flight);
    }
}

static void
ends_are_told_in_their_order_and_none_is_above_the_limit(void **state)
{
    static struct publish *publishes[LINK_PENDING_MAX];
    struct in_flight flight = {0};

    (void)state;
    for (size_t i = 0; i < LINK_PENDING_MAX; i++)
        assert_non_null(publishes[i] = in_flight_add(&flight, NULL, i, 0));
    assert_null(in_flight_add(&flight, NULL, 9999, 0));
    in_flight_answer(&flight, publishes[5], LINK_REFUSED, "no", 0);
    in_flight_answer(&flight, publishes[3], LINK_DELIVERED, "", 0);
    assert_null(in_flight_add(&flight, NULL, 9999, 0));
    expect_end(&flight, 5, LINK_REFUSED, "no");
    expect_end(&flight, 3, LINK_DELIVERED, "");
    in_flight_lose(&flight, "lost");
    expect_end(&flight, 0, LINK_UNCONFIRMED, "lost");
    expect_end(&flight, 1, LINK_UNCONFIRMED, "lost");
    assert_non_null(in_flight_add(&flight, NULL, 9999, 0));
    in_flight_finish(&flight);
}

static void paho_is_woken_ever_more_seldom_while_something_waits(void **state)
{
    struct in_flight flight = {0};

    (void)state;
    assert_int_equal(in_flight_wake_due_ms(&flight), INT64_MAX);
    in_flight_subscribe(&flight, 1000);
    assert_int_equal(in_flight_wake_due_ms(&flight), 1010);
    in_flight_woken(&flight, 1010);
    assert_int_equal(in_flight_wake_due_ms(&flight), 1030);
    struct publish *publish = in_flight_add(&flight, NULL, 1, 1020);
    assert_int_equal(in_flight_wake_due_ms(&flight), 1030);
    in_flight_subscribed(&flight);
    for (int i = 0; i < 20; i++)
        in_flight_woken(&flight, 5000);
    assert_in_range(in_flight_wake_due_ms(&flight), 6000, 7000);
    in_flight_answer(&flight, publish, LINK_DELIVERED, "", 9000);
    assert_int_equal(in_flight_wake_due_ms(&flight), INT64_MAX);
    in_flight_finish(&flight);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_what_was_quick_before_is_given_up_soon),
        cmocka_unit_test(
            steps_grow_from_round_to_round_and_every_broker_has_its_turn),
        cmocka_unit_test(half_of_a_step_is_left_to_chance),
        cmocka_unit_test(only_a_line_that_stood_lets_the_steps_start_anew),
        cmocka_unit_test(a_busy_broker_is_given_time_until_a_line_stands),
        cmocka_unit_test(many_screens_make_an_answer_slow),
        cmocka_unit_test(
            silence_is_asked_about_and_a_missing_answer_ends_the_line),
        cmocka_unit_test(
            a_slow_line_is_given_more_time_until_it_is_quick_again),
        cmocka_unit_test(a_publish_ends_exactly_once),
        cmocka_unit_test(
            ends_are_told_in_their_order_and_none_is_above_the_limit),
        cmocka_unit_test(paho_is_woken_ever_more_seldom_while_something_waits),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
