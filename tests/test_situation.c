/* While an emergency goes on its panels come often; when it ends, that is told
 * once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/timestamp.h"
#include "display/core/board/programme.h"
#include "tests/support/board_screen.h"
#include "tests/support/glass.h"

static void put_situation(struct glass *glass, size_t at, const char *id)
{
    glass_put_panel(glass, at,
                    (struct made){.id = id,
                                  .section = SECTION_EMERGENCY,
                                  .order = (int)at,
                                  .situation = "Ⅲ"});
}

static void put_ordinary(struct glass *glass)
{
    glass_put_panel(glass, 0, (struct made){.id = "a1", .order = 1});
    glass_put_panel(glass, 1, (struct made){.id = "b2", .order = 2});
}

static void expect_order(struct glass *glass, const char *const *order)
{
    for (size_t i = 0; order[i]; i++) {
        glass_expect(glass, order[i]);
        glass_wait_for_change(glass);
    }
}

/* Two pages of the situation stand together, one of the others between. */
static void the_situation_has_every_second_page(void **state)
{
    static const char *const order[] = {"a1/0", "e2/0", "e2/1", "b2/0",
                                        "e2/0", "e2/1", "b2/1", "e2/0",
                                        "e2/1", "a1/0", NULL};
    struct glass *glass = glass_start_sharing(0, SITUATION_OFTEN);

    (void)state;
    put_ordinary(glass);
    put_situation(glass, 2, "e2");
    expect_order(glass, order);
    glass_stop(glass);
}

static void several_situations_take_turns(void **state)
{
    static const char *const order[] = {"a1/0", "e1/0", "b2/0", "f1/0", "b2/1",
                                        "e1/0", "a1/0", "f1/0", "b2/0", NULL};
    struct glass *glass = glass_start_sharing(0, SITUATION_OFTEN);

    (void)state;
    put_ordinary(glass);
    put_situation(glass, 2, "e1");
    put_situation(glass, 3, "f1");
    expect_order(glass, order);
    glass_stop(glass);
}

static void the_cycle_counts_the_other_panels(void **state)
{
    struct glass *glass = glass_start_sharing(0, SITUATION_OFTEN);

    (void)state;
    put_ordinary(glass);
    put_situation(glass, 2, "e1");
    for (int i = 0; i < 6; i++) {
        struct scene scene = glass_scene(glass);
        assert_int_equal(scene.total, 2);
        if (scene.message->id[0] != 'e')
            assert_int_equal(scene.position, scene.message->id[0] - 'a' + 1);
        glass_wait_for_change(glass);
    }
    glass_stop(glass);
}

static void only_the_emergency_shows_where_so_configured(void **state)
{
    static const char *const order[] = {"d1/0", "e1/0", "d1/0", NULL};
    struct glass *glass = glass_start_sharing(0, SITUATION_ONLY);

    (void)state;
    put_ordinary(glass);
    glass_put_panel(glass, 2,
                    (struct made){.id = "d1", .section = SECTION_EMERGENCY});
    glass_expect(glass, "a1/0");
    put_situation(glass, 3, "e1");
    /* What has no part in it any more gives way at once. */
    glass_expect(glass, "e1/0");
    glass_wait_for_change(glass);
    expect_order(glass, order);
    /* It is over: the others are back. */
    glass_drop_panel(glass, 3);
    glass_expect(glass, "a1/0");
    glass_stop(glass);
}

static void a_situation_alone_rests(void **state)
{
    struct glass *glass = glass_start_sharing(0, SITUATION_OFTEN);

    (void)state;
    put_situation(glass, 0, "e1");
    uint64_t showing = glass_scene(glass).showing;
    assert_true(glass_scene(glass).next_ms == INT64_MAX);
    glass_wait(glass, 10 * GLASS_DWELL_MS);
    assert_int_equal(glass_scene(glass).showing, showing);
    glass_stop(glass);
}

