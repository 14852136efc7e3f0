/* Faults with a course of their own: a twin with the same name, a name
 * service that is dead, a broker whose disk is full. */
#include "tests/faults/fault.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/faults/space.h"
#include "tests/support/bench_fixture.h"
#include "tests/support/folder.h"
#include "tests/support/process.h"

enum {
    TWIN_MS = 15000,
    TWIN_BRIEF_MS = 3000,
    ALONE_MS = 8000, /* and more each time: TERM comes at any moment */
    ALONE_STEP_MS = 700,
    ALONE_BRIEF_MS = 1000,
    STOP_LIMIT_MS = 10000, /* TimeoutStopSec of the service */
    DNS_PORT = 53,
    DISK_KB = 512,
};

static bool stands(struct lane *lane)
{
    return lane_start_display(lane) && lane_update(lane) &&
           lane_wait(lane, 0) >= 0;
}

static void measure_update(struct lane *lane, struct fault_context *context,
                           int time)
{
    double from_ms = bench_now_ms();
    double took_ms = lane_update(lane) ? lane_wait(lane, from_ms) : -1;

    if (took_ms < 0)
        fault_note_lost(context, "the newest wording", time);
    else
        distribution_add(&context->out->recovery_ms, took_ms);
}

/* Each throws the other out. Alerts come all the same, to both. */
static void run_twin(const struct fault *fault, struct fault_context *context)
{
    struct lane lane;
    bool good = lane_open(&lane, context->eye, context->pictures,
                          &fault->lane) &&
                stands(&lane);
    size_t before = good ? proxy_accepted(lane.proxy) : 0;

    for (int time = 0; good && time < context->times; time++) {
        struct peer *twin = peer_connect(broker_url(lane.broker),
                                         "gaoshi-erqi-lobby-1");
        good = twin != NULL;
        bench_pause(context->brief ? TWIN_BRIEF_MS : TWIN_MS);
        if (good)
            measure_update(&lane, context, time);
        context->out->tried += good;
        peer_destroy(twin);
    }
    if (good)
        snprintf(context->out->note, sizeof context->out->note,
                 "it connected %zu times", proxy_accepted(lane.proxy) - before);
    context->out->failed = !lane_close(&lane) || !good;
}

/* 127.0.0.77 takes questions and says nothing. */
static int open_silent_resolver(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons(DNS_PORT)};
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

    inet_pton(AF_INET, "127.0.0.77", &address.sin_addr);
    if (fd >= 0 && bind(fd, (struct sockaddr *)&address, sizeof address) == 0)
        return fd;
    if (fd >= 0)
        close(fd);
    return -1;
}

/* Without an answer: the alert out of the store stands, and TERM is obeyed. */
static bool live_alone(struct lane *lane, struct fault_context *context,
                       int time)
{
    if (!lane_start_display(lane))
        return false;
    distribution_add(&context->out->start_ms, lane->start_ms);
    bench_pause(context->brief ? ALONE_BRIEF_MS
                               : ALONE_MS + time * ALONE_STEP_MS);
    if (!lane_stands(lane))
        fault_note_wrong(context, "the alert of the store does not stand",
                         time);
    double from_ms = bench_now_ms();
    bool ended = lane_stop_display(lane);
    double took_ms = bench_now_ms() - from_ms;
    distribution_add(&context->out->recovery_ms, took_ms);
    snprintf(context->out->note, sizeof context->out->note,
             "the figures are the time to end after TERM");
    if (!ended || took_ms > STOP_LIMIT_MS)
        fault_note_wrong(context, "TERM takes longer than the service allows",
                         time);
    return true;
}

static bool cover_resolver(struct lane *lane)
{
    char *file = folder_path(lane->folder, "resolv.conf");
    bool covered = file &&
                   folder_write(lane->folder, "resolv.conf",
                                "nameserver 127.0.0.77\n") &&
                   space_cover(file, "/etc/resolv.conf");

    free(file);
    return covered;
}

