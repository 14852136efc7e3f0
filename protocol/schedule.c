/* Reads the schedule of a panel, and the same days and hours in one line of a
 * configuration. */
#include "protocol/schedule.h"

#include "base/timestamp.h"

#include <stdio.h>
#include <string.h>

enum { WEEKDAYS = 7, WORD_BYTES = 32 };

const struct schedule schedule_always = {
    .times = {.from_day = SCHEDULE_DAY_FIRST, .until_day = SCHEDULE_DAY_LAST},
    .share = 100,
    .weight = 1,
};

static const char *const weekday_names[WEEKDAYS] = {
    "sun", "mon", "tue", "wed", "thu", "fri", "sat",
};

static const struct json_words weekdays = {
    .names = weekday_names,
    .count = WEEKDAYS,
    .unknown = -1,
};

static const char *const priority_names[SCHEDULE_PRIORITY_COUNT] = {
    [SCHEDULE_ORDINARY] = "ordinary",
    [SCHEDULE_CAMPAIGN] = "campaign",
};

static const struct json_words priorities = {
    .names = priority_names,
    .count = SCHEDULE_PRIORITY_COUNT,
    .unknown = -1,
    .passable = true,
};

struct body {
    const char *from, *until;
    int days[WEEKDAYS];
    size_t day_count;
    const char *hours[LIMIT_SCHEDULE_HOURS];
    size_t hours_count;
    const char *dates[LIMIT_SCHEDULE_DATES];
    size_t date_count;
    enum schedule_priority priority;
    int share, weight, stand_s;
};

/* clang-format off */
static const struct json_field word_field = {
    .name = "word", .shape = FIELD_LINE, .most = WORD_BYTES - 1,
};

#define BODY(member) .offset = offsetof(struct body, member)
static const struct json_field body_fields[] = {
    {"from", FIELD_LINE, BODY(from), .most = WORD_BYTES - 1},
    {"until", FIELD_LINE, BODY(until), .most = WORD_BYTES - 1},
    {"days", FIELD_TEXTS, BODY(days), .least = 1, .most = WEEKDAYS,
     .list = &(const struct json_list){
         &(const struct json_field){.shape = FIELD_WORD, .words = &weekdays},
         sizeof(int), offsetof(struct body, day_count)}},
    {"hours", FIELD_TEXTS, BODY(hours), .least = 1,
     .most = LIMIT_SCHEDULE_HOURS,
     .list = &(const struct json_list){
         &word_field, sizeof(const char *),
         offsetof(struct body, hours_count)}},
    {"dates", FIELD_TEXTS, BODY(dates), .least = 1,
     .most = LIMIT_SCHEDULE_DATES,
     .list = &(const struct json_list){
         &word_field, sizeof(const char *),
         offsetof(struct body, date_count)}},
    {"priority", FIELD_WORD, BODY(priority), .words = &priorities},
    {"share", FIELD_INT, BODY(share), .least = 1, .most = 100},
    {"weight", FIELD_INT, BODY(weight), .least = 1,
     .most = LIMIT_SCHEDULE_WEIGHT},
    {"stand_s", FIELD_INT, BODY(stand_s), .most = LIMIT_SCHEDULE_STAND_S},
    {0},
};
/* clang-format on */

/* Two digits of at most `most`, or -1. */
static int two_digits(const char *text, int most)
{
    if (text[0] < '0' || text[0] > '9' || text[1] < '0' || text[1] > '9')
        return -1;
    int number = (text[0] - '0') * 10 + text[1] - '0';
    return number <= most ? number : -1;
}

/* 00:00 … 24:00, or -1. */
static int minute_of(const char *text)
{
    int hour = two_digits(text, 24);
    int minute = hour < 0 || text[2] != ':' ? -1 : two_digits(text + 3, 59);

    return minute < 0 || hour * 60 + minute > SCHEDULE_DAY_MINUTES
               ? -1
               : hour * 60 + minute;
}

