/* mosquitto with exactly the files of packaging/mosquitto, and certificates
 * of the provisioning commands: who may say and hear what. */
#include "tests/support/folder.h"
#include "tests/support/town.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct peer *connect_as(struct town *town, const char *name,
                               const char *stem)
{
    struct peer *peer = town_peer(town, name, stem);

    assert_true(peer_wait_connected(peer, 1));
    return peer;
}

static void everyone_speaks_for_themselves_alone(void **state)
{
    static const struct {
        bool operator; /* else lobby-1 */
        const char *topic;
        bool allowed;
    } cases[] = {
        {false, "gaoshi/1/erqi/screen/lobby-1/presence", true},
        {false, "gaoshi/1/erqi/screen/lobby-1/state", true},
        {false, "gaoshi/1/erqi/screen/lobby-1/reply", true},
        {false, "gaoshi/1/erqi/receipt/flood/lobby-1", true},
        {false, "gaoshi/1/erqi/receipt/flood/lobby-2", false},
        {false, "gaoshi/1/erqi/screen/lobby-2/presence", false},
        {false, "gaoshi/1/erqi/down/all/panel/x", false},
        {false, "gaoshi/1/erqi/down/screen-lobby-1/alert/x", false},
        {false, "gaoshi/1/erqi/down/all/tick", false},
        {false, "gaoshi/1/erqi/command/lobby-1", false},
        {false, "gaoshi/1/erqi/command/lobby-2", false},
        {false, "gaoshi/1/zhongyuan/screen/lobby-1/presence", false},
        {false, "elsewhere", false},
        {true, "gaoshi/1/erqi/down/all/panel/x", true},
        {true, "gaoshi/1/erqi/down/area-410103/alert/x", true},
        {true, "gaoshi/1/erqi/down/all/tick", true},
        {true, "gaoshi/1/erqi/command/lobby-1", true},
        {true, "gaoshi/1/erqi/screen/lobby-1/presence", false},
        {true, "gaoshi/1/erqi/screen/operator-li/presence", false},
        {true, "gaoshi/1/erqi/receipt/x/lobby-1", false},
        {true, "gaoshi/1/erqi/receipt/x/operator-li", false},
        {true, "gaoshi/1/zhongyuan/down/all/panel/x", false},
        {true, "elsewhere", false},
    };
    struct peer *screen = connect_as(*state, "lobby-1", "screen");
    struct peer *operator= connect_as(*state, "li", "operator");
    size_t counts[2] = {0, 0};

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct peer *peer = cases[i].operator? operator: screen;
        assert_true(
            link_publish(peer_link(peer), cases[i].topic, "x", 1, 1, false, i));
        const struct peer_answer *answer =
            peer_wait_answer(peer, counts[cases[i].operator]++);
        assert_non_null(answer);
        if (answer->result !=
            (cases[i].allowed ? LINK_DELIVERED : LINK_REFUSED))
            fail_msg("%s by %s: %d %s", cases[i].topic,
                     cases[i].operator? "the operator" : "lobby-1",
                     answer->result, answer->reason);
    }
    peer_destroy(operator);
    peer_destroy(screen);
}

static void say(struct peer *peer, const char *topic)
{
    assert_true(peer_publish(peer, topic, "x", 1, false));
}

/* mosquitto grants every subscription and then hands over only what may be
 * read: the last message proves that the others never come. */
