/* How alerts share the glass among each other: for how long, and which one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "tests/support/glass.h"

#define HOUR_MS (INT64_C(60) * 60 * 1000)

/* What stands of an alert now, full or beside. */
static const struct message *alert_on_glass(const struct glass *glass,
                                            const struct page_place **place)
{
    static struct scene scene;

    scene = glass_scene(glass);
    *place = scene.kind == SCENE_ALERT ? &scene.place : &scene.alert.place;
    return scene.kind == SCENE_ALERT ? scene.message : scene.alert.message;
}

/* For an hour, with alerts of the levels: the gravest has at least half of the
 * time, the others are all seen, and every page tells which of how many it
 * is. */
static void an_hour_is_shared_fairly(const enum alert_level levels[3])
{
    static const char *const ids[] = {"x2", "l1", "y2"};
    struct glass *glass = glass_start_sharing(0, SITUATION_OFTEN);
    int64_t times_ms[3] = {0};

    glass_put_panel(glass, 0, (struct made){.id = "p1"});
    for (size_t i = 0; i < 3; i++)
        glass_put_alert(glass, i,
                        (struct made){.id = ids[i], .level = levels[i]});
    while (glass->now.mono_ms < HOUR_MS) {
        const struct page_place *place;
        const struct message *message = alert_on_glass(glass, &place);
        int64_t from_ms = glass->now.mono_ms;
        assert_non_null(message);
        assert_int_equal(place->total, 3);
        assert_in_range(place->position, 1, 3);
        size_t at = (size_t)place->position - 1;
        assert_string_equal(message->id, ids[at]);
        glass_wait_for_change(glass);
        times_ms[at] += glass->now.mono_ms - from_ms;
    }
    assert_true(2 * times_ms[0] >= glass->now.mono_ms);
    assert_true(times_ms[1] > HOUR_MS / 20 && times_ms[2] > HOUR_MS / 20);
    glass_stop(glass);
}

static void for_an_hour_the_gravest_has_half_in_every_part(void **state)
{
    static const enum alert_level levels[][3] = {
        {ALERT_LEVEL_RED, ALERT_LEVEL_ORANGE, ALERT_LEVEL_BLUE},
        {ALERT_LEVEL_YELLOW, ALERT_LEVEL_YELLOW, ALERT_LEVEL_BLUE},
        {ALERT_LEVEL_BLUE, ALERT_LEVEL_BLUE, ALERT_LEVEL_BLUE},
    };

    (void)state;
    for (size_t i = 0; i < sizeof levels / sizeof levels[0]; i++)
        an_hour_is_shared_fairly(levels[i]);
}

static void a_graver_alert_is_never_behind_a_lesser_when_it_comes(void **state)
{
    static const enum alert_level order[] = {
        ALERT_LEVEL_BLUE, ALERT_LEVEL_YELLOW, ALERT_LEVEL_ORANGE,
        ALERT_LEVEL_RED};
    static const char *const ids[] = {"d1", "c1", "b1", "a1"};
    struct glass *glass = glass_start_sharing(0, SITUATION_OFTEN);
    const struct page_place *place;

    (void)state;
    glass_put_panel(glass, 0, (struct made){.id = "p1"});
    for (size_t i = 0; i < 4; i++) {
        glass_put_alert(glass, 0,
                        (struct made){.id = ids[i], .level = order[i]});
        assert_string_equal(alert_on_glass(glass, &place)->id, ids[i]);
        glass_wait(glass, GLASS_DWELL_MS + 1);
    }
    for (size_t i = 4; i-- > 1;) {
        glass_drop_alert(glass, 0);
        assert_string_equal(alert_on_glass(glass, &place)->id, ids[i - 1]);
        assert_int_equal(place->total, (int)i);
    }
    glass_stop(glass);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(for_an_hour_the_gravest_has_half_in_every_part),
        cmocka_unit_test(a_graver_alert_is_never_behind_a_lesser_when_it_comes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
