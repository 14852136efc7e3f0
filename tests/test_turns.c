/* What the glass shows while pages turn in each kind of turn and come in, frame
 * by frame, every 50 ms: the director, the pages and the mixing of a display,
 * from panel to panel, from panel to alert and back. No frame is bare, what two
 * pages share stands still, and nothing flashes. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/timestamp.h"
#include "display/core/board/director.h"
#include "display/edge/app/board_plan.h"
#include "display/edge/app/stage.h"
#include "source_dir.h"
#include "tests/support/pages.h"

enum {
    FRAME_MS = 50,
    FRAMES = 31, /* a transition, the longest entrance, and rest */
    TURNS_MOST = 120,
    ALERT_TURNS = 5,
};

static const char *const panel_files[] = {
    "data/erqi/q00-title.json",
    "data/erqi/q01-gdp.json",
    "data/erqi/q05-built-up-area.json",
    "data/erqi/q09-parks.json",
    "data/erqi/g01-air.json",
    "data/erqi/w01-spending.json",
    "data/erqi/w05-schools.json",
    "data/erqi/w11-places.json",
    "data/erqi/e01-rainstorm.json",
    "data/samples/sample-growth.json",
    "data/samples/sample-growth-line.json",
    "data/samples/sample-live.json",
    "data/samples/sample-notice.json",
    "data/samples/sample-countdown.json",
    "data/samples/sample-place.json",
    "data/samples/sample-qr.json"};
static const char *const alert_files[] = {"data/drills/flood-red.json",
                                          "data/drills/heat-orange.json"};
enum {
    PANELS = sizeof panel_files / sizeof panel_files[0],
    ALERTS = sizeof alert_files / sizeof alert_files[0]
};

struct rig {
    struct glass glass;
    struct page_cache *cache;
    struct stage stage;
    struct board_plan plan;
    struct director *director;
    struct message *panels[PANELS], *alerts[ALERTS];
    struct panel_list lists[GROUP_COUNT];
    size_t alert_count; /* in force */
    struct moment now;
    struct scene scene; /* shown last */
    bool seen[PANELS];
    /* One turn: what stood before, and then. */
    size_t pixels;
    uint32_t *before, *frames[FRAMES];
    struct draw_list lists_then[FRAMES];
    enum transition_kind transitions[FRAMES];
};

static void start_director(struct rig *rig)
{
    const struct config config = {0};
    rig->plan = (struct board_plan){.glass = &rig->glass, .cache = rig->cache};
    const struct board_options board = board_plan_options(&rig->plan, &config);
    struct director_options options = {.plan = board.plan,
                                       .transition_ms = board.transition_ms};

    memcpy(options.transitions, board.transitions, sizeof board.transitions);
    memcpy(options.presentations, board.presentations,
           sizeof board.presentations);
    rig->director = director_create(&options);
    assert_non_null(rig->director);
}

/* TRANSITION_COUNT as a kind: as the theme and the motion wanted have it. */
static void choose_turns(struct rig *rig, enum transition_kind kind)
{
    if (kind == TRANSITION_COUNT)
        return;
    for (int i = 0; i < SECTION_COUNT; i++)
        rig->glass.theme.sections[i].transition = kind;
}

static struct rig *start(const struct glass_options *options,
                         enum transition_kind kind)
{
    struct rig *rig = calloc(1, sizeof *rig);
    struct problem problem = {0};
    struct data_path data;

