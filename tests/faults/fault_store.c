/* The display's own disk: full or read-only while alerts come, and killed
 * once there is room again. */
#include "tests/faults/fault.h"

#include <stdlib.h>

#include "tests/faults/space.h"
#include "tests/support/bench_fixture.h"
#include "tests/support/folder.h"

enum { DISK_KB = 1024 };

/* Out of the store alone: nobody is let in to the broker. */
static bool start_cut_off(struct lane *lane, struct fault_context *context,
                          int time)
{
    proxy_set(lane->proxy, PROXY_REFUSE);
    proxy_cut(lane->proxy);
    bool started = lane_kill_display(lane) && lane_start_display(lane);
    if (started && lane_wait(lane, 0) < 0)
        fault_note_lost(context, "what came after there was room", time);
    distribution_add(&context->out->start_ms, lane->start_ms);
    proxy_set(lane->proxy, PROXY_PASS);
    return started && screen_wait(lane->screen, "line-up", "", 1);
}

static bool suffer(struct lane *lane, const char *disk,
                   struct fault_context *context, int time,
                   bool (*take)(struct lane *lane, const char *disk),
                   bool (*give)(struct lane *lane, const char *disk))
{
    if (!take(lane, disk) || !lane_update(lane))
        return false;
    if (lane_wait(lane, 0) < 0)
        fault_note_lost(context, "what came without room", time);
    if (!lane_wait_verified(lane) || !give(lane, disk))
        return false;
    double from_ms = bench_now_ms();
    double took_ms = lane_update(lane) ? lane_wait(lane, from_ms) : -1;
    if (took_ms < 0)
        return false;
    distribution_add(&context->out->recovery_ms, took_ms);
    context->out->tried++;
    return lane_wait_verified(lane) && start_cut_off(lane, context, time);
}

static void run_store(const struct fault *fault, struct fault_context *context,
                      bool (*take)(struct lane *lane, const char *disk),
                      bool (*give)(struct lane *lane, const char *disk))
{
    struct lane lane = {.folder = NULL};
    struct lane_options options = fault->lane;
    char *disk = folder_make();

    if (!disk || !space_mount(disk, DISK_KB)) {
        fault_skip(context, "no mounts");
    } else {
        options.store_folder = disk;
        bool good = lane_open(&lane, context->eye, context->pictures,
                              &options) &&
                    lane_start_display(&lane) && lane_update(&lane) &&
                    lane_wait(&lane, 0) >= 0;
        for (int time = 0; good && time < context->times; time++)
            good = suffer(&lane, disk, context, time, take, give);
        context->out->failed = !lane_close(&lane) || !good;
    }
    space_unmount(disk);
    folder_remove(disk);
    free(disk);
}

static bool fill(struct lane *lane, const char *disk)
{
    (void)lane;
    return space_fill(disk);
}

/* Until it said so, the screen does not know that there is room again. */
static bool make_room(struct lane *lane, const char *disk)
{
    int times = screen_count_log(lane->screen, "goes on from memory");

    return space_free(disk) &&
           screen_wait_log(lane->screen, "it can be written again", times);
}

/* A disk with files open to write stays writable: the display is killed
 * before, and started on what it finds. */
static bool forbid(struct lane *lane, const char *disk)
{
    return lane_kill_display(lane) && space_forbid(disk) &&
           lane_start_display(lane);
}

static bool allow(struct lane *lane, const char *disk)
{
    return lane_kill_display(lane) && space_allow(disk) &&
           lane_start_display(lane);
}

static void run_full(const struct fault *fault, struct fault_context *context)
{
    run_store(fault, context, fill, make_room);
}

static void run_read_only(const struct fault *fault,
                          struct fault_context *context)
{
    run_store(fault, context, forbid, allow);
}

const struct fault store_faults[] = {
    {.name = "display-full",
     .does = "the display's disk is full while an alert comes; room, kill -9",
     .times = 20,
     .share = 1,
     .run = run_full},
    {.name = "display-read-only",
     .does = "kill -9, and a start on a disk that is read-only; then no more",
     .times = 20,
     .share = 1,
     .run = run_read_only},
    {.name = NULL},
};
