/* A line over TLS that breaks without saying so, while it stands and while it
 * is being made. */
#include "tests/support/folder.h"
#include "tests/support/mutual.h"
#include "tests/support/peer.h"
#include "tests/support/process.h"
#include "tests/support/proxy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

enum { STOP_LIMIT_S = 10 }; /* what a service manager allows */

struct site {
    char *folder;
    struct mutual mutual;
    struct broker *broker;
    struct proxy *proxy;
    char url[MUTUAL_URL_BYTES]; /* of the proxy */
};

static int open_site(void **state)
{
    struct site *site = calloc(1, sizeof *site);
    struct broker_options options = {0};

    if (!site)
        return -1;
    *state = site;
    site->folder = folder_make();
    if (!site->folder || !mutual_make(&site->mutual, site->folder))
        return -1;
    mutual_set_broker(&site->mutual, &options);
    site->broker = broker_start(&options);
    if (!site->broker)
        return -1;
    site->proxy = proxy_start(broker_port(site->broker));
    if (!site->proxy)
        return -1;
    mutual_url(proxy_port(site->proxy), site->url);
    return 0;
}

static int close_site(void **state)
{
    struct site *site = *state;

    proxy_destroy(site->proxy);
    broker_destroy(site->broker);
    folder_remove(site->folder);
    free(site->folder);
    free(site);
    return 0;
}

static struct peer *start_peer(const struct site *site)
{
    struct link_options options = peer_options(site->url, "far");

    mutual_set_link(&site->mutual, &options);
    struct peer *peer = peer_create(&options);
    assert_non_null(peer);
    return peer;
}

static void expect_reason(struct peer *peer, const char *expected)
{
    char reason[LINK_REASON_BYTES];

    peer_reason(peer, reason, sizeof reason);
    if (!strstr(reason, expected))
        fail_msg("expected '%s' in '%s'", expected, reason);
}

static void a_half_open_line_is_found_out_and_made_anew(void **state)
{
    struct site *site = *state;
    struct peer *peer = start_peer(site);

    assert_true(peer_wait_connected(peer, 1));
    assert_true(peer_subscribe(peer, "gaoshi/#"));
    proxy_forget(site->proxy);
    assert_true(peer_wait_disconnected(peer, 1));
    expect_reason(peer, "no answer for");
    assert_true(peer_wait_subscribed(peer, 2));
    assert_true(peer_publish(peer, "gaoshi/x", "back", 4, false));
    assert_non_null(peer_wait_message(peer, 0));
    peer_destroy(peer);
}

static bool somebody_came(void *context)
{
    return proxy_accepted(context) > 0;
}

/* The broker accepts and says nothing; nobody takes that for a certificate
 * that is wrong. What it says in the end goes astray. */
static void a_handshake_without_an_answer_is_begun_anew(void **state)
{
    struct site *site = *state;

    broker_pause(site->broker);
    struct peer *peer = start_peer(site);
    assert_true(process_wait_until(somebody_came, site->proxy));
    proxy_forget(site->proxy);
    broker_resume(site->broker);
    assert_true(peer_wait_connected(peer, 1));
    assert_true(peer_wait_disconnected(peer, 1));
    expect_reason(peer, "no answer");
    assert_true(peer_publish(peer, "gaoshi/x", "back", 4, false));
    peer_destroy(peer);
}

static void a_link_ends_while_a_handshake_hangs(void **state)
{
    struct site *site = *state;
    struct timespec from, until;

    broker_pause(site->broker);
    struct peer *peer = start_peer(site);
    assert_true(process_wait_until(somebody_came, site->proxy));
    clock_gettime(CLOCK_MONOTONIC, &from);
    peer_destroy(peer);
    clock_gettime(CLOCK_MONOTONIC, &until);
    assert_true(until.tv_sec - from.tv_sec <= STOP_LIMIT_S);
}

static void a_packet_far_too_large_ends_the_line_before_its_body(void **state)
{
    struct site *site = *state;
    struct link_options options = peer_options(site->url, "far");
    char command[1024];

    options.mqtt_version = 4;
    mutual_set_link(&site->mutual, &options);
    struct peer *peer = peer_connect_with(&options);
    assert_true(peer_subscribe(peer, "gaoshi/big"));
    snprintf(command, sizeof command,
             "head -c 9000000 /dev/zero | mosquitto_pub -h localhost -p %d "
             "--cafile %s --cert %s --key %s -t gaoshi/big -s",
             broker_port(site->broker), site->mutual.ca,
             site->mutual.client_cert, site->mutual.client_key);
    assert_int_equal(system(command), 0);
    assert_true(peer_wait_disconnected(peer, 1));
    expect_reason(peer, "a packet of 9000012 bytes");
    peer_destroy(peer);
}

int main(void)
{
#define AT_SITE(test)                                                          \
    cmocka_unit_test_setup_teardown(test, open_site, close_site)
    const struct CMUnitTest tests[] = {
        AT_SITE(a_half_open_line_is_found_out_and_made_anew),
        AT_SITE(a_handshake_without_an_answer_is_begun_anew),
        AT_SITE(a_link_ends_while_a_handshake_hangs),
        AT_SITE(a_packet_far_too_large_ends_the_line_before_its_body),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
