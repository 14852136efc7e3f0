/* More than anybody could want: payloads of 256 MB, and retained messages
 * without end. Memory is looked at, and the next alert still comes. */
#include "tests/faults/fault.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/lobby.h"

enum {
    MEMORY_LIMIT_KB = 1024 * 1024, /* of the service: MemoryMax=1G */
    FLOOD_MS = 10000,
    FLOOD_BRIEF_MS = 800,
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
    double end_ms = lobby_now_ms() +
                    (context->brief ? FLOOD_BRIEF_MS : FLOOD_MS);
    struct link *link = NULL;

    if (!link_create(&options, &deaf, &link, NULL) || !link_start(link, NULL))
        return false;
    for (int i = 0; lobby_now_ms() < end_ms; i++) {
        char topic[96];
        snprintf(topic, sizeof topic, "gaoshi/1/erqi/down/all/%s/f%d",
                 i % 2 ? "alert" : "panel", i);
        if (!link_publish(link, topic, topic, strlen(topic), 1, true, 1))
            lobby_pause(1);
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
        double from_ms = lobby_now_ms();
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
    {.name = NULL},
};
