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

#include "tests/support/desk.h"
#include "tests/support/folder.h"
#include "tests/support/process.h"

#define TICK "gaoshi/1/erqi/down/all/tick"

static struct peer *listen_to(const struct desk *desk, const char *name,
                              const char *filter)
{
    struct peer *peer = peer_connect(broker_url(desk->broker), name);

    assert_non_null(peer);
    assert_true(peer_subscribe(peer, filter));
    return peer;
}

static struct message *tick(const struct desk *desk, struct peer *peer,
                            size_t n)
{
    const struct peer_message *got = peer_wait_message(peer, n);

    assert_non_null(got);
    assert_string_equal(got->topic, TICK);
    assert_false(got->retained);
    return desk_open_message(desk, got);
}

static void push(struct desk *desk, const char *id, const char *scope)
{
    char *file = desk_write_panel(desk, id, "停水");

    DESK_SEND(desk, "panel", "push", file, "--scope", scope);
    assert_int_equal(desk->result.code, 0);
    free(file);
}

static void a_heartbeat_ticks_until_it_is_told_to_end(void **state)
{
    struct desk *desk = *state;
    struct peer *peer = listen_to(desk, "screen", TICK);
    pid_t heartbeat = desk_start_heartbeat(desk, "heartbeat.log");
    int64_t last = 0;

    for (size_t i = 0; i < 3; i++) {
        struct message *message = tick(desk, peer, i);
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
    struct desk *desk = *state;
    struct peer *peer = listen_to(desk, "screen", TICK);

    DESK_SEND(desk, "heartbeat", "--once");
    assert_int_equal(desk->result.code, 0);
    DESK_SEND(desk, "heartbeat", "--once", "--every", "600");
    assert_int_equal(desk->result.code, 0);
    struct message *first = tick(desk, peer, 0);
    struct message *second = tick(desk, peer, 1);
    assert_int_equal(first->tick.every_s, 0);
    assert_int_equal(second->tick.every_s, 600);
    message_destroy(first);
    message_destroy(second);
    peer_destroy(peer);
}

static void without_a_broker_one_tick_ends_in_exit_3(void **state)
{
    struct desk *desk = *state;

    broker_kill(desk->broker);
    DESK_SEND(desk, "heartbeat", "--once", "--timeout", "1");
    desk_expect(desk, 3, "was not sent within 1 s");
    DESK_SEND(desk, "heartbeat", "--dry-run");
    assert_int_equal(desk->result.code, 2);
}

static void ticks_name_the_index_that_another_command_sent(void **state)
{
    struct desk *desk = *state;
    struct peer *peer = listen_to(desk, "screen", TICK);
    struct peer *indexes = listen_to(desk, "indexes",
                                     "gaoshi/1/erqi/down/all/index/+");
    pid_t heartbeat = desk_start_heartbeat(desk, "heartbeat.log");
    struct message *message = tick(desk, peer, 0);
    size_t n = 0;

    push(desk, "water", "area-410103");
    struct message *index = desk_open_message(desk,
                                              peer_wait_message(indexes, 0));
    while (message->tick.index_seq == 0) {
        message_destroy(message);
        message = tick(desk, peer, ++n);
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
    struct desk *desk = *state;

    broker_kill(desk->broker);
    pid_t heartbeat = desk_start_heartbeat(desk, "heartbeat.log");
    assert_true(broker_restart(desk->broker));
    struct peer *peer = listen_to(desk, "screen", TICK);
    message_destroy(tick(desk, peer, 0));
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

/* The broker of the desk keeps nothing on disk. */
static void a_broker_that_lost_what_is_live_gets_it_again(void **state)
{
    struct desk *desk = *state;
    struct peer *before = desk_screen(desk);

    push(desk, "water", "area-410103");
    DESK_SEND(desk, "panel", "remove", "old", "--force");
    assert_int_equal(desk->result.code, 0);
    assert_non_null(peer_wait_message(before, 4));
    struct peer *ticks = listen_to(desk, "ticks", TICK);
    pid_t heartbeat = desk_start_heartbeat(desk, "heartbeat.log");
    message_destroy(tick(desk, ticks, 1));
    broker_kill(desk->broker);
    assert_true(broker_restart(desk->broker));
    /* Without the ticks, which never end. */
    struct peer *after = listen_to(desk, "after",
                                   "gaoshi/1/erqi/down/+/panel/+");
    assert_true(peer_subscribe(after, "gaoshi/1/erqi/down/+/index/+"));
    /* The index of all was signed twice; the newest counts. */
    assert_same(after, peer_wait_message(before, 0));
    assert_same(after, peer_wait_message(before, 1));
    assert_same(after, peer_wait_message(before, 3));
    assert_same(after, peer_wait_message(before, 4));
    /* It goes on afterwards. */
    struct peer *again = listen_to(desk, "again", TICK);
    message_destroy(tick(desk, again, 1));
    assert_int_equal(process_stop(heartbeat), 0);
    peer_destroy(again);
    peer_destroy(after);
    peer_destroy(ticks);
    peer_destroy(before);
}

static void a_broker_that_kept_it_gets_nothing_but_ticks(void **state)
{
    struct desk *desk = *state;
    struct peer *peer;

    push(desk, "water", "all");
    peer = listen_to(desk, "screen", "gaoshi/1/erqi/down/all/#");
    assert_non_null(peer_wait_message(peer, 1)); /* what it kept */
    pid_t heartbeat = desk_start_heartbeat(desk, "heartbeat.log");
    for (size_t i = 2; i < 5; i++)
        message_destroy(tick(desk, peer, i));
    assert_int_equal(process_stop(heartbeat), 0);
    peer_destroy(peer);
}

static bool has_told(void *context)
{
    char *log = folder_read(((struct desk *)context)->folder, "heartbeat.log");
    bool told = log && strstr(log, "our own ticks don't come back");

    free(log);
    return told;
}

static void an_operator_who_may_not_read_is_told(void **state)
{
    struct desk *desk = *state;

    desk_use_broker(desk, "topic write #\n");
    pid_t heartbeat = desk_start_heartbeat(desk, "heartbeat.log");
    assert_true(process_wait_until(has_told, desk));
    assert_int_equal(process_stop(heartbeat), 0);
}

#define AT_DESK(name)                                                          \
    cmocka_unit_test_setup_teardown(name, desk_open, desk_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        AT_DESK(a_heartbeat_ticks_until_it_is_told_to_end),
        AT_DESK(one_tick_alone_promises_none_unless_it_is_said),
        AT_DESK(without_a_broker_one_tick_ends_in_exit_3),
        AT_DESK(ticks_name_the_index_that_another_command_sent),
        AT_DESK(a_heartbeat_waits_for_a_broker_that_is_away),
        AT_DESK(a_broker_that_lost_what_is_live_gets_it_again),
        AT_DESK(a_broker_that_kept_it_gets_nothing_but_ticks),
        AT_DESK(an_operator_who_may_not_read_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
