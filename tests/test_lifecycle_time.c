/* Expiry, default lives, clocks that can not be trusted and quarantine: every
 * rule by its name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/support/alert_screen.h"

enum { HOUR = 60 };

static void an_alert_without_expires_lasts_as_its_level_says(void **state)
{
    static const struct {
        enum alert_level level;
        int hours;
    } table[] = {
        {ALERT_LEVEL_RED, 6},      {ALERT_LEVEL_ORANGE, 6},
        {ALERT_LEVEL_YELLOW, 12},  {ALERT_LEVEL_BLUE, 24},
        {ALERT_LEVEL_UNKNOWN, 12},
    };

    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct alert_screen *screen = alert_screen_start(false);
        alert_screen_alert(screen,
                           (struct made){.id = "a", .level = table[i].level});
        alert_screen_wait_until(screen, table[i].hours * HOUR - 1);
        alert_screen_expect(screen, "a");
        alert_screen_wait_until(screen, table[i].hours * HOUR);
        alert_screen_expect(screen, "");
        alert_screen_expect_ended(screen, "a", "expired");
        alert_screen_finish(screen);
    }
}

static void a_default_life_counts_from_effective_and_is_capped(void **state)
{
    struct alert_screen *screen = alert_screen_start(false);

    (void)state;
    alert_screen_alert(screen, (struct made){.id = "a", .effective = 2 * HOUR});
    alert_screen_alert(screen,
                       (struct made){.id = "b", .effective = 70 * HOUR});
    alert_screen_expect(screen, "");
    alert_screen_wait_until(screen, 2 * HOUR);
    alert_screen_expect(screen, "a");
    alert_screen_wait_until(screen, 8 * HOUR);
    alert_screen_expect(screen, "");
    alert_screen_wait_until(screen, 71 * HOUR);
    alert_screen_expect(screen, "b");
    alert_screen_wait_until(screen, 72 * HOUR);
    alert_screen_expect(screen, "");
    alert_screen_finish(screen);
}

static void an_alert_ends_at_its_expiry(void **state)
{
    struct alert_screen *screen = alert_screen_start(false);

    (void)state;
    alert_screen_alert(screen, (struct made){.id = "a", .expires = 100 * HOUR});
    assert_int_equal(lifecycle_next_ms(screen->lifecycle, &screen->now),
                     100 * HOUR * MADE_MINUTE_MS);
    alert_screen_wait_until(screen, 100 * HOUR - 1);
    alert_screen_expect(screen, "a");
    alert_screen_wait_until(screen, 100 * HOUR);
    alert_screen_expect(screen, "");
    alert_screen_finish(screen);
}

static void on_an_untrusted_clock_the_age_since_receipt_counts(void **state)
{
    struct alert_screen *screen = alert_screen_start(false);

    (void)state;
    alert_screen_set_clock(screen, -1000 * HOUR, false);
    alert_screen_alert(screen, (struct made){.id = "a", .expires = 2 * HOUR});
    alert_screen_expect(screen, "a");
    alert_screen_wait_until(screen, -1000 * HOUR + 2 * HOUR - 1);
    alert_screen_expect(screen, "a");
    alert_screen_wait_until(screen, -1000 * HOUR + 2 * HOUR);
    alert_screen_expect(screen, "");
    alert_screen_finish(screen);
}

static void no_clock_extends_an_alert(void **state)
{
    struct alert_screen *screen = alert_screen_start(false);

    (void)state;
    alert_screen_alert(screen, (struct made){.id = "a", .expires = HOUR});
    alert_screen_set_clock(screen, -24 * HOUR,
                           true); /* a day back, and trusted */
    alert_screen_wait_until(screen, -24 * HOUR + HOUR - 1);
    alert_screen_expect(screen, "a");
    alert_screen_wait_until(screen, -24 * HOUR + HOUR);
    alert_screen_expect(screen, "");
    alert_screen_finish(screen);
}

static void an_untrusted_clock_ends_nothing(void **state)
{
    struct alert_screen *screen = alert_screen_start(false);

    (void)state;
    alert_screen_alert(screen, (struct made){.id = "a", .expires = HOUR});
    alert_screen_set_clock(screen, 1000 * HOUR, false);
    alert_screen_expect(screen, "a");
    alert_screen_finish(screen);
}

