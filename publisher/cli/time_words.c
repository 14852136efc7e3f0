/* Reads a day and a time from left to right. */
#include "publisher/cli/time_words.h"

#include "base/timestamp.h"
#include "base/translate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MINUTE_MS = 60 * 1000, HOUR_MS = 60 * MINUTE_MS, DAY_MS = 24 * HOUR_MS };
enum { SPAN_MAX = 10000, DAY_MINUTES = 24 * 60, NO_TIME = -1 };

const char time_words_expected[] = N_(
    "a time such as «明天 12:00», «12月1日下午3点», «tomorrow noon», "
    "2026-12-01 18:30 or +6h");

/* What was read so far. */
struct time_words {
    const char *rest;
    struct civil_time today;
    bool has_day, is_yearless; /* a date that may also be of next year */
    bool is_weekday;           /* may also be that of next week */
    int days;                  /* the day, counted from today */
    int minutes;               /* of the day, up to 24:00; NO_TIME */
    enum time_words_use use;
};

struct word {
    const char *text;
    int value;
};

static bool take(struct time_words *words, const char *text)
{
    size_t length = strlen(text);

    if (strncmp(words->rest, text, length) != 0)
        return false;
    words->rest += length;
    return true;
}

static void skip_blanks(struct time_words *words)
{
    while (take(words, " ") || take(words, "　"))
        ;
}

/* A NULL ends the list. */
static bool take_word(struct time_words *words, const struct word *list,
                      int *value)
{
    for (; list->text; list++)
        if (take(words, list->text)) {
            *value = list->value;
            return true;
        }
    return false;
}

/* At most so many digits, or a Chinese number up to 12. */
static bool take_number(struct time_words *words, int digits, int *value)
{
    static const struct word chinese[] = {
        {"十二", 12}, {"十一", 11}, {"十", 10}, {"九", 9}, {"八", 8},
        {"七", 7},    {"六", 6},    {"五", 5},  {"四", 4}, {"三", 3},
        {"两", 2},    {"二", 2},    {"一", 1},  {NULL, 0}};
    int number = 0, count = 0;

    while (words->rest[count] >= '0' && words->rest[count] <= '9')
        if (count < digits)
            number = number * 10 + (words->rest[count++] - '0');
        else
            return false;
    if (count == 0)
        return take_word(words, chinese, value);
    words->rest += count;
    *value = number;
    return true;
}

/* Midnight of that date, as if the offset were zero. False: no such date. */
static bool midnight(int year, int month, int day, int64_t *ms)
{
    char text[64];

    snprintf(text, sizeof text, "%04d-%02d-%02dT00:00:00+00:00", year, month,
             day);
    return timestamp_parse(text, ms);
}

static bool set_date(struct time_words *words, int year, int month, int day)
{
    int64_t today, date;

    if (!midnight(words->today.year, words->today.month, words->today.day,
                  &today) ||
        !midnight(year, month, day, &date))
        return false;
    words->has_day = true;
    words->days = (int)((date - today) / DAY_MS);
    return true;
}

/* 2026-12-01, 2026/12/1, 2026年12月1日, 12月1日, 12月1号 */
static bool take_date(struct time_words *words)
{
    struct time_words tried = *words;
    int year = words->today.year, month, day;

    if (!take_number(&tried, 4, &month))
        return false;
    bool dashed = take(&tried, "-"), slashed = !dashed && take(&tried, "/");
    bool has_year = dashed || slashed || take(&tried, "年");
    if (has_year) {
        year = month;
        if (!take_number(&tried, 2, &month))
            return false;
    }
    if (!take(&tried, dashed    ? "-"
                      : slashed ? "/"
                                : "月") ||
        !take_number(&tried, 2, &day) ||
        (!dashed && !slashed && !take(&tried, "日") && !take(&tried, "号")) ||
        !set_date(&tried, year, month, day))
        return false;
    *words = tried;
    words->is_yearless = !has_year;
    return true;
}

static bool take_weekday(struct time_words *words)
{
    static const struct word names[] = {{"一", 1}, {"二", 2}, {"三", 3},
                                        {"四", 4}, {"五", 5}, {"六", 6},
                                        {"日", 0}, {"天", 0}, {NULL, 0}};
    static const struct word english[] = {
        {"monday", 1}, {"tuesday", 2},  {"wednesday", 3}, {"thursday", 4},
        {"friday", 5}, {"saturday", 6}, {"sunday", 0},    {"mon", 1},
        {"tue", 2},    {"wed", 3},      {"thu", 4},       {"fri", 5},
        {"sat", 6},    {"sun", 0},      {NULL, 0}};
    struct time_words tried = *words;
    int weekday;

    bool next = take(&tried, "下");
    bool chinese = take(&tried, "周") || take(&tried, "星期") ||
                   take(&tried, "礼拜");
    if (!take_word(&tried, chinese ? names : english, &weekday) ||
        (next && !chinese))
        return false;
    /* Weeks begin on Monday. */
    int from = (words->today.weekday + 6) % 7, to = (weekday + 6) % 7;
    tried.days = next || to >= from ? to - from + 7 * next : to - from + 7;
    tried.has_day = true;
    tried.is_weekday = !next;
    *words = tried;
    return true;
}

static bool take_day(struct time_words *words)
{
    static const struct word days[] = {
        {"今天", 0}, {"今日", 0},  {"明天", 1},     {"明日", 1}, {"大后天", 3},
        {"后天", 2}, {"today", 0}, {"tomorrow", 1}, {NULL, 0}};

    if (take_word(words, days, &words->days))
        words->has_day = true;
    else if (!take_weekday(words) && !take_date(words))
        return false;
    skip_blanks(words);
    return true;
}

