/* From just before an alert is published until its pixels stand in the X
 * server's screen: a real broker, a real window, alerts in the middle of
 * transitions, entrances and holds. Prints distributions and judges no time;
 * the exit code says only whether an alert was lost or came in pieces. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "tests/support/bench_fixture.h"
#include "tests/support/distribution.h"

enum {
    TRIALS = 1000,
    FIRST_TRIALS = 3, /* open fonts and fill the atlas: not counted */
    COLD_EVERY = 5,   /* one trial of so many has new characters */
    DWELL_MS = 400,   /* of a page; its transition takes a tenth of it */
    TRANSITION_MS = DWELL_MS / 10,
    ENTRANCE_MS = DWELL_MS / 2,
    LOST_MS = 2000,
    SETTLE_MS = 40, /* so long an alert stands before it is cancelled */
    NEW_GLYPHS = 12,
    FIRST_NEW = 0x4E00,
    LAST_NEW = 0x9FA5,
};

#define FRAME_MS (1000.0 / 60.0)

enum phase { PHASE_TRANSITION, PHASE_ENTRANCE, PHASE_HOLD, PHASE_COUNT };

static const char *const phase_names[] = {
    "warm, in transitions", "warm, in entrances", "warm, in holds"};

struct bench {
    struct bench_fixture bench;
    uint32_t next_new;
    uint32_t *first, *settled; /* whole pictures */
    int lost, in_pieces;
    struct distribution phases[PHASE_COUNT], warm, cold;
};

static int width(const struct bench *bench)
{
    return bench->bench.options.width;
}

static int height(const struct bench *bench)
{
    return bench->bench.options.height;
}

static void append_character(char *text, size_t size, uint32_t codepoint)
{
    size_t length = strlen(text);

    snprintf(text + length, size - length, "%c%c%c",
             (char)(0xE0 | codepoint >> 12),
             (char)(0x80 | (codepoint >> 6 & 0x3F)),
             (char)(0x80 | (codepoint & 0x3F)));
}

/* An order of the same length each time; twelve characters that never stood
 * on this glass, or the same twelve as always. */
static void make_order(struct bench *bench, bool cold, char *out, size_t size)
{
    snprintf(out, size, "%s", cold ? "请立即" : bench_order);
    for (int i = 0; cold && i < NEW_GLYPHS; i++) {
        append_character(out, size, bench->next_new);
        if (++bench->next_new > LAST_NEW)
            bench->next_new = FIRST_NEW;
    }
}

static bool raise_alert(struct bench *bench, const char *id, bool cold,
                        double *moment_ms)
{
    char order[128];

    make_order(bench, cold, order, sizeof order);
    return bench_raise(&bench->bench, id, order, moment_ms);
}

/* A moment in the phase: it begins when 解除 goes over into the next panel. */
static double choose_delay_ms(enum phase phase, int trial)
{
    static const struct {
        int from_ms, to_ms;
    } spans[] = {{0, TRANSITION_MS},
                 {TRANSITION_MS, TRANSITION_MS + ENTRANCE_MS},
                 {TRANSITION_MS + ENTRANCE_MS, 2 * DWELL_MS}};
    /* The golden ratio spreads the moments evenly, without a generator. */
    double part = 0.6180339887 * trial - (int)(0.6180339887 * trial);

    return spans[phase].from_ms +
           part * (spans[phase].to_ms - spans[phase].from_ms);
}

/* Half of the trials fall into transitions. */
static enum phase choose_phase(int trial)
{
    static const enum phase turns[] = {PHASE_TRANSITION, PHASE_ENTRANCE,
                                       PHASE_TRANSITION, PHASE_HOLD};

    return turns[trial % 4];
}

/* The order stands in the middle half of the glass, and away from the sides,
 * where the alert's slow movement is. */
static bool order_differs(const struct bench *bench)
{
    size_t left = (size_t)width(bench) / 16;
    size_t words = (size_t)width(bench) - 2 * left;

    for (int y = height(bench) / 4; y < height(bench) * 3 / 4; y++) {
        size_t at = (size_t)y * (size_t)width(bench) + left;
        if (memcmp(bench->first + at, bench->settled + at,
                   words * sizeof *bench->first) != 0)
            return true;
    }
    return false;
}

/* Returns the latency, or a negative number: lost. */
static double measure(struct bench *bench, const char *id, bool cold)
{
    double published_ms;

    if (!raise_alert(bench, id, cold, &published_ms))
        return -1;
    double seen_ms = bench_watch(bench_alert_stands, &bench->bench, LOST_MS);
    if (seen_ms < 0)
        return -1;
    xvfb_copy(bench->bench.xvfb, bench->first);
    bench_pause(SETTLE_MS);
    xvfb_copy(bench->bench.xvfb, bench->settled);
    bench->in_pieces += order_differs(bench);
    return seen_ms - published_ms;
}

