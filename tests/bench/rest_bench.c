/* From publish to glass after a page has stood for seconds: the display with
 * characters that it drew before, the first alert after a start, and beside
 * both in the same run the limit, an X client that fills the screen (see
 * bare_client). Then the system calls on that way. Judges nothing.
 *
 * rest_bench [--trials N] [--starts N] [--rest MS] [--size WxH] */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/alert_calls.h"
#include "tests/support/bench_fixture.h"
#include "tests/support/broker.h"
#include "tests/support/distribution.h"
#include "tests/support/process.h"

enum {
    TRIALS = 20,
    STARTS = 5,
    WARM_UP = 2,
    REST_MS = 8000,
    DWELL_MS = 1000, /* so long 解除 stands; the panel is alone */
    SETTLE_MS = 300,
    LOST_MS = 5000,
    BARE_STEP = 0x010203, /* from colour to colour */
};

struct bench {
    struct bench_fixture display;
    int trials, starts, rest_ms;
    struct xvfb *bare_screen;
    pid_t bare;
    uint32_t bare_colour;
    struct distribution bare_ms, warm_ms, cold_ms;
};

static bool bare_is_filled(void *context)
{
    const struct bench *bench = context;
    const struct bench_options *options = &bench->display.options;

    return xvfb_pixel(bench->bare_screen, 0, 0) == bench->bare_colour &&
           xvfb_pixel(bench->bare_screen, options->width - 1,
                      options->height - 1) == bench->bare_colour;
}

/* From publish to the last pixel; negative: it did not come. */
static double fill_bare(struct bench *bench)
{
    char colour[8];

    bench->bare_colour = (bench->bare_colour + BARE_STEP) & 0xFFFFFF;
    snprintf(colour, sizeof colour, "%06x", bench->bare_colour);
    double from_ms = bench_now_ms();
    if (!link_publish(peer_link(bench->display.peer), "bare/colour", colour,
                      strlen(colour), 1, false, bench->display.published++))
        return -1;
    double seen_ms = bench_watch(bare_is_filled, bench, LOST_MS);
    return seen_ms < 0 ? -1 : seen_ms - from_ms;
}

static bool bare_answers(void *context)
{
    return fill_bare(context) > 0;
}

/* On a screen of its own, because the display's window covers all of the
 * other. */
static bool start_bare(struct bench *bench)
{
    const struct bench_options *options = &bench->display.options;
    char *program = process_beside("bare_client");
    char port[16];

    snprintf(port, sizeof port, "%d", broker_port(bench->display.broker));
    const char *const words[] = {program, port, "bare/colour", NULL};
    bench->bare_screen = xvfb_start(options->width, options->height);
    if (program && bench->bare_screen)
        bench->bare = process_start(words, NULL, -1);
    if (bench->display.xvfb)
        setenv("DISPLAY", xvfb_name(bench->display.xvfb), 1);
    free(program);
    return bench->bare > 0 && process_wait_until(bare_answers, bench);
}

/* Raises, measures, ends; the panel stands again afterwards. */
static double show_alert(struct bench *bench, const char *id)
{
    struct bench_fixture *display = &bench->display;
    double from_ms;

    if (!bench_raise(display, id, bench_order, &from_ms))
        return -1;
    double seen_ms = bench_watch(bench_alert_stands, display, LOST_MS);
    bench_pause(SETTLE_MS);
    if (seen_ms < 0 || !bench_collect(display) || !bench_cancel(display, id) ||
        !bench_collect(display) ||
        bench_watch(bench_alert_is_gone, display, LOST_MS) < 0)
        return -1;
    bench_pause(DWELL_MS + SETTLE_MS);
    return seen_ms - from_ms;
}

/* Both stand for rest_ms before each of their messages. */
static bool measure_both(struct bench *bench, const char *kind, int trial,
                         struct distribution *own)
{
    char id[32];

