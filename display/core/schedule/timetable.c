/* Compares days and hours with a local time. */
#include "display/core/schedule/timetable.h"

#include "base/timestamp.h"

enum {
    MINUTE_MS = 60 * 1000,
    DAY_MS = SCHEDULE_DAY_MINUTES * MINUTE_MS,
    /* How many local midnights and bounds of spans are looked at before the
     * search gives up and says: ask again. */
    STEPS_MAX = 64,
};

void calendar_finish(struct calendar *calendar)
{
    if (calendar)
        holidays_finish(&calendar->holidays);
}

static bool has_date(const struct schedule_times *times,
                     const struct calendar *calendar, int day,
                     const struct civil_time *civil)
{
    if (times->day_kinds & holidays_kinds(&calendar->holidays, day))
        return true;
    for (size_t i = 0; i < times->day_count; i++)
        if (times->days[i].first <= day && day <= times->days[i].last)
            return true;
    for (size_t i = 0; i < times->yearly_count; i++)
        if (times->yearly[i].month == civil->month &&
            times->yearly[i].day == civil->day)
            return true;
    return false;
}

bool timetable_has_day(const struct schedule_times *times,
                       const struct calendar *calendar, int day)
{
    if (day < times->from_day || day > times->until_day)
        return false;
    const struct civil_time civil = timestamp_civil(day * TIMESTAMP_DAY_MS, 0);
    if (times->weekdays != 0 && !(times->weekdays >> civil.weekday & 1))
        return false;
    return !times->has_dates || has_date(times, calendar, day, &civil);
}

static bool holds_at(const struct schedule_times *times,
                     const struct calendar *calendar,
                     const struct zone_local *local)
{
    bool today = timetable_has_day(times, calendar, local->day);

    if (times->hours_count == 0)
        return today;
    for (size_t i = 0; i < times->hours_count; i++) {
        const struct schedule_hours *hours = &times->hours[i];
        int from_ms = hours->from * MINUTE_MS;
        int until_ms = hours->until * MINUTE_MS;
        if (today && from_ms <= local->day_ms && local->day_ms < until_ms)
            return true;
        if (local->day_ms < until_ms - DAY_MS &&
            timetable_has_day(times, calendar, local->day - 1))
            return true;
    }
    return false;
}

bool timetable_holds(const struct schedule_times *times,
                     const struct calendar *calendar, int64_t ms)
{
    const struct zone_local local = zone_local(&calendar->zone, ms);

    return holds_at(times, calendar, &local);
}

static int nearer(int bound_ms, int day_ms, int next_ms)
{
    int at_ms = bound_ms % DAY_MS;

    return at_ms > day_ms && at_ms < next_ms ? at_ms : next_ms;
}

/* The time of the day, in milliseconds, at which a span next begins or ends;
 * DAY_MS: midnight. */
static int next_bound_ms(const struct schedule_times *times, int day_ms)
{
    int next_ms = DAY_MS;

    for (size_t i = 0; i < times->hours_count; i++) {
        next_ms = nearer(times->hours[i].from * MINUTE_MS, day_ms, next_ms);
        next_ms = nearer(times->hours[i].until * MINUTE_MS, day_ms, next_ms);
    }
    return next_ms;
}

/* The next midnight, bound of a span, or change of the zone's offset. */
static int64_t next_step_ms(const struct schedule_times *times,
                            const struct calendar *calendar, int64_t ms)
{
    const struct zone_local local = zone_local(&calendar->zone, ms);
    int64_t change_ms = zone_next_change_ms(&calendar->zone, ms);
    int64_t bound_ms = ms + next_bound_ms(times, local.day_ms) - local.day_ms;

    return change_ms < bound_ms ? change_ms : bound_ms;
}

int64_t timetable_next_ms(const struct schedule_times *times,
                          const struct calendar *calendar, int64_t ms)
{
    bool holds = timetable_holds(times, calendar, ms);
    int64_t next_ms = ms;

    if (!schedule_times_need_clock(times))
        return INT64_MAX;
    const struct zone_local local = zone_local(&calendar->zone, ms);
    /* A span of the last day may go on into the next. */
    if (local.day > times->until_day && local.day - times->until_day > 1)
        return INT64_MAX;
    if (local.day < times->from_day)
        return zone_day_begin_ms(&calendar->zone, times->from_day);
    for (int i = 0; i < STEPS_MAX; i++) {
        next_ms = next_step_ms(times, calendar, next_ms);
        if (timetable_holds(times, calendar, next_ms) != holds)
            return next_ms;
    }
    return next_ms;
}
