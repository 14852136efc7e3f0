/* Keys from their making to the glass: the publisher's commands, a real
 * broker, and a display that was given nothing but the root key. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/folder.h"
#include "tests/support/keys_fixture.h"
#include "tests/support/screen.h"

/* Also what the operator's own list would stop: the screens are asked. */
static void raise_alert(struct keys_fixture *fixture, const char *id,
                        const char *scope)
{
    PUBLISHER_RUN(fixture->publisher, "alert", "raise", "--template", "flood",
                  "--level", "red", "--status", "exercise", "--sender",
                  "演练：应急值班室", "--id", id, "--scope", scope, "--org",
                  "erqi", "--key", fixture->duty, "--broker",
                  broker_url(fixture->publisher->broker), "--force");
}

static struct screen *start_screen(const struct keys_fixture *fixture)
{
    const struct screen_options options = {
        .folder = fixture->publisher->folder,
        .broker = broker_url(fixture->publisher->broker),
        .store = fixture->store,
        .mode = "--headless",
        .size = "640x360",
        .extra = {"--root", fixture->root_public, "--area", "410103001001"},
    };
    struct screen *screen = screen_start(&options);

    assert_non_null(screen);
    return screen;
}

static void
a_granted_key_reaches_the_glass_and_a_revoked_one_leaves_it(void **state)
{
    struct keys_fixture *fixture = *state;
    struct screen *screen = start_screen(fixture);

    keys_fixture_grant(fixture, "alerts");
    keys_fixture_publish(fixture);
    raise_alert(fixture, "drill-1", "area-410103");
    keys_fixture_expect(fixture, 0);
    assert_true(screen_wait(screen, "shown", "drill-1", 1));
    PUBLISHER_RUN(fixture->publisher, "keys", "revoke", fixture->list,
                  fixture->duty_id, "--root", fixture->root,
                  "--pass-phrase-file", fixture->phrase);
    keys_fixture_expect(fixture, 0);
    keys_fixture_publish(fixture);
    assert_true(screen_wait(screen, "ended", "drill-1", 1));
    char *journal = screen_journal(screen);
    assert_non_null(strstr(journal, "\"reason\":\"revoked\""));
    free(journal);
    assert_int_equal(screen_stop(screen), 0);
}

/* Whatever order the broker keeps them in. */
static void what_came_before_its_key_shows_when_the_list_comes(void **state)
{
    struct keys_fixture *fixture = *state;
    struct screen *screen = start_screen(fixture);

    keys_fixture_grant(fixture, "alerts");
    raise_alert(fixture, "drill-1", "area-410103");
    keys_fixture_expect(fixture, 0);
    assert_true(screen_wait(screen, "refused", "drill-1", 1));
    keys_fixture_publish(fixture);
    assert_true(screen_wait(screen, "shown", "drill-1", 1));
    assert_int_equal(screen_stop(screen), 0);
}

static void a_screen_without_a_broker_remembers_whom_it_believes(void **state)
{
    struct keys_fixture *fixture = *state;
    struct screen *screen = start_screen(fixture);

    keys_fixture_grant(fixture, "alerts");
    keys_fixture_publish(fixture);
    raise_alert(fixture, "drill-1", "area-410103");
    assert_true(screen_wait(screen, "shown", "drill-1", 1));
    assert_int_equal(screen_stop(screen), 0);
    broker_stop(fixture->publisher->broker);
    screen = start_screen(fixture);
    assert_true(screen_wait(screen, "shown", "drill-1", 1));
    assert_int_equal(screen_stop(screen), 0);
}

/* The file came back after the last look at it: the end takes up its list of
 * keys. */
static void a_store_that_comes_back_at_the_end_is_taken_up(void **state)
{
    struct keys_fixture *fixture = *state;
    char *away = folder_path(fixture->publisher->folder, "away.db");
    struct screen *screen = start_screen(fixture);

    keys_fixture_grant(fixture, "alerts");
    keys_fixture_publish(fixture);
    raise_alert(fixture, "drill-1", "area-410103");
    assert_true(screen_wait(screen, "shown", "drill-1", 1));
    assert_int_equal(screen_stop(screen), 0);
    broker_stop(fixture->publisher->broker);
    assert_int_equal(rename(fixture->store, away), 0);
    assert_int_equal(mkdir(fixture->store, 0700), 0); /* no file can be there */
    screen = start_screen(fixture);
    assert_true(screen_wait_log(screen, "goes on from memory", 1));
    assert_int_equal(rmdir(fixture->store), 0);
    assert_int_equal(rename(away, fixture->store), 0);
    assert_int_equal(screen_stop(screen), 0);
    free(away);
}

