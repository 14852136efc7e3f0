/* When a panel is in the programme and how often: the object «schedule» of a
 * panel. Days and hours are those of the place where the screen hangs. */
#ifndef GAOSHI_PROTOCOL_SCHEDULE_H
#define GAOSHI_PROTOCOL_SCHEDULE_H

#include "protocol/json_read.h"
#include "protocol/limits.h"

#include <stdbool.h>
#include <stddef.h>

enum schedule_priority {
    SCHEDULE_ORDINARY, /* "ordinary" */
    SCHEDULE_CAMPAIGN, /* "campaign": has the programme alone or a share of it
                        */
    SCHEDULE_PRIORITY_COUNT
};

/* Named kinds of days, as the table of holidays has them. Bits. */
enum schedule_day_kind {
    SCHEDULE_WORKDAY = 1, /* "workday": people work, also on a Saturday that
                             makes up for a holiday (调休) */
    SCHEDULE_RESTDAY = 2, /* "restday": every other day */
    SCHEDULE_HOLIDAY = 4, /* "holiday": a restday that the table names */
};

enum { SCHEDULE_DAY_MINUTES = 24 * 60 };

/* Minutes since midnight, from … until without the last. until is above from;
 * above SCHEDULE_DAY_MINUTES the span ends on the next day. */
struct schedule_hours {
    int from, until;
};

/* Days since 1970-01-01, both included. */
struct schedule_days {
    int first, last;
};

/* The day comes every year; 29 February only in leap years. */
struct schedule_yearly {
    int month, day; /* 1–12, 1–31 */
};

/* Days between which it is valid if none is given. */
enum { SCHEDULE_DAY_FIRST = INT32_MIN, SCHEDULE_DAY_LAST = INT32_MAX };

/* Which hours of which days. A span of hours that goes over midnight belongs to
 * the day on which it begins. */
struct schedule_times {
    int from_day, until_day; /* both included */
    unsigned weekdays;       /* bit 0 Sunday … bit 6 Saturday; 0: every day */
    bool has_dates;          /* only days that one of the next three names */
    unsigned day_kinds;
    struct schedule_days days[LIMIT_SCHEDULE_DATES];
    size_t day_count;
    struct schedule_yearly yearly[LIMIT_SCHEDULE_DATES];
    size_t yearly_count;
    struct schedule_hours hours[LIMIT_SCHEDULE_HOURS];
    size_t hours_count; /* 0: the whole day */
};

struct schedule {
    struct schedule_times times;
    enum schedule_priority priority;
    int share;   /* of a campaign, percent: 1 … 100 */
    int weight;  /* 1 … LIMIT_SCHEDULE_WEIGHT: how often it comes */
    int stand_s; /* beyond the time that reading takes, for each page */
};

/* What holds for a panel without the object: always, weight 1. */
extern const struct schedule schedule_always;

/* Reads the object at place; passed as in json_read_object. Strings are not
 * kept. */
bool schedule_read(json_t *object, const struct json_place *place,
                   struct schedule *out, struct json_passed *passed,
                   struct problem *problem);

/* Reads days and hours as a configuration writes them, parted by blanks:
 * weekdays («mon», «mon-fri»), names and dates («workday», «2026-10-01»), spans
 * of hours («22:00-06:00»). False: *wrong, of at most *bytes bytes, is no such
 * word, or there are too many. */
bool schedule_times_parse(const char *words, struct schedule_times *out,
                          const char **wrong, size_t *bytes);

/* Whether it depends on the time of day or the date. */
bool schedule_times_need_clock(const struct schedule_times *times);

#endif
