/* The line to a real broker: what link.h promises. */
#include "protocol/limits.h"
#include "tests/support/broker.h"
#include "tests/support/peer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
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

static void a_message_arrives_with_its_bytes(void **state)
{
    struct peer *sender = peer_connect(broker_url(*state), "sender");
    struct peer *reader = peer_connect(broker_url(*state), "reader");

    assert_non_null(sender);
    assert_non_null(reader);
    assert_true(peer_subscribe(reader, "gaoshi/#"));
    assert_true(peer_publish(sender, "gaoshi/x", "a\0b\xff", 4, false));
    const struct peer_message *got = peer_wait_message(reader, 0);
    assert_non_null(got);
    assert_string_equal(got->topic, "gaoshi/x");
    assert_int_equal(got->bytes, 4);
    assert_memory_equal(got->payload, "a\0b\xff", 4);
    assert_false(got->retained);
    peer_destroy(reader);
    peer_destroy(sender);
}

static void a_retained_message_says_so_and_an_empty_one_arrives(void **state)
{
    struct peer *sender = peer_connect(broker_url(*state), "sender");
    assert_true(peer_publish(sender, "gaoshi/kept", "k", 1, true));
    struct peer *reader = peer_connect(broker_url(*state), "reader");
    assert_true(peer_subscribe(reader, "gaoshi/kept"));
    const struct peer_message *got = peer_wait_message(reader, 0);
    assert_non_null(got);
    assert_true(got->retained);
    assert_true(peer_publish(sender, "gaoshi/kept", "", 0, true));
    got = peer_wait_message(reader, 1);
    assert_non_null(got);
    assert_int_equal(got->bytes, 0);
    peer_destroy(reader);
    peer_destroy(sender);
}

static void a_hundred_publishes_give_a_hundred_answers(void **state)
{
    enum { COUNT = 100 };
    struct peer *sender = peer_connect(broker_url(*state), "sender");
    bool seen[COUNT] = {false};

    for (uint64_t i = 0; i < COUNT; i++)
        assert_true(
            link_publish(peer_link(sender), "gaoshi/n", "x", 1, 1, false, i));
    for (size_t i = 0; i < COUNT; i++) {
        const struct peer_answer *answer = peer_wait_answer(sender, i);
        assert_non_null(answer);
        assert_int_equal(answer->result, LINK_DELIVERED);
        assert_false(seen[answer->token]);
        seen[answer->token] = true;
    }
    assert_int_equal(peer_answers(sender), COUNT);
    peer_destroy(sender);
}

/* 3,984 bytes with their topic are a packet of 4,000. */
static void
what_the_broker_finds_too_large_is_refused_and_the_line_stays(void **state)
{
    const struct broker_options small = {.extra = "max_packet_size 4000\n"};
    struct broker *broker = broker_start(&small);
    char text[3985];

    (void)state;
    assert_non_null(broker);
    struct peer *sender = peer_connect(broker_url(broker), "sender");
    assert_non_null(sender);
    memset(text, 'x', sizeof text);
    assert_true(
        link_publish(peer_link(sender), "gaoshi/x", text, 3985, 1, false, 7));
    const struct peer_answer *answer = peer_wait_answer(sender, 0);
    assert_non_null(answer);
    assert_int_equal(answer->token, 7);
    assert_int_equal(answer->result, LINK_REFUSED);
    assert_non_null(strstr(answer->reason, "4000 bytes at most"));
    assert_true(peer_publish(sender, "gaoshi/x", text, 3984, false));
    peer_destroy(sender);
    broker_destroy(broker);
}

static void what_is_retained_comes_again_when_it_is_asked_for(void **state)
{
    struct broker *broker = *state;
    struct peer *peer = peer_connect(broker_url(broker), "screen");

    assert_non_null(peer);
    assert_true(peer_publish(peer, "down/panel", "kept", 4, true));
    assert_true(peer_subscribe(peer, "down/#"));
    assert_non_null(peer_wait_message(peer, 0));
    link_refresh(peer_link(peer));
    const struct peer_message *again = peer_wait_message(peer, 1);
    assert_non_null(again);
    assert_string_equal(again->payload, "kept");
    assert_true(again->retained);
    peer_destroy(peer);
}

