/* Times of messages: strict text on the wire, milliseconds inside. */
#include "base/timestamp.h"

#include <string.h>

enum {
    MS_PER_SECOND = 1000,
    MS_PER_MINUTE = 60 * MS_PER_SECOND,
    MS_PER_HOUR = 60 * MS_PER_MINUTE,
    MS_PER_DAY = 24 * MS_PER_HOUR,
    YEAR_FIRST = 1970,
    YEAR_LAST = 9999,
    OFFSET_MAX_MINUTES = 14 * 60,
};

static bool is_leap_year(int year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int days_in_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    return month == 2 && is_leap_year(year) ? 29 : days[month - 1];
}

/* Days from 1970-01-01. Years are counted from March, so that the leap day
 * comes last and the lengths of months follow one line: (153 m + 2) / 5. */
static int64_t days_from_civil(int year, int month, int day)
{
    int64_t y = month > 2 ? year : year - 1;
    int64_t m = month > 2 ? month - 3 : month + 9;
    const int64_t days_to_1970 = 719468; /* from 0000-03-01 */

    return y * 365 + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1 -
           days_to_1970;
}

static int64_t floor_divide(int64_t number, int64_t divisor)
{
    int64_t quotient = number / divisor;

    return quotient * divisor > number ? quotient - 1 : quotient;
}

/* The inverse of days_from_civil, in years of March, by eras of 400 years. */
static void civil_from_days(int64_t days, struct civil_time *civil)
{
    const int64_t era_days = 146097;
    int64_t shifted = days + 719468;
    int64_t era = floor_divide(shifted, era_days);
    int64_t of_era = shifted - era * era_days;
    int64_t year_of_era =
        (of_era - of_era / 1460 + of_era / 36524 - of_era / (era_days - 1)) /
        365;
    int64_t of_year = of_era -
                      (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t m = (5 * of_year + 2) / 153;

    civil->day = (int)(of_year - (153 * m + 2) / 5 + 1);
    civil->month = (int)(m < 10 ? m + 3 : m - 9);
    civil->year = (int)(era * 400 + year_of_era + (civil->month <= 2));
    civil->weekday = (int)(((days + 4) % 7 + 7) % 7); /* a Thursday was 0 */
}

/* Compares the text with a shape in which '0' stands for any digit and '+'
 * for either sign; the shape's end is the text's end. */
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

static bool is_real(const struct civil_time *civil)
{
    return civil->year >= YEAR_FIRST && civil->year <= YEAR_LAST &&
           civil->month >= 1 && civil->month <= 12 && civil->day >= 1 &&
           civil->day <= days_in_month(civil->year, civil->month) &&
           civil->hour <= 23 && civil->minute <= 59 && civil->second <= 59;
}

bool timestamp_parse(const char *text, int64_t *ms)
{
    if (!has_shape(text, "0000-00-00T00:00:00+00:00"))
        return false;
    struct civil_time civil = {
        .year = read_digits(text, 4),
        .month = read_digits(text + 5, 2),
        .day = read_digits(text + 8, 2),
        .hour = read_digits(text + 11, 2),
        .minute = read_digits(text + 14, 2),
        .second = read_digits(text + 17, 2),
    };
    int offset_minute = read_digits(text + 23, 2);
    int offset = read_digits(text + 20, 2) * 60 + offset_minute;
    if (!is_real(&civil) || offset_minute > 59 || offset > OFFSET_MAX_MINUTES)
        return false;
    if (text[19] == '-')
        offset = -offset;
    int64_t minutes = (int64_t)(civil.hour * 60 + civil.minute - offset);
    *ms = days_from_civil(civil.year, civil.month, civil.day) * MS_PER_DAY +
          minutes * MS_PER_MINUTE + (int64_t)civil.second * MS_PER_SECOND;
    return true;
}

struct civil_time timestamp_civil(int64_t ms, int offset_minutes)
{
    struct civil_time civil;
    int64_t local = ms + (int64_t)offset_minutes * MS_PER_MINUTE;
    int64_t days = floor_divide(local, MS_PER_DAY);
    int64_t of_day = local - days * MS_PER_DAY;

    civil_from_days(days, &civil);
    civil.hour = (int)(of_day / MS_PER_HOUR);
    civil.minute = (int)(of_day / MS_PER_MINUTE % 60);
    civil.second = (int)(of_day / MS_PER_SECOND % 60);
    return civil;
}

static void put_digits(char *out, int number, int count)
{
    for (int i = count - 1; i >= 0; i--) {
        out[i] = (char)('0' + number % 10);
        number /= 10;
    }
}

/* West of Greenwich the last hours of 9999 are of the year 10000 elsewhere:
 * there is no later time to write than the end of 9999. */
static int64_t within_years(int64_t ms, int offset_minutes)
{
    int64_t last_ms = days_from_civil(YEAR_LAST + 1, 1, 1) * MS_PER_DAY -
                      MS_PER_SECOND - (int64_t)offset_minutes * MS_PER_MINUTE;

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