    snprintf(id, sizeof id, "%s-%d", kind, trial);
    bench_pause(bench->rest_ms);
    double bare_ms = fill_bare(bench);
    bench_pause(SETTLE_MS);
    double own_ms = show_alert(bench, id);
    if (bare_ms < 0 || own_ms < 0)
        return false;
    if (own) {
        distribution_add(&bench->bare_ms, bare_ms);
        distribution_add(own, own_ms);
    }
    return true;
}

static bool measure(struct bench *bench)
{
    bool good = true;

    for (int i = 0; good && i < bench->starts; i++)
        good = bench_stop_display(&bench->display) == 0 &&
               bench_start_display(&bench->display) &&
               measure_both(bench, "first", i, &bench->cold_ms);
    for (int i = 0; good && i < WARM_UP; i++)
        good = show_alert(bench, i ? "warm-up-1" : "warm-up-0") > 0;
    for (int i = 0; good && i < bench->trials; i++)
        good = measure_both(bench, "warm", i, &bench->warm_ms);
    return good;
}

static void print_row(const char *what, struct distribution *values)
{
    printf("{\"bench\": \"rest\", \"what\": \"%s\", \"trials\": %zu, "
           "\"min\": %.2f, \"median\": %.2f, \"p99\": %.2f}\n",
           what, values->count, distribution_at(values, 0),
           distribution_at(values, 0.5), distribution_at(values, 0.99));
}

static bool count_calls(struct bench *bench)
{
    int cold, warm;

    if (!alert_calls_are_counted()) {
        fprintf(stderr, "system calls are not counted: no strace here\n");
        return true;
    }
    if (!alert_calls_count(&bench->display, bench->rest_ms, &cold, &warm))
        return false;
    printf("{\"bench\": \"rest\", \"what\": \"system calls\", \"cold\": %d, "
           "\"warm\": %d}\n",
           cold, warm);
    return true;
}

static void finish(struct bench *bench)
{
    bench_close(&bench->display);
    if (bench->bare > 0)
        process_stop(bench->bare);
    xvfb_destroy(bench->bare_screen);
    distribution_finish(&bench->bare_ms);
    distribution_finish(&bench->warm_ms);
    distribution_finish(&bench->cold_ms);
}

static bool read_arguments(int argc, char **argv, struct bench *bench,
                           struct bench_options *options)
{
    bool good = argc % 2 == 1;

    for (int i = 1; good && i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--trials") == 0)
            bench->trials = atoi(argv[i + 1]);
        else if (strcmp(argv[i], "--starts") == 0)
            bench->starts = atoi(argv[i + 1]);
        else if (strcmp(argv[i], "--rest") == 0)
            bench->rest_ms = atoi(argv[i + 1]);
        else
            good = strcmp(argv[i], "--size") == 0 &&
                   sscanf(argv[i + 1], "%dx%d", &options->width,
                          &options->height) == 2;
    }
    return good;
}

int main(int argc, char **argv)
{
    static struct bench bench = {
        .trials = TRIALS, .starts = STARTS, .rest_ms = REST_MS};
    struct bench_options options = {
        .width = 1920, .height = 1080, .dwell_ms = DWELL_MS, .panel_count = 1};

    if (!read_arguments(argc, argv, &bench, &options)) {
        fprintf(stderr, "usage: rest_bench [--trials N] [--starts N] "
                        "[--rest MS] [--size WxH]\n");
        return 2;
    }
    if (!xvfb_is_installed()) {
        puts("skipped: there is no Xvfb here");
        return 77;
    }
    bool good = bench_open(&bench.display, &options) && start_bare(&bench) &&
                measure(&bench);
    if (good) {
        print_row("bare client", &bench.bare_ms);
        print_row("warm", &bench.warm_ms);
        print_row("first after a start", &bench.cold_ms);
        good = count_calls(&bench);
    }
    finish(&bench);
    return good ? 0 : 1;
}
