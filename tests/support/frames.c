/* Frames at random, from a seed. */
#include "tests/support/frames.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/fonts_here.h"

enum { ITEMS_MAX = 24 };

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

void frames_add_fill(struct draw_list *list, struct rect bounds, int radius,
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
    struct rect bounds = {random_in(seed, -20, FRAMES_WIDTH),
                          random_in(seed, -20, FRAMES_HEIGHT),
                          random_in(seed, 1, 90), random_in(seed, 1, 60)};

    frames_add_fill(list, bounds,
                    random_in(seed, 0, 1) * random_in(seed, 0, 40),
                    random_colour(seed));
}

static void add_random_polygon(struct draw_list *list, uint32_t *seed)
{
    float x = (float)random_in(seed, 0, FRAMES_WIDTH * 8) / 8;
    float y = (float)random_in(seed, 0, FRAMES_HEIGHT * 8) / 8;
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
        .arc = {(float)random_in(seed, 0, FRAMES_WIDTH) + 0.25f,
                (float)random_in(seed, 0, FRAMES_HEIGHT), outer,
                outer * (float)random_in(seed, 0, 9) / 10, from,
                from + (float)random_in(seed, 0, 110) / 100}};

    assert_true(draw_list_add(list, &item));
}

static void add_random_text(struct draw_list *list, struct fonts *fonts,
                            uint32_t *seed)
{
    static const char *const texts[] = {"二七", "760亿元", "jÅ门", "直骨",
                                        "\xF4\x8F\xBF\xBD"};

    fonts_here_add_line(
        list, fonts, (enum type_role)(next_random(seed) % TYPE_ROLE_COUNT),
        random_in(seed, 8, 48), random_in(seed, -10, FRAMES_WIDTH),
        random_in(seed, 0, FRAMES_HEIGHT + 20), random_colour(seed),
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

void frames_add_ground(struct draw_list *list, draw_colour colour)
{
    frames_add_fill(list, (struct rect){0, 0, FRAMES_WIDTH, FRAMES_HEIGHT}, 0,
                    colour);
}

void frames_random(struct draw_list *list, struct fonts *fonts, uint32_t *seed)
{
    int count = random_in(seed, 0, ITEMS_MAX);

    if (next_random(seed) % 4)
        frames_add_ground(list, 0xFF0E1420u);
    for (int i = 0; i < count; i++)
        add_random_item(list, fonts, seed);
}

void frames_vary(const struct draw_list *from, struct draw_list *to,
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

uint32_t *frames_copy_pixels(const struct renderer *renderer)
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

void frames_assert_only_damage(const uint32_t *before,
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

void frames_assert_same(const struct renderer *a, const struct renderer *b)
{
    struct renderer_pixels one = renderer_pixels(a), two = renderer_pixels(b);

    assert_int_equal(one.width, two.width);
    assert_int_equal(one.height, two.height);
    assert_memory_equal(one.pixels, two.pixels,
                        (size_t)one.stride_bytes * (size_t)one.height);
}
