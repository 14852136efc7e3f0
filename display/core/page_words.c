/* Fills the slots of the theme's wording. */
#include "display/core/page_words.h"

#include "protocol/timestamp.h"

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