static void a_killed_broker_is_found_again_and_subscribed_anew(void **state)
{
    struct peer *reader = peer_connect(broker_url(*state), "reader");

    assert_true(peer_subscribe(reader, "gaoshi/a"));
    assert_true(peer_subscribe(reader, "gaoshi/b"));
    broker_kill(*state);
    assert_true(peer_wait_disconnected(reader, 1));
    assert_false(
        link_publish(peer_link(reader), "gaoshi/a", "x", 1, 1, false, 1));
    assert_true(broker_restart(*state));
    assert_true(peer_wait_connected(reader, 2));
    assert_true(peer_wait_subscribed(reader, 4));
    assert_true(peer_publish(reader, "gaoshi/b", "again", 5, false));
    const struct peer_message *got = peer_wait_message(reader, 0);
    assert_non_null(got);
    assert_string_equal(got->payload, "again");
    peer_destroy(reader);
}

/* More than the sockets hold: some are on their way, others still in Paho's
 * queue, of which it tells nothing when the line goes. */
static void publishes_without_an_answer_end_unconfirmed_once(void **state)
{
    enum { COUNT = 200, BYTES = 60000 };
    struct peer *sender = peer_connect(broker_url(*state), "sender");
    char *big = calloc(1, BYTES);

    assert_non_null(big);
    broker_pause(*state);
    for (uint64_t i = 0; i < COUNT; i++)
        assert_true(link_publish(peer_link(sender), "gaoshi/n", big, BYTES, 1,
                                 false, i));
    broker_kill(*state);
    for (size_t i = 0; i < COUNT; i++) {
        const struct peer_answer *answer = peer_wait_answer(sender, i);
        assert_non_null(answer);
        assert_int_equal(answer->result, LINK_UNCONFIRMED);
    }
    /* Back again: nothing is answered a second time. */
    assert_true(broker_restart(*state));
    assert_true(peer_wait_connected(sender, 2));
    assert_true(peer_publish(sender, "gaoshi/n", "y", 1, false));
    assert_int_equal(peer_answers(sender), COUNT + 1);
    peer_destroy(sender);
    free(big);
}

static void closing_answers_what_the_broker_did_not(void **state)
{
    struct peer *sender = peer_connect(broker_url(*state), "sender");

    broker_pause(*state);
    assert_true(
        link_publish(peer_link(sender), "gaoshi/n", "x", 1, 1, false, 7));
    peer_close(sender);
    assert_int_equal(peer_answers(sender), 1);
    assert_int_equal(peer_wait_answer(sender, 0)->result, LINK_UNCONFIRMED);
    assert_int_equal(peer_wait_answer(sender, 0)->token, 7);
    peer_destroy(sender);
    broker_resume(*state);
}

static void an_oversized_message_is_handed_over_one_byte_too_long(void **state)
{
    char *big = calloc(1, LIMIT_MESSAGE_BYTES * 2);
    struct peer *reader = peer_connect(broker_url(*state), "reader");
    char command[256];

    assert_non_null(big);
    assert_true(peer_subscribe(reader, "gaoshi/big"));
    assert_false(link_publish(peer_link(reader), "gaoshi/big", big,
                              LIMIT_MESSAGE_BYTES + 1, 1, false, 1));
    snprintf(command, sizeof command,
             "head -c 200000 /dev/zero | mosquitto_pub -h 127.0.0.1 -p %d -t "
             "gaoshi/big -s",
             broker_port(*state));
    assert_int_equal(system(command), 0);
    const struct peer_message *got = peer_wait_message(reader, 0);
    assert_non_null(got);
    assert_int_equal(got->bytes, LIMIT_MESSAGE_BYTES + 1);
    peer_destroy(reader);
    free(big);
}

/* True if one of the next disconnects names `reason`. On a busy machine the
 * broker may take so long that the line is given up first, and tried again. */
static bool line_ends_with(struct peer *peer, const char *reason)
{
    char text[LINK_REASON_BYTES] = "";

    for (size_t times = 1; times <= 5; times++) {
        if (!peer_wait_disconnected(peer, times))
            return false;
        peer_reason(peer, text, sizeof text);
        if (strstr(text, reason))
            return true;
        print_message("the line ended: %s\n", text);
    }
    return false;
}

