/* How alerts share the glass with the programme: what stands where. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
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

static void put(struct glass *glass, size_t at, const char *id,
                enum alert_level level)
{
    glass_put_alert(glass, at, (struct made){.id = id, .level = level});
}

static enum presentation beside(const struct glass *glass)
{
    return glass_scene(glass).alert.place.presentation;
}

static void each_level_has_the_part_that_is_configured(void **state)
{
    static const struct {
        enum alert_level level;
        enum presentation expected;
    } rows[] = {{ALERT_LEVEL_RED, PRESENTATION_FULL},
                {ALERT_LEVEL_ORANGE, PRESENTATION_FULL},
                {ALERT_LEVEL_YELLOW, PRESENTATION_UPPER},
                {ALERT_LEVEL_BLUE, PRESENTATION_BANNER},
                {ALERT_LEVEL_UNKNOWN, PRESENTATION_UPPER}};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct glass *glass = glass_start_sharing(0, SITUATION_OFTEN);
        three_panels(glass);
        put(glass, 0, "x1", rows[i].level);
        struct scene scene = glass_scene(glass);
        bool full = rows[i].expected == PRESENTATION_FULL;
        assert_int_equal(scene.kind, full ? SCENE_ALERT : SCENE_PANEL);
        assert_int_equal(scene.place.presentation, rows[i].expected);
        glass_expect_beside(glass, full ? "" : "x1/0");
        glass_stop(glass);
    }
}

static void the_programme_cycles_on_below(void **state)
{
    static const char *const order[] = {"a1/0", "b2/0", "b2/1", "c1/0", "a1/0"};
    struct glass *glass = glass_start_sharing(0, SITUATION_OFTEN);

    (void)state;
    three_panels(glass);
    put(glass, 0, "x1", ALERT_LEVEL_YELLOW);
    uint64_t showing = glass_scene(glass).alert.showing;
    for (size_t i = 0; i < 5; i++) {
        glass_expect(glass, order[i]);
        glass_expect_beside(glass, "x1/0");
        assert_int_equal(glass_scene(glass).alert.showing, showing);
        glass_wait_for_change(glass);
    }
    glass_stop(glass);
}

/* Both have pages and dwells of their own. */
static void the_pages_of_the_alert_follow_each_other_beside(void **state)
{
    struct glass *glass = glass_start_sharing(0, SITUATION_OFTEN);

    (void)state;
    three_panels(glass);
    glass_wait(glass, GLASS_DWELL_MS / 2);
    put(glass, 0, "x2", ALERT_LEVEL_BLUE);
    glass_wait(glass, GLASS_DWELL_MS / 2);
    glass_expect(glass, "b2/0");
    glass_expect_beside(glass, "x2/0");
    glass_wait(glass, GLASS_DWELL_MS / 2);
    glass_expect(glass, "b2/0");
    glass_expect_beside(glass, "x2/1");
    glass_wait(glass, GLASS_DWELL_MS);
    glass_expect_beside(glass, "x2/0");
    glass_stop(glass);
}

static void the_panel_that_runs_keeps_its_time(void **state)
{
    struct glass *glass = glass_start_sharing(0, SITUATION_OFTEN);

    (void)state;
    three_panels(glass);
    glass_wait(glass, GLASS_DWELL_MS / 4);
    uint64_t showing = glass_scene(glass).showing;
    put(glass, 0, "x1", ALERT_LEVEL_YELLOW);
    struct scene scene = glass_scene(glass);
    assert_int_equal(scene.showing, showing);
    assert_int_equal(scene.t_ms, GLASS_DWELL_MS / 4);
    assert_int_equal(scene.next_ms, GLASS_DWELL_MS);
    glass_wait(glass, GLASS_DWELL_MS / 4);
    glass_drop_alert(glass, 0);
    scene = glass_scene(glass);
    assert_int_equal(scene.showing, showing);
    assert_int_equal(scene.place.presentation, PRESENTATION_FULL);
    assert_int_equal(scene.t_ms, GLASS_DWELL_MS / 2);
    glass_wait(glass, GLASS_DWELL_MS / 2);
    glass_expect(glass, "b2/0");
    glass_stop(glass);
}

