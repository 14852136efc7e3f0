/* Wording of the theme filled with names, numbers and times. */
#ifndef GAOSHI_DISPLAY_PAGE_WORDS_H
#define GAOSHI_DISPLAY_PAGE_WORDS_H

#include "display/core/page/theme.h"
#include "protocol/decimal.h"

#include <stddef.h>
#include <stdint.h>

struct word_slot {
    const char *name;
    const char *value;
};

enum { WORDS_BYTES = 512 };

/* Copies the word with {name} replaced; ends at the last whole character
 * that fits. Slots that are not given become nothing. */
void words_fill(const struct theme *theme, enum theme_word word,
                const struct word_slot *slots, size_t slot_count,
                char out[WORDS_BYTES]);

/* A moment: WORD_DATE, WORD_DAY or WORD_DAY_TIME at the offset. */
void words_time(const struct theme *theme, enum theme_word word, int64_t ms,
                int utc_offset_minutes, char out[WORDS_BYTES]);

/* −28,470.5: a true minus, thousands apart from 10,000 on. */
enum { NUMBER_BYTES = 2 * DECIMAL_BYTES };
void words_number(struct decimal value, char out[NUMBER_BYTES]);

/* 18:30 */
void words_clock(int64_t ms, int utc_offset_minutes, char out[WORDS_BYTES]);

/* 3 分钟前: how long ago news_ms was. */
void words_age(const struct theme *theme, int64_t news_ms, int64_t now_ms,
               char out[WORDS_BYTES]);

/* Up to when the news reaches, by both clocks. */
struct news_reach {
    int64_t until_ms; /* wall clock; TIMESTAMP_NONE: not known */
    int64_t age_ms;   /* monotonic; TIMESTAMP_NONE: not known */
};

/* 消息截至 18:30, with the date when it is not today's; without a clock that
 * can be trusted (now_ms TIMESTAMP_NONE) how long ago; 尚未收到消息. */
void words_news(const struct theme *theme, const struct news_reach *news,
                int64_t now_ms, int utc_offset_minutes, char out[WORDS_BYTES]);

/* The weekday of a civil_time (0 Sunday). */
void words_weekday(const struct theme *theme, int weekday,
                   char out[WORDS_BYTES]);

#endif
