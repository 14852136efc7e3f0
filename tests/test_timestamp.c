/* Times are read strictly and written back as they were. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/timestamp.h"

static const int64_t day_ms = 24LL * 60 * 60 * 1000;

static void a_time_is_read_and_written_back(void **state)
{
    static const struct {
        const char *text;
        int64_t ms;
        int offset;
    } cases[] = {
        {"1970-01-01T00:00:00-00:00", 0, 0},
        {"1970-01-01T08:00:00+08:00", 0, 480},
        {"1970-01-01T00:00:00+08:00", -28800000, 480},
        {"2021-07-20T18:30:00+08:00", 1626777000000, 480},
        {"2000-02-29T23:59:59-14:00", 951919199000, -840},
        {"2024-02-29T12:00:00+05:30", 1709188200000, 330},
        {"2026-12-31T23:59:59+14:00", 1798711199000, 840},
        {"9999-12-31T23:59:59-00:00", 253402300799000, 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t ms = 0;
        char text[TIMESTAMP_BYTES];
        assert_true(timestamp_parse(cases[i].text, &ms));
        assert_int_equal(ms, cases[i].ms);
        timestamp_format(ms, cases[i].offset, text);
        assert_string_equal(text, cases[i].text);
    }
}

static void both_spellings_of_utc_are_read(void **state)
{
    int64_t plus = 1;
    int64_t minus = 2;

    (void)state;
    assert_true(timestamp_parse("2021-07-20T10:30:00+00:00", &plus));
    assert_true(timestamp_parse("2021-07-20T10:30:00-00:00", &minus));
    assert_int_equal(plus, minus);
}

static void what_is_no_time_is_refused(void **state)
{
    static const char *const texts[] = {
        "",
        "2021-07-20",
        "2021-07-20T18:30:00",
        "2021-07-20T18:30:00Z",
        "2021-07-20T18:30:00z",
        "2021-07-20 18:30:00+08:00",
        "2021-07-20t18:30:00+08:00",
        "2021-07-20T18:30:00.5+08:00",
        "2021-07-20T18:30+08:00",
        "2021-07-20T18:30:00+0800",
        "2021-07-20T18:30:00+08:00 ",
        " 2021-07-20T18:30:00+08:00",
        "2021-7-20T18:30:00+08:00",
        "-021-07-20T18:30:00+08:00",
        "1969-12-31T23:59:59+00:00",
        "2021-00-20T18:30:00+08:00",
        "2021-13-20T18:30:00+08:00",
        "2021-07-00T18:30:00+08:00",
        "2021-07-32T18:30:00+08:00",
        "2021-06-31T18:30:00+08:00",
        "2021-02-29T18:30:00+08:00",
        "2100-02-29T18:30:00+08:00",
        "2021-07-20T24:00:00+08:00",
        "2021-07-20T18:60:00+08:00",
        "2021-07-20T18:30:60+08:00",
        "2021-07-20T18:30:00+08:60",
        "2021-07-20T18:30:00+14:01",
        "2021-07-20T18:30:00-15:00",
        "二〇二一年七月二十日",
    };

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        int64_t ms = 42;
        assert_false(timestamp_parse(texts[i], &ms));
        assert_int_equal(ms, 42);
    }
}

static void every_day_follows_the_one_before(void **state)
{
    struct civil_time before = timestamp_civil(-day_ms, 0);

    (void)state;
    assert_int_equal(before.weekday, 3); /* 1969-12-31 was a Wednesday */
    for (int64_t day = 0; timestamp_civil(day * day_ms, 0).year <= 9999;
         day++) {
        struct civil_time now = timestamp_civil(day * day_ms, 0);
        assert_int_equal(now.weekday, (before.weekday + 1) % 7);
        if (now.day != 1)
            assert_int_equal(now.day, before.day + 1);
        else if (now.month != 1)
            assert_int_equal(now.month, before.month + 1);
        else
            assert_int_equal(now.year, before.year + 1);
        before = now;
    }
}

static void civil_time_keeps_to_the_offset(void **state)
{
    int64_t ms;

    (void)state;
    assert_true(timestamp_parse("2021-07-20T23:59:58-00:00", &ms));
    struct civil_time east = timestamp_civil(ms + 999, 480);
    assert_int_equal(east.day, 21);
    assert_int_equal(east.hour, 7);
    assert_int_equal(east.minute, 59);
    assert_int_equal(east.second, 58);
    assert_int_equal(east.weekday, 3);
    struct civil_time before_1970 = timestamp_civil(-1, 0);
    assert_int_equal(before_1970.year, 1969);
    assert_int_equal(before_1970.second, 59);
}

/* There is no year 10000 to tell: «until 0000-01-01» would be over long ago. */
static void the_last_hours_of_9999_stay_in_9999(void **state)
{
    char text[TIMESTAMP_BYTES];
    int64_t ms;

    (void)state;
    assert_true(timestamp_parse("9999-12-31T23:59:59-14:00", &ms));
    timestamp_format(ms, 480, text);
    assert_string_equal(text, "9999-12-31T23:59:59+08:00");
    timestamp_format(ms, -840, text);
    assert_string_equal(text, "9999-12-31T23:59:59-14:00");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_time_is_read_and_written_back),
        cmocka_unit_test(both_spellings_of_utc_are_read),
        cmocka_unit_test(what_is_no_time_is_refused),
        cmocka_unit_test(every_day_follows_the_one_before),
        cmocka_unit_test(civil_time_keeps_to_the_offset),
        cmocka_unit_test(the_last_hours_of_9999_stay_in_9999),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