/* :00 behind the minutes. False: something else stands there. */
static bool skip_seconds(struct time_words *words)
{
    int second;

    if (!take(words, ":"))
        return true;
    const char *before = words->rest;
    return take_number(words, 2, &second) && words->rest == before + 2 &&
           second < 60;
}

/* 6点, 6点半, 6点15分, 6:15, 18：15, 18:15:00 */
static bool take_clock(struct time_words *words, int *hour, int *minute)
{
    struct time_words tried = *words;

    *minute = 0;
    if (!take_number(&tried, 2, hour))
        return false;
    if (take(&tried, ":") || take(&tried, "：")) {
        const char *before = tried.rest;
        if (!take_number(&tried, 2, minute) || tried.rest != before + 2 ||
            !skip_seconds(&tried))
            return false;
    } else if (!take(&tried, "点") && !take(&tried, "时")) {
        return false;
    } else if (take(&tried, "半")) {
        *minute = 30;
    } else if (take_number(&tried, 2, minute)) {
        take(&tried, "分");
    } else {
        take(&tried, "整");
    }
    *words = tried;
    return *minute < 60 && *hour * 60 + *minute <= DAY_MINUTES;
}

static bool take_time(struct time_words *words)
{
    enum { MORNING = 1, NOON, AFTERNOON };
    static const struct word parts[] = {
        {"凌晨", MORNING},   {"早上", MORNING},
        {"早晨", MORNING},   {"上午", MORNING},
        {"中午", NOON},      {"下午", AFTERNOON},
        {"傍晚", AFTERNOON}, {"晚上", AFTERNOON},
        {"今晚", AFTERNOON}, {NULL, 0}};
    static const struct word whole[] = {{"noon", 12 * 60},
                                        {"midnight", DAY_MINUTES},
                                        {"午夜", DAY_MINUTES},
                                        {"半夜", DAY_MINUTES},
                                        {NULL, 0}};
    int part = 0, hour, minute;

    if (take_word(words, whole, &words->minutes))
        return true;
    take_word(words, parts, &part);
    skip_blanks(words);
    if (!take_clock(words, &hour, &minute)) {
        words->minutes = 12 * 60;
        return part == NOON;
    }
    if (part == MORNING && hour > 12)
        return false;
    if ((part == AFTERNOON && hour < 12) || (part == NOON && hour < 3))
        hour += 12;
    words->minutes = hour * 60 + minute;
    return true;
}

/* Local time to UTC; where the clock is set forward there is no such time, and
 * the hour behind it is taken. */
static int64_t to_utc(int64_t local_ms, time_words_offset *offset)
{
    int64_t guess = local_ms - (int64_t)offset(local_ms) * MINUTE_MS;

    return local_ms - (int64_t)offset(guess) * MINUTE_MS;
}

/* The day and time that were read; what has passed is the next one, where the
 * words leave it open. */
static int64_t resolve(const struct time_words *words, int64_t now_ms,
                       time_words_offset *offset)
{
    int64_t today = 0, local;

    midnight(words->today.year, words->today.month, words->today.day, &today);
    bool is_day = words->minutes == NO_TIME;
    int minutes = !is_day                        ? words->minutes
                  : words->use == TIME_WORDS_END ? DAY_MINUTES
                                                 : 0;
    local = today + (int64_t)words->days * DAY_MS +
            (int64_t)minutes * MINUTE_MS;
    bool is_today = is_day && words->use == TIME_WORDS_BEGIN &&
                    words->days == 0;
    if (to_utc(local, offset) > now_ms || is_today ||
        words->use == TIME_WORDS_DATE)
        return to_utc(local, offset);
    if (!words->has_day)
        local += DAY_MS;
    else if (words->is_weekday)
        local += 7 * (int64_t)DAY_MS;
    else if (words->is_yearless) {
        struct civil_time date =
            timestamp_civil(today + (int64_t)words->days * DAY_MS, 0);
        if (midnight(date.year + 1, date.month, date.day, &local))
            local += (int64_t)minutes * MINUTE_MS;
    }
    return to_utc(local, offset);
}

static bool parse_span(const char *text, int64_t *span_ms)
{
    static const struct word units[] = {
        {"m", MINUTE_MS}, {"h", HOUR_MS}, {"d", DAY_MS}, {NULL, 0}};
    struct time_words words = {.rest = text};
    int number, unit;

    if (!take(&words, "+") || words.rest[0] < '0' || words.rest[0] > '9' ||
        !take_number(&words, 5, &number) || number < 1 || number > SPAN_MAX ||
        !take_word(&words, units, &unit) || *words.rest)
        return false;
    *span_ms = (int64_t)number * unit;
    return true;
}

bool time_words_parse_as(const char *text, enum time_words_use use,
                         int64_t now_ms, time_words_offset *offset,
                         int64_t *out)
{
    struct time_words words = {
        .rest = text,
        .today = timestamp_civil(now_ms, offset(now_ms)),
        .minutes = NO_TIME,
        .use = use,
    };
    int64_t span_ms;

    if (parse_span(text, &span_ms)) {
        *out = now_ms + span_ms;
        return true;
    }
    if (timestamp_parse(text, out))
        return true;
    skip_blanks(&words);
    bool read = take_day(&words);
    if (read && take(&words, "T"))
        skip_blanks(&words);
    if (*words.rest && !take_time(&words))
        return false;
    skip_blanks(&words);
    if (*words.rest || (!read && words.minutes == NO_TIME))
        return false;
    *out = resolve(&words, now_ms, offset);
    return true;
}

bool time_words_parse(const char *text, int64_t now_ms,
                      time_words_offset *offset, int64_t *out)
{
    return time_words_parse_as(text, TIME_WORDS_END, now_ms, offset, out);
}
