/* Pictures of every kind of page, as they were looked at: nothing changes on
 * the glass unnoticed. All pages of a message stand below each other.
 *
 * After a change that is meant: GAOSHI_GOLDEN=write build/bin/test_golden, and
 * look at every picture of tests/screens that changed. */
#include "base/timestamp.h"
#include "source_dir.h"
#include "tests/support/frame_fixture.h"
#include "tests/support/golden.h"
#include "tests/support/golden_fonts.h"
#include "tests/support/pages.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define SCREENS GAOSHI_SOURCE_DIR "/tests/screens/"

enum { PATH_BYTES = 512, STACKED_MOST = 8 };

static const char clear_text[] =
    "{\"gaoshi\":1,\"kind\":\"alert-cancel\",\"id\":\"flood\",\"cancel\":"
    "{\"status\":\"actual\",\"event\":\"暴雨\",\"reason\":\"强降雨已经结束，"
    "道路恢复通行\"}}";

/* What is drawn. file NULL: the message of clear_text; "": the plain page. */
static const struct view {
    const char *name;
    const char *file;
    bool actual;   /* the drill as if it were none */
    int remaining; /* alerts in force beside 解除 */
} views[] = {
    {"title", "data/erqi/e00-title.json", false, 0},
    {"figure", "data/erqi/w11-places.json", false, 0},
    {"figures", "data/erqi/w05-schools.json", false, 0},
    {"comparison", "data/erqi/q01-gdp.json", false, 0},
    {"share", "data/erqi/w01-spending.json", false, 0},
    {"years", "data/erqi/g01-air.json", false, 0},
    {"honours", "data/erqi/q09-parks.json", false, 0},
    {"growth", "data/samples/sample-growth.json", false, 0},
    {"growth-line", "data/samples/sample-growth-line.json", false, 0},
    {"place", "data/samples/sample-place.json", false, 0},
    {"notice", "data/samples/sample-notice.json", false, 0},
    {"countdown", "data/samples/sample-countdown.json", false, 0},
    {"qr", "data/samples/sample-qr.json", false, 0},
    {"situation", "data/samples/sample-situation.json", false, 0},
    {"alert-red", "data/drills/flood-red.json", true, 0},
    {"drill-yellow", "data/drills/flood-yellow.json", false, 0},
    {"clear", NULL, false, 0},
    {"clear-one-of-two", NULL, false, 1},
    {"plain", "", false, 0},
};

static const struct shape {
    const char *name;
    int width, height;
} shapes[] = {
    {"landscape", 960, 540},
    {"portrait", 540, 960},
    {"strip", 512, 128},
};

/* Draws a page at rest and copies it below the pages before it. */
static void draw_page(struct frame_fixture *fixture,
                      const struct message *message,
                      const struct page_place *place, size_t page, uint32_t *to)
{
    const struct scene scene = {
        .kind = message ? SCENE_PANEL : SCENE_PLAIN,
        .message = message,
        .page = page,
        .place = *place,
        .t_ms = INT32_MAX,
        .position = 2,
        .total = 5,
    };
    const struct frame_setting setting = {
        .place_name = "郑州市二七区",
        .ticker = "",
        .clock_ms = PAGES_NOW_MS,
        .news = {PAGES_NOW_MS, TIMESTAMP_NONE},
    };
    struct rect damage[RENDERER_DAMAGE_MAX];
    struct frame_info info;

    assert_true(frame_compose(&fixture->glass, fixture->cache, &scene, &setting,
                              &info));
    assert_false(info.moving);
    renderer_forget(fixture->glass.renderer);
    renderer_draw(fixture->glass.renderer, &fixture->glass.list, damage);
    fonts_trim(fixture->glass.fonts);
    struct renderer_pixels pixels = renderer_pixels(fixture->glass.renderer);
    for (int y = 0; y < pixels.height; y++)
        memcpy(to + (size_t)y * (size_t)pixels.width,
               (const char *)pixels.pixels + y * pixels.stride_bytes,
               (size_t)pixels.width * sizeof *to);
}