static void a_key_speaks_in_its_scopes_alone(void **state)
{
    struct keys_fixture *fixture = *state;
    struct screen *screen = start_screen(fixture);

    keys_fixture_grant(fixture, "alerts");
    keys_fixture_publish(fixture);
    raise_alert(fixture, "drill-1", "all");
    assert_true(screen_wait(screen, "refused", "drill-1", 1));
    raise_alert(fixture, "drill-2", "area-410103001");
    assert_true(screen_wait(screen, "shown", "drill-2", 1));
    assert_int_equal(screen_count(screen, "shown", "drill-1"), 0);
    char *journal = screen_journal(screen);
    assert_non_null(strstr(journal, "\"reason\":\"authority\""));
    free(journal);
    assert_int_equal(screen_stop(screen), 0);
}

/* The list that went out from here says it before any screen does. */
static void what_every_screen_would_refuse_is_not_sent(void **state)
{
    static const struct {
        const char *scope;
        int code;
        const char *told;
    } cases[] = {
        {"all", 4, "not for the scope all"},
        {"area-410104", 4, "not for the scope area-410104"},
        {"area-41", 4, "not for the scope area-41"},
        {"area-410103001", 0, ""},
        {"group-schools", 0, "may not sign for all of group-schools"},
    };
    struct keys_fixture *fixture = *state;
    struct publisher_fixture *publisher = fixture->publisher;
    struct peer *screen = publisher_screen(publisher);
    char *panel = publisher_write_panel(publisher, "water", "停水");

    keys_fixture_grant(fixture, "alerts");
    keys_fixture_publish(fixture);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        PUBLISHER_RUN(publisher, "alert", "raise", "--template", "flood",
                      "--level", "red", "--status", "exercise", "--sender",
                      "值班室", "--scope", cases[i].scope, "--org", "erqi",
                      "--key", fixture->duty, "--broker",
                      broker_url(publisher->broker));
        publisher_expect(publisher, cases[i].code, cases[i].told);
    }
    PUBLISHER_RUN(publisher, "panel", "push", panel, "--scope", "area-410103",
                  "--org", "erqi", "--key", fixture->duty, "--broker",
                  broker_url(publisher->broker));
    publisher_expect(publisher, 4, "not its role");
    assert_int_equal(publisher_got_count(screen), 3); /* the list, two drills */
    char *other = folder_path(publisher->folder, "other.db");
    PUBLISHER_RUN(publisher, "panel", "push", panel, "--scope", "area-410103",
                  "--org", "erqi", "--key", fixture->duty, "--broker",
                  broker_url(publisher->broker), "--state", other, "--key-list",
                  fixture->list);
    publisher_expect(publisher, 4, "not its role");
    free(other);
    free(panel);
    peer_destroy(screen);
}

/* What is refused before it is read has no number to be known by. */
static void an_operator_is_told_why_every_screen_refuses(void **state)
{
    const struct {
        const char *role, *id, *told;
    } cases[] = {
        {NULL, "drill-1", "drill-1 refused by lobby-1: signature"},
        {"panels", "drill-2", "drill-2 refused by lobby-1: authority"}};
    struct keys_fixture *fixture = *state;
    struct screen *screen = start_screen(fixture);

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        if (cases[i].role) {
            keys_fixture_grant(fixture, cases[i].role);
            keys_fixture_publish(fixture);
        }
        PUBLISHER_RUN(fixture->publisher, "alert", "raise", "--template",
                      "flood", "--level", "red", "--status", "exercise",
                      "--sender", "值班室", "--id", cases[i].id, "--scope",
                      "area-410103", "--org", "erqi", "--key", fixture->duty,
                      "--broker", broker_url(fixture->publisher->broker),
                      "--wait-shown", "1", "--timeout", "2", "--force");
        publisher_expect(fixture->publisher, 3, cases[i].told);
    }
    assert_int_equal(screen_stop(screen), 0);
}