    assert_non_null(rig);
    assert_true(data_path_find(GAOSHI_SOURCE_DIR, &data, &problem));
    assert_true(glass_init(&rig->glass, options, &data, &problem));
    choose_turns(rig, kind);
    rig->cache = page_cache_create(&rig->glass, NULL);
    assert_non_null(rig->cache);
    rig->stage = (struct stage){.glass = &rig->glass, .cache = rig->cache};
    rig->now = (struct moment){
        .mono_ms = 1000, .wall_ms = PAGES_NOW_MS, .wall_trusted = true};
    start_director(rig);
    for (int i = 0; i < GROUP_COUNT; i++)
        assert_true(panel_list_reserve(&rig->lists[i], PANELS));
    for (size_t i = 0; i < PANELS; i++) {
        rig->panels[i] = pages_message(panel_files[i]);
        panel_list_put(&rig->lists[panel_group_of(rig->panels[i])],
                       rig->panels[i]);
    }
    for (size_t i = 0; i < ALERTS; i++)
        rig->alerts[i] = pages_message(alert_files[i]);
    rig->pixels = (size_t)options->width_px * (size_t)options->height_px;
    rig->before = malloc(rig->pixels * sizeof(uint32_t));
    for (int i = 0; i < FRAMES; i++)
        rig->frames[i] = malloc(rig->pixels * sizeof(uint32_t));
    return rig;
}

static void finish(struct rig *rig)
{
    for (int i = 0; i < FRAMES; i++) {
        free(rig->frames[i]);
        draw_list_finish(&rig->lists_then[i]);
    }
    free(rig->before);
    director_destroy(rig->director);
    for (int i = 0; i < GROUP_COUNT; i++)
        panel_list_finish(&rig->lists[i]);
    for (size_t i = 0; i < PANELS; i++)
        message_destroy(rig->panels[i]);
    for (size_t i = 0; i < ALERTS; i++)
        message_destroy(rig->alerts[i]);
    page_cache_destroy(rig->cache);
    glass_finish(&rig->glass);
    free(rig);
}

/* One turn of the loop at this time. */
static void show(struct rig *rig, uint32_t *pixels)
{
    const struct director_panel shown = director_panel(rig->director);
    const struct frame_setting setting = {
        .place_name = "郑州市二七区",
        .ticker = "",
        .clock_ms = PAGES_NOW_MS,
        .news = {PAGES_NOW_MS, TIMESTAMP_NONE},
        .mono_ms = rig->now.mono_ms};
    struct director_stage stage = {
        .alerts = (const struct message *const *)rig->alerts,
        .alert_count = rig->alert_count};
    struct stage_result result;

    for (int i = 0; i < GROUP_COUNT; i++)
        stage.panels[i] = &rig->lists[i];
    for (size_t i = 0; i < PANELS; i++)
        if (strcmp(rig->panels[i]->id, shown.id) == 0)
            stage.standing = rig->panels[i];
    director_advance(rig->director, &stage, &rig->now);
    rig->scene = director_scene(rig->director, &rig->now);
    do {
        result = stage_draw(&rig->stage, &rig->scene, &setting);
        assert_true(result.healthy);
    } while (result.preparing);
    for (size_t i = 0; i < PANELS; i++)
        rig->seen[i] |= rig->scene.message == rig->panels[i];
    memcpy(pixels, renderer_pixels(rig->glass.renderer).pixels,
           rig->pixels * sizeof *pixels);
}

/* From now on, after what stands: a turn and what follows. */
static void record_turn(struct rig *rig)
{
    for (int i = 0; i < FRAMES; i++) {
        show(rig, rig->frames[i]);
        draw_list_finish(&rig->lists_then[i]);
        rig->lists_then[i] = (struct draw_list){0};
        assert_true(draw_list_copy(&rig->lists_then[i], &rig->glass.list));
        rig->transitions[i] = rig->scene.transition;
        rig->now.mono_ms += FRAME_MS;
    }
}

/* The frames of the transition; the one after them begins the entrance. */
static int mixed_count(const struct rig *rig)
{
    int count = 0;

    while (count < FRAMES && rig->transitions[count] != TRANSITION_CUT)
        count++;
    assert_true(count < FRAMES);
    return count;
}

static void fail_at(const struct rig *rig, int frame, const char *what)
{
    fail_msg("%dx%d, %s page %zu, %d ms: %s", rig->glass.options.width_px,
             rig->glass.options.height_px, rig->scene.message->id,
             rig->scene.page + 1, frame * FRAME_MS, what);
}

/* A channel of a mixed pixel lies between those of both pages, so one that both
 * share is that; rounding takes one step at most. */
