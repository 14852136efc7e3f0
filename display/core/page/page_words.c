/* Fills the slots of the theme's wording. */
#include "display/core/page/page_words.h"

#include "base/timestamp.h"
#include "display/core/page/page.h"

#include <stdio.h>
#include <string.h>

/* Appends whole characters only. */
static size_t append(char out[WORDS_BYTES], size_t at, const char *text,
                     size_t bytes)
{
    if (bytes > WORDS_BYTES - 1 - at) {
        bytes = WORDS_BYTES - 1 - at;
        while (bytes > 0 && ((unsigned char)text[bytes] & 0xC0) == 0x80)
            bytes--;
    }
    memcpy(out + at, text, bytes);
    out[at + bytes] = '\0';
    return at + bytes;
}

static const char *slot_value(const struct word_slot *slots, size_t slot_count,
                              const char *name, size_t bytes)
{
    for (size_t i = 0; i < slot_count; i++) {
        if (strlen(slots[i].name) == bytes &&
            memcmp(slots[i].name, name, bytes) == 0)
            return slots[i].value;
    }
    return "";
}

void words_fill(const struct theme *theme, enum theme_word word,
                const struct word_slot *slots, size_t slot_count,
                char out[WORDS_BYTES])
{
    const char *from = theme->words[word];
    size_t at = 0;
    out[0] = '\0';
    while (*from != '\0') {
        const char *end = *from == '{' ? strchr(from, '}') : NULL;
        if (end == NULL) {
            size_t plain = 1 + strcspn(from + 1, "{");
            at = append(out, at, from, plain);
            from += plain;
            continue;
        }
        const char *value = slot_value(slots, slot_count, from + 1,
                                       (size_t)(end - from - 1));
        at = append(out, at, value, strlen(value));
        from = end + 1;
    }
}

/* What typographers call a minus; the hyphen is too short beside digits. */
static const char minus[] = "−";
/* Shorter numbers are read without thousands apart. */
enum { GROUP_DIGITS = 3, GROUPED_DIGITS = 5 };

void words_number(struct decimal value, char out[NUMBER_BYTES])
{
    char plain[DECIMAL_BYTES];
    size_t at = 0;
    decimal_format(value, plain);
    const char *digits = plain;
    if (digits[0] == '-') {
        memcpy(out, minus, sizeof minus - 1);
        at = sizeof minus - 1;
        digits++;
    }
    size_t whole = strcspn(digits, ".");
    for (size_t i = 0; digits[i] != '\0'; i++) {
        bool group = whole >= GROUPED_DIGITS && i > 0 && i < whole &&
                     (whole - i) % GROUP_DIGITS == 0;
        if (group)
            out[at++] = ',';
        out[at++] = digits[i];
    }
    out[at] = '\0';
}

void words_clock(int64_t ms, int utc_offset_minutes, char out[WORDS_BYTES])
{
    struct civil_time civil = timestamp_civil(ms, utc_offset_minutes);
    snprintf(out, WORDS_BYTES, "%d:%02d", civil.hour, civil.minute);
}

void words_time(const struct theme *theme, enum theme_word word, int64_t ms,
                int utc_offset_minutes, char out[WORDS_BYTES])
{
    struct civil_time civil = timestamp_civil(ms, utc_offset_minutes);
    char year[12], month[12], day[12], clock[WORDS_BYTES];
    snprintf(year, sizeof year, "%d", civil.year);
    snprintf(month, sizeof month, "%d", civil.month);
    snprintf(day, sizeof day, "%d", civil.day);
    words_clock(ms, utc_offset_minutes, clock);
    const struct word_slot slots[] = {
        {"year", year}, {"month", month}, {"day", day}, {"time", clock}};
    words_fill(theme, word, slots, sizeof slots / sizeof slots[0], out);
}

void words_age(const struct theme *theme, int64_t news_ms, int64_t now_ms,
               char out[WORDS_BYTES])
{
    int64_t minutes = (now_ms - news_ms) / 60000;
    enum theme_word word = WORD_AGE_DAYS;
    int64_t count = minutes / (24 * 60);
    if (minutes < 60) {
        word = WORD_AGE_MINUTES;
        count = minutes;
    } else if (minutes < 24 * 60) {
        word = WORD_AGE_HOURS;
        count = minutes / 60;
    }
    char number[24];
    snprintf(number, sizeof number, "%lld", (long long)count);
    const struct word_slot slot = {"count", number};
    words_fill(theme, minutes < 1 ? WORD_AGE_NOW : word, &slot, 1, out);
}

static bool same_day(int64_t a_ms, int64_t b_ms, int utc_offset_minutes)
{
    struct civil_time a = timestamp_civil(a_ms, utc_offset_minutes);
    struct civil_time b = timestamp_civil(b_ms, utc_offset_minutes);

    return a.year == b.year && a.month == b.month && a.day == b.day;
}

void words_news(const struct theme *theme, const struct news_reach *news,
                int64_t now_ms, int utc_offset_minutes, char out[WORDS_BYTES])
{
    bool by_age = news->age_ms != TIMESTAMP_NONE &&
                  (now_ms == TIMESTAMP_NONE ||
                   news->until_ms == TIMESTAMP_NONE);
    char value[WORDS_BYTES];
    const struct word_slot age = {"age", value};
    const struct word_slot time = {"time", value};

    if (by_age) {
        words_age(theme, 0, news->age_ms, value);
        words_fill(theme, WORD_NEWS, &age, 1, out);
        return;
    }
    if (news->until_ms == TIMESTAMP_NONE) {
        words_fill(theme, WORD_NO_NEWS, NULL, 0, out);
        return;
    }
    if (now_ms != TIMESTAMP_NONE &&
        same_day(news->until_ms, now_ms, utc_offset_minutes))
        words_clock(news->until_ms, utc_offset_minutes, value);
    else
        words_time(theme, WORD_DAY_TIME, news->until_ms, utc_offset_minutes,
                   value);
    words_fill(theme, WORD_NEWS_UNTIL, &time, 1, out);
}

void words_weekday(const struct theme *theme, int weekday,
                   char out[WORDS_BYTES])
{
    const char *from = theme->words[WORD_WEEKDAYS];
    for (int i = 0; i < weekday && *from != '\0'; i++) {
        from += strcspn(from, " ");
        from += strspn(from, " ");
    }
    out[0] = '\0';
    append(out, 0, from, strcspn(from, " "));
}

int page_offset_minutes(const struct page_context *context, int64_t ms)
{
    return context->zone ? zone_offset_minutes(context->zone, ms)
                         : context->utc_offset_minutes;
}
