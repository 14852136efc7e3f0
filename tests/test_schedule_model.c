/* The schedule told a second time, as plainly as can be, against the programme:
 * random panels, random clocks, and at each moment the same set of panels. The
 * model shares no line with the display: it has the calendar of the C library,
 * the rule of the European Union for summer time, and asks anew for each moment
 * instead of waiting for changes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/timestamp.h"
#include "display/core/board/programme.h"
#include "tests/support/random_message.h"
#include "tests/support/share.h"

enum {
    PROGRAMMES = 12500 / SANITIZED_SHARE,
    MOMENTS = 8, /* of each programme */
    PANELS = 7,
    IDS = 4,
    SCOPES = 4,
    HOURS_MAX = 3,
    DAY = 24 * 60,
    MINUTE_MS = 60000,
    NOT_GIVEN = -1,
    /* Days: 1 January 2027, and how far panels and clocks go from there. */
    FIRST_DAY = 20819,
    DAYS = 450,
};

/* Widest first. */
static const char *const scopes[SCOPES] = {"all", "area-410103", "group-halls",
                                           "screen-s1"};
static const char *const weekday_words[] = {"sun", "mon", "tue", "wed",
                                            "thu", "fri", "sat"};

/* Holidays of the model, and one Sunday on which people work. */
static const char table[] = "2027-10-01/2027-10-07 holiday\n"
                            "2027-10-10 workday\n"
                            "2028-02-29 holiday\n";
enum {
    OCTOBER_1 = 21092,
    OCTOBER_7 = 21098,
    OCTOBER_10 = 21101,
    FEBRUARY_29 = 21243
};

struct model_panel {
    int id, scope;
    int64_t seq;
    int64_t effective, expires; /* minutes since 1970, or NOT_GIVEN */
    int from, until;            /* days, or NOT_GIVEN */
    unsigned weekdays;          /* 0: not given */
    int hours[HOURS_MAX][2], hours_count;
    bool workday, restday, holiday;
    int first, last; /* a span of days, or NOT_GIVEN */
    int month, date; /* each year, or NOT_GIVEN */
    bool campaign;
};

static void civil(int64_t minutes, struct tm *out)
{
    time_t seconds = minutes * 60;

    assert_non_null(gmtime_r(&seconds, out));
}

/* The last Sunday of the month, 01:00 UTC, in minutes since 1970. */
static int64_t last_sunday(int year, int month)
{
    struct tm parts = {.tm_year = year - 1900,
                       .tm_mon = month - 1,
                       .tm_mday = 31,
                       .tm_hour = 1};
    time_t seconds = timegm(&parts);

    return (int64_t)seconds / 60 - parts.tm_wday * DAY;
}

static int offset_at(bool berlin, int64_t minutes)
{
    struct tm parts;

    if (!berlin)
        return 480;
    civil(minutes, &parts);
    int year = parts.tm_year + 1900;
    return minutes >= last_sunday(year, 3) && minutes < last_sunday(year, 10)
               ? 120
               : 60;
}

static bool is_free(int day, int weekday)
{
    if (day == OCTOBER_10)
        return false;
    return weekday == 0 || weekday == 6 ||
           (day >= OCTOBER_1 && day <= OCTOBER_7) || day == FEBRUARY_29;
}

static bool fits_day(const struct model_panel *panel, int day)
{
    bool dated = panel->workday || panel->restday || panel->holiday ||
                 panel->first != NOT_GIVEN || panel->month != NOT_GIVEN;
    bool named = (day >= OCTOBER_1 && day <= OCTOBER_7) || day == FEBRUARY_29;
    struct tm parts;

    civil((int64_t)day * DAY, &parts);
    if (panel->from != NOT_GIVEN && day < panel->from)
        return false;
    if (panel->until != NOT_GIVEN && day > panel->until)
        return false;
    if (panel->weekdays && !(panel->weekdays & 1U << parts.tm_wday))
        return false;
    if (!dated)
        return true;
    return (panel->workday && !is_free(day, parts.tm_wday)) ||
           (panel->restday && is_free(day, parts.tm_wday)) ||
           (panel->holiday && named) ||
           (panel->first != NOT_GIVEN && day >= panel->first &&
            day <= panel->last) ||
           (panel->month == parts.tm_mon + 1 && panel->date == parts.tm_mday);
}

