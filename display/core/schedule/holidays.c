/* Reads tables of holidays and looks days up in them. */
#include "display/core/schedule/holidays.h"

#include "base/timestamp.h"

#include <stdlib.h>
#include <string.h>

enum { LINE_BYTES = 256, WEEK = 7, THURSDAY = 4 };

static int weekday_of(int day)
{
    return ((day + THURSDAY) % WEEK + WEEK) % WEEK; /* 1970 began on one */
}

/* Index of the day, or of the place where it would stand. */
static size_t place_of(const struct holidays *holidays, int day)
{
    size_t low = 0, high = holidays->count;

    while (low < high) {
        size_t middle = (low + high) / 2;
        if (holidays->days[middle].day < day)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool put(struct holidays *holidays, int day, bool works)
{
    size_t at = place_of(holidays, day);

    if (at == holidays->count || holidays->days[at].day != day) {
        if (holidays->count == HOLIDAYS_MAX)
            return false;
        memmove(holidays->days + at + 1, holidays->days + at,
                (holidays->count - at) * sizeof *holidays->days);
        holidays->count++;
    }
    holidays->days[at] = (struct holiday){day, works};
    return true;
}

/* DATE or DATE/DATE, then a blank. */
static const char *read_span(const char *line, int *first, int *last)
{
    enum { DATE = TIMESTAMP_DATE_BYTES - 1 };
    size_t length = strcspn(line, " \t");
    char date[TIMESTAMP_DATE_BYTES] = "";

    if (length != DATE && (length != 2 * DATE + 1 || line[DATE] != '/'))
        return NULL;
    memcpy(date, line, DATE);
    if (!timestamp_parse_date(date, first))
        return NULL;
    memcpy(date, line + length - DATE, DATE);
    if (!timestamp_parse_date(date, last) || *last < *first)
        return NULL;
    return line + length + strspn(line + length, " \t");
}

static bool add_line(struct holidays *holidays, const char *line,
                     struct problem *problem)
{
    int first = 0, last = 0;
    const char *kind = read_span(line, &first, &last);
    size_t length = kind ? strcspn(kind, " \t") : 0;
    bool works = length == 7 && strncmp(kind, "workday", 7) == 0;

    if (!works && !(length == 7 && strncmp(kind, "holiday", 7) == 0))
        return problem_set(problem, PROBLEM_FIELD,
                           "«%.60s», expected a line such as «2026-10-01 "
                           "holiday» or «2026-10-10 workday»",
                           line);
    if (last - first >= HOLIDAYS_MAX)
        return problem_set(problem, PROBLEM_TOO_LARGE,
                           "more than %d days in one span", HOLIDAYS_MAX);
    for (int day = first; day <= last; day++)
        if (!put(holidays, day, works))
            return problem_set(problem, PROBLEM_TOO_LARGE,
                               "more than %d days in all tables", HOLIDAYS_MAX);
    return true;
}

static bool add_lines(struct holidays *holidays, const char *text,
                      struct problem *problem)
{
    for (int number = 1; *text; number++) {
        char line[LINE_BYTES];
        size_t length = strcspn(text, "\n");
        size_t used = length > 0 && text[length - 1] == '\r' ? length - 1
                                                             : length;
        bool good = used < sizeof line;
        if (good) {
            memcpy(line, text, used);
            line[used] = '\0';
            const char *begin = line + strspn(line, " \t");
            good = !*begin || *begin == '#' ||
                   add_line(holidays, begin, problem);
        } else {
            problem_set(problem, PROBLEM_TOO_LARGE,
                        "a line of more than %d bytes", LINE_BYTES - 1);
        }
        if (!good && problem)
            problem->line = number;
        if (!good)
            return false;
        text += length + (text[length] == '\n');
    }
    return true;
}

bool holidays_add(struct holidays *holidays, const char *text,
                  const char *place, struct problem *problem)
{
    struct holidays next = {
        .days = calloc(HOLIDAYS_MAX, sizeof *next.days),
        .count = holidays->count,
    };

    if (!next.days)
        return problem_set(problem, PROBLEM_SYSTEM, "no memory for holidays");
    if (holidays->count > 0)
        memcpy(next.days, holidays->days, holidays->count * sizeof *next.days);
    if (!add_lines(&next, text, problem)) {
        problem_set_place(problem, place);
        free(next.days);
        return false;
    }
    free(holidays->days);
    *holidays = next;
    return true;
}

void holidays_finish(struct holidays *holidays)
{
    free(holidays->days);
    *holidays = (struct holidays){0};
}

unsigned holidays_kinds(const struct holidays *holidays, int day)
{
    size_t at = place_of(holidays, day);
    int weekday = weekday_of(day);

    if (at < holidays->count && holidays->days[at].day == day)
        return holidays->days[at].works ? SCHEDULE_WORKDAY
                                        : SCHEDULE_RESTDAY | SCHEDULE_HOLIDAY;
    return weekday == 0 || weekday == 6 ? SCHEDULE_RESTDAY : SCHEDULE_WORKDAY;
}

int holidays_last_day(const struct holidays *holidays)
{
    return holidays->count > 0 ? holidays->days[holidays->count - 1].day
                               : INT32_MIN;
}
