/* mosquitto with exactly the files of packaging/mosquitto, and certificates
 * of the provisioning commands: who may say and hear what. */
#include "protocol/limits.h"
#include "protocol/link/diagnosis.h"
#include "tests/support/folder.h"
#include "tests/support/tls_fixture.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

static struct peer *connect_as(struct tls_fixture *tls, const char *name,
                               const char *stem)
{
    struct peer *peer = tls_peer(tls, name, stem);

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
        {false, "gaoshi/1/erqi/screen/lobby-1/receipt", true},
        {false, "gaoshi/1/erqi/screen/lobby-2/receipt", false},
        {false, "gaoshi/1/erqi/screen/lobby-1/else", false},
        {false, "gaoshi/1/erqi/receipt/flood/lobby-1", false},
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
        {true, "gaoshi/1/erqi/screen/lobby-1/receipt", false},
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
    say(operator, "gaoshi/1/erqi/down/all/panel/first");
    say(operator, "gaoshi/1/erqi/command/lobby-2");
    say(operator, "gaoshi/1/erqi/command/lobby-1");
    say(other, "gaoshi/1/erqi/screen/lobby-2/state");
    say(other, "gaoshi/1/erqi/screen/lobby-2/receipt");
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
        peer_wait_topic(operator, "gaoshi/1/erqi/screen/lobby-2/receipt"));
    peer_destroy(operator);
    peer_destroy(other);
    peer_destroy(screen);
}

/* The broker's own certificate is none to log in with. */
static void only_members_get_in(void **state)
{
    struct tls_fixture *tls = *state;
    struct peer *peer = tls_peer(tls, "broker", "broker");

    assert_true(peer_wait_disconnected(peer, 1));
    peer_destroy(peer);
}

/* Under every name that it could have, on both listeners. */
static void no_certificate_takes_the_place_of_another(void **state)
{
    struct tls_fixture *tls = *state;
    static const char topic[] = "gaoshi/1/erqi/down/all/alert/flood";
    struct peer *screen = connect_as(tls, "lobby-1", "screen");
    struct peer *operator= connect_as(tls, "li", "operator");
    static const struct {
        const char *client_id;
        bool enters;
    } names[] = {
        {"gaoshi-lobby-1", true},
        {"gaoshi-erqi-lobby-1", true},
        {"lobby-1", false},
    };

    assert_true(peer_subscribe(screen, "gaoshi/1/erqi/down/all/#"));
    for (size_t i = 0; i < 2 * (sizeof names / sizeof names[0]); i++) {
        struct peer *thief = tls_peer_at(
            tls,
            i % 2 ? broker_second_url(tls->broker) : broker_url(tls->broker),
            names[i / 2].client_id, "lobby-2", "screen");
        assert_true(names[i / 2].enters ? peer_wait_connected(thief, 1)
                                        : peer_wait_disconnected(thief, 1));
        say(operator, topic);
        assert_non_null(peer_wait_message(screen, i));
        assert_int_equal(peer_disconnects(screen), 0);
        peer_destroy(thief);
    }
    peer_destroy(operator);
    peer_destroy(screen);
}

/* With a screen's certificate nothing can be said where operators speak. */
static void a_screen_has_no_rights_among_operators(void **state)
{
    static const char *const topics[] = {
        "gaoshi/1/erqi/down/all/alert/x",
        "gaoshi/1/erqi/command/lobby-1",
        "gaoshi/1/erqi/screen/lobby-2/state",
    };
    struct tls_fixture *tls = *state;
    struct peer *screen = tls_peer_at(tls, broker_second_url(tls->broker),
                                      "gaoshi-x", "lobby-2", "screen");

    assert_true(peer_wait_connected(screen, 1));
    for (size_t i = 0; i < sizeof topics / sizeof topics[0]; i++) {
        assert_true(
            link_publish(peer_link(screen), topics[i], "x", 1, 1, true, i));
        const struct peer_answer *answer = peer_wait_answer(screen, i);
        assert_non_null(answer);
        assert_int_equal(answer->result, LINK_REFUSED);
    }
    peer_destroy(screen);
}