static bool is_between(uint32_t pixel, uint32_t from, uint32_t to)
{
    for (int shift = 0; shift < 24; shift += 8) {
        int a = from >> shift & 0xFF, b = to >> shift & 0xFF;
        int now = pixel >> shift & 0xFF;
        if (now < (a < b ? a : b) - 1 || now > (a < b ? b : a))
            return false;
    }
    return (from & 0xFFFFFF) != (to & 0xFFFFFF) ||
           (pixel & 0xFFFFFF) == (to & 0xFFFFFF);
}

static void what_both_show_stands_still(const struct rig *rig)
{
    int mixed = mixed_count(rig);

    for (int i = 0; i < mixed; i++)
        for (size_t p = 0; p < rig->pixels; p++)
            if (!is_between(rig->frames[i][p], rig->before[p],
                            rig->frames[mixed][p]))
                fail_at(rig, i, "something else than the two pages");
}

/* Whether in this row, or in this column, a pixel is of neither page. */
static bool is_mixed(const struct rig *rig, int frame, int at, bool column)
{
    int width = rig->glass.options.width_px;
    int height = rig->glass.options.height_px;
    int count = column ? height : width;
    const uint32_t *after = rig->frames[mixed_count(rig)];

    for (int i = 0; i < count; i++) {
        int p = column ? i * width + at : at * width + i;
        if (rig->frames[frame][p] != rig->before[p] &&
            rig->frames[frame][p] != after[p])
            return true;
    }
    return false;
}

/* Lines of both pages may stand over each other only where the turn has just
 * come to: a band of rows, or of columns where it goes sideways. */
static void only_a_band_is_of_both(const struct rig *rig)
{
    int mixed = mixed_count(rig);

    for (int i = 0; i < mixed; i++) {
        bool column = rig->transitions[i] == TRANSITION_SLIDE;
        int length = column ? rig->glass.options.width_px
                            : rig->glass.options.height_px;
        int both = 0;
        for (int at = 0; at < length; at++)
            both += is_mixed(rig, i, at, column);
        if (both > length / 7)
            fail_at(rig, i, "two pages stand over each other");
    }
}

static double luminance(uint32_t pixel)
{
    static double linear[256];

    if (linear[255] == 0)
        for (int i = 0; i < 256; i++)
            linear[i] = i <= 10 ? i / 255.0 / 12.92
                                : pow((i / 255.0 + 0.055) / 1.055, 2.4);
    return 0.2126 * linear[pixel >> 16 & 0xFF] +
           0.7152 * linear[pixel >> 8 & 0xFF] + 0.0722 * linear[pixel & 0xFF];
}

/* How much there is to read: places between the rows around the page where the
 * light changes by a tenth from one pixel to the next. */
static size_t marks_of(const struct rig *rig, const uint32_t *pixels)
{
    size_t width = (size_t)rig->glass.options.width_px;
    size_t rows = rig->pixels / width;
    size_t marks = 0;

    for (size_t p = rows / 6 * width + 1; p < rows * 7 / 8 * width; p++)
        marks += fabs(luminance(pixels[p]) - luminance(pixels[p - 1])) >= 0.1;
    return marks;
}

static void no_frame_is_bare(const struct rig *rig)
{
    size_t before = marks_of(rig, rig->before);
    size_t after = marks_of(rig, rig->frames[FRAMES - 1]);
    size_t least = (before < after ? before : after) / 3;

    assert_true(least > 0);
    for (int i = 0; i < FRAMES; i++)
        if (marks_of(rig, rig->frames[i]) < least)
            fail_at(rig, i, "hardly anything to read");
}

static int left_of(const struct draw_item *item)
{
    return item->text.x + item->text.glyphs[0].x / TYPE_PIXEL;
}

/* Whether the words stand in the list, or at their place another number. */
static bool has_words(const struct draw_list *list,
                      const struct draw_item *words)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct draw_item *item = &list->items[i];
        if (item->kind != DRAW_TEXT || item->text.glyph_count == 0)
            continue;
        if (draw_item_equals(item, words))
            return true;
        if (strspn(item->text.string, "-0123456789.,") ==
                strlen(item->text.string) &&
            item->text.size_px == words->text.size_px &&
            item->text.baseline_y == words->text.baseline_y &&
            item->colour == words->colour && left_of(item) == left_of(words))
            return true;
    }
    return false;
}

