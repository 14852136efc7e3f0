/* What stands on the glass, since when, and what comes next. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "display/core/director.h"
#include "tests/support/made_message.h"

enum { DWELL = 10000, MOVE = 800, STAGE_MAX = 8 };

/* A glass with a stage that the test sets by hand. The dwell of a page is
 * DWELL, of ids that begin with 'l' three times that; ids end in the count of
 * their pages. */
struct glass {
    struct director *director;
    struct message *panels[STAGE_MAX];
    struct message *alerts[STAGE_MAX];
    struct message *clear;
    size_t panel_count, alert_count;
    struct moment now;
};

static size_t count_pages(void *context, const struct message *message)
{
    (void)context;
    return (size_t)(message->id[strlen(message->id) - 1] - '0');
}

static int64_t measure_dwell(void *context, const struct message *message,
                             size_t page)
{
    (void)context;
    (void)page;
    return message->id[0] == 'l' ? 3 * DWELL : DWELL;
}

static struct glass *start(int transition_ms)
{
    const struct director_options options = {
        .plan = {NULL, count_pages, measure_dwell},
        .transition_ms = transition_ms,
        .transitions = {TRANSITION_FADE, TRANSITION_SLIDE, TRANSITION_WIPE},
    };
    struct glass *glass = calloc(1, sizeof *glass);

    assert_non_null(glass);
    glass->director = director_create(&options);
    assert_non_null(glass->director);
    return glass;
}

static void finish(struct glass *glass)
{
    director_destroy(glass->director);
    for (size_t i = 0; i < glass->panel_count; i++)
        message_destroy(glass->panels[i]);
    for (size_t i = 0; i < glass->alert_count; i++)
        message_destroy(glass->alerts[i]);
    message_destroy(glass->clear);
    free(glass);
}

static struct director_stage stage_of(const struct glass *glass)
{
    return (struct director_stage){
        .panels = (const struct message *const *)glass->panels,
        .panel_count = glass->panel_count,
        .alerts = (const struct message *const *)glass->alerts,
        .alert_count = glass->alert_count,
        .clear = glass->clear,
    };
}

static void advance(struct glass *glass)
{
    const struct director_stage stage = stage_of(glass);

    director_advance(glass->director, &stage, &glass->now);
}

static struct scene scene_of(const struct glass *glass)
{
    return director_scene(glass->director, &glass->now);
}

static void wait_ms(struct glass *glass, int64_t ms)
{
    glass->now.mono_ms += ms;
    advance(glass);
}

/* Sleeps as the loop does, until the scene itself says that it changes. */
static void wait_for_change(struct glass *glass)
{
    struct scene scene = scene_of(glass);

    assert_true(scene.next_ms != INT64_MAX);
    glass->now.mono_ms = scene.next_ms;
    advance(glass);
}

static void put(struct message **list, size_t *count, size_t at,
                struct message *message)
{
    assert_true(*count < STAGE_MAX);
    memmove(list + at + 1, list + at, (*count - at) * sizeof(struct message *));
    list[at] = message;
    (*count)++;
}

static void drop(struct message **list, size_t *count, size_t at)
{
    message_destroy(list[at]);
    (*count)--;
    memmove(list + at, list + at + 1, (*count - at) * sizeof(struct message *));
}

static void put_panel(struct glass *glass, size_t at, struct made made)
{
    put(glass->panels, &glass->panel_count, at, made_panel(&made));
    advance(glass);
}

static void drop_panel(struct glass *glass, size_t at)
{
    drop(glass->panels, &glass->panel_count, at);
    advance(glass);
}

static void put_alert(struct glass *glass, size_t at, struct made made)
{
    put(glass->alerts, &glass->alert_count, at, made_alert(&made));
    advance(glass);
}

static void drop_alert(struct glass *glass, size_t at)
{
    drop(glass->alerts, &glass->alert_count, at);
    advance(glass);
}

static void three_panels(struct glass *glass)
{
    put_panel(glass, 0, (struct made){.id = "a1", .order = 1});
    put_panel(glass, 1, (struct made){.id = "b2", .order = 2});
    put_panel(glass, 2,
              (struct made){.id = "c1", .order = 3, .section = SECTION_GARDEN});
}

