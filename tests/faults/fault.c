/* The course that most faults have in common. */
#include "tests/faults/fault.h"

#include <stdarg.h>
#include <stdio.h>

#include "tests/support/lobby.h"

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

static bool send_newer(struct road *road, bool late)
{
    return late ? road_update_anew(road) : road_update(road);
}

/* False: the road itself is no more. */
static bool suffer(const struct fault *fault, struct fault_context *context,
                   struct road *road, int time)
{
    struct road before = *road;
    int hold_ms = context->brief ? fault->brief_ms : fault->hold_ms;

    if (!fault->strike(road, time))
        return false;
    if (!fault->update_late && !send_newer(road, false))
        return false;
    lobby_pause(hold_ms);
    if (!road_stands(&before) && !road_stands(road))
        fault_note_wrong(context, "another picture stands", time);
    if (!fault->mend(road, time))
        return false;
    double from_ms = lobby_now_ms();
    if (fault->update_late && !send_newer(road, true))
        return false;
    double took_ms = road_wait(road, from_ms);
    if (took_ms < 0)
        fault_note_lost(context, "the newest wording", time);
    else
        distribution_add(&context->out->recovery_ms, took_ms);
    context->out->tried++;
    return true;
}

void fault_run_road(const struct fault *fault, struct fault_context *context)
{
    struct road road;
    bool good = road_open(&road, context->eye, context->pictures,
                          &fault->road) &&
                road_start_display(&road) && road_update(&road) &&
                road_wait(&road, 0) >= 0;

    for (int time = 0; good && time < context->times; time++) {
        if (time > 0)
            lobby_pause(fault->rest_ms);
        good = suffer(fault, context, &road, time);
    }
    context->out->failed = !road_close(&road) || !good;
}
