/* What a screen would show over a time: the programme and the director of the
 * screen itself, run with a clock of their own and without alerts. Pure. */
#ifndef GAOSHI_DISPLAY_FORECAST_H
#define GAOSHI_DISPLAY_FORECAST_H

#include "display/core/board/director.h"
#include "display/core/schedule/timetable.h"

struct forecast_options {
    const struct calendar *calendar; /* borrowed */
    struct director_options director;
    int64_t from_ms, until_ms; /* wall clock */
};

/* One page, from its appearance to the next. */
struct forecast_page {
    const struct message *message; /* NULL: there is nothing to show */
    size_t page;
    int64_t from_ms, until_ms;
};

/* A time in which the panels that may be shown stay the same. */
struct forecast_span {
    const struct panel_list *lists[GROUP_COUNT];
    int64_t from_ms, until_ms;
    int64_t round_ms; /* how long all their pages stand once */
};

/* Called in the order of time; the arguments are valid during the call. A span
 * is told before its pages. */
struct forecast_visitor {
    void *context;
    void (*page)(void *context, const struct forecast_page *page);
    void (*span)(void *context, const struct forecast_span *span);
};

/* Takes the panels and destroys them, also on failure. A screen that began
 * earlier may be at another place of its round. */
bool forecast_run(const struct forecast_options *options,
                  struct message **panels, size_t count,
                  const struct forecast_visitor *visitor,
                  struct problem *problem);

#endif
