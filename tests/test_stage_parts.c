/* An alert and the programme on one glass, in pixels: what changes, what stays,
 * and that no frame is half of two. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/timestamp.h"
#include "display/edge/app/stage.h"
#include "source_dir.h"
#include "tests/support/pages.h"

enum { WIDTH = 960, HEIGHT = 540 };

struct rig {
    struct glass glass;
    struct page_cache *cache;
    struct stage stage;
    struct message *panel, *other, *alert;
};

static const struct frame_setting setting = {
    .place_name = "郑州市二七区",
    .ticker = "",
    .clock_ms = PAGES_NOW_MS,
    .news = {PAGES_NOW_MS, TIMESTAMP_NONE}};

static int set_up(void **state)
{
    static struct rig rig;
    struct problem problem = {0};
    struct data_path data;
    const struct glass_options options = {
        .theme = "night",
        .width_px = WIDTH,
        .height_px = HEIGHT,
        .motion = MOTION_FULL,
        .utc_offset_minutes = PAGES_OFFSET_MINUTES,
        .furniture = FURNITURE_DEFAULT,
    };

    memset(&rig, 0, sizeof rig);
    if (!data_path_find(GAOSHI_SOURCE_DIR, &data, &problem) ||
        !glass_init(&rig.glass, &options, &data, &problem))
        return -1;
    rig.cache = page_cache_create(&rig.glass, NULL);
    rig.stage = (struct stage){.glass = &rig.glass, .cache = rig.cache};
    rig.panel = pages_message("data/erqi/q01-gdp.json");
    rig.other = pages_message("data/erqi/g01-air.json");
    rig.alert = pages_message("data/drills/flood-blue.json");
    *state = &rig;
    return rig.cache ? 0 : -1;
}

static int tear_down(void **state)
{
    struct rig *rig = *state;

    message_destroy(rig->panel);
    message_destroy(rig->other);
    message_destroy(rig->alert);
    page_cache_destroy(rig->cache);
    glass_finish(&rig->glass);
    return 0;
}

static struct scene make_scene(const struct message *panel, uint64_t showing)
{
    return (struct scene){.kind = SCENE_PANEL,
                          .message = panel,
                          .t_ms = 60000,
                          .transition = TRANSITION_CUT,
                          .progress = 1,
                          .position = 1,
                          .total = 2,
                          .showing = showing};
}

static struct scene with_alert(struct scene scene, const struct rig *rig,
                               enum presentation presentation, size_t page)
{
    scene.place.presentation = presentation;
    scene.alert.message = rig->alert;
    scene.alert.place = (struct page_place){presentation, 1, 1};
    scene.alert.page = page;
    scene.alert.showing = 100 + page;
    return scene;
}

static struct scene moving(struct scene scene, double progress)
{
    scene.transition = TRANSITION_FADE;
    scene.progress = progress;
    scene.t_ms = 0;
    return scene;
}

/* When the alert has stood for so long. */
static bool draw_at(struct rig *rig, struct scene scene, int64_t mono_ms)
{
    struct frame_setting at = setting;

    at.mono_ms = mono_ms;
    struct stage_result result;
    do {
        result = stage_draw(&rig->stage, &scene, &at);
        assert_true(result.healthy);
    } while (result.preparing);
    return result.presented;
}

static bool draw(struct rig *rig, struct scene scene)
{
    return draw_at(rig, scene, 0);
}

/* The rows from … up to …, packed; the caller frees them. */
static uint32_t *copy_rows(const struct rig *rig, int from, int to)
{
    struct renderer_pixels pixels = renderer_pixels(rig->glass.renderer);
    uint32_t *copy = malloc((size_t)(to - from) * WIDTH * sizeof *copy);

    assert_non_null(copy);
    for (int y = from; y < to; y++)
        memcpy(copy + (size_t)(y - from) * WIDTH,
               (const char *)pixels.pixels + y * pixels.stride_bytes,
               WIDTH * sizeof *copy);
    return copy;
}

static void assert_rows(const struct rig *rig, const uint32_t *expected,
                        int from, int to)
{
    uint32_t *now = copy_rows(rig, from, to);

    assert_memory_equal(now, expected,
                        (size_t)(to - from) * WIDTH * sizeof *now);
    free(now);
}

/* What stands is what would stand if nothing had been there before. */
static void assert_drawn_anew(struct rig *rig, struct scene scene)
{
    uint32_t *shown = copy_rows(rig, 0, HEIGHT);

    renderer_forget(rig->glass.renderer);
    draw(rig, scene);
    assert_rows(rig, shown, 0, HEIGHT);
    free(shown);
}

/* The old page stands while the glyphs of the new one are drawn, a few a turn;
 * an alert that comes meanwhile is there in its first turn. */