/* What was not yet read in one setting is still to come in the other. */
static void a_page_set_anew_goes_on_where_it_was(void **state)
{
    struct glass *glass = glass_start_sharing(0, SITUATION_OFTEN);

    (void)state;
    glass_put_panel(glass, 0, (struct made){.id = "s2"});
    glass_wait(glass, GLASS_DWELL_MS);
    glass_expect(glass, "s2/1");
    put(glass, 0, "x1", ALERT_LEVEL_YELLOW);
    glass_expect(glass, "s2/2");
    glass_wait(glass, GLASS_DWELL_MS);
    glass_expect(glass, "s2/3");
    glass_drop_alert(glass, 0);
    glass_expect(glass, "s2/1");
    glass_stop(glass);
}

static void an_alert_beside_ends_a_transition_at_once(void **state)
{
    struct glass *glass = glass_start_sharing(GLASS_MOVE_MS, SITUATION_OFTEN);

    (void)state;
    three_panels(glass);
    glass_wait(glass, GLASS_DWELL_MS + GLASS_MOVE_MS / 2);
    glass_wait(glass, 1);
    assert_int_equal(glass_scene(glass).transition, TRANSITION_FADE);
    put(glass, 0, "x1", ALERT_LEVEL_BLUE);
    struct scene scene = glass_scene(glass);
    assert_int_equal(scene.transition, TRANSITION_CUT);
    assert_int_equal(scene.t_ms, 0);
    assert_int_equal(scene.alert.t_ms, 0);
    /* Another one in the same part, likewise. */
    glass_wait_for_change(glass);
    assert_int_equal(glass_scene(glass).transition, TRANSITION_FADE);
    put(glass, 0, "w1", ALERT_LEVEL_BLUE);
    glass_expect_beside(glass, "w1/0");
    assert_int_equal(glass_scene(glass).transition, TRANSITION_CUT);
    glass_stop(glass);
}

static void panels_turn_below_an_alert_as_ever(void **state)
{
    struct glass *glass = glass_start_sharing(GLASS_MOVE_MS, SITUATION_OFTEN);

    (void)state;
    three_panels(glass);
    put(glass, 0, "x1", ALERT_LEVEL_BLUE);
    while (strcmp(glass_scene(glass).message->id, "c1") != 0)
        glass_wait_for_change(glass);
    assert_int_equal(glass_scene(glass).transition, TRANSITION_SLIDE);
    glass_stop(glass);
}

static void one_full_alert_takes_the_glass_for_all(void **state)
{
    struct glass *glass = glass_start_sharing(0, SITUATION_OFTEN);

    (void)state;
    three_panels(glass);
    glass_wait(glass, GLASS_DWELL_MS);
    put(glass, 0, "y1", ALERT_LEVEL_YELLOW);
    put(glass, 1, "z1", ALERT_LEVEL_BLUE);
    glass_expect_beside(glass, "y1/0");
    put(glass, 0, "r1", ALERT_LEVEL_RED);
    glass_expect(glass, "r1/0");
    glass_expect_beside(glass, "");
    bool seen_yellow = false, seen_blue = false;
    for (int i = 0; i < 12; i++) {
        struct scene scene = glass_scene(glass);
        assert_int_equal(scene.kind, SCENE_ALERT);
        assert_int_equal(scene.place.presentation, PRESENTATION_FULL);
        assert_int_equal(scene.place.total, 3);
        seen_yellow |= scene.place.position == 2;
        seen_blue |= scene.place.position == 3;
        glass_wait_for_change(glass);
    }
    assert_true(seen_yellow && seen_blue);
    /* It ends: the next leads beside, and the interrupted panel is back. */
    glass_drop_alert(glass, 0);
    glass_expect(glass, "b2/0");
    glass_expect_beside(glass, "y1/0");
    assert_int_equal(glass_scene(glass).t_ms, 0);
    assert_int_equal(beside(glass), PRESENTATION_UPPER);
    glass_stop(glass);
}

static void a_lesser_one_may_take_the_glass_for_all(void **state)
{
    static const enum presentation odd[ALERT_LEVEL_COUNT] = {
        [ALERT_LEVEL_YELLOW] = PRESENTATION_BANNER,
        [ALERT_LEVEL_BLUE] = PRESENTATION_FULL};
    struct glass *glass = glass_start_as(odd);

    (void)state;
    three_panels(glass);
    put(glass, 0, "y1", ALERT_LEVEL_YELLOW);
    glass_expect_beside(glass, "y1/0");
    put(glass, 1, "z1", ALERT_LEVEL_BLUE);
    /* The gravest goes on leading, now on the whole glass. */
    glass_expect(glass, "y1/0");
    assert_int_equal(glass_scene(glass).kind, SCENE_ALERT);
    glass_drop_alert(glass, 1);
    glass_expect(glass, "a1/0");
    glass_expect_beside(glass, "y1/0");
    glass_stop(glass);
}

