/* The display's own disk: full or read-only while alerts come, and killed
 * once there is room again. */
#include "tests/faults/fault.h"

#include <stdlib.h>

#include "tests/faults/disk.h"
#include "tests/support/folder.h"
#include "tests/support/lobby.h"

enum { DISK_KB = 1024 };

/* Out of the store alone: nobody is let in to the broker. */
static bool start_cut_off(struct road *road, struct fault_context *context,
                          int time)
{
    proxy_set(road->proxy, PROXY_REFUSE);
    proxy_cut(road->proxy);
    bool started = road_kill_display(road) && road_start_display(road);
    if (started && road_wait(road, 0) < 0)
        fault_note_lost(context, "what came after there was room", time);
    distribution_add(&context->out->start_ms, road->start_ms);
    proxy_set(road->proxy, PROXY_PASS);
    return started && screen_wait(road->screen, "line-up", "", 1);
}

static bool suffer(struct road *road, const char *disk,
                   struct fault_context *context, int time,
                   bool (*take)(struct road *road, const char *disk),
                   bool (*give)(struct road *road, const char *disk))
{
    if (!take(road, disk) || !road_update(road))
        return false;
    if (road_wait(road, 0) < 0)
        fault_note_lost(context, "what came without room", time);
    if (!give(road, disk))
        return false;
    double from_ms = lobby_now_ms();
    double took_ms = road_update(road) ? road_wait(road, from_ms) : -1;
    if (took_ms < 0)
        return false;
    distribution_add(&context->out->recovery_ms, took_ms);
    context->out->tried++;
    return start_cut_off(road, context, time);
}

static void run_store(const struct fault *fault, struct fault_context *context,
                      bool (*take)(struct road *road, const char *disk),
                      bool (*give)(struct road *road, const char *disk))
{
    struct road road = {.folder = NULL};
    struct road_options options = fault->road;
    char *disk = folder_make();

    if (!disk || !disk_mount(disk, DISK_KB)) {
        fault_skip(context, "no mounts");
    } else {
        options.store_folder = disk;
        bool good = road_open(&road, context->eye, context->pictures,
                              &options) &&
                    road_start_display(&road) && road_update(&road) &&
                    road_wait(&road, 0) >= 0;
        for (int time = 0; good && time < context->times; time++)
            good = suffer(&road, disk, context, time, take, give);
        context->out->failed = !road_close(&road) || !good;
    }
    disk_unmount(disk);
    folder_remove(disk);
    free(disk);
}

static bool fill(struct road *road, const char *disk)
{
    (void)road;
    return disk_fill(disk);
}

static bool make_room(struct road *road, const char *disk)
{
    (void)road;
    return disk_free(disk);
}

/* A disk with files open to write stays writable: the display is killed
 * before, and started on what it finds. */
static bool forbid(struct road *road, const char *disk)
{
    return road_kill_display(road) && disk_forbid(disk) &&
           road_start_display(road);
}

static bool allow(struct road *road, const char *disk)
{
    return road_kill_display(road) && disk_allow(disk) &&
           road_start_display(road);
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
     .times = 50,
     .share = 1,
     .run = run_full},
    {.name = "display-read-only",
     .does = "kill -9, and a start on a disk that is read-only; then no more",
     .times = 50,
     .share = 1,
     .run = run_read_only},
    {.name = NULL},
};
