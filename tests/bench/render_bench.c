/* What frames cost on this machine, beside a memcpy of one frame in the same
 * run: medians of rounds in which each was measured once. Processor time of the
 * thread, so that other programs count little. Judges nothing.
 *
 * render_bench [--json] */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "display/edge/render/renderer.h"
#include "tests/support/fonts_here.h"

enum { ROUNDS = 41, LINES = 14, SIZES = 2 };

enum measured {
    MEASURED_COPY,
    MEASURED_FULL,
    MEASURED_TURNED,
    MEASURED_FIGURE,
    MEASURED_STILL,
    MEASURED_FADE,
    MEASURED_SLIDE,
    MEASURED_WIPE,
    MEASURED_COUNT
};

static const char *const names[MEASURED_COUNT] = {
    [MEASURED_COPY] = "memcpy of a frame",
    [MEASURED_FULL] = "full page",
    [MEASURED_TURNED] = "full page, rotated by 90",
    [MEASURED_FIGURE] = "one counting figure",
    [MEASURED_STILL] = "nothing changed",
    [MEASURED_FADE] = "frame of a fade",
    [MEASURED_SLIDE] = "frame of a slide",
    [MEASURED_WIPE] = "frame of a wipe",
};

struct bench {
    struct fonts *fonts;
    int width, height, scale;
    struct renderer *upright, *turned;
    struct draw_list pages[2], figure;
    uint32_t *copies[2];
    double ms[MEASURED_COUNT][ROUNDS];
};