static bool is_timed(const struct model_panel *panel)
{
    return panel->from != NOT_GIVEN || panel->until != NOT_GIVEN ||
           panel->weekdays || panel->hours_count > 0 || panel->workday ||
           panel->restday || panel->holiday || panel->first != NOT_GIVEN ||
           panel->month != NOT_GIVEN;
}

static bool is_on(const struct model_panel *panel, bool berlin, int64_t minutes,
                  bool trusted)
{
    int64_t local = minutes + offset_at(berlin, minutes);
    int day = (int)(local / DAY), minute = (int)(local % DAY);

    if (panel->effective != NOT_GIVEN && minutes < panel->effective)
        return false;
    if (!is_timed(panel))
        return true;
    if (!trusted)
        return false;
    if (panel->hours_count == 0)
        return fits_day(panel, day);
    for (int i = 0; i < panel->hours_count; i++) {
        int from = panel->hours[i][0], until = panel->hours[i][1];
        if (from < until && minute >= from && minute < until &&
            fits_day(panel, day))
            return true;
        if (from > until && ((minute >= from && fits_day(panel, day)) ||
                             (minute < until && fits_day(panel, day - 1))))
            return true;
    }
    return false;
}

/* A bit for each id and scope. */
static uint32_t model_set(const struct model_panel *panels, bool berlin,
                          int64_t minutes, bool trusted)
{
    uint32_t set = 0;

    for (int id = 0; id < IDS; id++) {
        int widest = -1;
        for (int i = 0; i < PANELS; i++) {
            const struct model_panel *panel = &panels[i];
            bool live = panel->id == id &&
                        (panel->expires == NOT_GIVEN ||
                         minutes < panel->expires) &&
                        is_on(panel, berlin, minutes, trusted);
            if (live && panel->scope > widest)
                widest = panel->scope;
        }
        if (widest >= 0)
            set |= 1U << (id * SCOPES + widest);
    }
    return set;
}

static int below(uint64_t *random, int bound)
{
    return (int)random_below(random, (uint32_t)bound);
}

static bool chance(uint64_t *random, int percent)
{
    return below(random, 100) < percent;
}

static void make_panel(uint64_t *random, int number, struct model_panel *out)
{
    *out = (struct model_panel){.id = below(random, IDS),
                                .scope = below(random, SCOPES),
                                .seq = number + 1,
                                .effective = NOT_GIVEN,
                                .expires = NOT_GIVEN,
                                .from = NOT_GIVEN,
                                .until = NOT_GIVEN,
                                .first = NOT_GIVEN,
                                .month = NOT_GIVEN,
                                .campaign = chance(random, 20)};
    if (chance(random, 15))
        out->effective = (int64_t)(FIRST_DAY + below(random, DAYS)) * DAY +
                         below(random, DAY);
    if (chance(random, 15))
        out->expires = (int64_t)(FIRST_DAY + 30 + below(random, DAYS)) * DAY +
                       below(random, DAY);
    if (out->expires != NOT_GIVEN && out->expires <= out->effective)
        out->expires = out->effective + 1;
    if (chance(random, 20))
        out->from = FIRST_DAY + below(random, DAYS);
    if (chance(random, 20))
        out->until = (out->from == NOT_GIVEN ? FIRST_DAY : out->from) +
                     below(random, DAYS);
    if (chance(random, 30))
        out->weekdays = 1U + (unsigned)below(random, 127);
    if (chance(random, 50))
        out->hours_count = 1 + below(random, HOURS_MAX);
    for (int i = 0; i < out->hours_count; i++) {
        out->hours[i][0] = below(random, DAY);
        do
            out->hours[i][1] = below(random, DAY);
        while (out->hours[i][1] == out->hours[i][0]);
    }
    out->workday = chance(random, 10);
    out->restday = chance(random, 10);
    out->holiday = chance(random, 10);
    if (chance(random, 15)) {
        out->first = FIRST_DAY + below(random, DAYS);
        out->last = out->first + below(random, 20);
    }
    if (chance(random, 15)) {
        out->month = 1 + below(random, 12);
        out->date = 1 + below(random, 29);
    }
}

static void set_date(json_t *object, const char *name, int day)
{
    char text[TIMESTAMP_DATE_BYTES];

    if (day == NOT_GIVEN)
        return;
    timestamp_format_date(day, text);
    json_object_set_new(object, name, json_string(text));
}