/* id/page, or nothing for the plain page. */
static void expect(const struct glass *glass, const char *expected)
{
    struct scene scene = scene_of(glass);
    char text[80] = "";

    if (scene.message)
        snprintf(text, sizeof text, "%s/%zu", scene.message->id, scene.page);
    assert_string_equal(text, expected);
}

static void without_anything_the_plain_page_stands(void **state)
{
    struct glass *glass = start(MOVE);

    (void)state;
    advance(glass);
    struct scene scene = scene_of(glass);
    assert_int_equal(scene.kind, SCENE_PLAIN);
    assert_null(scene.message);
    assert_true(scene.next_ms == INT64_MAX);
    finish(glass);
}

static void panels_and_their_pages_cycle(void **state)
{
    static const char *const order[] = {"a1/0", "b2/0", "b2/1", "c1/0", "a1/0"};
    struct glass *glass = start(0);

    (void)state;
    three_panels(glass);
    for (size_t i = 0; i < 5; i++) {
        expect(glass, order[i]);
        assert_int_equal(scene_of(glass).total, 3);
        wait_for_change(glass);
    }
    finish(glass);
}

static void a_page_comes_by_the_transition_of_its_section(void **state)
{
    struct glass *glass = start(MOVE);

    (void)state;
    three_panels(glass);
    /* The first one has nothing before it: it stands at once. */
    assert_int_equal(scene_of(glass).transition, TRANSITION_CUT);
    wait_ms(glass, DWELL);
    struct scene scene = scene_of(glass);
    assert_int_equal(scene.transition, TRANSITION_FADE);
    assert_true(scene.progress == 0.0);
    assert_int_equal(scene.t_ms, 0);
    assert_int_equal(scene.next_ms, DWELL + MOVE);
    wait_ms(glass, MOVE / 2);
    scene = scene_of(glass);
    assert_true(scene.progress == 0.5);
    assert_int_equal(scene.t_ms, 0);
    wait_ms(glass, MOVE / 2 + 30);
    scene = scene_of(glass);
    assert_int_equal(scene.transition, TRANSITION_CUT);
    assert_int_equal(scene.t_ms, 30);
    /* The dwell counts from the end of the transition. */
    assert_int_equal(scene.next_ms, DWELL + MOVE + DWELL);
    wait_ms(glass, DWELL);
    wait_for_change(glass);
    wait_for_change(glass);
    expect(glass, "c1/0");
    assert_int_equal(scene_of(glass).transition, TRANSITION_SLIDE);
    finish(glass);
}

static void showing_counts_every_new_page(void **state)
{
    struct glass *glass = start(MOVE);

    (void)state;
    three_panels(glass);
    uint64_t showing = scene_of(glass).showing;
    wait_ms(glass, DWELL - 1);
    assert_int_equal(scene_of(glass).showing, showing);
    wait_ms(glass, 1);
    assert_int_equal(scene_of(glass).showing, showing + 1);
    wait_ms(glass, MOVE);
    assert_int_equal(scene_of(glass).showing, showing + 1);
    finish(glass);
}

static void a_single_page_rests(void **state)
{
    struct glass *glass = start(MOVE);

    (void)state;
    put_panel(glass, 0, (struct made){.id = "a1"});
    uint64_t showing = scene_of(glass).showing;
    assert_true(scene_of(glass).next_ms == INT64_MAX);
    wait_ms(glass, 100 * DWELL);
    assert_int_equal(scene_of(glass).showing, showing);
    /* It has stood long enough for a new one to come at once. */
    put_panel(glass, 1, (struct made){.id = "b1", .order = 1});
    expect(glass, "b1/0");
    finish(glass);
}

static void the_cycle_goes_on_when_panels_come_and_go(void **state)
{
    struct glass *glass = start(0);

    (void)state;
    three_panels(glass);
    wait_ms(glass, DWELL);
    expect(glass, "b2/0");
    drop_panel(glass, 0); /* one before it goes */
    expect(glass, "b2/0");
    assert_int_equal(scene_of(glass).position, 1);
    drop_panel(glass, 0); /* it goes itself: what stood after it comes */
    expect(glass, "c1/0");
    put_panel(glass, 0, (struct made){.id = "a1"});
    expect(glass, "c1/0");
    wait_ms(glass, DWELL);
    expect(glass, "a1/0");
    finish(glass);
}

