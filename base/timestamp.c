/* Times of messages: strict text on the wire, milliseconds inside. */
#include "base/timestamp.h"

#include <string.h>
#include <time.h>

enum {
    MS_PER_SECOND = 1000,
    MS_PER_MINUTE = 60 * MS_PER_SECOND,
    YEAR_FIRST = 1970,
    OFFSET_MAX_MINUTES = 14 * 60,
};

static const int64_t YEARS_END_S = 253402300799; /* 9999-12-31T23:59:59Z */

/* Compares the text with a shape of the same length, in which '0' stands for
 * any digit and '+' for either sign. */
static bool has_shape(const char *text, const char *shape)
{
    for (; *shape; shape++, text++) {
        bool fits = *shape == '0'   ? *text >= '0' && *text <= '9'
                    : *shape == '+' ? *text == '+' || *text == '-'
                                    : *text == *shape;
        if (!fits)
            return false;
    }
    return *text == '\0';
}

static int read_digits(const char *text, int count)
{
    int number = 0;

    for (int i = 0; i < count; i++)
        number = number * 10 + (text[i] - '0');
    return number;
}

/* timegm turns 31 June into 1 July: only a date that exists comes back
 * unchanged. */
static bool to_seconds(const struct tm *given, int64_t *seconds)
{
    struct tm taken = *given;

    *seconds = timegm(&taken);
    return taken.tm_year == given->tm_year && taken.tm_mon == given->tm_mon &&
           taken.tm_mday == given->tm_mday && taken.tm_hour == given->tm_hour &&
           taken.tm_min == given->tm_min && taken.tm_sec == given->tm_sec;
}

bool timestamp_parse(const char *text, int64_t *ms)
{
    if (!has_shape(text, "0000-00-00T00:00:00+00:00"))
        return false;
    const struct tm civil = {
        .tm_year = read_digits(text, 4) - 1900,
        .tm_mon = read_digits(text + 5, 2) - 1,
        .tm_mday = read_digits(text + 8, 2),
        .tm_hour = read_digits(text + 11, 2),
        .tm_min = read_digits(text + 14, 2),
        .tm_sec = read_digits(text + 17, 2),
    };
    int64_t seconds;
    int offset_minute = read_digits(text + 23, 2);
    int offset = read_digits(text + 20, 2) * 60 + offset_minute;
    if (civil.tm_year < YEAR_FIRST - 1900 || !to_seconds(&civil, &seconds) ||
        offset_minute > 59 || offset > OFFSET_MAX_MINUTES)
        return false;
    if (text[19] == '-')
        offset = -offset;
    *ms = seconds * MS_PER_SECOND - (int64_t)offset * MS_PER_MINUTE;
    return true;
}

struct civil_time timestamp_civil(int64_t ms, int offset_minutes)
{
    int64_t local_ms = ms + (int64_t)offset_minutes * MS_PER_MINUTE;
    time_t seconds = local_ms / MS_PER_SECOND - (local_ms % MS_PER_SECOND < 0);
    struct tm parts = {0};

    gmtime_r(&seconds, &parts);
    return (struct civil_time){
        .year = parts.tm_year + 1900,
        .month = parts.tm_mon + 1,
        .day = parts.tm_mday,
        .hour = parts.tm_hour,
        .minute = parts.tm_min,
        .second = parts.tm_sec,
        .weekday = parts.tm_wday,
    };
}

static void put_digits(char *out, int number, int count)
{
    for (int i = count - 1; i >= 0; i--) {
        out[i] = (char)('0' + number % 10);
        number /= 10;
    }
}

/* At some offsets the last hours of 9999 fall into the year 10000. They are
 * written as the end of 9999, the last time that the format can express. */
static int64_t within_years(int64_t ms, int offset_minutes)
{
    int64_t last_ms = YEARS_END_S * MS_PER_SECOND -
                      (int64_t)offset_minutes * MS_PER_MINUTE;

    return ms < last_ms ? ms : last_ms;
}

void timestamp_format(int64_t ms, int offset_minutes, char out[TIMESTAMP_BYTES])
{
    struct civil_time civil = timestamp_civil(within_years(ms, offset_minutes),
                                              offset_minutes);
    int offset = offset_minutes < 0 ? -offset_minutes : offset_minutes;

    memcpy(out, "0000-00-00T00:00:00+00:00", TIMESTAMP_BYTES);
    put_digits(out, civil.year, 4);
    put_digits(out + 5, civil.month, 2);
    put_digits(out + 8, civil.day, 2);
    put_digits(out + 11, civil.hour, 2);
    put_digits(out + 14, civil.minute, 2);
    put_digits(out + 17, civil.second, 2);
    /* CAP 1.2 writes UTC as -00:00. */
    out[19] = offset_minutes > 0 ? '+' : '-';
    put_digits(out + 20, offset / 60, 2);
    put_digits(out + 23, offset % 60, 2);
}

bool timestamp_parse_date(const char *text, int *day)
{
    char whole[TIMESTAMP_BYTES] = "0000-00-00T00:00:00+00:00";
    int64_t ms;

    if (strlen(text) != TIMESTAMP_DATE_BYTES - 1)
        return false;
    memcpy(whole, text, TIMESTAMP_DATE_BYTES - 1);
    if (!timestamp_parse(whole, &ms))
        return false;
    *day = (int)(ms / TIMESTAMP_DAY_MS);
    return true;
}

void timestamp_format_date(int day, char out[TIMESTAMP_DATE_BYTES])
{
    char whole[TIMESTAMP_BYTES];

    timestamp_format(day * TIMESTAMP_DAY_MS, 0, whole);
    memcpy(out, whole, TIMESTAMP_DATE_BYTES - 1);
    out[TIMESTAMP_DATE_BYTES - 1] = '\0';
}