static void a_clock_that_becomes_trusted_ends_what_is_over(void **state)
{
    struct alert_screen *screen = alert_screen_start(false);

    (void)state;
    alert_screen_set_clock(screen, -1000 * HOUR, false);
    alert_screen_alert(screen, (struct made){.id = "a", .expires = HOUR});
    alert_screen_expect(screen, "a");
    alert_screen_set_clock(screen, HOUR, true);
    alert_screen_expect(screen, "");
    alert_screen_finish(screen);
}

static void sent_far_ahead_waits_until_it_is_plausible(void **state)
{
    struct alert_screen *screen = alert_screen_start(false);

    (void)state;
    assert_int_equal(
        alert_screen_alert(screen, (struct made){.id = "a", .issued = 15}),
        BOARD_ACCEPTED);
    assert_int_equal(
        alert_screen_alert(screen, (struct made){.id = "b", .issued = 16}),
        BOARD_NOTED);
    alert_screen_expect(screen, "a");
    assert_int_equal(lifecycle_next_ms(screen->lifecycle, &screen->now),
                     MADE_MINUTE_MS);
    alert_screen_wait_until(screen, 1);
    alert_screen_expect(screen, "b a");
    alert_screen_finish(screen);
}

static void what_waits_ends_and_replaces_nothing(void **state)
{
    struct alert_screen *screen = alert_screen_start(false);

    (void)state;
    alert_screen_alert(screen, (struct made){.id = "a"});
    const struct made made = {.id = "a", .seq = 2, .issued = HOUR};
    struct board_taken taken = alert_screen_take(screen, made_cancel(&made),
                                                 true, MADE_NONE);
    assert_int_equal(taken.effect, BOARD_NOTED);
    assert_false(taken.keep);
    alert_screen_alert(
        screen, (struct made){.id = "b", .issued = HOUR, .references = {"a"}});
    alert_screen_expect(screen, "a");
    alert_screen_wait_until(screen, HOUR - 15);
    alert_screen_expect(screen, "");
    alert_screen_finish(screen);
}

static void what_waits_makes_nothing_stale(void **state)
{
    struct alert_screen *screen = alert_screen_start(false);

    (void)state;
    alert_screen_alert(screen, (struct made){.id = "a"});
    alert_screen_cancel(screen,
                        (struct made){.id = "a", .seq = 9, .issued = HOUR});
    assert_int_equal(
        alert_screen_cancel(screen, (struct made){.id = "a", .seq = 2}),
        BOARD_TOOK_OFF);
    alert_screen_expect(screen, "");
    alert_screen_finish(screen);
}

static void what_waits_keeps_no_number_for_itself(void **state)
{
    struct alert_screen *screen = alert_screen_start(false);

    (void)state;
    alert_screen_alert(screen, (struct made){.id = "a"});
    alert_screen_alert(screen,
                       (struct made){.id = "a", .seq = 2, .issued = HOUR});
    assert_int_equal(
        alert_screen_alert(
            screen, (struct made){.id = "a", .seq = 2, .issued = HOUR + 1}),
        BOARD_REFUSED);
    assert_int_equal(
        alert_screen_cancel(screen, (struct made){.id = "a", .seq = 2}),
        BOARD_TOOK_OFF);
    alert_screen_wait_until(screen, HOUR);
    alert_screen_expect(screen, "");
    alert_screen_finish(screen);
}

static void what_comes_over_the_line_shows_without_a_clock(void **state)
{
    struct alert_screen *screen = alert_screen_start(false);

    (void)state;
    alert_screen_set_clock(screen, -1000 * HOUR, false);
    alert_screen_alert(screen, (struct made){.id = "a"});
    alert_screen_expect(screen, "a");
    /* Once shown it is not held back again, whatever the clock then says. */
    alert_screen_set_clock(screen, -HOUR, true);
    alert_screen_expect(screen, "a");
    alert_screen_finish(screen);
}

