/* The pictograms: what the table of data/icons has can be drawn, and is drawn
 * inside of its square. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "display/core/draw/icon.h"
#include "display/edge/render/renderer.h"
#include "source_dir.h"
#include "tests/support/folder.h"

enum {
    LEAST_ICONS = 40,
    SIDE_PX = 48,
    X_PX = 100,
    Y_PX = 200,
    DIFFERENT_PERCENT = 8, /* of the pixels of two pictograms */
};

static void each_has_a_name_a_meaning_and_shapes(void **state)
{
    (void)state;
    assert_true(icon_count >= LEAST_ICONS);
    for (size_t i = 0; i < icon_count; i++) {
        assert_true(icons[i].name[0] && icons[i].meaning[0]);
        assert_true(icons[i].first < icons[i + 1].first);
        assert_ptr_equal(icon_find(icons[i].name), &icons[i]);
    }
    assert_null(icon_find("no-such-icon"));
    assert_null(icon_find(""));
}

static void each_is_explained_to_operators(void **state)
{
    (void)state;
    char *guide = folder_read(GAOSHI_SOURCE_DIR "/docs", "panels.md");
    assert_non_null(guide);
    for (size_t i = 0; i < icon_count; i++) {
        char row[120];
        snprintf(row, sizeof row, "| `%s` | %s |", icons[i].name,
                 icons[i].meaning);
        if (strstr(guide, row) == NULL)
            fail_msg("docs/panels.md has no row «%s»", row);
    }
    free(guide);
}

/* Whether all corners turn the same way. */
static bool is_convex(const float *at, int count)
{
    bool left = false, right = false;

    for (int i = 0; i < count; i++) {
        const float *a = at + 2 * i;
        const float *b = at + 2 * ((i + 1) % count);
        const float *c = at + 2 * ((i + 2) % count);
        float turn = (b[0] - a[0]) * (c[1] - b[1]) -
                     (b[1] - a[1]) * (c[0] - b[0]);
        left |= turn < 0;
        right |= turn > 0;
    }
    return left != right;
}

static void each_shape_has_the_numbers_of_its_kind(void **state)
{
    (void)state;
    for (size_t i = 0; i < icons[icon_count].first; i++) {
        const struct icon_shape *shape = &icon_shapes[i];
        int count = shape->count;
        switch (shape->kind) {
        case ICON_BOX:
            assert_true(count == 4 || count == 5);
            break;
        case ICON_POLY:
            assert_true(count % 2 == 0 && count >= 6 &&
                        count <= 2 * DRAW_POLYGON_POINTS);
            if (!is_convex(shape->numbers, count / 2))
                fail_msg("shape %zu is not convex", i);
            break;
        case ICON_DISC:
            assert_int_equal(count, 3);
            break;
        case ICON_RING:
            assert_int_equal(count, 6);
            assert_true(shape->numbers[3] < shape->numbers[2] &&
                        shape->numbers[4] < shape->numbers[5]);
            break;
        case ICON_PATH:
            assert_true(count % 2 == 1 && count >= 5);
            break;
        }
    }
}

static void each_is_drawn_inside_of_its_square(void **state)
{
    const struct rect square = {X_PX - 1, Y_PX - 1, SIDE_PX + 2, SIDE_PX + 2};
    struct draw_list list = {0};

    (void)state;
    for (size_t i = 0; i < icon_count; i++) {
        draw_list_clear(&list);
        assert_true(icon_draw(&icons[i], X_PX, Y_PX, SIDE_PX, 0xffffffff,
                              0xff000000, &list));
        assert_true(list.count > 0);
        assert_int_equal(list.items[0].colour, 0xffffffff);
        for (size_t k = 0; k < list.count; k++)
            if (!rect_contains(square, list.items[k].bounds))
                fail_msg("%s: item %zu leaves the square", icons[i].name, k);
    }
    draw_list_finish(&list);
}

