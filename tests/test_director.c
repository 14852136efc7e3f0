/* How the programme cycles: pages, transitions, pausing and stepping. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

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

static void without_anything_the_plain_page_stands(void **state)
{
    struct glass *glass = glass_start(GLASS_MOVE_MS);

    (void)state;
    glass_advance(glass);
    struct scene scene = glass_scene(glass);
    assert_int_equal(scene.kind, SCENE_PLAIN);
    assert_null(scene.message);
    assert_true(scene.next_ms == INT64_MAX);
    glass_stop(glass);
}

static void panels_and_their_pages_cycle(void **state)
{
    static const char *const order[] = {"a1/0", "b2/0", "b2/1", "c1/0", "a1/0"};
    struct glass *glass = glass_start(0);

    (void)state;
    three_panels(glass);
    for (size_t i = 0; i < 5; i++) {
        glass_expect(glass, order[i]);
        assert_int_equal(glass_scene(glass).total, 3);
        glass_wait_for_change(glass);
    }
    glass_stop(glass);
}

static void a_page_comes_by_the_transition_of_its_section(void **state)
{
    struct glass *glass = glass_start(GLASS_MOVE_MS);

    (void)state;
    three_panels(glass);
    /* The first one has nothing before it: it stands at once. */
    assert_int_equal(glass_scene(glass).transition, TRANSITION_CUT);
    glass_wait(glass, GLASS_DWELL_MS);
    struct scene scene = glass_scene(glass);
    assert_int_equal(scene.transition, TRANSITION_FADE);
    assert_true(scene.progress == 0.0);
    assert_int_equal(scene.t_ms, 0);
    assert_int_equal(scene.next_ms, GLASS_DWELL_MS + GLASS_MOVE_MS);
    glass_wait(glass, GLASS_MOVE_MS / 2);
    scene = glass_scene(glass);
    assert_true(scene.progress == 0.5);
    assert_int_equal(scene.t_ms, 0);
    glass_wait(glass, GLASS_MOVE_MS / 2 + 30);
    scene = glass_scene(glass);
    assert_int_equal(scene.transition, TRANSITION_CUT);
    assert_int_equal(scene.t_ms, 30);
    /* The dwell counts from the end of the transition. */
    assert_int_equal(scene.next_ms,
                     GLASS_DWELL_MS + GLASS_MOVE_MS + GLASS_DWELL_MS);
    glass_wait(glass, GLASS_DWELL_MS);
    glass_wait_for_change(glass);
    glass_wait_for_change(glass);
    glass_expect(glass, "c1/0");
    assert_int_equal(glass_scene(glass).transition, TRANSITION_SLIDE);
    glass_stop(glass);
}

static void showing_counts_every_new_page(void **state)
{
    struct glass *glass = glass_start(GLASS_MOVE_MS);

    (void)state;
    three_panels(glass);
    uint64_t showing = glass_scene(glass).showing;
    glass_wait(glass, GLASS_DWELL_MS - 1);
    assert_int_equal(glass_scene(glass).showing, showing);
    glass_wait(glass, 1);
    assert_int_equal(glass_scene(glass).showing, showing + 1);
    glass_wait(glass, GLASS_MOVE_MS);
    assert_int_equal(glass_scene(glass).showing, showing + 1);
    glass_stop(glass);
}

static void a_single_page_rests(void **state)
{
    struct glass *glass = glass_start(GLASS_MOVE_MS);

    (void)state;
    glass_put_panel(glass, 0, (struct made){.id = "a1"});
    uint64_t showing = glass_scene(glass).showing;
    assert_true(glass_scene(glass).next_ms == INT64_MAX);
    glass_wait(glass, 100 * GLASS_DWELL_MS);
    assert_int_equal(glass_scene(glass).showing, showing);
    /* It has stood long enough for a new one to come at once. */
    glass_put_panel(glass, 1, (struct made){.id = "b1", .order = 1});
    glass_expect(glass, "b1/0");
    glass_stop(glass);
}

static void the_cycle_goes_on_when_panels_come_and_go(void **state)
{
    struct glass *glass = glass_start(0);

    (void)state;
    three_panels(glass);
    glass_wait(glass, GLASS_DWELL_MS);
    glass_expect(glass, "b2/0");
    glass_drop_panel(glass, 0); /* one before it goes */
    glass_expect(glass, "b2/0");
    assert_int_equal(glass_scene(glass).position, 1);
    glass_drop_panel(glass, 0); /* it goes itself: what stood after it comes */
    glass_expect(glass, "c1/0");
    glass_put_panel(glass, 0, (struct made){.id = "a1"});
    glass_expect(glass, "c1/0");
    glass_wait(glass, GLASS_DWELL_MS);
    glass_expect(glass, "a1/0");
    glass_stop(glass);
}

static void a_new_edition_of_the_panel_comes_at_once(void **state)
{
    struct glass *glass = glass_start(GLASS_MOVE_MS);

    (void)state;
    three_panels(glass);
    glass_wait(glass, GLASS_DWELL_MS);
    uint64_t showing = glass_scene(glass).showing;
    glass_change_panel(glass, 1,
                       (struct made){.id = "b2", .seq = 2, .order = 2});
    glass_expect(glass, "b2/0");
    assert_int_equal(glass_scene(glass).showing, showing + 1);
    glass_stop(glass);
}

static void pausing_holds_the_page_and_not_the_alert(void **state)
{
    struct glass *glass = glass_start(0);

    (void)state;
    three_panels(glass);
    glass_wait(glass, GLASS_DWELL_MS / 2);
    director_pause(glass->director, true, &glass->now);
    assert_true(glass_scene(glass).next_ms == INT64_MAX);
    glass_wait(glass, 5 * GLASS_DWELL_MS);
    glass_expect(glass, "a1/0");
    director_pause(glass->director, false, &glass->now);
    glass_wait(glass, GLASS_DWELL_MS / 2 - 1);
    glass_expect(glass, "a1/0");
    glass_wait(glass, 1);
    glass_expect(glass, "b2/0");
    director_pause(glass->director, true, &glass->now);
    glass_put_alert(glass, 0, (struct made){.id = "x1"});
    glass_expect(glass, "x1/0");
    glass_stop(glass);
}

static void stepping_goes_both_ways_and_over_the_ends(void **state)
{
    static const struct {
        int direction;
        const char *expected;
    } steps[] = {
        {1, "b2/0"},  {1, "b2/1"},  {1, "c1/0"},  {1, "a1/0"},
        {-1, "c1/0"}, {-1, "b2/0"}, {-1, "a1/0"},
    };
    struct glass *glass = glass_start(0);

    (void)state;
    three_panels(glass);
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        const struct director_stage stage = glass_stage(glass);
        director_step(glass->director, &stage, steps[i].direction, &glass->now);
        glass_expect(glass, steps[i].expected);
    }
    glass_stop(glass);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_anything_the_plain_page_stands),
        cmocka_unit_test(panels_and_their_pages_cycle),
        cmocka_unit_test(a_page_comes_by_the_transition_of_its_section),
        cmocka_unit_test(showing_counts_every_new_page),
        cmocka_unit_test(a_single_page_rests),
        cmocka_unit_test(the_cycle_goes_on_when_panels_come_and_go),
        cmocka_unit_test(a_new_edition_of_the_panel_comes_at_once),
        cmocka_unit_test(pausing_holds_the_page_and_not_the_alert),
        cmocka_unit_test(stepping_goes_both_ways_and_over_the_ends),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