/* 07:00-09:30; an end that is not behind the beginning lies on the next day. */
static bool parse_hours(const char *text, struct schedule_hours *out)
{
    if (strlen(text) != 11 || text[5] != '-')
        return false;
    int from = minute_of(text);
    int until = minute_of(text + 6);
    if (from < 0 || until < 0 || from == until || from == SCHEDULE_DAY_MINUTES)
        return false;
    *out = (struct schedule_hours){
        from, until > from ? until : until + SCHEDULE_DAY_MINUTES};
    return true;
}

/* 10-01. A leap year tells whether the day exists. */
static bool parse_yearly(const char *text, struct schedule_yearly *out)
{
    char date[TIMESTAMP_DATE_BYTES];
    int day;

    if (strlen(text) != 5)
        return false;
    snprintf(date, sizeof date, "2000-%s", text);
    if (!timestamp_parse_date(date, &day))
        return false;
    *out = (struct schedule_yearly){two_digits(text, 12),
                                    two_digits(text + 3, 31)};
    return true;
}

/* 2026-10-01, or 2026-10-01/2026-10-07. */
static bool parse_days(const char *text, struct schedule_days *out)
{
    enum { DATE = TIMESTAMP_DATE_BYTES - 1 };
    char first[TIMESTAMP_DATE_BYTES] = "";
    struct schedule_days days;
    size_t length = strlen(text);

    if (length != DATE && (length != 2 * DATE + 1 || text[DATE] != '/'))
        return false;
    memcpy(first, text, DATE);
    if (!timestamp_parse_date(first, &days.first) ||
        !timestamp_parse_date(text + length - DATE, &days.last) ||
        days.last < days.first)
        return false;
    *out = days;
    return true;
}

static unsigned day_kind_of(const char *text)
{
    static const struct {
        const char *name;
        unsigned kind;
    } kinds[] = {{"workday", SCHEDULE_WORKDAY},
                 {"restday", SCHEDULE_RESTDAY},
                 {"holiday", SCHEDULE_HOLIDAY}};

    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (strcmp(kinds[i].name, text) == 0)
            return kinds[i].kind;
    return 0;
}

static bool add_date(struct schedule_times *times, const char *text)
{
    unsigned kind = day_kind_of(text);

    times->day_kinds |= kind;
    times->has_dates = true;
    if (kind != 0)
        return true;
    if (times->day_count < LIMIT_SCHEDULE_DATES &&
        parse_days(text, &times->days[times->day_count])) {
        times->day_count++;
        return true;
    }
    if (times->yearly_count < LIMIT_SCHEDULE_DATES &&
        parse_yearly(text, &times->yearly[times->yearly_count])) {
        times->yearly_count++;
        return true;
    }
    return false;
}

static bool read_hours(const struct body *body, const struct json_place *place,
                       struct schedule_times *times, struct problem *problem)
{
    const struct json_place hours = {.parent = place, .name = "hours"};

    for (size_t i = 0; i < body->hours_count; i++) {
        const struct json_place entry = {.parent = &hours, .index = i};
        if (!parse_hours(body->hours[i], &times->hours[i]))
            return json_read_problem(problem, &entry, NULL,
                                     "text «%s» found, a span such as "
                                     "07:00-09:30 or 22:00-06:00 expected",
                                     body->hours[i]);
    }
    times->hours_count = body->hours_count;
    return true;
}

static bool read_dates(const struct body *body, const struct json_place *place,
                       struct schedule_times *times, struct problem *problem)
{
    const struct json_place dates = {.parent = place, .name = "dates"};

    for (size_t i = 0; i < body->date_count; i++) {
        const struct json_place entry = {.parent = &dates, .index = i};
        if (!add_date(times, body->dates[i]))
            return json_read_problem(problem, &entry, NULL,
                                     "text «%s» found; workday, restday, "
                                     "holiday, 2026-10-01, "
                                     "2026-10-01/2026-10-07 or 10-01 expected",
                                     body->dates[i]);
    }
    return true;
}

