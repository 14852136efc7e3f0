/* Whether days and hours of a schedule hold at a moment, and until when. Pure.
 */
#ifndef GAOSHI_DISPLAY_TIMETABLE_H
#define GAOSHI_DISPLAY_TIMETABLE_H

#include "display/core/schedule/holidays.h"
#include "display/core/schedule/zone.h"
#include "protocol/schedule.h"

/* The calendar of the place where the screen hangs. */
struct calendar {
    struct zone zone;
    struct holidays holidays;
};

void calendar_finish(struct calendar *calendar);

/* Whether the day, since 1970-01-01, is one of the schedule's. */
bool timetable_has_day(const struct schedule_times *times,
                       const struct calendar *calendar, int day);

/* What the clock on the wall says counts: an hour that is left out in spring
 * does not come, and one that comes twice in autumn holds twice. */
bool timetable_holds(const struct schedule_times *times,
                     const struct calendar *calendar, int64_t ms);

/* A time after ms before which timetable_holds does not change; INT64_MAX: it
 * never changes. It may not change at that time either: then ask again. */
int64_t timetable_next_ms(const struct schedule_times *times,
                          const struct calendar *calendar, int64_t ms);

#endif
