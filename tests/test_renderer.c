/* The CPU executor: what is painted, what is not, where it lands. */
#include "display/edge/render/renderer.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/fonts_here.h"
#include "tests/support/frames.h"

enum { TRIALS = 50 };

static int set_up(void **state)
{
    *state = fonts_here();
    return 0;
}

static int tear_down(void **state)
{
    fonts_destroy(*state);
    return 0;
}

/* Follows a road of frames; each must equal the frame drawn from scratch. */
static void follow_frames(struct fonts *fonts, int rotation, uint32_t *seed)
{
    struct renderer *followed = renderer_create(fonts, FRAMES_WIDTH,
                                                FRAMES_HEIGHT, rotation);
    struct draw_list frames[6] = {{0}};
    struct rect damage[RENDERER_DAMAGE_MAX], whole[RENDERER_DAMAGE_MAX];

    for (int i = 0; i < 6; i++) {
        struct renderer *scratch = renderer_create(fonts, FRAMES_WIDTH,
                                                   FRAMES_HEIGHT, rotation);
        if (i == 0)
            frames_random(&frames[0], fonts, seed);
        else
            frames_vary(&frames[i - 1], &frames[i], fonts, seed);
        uint32_t *before = frames_copy_pixels(followed);
        size_t count = renderer_draw(followed, &frames[i], damage);
        renderer_draw(scratch, &frames[i], whole);
        assert_true(count <= RENDERER_DAMAGE_MAX);
        frames_assert_only_damage(before, followed, damage, count);
        frames_assert_same(followed, scratch);
        free(before);
        renderer_destroy(scratch);
    }
    for (int i = 0; i < 6; i++)
        draw_list_finish(&frames[i]);
    renderer_destroy(followed);
}

static void drawing_damage_equals_drawing_from_scratch(void **state)
{
    uint32_t seed = 20210908;

    for (int trial = 0; trial < TRIALS; trial++)
        follow_frames(*state, trial % 4 * 90, &seed);
}

/* Whatever light there was before, rotated or not: the frame is what it would
 * be if it had been drawn so from the beginning, and full light is no dimming.
 */
static void light_is_the_same_whenever_it_was_set(void **state)
{
    static const int lights[] = {100, 60, 60, 20, 100, 45, 100};
    enum { LIGHTS = sizeof lights / sizeof lights[0] };
    struct rect damage[RENDERER_DAMAGE_MAX];
    uint32_t seed = 5;

    for (int rotation = 0; rotation < 360; rotation += 90) {
        struct draw_list frames[LIGHTS] = {{0}};
        struct renderer *followed = renderer_create(*state, FRAMES_WIDTH,
                                                    FRAMES_HEIGHT, rotation);
        for (int i = 0; i < LIGHTS; i++) {
            struct renderer *scratch = renderer_create(*state, FRAMES_WIDTH,
                                                       FRAMES_HEIGHT, rotation);
            if (i == 0)
                frames_random(&frames[0], *state, &seed);
            else
                frames_vary(&frames[i - 1], &frames[i], *state, &seed);
            assert_true(renderer_set_light(followed, lights[i]));
            renderer_draw(followed, &frames[i], damage);
            if (lights[i] < 100)
                assert_true(renderer_set_light(scratch, lights[i]));
            renderer_draw(scratch, &frames[i], damage);
            frames_assert_same(followed, scratch);
            renderer_destroy(scratch);
        }
        for (int i = 0; i < LIGHTS; i++)
            draw_list_finish(&frames[i]);
        renderer_destroy(followed);
    }
}

/* A window's memory comes, is lost, is lost within a transition, and goes:
 * each frame after that is drawn whole, and a transition ends on its page. */