/* True when the picture is the reference. */
static bool compare(struct frame_fixture *fixture,
                    const struct message *message,
                    const struct page_place *place, const char *name)
{
    const struct glass_options *size = &fixture->glass.options;
    const size_t page_pixels = (size_t)size->width_px * (size_t)size->height_px;
    size_t pages =
        message ? page_set_count(page_cache_get(fixture->cache, message, place))
                : 1;
    char path[PATH_BYTES];

    if (pages > STACKED_MOST)
        pages = STACKED_MOST;
    uint32_t *stack = calloc(pages * page_pixels, sizeof *stack);
    assert_non_null(stack);
    for (size_t i = 0; i < pages; i++)
        draw_page(fixture, message, place, i, stack + i * page_pixels);
    const struct renderer_pixels whole = {stack, size->width_px,
                                          size->height_px * (int)pages,
                                          size->width_px * (int)sizeof *stack};
    snprintf(path, sizeof path, SCREENS "%s.png", name);
    long differing = golden_compare(path, &whole);
    free(stack);
    return differing == 0;
}

static struct message *view_message(const struct view *view)
{
    struct message *message;

    if (view->file && !view->file[0])
        return NULL;
    message = view->file ? pages_message(view->file)
                         : pages_message_text(clear_text);
    if (!view->file)
        message->cancel.ended = pages_message("data/drills/flood-red.json");
    if (message->issued_ms == TIMESTAMP_NONE)
        message->issued_ms = PAGES_NOW_MS;
    if (view->actual)
        message->alert.status = ALERT_STATUS_ACTUAL;
    return message;
}

static bool view_compare(const struct view *view, struct frame_fixture *fixture,
                         const char *name)
{
    const struct page_place place = {.presentation = PRESENTATION_FULL,
                                     .total = view->remaining};
    struct message *message = view_message(view);

    page_cache_clear(fixture->cache); /* drafts may bear the same id */
    bool same = compare(fixture, message, &place, name);
    message_destroy(message);
    return same;
}

static void every_kind_looks_as_it_was_judged(void **state)
{
    const struct shape *shape = *state;
    struct frame_fixture *fixture =
        frame_fixture_open(shape->width, shape->height, "night", MOTION_FULL);
    int differing = 0;

    for (size_t i = 0; i < sizeof views / sizeof views[0]; i++) {
        char name[PATH_BYTES];
        snprintf(name, sizeof name, "%s-%s", shape->name, views[i].name);
        differing += !view_compare(&views[i], fixture, name);
    }
    frame_fixture_close(fixture);
    if (differing > 0)
        fail_msg("%d pictures differ from tests/screens; if that is meant, run "
                 "with GAOSHI_GOLDEN=write and look at each",
                 differing);
}

static const struct view *view_find(const char *name)
{
    const struct view *view = views;

    while (strcmp(view->name, name) != 0)
        view++;
    return view;
}

static void the_full_size_and_other_themes_too(void **state)
{
    static const struct {
        const char *view, *theme;
        int width, height;
    } cases[] = {
        {"comparison", "night", 1920, 1080}, {"honours", "day", 1920, 1080},
        {"alert-red", "night", 1920, 1080},  {"figures", "day", 960, 540},
        {"share", "contrast", 960, 540},
    };
    int differing = 0;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char name[PATH_BYTES];
        struct frame_fixture *fixture = frame_fixture_open(
            cases[i].width, cases[i].height, cases[i].theme, MOTION_FULL);
        snprintf(name, sizeof name, "%s-%d-%s", cases[i].theme, cases[i].width,
                 cases[i].view);
        differing += !view_compare(view_find(cases[i].view), fixture, name);
        frame_fixture_close(fixture);
    }
    if (differing > 0)
        fail_msg("%d pictures differ from tests/screens", differing);
}

int main(void)
{
    enum { SKIPPED = 77 };
    char why[GOLDEN_FONTS_BYTES];
#define OF_SHAPE(index)                                                        \
    {                                                                          \
        "every_kind_looks_as_it_was_judged_" #index,                           \
            every_kind_looks_as_it_was_judged, NULL, NULL,                     \
            (void *)(uintptr_t)&shapes[index]                                  \
    }
    const struct CMUnitTest tests[] = {
        OF_SHAPE(0),
        OF_SHAPE(1),
        OF_SHAPE(2),
        cmocka_unit_test(the_full_size_and_other_themes_too),
    };

    if (!golden_fonts_agree(SCREENS "fonts.txt", why)) {
        printf("skipped: %s\n", why);
        return SKIPPED;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
