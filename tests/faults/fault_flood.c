/* More than anybody could want: payloads of 256 MB, retained messages without
 * end, forged alerts at full speed, years of old ones. Memory is looked at, and
 * the next alert still comes. */
#include "tests/faults/fault.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "protocol/envelope.h"
#include "tests/support/bench_fixture.h"
#include "tests/support/hose.h"

enum {
    MEMORY_LIMIT_KB = 1024 * 1024, /* of the service: MemoryMax=1G */
    FLOOD_MS = 10000,
    FLOOD_BRIEF_MS = 800,
    FORGED = 40000,
    FORGED_BRIEF = 10000,
    RETAINED = 5000, /* of each kind */
    RETAINED_BRIEF = 1500,
};

/* The most that it ever took. */
static long peak_kb(const struct lane *lane)
{
    char path[64], line[128];
    long kb = 0;

    snprintf(path, sizeof path, "/proc/%d/status",
             (int)screen_pid(lane->screen));
    FILE *file = fopen(path, "re");
    while (file && fgets(line, sizeof line, file)) {
        if (sscanf(line, "VmHWM: %ld", &kb) == 1)
            break;
    }
    if (file)
        fclose(file);
    return kb;
}

static void note_memory(struct fault_context *context, const struct lane *lane,
                        int time)
{
    long kb = peak_kb(lane);

    snprintf(context->out->note, sizeof context->out->note,
             "at most %ld MiB of memory", kb / 1024);
    if (kb <= 0 || kb > MEMORY_LIMIT_KB)
        fault_note_wrong(context, "more memory than the service may have",
                         time);
}

/* False: the lane is no more. */
static bool send_giant(struct lane *lane, struct fault_context *context)
{
    char command[256];

    snprintf(command, sizeof command,
             "head -c 268000000 /dev/zero | mosquitto_pub -h 127.0.0.1 -p %d "
             "-q 1 -t gaoshi/1/erqi/down/all/alert/giant -s 2>/dev/null",
             broker_port(lane->broker));
    (void)context;
    return system(command) == 0;
}

/* Nobody waits for these answers. */
static bool flood(struct lane *lane, struct fault_context *context)
{
    const struct link_callbacks deaf = {.context = NULL};
    const struct link_options options = peer_options(broker_url(lane->broker),
                                                     "flood");
    double end_ms = bench_now_ms() +
                    (context->brief ? FLOOD_BRIEF_MS : FLOOD_MS);
    struct link *link = NULL;

    if (!link_create(&options, &deaf, &link, NULL) || !link_start(link, NULL))
        return false;
    for (int i = 0; bench_now_ms() < end_ms; i++) {
        char topic[96];
        snprintf(topic, sizeof topic, "gaoshi/1/erqi/down/all/%s/f%d",
                 i % 2 ? "alert" : "panel", i);
        if (!link_publish(link, topic, topic, strlen(topic), 1, true, 1))
            bench_pause(1);
    }
    link_destroy(link);
    return true;
}

static void drown(const struct fault *fault, struct fault_context *context,
                  bool (*pour)(struct lane *lane,
                               struct fault_context *context))
{
    struct lane lane;
    bool good = lane_open(&lane, context->eye, context->pictures,
                          &fault->lane) &&
                lane_start_display(&lane) && lane_update(&lane) &&
                lane_wait(&lane, 0) >= 0;

    for (int time = 0; good && time < context->times; time++) {
        good = pour(&lane, context);
        double from_ms = bench_now_ms();
        good = good && lane_update_anew(&lane);
        double took_ms = good ? lane_wait(&lane, from_ms) : -1;
        if (good && took_ms < 0)
            fault_note_lost(context, "the wording after it", time);
        else if (good)
            distribution_add(&context->out->recovery_ms, took_ms);
        note_memory(context, &lane, time);
        context->out->tried += good;
    }
    context->out->failed = !lane_close(&lane) || !good;
}

typedef bool hose_verb(int hose, const char *topic, const char *payload,
                       size_t bytes);

/* Under the name of the key that raises alerts, which is no secret. */
static bool pour_forged(int hose, hose_verb *verb, const char *genuine,
                        int from, int count)
{
    char topic[96], payload[256];
    bool sent = hose >= 0;

    for (int i = from; sent && i < from + count; i++) {
        snprintf(topic, sizeof topic, "gaoshi/1/erqi/down/all/alert/f%d", i);
        int bytes = snprintf(payload, sizeof payload, "%.*s{\"n\": %d}",
                             ENVELOPE_LINE_BYTES, genuine, i);
        sent = verb(hose, topic, payload, (size_t)bytes);
    }
    return sent;
}