static void frames_in_lent_memory_survive_its_loss(void **state)
{
    enum { STEPS = 4, BYTES = FRAMES_WIDTH * FRAMES_HEIGHT * 4 };
    struct rect damage[RENDERER_DAMAGE_MAX];
    uint32_t seed = 77;
    uint32_t *lent = malloc(BYTES);

    for (int trial = 0; trial < 4 * STEPS; trial++) {
        int rotation = trial / STEPS * 90, step = trial % STEPS;
        struct draw_list old = {0}, new = {0};
        struct renderer *drawn = renderer_create(*state, FRAMES_WIDTH,
                                                 FRAMES_HEIGHT, rotation);
        struct renderer *scratch = renderer_create(*state, FRAMES_WIDTH,
                                                   FRAMES_HEIGHT, rotation);
        frames_random(&old, *state, &seed);
        frames_vary(&old, &new, *state, &seed);
        memset(lent, trial, BYTES);
        assert_true(renderer_use(drawn, lent, true));
        assert_int_equal(renderer_draw(drawn, &old, damage), 1);
        assert_ptr_equal(renderer_pixels(drawn).pixels, lent);
        if (step >= 2) {
            assert_true(renderer_transition_begin(drawn, &new));
            renderer_transition_draw(drawn, TRANSITION_WIPE, 1, damage);
        }
        if (step == 3) {
            assert_true(renderer_use(drawn, NULL, false));
        } else if (step >= 1) {
            memset(lent, 0xAB, BYTES);
            assert_true(renderer_use(drawn, lent, true));
        }
        size_t count = renderer_draw(drawn, &new, damage);
        assert_true(step == 0 || count == 1);
        renderer_draw(scratch, &new, damage);
        frames_assert_same(drawn, scratch);
        draw_list_finish(&old);
        draw_list_finish(&new);
        renderer_destroy(drawn);
        renderer_destroy(scratch);
    }
    free(lent);
}

static double luminance(uint32_t pixel)
{
    static const double weights[] = {0.2126, 0.7152, 0.0722};
    double sum = 0;

    for (int i = 0; i < 3; i++) {
        double value = (pixel >> (16 - 8 * i) & 255) / 255.0;
        sum += weights[i] * (value <= 0.04045
                                 ? value / 12.92
                                 : pow((value + 0.055) / 1.055, 2.4));
    }
    return sum;
}

/* As WCAG 2.2 has it: 3:1 for large letters. */
static void at_the_floor_of_light_an_alert_stays_legible(void **state)
{
    static const struct {
        uint32_t letters, ground;
        double contrast;
    } table[] = {{0xFFFFFFFFu, 0xFF000000u, 4.5},
                 /* The alerts of the themes. */
                 {0xFFFFFFFFu, 0xFFB00000u, 3},
                 {0xFF000000u, 0xFFFFA500u, 3},
                 {0xFF000000u, 0xFFFFD800u, 3}};
    struct rect damage[RENDERER_DAMAGE_MAX];

    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        const uint32_t colours[] = {table[i].letters, table[i].ground};
        double light[2];
        for (int n = 0; n < 2; n++) {
            struct renderer *renderer = renderer_create(*state, FRAMES_WIDTH,
                                                        FRAMES_HEIGHT, 0);
            struct draw_list list = {0};
            frames_add_ground(&list, colours[n]);
            assert_true(renderer_set_light(renderer, RENDERER_LIGHT_FLOOR));
            renderer_draw(renderer, &list, damage);
            light[n] = luminance(renderer_pixels(renderer).pixels[0]);
            draw_list_finish(&list);
            renderer_destroy(renderer);
        }
        double most = fmax(light[0], light[1]);
        double least = fmin(light[0], light[1]);
        assert_true((most + 0.05) / (least + 0.05) >= table[i].contrast);
    }
}

