/* How many system calls a display needs from the arrival of an alert to the
 * request that puts it on the glass: the first after a start, and one whose
 * characters are known. Skipped without Xvfb and where nobody may trace. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "tests/support/alert_calls.h"
#include "tests/support/bench_fixture.h"

enum { BUDGET = 60, REST_MS = 1500, DWELL_MS = 500 };

static void an_alert_needs_few_system_calls_cold_or_warm(void **state)
{
    const struct bench_options options = {
        .width = 1280, .height = 720, .dwell_ms = DWELL_MS, .panel_count = 1};
    static struct bench_fixture bench;
    int cold = 0, warm = 0;

    (void)state;
    bool open = bench_open(&bench, &options);
    bool counted = open && alert_calls_count(&bench, REST_MS, &cold, &warm);
    bench_close(&bench);
    assert_true(counted);
    print_message("%d and %d system calls, %d at most\n", cold, warm, BUDGET);
    assert_in_range(cold, 1, BUDGET);
    assert_in_range(warm, 1, BUDGET);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_alert_needs_few_system_calls_cold_or_warm),
    };

    if (!xvfb_is_installed() || !alert_calls_are_counted()) {
        puts("skipped: there is no Xvfb, or nobody may trace");
        return 77;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