static void a_page_of_rare_characters_is_prepared_in_small_turns(void **state)
{
    struct rig *rig = *state;
    struct fonts *fonts = rig->glass.fonts;
    struct message *rare = pages_message("tests/cases/text/rare_notice.json");
    struct scene scene = make_scene(rare, 2);
    struct scene alert = {.kind = SCENE_ALERT,
                          .message = rig->alert,
                          .place = {.position = 1, .total = 1},
                          .progress = 1,
                          .showing = 3};
    struct stage_result result;
    int turns = 0;

    draw(rig, make_scene(rig->panel, 1));
    uint32_t *before = copy_rows(rig, 0, HEIGHT);
    for (; turns < 1; turns++) {
        size_t drawn = fonts_drawn(fonts);
        result = stage_draw(&rig->stage, &scene, &setting);
        assert_true(result.preparing && result.healthy && !result.presented);
        assert_int_equal(fonts_drawn(fonts) - drawn, STAGE_GLYPHS_PER_TURN);
        assert_rows(rig, before, 0, HEIGHT);
    }
    result = stage_draw(&rig->stage, &alert, &setting);
    assert_true(result.presented && !result.preparing);
    do {
        size_t drawn = fonts_drawn(fonts);
        result = stage_draw(&rig->stage, &scene, &setting);
        assert_true(fonts_drawn(fonts) - drawn <= STAGE_GLYPHS_PER_TURN);
        turns++;
    } while (result.preparing);
    assert_true(result.presented);
    assert_true(turns <= STAGE_PREPARING_MAX);
    assert_drawn_anew(rig, scene);
    free(before);
    message_destroy(rare);
}

static int top_of(const struct rig *rig, enum presentation presentation)
{
    return rig->glass.parts[presentation].programme_top_px;
}

static void every_part_comes_and_goes_in_one_frame(void **state)
{
    static const enum presentation order[] = {
        PRESENTATION_BANNER, PRESENTATION_UPPER, PRESENTATION_BANNER};
    struct rig *rig = *state;
    struct scene alone = make_scene(rig->panel, 1);

    draw(rig, alone);
    for (size_t i = 0; i < 3; i++) {
        struct scene scene = with_alert(alone, rig, order[i], 0);
        assert_true(draw(rig, scene));
        assert_drawn_anew(rig, scene);
    }
    assert_true(draw(rig, alone));
    assert_drawn_anew(rig, alone);
}

static void an_alert_cuts_a_transition_off(void **state)
{
    struct rig *rig = *state;
    struct scene next = make_scene(rig->other, 2);

    draw(rig, make_scene(rig->panel, 1));
    draw(rig, moving(next, 0.4));
    struct scene scene = with_alert(next, rig, PRESENTATION_BANNER, 0);
    assert_true(draw(rig, scene));
    assert_drawn_anew(rig, scene);
}

static void a_page_of_the_alert_changes_its_part_alone(void **state)
{
    struct rig *rig = *state;
    struct scene scene = make_scene(rig->panel, 1);
    struct draw_list before = {0};
    struct rect damage[RENDERER_DAMAGE_MAX];
    struct frame_info info;
    int top = top_of(rig, PRESENTATION_BANNER);
    const struct rect part = {0, 0, WIDTH, top};

    struct scene first = with_alert(scene, rig, PRESENTATION_BANNER, 0);
    struct scene second = with_alert(scene, rig, PRESENTATION_BANNER, 1);
    assert_true(
        frame_compose(&rig->glass, rig->cache, &first, &setting, &info));
    assert_true(draw_list_copy(&before, &rig->glass.list));
    assert_true(
        frame_compose(&rig->glass, rig->cache, &second, &setting, &info));
    size_t count = draw_list_damage(&before, &rig->glass.list, damage,
                                    RENDERER_DAMAGE_MAX);
    assert_true(count > 0);
    for (size_t i = 0; i < count; i++)
        assert_true(rect_contains(part, damage[i]));
    draw_list_finish(&before);
}

static void a_fade_below_leaves_the_alert_alone(void **state)
{
    struct rig *rig = *state;
    int top = top_of(rig, PRESENTATION_UPPER);
    struct scene scene = with_alert(make_scene(rig->panel, 1), rig,
                                    PRESENTATION_UPPER, 0);
    struct scene next = with_alert(make_scene(rig->other, 2), rig,
                                   PRESENTATION_UPPER, 0);

    draw(rig, scene);
    uint32_t *above = copy_rows(rig, 0, top);
    uint32_t *below = copy_rows(rig, top, HEIGHT);
    for (int step = 0; step <= 4; step++) {
        draw(rig, moving(next, step / 4.0));
        assert_true(rig->stage.in_transition);
        assert_rows(rig, above, 0, top);
    }
    draw(rig, next);
    assert_rows(rig, above, 0, top);
    uint32_t *after = copy_rows(rig, top, HEIGHT);
    assert_memory_not_equal(below, after,
                            (size_t)(HEIGHT - top) * WIDTH * sizeof *after);
    free(above);
    free(below);
    free(after);
}