static void an_equal_frame_touches_no_pixel(void **state)
{
    uint32_t seed = 3;
    struct draw_list list = {0};
    struct rect damage[RENDERER_DAMAGE_MAX];
    struct renderer *renderer = renderer_create(*state, FRAMES_WIDTH,
                                                FRAMES_HEIGHT, 0);

    frames_random(&list, *state, &seed);
    assert_true(renderer_draw(renderer, &list, damage) > 0);
    uint32_t *before = frames_copy_pixels(renderer);
    assert_int_equal(renderer_draw(renderer, &list, damage), 0);
    frames_assert_only_damage(before, renderer, damage, 0);
    renderer_forget(renderer);
    assert_int_equal(renderer_draw(renderer, &list, damage), 1);
    assert_int_equal(damage[0].width * damage[0].height,
                     FRAMES_WIDTH * FRAMES_HEIGHT);
    free(before);
    draw_list_finish(&list);
    renderer_destroy(renderer);
}

static void the_list_may_be_cleared_after_drawing(void **state)
{
    struct fonts *fonts = *state;
    struct draw_list list = {0};
    struct rect damage[RENDERER_DAMAGE_MAX];
    struct renderer *renderer = renderer_create(fonts, FRAMES_WIDTH,
                                                FRAMES_HEIGHT, 0);

    for (int i = 0; i < 3; i++) {
        draw_list_clear(&list);
        frames_add_ground(&list, 0xFF000000u);
        fonts_here_add_line(&list, fonts, TYPE_SANS, 32, 10, 60, 0xFFFFFFFFu,
                            i == 1 ? "7" : "14.7");
        assert_int_equal(renderer_draw(renderer, &list, damage), 1);
        if (i > 0)
            assert_true(damage[0].width < FRAMES_WIDTH / 2);
    }
    draw_list_finish(&list);
    renderer_destroy(renderer);
}

/* Where the pixel (x, y) of the page must lie on the turned glass. */
static int turned_index(int rotation, int x, int y)
{
    switch (rotation) {
    case 90:
        return x * FRAMES_HEIGHT + (FRAMES_HEIGHT - 1 - y);
    case 180:
        return (FRAMES_HEIGHT - 1 - y) * FRAMES_WIDTH + (FRAMES_WIDTH - 1 - x);
    case 270:
        return (FRAMES_WIDTH - 1 - x) * FRAMES_HEIGHT + y;
    default:
        return y * FRAMES_WIDTH + x;
    }
}

static void every_pixel_is_turned_to_its_place(void **state)
{
    uint32_t seed = 99;
    struct draw_list list = {0};
    struct rect damage[RENDERER_DAMAGE_MAX];
    struct renderer *upright = renderer_create(*state, FRAMES_WIDTH,
                                               FRAMES_HEIGHT, 0);

    frames_random(&list, *state, &seed);
    renderer_draw(upright, &list, damage);
    const uint32_t *page = renderer_pixels(upright).pixels;
    for (int rotation = 90; rotation < 360; rotation += 90) {
        struct renderer *turned = renderer_create(*state, FRAMES_WIDTH,
                                                  FRAMES_HEIGHT, rotation);
        renderer_draw(turned, &list, damage);
        struct renderer_pixels glass = renderer_pixels(turned);
        assert_int_equal(glass.width,
                         rotation == 180 ? FRAMES_WIDTH : FRAMES_HEIGHT);
        for (int y = 0; y < FRAMES_HEIGHT; y++) {
            for (int x = 0; x < FRAMES_WIDTH; x++)
                assert_int_equal(glass.pixels[turned_index(rotation, x, y)],
                                 page[y * FRAMES_WIDTH + x]);
        }
        renderer_destroy(turned);
    }
    draw_list_finish(&list);
    renderer_destroy(upright);
}

static void two_renderers_give_the_same_bytes(void **state)
{
    uint32_t seed = 41;
    struct draw_list list = {0};
    struct rect damage[RENDERER_DAMAGE_MAX];
    struct fonts *others = fonts_here();
    struct renderer *one = renderer_create(*state, FRAMES_WIDTH, FRAMES_HEIGHT,
                                           0);
    struct renderer *two = renderer_create(others, FRAMES_WIDTH, FRAMES_HEIGHT,
                                           0);

    for (int i = 0; i < 40; i++) {
        draw_list_clear(&list);
        frames_random(&list, *state, &seed);
        renderer_draw(one, &list, damage);
    }
    renderer_draw(two, &list, damage);
    frames_assert_same(one, two);
    draw_list_finish(&list);
    renderer_destroy(one);
    renderer_destroy(two);
    fonts_destroy(others);
}

