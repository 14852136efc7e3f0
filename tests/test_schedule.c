/* When the days and hours of a schedule hold: every rule in a table, both
 * nights of the clock's change, leap days, spans over midnight, and 调休. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/files.h"
#include "base/timestamp.h"
#include "display/core/schedule/timetable.h"
#include "source_dir.h"
#include "tests/support/folder.h"

#define SHANGHAI "Asia/Shanghai"
#define BERLIN "Europe/Berlin"

static int64_t time_of(const char *text)
{
    int64_t ms;

    assert_true(timestamp_parse(text, &ms));
    return ms;
}

static void open_calendar(const char *zone, struct calendar *out)
{
    struct problem problem = {0};
    size_t bytes;

    *out = (struct calendar){.zone = {0}};
    assert_true(zone_read(zone, &out->zone));
    char *text = file_read_any(GAOSHI_SOURCE_DIR "/data/holidays.txt", 65536,
                               &bytes, &problem);
    assert_non_null(text);
    assert_true(holidays_add(&out->holidays, text, "holidays", &problem));
    free(text);
}

static struct schedule_times times_of(const char *json)
{
    static const struct json_place place = {.name = "schedule"};
    struct problem problem = {0};
    struct schedule schedule;
    json_t *object = json_loads(json, 0, NULL);

    assert_non_null(object);
    if (!schedule_read(object, &place, &schedule, NULL, &problem))
        fail_msg("%s: %s", json, problem.expected);
    json_decref(object);
    return schedule.times;
}

static const struct {
    const char *zone, *schedule, *at;
    bool holds;
} rules[] = {
    {SHANGHAI, "{}", "2026-03-04T03:00:00+08:00", true},
    /* from and until: whole days, both included */
    {SHANGHAI, "{\"from\": \"2026-03-04\"}", "2026-03-03T23:59:59+08:00",
     false},
    {SHANGHAI, "{\"from\": \"2026-03-04\"}", "2026-03-04T00:00:00+08:00", true},
    {SHANGHAI, "{\"until\": \"2026-03-04\"}", "2026-03-04T23:59:59+08:00",
     true},
    {SHANGHAI, "{\"until\": \"2026-03-04\"}", "2026-03-05T00:00:00+08:00",
     false},
    /* days of the week; 2026-03-04 is a Wednesday */
    {SHANGHAI, "{\"days\": [\"wed\"]}", "2026-03-04T12:00:00+08:00", true},
    {SHANGHAI, "{\"days\": [\"sat\", \"sun\"]}", "2026-03-04T12:00:00+08:00",
     false},
    {SHANGHAI, "{\"days\": [\"sat\", \"sun\"]}", "2026-03-08T12:00:00+08:00",
     true},
    /* the local day counts, not that of UTC */
    {SHANGHAI, "{\"days\": [\"wed\"]}", "2026-03-04T01:00:00+08:00", true},
    {SHANGHAI, "{\"days\": [\"wed\"]}", "2026-03-03T23:00:00-00:00", true},
    /* hours: from the first minute to before the last */
    {SHANGHAI, "{\"hours\": [\"07:00-09:30\", \"17:00-19:00\"]}",
     "2026-03-04T06:59:59+08:00", false},
    {SHANGHAI, "{\"hours\": [\"07:00-09:30\", \"17:00-19:00\"]}",
     "2026-03-04T07:00:00+08:00", true},
    {SHANGHAI, "{\"hours\": [\"07:00-09:30\", \"17:00-19:00\"]}",
     "2026-03-04T09:30:00+08:00", false},
    {SHANGHAI, "{\"hours\": [\"07:00-09:30\", \"17:00-19:00\"]}",
     "2026-03-04T18:59:59+08:00", true},
    {SHANGHAI, "{\"hours\": [\"12:00-24:00\"]}", "2026-03-04T23:59:59+08:00",
     true},
    {SHANGHAI, "{\"hours\": [\"12:00-24:00\"]}", "2026-03-05T00:00:00+08:00",
     false},
    /* over midnight: the night belongs to the day on which it begins */
    {SHANGHAI, "{\"hours\": [\"22:00-06:00\"]}", "2026-03-04T23:00:00+08:00",
     true},
    {SHANGHAI, "{\"hours\": [\"22:00-06:00\"]}", "2026-03-04T05:59:59+08:00",
     true},
    {SHANGHAI, "{\"hours\": [\"22:00-06:00\"]}", "2026-03-04T06:00:00+08:00",
     false},
    {SHANGHAI, "{\"days\": [\"fri\"], \"hours\": [\"22:00-06:00\"]}",
     "2026-03-07T05:00:00+08:00", true},
    {SHANGHAI, "{\"days\": [\"fri\"], \"hours\": [\"22:00-06:00\"]}",
     "2026-03-06T05:00:00+08:00", false},
    {SHANGHAI, "{\"until\": \"2026-03-04\", \"hours\": [\"22:00-06:00\"]}",
     "2026-03-05T05:00:00+08:00", true},
    {SHANGHAI, "{\"from\": \"2026-03-04\", \"hours\": [\"22:00-06:00\"]}",
     "2026-03-04T05:00:00+08:00", false},
    /* dates: single, spans, every year, leap days */
    {SHANGHAI, "{\"dates\": [\"2026-03-04\"]}", "2026-03-04T12:00:00+08:00",
     true},
    {SHANGHAI, "{\"dates\": [\"2026-03-01/2026-03-03\"]}",
     "2026-03-04T12:00:00+08:00", false},
    {SHANGHAI, "{\"dates\": [\"2026-03-01/2026-03-04\"]}",
     "2026-03-04T12:00:00+08:00", true},
    {SHANGHAI, "{\"dates\": [\"10-01\"]}", "2031-10-01T12:00:00+08:00", true},
    {SHANGHAI, "{\"dates\": [\"02-29\"]}", "2028-02-29T12:00:00+08:00", true},
    {SHANGHAI, "{\"dates\": [\"02-29\"]}", "2027-03-01T12:00:00+08:00", false},
    {SHANGHAI, "{\"from\": \"2028-02-29\", \"until\": \"2028-02-29\"}",
     "2028-02-29T23:59:59+08:00", true},
    {SHANGHAI,
     "{\"dates\": [\"2028-02-28\"], \"hours\": "
     "[\"22:00-06:00\"]}",
     "2028-02-29T01:00:00+08:00", true},
    /* 调休: Sunday 20 September and Saturday 10 October 2026 are working
     * days, 1 to 7 October free */
    {SHANGHAI, "{\"dates\": [\"workday\"]}", "2026-09-20T12:00:00+08:00", true},
    {SHANGHAI, "{\"dates\": [\"restday\"]}", "2026-09-20T12:00:00+08:00",
     false},
    {SHANGHAI, "{\"dates\": [\"workday\"]}", "2026-10-10T12:00:00+08:00", true},
    {SHANGHAI, "{\"dates\": [\"workday\"]}", "2026-10-01T12:00:00+08:00",
     false},
    {SHANGHAI, "{\"dates\": [\"holiday\"]}", "2026-10-01T12:00:00+08:00", true},
    {SHANGHAI, "{\"dates\": [\"holiday\"]}", "2026-10-17T12:00:00+08:00",
     false},
    {SHANGHAI, "{\"dates\": [\"restday\"]}", "2026-10-17T12:00:00+08:00", true},
    {SHANGHAI, "{\"dates\": [\"workday\"]}", "2026-10-19T12:00:00+08:00", true},
    /* days and dates both have to fit */
    {SHANGHAI, "{\"days\": [\"sun\"], \"dates\": [\"workday\"]}",
     "2026-09-20T12:00:00+08:00", true},
    {SHANGHAI, "{\"days\": [\"sun\"], \"dates\": [\"workday\"]}",
     "2026-09-21T12:00:00+08:00", false},
    /* the night in spring: 02:00 becomes 03:00 */
    {BERLIN, "{\"hours\": [\"02:00-03:00\"]}", "2026-03-29T01:59:59+01:00",
     false},
    {BERLIN, "{\"hours\": [\"02:00-03:00\"]}", "2026-03-29T03:00:00+02:00",
     false},
    {BERLIN, "{\"hours\": [\"02:30-04:00\"]}", "2026-03-29T03:00:00+02:00",
     true},
    {BERLIN, "{\"hours\": [\"01:00-02:30\"]}", "2026-03-29T03:00:00+02:00",
     false},
    {BERLIN, "{\"hours\": [\"06:00-07:00\"]}", "2026-03-29T06:00:00+02:00",
     true},
    /* the night in autumn: 02:00 to 03:00 comes twice */
    {BERLIN, "{\"hours\": [\"02:00-03:00\"]}", "2026-10-25T02:30:00+02:00",
     true},
    {BERLIN, "{\"hours\": [\"02:00-03:00\"]}", "2026-10-25T02:30:00+01:00",
     true},
    {BERLIN, "{\"hours\": [\"02:00-03:00\"]}", "2026-10-25T03:00:00+01:00",
     false},
    {BERLIN, "{\"hours\": [\"02:00-02:30\"]}", "2026-10-25T02:45:00+02:00",
     false},
    {BERLIN, "{\"hours\": [\"02:00-02:30\"]}", "2026-10-25T02:15:00+01:00",
     true},
    {BERLIN, "{\"hours\": [\"06:00-07:00\"]}", "2026-10-25T06:00:00+01:00",
     true},
};

