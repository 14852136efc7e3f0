/* How alerts take the glass, share it and give it back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/glass.h"

static void three_panels(struct glass *glass)
{
    glass_put_panel(glass, 0, (struct made){.id = "a1", .order = 1});
    glass_put_panel(glass, 1, (struct made){.id = "b2", .order = 2});
    glass_put_panel(
        glass, 2,
        (struct made){.id = "c1", .order = 3, .section = SECTION_GARDEN});
}

static void an_alert_cuts_in_and_gives_the_panel_back(void **state)
{
    struct glass *glass = glass_start(GLASS_MOVE_MS);

    (void)state;
    three_panels(glass);
    glass_wait(glass, GLASS_DWELL_MS);
    glass_wait(glass, GLASS_MOVE_MS + GLASS_DWELL_MS);
    glass_wait(glass, GLASS_MOVE_MS / 2); /* in the middle of a transition */
    glass_expect(glass, "b2/1");
    glass_put_alert(glass, 0, (struct made){.id = "x1"});
    struct scene scene = glass_scene(glass);
    assert_int_equal(scene.kind, SCENE_ALERT);
    assert_int_equal(scene.transition, TRANSITION_CUT);
    assert_int_equal(scene.t_ms, 0);
    assert_true(scene.next_ms == INT64_MAX);
    glass_wait(glass, 50 * GLASS_DWELL_MS);
    glass_expect(glass, "x1/0");
    glass_drop_alert(glass, 0);
    /* The same panel, from its entrance. */
    glass_expect(glass, "b2/0");
    assert_int_equal(glass_scene(glass).t_ms, 0);
    assert_int_equal(glass_scene(glass).transition, TRANSITION_FADE);
    glass_stop(glass);
}

static void the_next_one_comes_when_the_interrupted_panel_is_gone(void **state)
{
    struct glass *glass = glass_start(0);

    (void)state;
    three_panels(glass);
    glass_wait(glass, GLASS_DWELL_MS);
    glass_put_alert(glass, 0, (struct made){.id = "x1"});
    glass_drop_panel(glass, 1);
    glass_drop_alert(glass, 0);
    glass_expect(glass, "c1/0");
    glass_stop(glass);
}

static void clear_stands_between_alert_and_programme(void **state)
{
    const struct made made = {.id = "x1"};
    struct glass *glass = glass_start(GLASS_MOVE_MS);

    (void)state;
    three_panels(glass);
    glass_put_alert(glass, 0, made);
    glass_put_alert(glass, 1, (struct made){.id = "y1"});
    glass->clear = made_cancel(&made);
    glass_drop_alert(glass, 0);
    struct scene scene = glass_scene(glass);
    assert_int_equal(scene.kind, SCENE_CLEAR);
    assert_int_equal(scene.transition, TRANSITION_CUT);
    assert_int_equal(scene.place.total, 1); /* still in force */
    const struct director_stage stage = glass_stage(glass);
    director_step(glass->director, &stage, 1, &glass->now);
    assert_int_equal(glass_scene(glass).kind, SCENE_CLEAR);
    message_destroy(glass->clear);
    glass->clear = NULL;
    glass_wait(glass, 1);
    glass_expect(glass, "y1/0");
    glass_drop_alert(glass, 0);
    glass_expect(glass, "a1/0");
    glass_stop(glass);
}

static void no_drill_counts_as_in_force_beside_clear(void **state)
{
    const struct made made = {.id = "x1"};
    struct glass *glass = glass_start(0);

    (void)state;
    glass_put_alert(glass, 0,
                    (struct made){.id = "y1", .status = ALERT_STATUS_EXERCISE});
    glass->clear = made_cancel(&made);
    glass_wait(glass, 0);
    assert_int_equal(glass_scene(glass).kind, SCENE_CLEAR);
    assert_int_equal(glass_scene(glass).place.total, 0);
    glass_stop(glass);
}

