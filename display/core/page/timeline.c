/* Easing and counting for everything that moves on a page. */
#include "display/core/page/timeline.h"

#include <math.h>

double timeline_progress(int64_t t_ms, int64_t begin_ms, int64_t duration_ms)
{
    if (t_ms >= begin_ms + duration_ms)
        return 1;
    if (t_ms <= begin_ms)
        return 0;
    return (double)(t_ms - begin_ms) / (double)duration_ms;
}

double timeline_ease_out(double progress)
{
    if (progress >= 1)
        return 1;
    if (progress <= 0)
        return 0;
    double rest = 1 - progress;
    return 1 - rest * rest * rest;
}

double timeline_count_out(double progress)
{
    return timeline_ease_out(floor(progress * TIMELINE_COUNT_STEPS) /
                             TIMELINE_COUNT_STEPS);
}

static int64_t units_at_places(struct decimal decimal, int places)
{
    int64_t units = decimal.units;
    for (int i = decimal.places; i < places; i++)
        units *= 10;
    for (int i = decimal.places; i > places; i--)
        units /= 10;
    return units;
}

struct decimal timeline_count(struct decimal from, struct decimal to,
                              double progress)
{
    if (progress >= 1)
        return to;
    int64_t begin = units_at_places(from, to.places);
    if (progress <= 0)
        return (struct decimal){begin, to.places};
    /* |units| < 10^15: a double holds the difference exactly. */
    double way = (double)(to.units - begin) * progress;
    return (struct decimal){begin + llround(way), to.places};
}

int timeline_length(int length_px, double progress)
{
    return (int)lround(length_px * progress);
}
