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

enum {
    LOOK_NS = 50000,
    START_LIMIT_MS = 30000,
    MARKS = 32,        /* pixels of the alert's ground at the glass's sides */
    MARK_X = 3,        /* from the side: beyond the movement */
    GROUND = 0xFFA500, /* of the level orange in data/themes/night.ini */
};

const char bench_order[] = "请立即停止外出离开低洼处到高处";

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

bool bench_raise(struct bench_fixture *bench, const char *id, const char *order,
                 double *moment_ms)
{
    char content[1024];
    const struct signer_message message = {.kind = "alert",
                                           .id = id,
                                           .seq = 1,
                                           .content = content,
                                           .expires_in_s = 3600};

    snprintf(content, sizeof content,
             "{\"status\": \"actual\", \"type\": \"alert\", \"level\": "
             "\"orange\", \"urgency\": \"immediate\", \"certainty\": "
             "\"likely\", \"event\": \"暴雨\", \"headline\": "
             "\"暴雨橙色预警\", \"instruction\": \"%s\", \"area\": \"全区\", "
             "\"sender\": \"应急值班室\"}",
             order);
    return bench_publish(bench, &message, moment_ms);
}

bool bench_cancel(struct bench_fixture *bench, const char *id)
{
    const struct signer_message message = {
        .kind = "alert-cancel",
        .id = id,
        .seq = 2,
        .content = "{\"status\": \"actual\", \"event\": \"暴雨\", "
                   "\"reason\": \"测量结束\"}"};
    double moment_ms;

    return bench_publish(bench, &message, &moment_ms);
}

/* All of both sides, down to the last row: the whole frame is there. */
bool bench_alert_stands(void *context)
{
    const struct bench_fixture *bench = context;
    int width = bench->options.width, height = bench->options.height;

    for (int i = 0; i < MARKS; i++) {
        int x = i % 2 ? width - 1 - MARK_X : MARK_X;
        int y = (height - 1) * i / (MARKS - 1);
        if (xvfb_pixel(bench->xvfb, x, y) != GROUND)
            return false;
    }
    return true;
}

bool bench_alert_is_gone(void *context)
{
    return !bench_alert_stands(context);
}

bool bench_collect(struct bench_fixture *bench)
{
    const struct peer_answer *answer = peer_wait_answer(bench->peer,
                                                        bench->published - 1);

    return answer && answer->result == LINK_DELIVERED;
}

/* A display reads its ticker from a configuration only. */
static bool write_ticker(const struct bench_fixture *bench)
{
    char text[512];

    if (!bench->options.ticker)
        return true;
    snprintf(text, sizeof text, "[glass]\nticker = %s\n",
             bench->options.ticker);
    return folder_write(bench->folder, "ticker.conf", text);
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

enum { WORDS_MAX = 48 };

struct words {
    const char *words[WORDS_MAX];
    size_t count;
};

static void add(struct words *words, const char *word)
{
    if (words->count + 1 < WORDS_MAX)
        words->words[words->count++] = word;
}

static void add_pair(struct words *words, const char *flag, const char *value)
{
    add(words, flag);
    add(words, value);
}

/* With -D the display, not strace, is the child. */
static void add_tracer(struct words *words, const char *trace)
{
    static const char *const tracer[] = {"strace", "-D",  "-f",
                                         "-s",     "160", "-o"};

    for (size_t i = 0; i < sizeof tracer / sizeof *tracer; i++)
        add(words, tracer[i]);
    add(words, trace);
}

static pid_t launch(const struct bench_fixture *bench, const char *program,
                    const char *store, const char *log)
{
    const struct bench_options *options = &bench->options;
    char *trace = folder_path(bench->folder, "trace");
    char *config = folder_path(bench->folder, "ticker.conf");
    struct words words = {0};
    char size[32], dwell[16];

    if (options->traced)
        add_tracer(&words, trace);
    add(&words, program);
    add_pair(&words, "--org", "erqi");
    add_pair(&words, "--screen", "lobby-1");
    add_pair(&words, "--place", "郑州市二七区");
    add_pair(&words, "--broker", broker_url(bench->broker));
    add_pair(&words, "--trust", signer_file(bench->signer));
    add_pair(&words, "--theme", "night");
    add_pair(&words, "--store", store);
    snprintf(size, sizeof size, "%dx%d", options->width, options->height);
    add_pair(&words, "--windowed", size);
    if (options->ticker)
        add_pair(&words, "--config", config);
    snprintf(dwell, sizeof dwell, "%d", options->dwell_ms);
    if (options->dwell_ms > 0)
        add_pair(&words, "--dwell", dwell);
    pid_t pid = process_start(words.words, log, -1);
    free(trace);
    free(config);
    return pid;
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
    return bench->signer && bench->peer && write_ticker(bench) &&
           push_panels(bench) &&
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
