/* The one slow movement of an alert, measured in pixels: nothing flashes, no
 * text is touched, little is drawn, and it stands still where motion is less
 * than full. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/timestamp.h"
#include "tests/support/flicker.h"
#include "tests/support/frame_fixture.h"
#include "tests/support/page_check.h"

/* So much of the glass at most changes by a tenth within a second, in all. */
#define CHANGING_PERCENT 3.0
/* Of luminance, in a beat; ten hundredths count as a change that may flash. */
#define STEP_MOST 0.08F
/* What a beat draws, of the glass. */
#define BEAT_PERCENT 2.5

enum { LAPS = 2, FILES = 5 };

static const char *const files[FILES] = {
    "data/drills/flood-red.json", "data/drills/flood-orange.json",
    "data/drills/flood-yellow.json", "data/drills/flood-blue.json",
    "data/drills/water-outage-blue.json"};

static const struct view {
    int width, height;
    enum presentation presentation;
} views[] = {
    {320, 180, PRESENTATION_FULL},  {180, 320, PRESENTATION_FULL},
    {320, 180, PRESENTATION_UPPER}, {320, 180, PRESENTATION_BANNER},
    {192, 64, PRESENTATION_FULL},   {240, 240, PRESENTATION_UPPER},
};
enum { VIEWS = sizeof views / sizeof views[0] };

/* An alert on its glass, beside a panel where it has not all of it. */
struct shown {
    struct frame_fixture *fixture;
    struct message *panel, *alert;
    struct scene scene;
};

static struct shown show(const struct view *view, const char *file,
                         const char *theme, enum motion_level motion)
{
    const struct page_place place = {view->presentation, 1, 1};
    struct shown shown = {
        .fixture = frame_fixture_open(view->width, view->height, theme, motion),
        .panel = pages_message("data/erqi/q01-gdp.json"),
        .alert = pages_message(file)};

    shown.scene = (struct scene){.kind = SCENE_ALERT,
                                 .message = shown.alert,
                                 .place = place,
                                 .t_ms = 60000};
    if (view->presentation == PRESENTATION_FULL)
        return shown;
    shown.scene.kind = SCENE_PANEL;
    shown.scene.message = shown.panel;
    shown.scene.alert = (struct scene_alert){
        .message = shown.alert, .place = place, .t_ms = 60000};
    return shown;
}

static void finish(struct shown *shown)
{
    message_destroy(shown->panel);
    message_destroy(shown->alert);
    frame_fixture_close(shown->fixture);
}

static struct renderer *renderer_of(const struct shown *shown)
{
    return shown->fixture->glass.renderer;
}

static const struct draw_list *list_of(const struct shown *shown)
{
    return &shown->fixture->glass.list;
}

static const struct theme *theme_of(const struct shown *shown)
{
    return &shown->fixture->glass.theme;
}

/* Returns how long until the next beat. */
static int64_t compose(struct shown *shown, int64_t moved_ms)
{
    const struct frame_setting setting = {
        .place_name = "郑州市二七区",
        .ticker = "",
        .clock_ms = PAGES_NOW_MS,
        .news = {.until_ms = PAGES_NOW_MS, .age_ms = TIMESTAMP_NONE},
        .moved_ms = moved_ms,
    };
    struct frame_info info;

    assert_true(frame_compose(&shown->fixture->glass, shown->fixture->cache,
                              &shown->scene, &setting, &info));
    assert_false(info.moving);
    return info.step_ms;
}

static void watch_movement(const struct view *view, const char *file,
                           const char *theme)
{
    struct shown shown = show(view, file, theme, MOTION_FULL);
    struct rect damage[RENDERER_DAMAGE_MAX];
    struct flicker flicker = {0};
    int64_t lasts_ms = LAPS * (int64_t)theme_of(&shown)->alert_lap_ms;
    int64_t left_ms = 0;

    flicker_begin(&flicker, renderer_of(&shown),
                  theme_of(&shown)->alert_beat_ms);
    for (int64_t t_ms = 0; t_ms <= lasts_ms; t_ms += left_ms) {
        left_ms = compose(&shown, t_ms);
        renderer_draw(renderer_of(&shown), list_of(&shown), damage);
        flicker_look(&flicker, renderer_of(&shown));
    }
    double percent = 100.0 * (double)flicker.changing_most /
                     (double)flicker.pixels;
    assert_true(flicker.changing_most > 0);
    if (percent > CHANGING_PERCENT)
        fail_msg("%s, %s at %dx%d: %.2f %% of the glass change in a second",
                 file, theme, view->width, view->height, percent);
    if (flicker.step_most > STEP_MOST)
        fail_msg("%s, %s at %dx%d: a beat changes the luminance by %.3f", file,
                 theme, view->width, view->height, (double)flicker.step_most);
    flicker_finish(&flicker);
    finish(&shown);
}

static void no_pixel_changes_back_within_a_second_and_few_change(void **state)
{
    (void)state;
    for (size_t v = 0; v < VIEWS; v++) {
        for (size_t f = 0; f < 4; f++)
            watch_movement(&views[v], files[f], "night");
    }
    watch_movement(&views[0], files[0], "day");
    watch_movement(&views[0], files[0], "contrast");
}

static bool is_mark(const struct shown *shown, const struct draw_item *item)
{
    const struct theme *theme = theme_of(shown);
    draw_colour colour = theme->levels[shown->alert->alert.level].movement &
                         0xFFFFFF;

    return item->kind == DRAW_FILL && (item->colour & 0xFFFFFF) == colour &&
           item->colour >> 24 < 0xFF;
}

