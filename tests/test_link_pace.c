/* How long an attempt to connect may take before the next one is made, and
 * that what it waits for is noticed meanwhile. */
#include "protocol/link/link_state.h"

#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

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

struct wait {
    const char *thread;
    int limit_ms;
    int64_t took_ms;
};

/* Nothing ever comes through the pipe. */
static void *wait_as(void *context)
{
    struct wait *wait = context;
    int64_t from_ms = link_now_ms();
    int ends[2] = {-1, -1};

    pthread_setname_np(pthread_self(), wait->thread);
    if (pipe(ends) == 0) {
        struct pollfd file = {.fd = ends[0], .events = POLLIN};
        poll(&file, 1, wait->limit_ms);
    }
    wait->took_ms = link_now_ms() - from_ms;
    close(ends[0]);
    close(ends[1]);
    return NULL;
}

static int64_t time_wait(const char *thread, int limit_ms)
{
    struct wait wait = {.thread = thread, .limit_ms = limit_ms};
    pthread_t id;

    assert_int_equal(pthread_create(&id, NULL, wait_as, &wait), 0);
    assert_int_equal(pthread_join(id, NULL), 0);
    return wait.took_ms;
}

/* Paho's receiver waits a second to read from a socket that is not even
 * connected. */
static void only_a_receiver_that_connects_looks_often(void **state)
{
    enum { SHORT_MS = 200, LONG_MS = 20000 };
    static const char receiver[] = "MQTTAsync_rcv";

    (void)state;
    wake_for_connect(true);
    assert_true(time_wait(receiver, LONG_MS) < LONG_MS);
    assert_true(time_wait("another", SHORT_MS) >= SHORT_MS);
    wake_for_connect(false);
    assert_true(time_wait(receiver, SHORT_MS) >= SHORT_MS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_what_was_quick_before_is_given_up_soon),
        cmocka_unit_test(only_a_receiver_that_connects_looks_often),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
