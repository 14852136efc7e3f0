/* Any text as a time, and any moment as text. */
#include "tests/fuzz/check.h"

#include "base/timestamp.h"

#include <string.h>

#define LAST_MS INT64_C(253402300799000) /* 9999-12-31T23:59:59Z */
enum { OFFSET_MOST = 14 * 60 };

static void check_civil(const struct civil_time *civil)
{
    FUZZ_CHECK(civil->year >= 1969 && civil->year <= 10000);
    FUZZ_CHECK(civil->month >= 1 && civil->month <= 12);
    FUZZ_CHECK(civil->day >= 1 && civil->day <= 31);
    FUZZ_CHECK(civil->hour >= 0 && civil->hour <= 23);
    FUZZ_CHECK(civil->minute >= 0 && civil->minute <= 59);
    FUZZ_CHECK(civil->second >= 0 && civil->second <= 59);
    FUZZ_CHECK(civil->weekday >= 0 && civil->weekday <= 6);
}

static void check_text_form(const char *text)
{
    int64_t ms = TIMESTAMP_NONE;
    int64_t again = TIMESTAMP_NONE;
    char out[TIMESTAMP_BYTES];

    if (!timestamp_parse(text, &ms)) {
        FUZZ_CHECK(ms == TIMESTAMP_NONE);
        return;
    }
    FUZZ_CHECK(strlen(text) == TIMESTAMP_BYTES - 1);
    int offset = ((text[20] - '0') * 10 + text[21] - '0') * 60 +
                 (text[23] - '0') * 10 + text[24] - '0';
    timestamp_format(ms, text[19] == '-' ? -offset : offset, out);
    FUZZ_CHECK(strncmp(out, text, 19) == 0);
    FUZZ_CHECK(timestamp_parse(out, &again) && again == ms);
}

static void check_moment(int64_t ms, int offset_minutes)
{
    int64_t again = TIMESTAMP_NONE;
    char out[TIMESTAMP_BYTES];
    struct civil_time civil = timestamp_civil(ms, offset_minutes);

    check_civil(&civil);
    timestamp_format(ms, offset_minutes, out);
    FUZZ_CHECK(memchr(out, '\0', sizeof out));
    if (civil.year < 1970 || civil.year > 9999)
        return;
    FUZZ_CHECK(timestamp_parse(out, &again));
    FUZZ_CHECK(again == ms - ms % 1000);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input;
    uint64_t moment = 0;

    fuzz_input_split(data, size, &input);
    check_text_form(input.text);
    for (size_t i = 0; i < size && i < sizeof moment; i++)
        moment = moment << 8 | data[i];
    int offset = size > 8 ? (data[8] * 7) % OFFSET_MOST : 480;
    check_moment((int64_t)(moment % (uint64_t)LAST_MS),
                 size & 1 ? -offset : offset);
    fuzz_input_finish(&input);
    return 0;
}