/* A date of «from» or «until»; absent: *day stays. */
static bool read_day(const char *text, const char *name,
                     const struct json_place *place, int *day,
                     struct problem *problem)
{
    return !text[0] || timestamp_parse_date(text, day) ||
           json_read_problem(problem, place, name,
                             "text «%s» found, a date such as 2026-10-01 "
                             "expected",
                             text);
}

static bool read_times(const struct body *body, const struct json_place *place,
                       struct schedule_times *times, struct problem *problem)
{
    if (!read_day(body->from, "from", place, &times->from_day, problem) ||
        !read_day(body->until, "until", place, &times->until_day, problem))
        return false;
    if (times->until_day < times->from_day)
        return json_read_problem(problem, place, "until",
                                 "a date that is not before from expected");
    for (size_t i = 0; i < body->day_count; i++)
        times->weekdays |= 1U << body->days[i];
    return read_hours(body, place, times, problem) &&
           read_dates(body, place, times, problem);
}

bool schedule_read(json_t *object, const struct json_place *place,
                   struct schedule *out, struct json_passed *passed,
                   struct problem *problem)
{
    struct schedule schedule = schedule_always;
    struct body body = {0};

    if (!json_read_object(object, place, body_fields, &body, passed, problem) ||
        !read_times(&body, place, &schedule.times, problem))
        return false;
    schedule.priority = body.priority;
    if (body.weight > 0)
        schedule.weight = body.weight;
    schedule.stand_s = body.stand_s;
    if (body.share > 0 && body.priority != SCHEDULE_CAMPAIGN && !passed)
        return json_read_problem(problem, place, "share",
                                 "only priority campaign has this field");
    if (body.share > 0 && body.priority == SCHEDULE_CAMPAIGN)
        schedule.share = body.share;
    *out = schedule;
    return true;
}

static int weekday_of(const char *text)
{
    for (int i = 0; i < WEEKDAYS; i++)
        if (strncmp(weekday_names[i], text, 3) == 0)
            return i;
    return -1;
}

/* mon, or mon-fri; a span may go over the week's end. */
static bool parse_weekdays(const char *text, unsigned *out)
{
    size_t length = strlen(text);
    int first = weekday_of(text);
    int last = length == 7 && text[3] == '-' ? weekday_of(text + 4) : first;

    if ((length != 3 && length != 7) || first < 0 || last < 0 ||
        (length == 7 && text[3] != '-'))
        return false;
    for (int day = first;; day = (day + 1) % WEEKDAYS) {
        *out |= 1U << day;
        if (day == last)
            return true;
    }
}

static bool add_word(struct schedule_times *times, const char *word)
{
    if (parse_weekdays(word, &times->weekdays) || add_date(times, word))
        return true;
    times->has_dates = times->day_count + times->yearly_count > 0 ||
                       times->day_kinds != 0;
    if (times->hours_count == LIMIT_SCHEDULE_HOURS ||
        !parse_hours(word, &times->hours[times->hours_count]))
        return false;
    times->hours_count++;
    return true;
}

bool schedule_times_parse(const char *words, struct schedule_times *out,
                          const char **wrong, size_t *bytes)
{
    struct schedule_times times = schedule_always.times;

    for (words += strspn(words, " \t"); *words; words += strspn(words, " \t")) {
        char word[WORD_BYTES];
        size_t length = strcspn(words, " \t");
        *wrong = words;
        *bytes = length;
        if (length >= sizeof word)
            return false;
        snprintf(word, sizeof word, "%.*s", (int)length, words);
        if (!add_word(&times, word))
            return false;
        words += length;
    }
    *out = times;
    return true;
}

bool schedule_times_need_clock(const struct schedule_times *times)
{
    return times->from_day != SCHEDULE_DAY_FIRST ||
           times->until_day != SCHEDULE_DAY_LAST || times->weekdays != 0 ||
           times->has_dates || times->hours_count > 0;
}
