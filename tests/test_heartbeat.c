/* The heartbeat: ticks that prove that the line lives, and a broker that lost
 * what is live gets it again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/folder.h"
#include "tests/support/process.h"
#include "tests/support/publisher_fixture.h"

#define TICK "gaoshi/1/erqi/down/all/tick"

static struct peer *listen_to(const struct publisher_fixture *publisher,
                              const char *name, const char *filter)
{
    struct peer *peer = peer_connect(broker_url(publisher->broker), name);

    assert_non_null(peer);
    assert_true(peer_subscribe(peer, filter));
    return peer;
}

static struct message *tick(const struct publisher_fixture *publisher,
                            struct peer *peer, size_t n)
{
    const struct peer_message *got = peer_wait_message(peer, n);

    assert_non_null(got);
    assert_string_equal(got->topic, TICK);
    assert_false(got->retained);
    return publisher_open_message(publisher, got);
}

static void push(struct publisher_fixture *publisher, const char *id,
                 const char *scope)
{
    char *file = publisher_write_panel(publisher, id, "停水");

    PUBLISHER_SEND(publisher, "panel", "push", file, "--scope", scope);
    assert_int_equal(publisher->result.code, 0);
    free(file);
}

static void a_heartbeat_ticks_until_it_is_told_to_end(void **state)
{
    struct publisher_fixture *publisher = *state;
    struct peer *peer = listen_to(publisher, "screen", TICK);
    pid_t heartbeat = publisher_start_heartbeat(publisher, "heartbeat.log");
    int64_t last = 0;

    for (size_t i = 0; i < 3; i++) {
        struct message *message = tick(publisher, peer, i);
        assert_true(message->seq > last);
        assert_int_equal(message->tick.every_s, 1);
        assert_int_equal(message->tick.index_seq, 0);
        last = message->seq;
        message_destroy(message);
    }
    assert_int_equal(process_stop(heartbeat), 0);
    peer_destroy(peer);
}

static void one_tick_alone_promises_none_unless_it_is_said(void **state)
{
    struct publisher_fixture *publisher = *state;
    struct peer *peer = listen_to(publisher, "screen", TICK);

    PUBLISHER_SEND(publisher, "heartbeat", "--once");
    assert_int_equal(publisher->result.code, 0);
    PUBLISHER_SEND(publisher, "heartbeat", "--once", "--every", "600");
    assert_int_equal(publisher->result.code, 0);
    struct message *first = tick(publisher, peer, 0);
    struct message *second = tick(publisher, peer, 1);
    assert_int_equal(first->tick.every_s, 0);
    assert_int_equal(second->tick.every_s, 600);
    message_destroy(first);
    message_destroy(second);
    peer_destroy(peer);
}

static void without_a_broker_one_tick_ends_in_exit_3(void **state)
{
    struct publisher_fixture *publisher = *state;

    broker_kill(publisher->broker);
    PUBLISHER_SEND(publisher, "heartbeat", "--once", "--timeout", "1");
    publisher_expect(publisher, 3, "was not sent within 1 s");
    PUBLISHER_SEND(publisher, "heartbeat", "--dry-run");
    assert_int_equal(publisher->result.code, 2);
}

static void ticks_name_the_index_that_another_command_sent(void **state)
{
    struct publisher_fixture *publisher = *state;
    struct peer *peer = listen_to(publisher, "screen", TICK);
    struct peer *indexes = listen_to(publisher, "indexes",
                                     "gaoshi/1/erqi/down/all/index/+");
    pid_t heartbeat = publisher_start_heartbeat(publisher, "heartbeat.log");
    struct message *message = tick(publisher, peer, 0);
    size_t n = 0;

    push(publisher, "water", "area-410103");
    struct message *index =
        publisher_open_message(publisher, peer_wait_message(indexes, 0));
    while (message->tick.index_seq == 0) {
        message_destroy(message);
        message = tick(publisher, peer, ++n);
    }
    assert_int_equal(message->tick.index_seq, index->seq);
    message_destroy(index);
    message_destroy(message);
    assert_int_equal(process_stop(heartbeat), 0);
    peer_destroy(indexes);
    peer_destroy(peer);
}

static void a_heartbeat_waits_for_a_broker_that_is_away(void **state)
{
    struct publisher_fixture *publisher = *state;

    broker_kill(publisher->broker);
    pid_t heartbeat = publisher_start_heartbeat(publisher, "heartbeat.log");
    assert_true(broker_restart(publisher->broker));
    struct peer *peer = listen_to(publisher, "screen", TICK);
    message_destroy(tick(publisher, peer, 0));
    peer_destroy(peer);
    assert_int_equal(process_stop(heartbeat), 0);
}

static void assert_same(struct peer *peer, const struct peer_message *before)
{
    const struct peer_message *after = peer_wait_topic(peer, before->topic);

    assert_non_null(after);
    assert_int_equal(after->bytes, before->bytes);
    assert_memory_equal(after->payload, before->payload, before->bytes);
}

/* The broker of the fixture keeps nothing on disk. */
static void a_broker_that_lost_what_is_live_gets_it_again(void **state)
{
    struct publisher_fixture *publisher = *state;
    struct peer *before = publisher_screen(publisher);

    push(publisher, "water", "area-410103");
    PUBLISHER_SEND(publisher, "panel", "remove", "old", "--force");
    assert_int_equal(publisher->result.code, 0);
    assert_non_null(peer_wait_message(before, 4));
    struct peer *ticks = listen_to(publisher, "ticks", TICK);
    pid_t heartbeat = publisher_start_heartbeat(publisher, "heartbeat.log");
    message_destroy(tick(publisher, ticks, 1));
    broker_kill(publisher->broker);
    assert_true(broker_restart(publisher->broker));
    /* Without the ticks, which never end. */
    struct peer *after = listen_to(publisher, "after",
                                   "gaoshi/1/erqi/down/+/panel/+");
    assert_true(peer_subscribe(after, "gaoshi/1/erqi/down/+/index/+"));
    /* The index of all was signed twice; the newest counts. */
    assert_same(after, peer_wait_message(before, 0));
    assert_same(after, peer_wait_message(before, 1));
    assert_same(after, peer_wait_message(before, 3));
    assert_same(after, peer_wait_message(before, 4));
    /* It goes on afterwards. */
    struct peer *again = listen_to(publisher, "again", TICK);
    message_destroy(tick(publisher, again, 1));
    assert_int_equal(process_stop(heartbeat), 0);
    peer_destroy(again);
    peer_destroy(after);
    peer_destroy(ticks);
    peer_destroy(before);
}