/* An alert of yesterday, that must never be seen. The caller frees it. */
static char *seal_old(const struct lane *lane, int number, char topic[512])
{
    char id[16];
    const struct signer_message old = {.kind = "alert",
                                       .id = id,
                                       .seq = 1,
                                       .content = lane_wording(1, "red"),
                                       .issued_in_s = -86400 + number,
                                       .expires_in_s = -40000 + number};

    snprintf(id, sizeof id, "old%d", number);
    signer_topic(&old, topic);
    return signer_seal(lane->signer, &old);
}

/* As fast as the broker takes it; the wording comes in the middle. */
static double strike_forged(struct lane *lane, struct fault_context *context)
{
    int half = (context->brief ? FORGED_BRIEF : FORGED) / 2;
    int hose = hose_open(broker_port(lane->broker), "forger");
    char topic[512];
    char *genuine = seal_old(lane, 0, topic);
    bool poured = genuine && pour_forged(hose, hose_publish, genuine, 0, half);
    double from_ms = bench_now_ms();

    poured = poured && lane_update_anew(lane) &&
             pour_forged(hose, hose_publish, genuine, half, half);
    hose_close(hose);
    free(genuine);
    return poured ? lane_wait(lane, from_ms) : -1;
}

static bool retain_all(const struct lane *lane, int hose, int count)
{
    char topic[512];
    char *genuine = seal_old(lane, 0, topic);
    bool sent = genuine && pour_forged(hose, hose_retain, genuine, 0, count);

    free(genuine);
    for (int i = 0; sent && i < count; i++) {
        char *old = seal_old(lane, i, topic);
        sent = old && hose_retain(hose, topic, old, strlen(old));
        free(old);
    }
    return sent && hose_flush(hose);
}

/* A new screen, which knows nothing, comes to a broker that is full. */
static double strike_retained(struct lane *lane, struct fault_context *context)
{
    (void)context;
    if (!lane_update(lane) || !lane_stop_display(lane) ||
        unlink(lane->store) != 0)
        return -1;
    double from_ms = bench_now_ms();
    return lane_launch_display(lane) ? lane_wait(lane, from_ms) : -1;
}

static void strike_often(struct lane *lane, struct fault_context *context,
                         double (*strike)(struct lane *lane,
                                          struct fault_context *context))
{
    for (int time = 0; lane->screen && time < context->times; time++) {
        double took_ms = strike(lane, context);
        if (took_ms < 0)
            fault_note_lost(context, "the wording amid a flood", time);
        else
            distribution_add(&context->out->recovery_ms, took_ms);
        if (!lane->screen)
            return;
        if (screen_count_log(lane->screen, "is asked for again") > 0)
            fault_note_wrong(context, "something was thrown away", time);
        note_memory(context, lane, time);
        context->out->tried++;
    }
}

static void run_forged(const struct fault *fault, struct fault_context *context)
{
    struct lane lane;
    bool good = lane_open(&lane, context->eye, context->pictures,
                          &fault->lane) &&
                lane_start_display(&lane) && lane_update(&lane) &&
                lane_wait(&lane, 0) >= 0;

    if (good)
        strike_often(&lane, context, strike_forged);
    context->out->failed = !lane_close(&lane) || !good;
}

/* The broker hands out in the order in which topics came: the flood first. */
static void run_retained(const struct fault *fault,
                         struct fault_context *context)
{
    struct lane lane;
    bool good = lane_open(&lane, context->eye, context->pictures, &fault->lane);
    int hose = good ? hose_open(broker_port(lane.broker), "forger") : -1;

    good = good &&
           retain_all(&lane, hose,
                      context->brief ? RETAINED_BRIEF : RETAINED) &&
           lane_start_display(&lane);
    hose_close(hose);
    if (good)
        strike_often(&lane, context, strike_retained);
    context->out->failed = !lane_close(&lane) || !good;
}

static void run_giant(const struct fault *fault, struct fault_context *context)
{
    drown(fault, context, send_giant);
}

static void run_flood(const struct fault *fault, struct fault_context *context)
{
    drown(fault, context, flood);
}

const struct fault flood_faults[] = {
    {"giant-5", "a payload of 256 MB, by MQTT 5", 10, 0, .run = run_giant},
    {"giant-3.1.1", "the same by MQTT 3.1.1, which has no limit", 10, 0,
     .run = run_giant, .lane = {.mqtt_version = "3.1.1"}},
    {"flood", "retained messages without end, every one on its own topic", 5, 1,
     .run = run_flood},
    {"flood-forged",
     "forged alerts at full speed under the name of a trusted key; an alert "
     "comes in the middle",
     5, 1, .run = run_forged},
    {"flood-retained",
     "a new screen comes to a broker that retains forged alerts and old ones, "
     "thousands of each",
     5, 1, .run = run_retained},
    {.name = NULL},
};