static double cpu_ms(void)
{
    struct timespec time;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
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

/* A page full of text, a ring and one figure of 300 px, at 1080p. */
static void compose(const struct bench *bench, struct draw_list *list,
                    int figure)
{
    int s = bench->scale;
    char text[32];
    struct draw_item ring = {.kind = DRAW_ARC,
                             .bounds = {1300 * s, 300 * s, 500 * s, 500 * s},
                             .colour = 0xFFF2B84Bu,
                             .arc = {(float)(1550 * s), (float)(550 * s),
                                     (float)(250 * s), (float)(200 * s), 0,
                                     0.7f}};

    draw_list_clear(list);
    add_fill(list, (struct rect){0, 0, bench->width, bench->height}, 0,
             0xFF0E1420u);
    add_fill(list, (struct rect){60 * s, 60 * s, 1800 * s, 960 * s}, 24 * s,
             0xFF182235u);
    for (int i = 0; i < LINES; i++)
        fonts_here_add_line(list, bench->fonts, TYPE_SANS, 40 * s, 100 * s,
                            (130 + i * 62) * s, 0xFFF4F1EAu,
                            "郑州市二七区五年来的变化都在这里");
    if (!draw_list_add(list, &ring))
        exit(1);
    snprintf(text, sizeof text, "%d", figure);
    fonts_here_add_line(list, bench->fonts, TYPE_SANS_BOLD, 300 * s, 1000 * s,
                        950 * s, 0xFFF2B84Bu, text);
}

static void draw_again(struct renderer *renderer, const struct draw_list *list)
{
    struct rect damage[RENDERER_FRAME_MAX];

    renderer_forget(renderer);
    renderer_draw(renderer, list, damage);
}

static void draw_transition(struct bench *bench, enum transition_kind kind,
                            int round)
{
    struct rect damage[RENDERER_FRAME_MAX];

    renderer_transition_draw(bench->upright, kind,
                             (double)(round + 1) / (ROUNDS + 1), damage);
}

static void do_once(struct bench *bench, enum measured what, int round)
{
    struct rect damage[RENDERER_FRAME_MAX];

    switch (what) {
    case MEASURED_COPY:
        memcpy(bench->copies[1], bench->copies[0],
               (size_t)bench->width * (size_t)bench->height * sizeof(uint32_t));
        break;
    case MEASURED_FULL:
        draw_again(bench->upright, &bench->pages[0]);
        break;
    case MEASURED_TURNED:
        draw_again(bench->turned, &bench->pages[0]);
        break;
    case MEASURED_FIGURE:
    case MEASURED_STILL:
        renderer_draw(bench->upright, &bench->figure, damage);
        break;
    case MEASURED_FADE:
        draw_transition(bench, TRANSITION_FADE, round);
        break;
    case MEASURED_SLIDE:
        draw_transition(bench, TRANSITION_SLIDE, round);
        break;
    default:
        draw_transition(bench, TRANSITION_WIPE, round);
        break;
    }
}

/* What it begins with is not measured. */
static void prepare(struct bench *bench, enum measured what, int round)
{
    if (what == MEASURED_FIGURE)
        compose(bench, &bench->figure, 500 + round * 3);
    if (what == MEASURED_FADE)
        renderer_transition_begin(bench->upright, &bench->pages[1]);
}

static void run_round(struct bench *bench, int round)
{
    for (int what = 0; what < MEASURED_COUNT; what++) {
        prepare(bench, (enum measured)what, round);
        double begin_ms = cpu_ms();
        do_once(bench, (enum measured)what, round);
        bench->ms[what][round] = cpu_ms() - begin_ms;
    }
    renderer_transition_end(bench->upright);
}

static int by_size(const void *a, const void *b)
{
    double difference = *(const double *)a - *(const double *)b;

    return (difference > 0) - (difference < 0);
}

static void report(struct bench *bench, bool json)
{
    double copy_ms = 0;

    if (!json)
        printf("%dx%d, medians of %d rounds\n", bench->width, bench->height,
               ROUNDS);
    for (int what = 0; what < MEASURED_COUNT; what++) {
        qsort(bench->ms[what], ROUNDS, sizeof(double), by_size);
        double median_ms = bench->ms[what][ROUNDS / 2];
        if (what == MEASURED_COPY)
            copy_ms = median_ms;
        if (json)
            printf("{\"bench\": \"render\", \"size\": \"%dx%d\", "
                   "\"what\": \"%s\", \"ms\": %.3f, \"copies\": %.2f}\n",
                   bench->width, bench->height, names[what], median_ms,
                   median_ms / copy_ms);
        else
            printf("  %-28s %8.3f ms %8.2f copies\n", names[what], median_ms,
                   median_ms / copy_ms);
    }
}

static void measure(struct fonts *fonts, int scale, bool json)
{
    static struct bench bench;
    size_t bytes = (size_t)1920 * 1080 * sizeof(uint32_t) *
                   (size_t)(scale * scale);

    bench = (struct bench){.fonts = fonts,
                           .width = 1920 * scale,
                           .height = 1080 * scale,
                           .scale = scale};
    bench.upright = renderer_create(fonts, bench.width, bench.height, 0);
    bench.turned = renderer_create(fonts, bench.width, bench.height, 90);
    for (int i = 0; i < 2; i++) {
        bench.copies[i] = malloc(bytes);
        memset(bench.copies[i], i, bytes);
    }
    compose(&bench, &bench.pages[0], 1234567890);
    add_fill(&bench.pages[1], (struct rect){0, 0, bench.width, bench.height}, 0,
             0xFFF7F4ECu);
    draw_again(bench.upright, &bench.pages[0]);
    for (int i = 0; i < ROUNDS; i++)
        run_round(&bench, i);
    report(&bench, json);
    for (int i = 0; i < 2; i++) {
        draw_list_finish(&bench.pages[i]);
        free(bench.copies[i]);
    }
    draw_list_finish(&bench.figure);
    renderer_destroy(bench.upright);
    renderer_destroy(bench.turned);
}

int main(int argc, char **argv)
{
    bool json = argc > 1 && strcmp(argv[1], "--json") == 0;
    struct fonts *fonts = fonts_here();

    for (int scale = 1; scale <= SIZES; scale++)
        measure(fonts, scale, json);
    fonts_destroy(fonts);
    return 0;
}