/* The broker came back empty, and a command sent something before the heartbeat
 * looked: its index is there, and what it lists is not. */
static void a_command_does_not_hide_what_the_broker_lost(void **state)
{
    struct publisher_fixture *publisher = *state;

    push(publisher, "water", "area-410103");
    push(publisher, "power", "all");
    broker_kill(publisher->broker);
    assert_true(broker_restart(publisher->broker));
    push(publisher, "road", "all");
    struct peer *after = listen_to(publisher, "after",
                                   "gaoshi/1/erqi/down/+/panel/+");
    pid_t heartbeat = publisher_start_heartbeat(publisher, "heartbeat.log");
    assert_non_null(
        peer_wait_topic(after, "gaoshi/1/erqi/down/area-410103/panel/water"));
    assert_non_null(
        peer_wait_topic(after, "gaoshi/1/erqi/down/all/panel/power"));
    assert_int_equal(process_stop(heartbeat), 0);
    peer_destroy(after);
}

static void a_broker_that_kept_it_gets_nothing_but_ticks(void **state)
{
    struct publisher_fixture *publisher = *state;
    struct peer *peer;

    push(publisher, "water", "all");
    peer = listen_to(publisher, "screen", "gaoshi/1/erqi/down/all/#");
    assert_non_null(peer_wait_message(peer, 1)); /* what it kept */
    pid_t heartbeat = publisher_start_heartbeat(publisher, "heartbeat.log");
    for (size_t i = 2; i < 5; i++)
        message_destroy(tick(publisher, peer, i));
    assert_int_equal(process_stop(heartbeat), 0);
    peer_destroy(peer);
}

static bool has_told(void *context)
{
    char *log = folder_read(((struct publisher_fixture *)context)->folder,
                            "heartbeat.log");
    bool told = log && strstr(log, "our own ticks don't come back");

    free(log);
    return told;
}

static void an_operator_who_may_not_read_is_told(void **state)
{
    struct publisher_fixture *publisher = *state;

    publisher_use_broker(publisher, "topic write #\n");
    pid_t heartbeat = publisher_start_heartbeat(publisher, "heartbeat.log");
    assert_true(process_wait_until(has_told, publisher));
    assert_int_equal(process_stop(heartbeat), 0);
}

#define WITH_PUBLISHER(name)                                                   \
    cmocka_unit_test_setup_teardown(name, publisher_open, publisher_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_PUBLISHER(a_heartbeat_ticks_until_it_is_told_to_end),
        WITH_PUBLISHER(one_tick_alone_promises_none_unless_it_is_said),
        WITH_PUBLISHER(without_a_broker_one_tick_ends_in_exit_3),
        WITH_PUBLISHER(ticks_name_the_index_that_another_command_sent),
        WITH_PUBLISHER(a_heartbeat_waits_for_a_broker_that_is_away),
        WITH_PUBLISHER(a_broker_that_lost_what_is_live_gets_it_again),
        WITH_PUBLISHER(a_command_does_not_hide_what_the_broker_lost),
        WITH_PUBLISHER(a_broker_that_kept_it_gets_nothing_but_ticks),
        WITH_PUBLISHER(an_operator_who_may_not_read_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