static void an_old_list_sent_again_frees_no_revoked_key(void **state)
{
    struct keys_fixture *fixture = *state;
    struct screen *screen = start_screen(fixture);
    struct peer *thief = peer_connect(broker_url(fixture->publisher->broker),
                                      "thief");

    assert_non_null(thief);
    keys_fixture_grant(fixture, "alerts");
    keys_fixture_publish(fixture);
    char *old = folder_read(fixture->publisher->folder, "keys.gaoshi");
    PUBLISHER_RUN(fixture->publisher, "keys", "revoke", fixture->list,
                  fixture->duty_id, "--root", fixture->root,
                  "--pass-phrase-file", fixture->phrase);
    keys_fixture_publish(fixture);
    assert_true(
        peer_publish(thief, KEYS_FIXTURE_TOPIC, old, strlen(old), true));
    raise_alert(fixture, "drill-1", "area-410103");
    assert_true(screen_wait(screen, "refused", "drill-1", 1));
    assert_int_equal(screen_count(screen, "shown", "drill-1"), 0);
    free(old);
    peer_destroy(thief);
    assert_int_equal(screen_stop(screen), 0);
}

static void an_older_list_is_not_sent_by_mistake(void **state)
{
    struct keys_fixture *fixture = *state;

    keys_fixture_grant(fixture, "alerts");
    char *old = folder_read(fixture->publisher->folder, "keys.gaoshi");
    PUBLISHER_RUN(fixture->publisher, "keys", "revoke", fixture->list,
                  fixture->duty_id, "--root", fixture->root,
                  "--pass-phrase-file", fixture->phrase);
    keys_fixture_publish(fixture);
    keys_fixture_publish(fixture);
    assert_true(folder_write(fixture->publisher->folder, "keys.gaoshi", old));
    PUBLISHER_RUN(fixture->publisher, "keys", "publish", fixture->list,
                  "--root", fixture->root_public, "--org", "erqi", "--broker",
                  broker_url(fixture->publisher->broker));
    publisher_expect(fixture->publisher, 4, "went out already");
    assert_non_null(strstr(fixture->publisher->result.err, "nothing was sent"));
    free(old);
}

/* Whoever signed it. */
static struct message *heard(struct peer *peer, size_t n)
{
    const struct peer_message *got = peer_wait_message(peer, n);
    struct message *message = NULL;

    assert_non_null(got);
    const char *body = memchr(got->payload, '\n', got->bytes);
    assert_non_null(body++);
    assert_true(message_parse(body, got->bytes - (size_t)(body - got->payload),
                              MESSAGE_WIRE, got->topic, &message, NULL));
    return message;
}

/* So that no broker keeps a revocation from a screen unnoticed. */
static void a_tick_names_the_list_that_went_out(void **state)
{
    struct keys_fixture *fixture = *state;
    struct peer *peer = peer_connect(broker_url(fixture->publisher->broker),
                                     "peer");

    assert_non_null(peer);
    assert_true(peer_subscribe(peer, "gaoshi/1/erqi/down/all/+"));
    keys_fixture_grant(fixture, "alerts");
    keys_fixture_publish(fixture);
    PUBLISHER_RUN(fixture->publisher, "heartbeat", "--once", "--org", "erqi",
                  "--key", fixture->duty, "--broker",
                  broker_url(fixture->publisher->broker));
    keys_fixture_expect(fixture, 0);
    struct message *list = heard(peer, 0);
    struct message *tick = heard(peer, 1);
    assert_int_equal(list->kind, MESSAGE_KEYS);
    assert_int_equal(tick->kind, MESSAGE_TICK);
    assert_int_equal(tick->tick.keys_seq, list->seq);
    message_destroy(list);
    message_destroy(tick);
    peer_destroy(peer);
}

#define TLS_TEST(name)                                                         \
    cmocka_unit_test_setup_teardown(name, keys_fixture_open, keys_fixture_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TLS_TEST(a_granted_key_reaches_the_glass_and_a_revoked_one_leaves_it),
        TLS_TEST(what_came_before_its_key_shows_when_the_list_comes),
        TLS_TEST(a_screen_without_a_broker_remembers_whom_it_believes),
        TLS_TEST(a_store_that_comes_back_at_the_end_is_taken_up),
        TLS_TEST(a_key_speaks_in_its_scopes_alone),
        TLS_TEST(what_every_screen_would_refuse_is_not_sent),
        TLS_TEST(an_operator_is_told_why_every_screen_refuses),
        TLS_TEST(an_old_list_sent_again_frees_no_revoked_key),
        TLS_TEST(an_older_list_is_not_sent_by_mistake),
        TLS_TEST(a_tick_names_the_list_that_went_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
