/* What a screen publishes keeps its order, and waits as long as it may. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "display/edge/net/outgoing.h"
#include "tests/support/broker.h"
#include "tests/support/peer.h"

#define NEVER_MS (INT64_C(365) * 24 * 3600 * 1000)

struct line {
    struct broker *broker;
    struct peer *sender, *reader;
    struct outgoing *outgoing;
};

static int open_line(void **state)
{
    struct line *line = calloc(1, sizeof *line);

    line->broker = broker_start(NULL);
    assert_non_null(line->broker);
    line->sender = peer_connect(broker_url(line->broker), "sender");
    line->reader = peer_connect(broker_url(line->broker), "reader");
    assert_true(peer_subscribe(line->reader, "t"));
    line->outgoing = outgoing_create(peer_link(line->sender));
    *state = line;
    return 0;
}

static int close_line(void **state)
{
    struct line *line = *state;

    outgoing_destroy(line->outgoing);
    peer_destroy(line->sender);
    peer_destroy(line->reader);
    broker_destroy(line->broker);
    free(line);
    return 0;
}

static void put(struct line *line, int number, int64_t spread_ms)
{
    char text[16];

    snprintf(text, sizeof text, "%d", number);
    assert_true(
        outgoing_publish(line->outgoing, "t", text, NULL, false, spread_ms));
}

static void expect(struct line *line, int count)
{
    for (int i = 0; i < count; i++) {
        const struct peer_message *got = peer_wait_message(line->reader,
                                                           (size_t)i);
        assert_non_null(got);
        assert_int_equal(atoi(got->payload), i);
    }
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
    assert_true(outgoing_publish(line->outgoing, "t", "old", "x", false, 0));
    put(line, 2, 0);
    assert_true(outgoing_publish(line->outgoing, "t", "1", "x", false, 0));
    assert_true(outgoing_publish(line->outgoing, "t", "3", "y", false, 0));
    outgoing_destroy(line->outgoing);
    line->outgoing = NULL;
    expect(line, 4);
}

/* A lot below a second out of a year would be a miracle. */
static void the_end_of_the_screen_waits_for_nothing(void **state)
{
    struct line *line = *state;

    put(line, 0, NEVER_MS);
    put(line, 1, NEVER_MS);
    outgoing_destroy(line->outgoing);
    line->outgoing = NULL;
    expect(line, 2);
}

static void half_of_the_room_taken_nothing_waits(void **state)
{
    struct line *line = *state;

    for (int i = 0; i < OUTGOING_ITEMS / 2; i++)
        put(line, i, NEVER_MS);
    expect(line, 1);
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
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