static void a_stored_alert_waits_for_a_plausible_clock(void **state)
{
    static const struct {
        int clock;
        const char *shown;
    } table[] = {
        {-1000 * HOUR, ""},  /* 1970 */
        {-16, ""},           /* before it was received */
        {0, "a"},            /* could be right */
        {2 * HOUR - 1, "a"}, /* likewise */
        {2 * HOUR, ""},      /* over, if the clock were right */
    };

    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        const struct made made = {
            .id = "a", .issued = -HOUR, .expires = 2 * HOUR};
        struct alert_screen *screen = alert_screen_start(false);
        alert_screen_set_clock(screen, table[i].clock, false);
        alert_screen_take(screen, made_alert(&made), false, 0);
        alert_screen_expect(screen, table[i].shown);
        alert_screen_set_clock(screen, HOUR, true);
        alert_screen_expect(screen, "a");
        alert_screen_wait_until(screen, 2 * HOUR);
        alert_screen_expect(screen, "");
        alert_screen_finish(screen);
    }
}

static void a_restart_extends_no_alert(void **state)
{
    const struct made made = {.id = "a", .expires = 2 * HOUR};
    struct alert_screen *screen = alert_screen_start(false);

    (void)state;
    alert_screen_set_clock(screen, HOUR,
                           false); /* plausible, one hour is left */
    alert_screen_take(screen, made_alert(&made), false, 0);
    alert_screen_wait_until(screen, 2 * HOUR - 1);
    alert_screen_expect(screen, "a");
    alert_screen_wait_until(screen, 2 * HOUR);
    alert_screen_expect(screen, "");
    alert_screen_finish(screen);
}

static void the_live_copy_frees_a_stored_alert(void **state)
{
    const struct made made = {.id = "a", .expires = 2 * HOUR};
    struct alert_screen *screen = alert_screen_start(false);

    (void)state;
    alert_screen_set_clock(screen, -1000 * HOUR, false);
    alert_screen_take(screen, made_alert(&made), false, 0);
    alert_screen_expect(screen, "");
    assert_int_equal(alert_screen_alert(screen, made), BOARD_ACCEPTED);
    alert_screen_expect(screen, "a");
    alert_screen_finish(screen);
}

static void expired_on_arrival_never_shows(void **state)
{
    struct alert_screen *screen = alert_screen_start(false);

    (void)state;
    alert_screen_wait_until(screen, HOUR);
    assert_int_equal(
        alert_screen_alert(screen, (struct made){.id = "a", .expires = HOUR}),
        BOARD_REFUSED);
    alert_screen_expect(screen, "");
    alert_screen_finish(screen);
}

static void expired_on_arrival_still_replaces_its_chain(void **state)
{
    struct alert_screen *screen = alert_screen_start(false);

    (void)state;
    alert_screen_wait_until(screen, HOUR);
    alert_screen_alert(screen, (struct made){.id = "a", .expires = 5 * HOUR});
    assert_int_equal(
        alert_screen_alert(screen, (struct made){.id = "b",
                                                 .issued = 1,
                                                 .expires = HOUR,
                                                 .references = {"a"}}),
        BOARD_TOOK_OFF);
    alert_screen_expect(screen, "");
    alert_screen_finish(screen);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_alert_without_expires_lasts_as_its_level_says),
        cmocka_unit_test(a_default_life_counts_from_effective_and_is_capped),
        cmocka_unit_test(an_alert_ends_at_its_expiry),
        cmocka_unit_test(on_an_untrusted_clock_the_age_since_receipt_counts),
        cmocka_unit_test(no_clock_extends_an_alert),
        cmocka_unit_test(an_untrusted_clock_ends_nothing),
        cmocka_unit_test(a_clock_that_becomes_trusted_ends_what_is_over),
        cmocka_unit_test(sent_far_ahead_waits_until_it_is_plausible),
        cmocka_unit_test(what_waits_ends_and_replaces_nothing),
        cmocka_unit_test(what_waits_makes_nothing_stale),
        cmocka_unit_test(what_waits_keeps_no_number_for_itself),
        cmocka_unit_test(what_comes_over_the_line_shows_without_a_clock),
        cmocka_unit_test(a_stored_alert_waits_for_a_plausible_clock),
        cmocka_unit_test(a_restart_extends_no_alert),
        cmocka_unit_test(the_live_copy_frees_a_stored_alert),
        cmocka_unit_test(expired_on_arrival_never_shows),
        cmocka_unit_test(expired_on_arrival_still_replaces_its_chain),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
