/* Transitions: exact at both ends, and gone without a trace when cut short. */
#include "display/edge/render/renderer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/fonts_here.h"
#include "tests/support/frames.h"

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

/* From the old page to the new one, compared with both at the ends. */
static void move(struct fonts *fonts, enum transition_kind kind, int rotation,
                 const struct draw_list *old, const struct draw_list *new)
{
    struct rect damage[RENDERER_DAMAGE_MAX];
    struct renderer *renderers[3];

    for (int i = 0; i < 3; i++)
        renderers[i] = renderer_create(fonts, FRAMES_WIDTH, FRAMES_HEIGHT,
                                       rotation);
    struct renderer *moving = renderers[0];
    renderer_draw(renderers[1], old, damage);
    renderer_draw(renderers[2], new, damage);
    renderer_draw(moving, old, damage);
    assert_true(renderer_transition_begin(moving, new));
    frames_assert_same(moving, renderers[1]);
    renderer_transition_draw(moving, kind, 0, damage);
    frames_assert_same(moving, renderers[1]);
    renderer_transition_draw(moving, kind, 0.4, damage);
    renderer_transition_draw(moving, kind, 1, damage);
    frames_assert_same(moving, renderers[2]);
    renderer_transition_end(moving);
    frames_assert_same(moving, renderers[2]);
    assert_int_equal(renderer_draw(moving, new, damage), 0);
    for (int i = 0; i < 3; i++)
        renderer_destroy(renderers[i]);
}

static void a_transition_begins_and_ends_exactly_on_its_pages(void **state)
{
    uint32_t seed = 5;

    for (int round = 0; round < 16; round++) {
        struct draw_list old = {0}, new = {0};
        frames_random(&old, *state, &seed);
        frames_random(&new, *state, &seed);
        move(*state, (enum transition_kind)(1 + round % 3), round / 4 * 90,
             &old, &new);
        draw_list_finish(&old);
        draw_list_finish(&new);
    }
}

/* Of every kind: what both pages show is not even drawn. */
static void only_what_differs_is_drawn(void **state)
{
    uint32_t seed = 23;
    const struct rect box = {90, 50, 20, 20};
    struct draw_list old = {0}, new = {0};

    frames_random(&old, *state, &seed);
    assert_true(draw_list_copy(&new, &old));
    frames_add_fill(&new, box, 0, 0xFFB00000u);
    for (int kind = TRANSITION_FADE; kind < TRANSITION_COUNT; kind++) {
        struct rect damage[RENDERER_DAMAGE_MAX];
        struct renderer *renderer = renderer_create(*state, FRAMES_WIDTH,
                                                    FRAMES_HEIGHT, 0);
        renderer_draw(renderer, &old, damage);
        assert_true(renderer_transition_begin(renderer, &new));
        assert_int_equal(renderer_transition_draw(
                             renderer, (enum transition_kind)kind, 0.5, damage),
                         1);
        assert_memory_equal(&damage[0], &box, sizeof box);
        renderer_destroy(renderer);
    }
    draw_list_finish(&old);
    draw_list_finish(&new);
}

/* An alert cuts a transition off: nothing of the mix may stay on the glass. */
static void a_transition_cut_short_leaves_nothing_behind(void **state)
{
    uint32_t seed = 17;
    struct rect damage[RENDERER_DAMAGE_MAX];
    struct draw_list old = {0}, new = {0}, alert = {0};
    struct renderer *cut = renderer_create(*state, FRAMES_WIDTH, FRAMES_HEIGHT,
                                           90);
    struct renderer *scratch = renderer_create(*state, FRAMES_WIDTH,
                                               FRAMES_HEIGHT, 90);

    frames_random(&old, *state, &seed);
    frames_random(&new, *state, &seed);
    frames_vary(&new, &alert, *state, &seed);
    renderer_draw(cut, &old, damage);
    assert_true(renderer_transition_begin(cut, &new));
    renderer_transition_draw(cut, TRANSITION_SLIDE, 0.3, damage);
    uint32_t *presented = frames_copy_pixels(cut);
    size_t count = renderer_draw(cut, &alert, damage);
    frames_assert_only_damage(presented, cut, damage, count);
    renderer_draw(scratch, &alert, damage);
    frames_assert_same(cut, scratch);
    free(presented);
    draw_list_finish(&old);
    draw_list_finish(&new);
    draw_list_finish(&alert);
    renderer_destroy(cut);
    renderer_destroy(scratch);
}

/* The share of the new page in percent, white on black. */
static int share_at(const struct renderer *renderer, int x, int y)
{
    const struct renderer_pixels shown = renderer_pixels(renderer);
    int stride = shown.stride_bytes / (int)sizeof *shown.pixels;

    return (int)(shown.pixels[y * stride + x] & 0xFF) * 100 / 0xFE;
}

/* A wipe goes down, a slide to the right, and a fade band by band; each mixes
 * an eighth of its way at a time (by steps of some pixels). */
static void the_new_page_comes_along_the_way_of_its_kind(void **state)
{
    for (int kind = TRANSITION_FADE; kind < TRANSITION_COUNT; kind++) {
        bool right = kind == TRANSITION_SLIDE;
        int length = right ? FRAMES_WIDTH : FRAMES_HEIGHT;
        struct rect damage[RENDERER_DAMAGE_MAX];
        struct draw_list black = {0}, white = {0};
        struct renderer *renderer = renderer_create(*state, FRAMES_WIDTH,
                                                    FRAMES_HEIGHT, 0);
        frames_add_ground(&black, 0xFF000000u);
        frames_add_ground(&white, 0xFFFEFEFEu);
        renderer_draw(renderer, &black, damage);
        assert_true(renderer_transition_begin(renderer, &white));
        renderer_transition_draw(renderer, (enum transition_kind)kind, 0.5,
                                 damage);
        int mixed = 0, before = 100;
        for (int i = 0; i < length; i++) {
            int share = right ? share_at(renderer, i, 7)
                              : share_at(renderer, 7, i);
            assert_true(share <= before);
            mixed += share > 0 && share < 100;
            before = share;
        }
        assert_int_equal(
            right ? share_at(renderer, 0, 7) : share_at(renderer, 7, 0), 100);
        assert_int_equal(before, 0);
        assert_in_range(mixed, 1, length / 7);
        draw_list_finish(&black);
        draw_list_finish(&white);
        renderer_destroy(renderer);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_transition_begins_and_ends_exactly_on_its_pages),
        cmocka_unit_test(only_what_differs_is_drawn),
        cmocka_unit_test(a_transition_cut_short_leaves_nothing_behind),
        cmocka_unit_test(the_new_page_comes_along_the_way_of_its_kind),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
