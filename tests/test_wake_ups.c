/* How often an idle display wakes the processor, with a line and without. */
#include "tests/support/folder.h"
#include "tests/support/publisher_fixture.h"
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

/* Measured: 1.6 to 1.9 a second. Threads that wait for each other beside
 * programs that compute make it more. */
static const double limit_a_second = 2.5;

/* At the beginning there is something to do, and then now and then. */
enum { SECONDS = 6, WINDOWS = 8 };

static double now_s(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static double count_a_second(pid_t pid)
{
    struct vitals before, after;
    double from_s = now_s();

    assert_true(vitals_read(pid, &before));
    sleep(SECONDS);
    assert_true(vitals_read(pid, &after));
    return (double)(after.wake_ups - before.wake_ups) / (now_s() - from_s);
}

static void expect_sleep(pid_t pid, const char *when)
{
    double least = count_a_second(pid);

    for (int i = 1; i < WINDOWS && least > limit_a_second; i++) {
        double now = count_a_second(pid);
        least = now < least ? now : least;
    }
    if (least > limit_a_second)
        fail_msg("%s: %.1f wake-ups a second", when, least);
}

static void an_idle_display_sleeps_with_a_line_and_without(void **state)
{
    struct publisher_fixture *publisher = *state;
    char *key = folder_path(publisher->folder, "gaoshi.pub.pem");
    char *store = folder_path(publisher->folder, "store.db");
    struct screen_options options = {.folder = publisher->folder,
                                     .broker = broker_url(publisher->broker),
                                     .trust = key,
                                     .store = store,
                                     .mode = "--headless",
                                     .size = "320x180"};
    struct screen *screen = screen_start(&options);

    assert_non_null(screen);
    assert_true(screen_wait(screen, "line-up", "", 1));
    expect_sleep(screen_pid(screen), "with a line");
    broker_kill(publisher->broker);
    assert_true(screen_wait_log(screen, "the line is down", 1));
    expect_sleep(screen_pid(screen), "without a line");
    assert_true(broker_restart(publisher->broker));
    assert_true(screen_wait(screen, "line-up", "", 2));
    assert_int_equal(screen_stop(screen), 0);
    free(store);
    free(key);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            an_idle_display_sleeps_with_a_line_and_without, publisher_open,
            publisher_close),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