static void a_situation_that_is_over_is_one_of_the_others(void **state)
{
    static const char *const order[] = {"a1/0", "b2/0", "b2/1",
                                        "e1/0", "a1/0", NULL};
    struct glass *glass = glass_start_sharing(0, SITUATION_ONLY);

    (void)state;
    put_ordinary(glass);
    glass_put_panel(glass, 2,
                    (struct made){.id = "e1",
                                  .section = SECTION_EMERGENCY,
                                  .situation = "终止"});
    expect_order(glass, order);
    glass_stop(glass);
}

/* Page by page, once; then the programme goes on where it was. */
static void the_end_is_told_at_once_and_once(void **state)
{
    const struct made over = {.id = "e2",
                              .seq = 2,
                              .section = SECTION_EMERGENCY,
                              .situation = "终止"};
    struct glass *glass = glass_start_sharing(0, SITUATION_OFTEN);

    (void)state;
    put_ordinary(glass);
    glass_wait(glass, GLASS_DWELL_MS);
    glass_expect(glass, "b2/0");
    glass->farewell = made_panel(&over);
    glass_wait(glass, 1);
    glass_expect(glass, "e2/0");
    glass_wait_for_change(glass);
    glass_expect(glass, "e2/1");
    assert_false(director_has_told(glass->director, glass->farewell));
    glass_wait_for_change(glass);
    assert_true(director_has_told(glass->director, glass->farewell));
    glass_expect(glass, "b2/0");
    glass_wait(glass, 20 * GLASS_DWELL_MS);
    assert_int_not_equal(glass_scene(glass).message->id[0], 'e');
    glass_stop(glass);
}

static void the_end_waits_for_an_alert_on_the_whole_glass(void **state)
{
    const struct made over = {.id = "e1", .seq = 2, .situation = "终止"};
    struct glass *glass = glass_start_sharing(0, SITUATION_OFTEN);

    (void)state;
    put_ordinary(glass);
    glass->farewell = made_panel(&over);
    glass_put_alert(glass, 0, (struct made){.id = "x1"});
    glass_expect(glass, "x1/0");
    glass_wait(glass, 3 * GLASS_DWELL_MS);
    assert_false(director_has_told(glass->director, glass->farewell));
    glass_drop_alert(glass, 0);
    glass_expect(glass, "e1/0");
    glass_put_alert(glass, 0,
                    (struct made){.id = "y1", .level = ALERT_LEVEL_BLUE});
    glass_expect(glass, "e1/0");
    glass_expect_beside(glass, "y1/0");
    glass_stop(glass);
}

static enum board_effect panel(struct board_screen *screen, const char *id,
                               int64_t seq, const char *level)
{
    return board_screen_panel(screen,
                              (struct made){.id = id,
                                            .seq = seq,
                                            .section = SECTION_EMERGENCY,
                                            .situation = level});
}

static void remove_panel(struct board_screen *screen, const char *id,
                         int64_t seq)
{
    const struct made made = {.id = id, .seq = seq};

    board_screen_take(screen, delivery_of(screen->keys, made_removal(&made)));
    board_screen_wait(screen, 0);
}

static struct scene board_now(struct board_screen *screen)
{
    return board_scene(screen->board, &screen->now);
}

static void a_level_that_becomes_over_is_told(void **state)
{
    struct board_screen *screen = *state;

    board_screen_panel(screen, (struct made){.id = "p1"});
    panel(screen, "s1", 1, "Ⅱ");
    board_screen_wait(screen, 0);
    board_screen_expect(screen, "panel p1");
    panel(screen, "s1", 2, "终止");
    board_screen_wait(screen, 0);
    board_screen_expect(screen, "panel s1");
    assert_int_equal(board_now(screen).message->seq, 2);
    board_screen_wait(screen, BOARD_SCREEN_DWELL_MS);
    board_screen_expect(screen, "panel p1");
    /* It stays as one of the panels. */
    board_screen_wait(screen, BOARD_SCREEN_DWELL_MS);
    board_screen_expect(screen, "panel s1");
}