static json_t *make_dates(const struct model_panel *panel)
{
    json_t *dates = json_array();
    char text[2 * TIMESTAMP_DATE_BYTES];

    if (panel->workday)
        json_array_append_new(dates, json_string("workday"));
    if (panel->restday)
        json_array_append_new(dates, json_string("restday"));
    if (panel->holiday)
        json_array_append_new(dates, json_string("holiday"));
    if (panel->first != NOT_GIVEN) {
        timestamp_format_date(panel->first, text);
        text[10] = '/';
        timestamp_format_date(panel->last, text + 11);
        json_array_append_new(dates, json_string(text));
    }
    if (panel->month != NOT_GIVEN) {
        snprintf(text, sizeof text, "%02d-%02d", panel->month, panel->date);
        json_array_append_new(dates, json_string(text));
    }
    return dates;
}

static void set_list(json_t *object, const char *name, json_t *list)
{
    if (json_array_size(list) > 0)
        json_object_set_new(object, name, list);
    else
        json_decref(list);
}

static json_t *make_schedule(const struct model_panel *panel)
{
    json_t *schedule = json_object();
    json_t *days = json_array(), *hours = json_array();
    char text[32];

    set_date(schedule, "from", panel->from);
    set_date(schedule, "until", panel->until);
    for (int i = 0; i < 7; i++)
        if (panel->weekdays & 1U << i)
            json_array_append_new(days, json_string(weekday_words[i]));
    for (int i = 0; i < panel->hours_count; i++) {
        snprintf(text, sizeof text, "%02d:%02d-%02d:%02d",
                 panel->hours[i][0] / 60, panel->hours[i][0] % 60,
                 panel->hours[i][1] / 60, panel->hours[i][1] % 60);
        json_array_append_new(hours, json_string(text));
    }
    set_list(schedule, "days", days);
    set_list(schedule, "hours", hours);
    set_list(schedule, "dates", make_dates(panel));
    if (panel->campaign)
        json_object_set_new(schedule, "priority", json_string("campaign"));
    return schedule;
}

static void set_time(json_t *body, const char *name, int64_t minutes)
{
    char text[TIMESTAMP_BYTES];

    if (minutes == NOT_GIVEN)
        return;
    timestamp_format(minutes * MINUTE_MS, 0, text);
    json_object_set_new(body, name, json_string(text));
}

static struct message *make_message(const struct model_panel *panel)
{
    struct problem problem = {0};
    struct message *message = NULL;
    char id[8];

    snprintf(id, sizeof id, "p%d", panel->id);
    json_t *body = json_pack(
        "{s:i, s:s, s:s, s:s, s:s, s:I, s:s, s:{s:s, s:s, s:s, s:o}}", "gaoshi",
        1, "kind", "panel", "org", "erqi", "scope", scopes[panel->scope], "id",
        id, "seq", (json_int_t)panel->seq, "issued",
        "2026-12-01T00:00:00-00:00", "panel", "template", "title", "section",
        "general", "title", "t", "schedule", make_schedule(panel));
    assert_non_null(body);
    set_time(body, "effective", panel->effective);
    set_time(body, "expires", panel->expires);
    char *text = json_dumps(body, JSON_COMPACT);
    if (!message_parse(text, strlen(text), MESSAGE_WIRE, "model", &message,
                       &problem))
        fail_msg("%s: %s", text, problem.expected);
    free(text);
    json_decref(body);
    return message;
}

static uint32_t programme_set(const struct programme *programme)
{
    uint32_t set = 0;

    for (int group = 0; group < GROUP_COUNT; group++) {
        const struct panel_list *list = programme_list(programme,
                                                       (enum panel_group)group);
        for (size_t i = 0; i < list->count; i++) {
            int id = list->items[i]->id[1] - '0';
            int scope = scope_rank(list->items[i]->scope);
            scope = scope == 0 ? 0 : scope == 7 ? 3 : scope == 6 ? 2 : 1;
            set |= 1U << (id * SCOPES + scope);
        }
    }
    return set;
}

struct run {
    uint64_t random;
    bool berlin;
    struct calendar calendar;
    struct programme *programme;
    struct model_panel panels[PANELS];
    struct moment now;
    struct board_ended_queue ended;
};