static void run_dns(const struct fault *fault, struct fault_context *context)
{
    struct lane lane;
    int resolver = open_silent_resolver();

    if (resolver < 0) {
        fault_skip(context, "port 53 is not to be had");
        return;
    }
    bool good =
        lane_open(&lane, context->eye, context->pictures, &fault->lane) &&
        stands(&lane) && lane_stop_display(&lane) && cover_resolver(&lane);
    lane.options.broker_host = "mqtt://broker.gaoshi.example:1883";
    for (int time = 0; good && time < context->times; time++) {
        good = live_alone(&lane, context, time);
        context->out->tried += good;
    }
    space_unmount("/etc/resolv.conf");
    close(resolver);
    context->out->failed = !lane_close(&lane) || !good;
}

static void run_hanging(const struct fault *fault,
                        struct fault_context *context)
{
    struct lane lane;
    bool good = lane_open(&lane, context->eye, context->pictures,
                          &fault->lane) &&
                stands(&lane) && lane_stop_display(&lane);

    if (good)
        broker_pause(lane.broker);
    for (int time = 0; good && time < context->times; time++) {
        good = live_alone(&lane, context, time);
        context->out->tried += good;
    }
    context->out->failed = !lane_close(&lane) || !good;
}

/* It cannot write what it is told, is killed, and comes back with what it
 * had: the screen keeps the newest, and the next one comes. */
static void suffer_full_disk(struct lane *lane, struct fault_context *context,
                             int time)
{
    const char *folder = broker_folder(lane->broker);
    bool good = space_fill(folder) && lane_update(lane) &&
                lane_wait(lane, 0) >= 0;

    broker_kill(lane->broker);
    if (good && !lane_stands(lane))
        fault_note_wrong(context, "another picture stands", time);
    space_free(folder);
    good = good && broker_restart(lane->broker);
    double from_ms = bench_now_ms();
    good = good && lane_update_anew(lane);
    double took_ms = good ? lane_wait(lane, from_ms) : -1;
    if (took_ms < 0)
        fault_note_lost(context, "the newest wording", time);
    else
        distribution_add(&context->out->recovery_ms, took_ms);
    context->out->tried += good;
    if (good && !lane_change_operator(lane))
        fault_note_lost(context, "the operator", time);
}

static void run_full_broker(const struct fault *fault,
                            struct fault_context *context)
{
    struct lane lane = {.folder = NULL};
    char *folder = folder_make();
    const char *usual = getenv("TMPDIR");
    char *before = usual ? strdup(usual) : NULL;

    if (!folder || !space_mount(folder, DISK_KB)) {
        fault_skip(context, "no mounts");
    } else {
        setenv("TMPDIR", folder, 1);
        bool good = lane_open(&lane, context->eye, context->pictures,
                              &fault->lane);
        good = good && stands(&lane);
        for (int time = 0; good && time < context->times; time++)
            suffer_full_disk(&lane, context, time);
        context->out->failed = !lane_close(&lane) || !good;
    }
    if (before)
        setenv("TMPDIR", before, 1);
    else
        unsetenv("TMPDIR");
    space_unmount(folder);
    folder_remove(folder);
    free(folder);
    free(before);
}

const struct fault odd_faults[] = {
    {.name = "line-twin",
     .does = "another client with the screen's name, for 15 s each",
     .times = 10,
     .share = 1,
     .run = run_twin},
    {.name = "line-dns",
     .does = "the broker's name is asked of a server that never answers",
     .times = 10,
     .share = 1,
     .run = run_dns},
    {.name = "tls-end",
     .does = "TERM while a handshake hangs",
     .times = 10,
     .share = 1,
     .run = run_hanging,
     .lane = {.secure = true}},
    {.name = "broker-full",
     .does = "the broker's disk is full; kill -9, and space again",
     .times = 20,
     .share = 1,
     .run = run_full_broker},
    {.name = NULL},
};