static void a_situation_that_is_removed_is_told_as_over(void **state)
{
    struct board_screen *screen = *state;

    board_screen_panel(screen, (struct made){.id = "p1"});
    panel(screen, "s1", 1, "Ⅱ");
    board_screen_wait(screen, 0);
    remove_panel(screen, "s1", 2);
    board_screen_expect(screen, "panel s1");
    struct scene scene = board_now(screen);
    assert_true(situation_is_over(scene.message));
    assert_int_equal(scene.message->seq, 2);
    assert_int_equal(board_figures(screen->board).panels, 1);
    board_screen_wait(screen, BOARD_SCREEN_DWELL_MS);
    board_screen_expect(screen, "panel p1");
    board_screen_wait(screen, 10 * BOARD_SCREEN_DWELL_MS);
    board_screen_expect(screen, "panel p1");
}

static void the_last_panel_takes_its_end_with_it(void **state)
{
    struct board_screen *screen = *state;

    panel(screen, "s1", 1, "Ⅱ");
    board_screen_wait(screen, 0);
    remove_panel(screen, "s1", 2);
    board_screen_expect(screen, "panel s1");
    assert_int_equal(board_now(screen).next_ms - screen->now.mono_ms,
                     BOARD_SCREEN_DWELL_MS);
    board_screen_wait(screen, BOARD_SCREEN_DWELL_MS);
    board_screen_expect(screen, "plain");
}

static void what_was_over_before_is_removed_without_a_word(void **state)
{
    struct board_screen *screen = *state;

    board_screen_panel(screen, (struct made){.id = "p1"});
    panel(screen, "s1", 1, "终止");
    board_screen_wait(screen, 0);
    board_screen_expect(screen, "panel p1");
    remove_panel(screen, "s1", 2);
    board_screen_expect(screen, "panel p1");
}

/* Nobody said that it is over: only nobody said any more that it goes on. */
static void an_end_that_nobody_declared_is_not_told(void **state)
{
    struct board_screen *screen = *state;

    board_screen_panel(screen, (struct made){.id = "p1"});
    board_screen_panel(
        screen, (struct made){.id = "s1", .expires = 10, .situation = "Ⅱ"});
    board_screen_wait(screen, 0);
    board_screen_wait(screen, 10 * MADE_MINUTE_MS);
    board_screen_expect(screen, "panel p1");
}

static void an_end_that_could_not_be_told_is_forgotten(void **state)
{
    struct board_screen *screen = *state;

    board_screen_panel(screen, (struct made){.id = "p1"});
    panel(screen, "s1", 1, "Ⅱ");
    board_screen_wait(screen, 0);
    board_screen_alert(screen, (struct made){.id = "x1", .expires = 11});
    board_screen_wait(screen, 0);
    remove_panel(screen, "s1", 2);
    board_screen_wait(screen, PROGRAMME_FAREWELL_MS);
    board_screen_expect(screen, "alert x1");
    board_screen_wait(screen, MADE_MINUTE_MS);
    board_screen_expect(screen, "panel p1");
}

#define BOARD_TEST(name)                                                       \
    cmocka_unit_test_setup_teardown(name, board_screen_start,                  \
                                    board_screen_finish)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_situation_has_every_second_page),
        cmocka_unit_test(several_situations_take_turns),
        cmocka_unit_test(the_cycle_counts_the_other_panels),
        cmocka_unit_test(only_the_emergency_shows_where_so_configured),
        cmocka_unit_test(a_situation_alone_rests),
        cmocka_unit_test(a_situation_that_is_over_is_one_of_the_others),
        cmocka_unit_test(the_end_is_told_at_once_and_once),
        cmocka_unit_test(the_end_waits_for_an_alert_on_the_whole_glass),
        BOARD_TEST(a_level_that_becomes_over_is_told),
        BOARD_TEST(a_situation_that_is_removed_is_told_as_over),
        BOARD_TEST(the_last_panel_takes_its_end_with_it),
        BOARD_TEST(what_was_over_before_is_removed_without_a_word),
        BOARD_TEST(an_end_that_nobody_declared_is_not_told),
        BOARD_TEST(an_end_that_could_not_be_told_is_forgotten),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