static void the_gravest_decides_the_part_for_the_others(void **state)
{
    struct glass *glass = glass_start_sharing(0, SITUATION_OFTEN);
    bool seen = false;

    (void)state;
    three_panels(glass);
    put(glass, 0, "y1", ALERT_LEVEL_YELLOW);
    put(glass, 1, "z1", ALERT_LEVEL_BLUE);
    for (int i = 0; i < 20; i++) {
        assert_int_equal(beside(glass), PRESENTATION_UPPER);
        assert_int_equal(glass_scene(glass).place.presentation,
                         PRESENTATION_UPPER);
        seen |= strcmp(glass_scene(glass).alert.message->id, "z1") == 0;
        glass_wait_for_change(glass);
    }
    assert_true(seen);
    glass_drop_alert(glass, 0);
    glass_expect_beside(glass, "z1/0");
    assert_int_equal(beside(glass), PRESENTATION_BANNER);
    glass_stop(glass);
}

static void without_a_programme_an_alert_has_the_whole_glass(void **state)
{
    struct glass *glass = glass_start_sharing(0, SITUATION_OFTEN);

    (void)state;
    put(glass, 0, "z1", ALERT_LEVEL_BLUE);
    glass_expect(glass, "z1/0");
    assert_int_equal(glass_scene(glass).kind, SCENE_ALERT);
    glass_put_panel(glass, 0, (struct made){.id = "a1"});
    glass_expect(glass, "a1/0");
    glass_expect_beside(glass, "z1/0");
    glass_drop_panel(glass, 0);
    glass_expect(glass, "z1/0");
    glass_stop(glass);
}

static void clear_stands_where_the_alert_stood(void **state)
{
    const struct made made = {.id = "z1"};
    struct glass *glass = glass_start_sharing(0, SITUATION_OFTEN);

    (void)state;
    three_panels(glass);
    put(glass, 0, "z1", ALERT_LEVEL_BLUE);
    glass->clear = made_cancel(&made);
    glass->clear_level = ALERT_LEVEL_BLUE;
    glass_drop_alert(glass, 0);
    struct scene scene = glass_scene(glass);
    assert_int_equal(scene.kind, SCENE_PANEL);
    assert_int_equal(scene.alert.message->kind, MESSAGE_ALERT_CANCEL);
    assert_int_equal(beside(glass), PRESENTATION_BANNER);
    glass_wait(glass, GLASS_DWELL_MS);
    glass_expect(glass, "b2/0");
    message_destroy(glass->clear);
    glass->clear = NULL;
    glass_wait(glass, 0);
    glass_expect_beside(glass, "");
    assert_int_equal(glass_scene(glass).place.presentation, PRESENTATION_FULL);
    glass_stop(glass);
}

static void stepping_moves_the_programme_below(void **state)
{
    struct glass *glass = glass_start_sharing(0, SITUATION_OFTEN);

    (void)state;
    three_panels(glass);
    put(glass, 0, "x1", ALERT_LEVEL_YELLOW);
    const struct director_stage stage = glass_stage(glass);
    director_step(glass->director, &stage, 1, &glass->now);
    glass_expect(glass, "b2/0");
    glass_expect_beside(glass, "x1/0");
    assert_int_equal(glass_scene(glass).place.presentation, PRESENTATION_UPPER);
    glass_stop(glass);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_level_has_the_part_that_is_configured),
        cmocka_unit_test(the_programme_cycles_on_below),
        cmocka_unit_test(the_pages_of_the_alert_follow_each_other_beside),
        cmocka_unit_test(the_panel_that_runs_keeps_its_time),
        cmocka_unit_test(a_page_set_anew_goes_on_where_it_was),
        cmocka_unit_test(an_alert_beside_ends_a_transition_at_once),
        cmocka_unit_test(panels_turn_below_an_alert_as_ever),
        cmocka_unit_test(one_full_alert_takes_the_glass_for_all),
        cmocka_unit_test(a_lesser_one_may_take_the_glass_for_all),
        cmocka_unit_test(the_gravest_decides_the_part_for_the_others),
        cmocka_unit_test(without_a_programme_an_alert_has_the_whole_glass),
        cmocka_unit_test(clear_stands_where_the_alert_stood),
        cmocka_unit_test(stepping_moves_the_programme_below),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