static void a_new_edition_of_the_panel_comes_at_once(void **state)
{
    struct glass *glass = start(MOVE);

    (void)state;
    three_panels(glass);
    wait_ms(glass, DWELL);
    uint64_t showing = scene_of(glass).showing;
    drop(glass->panels, &glass->panel_count, 1);
    put_panel(glass, 1, (struct made){.id = "b2", .seq = 2, .order = 2});
    expect(glass, "b2/0");
    assert_int_equal(scene_of(glass).showing, showing + 1);
    finish(glass);
}

static void an_alert_cuts_in_and_gives_the_panel_back(void **state)
{
    struct glass *glass = start(MOVE);

    (void)state;
    three_panels(glass);
    wait_ms(glass, DWELL);
    wait_ms(glass, MOVE + DWELL);
    wait_ms(glass, MOVE / 2); /* in the middle of a transition */
    expect(glass, "b2/1");
    put_alert(glass, 0, (struct made){.id = "x1"});
    struct scene scene = scene_of(glass);
    assert_int_equal(scene.kind, SCENE_ALERT);
    assert_int_equal(scene.transition, TRANSITION_CUT);
    assert_int_equal(scene.t_ms, 0);
    assert_true(scene.next_ms == INT64_MAX);
    wait_ms(glass, 50 * DWELL);
    expect(glass, "x1/0");
    drop_alert(glass, 0);
    /* The same panel, from its entrance. */
    expect(glass, "b2/0");
    assert_int_equal(scene_of(glass).t_ms, 0);
    assert_int_equal(scene_of(glass).transition, TRANSITION_FADE);
    finish(glass);
}

static void the_next_one_comes_when_the_interrupted_panel_is_gone(void **state)
{
    struct glass *glass = start(0);

    (void)state;
    three_panels(glass);
    wait_ms(glass, DWELL);
    put_alert(glass, 0, (struct made){.id = "x1"});
    drop_panel(glass, 1);
    drop_alert(glass, 0);
    expect(glass, "c1/0");
    finish(glass);
}

static void clear_stands_between_alert_and_programme(void **state)
{
    const struct made made = {.id = "x1"};
    struct glass *glass = start(MOVE);

    (void)state;
    three_panels(glass);
    put_alert(glass, 0, made);
    put_alert(glass, 1, (struct made){.id = "y1"});
    glass->clear = made_cancel(&made);
    drop_alert(glass, 0);
    struct scene scene = scene_of(glass);
    assert_int_equal(scene.kind, SCENE_CLEAR);
    assert_int_equal(scene.transition, TRANSITION_CUT);
    const struct director_stage stage = stage_of(glass);
    director_step(glass->director, &stage, 1, &glass->now);
    assert_int_equal(scene_of(glass).kind, SCENE_CLEAR);
    message_destroy(glass->clear);
    glass->clear = NULL;
    wait_ms(glass, 1);
    expect(glass, "y1/0");
    drop_alert(glass, 0);
    expect(glass, "a1/0");
    finish(glass);
}

static void a_graver_alert_cuts_in_a_lesser_waits_its_turn(void **state)
{
    struct glass *glass = start(0);

    (void)state;
    put_alert(glass, 0, (struct made){.id = "x1"});
    wait_ms(glass, DWELL / 2);
    put_alert(glass, 1, (struct made){.id = "y1"});
    expect(glass, "x1/0");
    assert_int_equal(scene_of(glass).position, 1);
    assert_int_equal(scene_of(glass).total, 2);
    put_alert(glass, 0, (struct made){.id = "w1"});
    expect(glass, "w1/0");
    drop_alert(glass, 0);
    expect(glass, "x1/0");
    finish(glass);
}

static void a_lesser_alert_that_comes_to_lead_stays_on(void **state)
{
    struct glass *glass = start(0);

    (void)state;
    put_alert(glass, 0, (struct made){.id = "x1"});
    put_alert(glass, 1, (struct made){.id = "y1"});
    wait_ms(glass, DWELL);
    expect(glass, "y1/0");
    uint64_t showing = scene_of(glass).showing;
    drop_alert(glass, 0);
    expect(glass, "y1/0");
    assert_int_equal(scene_of(glass).showing, showing);
    assert_int_equal(scene_of(glass).position, 1);
    finish(glass);
}