/* By MQTT 3.1.1 a client cannot say what it takes at most. */
static void a_packet_far_too_large_ends_the_line_before_its_body(void **state)
{
    struct link_options options = peer_options(broker_url(*state), "reader");
    static const struct {
        size_t bytes;
        bool ends;
    } sizes[] = {{4000000, false}, {9000000, true}};
    char command[256];

    options.mqtt_version = 4;
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        snprintf(command, sizeof command,
                 "head -c %zu /dev/zero | mosquitto_pub -h 127.0.0.1 -p %d -t "
                 "gaoshi/big -r -s",
                 sizes[i].bytes, broker_port(*state));
        assert_int_equal(system(command), 0);
        struct peer *reader = peer_connect_with(&options);
        assert_true(peer_subscribe(reader, "gaoshi/big"));
        if (sizes[i].ends)
            assert_true(line_ends_with(reader, "a packet of 9000012 bytes"));
        else
            assert_non_null(peer_wait_message(reader, 0));
        peer_destroy(reader);
    }
}

static void
the_will_is_told_when_the_line_breaks_and_not_when_it_closes(void **state)
{
    struct peer *reader = peer_connect(broker_url(*state), "reader");
    struct link_options options = peer_options(broker_url(*state), "mortal");
    options.will_topic = "gaoshi/presence";
    options.will_payload = "offline";
    assert_true(peer_subscribe(reader, "gaoshi/presence"));

    struct peer *mortal = peer_create(&options);
    assert_true(peer_wait_connected(mortal, 1));
    peer_destroy(mortal);
    assert_true(peer_publish(reader, "gaoshi/presence", "mark", 4, false));
    const struct peer_message *got = peer_wait_message(reader, 0);
    assert_non_null(got);
    assert_string_equal(got->payload, "mark");

    /* A second client of the same name throws the first one out. */
    mortal = peer_create(&options);
    assert_true(peer_wait_connected(mortal, 1));
    struct peer *usurper = peer_connect(broker_url(*state), "mortal");
    got = peer_wait_message(reader, 1);
    assert_non_null(got);
    assert_string_equal(got->payload, "offline");
    peer_destroy(mortal);
    peer_destroy(usurper);
    peer_destroy(reader);
}

static void a_denied_publish_is_refused_with_the_reason(void **state)
{
    struct broker_options rules = {.acl = "topic read #\n"};
    struct broker *strict = broker_start(&rules);
    struct peer *sender = peer_connect(broker_url(strict), "sender");

    (void)state;
    assert_true(
        link_publish(peer_link(sender), "gaoshi/x", "x", 1, 1, false, 1));
    const struct peer_answer *answer = peer_wait_answer(sender, 0);
    assert_non_null(answer);
    assert_int_equal(answer->result, LINK_REFUSED);
    assert_non_null(strstr(answer->reason, "0x87"));
    peer_destroy(sender);
    broker_destroy(strict);
}

static void a_wrong_password_is_told_with_the_reason(void **state)
{
    static const int versions[] = {4, 5};
    struct broker_options rules = {.users = "erqi:right\n"};
    struct broker *strict = broker_start(&rules);

    (void)state;
    for (size_t i = 0; i < sizeof versions / sizeof versions[0]; i++) {
        struct link_options options = peer_options(broker_url(strict), "x");
        char reason[256];
        options.mqtt_version = versions[i];
        options.username = "erqi";
        options.password = "wrong";
        struct peer *peer = peer_create(&options);
        assert_true(peer_wait_disconnected(peer, 1));
        peer_reason(peer, reason, sizeof reason);
        assert_non_null(strcasestr(reason, "not authorized"));
        peer_destroy(peer);
        options.password = "right";
        peer = peer_create(&options);
        assert_true(peer_wait_connected(peer, 1));
        peer_destroy(peer);
    }
    broker_destroy(strict);
}

