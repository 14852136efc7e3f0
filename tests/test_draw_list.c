/* Draw lists: their memory, their comparison, their text form. */
#include "display/core/draw/draw_list.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { CANVAS = 64, ITEMS_MAX = 40, TRIALS = 3000 };

static uint32_t next_random(uint32_t *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

static struct draw_item random_fill(uint32_t *state)
{
    struct draw_item item = {.kind = DRAW_FILL};

    item.bounds.x = (int)(next_random(state) % CANVAS);
    item.bounds.y = (int)(next_random(state) % CANVAS);
    item.bounds.width = 1 + (int)(next_random(state) % 12);
    item.bounds.height = 1 + (int)(next_random(state) % 12);
    item.colour = 0xFF000000u | (next_random(state) % 5);
    return item;
}

static void random_list(struct draw_list *list, uint32_t *state)
{
    size_t count = next_random(state) % ITEMS_MAX;

    for (size_t i = 0; i < count; i++) {
        struct draw_item item = random_fill(state);
        assert_true(draw_list_add(list, &item));
    }
}

/* The next frame: some items leave, some come, some change. */
static void vary_list(const struct draw_list *from, struct draw_list *to,
                      uint32_t *state)
{
    for (size_t i = 0; i < from->count; i++) {
        struct draw_item item = from->items[i];
        uint32_t what = next_random(state) % 12;
        if (what == 0)
            continue;
        if (what == 1)
            item.colour ^= 1;
        if (what == 2) {
            struct draw_item extra = random_fill(state);
            assert_true(draw_list_add(to, &extra));
        }
        assert_true(draw_list_add(to, &item));
    }
}

static void paint(const struct draw_list *list, uint32_t canvas[CANVAS][CANVAS])
{
    memset(canvas, 0, sizeof(uint32_t[CANVAS][CANVAS]));
    for (size_t i = 0; i < list->count; i++) {
        struct rect whole = {0, 0, CANVAS, CANVAS};
        struct rect r = rect_intersect(list->items[i].bounds, whole);
        for (int y = r.y; y < r.y + r.height; y++) {
            for (int x = r.x; x < r.x + r.width; x++)
                canvas[y][x] = list->items[i].colour;
        }
    }
}

static bool is_inside(const struct rect *rects, size_t count, int x, int y)
{
    for (size_t i = 0; i < count; i++) {
        if (rect_contains(rects[i], (struct rect){x, y, 1, 1}))
            return true;
    }
    return false;
}

static void assert_covered(const struct draw_list *before,
                           const struct draw_list *after, size_t max)
{
    static uint32_t old[CANVAS][CANVAS], new[CANVAS][CANVAS];
    struct rect rects[16];
    size_t count = draw_list_damage(before, after, rects, max);

    assert_true(count <= max);
    paint(before, old);
    paint(after, new);
    for (int y = 0; y < CANVAS; y++) {
        for (int x = 0; x < CANVAS; x++) {
            if (old[y][x] != new[y][x])
                assert_true(is_inside(rects, count, x, y));
        }
    }
}

static void damage_covers_every_pixel_that_differs(void **state)
{
    (void)state;
    static const size_t limits[] = {1, 2, 5, 16};
    uint32_t seed = 20210908;

    for (int trial = 0; trial < TRIALS; trial++) {
        struct draw_list before = {0}, after = {0};
        random_list(&before, &seed);
        if (trial % 4 == 0)
            random_list(&after, &seed);
        else
            vary_list(&before, &after, &seed);
        assert_covered(&before, &after, limits[trial % 4]);
        draw_list_finish(&before);
        draw_list_finish(&after);
    }
}

static void equal_lists_have_no_damage(void **state)
{
    (void)state;
    uint32_t seed = 7;
    struct draw_list list = {0};
    struct rect rects[4];

    random_list(&list, &seed);
    assert_int_equal(draw_list_damage(&list, &list, rects, 4), 0);
    draw_list_finish(&list);
}

static struct draw_item fill_at(int x, int y, int width, int height)
{
    return (struct draw_item){.kind = DRAW_FILL,
                              .bounds = {x, y, width, height},
                              .colour = 0xFFFFFFFFu};
}

static void add_row(struct draw_list *list, int skip)
{
    for (int i = 0; i < 8; i++) {
        struct draw_item item = fill_at(i * 20, 0, 10, 10);
        if (i != skip)
            assert_true(draw_list_add(list, &item));
    }
}

static void an_item_that_comes_or_goes_damages_itself_alone(void **state)
{
    (void)state;
    struct draw_list all = {0}, without = {0};
    struct rect rects[4];

    add_row(&all, -1);
    add_row(&without, 3);
    assert_int_equal(draw_list_damage(&all, &without, rects, 4), 1);
    assert_memory_equal(&rects[0], &all.items[3].bounds, sizeof rects[0]);
    assert_int_equal(draw_list_damage(&without, &all, rects, 4), 1);
    assert_memory_equal(&rects[0], &all.items[3].bounds, sizeof rects[0]);
    draw_list_finish(&all);
    draw_list_finish(&without);
}

static void far_rectangles_are_merged_last(void **state)
{
    (void)state;
    struct draw_list before = {0}, after = {0};
    struct rect rects[2];
    const struct draw_item items[] = {fill_at(0, 0, 10, 10),
                                      fill_at(1000, 500, 10, 10),
                                      fill_at(0, 12, 10, 10)};

    for (size_t i = 0; i < 3; i++)
        assert_true(draw_list_add(&after, &items[i]));
    assert_int_equal(draw_list_damage(&before, &after, rects, 2), 2);
    int64_t area = 0;
    for (int i = 0; i < 2; i++)
        area += rects[i].width * rects[i].height;
    assert_int_equal(area, 10 * 22 + 10 * 10);
    draw_list_finish(&after);
}

static struct draw_item text_item(const struct typeset_glyph *glyphs,
                                  size_t count, const char *string)
{
    struct draw_item item = {
        .kind = DRAW_TEXT, .bounds = {4, 6, 96, 48}, .colour = 0xFFF4F1EAu};

    item.text.role = TYPE_SANS_BOLD;
    item.text.size_px = 48;
    item.text.x = 4;
    item.text.baseline_y = 47;
    item.text.glyphs = glyphs;
    item.text.glyph_count = count;
    item.text.string = string;
    return item;
}

static void texts_are_compared_glyph_by_glyph(void **state)
{
    (void)state;
    struct typeset_glyph one[] = {{0, 0x4E8C, 0, false, 0},
                                  {0, 0x4E03, 48 * 64, false, 0}};
    struct typeset_glyph same[] = {{0, 0x4E8C, 0, false, 0},
                                   {0, 0x4E03, 48 * 64, false, 0}};
    struct draw_item a = text_item(one, 2, "二七");
    struct draw_item b = text_item(same, 2, "二七");

    assert_true(draw_item_equals(&a, &b));
    same[1].x++;
    assert_false(draw_item_equals(&a, &b));
    same[1].x--;
    same[0].missing = true;
    assert_false(draw_item_equals(&a, &b));
    same[0].missing = false;
    b.text.baseline_y++;
    assert_false(draw_item_equals(&a, &b));
    b.text.baseline_y--;
    b.text.string = NULL;
    assert_false(draw_item_equals(&a, &b));
}

static void memory_stays_whole_until_clear(void **state)
{
    (void)state;
    struct draw_list list = {0};
    unsigned char *parts[200];

    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < 200; i++) {
            parts[i] = draw_list_alloc(&list, (size_t)(1 + i * 7));
            assert_non_null(parts[i]);
            assert_int_equal((uintptr_t)parts[i] % _Alignof(max_align_t), 0);
            memset(parts[i], i, (size_t)(1 + i * 7));
        }
        for (int i = 0; i < 200; i++)
            assert_int_equal(parts[i][i * 7], i);
        draw_list_clear(&list);
    }
    assert_non_null(draw_list_alloc(&list, 1024 * 1024));
    assert_null(draw_list_alloc(&list, SIZE_MAX));
    draw_list_finish(&list);
    draw_list_finish(NULL);
}

