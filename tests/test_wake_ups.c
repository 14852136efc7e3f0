/* How often an idle display wakes the processor, with a line and without. */
#include "tests/support/broker.h"
#include "tests/support/folder.h"
#include "tests/support/screen.h"
#include "tests/support/vitals.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

enum {
    /* Measured: 1.6 to 1.9 a second. Beside others that compute, threads also
     * wait for each other. */
    LIMIT_A_SECOND = 3,
    SECONDS = 12,
};

static double now_s(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Only what the process does counts, and only a longer time makes more of it:
 * so the real time is what the count is divided by. */
static void expect_sleep(pid_t pid, const char *when)
{
    struct vitals before, after;
    double from_s = now_s();

    assert_true(vitals_read(pid, &before));
    sleep(SECONDS);
    assert_true(vitals_read(pid, &after));
    double a_second = (double)(after.wake_ups - before.wake_ups) /
                      (now_s() - from_s);
    if (a_second > LIMIT_A_SECOND)
        fail_msg("%s: %.1f wake-ups a second", when, a_second);
}

static void an_idle_display_sleeps_with_a_line_and_without(void **state)
{
    struct broker *broker = broker_start(NULL);
    char *folder = folder_make();
    char *store = folder_path(folder, "store.db");
    struct screen_options options = {.folder = folder,
                                     .broker = broker_url(broker),
                                     .store = store,
                                     .mode = "--headless",
                                     .size = "320x180"};

    (void)state;
    struct screen *screen = screen_start(&options);
    assert_non_null(screen);
    assert_true(screen_wait(screen, "line-up", "", 1));
    expect_sleep(screen_pid(screen), "with a line");
    broker_kill(broker);
    assert_true(screen_wait_log(screen, "the line is down", 1));
    expect_sleep(screen_pid(screen), "without a line");
    assert_true(broker_restart(broker));
    assert_true(screen_wait(screen, "line-up", "", 2));
    assert_int_equal(screen_stop(screen), 0);
    free(store);
    folder_remove(folder);
    free(folder);
    broker_destroy(broker);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_idle_display_sleeps_with_a_line_and_without),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
