/* The course that most faults have in common. */
#include "tests/faults/fault.h"

#include <stdarg.h>
#include <stdio.h>

#include "tests/support/bench_fixture.h"

void fault_note_wrong(struct fault_context *context, const char *what, int time)
{
    context->out->wrong++;
    fprintf(stderr, "time %d: %s\n", time + 1, what);
}

void fault_note_lost(struct fault_context *context, const char *what, int time)
{
    context->out->lost++;
    fprintf(stderr, "time %d: lost: %s\n", time + 1, what);
}

void fault_skip(struct fault_context *context, const char *why)
{
    context->out->skipped = true;
    snprintf(context->out->note, sizeof context->out->note, "%s", why);
}

static bool send_newer(struct lane *lane, bool late)
{
    return late ? lane_update_anew(lane) : lane_update(lane);
}

/* False: the lane itself is no more. */
static bool suffer(const struct fault *fault, struct fault_context *context,
                   struct lane *lane, int time)
{
    struct lane before = *lane;
    int hold_ms = context->brief ? fault->brief_ms : fault->hold_ms;

    if (!fault->strike(lane, time))
        return false;
    if (!fault->update_late && !send_newer(lane, false))
        return false;
    bench_pause(hold_ms);
    if (!lane_stands(&before) && !lane_stands(lane))
        fault_note_wrong(context, "another picture stands", time);
    if (!fault->mend(lane, time))
        return false;
    double from_ms = bench_now_ms();
    if (fault->update_late && !send_newer(lane, true))
        return false;
    double took_ms = lane_wait(lane, from_ms);
    if (took_ms < 0)
        fault_note_lost(context, "the newest wording", time);
    else
        distribution_add(&context->out->recovery_ms, took_ms);
    context->out->tried++;
    return true;
}

void fault_run_lane(const struct fault *fault, struct fault_context *context)
{
    struct lane lane;
    bool good = lane_open(&lane, context->eye, context->pictures,
                          &fault->lane) &&
                lane_start_display(&lane) && lane_update(&lane) &&
                lane_wait(&lane, 0) >= 0;

    for (int time = 0; good && time < context->times; time++) {
        if (time > 0)
            bench_pause(fault->rest_ms);
        good = suffer(fault, context, &lane, time);
    }
    context->out->failed = !lane_close(&lane) || !good;
}
