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

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/evp.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
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

/* A server of WebSockets that takes every connection and then does harm. */
struct hostile {
    int listener;
    pthread_t thread;
    bool broken_answer; /* a header without its colon */
    bool floods;        /* PING after PING, and reads nothing */
    const char *bytes;  /* behind the CONNACK */
    size_t count;
    atomic_int pongs;
};

static void answer_upgrade(int line, const char *request, bool broken)
{
    static const char name[] = "Sec-WebSocket-Key: ";
    unsigned char hash[20], accept[40];
    char text[300];
    const char *key = strstr(request, name);

    assert_non_null(key);
    snprintf(text, sizeof text, "%.24s258EAFA5-E914-47DA-95CA-C5AB0DC85B11",
             key + sizeof name - 1);
    EVP_Digest(text, strlen(text), hash, NULL, EVP_sha1(), NULL);
    EVP_EncodeBlock(accept, hash, sizeof hash);
    int bytes = snprintf(text, sizeof text,
                         "HTTP/1.1 101 Switching Protocols\r\n"
                         "Upgrade: websocket\r\nConnection: Upgrade\r\n"
                         "Sec-WebSocket-Protocol: mqtt\r\n"
                         "Sec-WebSocket-Accept%s %s\r\n\r\n",
                         broken ? "" : ":", (const char *)accept);
    send(line, text, (size_t)bytes, MSG_NOSIGNAL);
}

/* Until the client goes. */
static void do_harm(struct hostile *hostile, int line)
{
    char ping[127] = "\x89\x7d", got[256];
    ssize_t bytes;

    send(line, hostile->bytes, hostile->count, MSG_NOSIGNAL);
    while (hostile->floods && send(line, ping, sizeof ping, MSG_NOSIGNAL) > 0)
        ;
    while ((bytes = recv(line, got, sizeof got, 0)) > 0)
        for (ssize_t i = 0; i < bytes; i++)
            hostile->pongs += (unsigned char)got[i] == 0x8A;
}

static void *serve(void *context)
{
    struct hostile *hostile = context;
    /* A client that went while nothing could be sent is noticed. */
    const unsigned limit_ms = 5000;
    int line;

    while ((line = accept(hostile->listener, NULL, NULL)) >= 0) {
        char request[2000];
        setsockopt(line, IPPROTO_TCP, TCP_USER_TIMEOUT, &limit_ms,
                   sizeof limit_ms);
        ssize_t bytes = recv(line, request, sizeof request - 1, 0);
        request[bytes > 0 ? bytes : 0] = '\0';
        if (bytes > 0)
            answer_upgrade(line, request, hostile->broken_answer);
        if (!hostile->broken_answer && recv(line, request, 1, 0) == 1) {
            /* MQTT 5, a CONNACK. */
            send(line, "\x82\x05\x20\x03\x00\x00\x00", 7, MSG_NOSIGNAL);
            do_harm(hostile, line);
        } else {
            while (recv(line, request, sizeof request, 0) > 0)
                ;
        }
        close(line);
    }
    return NULL;
}

/* The line ends with this reason, and the next one comes up: nothing crashed
 * and nothing is left behind. */
static void expect_cut(struct hostile *hostile, const char *reason)
{
    char url[64], told[LINK_REASON_BYTES];
    const int small = 2048;

    hostile->listener = loopback_listen(4);
    setsockopt(hostile->listener, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    web_url(loopback_port(hostile->listener), url);
    assert_int_equal(pthread_create(&hostile->thread, NULL, serve, hostile), 0);
    struct link_options options = peer_options(url, "one");
    struct peer *peer = peer_create(&options);
    if (!peer_wait_disconnected(peer, 1))
        fail_msg("'%s': the line stays", reason);
    peer_reason(peer, told, sizeof told);
    if (!strstr(told, reason))
        fail_msg("'%s', expected '%s'", told, reason);
    /* With a broken answer it never comes up. */
    assert_true(hostile->broken_answer || peer_wait_connected(peer, 2));
    peer_destroy(peer);
    shutdown(hostile->listener, SHUT_RDWR);
    pthread_join(hostile->thread, NULL);
    close(hostile->listener);
}

/* What each of these did to Paho alone: paho_calls.c, web_frames.h. */
static void a_hostile_server_ends_the_line_and_nothing_else(void **state)
{
    static const struct {
        const char *bytes;
        size_t count;
        const char *reason;
    } rows[] = {
#define ROW(bytes, reason) {bytes, sizeof(bytes) - 1, reason}
        ROW("\x82\x03\x30\x20x\x89\x04"
            "ping\x82\x02xy",
            "within an MQTT packet"),
        ROW("\x82\x03\x30\x20x\x88\x02\x03\xe8", "within an MQTT packet"),
        ROW("\x82\x00\x82\x00", "is empty"),
        ROW("\x02\x03\x30\x20x", "fragments"),
        ROW("\x82\x7f\x00\x00\x00\x01\x00\x00\x00\x04"
            "abcd",
            "is too large"),
        ROW("\x82\x05\x30\xff\xff\xff\x7f", "packet is too large"),
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct hostile hostile = {.bytes = rows[i].bytes,
                                  .count = rows[i].count};
        expect_cut(&hostile, rows[i].reason);
    }
    struct hostile broken = {.broken_answer = true};
    expect_cut(&broken, "is broken");
}

static void pings_without_end_end_the_line_and_nothing_else(void **state)
{
    struct hostile hostile = {.floods = true, .bytes = ""};

    (void)state;
    expect_cut(&hostile, "lost ");
}

static bool has_pong(void *context)
{
    return ((struct hostile *)context)->pongs > 0;
}

static void a_ping_between_packets_is_answered(void **state)
{
    struct hostile hostile = {.bytes = "\x89\x02hi", .count = 4};
    char url[64];

    (void)state;
    hostile.listener = loopback_listen(4);
    web_url(loopback_port(hostile.listener), url);
    assert_int_equal(pthread_create(&hostile.thread, NULL, serve, &hostile), 0);
    struct peer *peer = peer_connect(url, "one");
    assert_non_null(peer);
    assert_true(process_wait_until(has_pong, &hostile));
    peer_destroy(peer);
    shutdown(hostile.listener, SHUT_RDWR);
    pthread_join(hostile.thread, NULL);
    close(hostile.listener);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_hostile_server_ends_the_line_and_nothing_else),
        cmocka_unit_test(pings_without_end_end_the_line_and_nothing_else),
        cmocka_unit_test(a_ping_between_packets_is_answered),
        cmocka_unit_test(addresses_of_all_kinds_are_read),
        cmocka_unit_test(both_versions_send_and_hear),
        cmocka_unit_test(a_line_cut_within_a_message_comes_back),
        cmocka_unit_test(a_restarted_broker_has_the_line_again),
        cmocka_unit_test(several_addresses_are_tried_in_turn),
        cmocka_unit_test(mutual_tls_goes_through_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
