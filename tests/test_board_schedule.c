/* The schedule on the glass: how often panels come, what campaigns take, and
 * that no change of the programme cuts a page or an alert. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/board_screen.h"

enum { DWELL_MS = BOARD_SCREEN_DWELL_MS };

/* The board begins at 10:30 UTC on Tuesday, 20 July 2021, and its calendar is
 * UTC without holidays. */
static struct schedule schedule_of(const char *words)
{
    struct schedule schedule = schedule_always;
    const char *wrong;
    size_t bytes;

    assert_true(schedule_times_parse(words, &schedule.times, &wrong, &bytes));
    return schedule;
}

/* «a b a»: which panel stands in each of the next turns. */
static void expect_turns(struct board_screen *screen, const char *expected)
{
    char text[400] = "";

    for (size_t length = 0; length + 1 < strlen(expected) + 1;) {
        struct scene scene = board_scene(screen->board, &screen->now);
        int put = snprintf(text + length, sizeof text - length, "%s%s",
                           length > 0 ? " " : "",
                           scene.message ? scene.message->id : "-");
        length += (size_t)put;
        board_screen_wait(screen, DWELL_MS);
    }
    assert_string_equal(text, expected);
}

static struct schedule weighted(int weight)
{
    struct schedule schedule = schedule_always;

    schedule.weight = weight;
    return schedule;
}

static void a_panel_comes_as_often_as_its_weight_says(void **state)
{
    struct board_screen *screen = *state;
    const struct schedule twice = weighted(2);

    board_screen_panel(screen, (struct made){.id = "a", .schedule = &twice});
    board_screen_panel(screen, (struct made){.id = "b"});
    board_screen_panel(screen, (struct made){.id = "c"});
    board_screen_panel(screen, (struct made){.id = "d"});
    expect_turns(screen, "a c a b d a c a b d");
}

static void many_panels_with_weights_are_spread(void **state)
{
    struct board_screen *screen = *state;
    const struct schedule often = weighted(5);
    int times[21] = {0}, gap = 0, longest = 0;

    for (int i = 0; i <= 20; i++) {
        char id[8];
        snprintf(id, sizeof id, "p%02d", i);
        board_screen_panel(
            screen,
            (struct made){.id = id, .schedule = i == 0 ? &often : NULL});
    }
    for (int turn = 0; turn < 3 * 25; turn++) {
        struct scene scene = board_scene(screen->board, &screen->now);
        int panel = atoi(scene.message->id + 1);
        times[panel]++;
        gap = panel == 0 ? 0 : gap + 1;
        longest = gap > longest ? gap : longest;
        board_screen_wait(screen, DWELL_MS);
    }
    assert_int_equal(times[0], 15);
    for (int i = 1; i <= 20; i++)
        assert_int_equal(times[i], 3);
    assert_in_range(longest, 4, 5);
}

static void a_campaign_has_the_programme_alone(void **state)
{
    struct board_screen *screen = *state;
    struct schedule campaign = schedule_of("10:31-10:33");

    campaign.priority = SCHEDULE_CAMPAIGN;
    board_screen_wait(screen, 5000);
    board_screen_panel(screen, (struct made){.id = "a"});
    board_screen_panel(screen, (struct made){.id = "b"});
    board_screen_panel(screen, (struct made){.id = "c", .schedule = &campaign});
    board_screen_panel(screen, (struct made){.id = "d", .schedule = &campaign});
    /* It begins 55 s later, while b stands, and b keeps its time. */
    expect_turns(screen, "a b a b c d c d c d c d a b a b");
}

static void a_campaign_has_its_share(void **state)
{
    struct board_screen *screen = *state;
    struct schedule campaign = schedule_always;

    campaign.priority = SCHEDULE_CAMPAIGN;
    campaign.share = 25;
    board_screen_panel(screen, (struct made){.id = "a"});
    board_screen_panel(screen, (struct made){.id = "b"});
    board_screen_panel(screen, (struct made){.id = "x", .schedule = &campaign});
    expect_turns(screen, "a x b a b x a b a x b a b x");
}

static void a_situation_goes_before_a_campaign(void **state)
{
    struct board_screen *screen = *state;
    struct schedule campaign = schedule_always;

    campaign.priority = SCHEDULE_CAMPAIGN;
    board_screen_panel(screen, (struct made){.id = "a"});
    board_screen_panel(screen, (struct made){.id = "s",
                                             .section = SECTION_EMERGENCY,
                                             .situation = "Ⅲ"});
    board_screen_panel(screen, (struct made){.id = "x", .schedule = &campaign});
    board_screen_wait(screen, DWELL_MS);
    expect_turns(screen, "s x s x s x");
}

/* b's hours end at 10:31, while it stands. */
static void hours_that_end_leave_the_page_for_its_time(void **state)
{
    struct board_screen *screen = *state;
    const struct schedule until = schedule_of("10:00-10:31");

    board_screen_wait(screen, 5000);
    board_screen_panel(screen, (struct made){.id = "a"});
    board_screen_panel(screen, (struct made){.id = "b", .schedule = &until});
    expect_turns(screen, "a b a"); /* now 50 s, and b begins */
    board_screen_expect(screen, "panel b");
    board_screen_wait(screen, 12000);
    board_screen_expect(screen, "panel b");
    assert_int_equal(board_figures(screen->board).panels, 1);
    struct scene scene = board_scene(screen->board, &screen->now);
    assert_int_equal(scene.next_ms - screen->now.mono_ms, 3000);
    board_screen_wait(screen, 3000);
    board_screen_expect(screen, "panel a");
}

