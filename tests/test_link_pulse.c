/* A line that breaks without saying so, and one that is taken away. */
#include "tests/support/broker.h"
#include "tests/support/peer.h"
#include "tests/support/proxy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static int start_broker(void **state)
{
    return (*state = broker_start(NULL)) ? 0 : -1;
}

static int end_broker(void **state)
{
    broker_destroy(*state);
    return 0;
}

/* Neither end is told: only asking finds it out. */
static void a_half_open_line_is_found_out_and_made_anew(void **state)
{
    static const int versions[] = {4, 5};
    struct proxy *proxy = proxy_start(broker_port(*state));

    assert_non_null(proxy);
    for (size_t i = 0; i < sizeof versions / sizeof versions[0]; i++) {
        struct link_options options = peer_options(proxy_url(proxy), "far");
        char reason[LINK_REASON_BYTES];
        options.mqtt_version = versions[i];
        struct peer *peer = peer_create(&options);
        assert_true(peer_wait_connected(peer, 1));
        assert_true(peer_subscribe(peer, "gaoshi/#"));
        proxy_forget(proxy);
        assert_true(peer_wait_disconnected(peer, 1));
        peer_reason(peer, reason, sizeof reason);
        assert_non_null(strstr(reason, "no answer for"));
        assert_true(peer_wait_subscribed(peer, 2));
        assert_true(peer_publish(peer, "gaoshi/x", "back", 4, false));
        assert_non_null(peer_wait_message(peer, 0));
        peer_destroy(peer);
    }
    proxy_destroy(proxy);
}

static void a_broker_that_hangs_is_found_again_when_it_goes_on(void **state)
{
    struct peer *peer = peer_connect(broker_url(*state), "patient");

    broker_pause(*state);
    assert_true(peer_wait_disconnected(peer, 1));
    broker_resume(*state);
    assert_true(peer_wait_connected(peer, 2));
    assert_true(peer_publish(peer, "gaoshi/x", "back", 4, false));
    peer_destroy(peer);
}

/* They throw each other out, ever more slowly, and the log says why. */
static void two_clients_of_one_name_are_told_in_plain_words(void **state)
{
    static const char words[] = "does another client use the name 'twin'?";
    struct peer *first = peer_connect(broker_url(*state), "twin");
    struct peer *second = peer_connect(broker_url(*state), "twin");
    char reason[LINK_REASON_BYTES] = "";

    assert_non_null(second);
    for (size_t time = 1; !strstr(reason, words); time++) {
        assert_true(peer_wait_disconnected(first, time));
        peer_reason(first, reason, sizeof reason);
        assert_true(time < 10);
    }
    peer_destroy(second);
    peer_destroy(first);
}

/* Paho looks names up under its lock: a dead name server must not hold the
 * end of a program longer than a service manager waits. */
static void looking_a_name_up_is_bounded_unless_somebody_else_did(void **state)
{
    static const char own[] = "timeout:7";
    struct link_options options = peer_options(broker_url(*state), "namer");
    const struct link_callbacks callbacks = {0};
    struct link *link = NULL;
    struct problem problem = {0};

    assert_int_equal(unsetenv("RES_OPTIONS"), 0);
    assert_true(link_create(&options, &callbacks, &link, &problem));
    link_destroy(link);
    assert_non_null(strstr(getenv("RES_OPTIONS"), "timeout:2"));
    assert_int_equal(setenv("RES_OPTIONS", own, 1), 0);
    assert_true(link_create(&options, &callbacks, &link, &problem));
    link_destroy(link);
    assert_string_equal(getenv("RES_OPTIONS"), own);
}

int main(void)
{
#define WITH_BROKER(test)                                                      \
    cmocka_unit_test_setup_teardown(test, start_broker, end_broker)
    const struct CMUnitTest tests[] = {
        WITH_BROKER(a_half_open_line_is_found_out_and_made_anew),
        WITH_BROKER(a_broker_that_hangs_is_found_again_when_it_goes_on),
        WITH_BROKER(looking_a_name_up_is_bounded_unless_somebody_else_did),
        WITH_BROKER(two_clients_of_one_name_are_told_in_plain_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
