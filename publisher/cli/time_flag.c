/* Joins the words of time_words.h with the clock and with what is told. */
#include "publisher/cli/time_flag.h"

#include "base/clock.h"
#include "base/timestamp.h"
#include "base/translate.h"
#include "publisher/cli/tell.h"

enum { SERIAL_DIGITS = 5 };

/* 46356 or 46356.5: a spreadsheet's number of a day. */
static bool is_serial(const char *text)
{
    int digits = 0;

    while (text[digits] >= '0' && text[digits] <= '9')
        digits++;
    return digits == SERIAL_DIGITS &&
           (text[digits] == '\0' || text[digits] == '.');
}

static bool refuse(const char *text, struct problem *problem)
{
    return problem_set(problem, PROBLEM_FIELD, "'%.60s', expected %s%s", text,
                       tr(time_words_expected),
                       is_serial(text)
                           ? tr("; a spreadsheet made a number of it: "
                                "format the column as a date")
                           : "");
}

bool time_flag_read(const char *name, const char *text, enum time_words_use use,
                    int64_t now_ms, int64_t *out, struct problem *problem)
{
    char full[CLOCK_MINUTE_BYTES];

    if (timestamp_parse(text, out))
        return true;
    if (!time_words_parse_as(text, use, now_ms, clock_utc_offset_minutes, out))
        return refuse(text, problem);
    clock_format_minute(*out, full);
    if (*out <= now_ms && use == TIME_WORDS_END)
        return problem_set(problem, PROBLEM_FIELD,
                           "'%.60s' is %s, which has passed", text, full);
    if (text[0] != '+')
        tell_line("%s '%s' is %s", name, text, full);
    return true;
}