static void the_last_panel_leaves_for_the_plain_page(void **state)
{
    struct board_screen *screen = *state;
    const struct schedule until = schedule_of("10:00-10:31");

    board_screen_wait(screen, 5000);
    board_screen_panel(screen, (struct made){.id = "b", .schedule = &until});
    struct scene scene = board_scene(screen->board, &screen->now);
    assert_int_equal(scene.next_ms, 60000);
    board_screen_wait(screen, 55000);
    board_screen_expect(screen, "plain"); /* its time was over long ago */
}

/* After a change the round goes on at its place. */
static void a_change_does_not_begin_the_round_anew(void **state)
{
    struct board_screen *screen = *state;
    const struct schedule from = schedule_of("10:31-12:00");

    board_screen_panel(screen, (struct made){.id = "a"});
    board_screen_panel(screen, (struct made){.id = "b", .schedule = &from});
    board_screen_panel(screen, (struct made){.id = "c"});
    board_screen_panel(screen, (struct made){.id = "d"});
    expect_turns(screen, "a c d a b c d a b c d");
}

static void an_alert_is_not_interrupted_by_the_programme(void **state)
{
    struct board_screen *screen = *state;
    const struct schedule until = schedule_of("10:00-10:31");
    struct schedule campaign = schedule_of("10:31-12:00");

    campaign.priority = SCHEDULE_CAMPAIGN;
    board_screen_panel(screen, (struct made){.id = "a", .schedule = &until});
    board_screen_panel(screen, (struct made){.id = "x", .schedule = &campaign});
    board_screen_alert(screen, (struct made){.id = "flood", .expires = 10});
    uint64_t showing = board_scene(screen->board, &screen->now).showing;
    for (int i = 0; i < 20; i++) {
        board_screen_wait(screen, 5000);
        board_screen_expect(screen, "alert flood");
        assert_true(board_scene(screen->board, &screen->now).showing ==
                    showing);
    }
    board_screen_wait(screen, 10 * MADE_MINUTE_MS);
    board_screen_expect(screen, "panel x");
}

static void without_a_clock_only_what_needs_it_is_left_out(void **state)
{
    struct board_screen *screen = *state;
    const struct schedule now = schedule_of("10:00-12:00");

    board_screen_panel(screen, (struct made){.id = "a", .schedule = &now});
    board_screen_panel(screen, (struct made){.id = "b"});
    assert_int_equal(board_figures(screen->board).panels, 2);
    board_screen_wait(screen, DWELL_MS + 1000);
    screen->now.wall_trusted = screen->now.wall_confirmed = false;
    board_screen_wait(screen, 1000);
    assert_int_equal(board_figures(screen->board).panels, 1);
    assert_int_equal(board_figures(screen->board).waiting, 1);
    board_screen_wait(screen, DWELL_MS);
    board_screen_expect(screen, "panel b");
    screen->now.wall_trusted = true;
    board_screen_wait(screen, 1);
    assert_int_equal(board_figures(screen->board).panels, 2);
    assert_int_equal(board_figures(screen->board).waiting, 0);
}

static void a_narrower_panel_gives_way_outside_its_hours(void **state)
{
    struct board_screen *screen = *state;
    const struct schedule until = schedule_of("10:00-10:31");

    board_screen_panel(screen, (struct made){.id = "a"});
    board_screen_panel(screen, (struct made){.id = "a",
                                             .scope = "screen-s1",
                                             .schedule = &until});
    struct scene scene = board_scene(screen->board, &screen->now);
    assert_string_equal(scene.message->scope, "screen-s1");
    board_screen_wait(screen, 61000);
    scene = board_scene(screen->board, &screen->now);
    assert_string_equal(scene.message->scope, "all");
}

int main(void)
{
#define BOARD_TEST(f)                                                          \
    cmocka_unit_test_setup_teardown(f, board_screen_start, board_screen_finish)
    const struct CMUnitTest tests[] = {
        BOARD_TEST(a_panel_comes_as_often_as_its_weight_says),
        BOARD_TEST(many_panels_with_weights_are_spread),
        BOARD_TEST(a_campaign_has_the_programme_alone),
        BOARD_TEST(a_campaign_has_its_share),
        BOARD_TEST(a_situation_goes_before_a_campaign),
        BOARD_TEST(hours_that_end_leave_the_page_for_its_time),
        BOARD_TEST(the_last_panel_leaves_for_the_plain_page),
        BOARD_TEST(a_change_does_not_begin_the_round_anew),
        BOARD_TEST(an_alert_is_not_interrupted_by_the_programme),
        BOARD_TEST(without_a_clock_only_what_needs_it_is_left_out),
        BOARD_TEST(a_narrower_panel_gives_way_outside_its_hours),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