/* White on black, as a screen paints it. */
static void paint(const struct icon *icon, struct fonts *fonts, int side_px,
                  uint8_t *out)
{
    struct draw_list list = {0};
    struct rect damage[RENDERER_DAMAGE_MAX];
    struct renderer *renderer = renderer_create(fonts, side_px, side_px, 0);
    const struct draw_item ground = {.kind = DRAW_FILL,
                                     .bounds = {0, 0, side_px, side_px},
                                     .colour = 0xff000000};

    assert_non_null(renderer);
    assert_true(draw_list_add(&list, &ground));
    assert_true(icon_draw(icon, 0, 0, side_px, 0xffffffff, 0xff000000, &list));
    renderer_draw(renderer, &list, damage);
    const struct renderer_pixels shown = renderer_pixels(renderer);
    for (int i = 0; i < side_px * side_px; i++)
        out[i] = shown.pixels[i] & 0xff;
    renderer_destroy(renderer);
    draw_list_finish(&list);
}

/* Of a hundred pixels, so many are dark in one and light in the other. */
static int difference(const uint8_t *a, const uint8_t *b, int count)
{
    int differ = 0;

    for (int i = 0; i < count; i++)
        differ += abs(a[i] - b[i]) > 127;
    return differ * 100 / count;
}

/* At 48 px, and at half of it as on a strip of 64 rows: each has light and
 * dark, and none is taken for another. */
static void each_is_told_from_the_others_when_it_is_small(void **state)
{
    static const int sides_px[] = {SIDE_PX, SIDE_PX / 2};
    static uint8_t pixels[100][SIDE_PX * SIDE_PX];
    static const uint8_t black[SIDE_PX * SIDE_PX];
    struct fonts *fonts = NULL;
    struct problem problem = {0};

    (void)state;
    if (!fonts_create(GAOSHI_SOURCE_DIR "/fonts/chain.ini", &fonts, NULL, 0,
                      &problem))
        skip();
    assert_in_range(icon_count, 1, 100);
    for (size_t s = 0; s < sizeof sides_px / sizeof sides_px[0]; s++) {
        int count = sides_px[s] * sides_px[s];
        for (size_t i = 0; i < icon_count; i++) {
            paint(&icons[i], fonts, sides_px[s], pixels[i]);
            assert_in_range(difference(pixels[i], black, count), 12, 88);
            for (size_t k = 0; k < i; k++)
                if (difference(pixels[i], pixels[k], count) < DIFFERENT_PERCENT)
                    fail_msg("%s and %s look alike at %d px", icons[i].name,
                             icons[k].name, sides_px[s]);
        }
    }
    fonts_destroy(fonts);
}

static void an_event_has_the_pictogram_of_its_longest_word(void **state)
{
    static const struct {
        const char *event, *name;
    } cases[] = {
        {"暴雨", "rain"},
        {"山洪灾害", "flood"},
        {"城市内涝", "waterlogging"},
        {"地质灾害", "landslide"},
        {"天然气泄漏", "gas"},
        {"危险化学品泄漏", "toxic"},
        {"重污染天气", "air"},
        {"水污染", "toxic"},
        {"雷电", "thunder"},
        {"停水通知", "water"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct icon *icon = icon_of_event(cases[i].event);
        assert_non_null(icon);
        assert_string_equal(icon->name, cases[i].name);
    }
    assert_null(icon_of_event("寻人启事"));
    assert_null(icon_of_event(""));
    for (size_t i = 0; i < icon_event_count; i++)
        assert_true(icon_events[i].icon < icon_count);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_has_a_name_a_meaning_and_shapes),
        cmocka_unit_test(each_is_explained_to_operators),
        cmocka_unit_test(each_shape_has_the_numbers_of_its_kind),
        cmocka_unit_test(each_is_told_from_the_others_when_it_is_small),
        cmocka_unit_test(an_event_has_the_pictogram_of_its_longest_word),
        cmocka_unit_test(each_is_drawn_inside_of_its_square),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
