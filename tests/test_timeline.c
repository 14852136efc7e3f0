/* Motion as functions of time, and the lunar date of the frame. */
#include "base/timestamp.h"
#include "display/core/page/lunar.h"
#include "display/core/page/timeline.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void progress_is_exact_at_both_ends(void **state)
{
    (void)state;
    assert_true(timeline_progress(-5, 0, 900) == 0);
    assert_true(timeline_progress(0, 0, 900) == 0);
    assert_true(timeline_progress(450, 0, 900) == 0.5);
    assert_true(timeline_progress(900, 0, 900) == 1);
    assert_true(timeline_progress(INT64_MAX, 0, 900) == 1);
    assert_true(timeline_progress(60, 60, 0) == 1);
    assert_true(timeline_progress(59, 60, 0) == 0);
}

static void easing_never_goes_back_and_never_overshoots(void **state)
{
    (void)state;
    double last = 0;
    for (int i = 0; i <= 1000; i++) {
        double value = timeline_ease_out(i / 1000.0);
        assert_true(value >= last && value <= 1);
        last = value;
    }
    assert_true(last == 1);
    assert_true(timeline_ease_out(0) == 0);
}

static void a_figure_ends_exactly_on_its_value(void **state)
{
    (void)state;
    static const struct {
        struct decimal from, to;
    } rows[] = {
        {{0, 0}, {2569, 0}},
        {{0, 0}, {6845, 2}},
        {{463, 0}, {760, 0}},
        {{4634, 1}, {760, 0}},
        {{0, 0}, {999999999999999, 3}},
        {{30, 0}, {-125, 1}},
        {{7, 0}, {7, 0}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct decimal end = timeline_count(rows[i].from, rows[i].to, 1);
        assert_int_equal(end.units, rows[i].to.units);
        assert_int_equal(end.places, rows[i].to.places);
    }
}

static void a_figure_on_its_way_never_turns_back(void **state)
{
    (void)state;
    struct decimal from = {0, 0};
    struct decimal to = {6845, 2};
    int64_t last = 0;
    for (int t_ms = 0; t_ms <= 900; t_ms++) {
        double eased = timeline_ease_out(timeline_progress(t_ms, 0, 900));
        struct decimal now = timeline_count(from, to, eased);
        assert_int_equal(now.places, 2);
        assert_true(now.units >= last && now.units <= to.units);
        last = now.units;
    }
    assert_int_equal(last, 6845);
}

static void the_lunar_date_is_the_one_of_the_almanac(void **state)
{
    (void)state;
    static const struct {
        const char *time;
        int offset;
        const char *lunar;
    } rows[] = {
        {"2021-09-08T09:00:00+08:00", 480, "八月初二"},
        {"2021-07-20T18:30:00+08:00", 480, "六月十一"},
        {"2024-02-09T12:00:00+08:00", 480, "腊月三十"},
        {"2024-02-10T12:00:00+08:00", 480, "正月初一"},
        {"2023-04-01T12:00:00+08:00", 480, "闰二月十一"},
        {"2025-01-28T23:59:59+08:00", 480, "腊月廿九"},
        {"2026-11-18T00:00:00+08:00", 480, "十月初十"},
        {"2026-11-28T00:00:00+08:00", 480, "十月二十"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int64_t ms = 0;
        struct lunar_date date = {0};
        char text[LUNAR_BYTES];
        assert_true(timestamp_parse(rows[i].time, &ms));
        assert_true(lunar_date_make(ms, rows[i].offset, &date));
        lunar_format(date, text);
        assert_string_equal(text, rows[i].lunar);
    }
}

/* WCAG 2.3.1 allows three flashes a second, and a count takes about one. */
static void a_number_changes_six_times_at_most(void **state)
{
    (void)state;
    double last = timeline_count_out(0);
    int changes = 0;
    assert_true(last == 0);
    for (int i = 1; i <= 1000; i++) {
        double now = timeline_count_out(i / 1000.0);
        assert_true(now >= last);
        changes += now > last;
        last = now;
    }
    assert_true(last == 1);
    assert_in_range(changes, 2, 6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_number_changes_six_times_at_most),
        cmocka_unit_test(progress_is_exact_at_both_ends),
        cmocka_unit_test(easing_never_goes_back_and_never_overshoots),
        cmocka_unit_test(a_figure_ends_exactly_on_its_value),
        cmocka_unit_test(a_figure_on_its_way_never_turns_back),
        cmocka_unit_test(the_lunar_date_is_the_one_of_the_almanac),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