static void add_one_of_each(struct draw_list *list)
{
    struct draw_item fill = fill_at(0, 0, 192, 64);
    struct draw_item text = text_item(NULL, 0, "二七");
    struct draw_item arc = {.kind = DRAW_ARC,
                            .bounds = {10, 20, 40, 40},
                            .colour = 0x80F2B84Bu,
                            .arc = {30, 40, 20, 14, 0, 0.75f}};
    struct draw_item polygon = {.kind = DRAW_POLYGON,
                                .bounds = {0, 0, 10, 8},
                                .colour = 0xFF000000u,
                                .polygon = {3, {{0, 0}, {10, 0}, {5, 8}}}};

    fill.fill.radius_px = 8;
    assert_true(draw_list_add(list, &fill));
    assert_true(draw_list_add(list, &text));
    assert_true(draw_list_add(list, &arc));
    assert_true(draw_list_add(list, &polygon));
}

static void a_list_prints_one_line_an_item(void **state)
{
    (void)state;
    struct draw_list list = {0};
    char *text = NULL;
    size_t bytes = 0;
    FILE *out = open_memstream(&text, &bytes);

    assert_non_null(out);
    add_one_of_each(&list);
    draw_list_print(&list, out);
    fclose(out);
    assert_string_equal(
        text,
        "fill    [0 0 192 64] #FFFFFFFF radius 8\n"
        "text    [4 6 96 48] #FFF4F1EA sans-bold 48px at (4 47) \"二七\"\n"
        "arc     [10 20 40 40] #80F2B84B centre (30.0 40.0) radii 20.0 14.0 "
        "turns 0.0000 0.7500\n"
        "polygon [0 0 10 8] #FF000000 (0.0 0.0) (10.0 0.0) (5.0 8.0)\n");
    free(text);
    draw_list_finish(&list);
}

static void rectangles_join_and_cross(void **state)
{
    (void)state;
    struct rect a = {0, 0, 10, 10}, b = {5, 5, 10, 10}, empty = {3, 3, 0, 9};
    struct rect joined = rect_union(a, b), common = rect_intersect(a, b);

    assert_memory_equal(&joined, (&(struct rect){0, 0, 15, 15}), sizeof a);
    assert_memory_equal(&common, (&(struct rect){5, 5, 5, 5}), sizeof a);
    joined = rect_union(a, empty);
    assert_memory_equal(&joined, &a, sizeof a);
    assert_true(rect_is_empty(empty));
    assert_true(rect_is_empty(rect_intersect(a, (struct rect){10, 0, 5, 5})));
    assert_true(rect_contains(joined, common));
    assert_false(rect_contains(a, b));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(damage_covers_every_pixel_that_differs),
        cmocka_unit_test(equal_lists_have_no_damage),
        cmocka_unit_test(an_item_that_comes_or_goes_damages_itself_alone),
        cmocka_unit_test(far_rectangles_are_merged_last),
        cmocka_unit_test(texts_are_compared_glyph_by_glyph),
        cmocka_unit_test(memory_stays_whole_until_clear),
        cmocka_unit_test(a_list_prints_one_line_an_item),
        cmocka_unit_test(rectangles_join_and_cross),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