static void mqtt_3_1_1_serves_as_well(void **state)
{
    struct link_options options = peer_options(broker_url(*state), "old");
    options.mqtt_version = 4;
    struct peer *peer = peer_create(&options);

    assert_true(peer_wait_connected(peer, 1));
    assert_true(peer_subscribe(peer, "gaoshi/#"));
    assert_true(peer_publish(peer, "gaoshi/x", "x", 1, true));
    assert_non_null(peer_wait_message(peer, 0));
    broker_kill(*state);
    assert_true(peer_wait_disconnected(peer, 1));
    assert_true(broker_restart(*state));
    assert_true(peer_wait_subscribed(peer, 2));
    assert_true(peer_publish(peer, "gaoshi/x", "y", 1, true));
    assert_non_null(peer_wait_message(peer, 1));
    peer_destroy(peer);
}

static void brokers_are_tried_in_turn_and_the_first_one_again(void **state)
{
    struct broker *second = broker_start(NULL);
    struct link_options options = peer_options(broker_url(*state), "turn");
    options.brokers[1] = broker_url(second);
    options.broker_count = 2;

    broker_kill(*state);
    struct peer *peer = peer_create(&options);
    assert_true(peer_wait_connected(peer, 1));
    broker_kill(second);
    assert_true(broker_restart(*state));
    assert_true(peer_wait_connected(peer, 2));
    assert_true(peer_publish(peer, "gaoshi/x", "x", 1, false));
    peer_destroy(peer);
    broker_destroy(second);
}

static void a_link_without_a_broker_says_so_once_and_can_be_closed(void **state)
{
    struct link_options options = peer_options(broker_url(*state), "alone");

    broker_kill(*state);
    struct peer *peer = peer_create(&options);
    assert_true(peer_wait_disconnected(peer, 1));
    char reason[256];
    peer_reason(peer, reason, sizeof reason);
    assert_non_null(strstr(reason, broker_url(*state)));
    peer_destroy(peer);
}

static void more_filters_than_the_limit_are_refused(void **state)
{
    struct link_options options = peer_options(broker_url(*state), "many");
    struct peer *peer = peer_create(&options);
    struct problem problem = {0};
    char filter[32];

    for (int i = 0; i < LINK_FILTER_MAX; i++) {
        snprintf(filter, sizeof filter, "gaoshi/%d", i);
        assert_true(link_subscribe(peer_link(peer), filter, &problem));
    }
    assert_false(link_subscribe(peer_link(peer), "gaoshi/x", &problem));
    assert_int_equal(problem.code, PROBLEM_TOO_LARGE);
    peer_destroy(peer);
}

int main(void)
{
#define WITH_BROKER(test)                                                      \
    cmocka_unit_test_setup_teardown(test, start_broker, end_broker)
    const struct CMUnitTest tests[] = {
        WITH_BROKER(a_message_arrives_with_its_bytes),
        WITH_BROKER(a_retained_message_says_so_and_an_empty_one_arrives),
        WITH_BROKER(what_is_retained_comes_again_when_it_is_asked_for),
        cmocka_unit_test(
            what_the_broker_finds_too_large_is_refused_and_the_line_stays),
        WITH_BROKER(a_hundred_publishes_give_a_hundred_answers),
        WITH_BROKER(a_killed_broker_is_found_again_and_subscribed_anew),
        WITH_BROKER(publishes_without_an_answer_end_unconfirmed_once),
        WITH_BROKER(closing_answers_what_the_broker_did_not),
        WITH_BROKER(an_oversized_message_is_handed_over_one_byte_too_long),
        WITH_BROKER(a_packet_far_too_large_ends_the_line_before_its_body),
        WITH_BROKER(
            the_will_is_told_when_the_line_breaks_and_not_when_it_closes),
        cmocka_unit_test(a_denied_publish_is_refused_with_the_reason),
        cmocka_unit_test(a_wrong_password_is_told_with_the_reason),
        WITH_BROKER(mqtt_3_1_1_serves_as_well),
        WITH_BROKER(brokers_are_tried_in_turn_and_the_first_one_again),
        WITH_BROKER(a_link_without_a_broker_says_so_once_and_can_be_closed),
        WITH_BROKER(more_filters_than_the_limit_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
