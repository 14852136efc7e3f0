/* The CPU executor: what is painted, what is not, where it lands. */
#include "display/edge/renderer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/fonts_here.h"

enum { WIDTH = 200, HEIGHT = 120, ITEMS_MAX = 24, TRIALS = 300 };

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

static uint32_t next_random(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

static int random_in(uint32_t *seed, int from, int to)
{
    return from + (int)(next_random(seed) % (uint32_t)(to - from + 1));
}

static draw_colour random_colour(uint32_t *seed)
{
    draw_colour alpha = next_random(seed) % 3 == 0 ? 0x80000000u : 0xFF000000u;

    return alpha | (next_random(seed) & 0xFFFFFF);
}

static void add_fill(struct draw_list *list, struct rect bounds, int radius,
                     draw_colour colour)
{
    struct draw_item item = {.kind = DRAW_FILL,
                             .bounds = bounds,
                             .colour = colour,
                             .fill = {radius}};

    assert_true(draw_list_add(list, &item));
}

static void add_random_fill(struct draw_list *list, uint32_t *seed)
{
    struct rect bounds = {random_in(seed, -20, WIDTH),
                          random_in(seed, -20, HEIGHT), random_in(seed, 1, 90),
                          random_in(seed, 1, 60)};

    add_fill(list, bounds, random_in(seed, 0, 1) * random_in(seed, 0, 40),
             random_colour(seed));
}

static void add_random_polygon(struct draw_list *list, uint32_t *seed)
{
    float x = (float)random_in(seed, 0, WIDTH * 8) / 8;
    float y = (float)random_in(seed, 0, HEIGHT * 8) / 8;
    float size = (float)random_in(seed, 8, 400) / 8;
    struct draw_item item = {.kind = DRAW_POLYGON,
                             .colour = random_colour(seed),
                             .bounds = {(int)x, (int)y, (int)size, (int)size},
                             .polygon = {4,
                                         {{x, y},
                                          {x + size, y + 3.3f},
                                          {x + size * 0.8f, y + size},
                                          {x + 1.7f, y + size / 2}}}};

    assert_true(draw_list_add(list, &item));
}

static void add_random_arc(struct draw_list *list, uint32_t *seed)
{
    float outer = (float)random_in(seed, 2, 60);
    float from = (float)random_in(seed, 0, 100) / 100;
    struct draw_item item = {
        .kind = DRAW_ARC,
        .colour = random_colour(seed),
        .bounds = {0, 0, 1, 1},
        .arc = {(float)random_in(seed, 0, WIDTH) + 0.25f,
                (float)random_in(seed, 0, HEIGHT), outer,
                outer * (float)random_in(seed, 0, 9) / 10, from,
                from + (float)random_in(seed, 0, 110) / 100}};

    assert_true(draw_list_add(list, &item));
}

static void add_random_text(struct draw_list *list, struct fonts *fonts,
                            uint32_t *seed)
{
    static const char *const texts[] = {"二七", "760亿元", "jÅ门", "直骨",
                                        "\xF4\x8F\xBF\xBD"};

    fonts_here_add_line(list, fonts,
                        (enum type_role)(next_random(seed) % TYPE_ROLE_COUNT),
                        random_in(seed, 8, 48), random_in(seed, -10, WIDTH),
                        random_in(seed, 0, HEIGHT + 20), random_colour(seed),
                        texts[next_random(seed) % 5]);
}

static void add_random_item(struct draw_list *list, struct fonts *fonts,
                            uint32_t *seed)
{
    switch (next_random(seed) % 4) {
    case 0:
        add_random_fill(list, seed);
        break;
    case 1:
        add_random_polygon(list, seed);
        break;
    case 2:
        add_random_arc(list, seed);
        break;
    default:
        add_random_text(list, fonts, seed);
        break;
    }
}

static void add_ground(struct draw_list *list, draw_colour colour)
{
    add_fill(list, (struct rect){0, 0, WIDTH, HEIGHT}, 0, colour);
}

static void random_frame(struct draw_list *list, struct fonts *fonts,
                         uint32_t *seed)
{
    int count = random_in(seed, 0, ITEMS_MAX);

    if (next_random(seed) % 4)
        add_ground(list, 0xFF0E1420u);
    for (int i = 0; i < count; i++)
        add_random_item(list, fonts, seed);
}

/* The next frame: items leave, come and change. Shares the glyphs of from. */
static void vary_frame(const struct draw_list *from, struct draw_list *to,
                       struct fonts *fonts, uint32_t *seed)
{
    for (size_t i = 0; i < from->count; i++) {
        struct draw_item item = from->items[i];
        uint32_t what = next_random(seed) % 12;
        if (what == 0)
            continue;
        if (what == 1)
            item.colour ^= 0x101010;
        if (what == 2)
            add_random_item(to, fonts, seed);
        assert_true(draw_list_add(to, &item));
    }
}

static uint32_t *copy_pixels(const struct renderer *renderer)
{
    struct renderer_pixels pixels = renderer_pixels(renderer);
    size_t bytes = (size_t)pixels.stride_bytes * (size_t)pixels.height;
    uint32_t *copy = malloc(bytes);

    assert_non_null(copy);
    memcpy(copy, pixels.pixels, bytes);
    return copy;
}

static bool is_inside(const struct rect *rects, size_t count, int x, int y)
{
    for (size_t i = 0; i < count; i++) {
        if (rect_contains(rects[i], (struct rect){x, y, 1, 1}))
            return true;
    }
    return false;
}

static void assert_only_damage_changed(const uint32_t *before,
                                       const struct renderer *renderer,
                                       const struct rect *damage, size_t count)
{
    struct renderer_pixels now = renderer_pixels(renderer);

    for (int y = 0; y < now.height; y++) {
        for (int x = 0; x < now.width; x++) {
            int at = y * now.width + x;
            if (now.pixels[at] != before[at])
                assert_true(is_inside(damage, count, x, y));
        }
    }
}

static void assert_same_pixels(const struct renderer *a,
                               const struct renderer *b)
{
    struct renderer_pixels one = renderer_pixels(a), two = renderer_pixels(b);

    assert_int_equal(one.width, two.width);
    assert_int_equal(one.height, two.height);
    assert_memory_equal(one.pixels, two.pixels,
                        (size_t)one.stride_bytes * (size_t)one.height);
}

/* Follows a road of frames; each must equal the frame drawn from scratch. */
static void follow_frames(struct fonts *fonts, int rotation, uint32_t *seed)
{
    struct renderer *followed = renderer_create(fonts, WIDTH, HEIGHT, rotation);
    struct draw_list frames[6] = {{0}};
    struct rect damage[RENDERER_DAMAGE_MAX], whole[RENDERER_DAMAGE_MAX];

    for (int i = 0; i < 6; i++) {
        struct renderer *scratch = renderer_create(fonts, WIDTH, HEIGHT,
                                                   rotation);
        if (i == 0)
            random_frame(&frames[0], fonts, seed);
        else
            vary_frame(&frames[i - 1], &frames[i], fonts, seed);
        uint32_t *before = copy_pixels(followed);
        size_t count = renderer_draw(followed, &frames[i], damage);
        renderer_draw(scratch, &frames[i], whole);
        assert_true(count <= RENDERER_DAMAGE_MAX);
        assert_only_damage_changed(before, followed, damage, count);
        assert_same_pixels(followed, scratch);
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

    for (int trial = 0; trial < TRIALS / 6; trial++)
        follow_frames(*state, trial % 4 * 90, &seed);
}

static void an_equal_frame_touches_no_pixel(void **state)
{
    uint32_t seed = 3;
    struct draw_list list = {0};
    struct rect damage[RENDERER_DAMAGE_MAX];
    struct renderer *renderer = renderer_create(*state, WIDTH, HEIGHT, 0);

    random_frame(&list, *state, &seed);
    assert_true(renderer_draw(renderer, &list, damage) > 0);
    uint32_t *before = copy_pixels(renderer);
    assert_int_equal(renderer_draw(renderer, &list, damage), 0);
    assert_only_damage_changed(before, renderer, damage, 0);
    renderer_forget(renderer);
    assert_int_equal(renderer_draw(renderer, &list, damage), 1);
    assert_int_equal(damage[0].width * damage[0].height, WIDTH * HEIGHT);
    free(before);
    draw_list_finish(&list);
    renderer_destroy(renderer);
}

static void the_list_may_be_cleared_after_drawing(void **state)
{
    struct fonts *fonts = *state;
    struct draw_list list = {0};
    struct rect damage[RENDERER_DAMAGE_MAX];
    struct renderer *renderer = renderer_create(fonts, WIDTH, HEIGHT, 0);

    for (int i = 0; i < 3; i++) {
        draw_list_clear(&list);
        add_ground(&list, 0xFF000000u);
        fonts_here_add_line(&list, fonts, TYPE_SANS, 32, 10, 60, 0xFFFFFFFFu,
                            i == 1 ? "7" : "14.7");
        assert_int_equal(renderer_draw(renderer, &list, damage), 1);
        if (i > 0)
            assert_true(damage[0].width < WIDTH / 2);
    }
    draw_list_finish(&list);
    renderer_destroy(renderer);
}

/* Where the pixel (x, y) of the page must lie on the turned glass. */
static int turned_index(int rotation, int x, int y)
{
    switch (rotation) {
    case 90:
        return x * HEIGHT + (HEIGHT - 1 - y);
    case 180:
        return (HEIGHT - 1 - y) * WIDTH + (WIDTH - 1 - x);
    case 270:
        return (WIDTH - 1 - x) * HEIGHT + y;
    default:
        return y * WIDTH + x;
    }
}

static void every_pixel_is_turned_to_its_place(void **state)
{
    uint32_t seed = 99;
    struct draw_list list = {0};
    struct rect damage[RENDERER_DAMAGE_MAX];
    struct renderer *upright = renderer_create(*state, WIDTH, HEIGHT, 0);

    random_frame(&list, *state, &seed);
    renderer_draw(upright, &list, damage);
    const uint32_t *page = renderer_pixels(upright).pixels;
    for (int rotation = 90; rotation < 360; rotation += 90) {
        struct renderer *turned = renderer_create(*state, WIDTH, HEIGHT,
                                                  rotation);
        renderer_draw(turned, &list, damage);
        struct renderer_pixels glass = renderer_pixels(turned);
        assert_int_equal(glass.width, rotation == 180 ? WIDTH : HEIGHT);
        for (int y = 0; y < HEIGHT; y++) {
            for (int x = 0; x < WIDTH; x++)
                assert_int_equal(glass.pixels[turned_index(rotation, x, y)],
                                 page[y * WIDTH + x]);
        }
        renderer_destroy(turned);
    }
    draw_list_finish(&list);
    renderer_destroy(upright);
}

static void a_transition_begins_and_ends_exactly_on_its_pages(void **state)
{
    uint32_t seed = 5;
    struct rect damage[RENDERER_DAMAGE_MAX];

    for (int round = 0; round < 16; round++) {
        enum transition_kind kind =
            (enum transition_kind)(1 + round % (TRANSITION_COUNT - 1));
        int rotation = round / 4 * 90;
        struct draw_list old = {0}, new = {0};
        struct renderer *moving = renderer_create(*state, WIDTH, HEIGHT,
                                                  rotation);
        struct renderer *before = renderer_create(*state, WIDTH, HEIGHT,
                                                  rotation);
        struct renderer *after = renderer_create(*state, WIDTH, HEIGHT,
                                                 rotation);
        random_frame(&old, *state, &seed);
        random_frame(&new, *state, &seed);
        renderer_draw(before, &old, damage);
        renderer_draw(after, &new, damage);
        renderer_draw(moving, &old, damage);
        assert_true(renderer_transition_begin(moving, &new));
        assert_same_pixels(moving, before);
        renderer_transition_draw(moving, kind, 0, damage);
        assert_same_pixels(moving, before);
        renderer_transition_draw(moving, kind, 0.4, damage);
        renderer_transition_draw(moving, kind, 1, damage);
        assert_same_pixels(moving, after);
        renderer_transition_end(moving);
        assert_same_pixels(moving, after);
        assert_int_equal(renderer_draw(moving, &new, damage), 0);
        draw_list_finish(&old);
        draw_list_finish(&new);
        renderer_destroy(moving);
        renderer_destroy(before);
        renderer_destroy(after);
    }
}

/* An alert cuts a transition off: nothing of the mix may stay on the glass. */
static void a_transition_cut_short_leaves_nothing_behind(void **state)
{
    uint32_t seed = 17;
    struct rect damage[RENDERER_DAMAGE_MAX];
    struct draw_list old = {0}, new = {0}, alert = {0};
    struct renderer *cut = renderer_create(*state, WIDTH, HEIGHT, 90);
    struct renderer *scratch = renderer_create(*state, WIDTH, HEIGHT, 90);

    random_frame(&old, *state, &seed);
    random_frame(&new, *state, &seed);
    vary_frame(&new, &alert, *state, &seed);
    renderer_draw(cut, &old, damage);
    assert_true(renderer_transition_begin(cut, &new));
    renderer_transition_draw(cut, TRANSITION_SLIDE, 0.3, damage);
    uint32_t *presented = copy_pixels(cut);
    size_t count = renderer_draw(cut, &alert, damage);
    assert_only_damage_changed(presented, cut, damage, count);
    renderer_draw(scratch, &alert, damage);
    assert_same_pixels(cut, scratch);
    free(presented);
    draw_list_finish(&old);
    draw_list_finish(&new);
    draw_list_finish(&alert);
    renderer_destroy(cut);
    renderer_destroy(scratch);
}

static void a_fade_is_half_of_both_at_half_time(void **state)
{
    struct rect damage[RENDERER_DAMAGE_MAX];
    struct draw_list black = {0}, white = {0};
    struct renderer *renderer = renderer_create(*state, WIDTH, HEIGHT, 0);

    add_ground(&black, 0xFF000000u);
    add_ground(&white, 0xFFFEFEFEu);
    renderer_draw(renderer, &black, damage);
    assert_true(renderer_transition_begin(renderer, &white));
    renderer_transition_draw(renderer, TRANSITION_FADE, 0.5, damage);
    assert_int_equal(renderer_pixels(renderer).pixels[77] & 0xFFFFFF, 0x7F7F7F);
    draw_list_finish(&black);
    draw_list_finish(&white);
    renderer_destroy(renderer);
}

static void two_renderers_give_the_same_bytes(void **state)
{
    uint32_t seed = 41;
    struct draw_list list = {0};
    struct rect damage[RENDERER_DAMAGE_MAX];
    struct fonts *others = fonts_here();
    struct renderer *one = renderer_create(*state, WIDTH, HEIGHT, 0);
    struct renderer *two = renderer_create(others, WIDTH, HEIGHT, 0);

    for (int i = 0; i < 40; i++) {
        draw_list_clear(&list);
        random_frame(&list, *state, &seed);
        renderer_draw(one, &list, damage);
    }
    renderer_draw(two, &list, damage);
    assert_same_pixels(one, two);
    draw_list_finish(&list);
    renderer_destroy(one);
    renderer_destroy(two);
    fonts_destroy(others);
}

static void colours_are_exact_and_alpha_is_honoured(void **state)
{
    struct rect damage[RENDERER_DAMAGE_MAX];
    struct draw_list list = {0};
    struct renderer *renderer = renderer_create(*state, WIDTH, HEIGHT, 0);

    add_ground(&list, 0xFFF2B84Bu);
    add_fill(&list, (struct rect){0, 0, 10, 10}, 0, 0x80000000u);
    add_fill(&list, (struct rect){20, 0, 10, 10}, 5, 0xFFB00000u);
    add_fill(&list, (struct rect){40, 0, 10, 10}, 0, 0x00FFFFFFu);
    renderer_draw(renderer, &list, damage);
    const uint32_t *pixels = renderer_pixels(renderer).pixels;
    assert_int_equal(pixels[15] & 0xFFFFFF, 0xF2B84B);
    assert_int_equal(pixels[45] & 0xFFFFFF, 0xF2B84B);
    assert_int_equal(pixels[5 * WIDTH + 25] & 0xFFFFFF, 0xB00000);
    assert_int_equal(pixels[20] & 0xFFFFFF, 0xF2B84B);
    assert_in_range((pixels[5] >> 16) & 0xFF, 0x78, 0x7A);
    draw_list_finish(&list);
    renderer_destroy(renderer);
}

static void a_full_ring_has_the_area_of_a_ring(void **state)
{
    struct rect damage[RENDERER_DAMAGE_MAX];
    struct draw_list list = {0};
    struct renderer *renderer = renderer_create(*state, WIDTH, HEIGHT, 0);
    struct draw_item ring = {.kind = DRAW_ARC,
                             .colour = 0xFFFFFFFFu,
                             .bounds = {40, 0, 120, 120},
                             .arc = {100, 60, 50, 30, 0, 0.25f}};
    double ink = 0, quarter = 0;

    assert_true(draw_list_add(&list, &ring));
    renderer_draw(renderer, &list, damage);
    const uint32_t *pixels = renderer_pixels(renderer).pixels;
    for (int i = 0; i < WIDTH * HEIGHT; i++) {
        ink += (pixels[i] & 0xFF) / 255.0;
        if (i % WIDTH >= 100 && i / WIDTH < 60)
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
        cmocka_unit_test(an_equal_frame_touches_no_pixel),
        cmocka_unit_test(the_list_may_be_cleared_after_drawing),
        cmocka_unit_test(every_pixel_is_turned_to_its_place),
        cmocka_unit_test(a_transition_begins_and_ends_exactly_on_its_pages),
        cmocka_unit_test(a_transition_cut_short_leaves_nothing_behind),
        cmocka_unit_test(a_fade_is_half_of_both_at_half_time),
        cmocka_unit_test(two_renderers_give_the_same_bytes),
        cmocka_unit_test(colours_are_exact_and_alpha_is_honoured),
        cmocka_unit_test(a_full_ring_has_the_area_of_a_ring),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
