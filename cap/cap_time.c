/* Reads times leniently, and writes them strictly. */
#include "cap/cap_time.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MS_PER_DAY (INT64_C(24) * 3600 * 1000)

enum { ZONE_BYTES = 7 };

/* The parts of a time; hour 24 means 0 of the next day. */
struct parts {
    int year, month, day, hour, minute, second;
    char zone[ZONE_BYTES];
};

/* Between `least` and `most` digits. */
static bool read_number(const char **text, size_t least, size_t most, int *out)
{
    size_t digits = strspn(*text, "0123456789");

    if (digits < least || digits > most)
        return false;
    *out = (int)strtol(*text, NULL, 10);
    *text += digits;
    return true;
}

static bool skip(const char **text, char expected)
{
    if (**text != expected)
        return false;
    ++*text;
    return true;
}

static size_t skip_blanks(const char **text)
{
    size_t bytes = strspn(*text, " \t\r\n");

    *text += bytes;
    return bytes;
}

static bool read_date(const char **text, struct parts *out)
{
    if (!read_number(text, 4, 4, &out->year))
        return false;
    char between = **text;
    return (between == '-' || between == '/') && skip(text, between) &&
           read_number(text, 1, 2, &out->month) && skip(text, between) &&
           read_number(text, 1, 2, &out->day);
}

static bool read_clock(const char **text, struct parts *out)
{
    int fraction;

    out->second = 0;
    if (!read_number(text, 1, 2, &out->hour) || !skip(text, ':') ||
        !read_number(text, 2, 2, &out->minute))
        return false;
    if (**text != ':')
        return true;
    ++*text;
    return read_number(text, 2, 2, &out->second) &&
           (!skip(text, '.') || read_number(text, 1, 9, &fraction));
}

/* ±hh:mm, ±hhmm, ±hh, ±h:mm, Z; nothing: `zone`. */
static bool read_zone(const char **text, const char *zone, struct parts *out)
{
    int hours = 0, minutes = 0;

    if (**text == '\0' && zone) {
        snprintf(out->zone, ZONE_BYTES, "%.6s", zone);
        return true;
    }
    if (**text == 'Z' || **text == 'z') {
        ++*text;
        snprintf(out->zone, ZONE_BYTES, "+00:00");
        return true;
    }
    char sign = **text;
    if (sign != '+' && sign != '-')
        return false;
    ++*text;
    if (strspn(*text, "0123456789") == 4) {
        int both = (int)strtol(*text, NULL, 10);
        *text += 4;
        hours = both / 100;
        minutes = both % 100;
    } else if (!read_number(text, 1, 2, &hours) ||
               (skip(text, ':') && !read_number(text, 2, 2, &minutes))) {
        return false;
    }
    snprintf(out->zone, ZONE_BYTES, "%c%02u:%02u", sign, (unsigned)hours % 100,
             (unsigned)minutes % 100);
    return true;
}

static int zone_minutes(const char *zone)
{
    int minutes = (int)strtol(zone + 1, NULL, 10) * 60 +
                  (int)strtol(zone + 4, NULL, 10);

    return zone[0] == '-' ? -minutes : minutes;
}

static bool write_time(struct parts *parts, char out[TIMESTAMP_BYTES])
{
    char text[64];
    int64_t ms;
    bool next_day = parts->hour == 24;

    if (next_day && (parts->minute || parts->second))
        return false;
    if (parts->second == 60)
        parts->second = 59;
    snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02d%s", parts->year,
             parts->month, parts->day, next_day ? 0 : parts->hour,
             parts->minute, parts->second, parts->zone);
    if (!timestamp_parse(text, &ms))
        return false;
    if (next_day)
        timestamp_format(ms + MS_PER_DAY, zone_minutes(parts->zone), out);
    else
        memcpy(out, text, TIMESTAMP_BYTES);
    return true;
}

bool cap_time_read(const char *text, enum cap_dialect dialect, const char *zone,
                   char out[TIMESTAMP_BYTES], enum cap_tolerance *odd)
{
    enum { T_AT = 10 };
    struct parts parts;
    const char *at = text;

    if (!read_date(&at, &parts))
        return false;
    bool has_t = skip(&at, 'T') || skip(&at, 't');
    size_t blanks = skip_blanks(&at);
    if ((!has_t && blanks == 0) || !read_clock(&at, &parts))
        return false;
    skip_blanks(&at);
    bool bare = *at == '\0';
    if (!read_zone(&at, zone, &parts) || *at != '\0' ||
        !write_time(&parts, out))
        return false;
    /* In the Chinese profile the blank is the normal form. */
    bool usual = strlen(text) == TIMESTAMP_BYTES - 1 &&
                 strncmp(text, out, T_AT) == 0 &&
                 strcmp(text + T_AT + 1, out + T_AT + 1) == 0 &&
                 (text[T_AT] == 'T' ||
                  (text[T_AT] == ' ' && dialect == CAP_DIALECT_CHINA));
    *odd = bare    ? CAP_FORGIVEN_TIME_OFFSET
           : usual ? CAP_FORGIVEN_COUNT
                   : CAP_FORGIVEN_TIME_FORM;
    return true;
}