static void every_rule_holds(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        struct calendar calendar;
        const struct schedule_times times = times_of(rules[i].schedule);
        open_calendar(rules[i].zone, &calendar);
        if (timetable_holds(&times, &calendar, time_of(rules[i].at)) !=
            rules[i].holds)
            fail_msg("%s at %s: %d expected", rules[i].schedule, rules[i].at,
                     rules[i].holds);
        calendar_finish(&calendar);
    }
}

static void the_next_change_is_told(void **state)
{
    static const struct {
        const char *zone, *schedule, *at, *next; /* NULL: never */
    } rows[] = {
        {SHANGHAI, "{}", "2026-03-04T03:00:00+08:00", NULL},
        {SHANGHAI, "{\"hours\": [\"07:00-09:30\"]}",
         "2026-03-04T03:00:00+08:00", "2026-03-04T07:00:00+08:00"},
        {SHANGHAI, "{\"hours\": [\"07:00-09:30\"]}",
         "2026-03-04T07:00:00+08:00", "2026-03-04T09:30:00+08:00"},
        {SHANGHAI, "{\"hours\": [\"22:00-06:00\"]}",
         "2026-03-04T23:00:00+08:00", "2026-03-05T06:00:00+08:00"},
        {SHANGHAI, "{\"days\": [\"sat\"]}", "2026-03-04T23:00:00+08:00",
         "2026-03-07T00:00:00+08:00"},
        {SHANGHAI, "{\"from\": \"2027-05-01\"}", "2026-03-04T23:00:00+08:00",
         "2027-05-01T00:00:00+08:00"},
        {SHANGHAI, "{\"until\": \"2026-03-04\"}", "2026-03-06T00:00:00+08:00",
         NULL},
        {BERLIN, "{\"hours\": [\"02:30-04:00\"]}", "2026-03-29T00:00:00+01:00",
         "2026-03-29T03:00:00+02:00"},
        {BERLIN, "{\"hours\": [\"02:00-02:30\"]}", "2026-10-25T02:30:00+02:00",
         "2026-10-25T02:00:00+01:00"},
        {BERLIN, "{\"from\": \"2026-03-30\"}", "2026-03-28T12:00:00+01:00",
         "2026-03-30T00:00:00+02:00"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct calendar calendar;
        const struct schedule_times times = times_of(rows[i].schedule);
        open_calendar(rows[i].zone, &calendar);
        int64_t next_ms = timetable_next_ms(&times, &calendar,
                                            time_of(rows[i].at));
        int64_t expected_ms = rows[i].next ? time_of(rows[i].next) : INT64_MAX;
        if (next_ms != expected_ms)
            fail_msg("%s at %s: %lld, not %s", rows[i].schedule, rows[i].at,
                     (long long)next_ms, rows[i].next ? rows[i].next : "never");
        calendar_finish(&calendar);
    }
}

static void a_zone_is_known_by_name(void **state)
{
    struct zone zone = {.first_minutes = 7};

    (void)state;
    assert_false(zone_read("Europe/Atlantis", &zone));
    assert_false(zone_read("", &zone));
    assert_int_equal(zone.first_minutes, 7);
    assert_true(zone_read("Asia/Shanghai", &zone));
    assert_int_equal(
        zone_offset_minutes(&zone, time_of("2026-07-01T00:00:00+08:00")), 480);
    assert_true(zone_read("Asia/Kathmandu", &zone));
    assert_int_equal(
        zone_offset_minutes(&zone, time_of("2026-07-01T00:00:00+08:00")), 345);
    assert_true(zone_read("Europe/Berlin", &zone));
    int64_t change_ms = time_of("2026-03-29T01:00:00-00:00");
    assert_int_equal(zone_offset_minutes(&zone, change_ms - 1), 60);
    assert_int_equal(zone_offset_minutes(&zone, change_ms), 120);
    assert_true(zone_next_change_ms(&zone, change_ms - 1) == change_ms);
    /* Cuba's clocks go forward at midnight: the day begins at 01:00. */
    assert_true(zone_read("America/Havana", &zone));
    int day;
    assert_true(timestamp_parse_date("2026-03-08", &day));
    assert_true(zone_day_begin_ms(&zone, day) ==
                time_of("2026-03-08T01:00:00-04:00"));
    zone_set_offset(&zone, -210);
    assert_int_equal(zone_offset_minutes(&zone, 0), -210);
    assert_true(zone_next_change_ms(&zone, 0) == INT64_MAX);
}

static void a_table_of_holidays_is_extended(void **state)
{
    struct holidays holidays = {0};
    struct problem problem = {0};
    int day;

    (void)state;
    assert_true(timestamp_parse_date("2027-10-01", &day));
    assert_int_equal(holidays_kinds(&holidays, day), SCHEDULE_WORKDAY);
    assert_true(holidays_add(&holidays,
                             "# a remark\n\n2027-10-01/2027-10-07 holiday 国庆"
                             "\r\n2027-10-09 workday\n",
                             "a", &problem));
    assert_int_equal(holidays_kinds(&holidays, day),
                     SCHEDULE_RESTDAY | SCHEDULE_HOLIDAY);
    assert_int_equal(holidays_kinds(&holidays, day + 8), SCHEDULE_WORKDAY);
    assert_int_equal(holidays_last_day(&holidays), day + 8);
    assert_true(holidays_add(&holidays, "2027-10-07 workday", "b", &problem));
    assert_int_equal(holidays_kinds(&holidays, day + 6), SCHEDULE_WORKDAY);
    static const char *const bad[] = {
        "2027-02-29 holiday",
        "2027-10-01 free",
        "2027-10-01",
        "2027-10-02/2027-10-01 holiday",
        "holiday",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        char text[80];
        snprintf(text, sizeof text, "2027-01-01 holiday\n%s\n", bad[i]);
        problem = (struct problem){0};
        assert_false(holidays_add(&holidays, text, "c", &problem));
        assert_int_equal(problem.line, 2);
        assert_int_equal(holidays.count, 8);
    }
    holidays_finish(&holidays);
}

/* What the notices of the State Council say, told once more day by day: the
 * days off of each holiday, and the days at weekends on which people work. */
static void the_table_is_that_of_the_notices(void **state)
{
    static const struct {
        const char *first;
        int days; /* off in a row, weekends of the notice with it */
    } off[] = {
        {"2025-01-01", 1}, {"2025-01-28", 8}, {"2025-04-04", 3},
        {"2025-05-01", 5}, {"2025-05-31", 3}, {"2025-10-01", 8},
        {"2026-01-01", 3}, {"2026-02-15", 9}, {"2026-04-04", 3},
        {"2026-05-01", 5}, {"2026-06-19", 3}, {"2026-09-25", 3},
        {"2026-10-01", 7},
    };
    static const char *const worked[] = {
        "2025-01-26", "2025-02-08", "2025-04-27", "2025-09-28",
        "2025-10-11", "2026-01-04", "2026-02-14", "2026-02-28",
        "2026-05-09", "2026-09-20", "2026-10-10"};
    enum { WORKED = sizeof worked / sizeof worked[0] };
    struct holidays holidays = {0};
    struct problem problem = {0};
    size_t bytes = 0, days = 0;
    int day;
    char *text = file_read_any(GAOSHI_SOURCE_DIR "/data/holidays.txt", 65536,
                               &bytes, &problem);

    (void)state;
    assert_non_null(text);
    assert_true(holidays_add(&holidays, text, "holidays.txt", &problem));
    for (size_t i = 0; i < sizeof off / sizeof off[0]; i++) {
        assert_true(timestamp_parse_date(off[i].first, &day));
        for (int k = 0; k < off[i].days; k++, days++)
            assert_int_equal(holidays_kinds(&holidays, day + k),
                             SCHEDULE_RESTDAY | SCHEDULE_HOLIDAY);
        assert_false(holidays_kinds(&holidays, day + off[i].days) &
                     SCHEDULE_HOLIDAY);
    }
    for (size_t i = 0; i < WORKED; i++) {
        assert_true(timestamp_parse_date(worked[i], &day));
        assert_int_equal(holidays_kinds(&holidays, day), SCHEDULE_WORKDAY);
        /* It is a Saturday or a Sunday; 1970-01-01 was a Thursday. */
        assert_true((day + 4) % 7 == 6 || (day + 4) % 7 == 0);
    }
    assert_int_equal(holidays.count, days + WORKED);
    holidays_finish(&holidays);
    free(text);
}

/* The same words in a line of a configuration. */
static void words_of_a_configuration_are_read(void **state)
{
    static const char *const bad[] = {
        "mon-", "25:00-26:00", "07:00-07:00", "2026-02-30", "noon", "07:00"};
    struct schedule_times times;
    const char *wrong;
    size_t bytes;

    (void)state;
    assert_true(
        schedule_times_parse(" fri-mon 22:00-06:00 07:00-08:00 holiday 12-24",
                             &times, &wrong, &bytes));
    assert_int_equal(times.weekdays, 1U << 5 | 1U << 6 | 1U << 0 | 1U << 1);
    assert_int_equal(times.hours_count, 2);
    assert_int_equal(times.hours[0].until, 30 * 60);
    assert_int_equal(times.day_kinds, SCHEDULE_HOLIDAY);
    assert_int_equal(times.yearly_count, 1);
    assert_true(times.has_dates);
    assert_true(
        schedule_times_parse("mon 07:00-08:00", &times, &wrong, &bytes));
    assert_false(times.has_dates);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        char words[64];
        snprintf(words, sizeof words, "mon %s tue", bad[i]);
        assert_false(schedule_times_parse(words, &times, &wrong, &bytes));
        assert_int_equal(bytes, strlen(bad[i]));
        assert_memory_equal(wrong, bad[i], bytes);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_rule_holds),
        cmocka_unit_test(the_next_change_is_told),
        cmocka_unit_test(a_zone_is_known_by_name),
        cmocka_unit_test(a_table_of_holidays_is_extended),
        cmocka_unit_test(the_table_is_that_of_the_notices),
        cmocka_unit_test(words_of_a_configuration_are_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