/* All of it in the broker's store is four messages of 64 KiB. */
static void what_a_screen_can_have_retained_is_bounded(void **state)
{
    enum { ROUNDS = 20, TOPICS = 6 };
    static const char *const topics[TOPICS] = {
        "gaoshi/1/erqi/screen/lobby-2/presence",
        "gaoshi/1/erqi/screen/lobby-2/state",
        "gaoshi/1/erqi/screen/lobby-2/reply",
        "gaoshi/1/erqi/screen/lobby-2/receipt",
        "gaoshi/1/erqi/screen/lobby-2/x",
        "gaoshi/1/erqi/screen/lobby-1/x",
    };
    static char body[LIMIT_MESSAGE_BYTES];
    struct tls_fixture *tls = *state;
    struct peer *screen = connect_as(tls, "lobby-2", "screen");
    struct stat store;

    memset(body, 'x', sizeof body);
    for (size_t i = 0; i < (size_t)ROUNDS * TOPICS; i++) {
        char topic[80];
        if (i % TOPICS < 4)
            snprintf(topic, sizeof topic, "%s", topics[i % TOPICS]);
        else
            snprintf(topic, sizeof topic, "%s%zu", topics[i % TOPICS], i);
        assert_true(link_publish(peer_link(screen), topic, body, sizeof body, 1,
                                 true, i));
    }
    assert_non_null(peer_wait_answer(screen, (size_t)ROUNDS * TOPICS - 1));
    peer_destroy(screen);
    broker_stop(tls->broker);
    char *file = folder_path(broker_folder(tls->broker), "mosquitto.db");
    assert_int_equal(stat(file, &store), 0);
    assert_in_range(store.st_size, 1, 5 * sizeof body);
    free(file);
}

static void what_is_retained_outlives_a_restart(void **state)
{
    struct tls_fixture *tls = *state;
    struct peer *operator= connect_as(tls, "li", "operator");
    static const char topic[] = "gaoshi/1/erqi/down/all/panel/kept";

    assert_true(peer_publish(operator, topic, "kept", 4, true));
    broker_stop(tls->broker);
    assert_true(broker_restart(tls->broker));
    struct peer *screen = connect_as(tls, "lobby-1", "screen");
    assert_true(peer_subscribe(screen, topic));
    const struct peer_message *message = peer_wait_topic(screen, topic);
    assert_non_null(message);
    assert_string_equal(message->payload, "kept");
    peer_destroy(screen);
    peer_destroy(operator);
}

static void copy_list(struct tls_fixture *tls)
{
    char *list = folder_read(tls->folder, "ca/crl.pem");

    assert_non_null(list);
    assert_true(folder_write(tls->folder, "broker/crl.pem", list));
    free(list);
}

/* As docs/operations.md says: revoke, copy the list, restart. */
static void a_revoked_screen_gets_in_no_more_and_the_others_do(void **state)
{
    struct tls_fixture *tls = *state;
    struct diagnosis found;

    TLS_RUN(tls, "provision", "revoke", "lobby-1", "--ca", tls_path(tls, "ca"));
    assert_int_equal(tls->result.code, 0);
    copy_list(tls);
    broker_stop(tls->broker);
    assert_true(broker_restart(tls->broker));
    struct peer *stolen = tls_peer(tls, "lobby-1", "screen");
    assert_true(peer_wait_disconnected(stolen, 1));
    const struct link_options options = tls_link_options(
        tls, broker_url(tls->broker), "lobby-1", "lobby-1", "screen");
    link_diagnose(&options, 0, &found);
    if (found.fault != DIAGNOSIS_OURS || !strstr(found.text, "revoked"))
        fail_msg("'%s'", found.text);
    peer_destroy(connect_as(tls, "lobby-2", "screen"));
    peer_destroy(stolen);
}

int main(void)
{
#define WITH_TLS(test)                                                         \
    cmocka_unit_test_setup_teardown(test, tls_open, tls_close)
    const struct CMUnitTest tests[] = {
        WITH_TLS(everyone_speaks_for_themselves_alone),
        WITH_TLS(everyone_hears_only_what_is_for_them),
        WITH_TLS(only_members_get_in),
        WITH_TLS(no_certificate_takes_the_place_of_another),
        WITH_TLS(a_screen_has_no_rights_among_operators),
        WITH_TLS(what_a_screen_can_have_retained_is_bounded),
        WITH_TLS(what_is_retained_outlives_a_restart),
        WITH_TLS(a_revoked_screen_gets_in_no_more_and_the_others_do),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
