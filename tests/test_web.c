/* Lines through WebSockets, against mosquitto's own: both versions of MQTT,
 * with TLS and without, several addresses, and lines that break. */
#include "protocol/broker_address.h"
#include "protocol/limits.h"
#include "tests/support/folder.h"
#include "tests/support/loopback.h"
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
#include <unistd.h>

#include <cmocka.h>

static void addresses_of_all_kinds_are_read(void **state)
{
    static const struct {
        const char *text, *whole; /* NULL: refused */
    } cases[] = {
        {"ws://b", "ws://b:80/mqtt"},
        {"wss://b", "wss://b:443/mqtt"},
        {"WSS://b:8443", "wss://b:8443/mqtt"},
        {"ws://[::1]:9001/", "ws://[::1]:9001/"},
        {"wss://b/city/mqtt?a=1", "wss://b:443/city/mqtt?a=1"},
        {"mqtt://b", "mqtt://b:1883"},
        {"mqtts://b:1", "mqtts://b:1"},
        {"ws://b/a b", NULL},
        {"ws://b/\r\nX: y", NULL},
        {"ws://b/a#b", NULL},
        {"ws://b:/x", NULL},
        {"ws:///x", NULL},
        {"mqtt://b/x", NULL},
        {"mqtt://b:1883/", NULL},
        {"http://b", NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct broker_address address;
        struct problem problem = {0};
        char whole[BROKER_ADDRESS_BYTES];
        bool good = broker_address_parse(cases[i].text, &address, &problem);
        assert_int_equal(good, cases[i].whole != NULL);
        if (good) {
            broker_address_format(&address, whole);
            assert_string_equal(whole, cases[i].whole);
        } else {
            assert_non_null(strstr(problem.expected, "expected "));
        }
    }
}

/* mosquitto 2.0.11 ends at once if all of its listeners are of WebSockets. */
static struct broker *start_web(const char *tls)
{
    char config[2000];

    snprintf(config, sizeof config,
             "log_dest none\npersistence true\n"
             "persistence_location @FOLDER@/\n"
             "autosave_on_changes true\nautosave_interval 1\n"
             "allow_anonymous true\nlistener @PORT2@ 127.0.0.1\n"
             "listener @PORT@ 127.0.0.1\nprotocol websockets\n"
             "socket_domain ipv4\n%s",
             tls);
    struct broker *broker =
        broker_start(&(struct broker_options){.config = config});
    assert_non_null(broker);
    return broker;
}

static void web_url(int port, char out[64])
{
    snprintf(out, 64, "ws://127.0.0.1:%d", port);
}

static void both_versions_send_and_hear(void **state)
{
    struct broker *broker = start_web("");
    char url[64];

    (void)state;
    web_url(broker_port(broker), url);
    for (int version = 4; version <= 5; version++) {
        struct link_options options = peer_options(url, "one");
        char body[LIMIT_MESSAGE_BYTES];
        options.mqtt_version = version;
        struct peer *peer = peer_connect_with(&options);
        assert_non_null(peer);
        assert_true(peer_subscribe(peer, "a/+"));
        assert_true(peer_publish(peer, "a/short", "x", 1, false));
        memset(body, 'b', sizeof body);
        assert_true(peer_publish(peer, "a/long", body, sizeof body, false));
        const struct peer_message *got = peer_wait_topic(peer, "a/long");
        assert_non_null(got);
        assert_int_equal(got->bytes, sizeof body);
        assert_memory_equal(got->payload, body, sizeof body);
        peer_destroy(peer);
    }
    broker_destroy(broker);
}

/* In a process of its own: Paho has one buffer for all WebSockets of a process.
 */
static void retain(const struct broker *broker, const char *topic,
                   const char *text)
{
    const char *port = strrchr(broker_second_url(broker), ':') + 1;

    assert_true(folder_write(broker_folder(broker), "body", text));
    char *file = folder_path(broker_folder(broker), "body");
    const char *words[] = {"mosquitto_pub", "-p", port, "-q", "1", "-r", "-t",
                           topic,           "-f", file, NULL};
    assert_int_equal(process_wait(process_start(words, NULL, -1)), 0);
    free(file);
}

/* Half of a large retained message has come when the line is cut. */
static void a_line_cut_within_a_message_comes_back(void **state)
{
    struct broker *broker = start_web("");
    struct proxy *proxy = proxy_start(broker_port(broker));
    char url[64], body[60001];

    (void)state;
    web_url(proxy_port(proxy), url);
    memset(body, 'b', sizeof body - 1);
    body[sizeof body - 1] = '\0';
    struct peer *screen = peer_connect(url, "screen");
    assert_non_null(screen);
    assert_true(peer_subscribe(screen, "a/#"));
    for (size_t times = 1; times <= 2; times++) {
        proxy_set(proxy, PROXY_TRICKLE);
        retain(broker, "a/long", body);
        /* No answer comes in time. */
        assert_true(peer_wait_disconnected(screen, times));
        proxy_cut(proxy);
        proxy_set(proxy, PROXY_PASS);
        assert_true(peer_wait_connected(screen, times + 1));
    }
    retain(broker, "a/end", "x");
    assert_non_null(peer_wait_topic(screen, "a/end"));
    const struct peer_message *got = peer_wait_topic(screen, "a/long");
    assert_non_null(got);
    assert_int_equal(got->bytes, sizeof body - 1);
    assert_memory_equal(got->payload, body, got->bytes);
    peer_destroy(screen);
    proxy_destroy(proxy);
    broker_destroy(broker);
}

static void a_restarted_broker_has_the_line_again(void **state)
{
    struct broker *broker = start_web("");
    char url[64];

    (void)state;
    web_url(broker_port(broker), url);
    struct peer *peer = peer_connect(url, "one");
    assert_true(peer_subscribe(peer, "a"));
    for (size_t times = 1; times <= 2; times++) {
        broker_kill(broker);
        assert_true(peer_wait_disconnected(peer, times));
        assert_true(broker_restart(broker));
        assert_true(peer_wait_connected(peer, times + 1));
        assert_true(peer_wait_subscribed(peer, times + 1));
        assert_true(peer_publish(peer, "a", "x", 1, false));
        assert_non_null(peer_wait_message(peer, times - 1));
    }
    peer_destroy(peer);
    broker_destroy(broker);
}

/* One address is dead, one speaks plain MQTT, the last one is right; all kinds
 * without TLS may stand side by side. */
static void several_addresses_are_tried_in_turn(void **state)
{
    struct broker *plain = broker_start(NULL), *web = start_web("");
    char dead[64], wrong[64], right[64];

    (void)state;
    int listener = loopback_listen(1);
    web_url(loopback_port(listener), dead);
    close(listener);
    web_url(broker_port(plain), wrong);
    web_url(broker_port(web), right);
    struct link_options options = peer_options(dead, "one");
    options.brokers[1] = wrong;
    options.brokers[2] = right;
    options.broker_count = 3;
    struct peer *peer = peer_connect_with(&options);
    assert_non_null(peer);
    assert_true(peer_publish(peer, "a", "x", 1, false));
    peer_destroy(peer);
    options.brokers[0] = broker_url(plain);
    peer = peer_connect_with(&options);
    assert_non_null(peer);
    assert_true(peer_publish(peer, "a", "x", 1, false));
    broker_kill(plain);
    assert_true(peer_wait_connected(peer, 2));
    assert_true(peer_publish(peer, "a", "x", 1, false));
    peer_destroy(peer);
    broker_destroy(web);
    broker_destroy(plain);
}

static void mutual_tls_goes_through_it(void **state)
{
    char *folder = folder_make();
    struct mutual mutual;
    char tls[1200], url[64];

    (void)state;
    assert_true(mutual_make(&mutual, folder));
    snprintf(tls, sizeof tls,
             "cafile %s\ncertfile %s\nkeyfile %s\nrequire_certificate true\n",
             mutual.ca, mutual.broker_cert, mutual.broker_key);
    struct broker *broker = start_web(tls);
    snprintf(url, sizeof url, "wss://localhost:%d", broker_port(broker));
    struct link_options options = peer_options(url, "one");
    mutual_set_link(&mutual, &options);
    struct peer *peer = peer_connect_with(&options);
    assert_non_null(peer);
    assert_true(peer_subscribe(peer, "a"));
    assert_true(peer_publish(peer, "a", "x", 1, false));
    assert_non_null(peer_wait_message(peer, 0));
    broker_kill(broker);
    assert_true(broker_restart(broker));
    assert_true(peer_wait_connected(peer, 2));
    peer_destroy(peer);
    broker_destroy(broker);
    folder_remove(folder);
    free(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_of_all_kinds_are_read),
        cmocka_unit_test(both_versions_send_and_hear),
        cmocka_unit_test(a_line_cut_within_a_message_comes_back),
        cmocka_unit_test(a_restarted_broker_has_the_line_again),
        cmocka_unit_test(several_addresses_are_tried_in_turn),
        cmocka_unit_test(mutual_tls_goes_through_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