static void a_still_frame_beside_an_alert_is_drawn_once(void **state)
{
    struct rig *rig = *state;
    struct scene scene = with_alert(make_scene(rig->panel, 1), rig,
                                    PRESENTATION_UPPER, 0);

    assert_true(draw(rig, scene));
    scene.t_ms += 1000;
    scene.alert.t_ms += 1000;
    assert_false(draw(rig, scene));
}

static void a_beat_draws_in_the_part_of_the_alert_alone(void **state)
{
    struct rig *rig = *state;
    int top = top_of(rig, PRESENTATION_UPPER);
    int beat_ms = rig->glass.theme.alert_beat_ms;
    struct scene scene = with_alert(make_scene(rig->panel, 1), rig,
                                    PRESENTATION_UPPER, 0);

    draw_at(rig, scene, 0);
    uint32_t *below = copy_rows(rig, top, HEIGHT);
    assert_false(draw_at(rig, scene, beat_ms - 1));
    assert_true(draw_at(rig, scene, beat_ms));
    assert_rows(rig, below, top, HEIGHT);
    free(below);
}

enum { STEPS = 5 };

/* While the light is on a mark: this glass has few. */
static int64_t step_ms(const struct rig *rig, int step)
{
    return 2000 + step * (int64_t)rig->glass.theme.alert_beat_ms;
}

/* A fade below the alert, at moments that are given; its frames are kept. */
static void fade(struct rig *rig, const int64_t moments[STEPS],
                 uint32_t *frames[STEPS])
{
    struct scene next = with_alert(make_scene(rig->other, 2), rig,
                                   PRESENTATION_UPPER, 0);

    renderer_forget(rig->glass.renderer);
    rig->stage.any = false;
    draw_at(rig,
            with_alert(make_scene(rig->panel, 1), rig, PRESENTATION_UPPER, 0),
            0);
    for (int step = 0; step < STEPS; step++) {
        draw_at(rig, moving(next, step / (STEPS - 1.0)), moments[step]);
        assert_true(rig->stage.in_transition);
        frames[step] = copy_rows(rig, 0, HEIGHT);
    }
}

/* Above stands what would stand without the fade, below what would stand
 * without the movement. */
static void the_movement_goes_on_above_a_fade(void **state)
{
    struct rig *rig = *state;
    size_t top = (size_t)top_of(rig, PRESENTATION_UPPER);
    size_t below = ((size_t)HEIGHT - top) * WIDTH * sizeof(uint32_t);
    struct scene scene = with_alert(make_scene(rig->panel, 1), rig,
                                    PRESENTATION_UPPER, 0);
    int64_t moments[STEPS], still[STEPS] = {0};
    uint32_t *moved[STEPS], *stood[STEPS];

    for (int step = 0; step < STEPS; step++)
        moments[step] = step_ms(rig, step);
    fade(rig, moments, moved);
    fade(rig, still, stood);
    for (int step = 0; step < STEPS; step++) {
        draw_at(rig, scene, moments[step]);
        assert_rows(rig, moved[step], 0, (int)top);
        assert_memory_equal(moved[step] + top * WIDTH,
                            stood[step] + top * WIDTH, below);
        free(stood[step]);
    }
    for (int step = 1; step < STEPS; step++)
        assert_memory_not_equal(moved[step], moved[step - 1],
                                top * WIDTH * sizeof(uint32_t));
    for (int step = 0; step < STEPS; step++)
        free(moved[step]);
}

/* It begins anew with the next alert, not with the next page. */
static void the_movement_goes_on_over_the_pages_of_an_alert(void **state)
{
    struct rig *rig = *state;
    struct scene alone = make_scene(rig->panel, 1);
    struct scene first = with_alert(alone, rig, PRESENTATION_UPPER, 0);
    struct scene second = with_alert(alone, rig, PRESENTATION_UPPER, 1);

    draw_at(rig, alone, 500);
    draw_at(rig, first, 1000);
    uint32_t *begun = copy_rows(rig, 0, HEIGHT);
    draw_at(rig, second, 5000);
    draw_at(rig, first, 9000);
    uint32_t *later = copy_rows(rig, 0, HEIGHT);
    assert_memory_not_equal(begun, later, WIDTH * HEIGHT * sizeof *begun);
    draw_at(rig, alone, 9500);
    draw_at(rig, first, 10000);
    assert_rows(rig, begun, 0, HEIGHT);
    free(begun);
    free(later);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_page_of_rare_characters_is_prepared_in_small_turns),
        TEST(every_part_comes_and_goes_in_one_frame),
        TEST(an_alert_cuts_a_transition_off),
        TEST(a_page_of_the_alert_changes_its_part_alone),
        TEST(a_fade_below_leaves_the_alert_alone),
        TEST(a_still_frame_beside_an_alert_is_drawn_once),
        TEST(a_beat_draws_in_the_part_of_the_alert_alone),
        TEST(the_movement_goes_on_above_a_fade),
        TEST(the_movement_goes_on_over_the_pages_of_an_alert),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