static void everyone_hears_only_what_is_for_them(void **state)
{
    static const char last[] = "gaoshi/1/erqi/down/all/panel/last";
    struct peer *screen = connect_as(*state, "lobby-1", "screen");
    struct peer *other = connect_as(*state, "lobby-2", "screen");
    struct peer *operator= connect_as(*state, "li", "operator");

    assert_true(peer_subscribe(screen, "gaoshi/#"));
    assert_true(peer_subscribe(operator, "gaoshi/1/erqi/screen/#"));
    assert_true(peer_subscribe(operator, "gaoshi/1/erqi/receipt/+/+"));
    say(operator, "gaoshi/1/erqi/down/all/panel/first");
    say(operator, "gaoshi/1/erqi/command/lobby-2");
    say(operator, "gaoshi/1/erqi/command/lobby-1");
    say(other, "gaoshi/1/erqi/screen/lobby-2/state");
    say(other, "gaoshi/1/erqi/receipt/first/lobby-2");
    say(operator, last);

    static const char *const heard[] = {"gaoshi/1/erqi/down/all/panel/first",
                                        "gaoshi/1/erqi/command/lobby-1", last};
    for (size_t i = 0; i < sizeof heard / sizeof heard[0]; i++) {
        const struct peer_message *message = peer_wait_message(screen, i);
        assert_non_null(message);
        assert_string_equal(message->topic, heard[i]);
    }
    assert_non_null(
        peer_wait_topic(operator, "gaoshi/1/erqi/screen/lobby-2/state"));
    assert_non_null(
        peer_wait_topic(operator, "gaoshi/1/erqi/receipt/first/lobby-2"));
    peer_destroy(operator);
    peer_destroy(other);
    peer_destroy(screen);
}

/* The broker's own certificate is none to log in with. */
static void only_members_get_in(void **state)
{
    struct town *town = *state;
    struct peer *peer = town_peer(town, "broker", "broker");

    assert_true(peer_wait_disconnected(peer, 1));
    peer_destroy(peer);
}

static void what_is_retained_outlives_a_kill(void **state)
{
    struct town *town = *state;
    struct peer *operator= connect_as(town, "li", "operator");
    static const char topic[] = "gaoshi/1/erqi/down/all/panel/kept";
    static const char after[] = "gaoshi/1/erqi/down/all/panel/after";

    /* The answer to the second says that the first is on disk. */
    assert_true(peer_publish(operator, topic, "kept", 4, true));
    assert_true(peer_publish(operator, after, "x", 1, true));
    broker_kill(town->broker);
    assert_true(broker_restart(town->broker));
    struct peer *screen = connect_as(town, "lobby-1", "screen");
    assert_true(peer_subscribe(screen, topic));
    const struct peer_message *message = peer_wait_topic(screen, topic);
    assert_non_null(message);
    assert_string_equal(message->payload, "kept");
    peer_destroy(screen);
    peer_destroy(operator);
}

static void copy_list(struct town *town)
{
    char *list = folder_read(town->folder, "ca/crl.pem");

    assert_non_null(list);
    assert_true(folder_write(town->folder, "broker/crl.pem", list));
    free(list);
}

/* As docs/operations.md says: revoke, copy the list, restart. */
static void a_revoked_screen_gets_in_no_more_and_the_others_do(void **state)
{
    struct town *town = *state;
    char reason[LINK_REASON_BYTES];

    TOWN_RUN(town, "provision", "revoke", "lobby-1", "--ca",
             town_path(town, "ca"));
    assert_int_equal(town->result.code, 0);
    copy_list(town);
    broker_stop(town->broker);
    assert_true(broker_restart(town->broker));
    struct peer *stolen = town_peer(town, "lobby-1", "screen");
    assert_true(peer_wait_disconnected(stolen, 1));
    peer_reason(stolen, reason, sizeof reason);
    assert_non_null(strstr(reason, "our certificate is revoked"));
    peer_destroy(connect_as(town, "lobby-2", "screen"));
    peer_destroy(stolen);
}

int main(void)
{
#define IN_TOWN(test)                                                          \
    cmocka_unit_test_setup_teardown(test, town_open, town_close)
    const struct CMUnitTest tests[] = {
        IN_TOWN(everyone_speaks_for_themselves_alone),
        IN_TOWN(everyone_hears_only_what_is_for_them),
        IN_TOWN(only_members_get_in),
        IN_TOWN(what_is_retained_outlives_a_kill),
        IN_TOWN(a_revoked_screen_gets_in_no_more_and_the_others_do),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