static void take_panels(struct run *run)
{
    const struct arrival arrival = {true, TIMESTAMP_NONE, 0};

    for (int i = 0; i < PANELS; i++) {
        make_panel(&run->random, i, &run->panels[i]);
        for (int j = 0; j < i; j++) /* it replaces one of the same slot */
            if (run->panels[j].id == run->panels[i].id &&
                run->panels[j].scope == run->panels[i].scope)
                run->panels[j].id = IDS;
        struct board_taken taken =
            programme_take(run->programme, make_message(&run->panels[i]),
                           &arrival, &run->now, &run->ended, NULL);
        assert_true(taken.effect != BOARD_REFUSED);
    }
}

static void compare(struct run *run)
{
    int64_t minutes = run->now.wall_ms / MINUTE_MS;
    uint32_t expected = model_set(run->panels, run->berlin, minutes,
                                  run->now.wall_trusted);

    run->ended.count = 0;
    programme_advance(run->programme, &run->now, &run->ended);
    assert_int_equal(programme_set(run->programme), expected);
    int64_t next_ms = programme_next_ms(run->programme, &run->now);
    assert_true(next_ms > run->now.mono_ms);
    if (next_ms == INT64_MAX || !run->now.wall_trusted)
        return;
    /* Until it asks to be called again nothing changes. */
    int64_t left = (next_ms - run->now.mono_ms - 1) / MINUTE_MS;
    assert_int_equal(model_set(run->panels, run->berlin, minutes + left, true),
                     expected);
    int64_t any = (int64_t)(left * (below(&run->random, 1000) / 1000.0));
    assert_int_equal(model_set(run->panels, run->berlin, minutes + any, true),
                     expected);
}

/* Mostly the clock goes on; sometimes it is set. */
static void go_on(struct run *run)
{
    static const int steps[] = {1, 60, DAY, 30 * DAY};
    int64_t minutes = 1 + below(&run->random, steps[below(&run->random, 4)]);
    int64_t next_ms = programme_next_ms(run->programme, &run->now);

    if (chance(&run->random, 40) && next_ms != INT64_MAX &&
        run->now.wall_trusted)
        minutes = (next_ms - run->now.mono_ms) / MINUTE_MS;
    run->now.mono_ms += minutes * MINUTE_MS;
    run->now.wall_ms += minutes * MINUTE_MS;
}

/* What an untrusted clock keeps of panels that end is told by other tests: here
 * none ends. */
static void doubt(struct run *run)
{
    struct moment doubted = run->now;

    for (int i = 0; i < PANELS; i++)
        if (run->panels[i].expires != NOT_GIVEN ||
            run->panels[i].effective != NOT_GIVEN)
            return;
    doubted.wall_trusted = doubted.wall_confirmed = false;
    run->ended.count = 0;
    programme_advance(run->programme, &doubted, &run->ended);
    assert_int_equal(programme_set(run->programme),
                     model_set(run->panels, run->berlin, 0, false));
    size_t waiting = 0;
    for (int i = 0; i < PANELS; i++)
        waiting += run->panels[i].id < IDS && is_timed(&run->panels[i]);
    assert_int_equal(programme_waiting(run->programme), waiting);
}

static void run_once(uint64_t seed)
{
    struct run *run = calloc(1, sizeof *run);
    struct problem problem = {0};

    assert_non_null(run);
    run->random = seed * 2654435761U + 1;
    run->berlin = chance(&run->random, 60);
    assert_true(zone_read(run->berlin ? "Europe/Berlin" : "Asia/Shanghai",
                          &run->calendar.zone));
    assert_true(holidays_add(&run->calendar.holidays, table, "t", &problem));
    run->programme = programme_create(&run->calendar, PANELS);
    assert_non_null(run->programme);
    run->now = (struct moment){
        .mono_ms = 1000,
        .wall_ms = (int64_t)FIRST_DAY * DAY * MINUTE_MS -
                   below(&run->random, 3 * DAY) * (int64_t)MINUTE_MS,
        .wall_trusted = true,
        .wall_confirmed = true,
        .floor_ms = TIMESTAMP_NONE,
    };
    take_panels(run);
    for (int i = 0; i < MOMENTS; i++) {
        compare(run);
        if (chance(&run->random, 10))
            doubt(run);
        go_on(run);
    }
    programme_destroy(run->programme);
    calendar_finish(&run->calendar);
    free(run);
}

static void the_programme_is_that_of_the_model(void **state)
{
    (void)state;
    for (int i = 0; i < PROGRAMMES; i++)
        run_once((uint64_t)i);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_programme_is_that_of_the_model),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