static void a_graver_alert_cuts_in_a_lesser_waits_its_turn(void **state)
{
    struct glass *glass = glass_start(0);

    (void)state;
    glass_put_alert(glass, 0, (struct made){.id = "x1"});
    glass_wait(glass, GLASS_DWELL_MS / 2);
    glass_put_alert(glass, 1, (struct made){.id = "y1"});
    glass_expect(glass, "x1/0");
    assert_int_equal(glass_scene(glass).position, 1);
    assert_int_equal(glass_scene(glass).total, 2);
    glass_put_alert(glass, 0, (struct made){.id = "w1"});
    glass_expect(glass, "w1/0");
    glass_drop_alert(glass, 0);
    glass_expect(glass, "x1/0");
    glass_stop(glass);
}

static void a_lesser_alert_that_comes_to_lead_stays_on(void **state)
{
    struct glass *glass = glass_start(0);

    (void)state;
    glass_put_alert(glass, 0, (struct made){.id = "x1"});
    glass_put_alert(glass, 1, (struct made){.id = "y1"});
    glass_put_alert(glass, 2, (struct made){.id = "z1"});
    glass_wait(glass, GLASS_DWELL_MS);
    glass_expect(glass, "y1/0");
    /* Even when its turn is over in that very moment. */
    glass->now.mono_ms += GLASS_DWELL_MS;
    uint64_t showing = glass_scene(glass).showing;
    glass_drop_alert(glass, 0);
    glass_expect(glass, "y1/0");
    assert_int_equal(glass_scene(glass).showing, showing);
    assert_int_equal(glass_scene(glass).position, 1);
    glass_stop(glass);
}

/* l…: three times the dwell. At every moment the gravest has had at least
 * half of the time, and every page of every other alert is seen. */
static void the_gravest_has_at_least_half_of_the_time(void **state)
{
    static const char *const lesser[] = {"l1/0", "y2/0", "y2/1", "z1/0"};
    bool seen[4] = {false};
    struct glass *glass = glass_start(0);
    int64_t lead_ms = 0;

    (void)state;
    glass_put_alert(glass, 0, (struct made){.id = "x2"});
    glass_put_alert(glass, 1, (struct made){.id = "l1"});
    glass_put_alert(glass, 2, (struct made){.id = "y2"});
    glass_put_alert(glass, 3, (struct made){.id = "z1"});
    for (int i = 0; i < 60; i++) {
        int64_t from_ms = glass->now.mono_ms;
        struct scene scene = glass_scene(glass);
        char text[80];
        snprintf(text, sizeof text, "%s/%zu", scene.message->id, scene.page);
        for (size_t j = 0; j < 4; j++)
            seen[j] |= strcmp(text, lesser[j]) == 0;
        glass_wait_for_change(glass);
        if (text[0] == 'x')
            lead_ms += glass->now.mono_ms - from_ms;
        assert_true(2 * lead_ms >= glass->now.mono_ms);
    }
    for (size_t j = 0; j < 4; j++)
        assert_true(seen[j]);
    glass_stop(glass);
}

static void a_hoard_of_time_is_not_spent_in_one_go(void **state)
{
    struct glass *glass = glass_start(0);

    (void)state;
    glass_put_alert(glass, 0, (struct made){.id = "x1"});
    glass_wait(glass, 100 * GLASS_DWELL_MS);
    glass_put_alert(glass, 1, (struct made){.id = "l1"});
    glass_expect(glass, "l1/0");
    glass_wait_for_change(glass);
    glass_expect(glass, "x1/0");
    int64_t from_ms = glass->now.mono_ms;
    while (glass_scene(glass).message->id[0] == 'x')
        glass_wait_for_change(glass);
    assert_int_equal(glass->now.mono_ms - from_ms, 3 * GLASS_DWELL_MS);
    glass_stop(glass);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_alert_cuts_in_and_gives_the_panel_back),
        cmocka_unit_test(the_next_one_comes_when_the_interrupted_panel_is_gone),
        cmocka_unit_test(clear_stands_between_alert_and_programme),
        cmocka_unit_test(no_drill_counts_as_in_force_beside_clear),
        cmocka_unit_test(a_graver_alert_cuts_in_a_lesser_waits_its_turn),
        cmocka_unit_test(a_lesser_alert_that_comes_to_lead_stays_on),
        cmocka_unit_test(the_gravest_has_at_least_half_of_the_time),
        cmocka_unit_test(a_hoard_of_time_is_not_spent_in_one_go),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
