/* Starts what a fixture with one screen has, and looks at its glass. */
#include "tests/support/bench_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include "tests/support/broker.h"
#include "tests/support/folder.h"
#include "tests/support/process.h"

enum { LOOK_NS = 50000, START_LIMIT_MS = 30000 };

static const char *const panels[BENCH_PANELS] = {
    "{\"template\": \"figure\", \"section\": \"quality\", \"title\": "
    "\"建成区面积\", \"figures\": [{\"value\": 68.45, \"unit\": "
    "\"平方公里\"}]}",
    "{\"template\": \"share\", \"section\": \"warmth\", \"title\": "
    "\"花在民生上的钱\", \"figures\": [{\"label\": \"用于民生\", \"value\": "
    "70, \"unit\": \"%\"}], \"whole\": \"财政支出\"}",
    "{\"template\": \"honours\", \"section\": \"garden\", \"title\": "
    "\"尖岗水库\", \"items\": [{\"text\": \"全国首批“最美水站”\"}]}",
    "{\"template\": \"title\", \"section\": \"emergency\", \"title\": "
    "\"防汛救灾与疫情防控\", \"subtitle\": \"转移、救援、守护\"}",
};

double bench_now_ms(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

void bench_pause(double ms)
{
    double whole_s = (double)(time_t)(ms / 1e3);
    const struct timespec pause = {.tv_sec = (time_t)whole_s,
                                   .tv_nsec = (long)(ms * 1e6 - whole_s * 1e9)};

    nanosleep(&pause, NULL);
}

double bench_watch(bool (*is_so)(void *context), void *context, double limit_ms)
{
    const struct timespec pause = {.tv_nsec = LOOK_NS};
    double until_ms = bench_now_ms() + limit_ms;

    while (bench_now_ms() < until_ms) {
        if (is_so(context))
            return bench_now_ms();
        nanosleep(&pause, NULL);
    }
    return -1;
}

static uint32_t grid_pixel(const struct bench_fixture *bench, int i)
{
    int x = (bench->options.width - 1) * (i % BENCH_GRID) / (BENCH_GRID - 1);
    int y = (bench->options.height - 1) * (i / BENCH_GRID) / (BENCH_GRID - 1);

    return xvfb_pixel(bench->xvfb, x, y);
}

void bench_remember(struct bench_fixture *bench)
{
    for (int i = 0; i < BENCH_GRID * BENCH_GRID; i++)
        bench->grid[i] = grid_pixel(bench, i);
}

bool bench_has_moved(void *context)
{
    const struct bench_fixture *bench = context;

    for (int i = 0; i < BENCH_GRID * BENCH_GRID; i++) {
        if (grid_pixel(bench, i) != bench->grid[i])
            return true;
    }
    return false;
}

bool bench_publish(struct bench_fixture *bench,
                   const struct signer_message *message, double *moment_ms)
{
    char topic[512];
    char *text = signer_seal(bench->signer, message);

    signer_topic(message, topic);
    *moment_ms = bench_now_ms();
    bool sent = text && link_publish(peer_link(bench->peer), topic, text,
                                     strlen(text), 1, true, bench->published);
    bench->published += sent;
    free(text);
    return sent;
}

bool bench_collect(struct bench_fixture *bench)
{
    const struct peer_answer *answer = peer_wait_answer(bench->peer,
                                                        bench->published - 1);

    return answer && answer->result == LINK_DELIVERED;
}

static bool push_panels(struct bench_fixture *bench)
{
    for (int i = 0; i < bench->options.panel_count; i++) {
        char id[16];
        double moment_ms;
        const struct signer_message panel = {
            .kind = "panel", .id = id, .seq = 1, .content = panels[i]};
        snprintf(id, sizeof id, "p%d", i);
        if (!bench_publish(bench, &panel, &moment_ms) || !bench_collect(bench))
            return false;
    }
    return true;
}

static pid_t launch(const struct bench_fixture *bench, const char *program,
                    const char *store, const char *log)
{
    char size[32], dwell[16];
    const char *const words[] = {program,
                                 "--org",
                                 "erqi",
                                 "--screen",
                                 "lobby-1",
                                 "--place",
                                 "郑州市二七区",
                                 "--broker",
                                 broker_url(bench->broker),
                                 "--trust",
                                 signer_file(bench->signer),
                                 "--theme",
                                 "night",
                                 "--store",
                                 store,
                                 "--windowed",
                                 size,
                                 bench->options.dwell_ms > 0 ? "--dwell" : NULL,
                                 dwell,
                                 NULL};

    snprintf(size, sizeof size, "%dx%d", bench->options.width,
             bench->options.height);
    snprintf(dwell, sizeof dwell, "%d", bench->options.dwell_ms);
    return process_start(words, log, -1);
}

/* No client draws: the server's own ground is black. */
static bool is_dark(void *context)
{
    const struct bench_fixture *bench = context;

    for (int i = 0; i < BENCH_GRID * BENCH_GRID; i++) {
        if (grid_pixel(bench, i) != 0)
            return false;
    }
    return true;
}

bool bench_start_display(struct bench_fixture *bench)
{
    char *program = process_beside("gaoshi-display");
    char *store = folder_path(bench->folder, "store.db");
    char *log = folder_path(bench->folder, "display.log");
    pid_t pid = -1;

    bool dark = bench_watch(is_dark, bench, START_LIMIT_MS) > 0;
    bench_remember(bench);
    double begin_ms = bench_now_ms();
    if (dark && program && store && log)
        pid = launch(bench, program, store, log);
    free(program);
    free(store);
    free(log);
    if (pid <= 0)
        return false;
    bench->display = pid;
    double seen_ms = bench_watch(bench_has_moved, bench, START_LIMIT_MS);
    bench->start_ms = seen_ms - begin_ms;
    return seen_ms > 0;
}

int bench_stop_display(struct bench_fixture *bench)
{
    int status = bench->display > 0 ? process_stop(bench->display) : -1;

    bench->display = 0;
    return status;
}

bool bench_open(struct bench_fixture *bench,
                const struct bench_options *options)
{
    *bench = (struct bench_fixture){.options = *options};
    prctl(PR_SET_TIMERSLACK, 1); /* looks are evenly spaced */
    bench->folder = folder_make();
    bench->xvfb = xvfb_start(options->width, options->height);
    bench->broker = broker_start(NULL);
    if (!bench->folder || !bench->xvfb || !bench->broker)
        return false;
    bench->signer = signer_create(bench->folder, "operator");
    bench->peer = peer_connect(broker_url(bench->broker), "operator");
    return bench->signer && bench->peer && push_panels(bench) &&
           bench_start_display(bench);
}

int bench_close(struct bench_fixture *bench)
{
    int status = bench_stop_display(bench);

    peer_destroy(bench->peer);
    signer_destroy(bench->signer);
    broker_destroy(bench->broker);
    xvfb_destroy(bench->xvfb);
    folder_remove(bench->folder);
    free(bench->folder);
    *bench = (struct bench_fixture){.folder = NULL};
    return status;
}