/* An advance box may be a pixel wider than its ink. */
static void check_apart(const struct draw_list *list,
                        const struct draw_item *mark)
{
    for (size_t i = 0; i < list->count; i++) {
        struct rect box;
        if (list->items[i].kind != DRAW_TEXT)
            continue;
        box = page_check_box(&list->items[i]);
        box.width -= 1;
        assert_true(rect_is_empty(rect_intersect(box, mark->bounds)));
    }
}

/* Everything but the marks is the same in both frames, and a mark keeps its
 * place and touches no text. */
static size_t check_only_marks_differ(const struct shown *shown,
                                      const struct draw_list *before)
{
    const struct draw_list *after = list_of(shown);
    size_t differing = 0;

    assert_int_equal(before->count, after->count);
    for (size_t i = 0; i < after->count; i++) {
        if (draw_item_equals(&before->items[i], &after->items[i]))
            continue;
        struct draw_item item = after->items[i];
        assert_true(is_mark(shown, &before->items[i]) || is_mark(shown, &item));
        item.colour = before->items[i].colour;
        assert_true(draw_item_equals(&item, &before->items[i]));
        check_apart(after, &item);
        differing++;
    }
    return differing;
}

static void check_quarter_laps(const struct pages_size *size,
                               enum presentation presentation, const char *file)
{
    const struct view view = {size->width, size->height, presentation};
    const struct geometry glass = geometry_make(size->width, size->height, 0,
                                                0);
    struct draw_list before = {0};

    if (presentation_fit(&glass, presentation) != presentation)
        return;
    struct shown shown = show(&view, file, "night", MOTION_FULL);
    int lap_ms = theme_of(&shown)->alert_lap_ms;
    compose(&shown, 0);
    assert_true(draw_list_copy(&before, list_of(&shown)));
    for (int quarter = 1; quarter < 4; quarter++) {
        compose(&shown, lap_ms * quarter / 4);
        assert_true(check_only_marks_differ(&shown, &before) > 0);
    }
    compose(&shown, lap_ms);
    assert_int_equal(check_only_marks_differ(&shown, &before), 0);
    draw_list_finish(&before);
    finish(&shown);
}

static void it_moves_no_text_and_touches_none(void **state)
{
    (void)state;
    for (size_t i = 0; i < PAGES_SIZES; i++) {
        for (size_t f = 0; f < FILES; f++) {
            for (int p = 0; p < PRESENTATION_COUNT; p++)
                check_quarter_laps(&pages_sizes[i], (enum presentation)p,
                                   files[f]);
        }
    }
}

static void a_beat_draws_little_and_nothing_happens_between(void **state)
{
    static const struct view view = {1920, 1080, PRESENTATION_FULL};
    struct rect damage[RENDERER_DAMAGE_MAX];
    struct shown shown = show(&view, files[0], "night", MOTION_FULL);
    struct renderer *renderer = renderer_of(&shown);
    int64_t most = 0, sum = 0;
    int beats = 0;

    (void)state;
    compose(&shown, 0);
    renderer_draw(renderer, list_of(&shown), damage);
    for (int64_t t_ms = 0; t_ms < theme_of(&shown)->alert_lap_ms; beats++) {
        int64_t left_ms = compose(&shown, t_ms);
        int64_t pixels = 0;
        assert_in_range(left_ms, 40, 1000);
        size_t count = renderer_draw(renderer, list_of(&shown), damage);
        for (size_t i = 0; i < count; i++)
            pixels += (int64_t)damage[i].width * damage[i].height;
        compose(&shown, t_ms + left_ms - 1);
        assert_int_equal(renderer_draw(renderer, list_of(&shown), damage), 0);
        most = pixels > most ? pixels : most;
        sum += pixels;
        t_ms += left_ms;
    }
    print_message("a beat draws %lld pixels of %d, at most %lld\n",
                  (long long)(sum / beats), view.width * view.height,
                  (long long)most);
    assert_true((double)most * 100 / (view.width * view.height) < BEAT_PERCENT);
    finish(&shown);
}

static void with_less_than_full_motion_the_marks_stand_still(void **state)
{
    (void)state;
    for (size_t v = 0; v < VIEWS; v++) {
        for (int motion = MOTION_REDUCED; motion <= MOTION_NONE; motion++) {
            struct draw_list before = {0};
            struct shown shown = show(&views[v], files[1], "night",
                                      (enum motion_level)motion);
            assert_true(compose(&shown, 0) == INT64_MAX);
            assert_true(draw_list_copy(&before, list_of(&shown)));
            assert_true(compose(&shown, 7777) == INT64_MAX);
            assert_int_equal(check_only_marks_differ(&shown, &before), 0);
            size_t marks = 0;
            for (size_t i = 0; i < before.count; i++)
                marks += is_mark(&shown, &before.items[i]);
            assert_true(marks > 0);
            draw_list_finish(&before);
            finish(&shown);
        }
    }
}

static void what_has_ended_does_not_call_any_more(void **state)
{
    static const char clear[] =
        "{\"gaoshi\":1,\"kind\":\"alert-cancel\",\"id\":\"flood\",\"cancel\":"
        "{\"status\":\"actual\",\"event\":\"暴雨\",\"reason\":\"雨停了\"}}";
    struct shown shown = show(&views[0], files[0], "night", MOTION_FULL);
    struct message *message = pages_message_text(clear);

    (void)state;
    shown.scene.kind = SCENE_CLEAR;
    shown.scene.message = message;
    assert_true(compose(&shown, 0) == INT64_MAX);
    message_destroy(message);
    finish(&shown);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_pixel_changes_back_within_a_second_and_few_change),
        cmocka_unit_test(it_moves_no_text_and_touches_none),
        cmocka_unit_test(a_beat_draws_little_and_nothing_happens_between),
        cmocka_unit_test(with_less_than_full_motion_the_marks_stand_still),
        cmocka_unit_test(what_has_ended_does_not_call_any_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
