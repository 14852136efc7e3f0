/* How long frames take on this machine, and what damage and a fade of our own
 * are worth. Prints a table; judges nothing. */
#include <pixman.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "display/edge/render/renderer.h"
#include "tests/support/fonts_here.h"

enum { WIDTH = 1920, HEIGHT = 1080, FRAMES = 60, LINES = 14 };

static double now_ms(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

static double report(const char *what, double begin_ms, int frames)
{
    double each = (now_ms() - begin_ms) / frames;

    printf("%-44s %8.3f ms\n", what, each);
    return each;
}

static void add_fill(struct draw_list *list, struct rect bounds, int radius,
                     draw_colour colour)
{
    struct draw_item item = {.kind = DRAW_FILL,
                             .bounds = bounds,
                             .colour = colour,
                             .fill = {radius}};

    if (!draw_list_add(list, &item))
        exit(1);
}

/* A page full of text, a ring and one figure of 300 px. */
static void compose(struct draw_list *list, struct fonts *fonts, int figure)
{
    char text[32];
    struct draw_item ring = {.kind = DRAW_ARC,
                             .bounds = {1300, 300, 500, 500},
                             .colour = 0xFFF2B84Bu,
                             .arc = {1550, 550, 250, 200, 0, 0.7f}};

    draw_list_clear(list);
    add_fill(list, (struct rect){0, 0, WIDTH, HEIGHT}, 0, 0xFF0E1420u);
    add_fill(list, (struct rect){60, 60, 1800, 960}, 24, 0xFF182235u);
    for (int i = 0; i < LINES; i++)
        fonts_here_add_line(list, fonts, TYPE_SANS, 40, 100, 130 + i * 62,
                            0xFFF4F1EAu, "郑州市二七区五年来的变化都在这里");
    if (!draw_list_add(list, &ring))
        exit(1);
    snprintf(text, sizeof text, "%d", figure);
    fonts_here_add_line(list, fonts, TYPE_SANS_BOLD, 300, 1000, 950,
                        0xFFF2B84Bu, text);
}

static void bench_frames(struct fonts *fonts, int rotation)
{
    struct renderer *renderer = renderer_create(fonts, WIDTH, HEIGHT, rotation);
    struct draw_list list = {0};
    struct rect damage[RENDERER_DAMAGE_MAX];

    compose(&list, fonts, 1234567890);
    renderer_draw(renderer, &list, damage);
    printf("rotation %d\n", rotation);
    double begin = now_ms();
    for (int i = 0; i < FRAMES; i++) {
        renderer_forget(renderer);
        renderer_draw(renderer, &list, damage);
    }
    double full = report("full redraw", begin, FRAMES);
    begin = now_ms();
    for (int i = 0; i < FRAMES; i++) {
        compose(&list, fonts, 500 + i * 3);
        renderer_draw(renderer, &list, damage);
    }
    double figure = report("one counting figure", begin, FRAMES);
    begin = now_ms();
    for (int i = 0; i < FRAMES; i++)
        renderer_draw(renderer, &list, damage);
    report("nothing changed", begin, FRAMES);
    printf("%-44s %8.1f times\n", "full redraw over counting figure",
           full / figure);
    draw_list_finish(&list);
    renderer_destroy(renderer);
}

static double bench_transition(struct renderer *renderer,
                               const struct draw_list *to, const char *name,
                               enum transition_kind kind)
{
    struct rect damage[RENDERER_DAMAGE_MAX];

    renderer_transition_begin(renderer, to);
    double begin = now_ms();
    for (int i = 1; i <= FRAMES; i++)
        renderer_transition_draw(renderer, kind, (double)i / (FRAMES + 1),
                                 damage);
    double each = report(name, begin, FRAMES);
    renderer_transition_end(renderer);
    return each;
}

/* The same with pixman: copy, then blend the other page at constant alpha. */
static double bench_pixman_fade(void)
{
    pixman_image_t *layers[3];

    for (int i = 0; i < 3; i++)
        layers[i] = pixman_image_create_bits(PIXMAN_x8r8g8b8, WIDTH, HEIGHT,
                                             NULL, 0);
    double begin = now_ms();
    for (int i = 1; i <= FRAMES; i++) {
        const pixman_color_t alpha = {0, 0, 0,
                                      (uint16_t)(0xFFFF * i / (FRAMES + 1))};
        pixman_image_t *mask = pixman_image_create_solid_fill(&alpha);
        pixman_image_composite32(PIXMAN_OP_SRC, layers[0], NULL, layers[2], 0,
                                 0, 0, 0, 0, 0, WIDTH, HEIGHT);
        pixman_image_composite32(PIXMAN_OP_OVER, layers[1], mask, layers[2], 0,
                                 0, 0, 0, 0, 0, WIDTH, HEIGHT);
        pixman_image_unref(mask);
    }
    double each = report("fade by pixman", begin, FRAMES);
    for (int i = 0; i < 3; i++)
        pixman_image_unref(layers[i]);
    return each;
}

static void bench_transitions(struct fonts *fonts)
{
    struct renderer *renderer = renderer_create(fonts, WIDTH, HEIGHT, 0);
    struct draw_list pages[2] = {{0}};
    struct rect damage[RENDERER_DAMAGE_MAX];

    compose(&pages[0], fonts, 760);
    add_fill(&pages[1], (struct rect){0, 0, WIDTH, HEIGHT}, 0, 0xFFF7F4ECu);
    renderer_draw(renderer, &pages[0], damage);
    printf("transitions\n");
    double fade = bench_transition(renderer, &pages[1], "fade",
                                   TRANSITION_FADE);
    bench_transition(renderer, &pages[0], "slide", TRANSITION_SLIDE);
    bench_transition(renderer, &pages[1], "wipe", TRANSITION_WIPE);
    printf("%-44s %8.2f times\n", "fade by pixman over ours",
           bench_pixman_fade() / fade);
    draw_list_finish(&pages[0]);
    draw_list_finish(&pages[1]);
    renderer_destroy(renderer);
}

int main(void)
{
    struct fonts *fonts = fonts_here();

    printf("%dx%d, mean of %d frames\n", WIDTH, HEIGHT, FRAMES);
    bench_frames(fonts, 0);
    bench_frames(fonts, 90);
    bench_transitions(fonts);
    fonts_destroy(fonts);
    return 0;
}
