/* Times as CAP 1.2 writes them: 2021-07-20T18:30:00+08:00, with the offset in
 * numbers, never Z. In the program they are int64 milliseconds since
 * 1970-01-01T00:00Z. */
#ifndef GAOSHI_BASE_TIMESTAMP_H
#define GAOSHI_BASE_TIMESTAMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TIMESTAMP_NONE INT64_MIN

enum { TIMESTAMP_BYTES = 26 };

/* A civil date and time at some offset from UTC. */
struct civil_time {
    int year, month, day;     /* month 1–12, day 1–31 */
    int hour, minute, second; /* 0–23, 0–59, 0–59 */
    int weekday;              /* 0 Sunday … 6 Saturday */
};

/* Strict: years 1970–9999, real dates only, no fraction, offset ±hh:mm up to
 * 14:00. Leaves *ms untouched on failure. */
bool timestamp_parse(const char *text, int64_t *ms);

/* Writes the time at the offset (minutes east of UTC). ms must lie in the years
 * above; a time that falls into the year 10000 at this offset becomes the end
 * of 9999. */
void timestamp_format(int64_t ms, int offset_minutes,
                      char out[TIMESTAMP_BYTES]);

struct civil_time timestamp_civil(int64_t ms, int offset_minutes);

#define TIMESTAMP_DAY_MS (INT64_C(24) * 60 * 60 * 1000)

/* A date such as 2026-10-01, as the number of days since 1970-01-01. Strict:
 * years 1970–9999 and real dates only. Leaves *day untouched on failure. */
bool timestamp_parse_date(const char *text, int *day);

/* Writes the date; day must lie in the years above. */
enum { TIMESTAMP_DATE_BYTES = 11 };
void timestamp_format_date(int day, char out[TIMESTAMP_DATE_BYTES]);

#endif
