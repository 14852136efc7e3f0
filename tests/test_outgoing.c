/* What a screen publishes keeps its order, waits as long as it may, and is sent
 * until it arrived where that is promised. */
#include <semaphore.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "display/edge/net/outgoing.h"
#include "tests/support/broker.h"
#include "tests/support/peer.h"
#include "tests/support/proxy.h"

#define NEVER_MS (INT64_C(365) * 24 * 3600 * 1000)

struct line {
    struct broker *broker;
    struct proxy *proxy; /* between the sender and the broker */
    struct peer *reader;
    struct link *sender;
    struct outgoing *outgoing;
    size_t read; /* messages that the test looked at */
    bool closed; /* it was closed by the test */
    sem_t acknowledged;
};

static void on_connected(void *context)
{
    struct line *line = context;

    outgoing_connected(line->outgoing);
}

static void on_published(void *context, uint64_t token, enum link_result result,
                         const char *reason)
{
    struct line *line = context;

    (void)reason;
    outgoing_published(line->outgoing, token, result);
    if (result == LINK_DELIVERED)
        sem_post(&line->acknowledged);
}

static bool wait_acknowledged(struct line *line)
{
    struct timespec until;

    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += 60;
    return sem_timedwait(&line->acknowledged, &until) == 0;
}

static int open_line(void **state)
{
    struct line *line = calloc(1, sizeof *line);

    sem_init(&line->acknowledged, 0, 0);
    line->broker = broker_start(NULL);
    assert_non_null(line->broker);
    line->proxy = proxy_start(broker_port(line->broker));
    assert_non_null(line->proxy);
    line->reader = peer_connect(broker_url(line->broker), "reader");
    assert_true(peer_subscribe(line->reader, "t"));
    const struct link_options options = peer_options(proxy_url(line->proxy),
                                                     "sender");
    const struct link_callbacks callbacks = {
        .context = line, .connected = on_connected, .published = on_published};
    struct problem problem = {0};
    assert_true(link_create(&options, &callbacks, &line->sender, &problem));
    line->outgoing = outgoing_create(line->sender);
    assert_true(link_start(line->sender, &problem));
    *state = line;
    /* The line is up as soon as this arrives, and idle when it is acknowledged.
     */
    assert_true(
        outgoing_publish(line->outgoing, "t", "first", NULL, OUTGOING_KEPT, 0));
    assert_string_equal(peer_wait_message(line->reader, line->read++)->payload,
                        "first");
    assert_true(wait_acknowledged(line));
    return 0;
}

static int close_line(void **state)
{
    struct line *line = *state;

    outgoing_close(line->closed ? NULL : line->outgoing);
    link_destroy(line->sender);
    outgoing_destroy(line->outgoing);
    peer_destroy(line->reader);
    proxy_destroy(line->proxy);
    broker_destroy(line->broker);
    sem_destroy(&line->acknowledged);
    free(line);
    return 0;
}

static void put_with(struct line *line, int number, enum outgoing_care care,
                     int64_t spread_ms)
{
    char text[16];

    snprintf(text, sizeof text, "%d", number);
    assert_true(
        outgoing_publish(line->outgoing, "t", text, NULL, care, spread_ms));
}

static void put(struct line *line, int number, int64_t spread_ms)
{
    put_with(line, number, OUTGOING_PASSING, spread_ms);
}

static int read_number(struct line *line)
{
    const struct peer_message *got = peer_wait_message(line->reader,
                                                       line->read++);

    assert_non_null(got);
    return atoi(got->payload);
}

static void expect(struct line *line, int count)
{
    for (int i = 0; i < count; i++)
        assert_int_equal(read_number(line), i);
}

/* 0 and 1 come. What was on its way when the line broke may come twice, and
 * before the other. */
static void expect_both(struct line *line)
{
    for (unsigned came = 0; came != 3;)
        came |= 1U << read_number(line);
}

static void what_waits_a_while_comes_in_its_order(void **state)
{
    struct line *line = *state;

    put(line, 0, 200);
    put(line, 1, 0);
    put(line, 2, 200);
    expect(line, 3);
}

static void news_of_the_same_take_the_place_of_what_waits(void **state)
{
    struct line *line = *state;

    put(line, 0, NEVER_MS);
    assert_true(
        outgoing_publish(line->outgoing, "t", "old", "x", OUTGOING_PASSING, 0));
    put(line, 2, 0);
    assert_true(
        outgoing_publish(line->outgoing, "t", "1", "x", OUTGOING_PASSING, 0));
    assert_true(
        outgoing_publish(line->outgoing, "t", "3", "y", OUTGOING_PASSING, 0));
    outgoing_close(line->outgoing);
    line->closed = true;
    expect(line, 4);
}

/* A lot below a second out of a year would be a miracle. */
static void the_end_of_the_screen_waits_for_nothing(void **state)
{
    struct line *line = *state;

    put(line, 0, NEVER_MS);
    put(line, 1, NEVER_MS);
    outgoing_close(line->outgoing);
    line->closed = true;
    expect(line, 2);
}

static void half_of_the_room_taken_nothing_waits(void **state)
{
    struct line *line = *state;

    for (int i = 0; i < OUTGOING_ITEMS / 2; i++)
        put(line, i, NEVER_MS);
    expect(line, 1);
}

/* The line takes them and gives nothing to the broker, as when a router forgot
 * it: nobody acknowledges them, and some seconds later it counts as dead. */
static void what_is_kept_is_sent_until_a_broker_has_it(void **state)
{
    struct line *line = *state;

    proxy_set(line->proxy, PROXY_REFUSE);
    proxy_forget(line->proxy);
    put_with(line, 0, OUTGOING_KEPT, 0);
    put_with(line, 1, OUTGOING_KEPT, 0);
    proxy_set(line->proxy, PROXY_PASS);
    expect_both(line);
}

static void what_is_kept_waits_for_a_line(void **state)
{
    struct line *line = *state;

    proxy_set(line->proxy, PROXY_REFUSE);
    proxy_cut(line->proxy);
    put_with(line, 0, OUTGOING_KEPT, 0);
    put_with(line, 1, OUTGOING_KEPT, 0);
    proxy_set(line->proxy, PROXY_PASS);
    expect_both(line);
}

int main(void)
{
#define ON_A_LINE(test)                                                        \
    cmocka_unit_test_setup_teardown(test, open_line, close_line)
    const struct CMUnitTest tests[] = {
        ON_A_LINE(what_waits_a_while_comes_in_its_order),
        ON_A_LINE(news_of_the_same_take_the_place_of_what_waits),
        ON_A_LINE(the_end_of_the_screen_waits_for_nothing),
        ON_A_LINE(half_of_the_room_taken_nothing_waits),
        ON_A_LINE(what_is_kept_is_sent_until_a_broker_has_it),
        ON_A_LINE(what_is_kept_waits_for_a_line),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