/* Cancels, and waits until 解除 begins to go over into a panel. */
static bool clear_glass(struct bench *bench, const char *id)
{
    if (!bench_cancel(&bench->bench, id) || !bench_collect(&bench->bench) ||
        bench_watch(bench_alert_is_gone, &bench->bench, LOST_MS) < 0)
        return false;
    bench_pause(SETTLE_MS);
    bench_remember(&bench->bench);
    return bench_watch(bench_has_moved, &bench->bench, LOST_MS) > 0;
}

static bool run_trial(struct bench *bench, int trial, bool counts)
{
    char id[32];
    bool cold = counts && trial % COLD_EVERY == COLD_EVERY - 1;
    enum phase phase = choose_phase(trial / (cold ? COLD_EVERY : 1));

    snprintf(id, sizeof id, "%s-%d", counts ? "trial" : "first", trial);
    bench_pause(choose_delay_ms(phase, trial));
    double latency_ms = measure(bench, id, cold);
    if (latency_ms < 0) {
        bench->lost++;
        fprintf(stderr, "lost: %s\n", id);
    } else if (counts) {
        distribution_add(cold ? &bench->cold : &bench->warm, latency_ms);
        if (!cold)
            distribution_add(&bench->phases[phase], latency_ms);
    }
    if (clear_glass(bench, id))
        return true;
    fprintf(stderr, "the glass did not come back after %s\n", id);
    return false;
}

static void print_row(const char *name, struct distribution *values,
                      double unit)
{
    printf("%-22s %6zu %8.2f %8.2f %8.2f %8.2f %8.2f\n", name, values->count,
           distribution_at(values, 0) / unit,
           distribution_at(values, 0.5) / unit,
           distribution_at(values, 0.9) / unit,
           distribution_at(values, 0.99) / unit,
           distribution_at(values, 1) / unit);
}

static void print_table(struct bench *bench, const char *unit_name, double unit)
{
    printf("%-22s %6s %8s %8s %8s %8s %8s\n", unit_name, "trials", "min",
           "median", "p90", "p99", "max");
    print_row("warm glyphs", &bench->warm, unit);
    for (int i = 0; i < PHASE_COUNT; i++)
        print_row(phase_names[i], &bench->phases[i], unit);
    print_row("cold glyphs", &bench->cold, unit);
}

static void print_observer(double lasted_ms)
{
    struct rusage usage;
    double ms = 0;

    if (getrusage(RUSAGE_SELF, &usage) == 0)
        ms = (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e3 +
             (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e3;
    printf("observer and publisher: %.0f %% of a core\n", 100 * ms / lasted_ms);
}

static bool run_trials(struct bench *bench, int trials)
{
    bench_pause(2 * DWELL_MS);
    for (int trial = 0; trial < FIRST_TRIALS; trial++) {
        if (!run_trial(bench, trial, false))
            return false;
    }
    double begin_ms = bench_now_ms();
    for (int trial = 0; trial < trials; trial++) {
        if (!run_trial(bench, trial, true))
            return false;
    }
    printf("alerts at %dx%d, from before the publish to the pixels\n",
           width(bench), height(bench));
    print_table(bench, "in ms", 1);
    print_table(bench, "in frames of 60 Hz", FRAME_MS);
    printf("lost %d; in pieces %d\n", bench->lost, bench->in_pieces);
    print_observer(bench_now_ms() - begin_ms);
    return true;
}

static bool run(struct bench *bench, const struct bench_options *options,
                int trials)
{
    size_t bytes = (size_t)options->width * (size_t)options->height * 4;

    bench->first = malloc(bytes);
    bench->settled = malloc(bytes);
    return bench->first && bench->settled &&
           bench_open(&bench->bench, options) && run_trials(bench, trials);
}

static void finish(struct bench *bench)
{
    free(bench->first);
    free(bench->settled);
    distribution_finish(&bench->warm);
    distribution_finish(&bench->cold);
    for (int i = 0; i < PHASE_COUNT; i++)
        distribution_finish(&bench->phases[i]);
}

static bool read_arguments(int argc, char **argv, struct bench_options *options,
                           int *trials)
{
    for (int i = 1; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--trials") == 0)
            *trials = atoi(argv[i + 1]);
        else if (strcmp(argv[i], "--size") != 0 ||
                 sscanf(argv[i + 1], "%dx%d", &options->width,
                        &options->height) != 2)
            return false;
    }
    return argc % 2 == 1 && *trials > 0 && options->width > 0 &&
           options->height > 0;
}

int main(int argc, char **argv)
{
    static struct bench bench = {.next_new = FIRST_NEW};
    struct bench_options options = {.width = 1920,
                                    .height = 1080,
                                    .dwell_ms = DWELL_MS,
                                    .panel_count = BENCH_PANELS};
    int trials = TRIALS;

    if (!read_arguments(argc, argv, &options, &trials)) {
        fprintf(stderr, "usage: alert_latency [--trials N] [--size WxH]\n");
        return 2;
    }
    if (!xvfb_is_installed()) {
        puts("skipped: there is no Xvfb here");
        return 77;
    }
    bool done = run(&bench, &options, trials);
    bool ended = bench_close(&bench.bench) == 0;
    bool good = bench.lost == 0 && bench.in_pieces == 0;
    finish(&bench);
    return done && ended && good ? 0 : 1;
}