static void colours_are_exact_and_alpha_is_honoured(void **state)
{
    struct rect damage[RENDERER_DAMAGE_MAX];
    struct draw_list list = {0};
    struct renderer *renderer = renderer_create(*state, FRAMES_WIDTH,
                                                FRAMES_HEIGHT, 0);

    frames_add_ground(&list, 0xFFF2B84Bu);
    frames_add_fill(&list, (struct rect){0, 0, 10, 10}, 0, 0x80000000u);
    frames_add_fill(&list, (struct rect){20, 0, 10, 10}, 5, 0xFFB00000u);
    frames_add_fill(&list, (struct rect){40, 0, 10, 10}, 0, 0x00FFFFFFu);
    renderer_draw(renderer, &list, damage);
    const uint32_t *pixels = renderer_pixels(renderer).pixels;
    assert_int_equal(pixels[15] & 0xFFFFFF, 0xF2B84B);
    assert_int_equal(pixels[45] & 0xFFFFFF, 0xF2B84B);
    assert_int_equal(pixels[5 * FRAMES_WIDTH + 25] & 0xFFFFFF, 0xB00000);
    assert_int_equal(pixels[20] & 0xFFFFFF, 0xF2B84B);
    assert_in_range((pixels[5] >> 16) & 0xFF, 0x78, 0x7A);
    draw_list_finish(&list);
    renderer_destroy(renderer);
}

static void a_full_ring_has_the_area_of_a_ring(void **state)
{
    struct rect damage[RENDERER_DAMAGE_MAX];
    struct draw_list list = {0};
    struct renderer *renderer = renderer_create(*state, FRAMES_WIDTH,
                                                FRAMES_HEIGHT, 0);
    struct draw_item ring = {.kind = DRAW_ARC,
                             .colour = 0xFFFFFFFFu,
                             .bounds = {40, 0, 120, 120},
                             .arc = {100, 60, 50, 30, 0, 0.25f}};
    double ink = 0, quarter = 0;

    assert_true(draw_list_add(&list, &ring));
    renderer_draw(renderer, &list, damage);
    const uint32_t *pixels = renderer_pixels(renderer).pixels;
    for (int i = 0; i < FRAMES_WIDTH * FRAMES_HEIGHT; i++) {
        ink += (pixels[i] & 0xFF) / 255.0;
        if (i % FRAMES_WIDTH >= 100 && i / FRAMES_WIDTH < 60)
            quarter += (pixels[i] & 0xFF) / 255.0;
    }
    /* π (50² − 30²) / 4, clockwise from twelve o'clock: above, to the right */
    assert_in_range((long)(ink * 10), 12500, 12630);
    assert_in_range((long)(quarter * 10), 12450, 12630);
    draw_list_finish(&list);
    renderer_destroy(renderer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(drawing_damage_equals_drawing_from_scratch),
        cmocka_unit_test(light_is_the_same_whenever_it_was_set),
        cmocka_unit_test(frames_in_lent_memory_survive_its_loss),
        cmocka_unit_test(at_the_floor_of_light_an_alert_stays_legible),
        cmocka_unit_test(an_equal_frame_touches_no_pixel),
        cmocka_unit_test(the_list_may_be_cleared_after_drawing),
        cmocka_unit_test(every_pixel_is_turned_to_its_place),
        cmocka_unit_test(two_renderers_give_the_same_bytes),
        cmocka_unit_test(colours_are_exact_and_alpha_is_honoured),
        cmocka_unit_test(a_full_ring_has_the_area_of_a_ring),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
