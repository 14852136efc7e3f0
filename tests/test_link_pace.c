/* How long an attempt to connect may take before the next one is made. */
#include "protocol/link/link_state.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void only_what_was_quick_before_is_given_up_soon(void **state)
{
    static const struct {
        const char *what;
        int64_t up_since_ms, connect_ms;
        size_t broker_count;
        unsigned failures;
        int expected_s;
    } rows[] = {
        {"never connected", 0, 0, 1, 0, 4},
        {"quick before", 7, 40, 1, 0, 2},
        {"just quick enough", 7, 1000, 1, 2, 2},
        {"slow before", 7, 1001, 1, 0, 4},
        {"not back for three rounds", 7, 40, 1, 3, 4},
        {"two brokers, the third round", 7, 40, 2, 5, 2},
        {"two brokers, three rounds", 7, 40, 2, 6, 4},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct link link = {.up_since_ms = rows[i].up_since_ms,
                                  .connect_ms = rows[i].connect_ms,
                                  .options.broker_count = rows[i].broker_count,
                                  .failures = rows[i].failures};
        if (pace_limit_s(&link) != rows[i].expected_s)
            fail_msg("%s: %d s", rows[i].what, pace_limit_s(&link));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_what_was_quick_before_is_given_up_soon),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
