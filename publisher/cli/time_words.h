/* Times as people type them. Pure. */
#ifndef GAOSHI_PUBLISHER_TIME_WORDS_H
#define GAOSHI_PUBLISHER_TIME_WORDS_H

#include <stdbool.h>
#include <stdint.h>

/* Minutes east of UTC at that time. */
typedef int time_words_offset(int64_t ms);

/* Understands
 * - spans from now: +30m, +6h, +2d
 * - timestamps: 2026-12-01T18:30:00+08:00
 * - a day, a time, or both, with or without spaces: 2026-12-01, 12月1日, 今天,
 *   明天, 后天, 周五, 下周五, today, tomorrow, fri; 18:30, 6点半, 下午3点,
 *   中午, noon, 24:00; seconds, as spreadsheets add them, do not count
 * A day alone is its end, a time alone the next such time, a date without a
 * year and a weekday the next such day. False: none of these, and *out is
 * unchanged. */
bool time_words_parse(const char *text, int64_t now_ms,
                      time_words_offset *offset, int64_t *out);

/* The same for what is not an end. */
enum time_words_use {
    TIME_WORDS_END,   /* as time_words_parse */
    TIME_WORDS_BEGIN, /* a day alone is its beginning; today may be meant */
    TIME_WORDS_DATE,  /* likewise; the day may have passed: a date without a
                         year is of this year */
};
bool time_words_parse_as(const char *text, enum time_words_use use,
                         int64_t now_ms, time_words_offset *offset,
                         int64_t *out);

/* What is understood, for errors. */
extern const char time_words_expected[];

#endif