static void
words_stand_at_their_place_from_the_first_frame(const struct rig *rig)
{
    const struct draw_list *rest = &rig->lists_then[FRAMES - 1];

    for (int i = 0; i < FRAMES; i++)
        for (size_t k = 0; k < rest->count; k++)
            if (rest->items[k].kind == DRAW_TEXT &&
                rest->items[k].text.glyph_count > 0 &&
                !has_words(&rig->lists_then[i], &rest->items[k]))
                fail_at(rig, i, rest->items[k].text.string);
}

/* The pixels of figures that count. */
static bool is_counting(const struct rig *rig, size_t pixel)
{
    const struct draw_list *first = &rig->lists_then[mixed_count(rig)];
    const struct draw_list *rest = &rig->lists_then[FRAMES - 1];
    size_t width = (size_t)rig->glass.options.width_px;
    const struct rect at = {(int)(pixel % width), (int)(pixel / width), 1, 1};

    for (size_t i = 0; i < rest->count; i++) {
        const struct draw_item *item = &rest->items[i];
        if (item->kind != DRAW_TEXT || !rect_contains(item->bounds, at))
            continue;
        bool same = false;
        for (size_t k = 0; k < first->count && !same; k++)
            same = draw_item_equals(item, &first->items[k]);
        if (!same)
            return true;
    }
    return false;
}

/* WCAG 2.3.1: a flash is a pair of opposing changes by a tenth or more. The
 * frames are 1.5 s. */
static int flashes_of(const struct rig *rig, size_t pixel)
{
    double turned_at = luminance(rig->before[pixel]);
    int direction = 0, changes = 0;

    for (int i = 0; i < FRAMES; i++) {
        double now = luminance(rig->frames[i][pixel]);
        double by = now - turned_at;
        if (direction * by > 0) {
            turned_at = now;
        } else if (fabs(by) >= 0.1) {
            direction = by > 0 ? 1 : -1;
            turned_at = now;
            changes++;
        }
    }
    return changes / 2;
}

static void nothing_flashes(const struct rig *rig)
{
    for (size_t p = 0; p < rig->pixels; p++) {
        int flashes = flashes_of(rig, p);
        if (flashes > 3 || (flashes > 1 && !is_counting(rig, p)))
            fail_at(rig, 0, "something flashes");
    }
}

/* Of a panel nothing moves any more; of an alert the light of its edge. */
static void only_the_light_of_an_alert_goes_on(const struct rig *rig)
{
    const struct draw_list *rest = &rig->lists_then[FRAMES - 1];
    const struct message *message = rig->scene.message;
    bool alert = message->kind == MESSAGE_ALERT;
    int first = alert ? 0 : FRAMES - 4;

    for (int i = first; i < FRAMES; i++) {
        const struct draw_list *list = &rig->lists_then[i];
        assert_int_equal(list->count, rest->count);
        for (size_t k = 0; k < list->count; k++) {
            struct draw_item item = list->items[k];
            if (draw_item_equals(&item, &rest->items[k]))
                continue;
            if (!alert || item.kind != DRAW_FILL ||
                ((item.colour ^
                  rig->glass.theme.levels[message->alert.level].movement) &
                 0xFFFFFF))
                fail_at(rig, i, "moves where it should rest");
        }
    }
}

static void check_turn(struct rig *rig)
{
    record_turn(rig);
    what_both_show_stands_still(rig);
    only_a_band_is_of_both(rig);
    no_frame_is_bare(rig);
    words_stand_at_their_place_from_the_first_frame(rig);
    nothing_flashes(rig);
    only_the_light_of_an_alert_goes_on(rig);
    memcpy(rig->before, rig->frames[FRAMES - 1],
           rig->pixels * sizeof *rig->before);
}

static bool saw_all(const struct rig *rig)
{
    for (size_t i = 0; i < PANELS; i++)
        if (!rig->seen[i])
            return false;
    return true;
}

