/* Times as people type them, at noon of Sunday, 2026-11-29 in Zhengzhou. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/timestamp.h"
#include "publisher/cli/time_words.h"

#include <string.h>

static int zhengzhou(int64_t ms)
{
    (void)ms;
    return 8 * 60;
}

/* The rules of Berlin in 2026 and 2027: summer time between these moments. */
static int berlin(int64_t ms)
{
    static const char *const changes[] = {
        "2026-03-29T02:00:00+01:00", "2026-10-25T02:00:00+01:00",
        "2027-03-28T02:00:00+01:00", "2027-10-31T02:00:00+01:00"};
    int summer = 0;

    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        int64_t change_ms = 0;
        timestamp_parse(changes[i], &change_ms);
        summer ^= ms >= change_ms;
    }
    return 60 + 60 * summer;
}

static void expect(const char *now, const char *typed,
                   time_words_offset *offset, const char *expected)
{
    char found[TIMESTAMP_BYTES] = "";
    int64_t now_ms, ms = 0;

    assert_true(timestamp_parse(now, &now_ms));
    if (time_words_parse(typed, now_ms, offset, &ms))
        timestamp_format(ms, offset(ms), found);
    if (strcmp(found, expected) != 0)
        fail_msg("«%s» is «%s», expected «%s»", typed, found, expected);
}

static void what_people_type_is_understood(void **state)
{
    static const char *const cases[][2] = {
        {"+30m", "2026-11-29T12:30:00+08:00"},
        {"+6h", "2026-11-29T18:00:00+08:00"},
        {"+2d", "2026-12-01T12:00:00+08:00"},
        {"2026-12-01T18:30:00+09:00", "2026-12-01T17:30:00+08:00"},
        {"2026-12-01 18:30", "2026-12-01T18:30:00+08:00"},
        {"2026-12-1T18:30", "2026-12-01T18:30:00+08:00"},
        {"2026/12/1 18:30:00", "2026-12-01T18:30:00+08:00"},
        {"2026/12/1 8:05", "2026-12-01T08:05:00+08:00"},
        {"2026年12月1日", "2026-12-02T00:00:00+08:00"},
        {"12月1日下午3点", "2026-12-01T15:00:00+08:00"},
        {"12月1号 晚上八点半", "2026-12-01T20:30:00+08:00"},
        {"1月3日 9点", "2027-01-03T09:00:00+08:00"},
        {"明天 12:00", "2026-11-30T12:00:00+08:00"},
        {"明天中午", "2026-11-30T12:00:00+08:00"},
        {"明日上午10点15分", "2026-11-30T10:15:00+08:00"},
        {"明天", "2026-12-01T00:00:00+08:00"},
        {"今天", "2026-11-30T00:00:00+08:00"},
        {"后天凌晨2点", "2026-12-01T02:00:00+08:00"},
        {"大后天 18：00", "2026-12-02T18:00:00+08:00"},
        {"今晚9点", "2026-11-29T21:00:00+08:00"},
        {"18:30", "2026-11-29T18:30:00+08:00"},
        {"11:30", "2026-11-30T11:30:00+08:00"},
        {"24:00", "2026-11-30T00:00:00+08:00"},
        {"午夜", "2026-11-30T00:00:00+08:00"},
        {"周一", "2026-12-01T00:00:00+08:00"},
        {"周日 11点", "2026-12-06T11:00:00+08:00"},
        {"周日 13点", "2026-11-29T13:00:00+08:00"},
        {"下周一 9:00", "2026-11-30T09:00:00+08:00"},
        {"星期五下午五点", "2026-12-04T17:00:00+08:00"},
        {"fri 17:00", "2026-12-04T17:00:00+08:00"},
        {"tomorrow noon", "2026-11-30T12:00:00+08:00"},
        {"today 18:00", "2026-11-29T18:00:00+08:00"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        expect("2026-11-29T12:00:00+08:00", cases[i][0], zhengzhou,
               cases[i][1]);
}

/* A day alone is its beginning; a date may have passed. */
static void a_begin_and_a_date_are_read_otherwise(void **state)
{
    static const struct {
        const char *typed;
        enum time_words_use use;
        const char *expected;
    } cases[] = {
        {"今天", TIME_WORDS_BEGIN, "2026-11-29T00:00:00+08:00"},
        {"周日", TIME_WORDS_BEGIN, "2026-11-29T00:00:00+08:00"},
        {"周一", TIME_WORDS_BEGIN, "2026-11-30T00:00:00+08:00"},
        {"11:30", TIME_WORDS_BEGIN, "2026-11-30T11:30:00+08:00"},
        {"11月1日", TIME_WORDS_BEGIN, "2027-11-01T00:00:00+08:00"},
        {"11月1日", TIME_WORDS_DATE, "2026-11-01T00:00:00+08:00"},
        {"2021/9/8", TIME_WORDS_DATE, "2021-09-08T00:00:00+08:00"},
        {"8:00", TIME_WORDS_DATE, "2026-11-29T08:00:00+08:00"},
    };
    char found[TIMESTAMP_BYTES];
    int64_t now_ms, ms;

    (void)state;
    assert_true(timestamp_parse("2026-11-29T12:00:00+08:00", &now_ms));
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_true(time_words_parse_as(cases[i].typed, cases[i].use, now_ms,
                                        zhengzhou, &ms));
        timestamp_format(ms, 8 * 60, found);
        assert_string_equal(found, cases[i].expected);
    }
}

static void what_means_nothing_is_refused(void **state)
{
    static const char *const cases[] = {
        "",         "soon",       "+6",        "+0h",        "+99999h",
        "6h",       "25:00",      "12:60",     "12:5",       "24:30",
        "18:30:6",  "18:30:60",   "2026-13-1", "2026-02-29", "2月30日",
        "12",       "明天 x",     "上午13点",  "下一",       "下fri",
        "明天明天", "18:30 明天", "周八",      "2026-12 1",  "点",
        "半"};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        expect("2026-11-29T12:00:00+08:00", cases[i], zhengzhou, "");
}

static void an_hour_is_that_of_the_wall_clock(void **state)
{
    (void)state;
    expect("2027-03-27T12:00:00+01:00", "tomorrow 12:00", berlin,
           "2027-03-28T12:00:00+02:00");
    expect("2027-03-27T12:00:00+01:00", "tomorrow", berlin,
           "2027-03-29T00:00:00+02:00");
    expect("2027-10-30T12:00:00+02:00", "tomorrow 12:00", berlin,
           "2027-10-31T12:00:00+01:00");
    expect("2027-10-31T01:00:00+02:00", "4:00", berlin,
           "2027-10-31T04:00:00+01:00");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_people_type_is_understood),
        cmocka_unit_test(a_begin_and_a_date_are_read_otherwise),
        cmocka_unit_test(what_means_nothing_is_refused),
        cmocka_unit_test(an_hour_is_that_of_the_wall_clock),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