/* l…: three times the dwell. At every moment the gravest has had at least
 * half of the time, and every page of every other alert is seen. */
static void the_gravest_has_at_least_half_of_the_time(void **state)
{
    static const char *const lesser[] = {"l1/0", "y2/0", "y2/1", "z1/0"};
    bool seen[4] = {false};
    struct glass *glass = start(0);
    int64_t lead_ms = 0;

    (void)state;
    put_alert(glass, 0, (struct made){.id = "x2"});
    put_alert(glass, 1, (struct made){.id = "l1"});
    put_alert(glass, 2, (struct made){.id = "y2"});
    put_alert(glass, 3, (struct made){.id = "z1"});
    for (int i = 0; i < 60; i++) {
        int64_t from_ms = glass->now.mono_ms;
        struct scene scene = scene_of(glass);
        char text[80];
        snprintf(text, sizeof text, "%s/%zu", scene.message->id, scene.page);
        for (size_t j = 0; j < 4; j++)
            seen[j] |= strcmp(text, lesser[j]) == 0;
        wait_for_change(glass);
        if (text[0] == 'x')
            lead_ms += glass->now.mono_ms - from_ms;
        assert_true(2 * lead_ms >= glass->now.mono_ms);
    }
    for (size_t j = 0; j < 4; j++)
        assert_true(seen[j]);
    finish(glass);
}

static void a_hoard_of_time_is_not_spent_in_one_go(void **state)
{
    struct glass *glass = start(0);

    (void)state;
    put_alert(glass, 0, (struct made){.id = "x1"});
    wait_ms(glass, 100 * DWELL);
    put_alert(glass, 1, (struct made){.id = "l1"});
    expect(glass, "l1/0");
    wait_for_change(glass);
    expect(glass, "x1/0");
    int64_t from_ms = glass->now.mono_ms;
    while (scene_of(glass).message->id[0] == 'x')
        wait_for_change(glass);
    assert_int_equal(glass->now.mono_ms - from_ms, 3 * DWELL);
    finish(glass);
}

static void pausing_holds_the_page_and_not_the_alert(void **state)
{
    struct glass *glass = start(0);

    (void)state;
    three_panels(glass);
    wait_ms(glass, DWELL / 2);
    director_pause(glass->director, true, &glass->now);
    assert_true(scene_of(glass).next_ms == INT64_MAX);
    wait_ms(glass, 5 * DWELL);
    expect(glass, "a1/0");
    director_pause(glass->director, false, &glass->now);
    wait_ms(glass, DWELL / 2 - 1);
    expect(glass, "a1/0");
    wait_ms(glass, 1);
    expect(glass, "b2/0");
    director_pause(glass->director, true, &glass->now);
    put_alert(glass, 0, (struct made){.id = "x1"});
    expect(glass, "x1/0");
    finish(glass);
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
    struct glass *glass = start(0);

    (void)state;
    three_panels(glass);
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        const struct director_stage stage = stage_of(glass);
        director_step(glass->director, &stage, steps[i].direction, &glass->now);
        expect(glass, steps[i].expected);
    }
    finish(glass);
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
        cmocka_unit_test(an_alert_cuts_in_and_gives_the_panel_back),
        cmocka_unit_test(the_next_one_comes_when_the_interrupted_panel_is_gone),
        cmocka_unit_test(clear_stands_between_alert_and_programme),
        cmocka_unit_test(a_graver_alert_cuts_in_a_lesser_waits_its_turn),
        cmocka_unit_test(a_lesser_alert_that_comes_to_lead_stays_on),
        cmocka_unit_test(the_gravest_has_at_least_half_of_the_time),
        cmocka_unit_test(a_hoard_of_time_is_not_spent_in_one_go),
        cmocka_unit_test(pausing_holds_the_page_and_not_the_alert),
        cmocka_unit_test(stepping_goes_both_ways_and_over_the_ends),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