struct watched {
    const char *theme;
    int width_px, height_px, height_mm, viewing_mm;
    enum motion_level motion;
    enum transition_kind kind;
};

static void watch(const struct watched *watched)
{
    struct rig *rig = start(
        &(struct glass_options){
            .theme = watched->theme,
            .width_px = watched->width_px,
            .height_px = watched->height_px,
            .height_mm = watched->height_mm,
            .viewing_mm = watched->viewing_mm,
            .motion = watched->motion,
            .utc_offset_minutes = PAGES_OFFSET_MINUTES,
            .furniture = FURNITURE_DEFAULT,
        },
        watched->kind);
    int turns = 0;

    show(rig, rig->before);
    while (!saw_all(rig) && ++turns < TURNS_MOST) {
        rig->now.mono_ms = rig->scene.next_ms;
        if (rig->scene.transition == TRANSITION_CUT)
            check_turn(rig);
        else
            show(rig, rig->before);
    }
    assert_true(saw_all(rig));
    rig->alert_count = ALERTS;
    for (turns = 0; turns < ALERT_TURNS; turns++) {
        check_turn(rig);
        assert_int_equal(rig->scene.kind, SCENE_ALERT);
        rig->now.mono_ms = rig->scene.next_ms;
    }
    rig->alert_count = 0;
    check_turn(rig);
    assert_int_equal(rig->scene.kind, SCENE_PANEL);
    finish(rig);
}

static void pages_turn_well_nearby(void **state)
{
    (void)state;
    watch(&(struct watched){"night", 480, 270, 0, 0, MOTION_FULL,
                            TRANSITION_COUNT});
}

static void pages_turn_well_for_readers_far_away(void **state)
{
    (void)state;
    watch(&(struct watched){"day", 480, 270, 680, 8000, MOTION_FULL,
                            TRANSITION_COUNT});
}

static void pages_turn_well_in_portrait(void **state)
{
    (void)state;
    watch(&(struct watched){"contrast", 270, 480, 0, 0, MOTION_FULL,
                            TRANSITION_COUNT});
}

static void pages_turn_well_on_a_strip(void **state)
{
    (void)state;
    watch(&(struct watched){"night", 192, 64, 0, 0, MOTION_FULL,
                            TRANSITION_COUNT});
}

static void pages_fade_well_with_reduced_motion(void **state)
{
    (void)state;
    watch(&(struct watched){"day", 480, 270, 0, 0, MOTION_REDUCED,
                            TRANSITION_COUNT});
    watch(&(struct watched){"night", 192, 64, 0, 0, MOTION_REDUCED,
                            TRANSITION_COUNT});
}

static void pages_fade_well_where_a_theme_wants_it(void **state)
{
    (void)state;
    watch(&(struct watched){"night", 480, 270, 680, 8000, MOTION_FULL,
                            TRANSITION_FADE});
}

static void pages_slide_well_where_a_theme_wants_it(void **state)
{
    (void)state;
    watch(&(struct watched){"day", 480, 270, 0, 0, MOTION_FULL,
                            TRANSITION_SLIDE});
    watch(&(struct watched){"night", 270, 480, 0, 0, MOTION_FULL,
                            TRANSITION_SLIDE});
    watch(&(struct watched){"night", 192, 64, 0, 0, MOTION_FULL,
                            TRANSITION_SLIDE});
}

static void pages_are_cut_well_without_motion(void **state)
{
    (void)state;
    watch(&(struct watched){"night", 480, 270, 0, 0, MOTION_NONE,
                            TRANSITION_COUNT});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pages_turn_well_nearby),
        cmocka_unit_test(pages_turn_well_for_readers_far_away),
        cmocka_unit_test(pages_turn_well_in_portrait),
        cmocka_unit_test(pages_turn_well_on_a_strip),
        cmocka_unit_test(pages_fade_well_with_reduced_motion),
        cmocka_unit_test(pages_fade_well_where_a_theme_wants_it),
        cmocka_unit_test(pages_slide_well_where_a_theme_wants_it),
        cmocka_unit_test(pages_are_cut_well_without_motion),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
