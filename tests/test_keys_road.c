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
#include "tests/support/keys_town.h"
#include "tests/support/screen.h"

/* Also what the operator's own list would stop: the screens are asked. */
static void raise_alert(struct keys_town *town, const char *id,
                        const char *scope)
{
    DESK_RUN(town->desk, "alert", "raise", "--template", "flood", "--level",
             "red", "--status", "exercise", "--sender", "演练：应急值班室",
             "--id", id, "--scope", scope, "--org", "erqi", "--key", town->duty,
             "--broker", broker_url(town->desk->broker), "--force");
}

static struct screen *start_screen(const struct keys_town *town)
{
    const struct screen_options options = {
        .folder = town->desk->folder,
        .broker = broker_url(town->desk->broker),
        .store = town->store,
        .mode = "--headless",
        .size = "640x360",
        .extra = {"--root", town->root_public, "--area", "410103001001"},
    };
    struct screen *screen = screen_start(&options);

    assert_non_null(screen);
    return screen;
}

static void
a_granted_key_reaches_the_glass_and_a_revoked_one_leaves_it(void **state)
{
    struct keys_town *town = *state;
    struct screen *screen = start_screen(town);

    keys_town_grant(town, "alerts");
    keys_town_publish(town);
    raise_alert(town, "drill-1", "area-410103");
    keys_town_expect(town, 0);
    assert_true(screen_wait(screen, "shown", "drill-1", 1));
    DESK_RUN(town->desk, "keys", "revoke", town->list, town->duty_id, "--root",
             town->root, "--pass-phrase-file", town->phrase);
    keys_town_expect(town, 0);
    keys_town_publish(town);
    assert_true(screen_wait(screen, "ended", "drill-1", 1));
    char *journal = screen_journal(screen);
    assert_non_null(strstr(journal, "\"reason\":\"revoked\""));
    free(journal);
    assert_int_equal(screen_stop(screen), 0);
}

/* Whatever order the broker keeps them in. */
static void what_came_before_its_key_shows_when_the_list_comes(void **state)
{
    struct keys_town *town = *state;
    struct screen *screen = start_screen(town);

    keys_town_grant(town, "alerts");
    raise_alert(town, "drill-1", "area-410103");
    keys_town_expect(town, 0);
    assert_true(screen_wait(screen, "refused", "drill-1", 1));
    keys_town_publish(town);
    assert_true(screen_wait(screen, "shown", "drill-1", 1));
    assert_int_equal(screen_stop(screen), 0);
}

static void a_screen_without_a_broker_remembers_whom_it_believes(void **state)
{
    struct keys_town *town = *state;
    struct screen *screen = start_screen(town);

    keys_town_grant(town, "alerts");
    keys_town_publish(town);
    raise_alert(town, "drill-1", "area-410103");
    assert_true(screen_wait(screen, "shown", "drill-1", 1));
    assert_int_equal(screen_stop(screen), 0);
    broker_stop(town->desk->broker);
    screen = start_screen(town);
    assert_true(screen_wait(screen, "shown", "drill-1", 1));
    assert_int_equal(screen_stop(screen), 0);
}

/* The file came back after the last look at it: the end takes up its list of
 * keys. */
static void a_store_that_comes_back_at_the_end_is_taken_up(void **state)
{
    struct keys_town *town = *state;
    char *away = folder_path(town->desk->folder, "away.db");
    struct screen *screen = start_screen(town);

    keys_town_grant(town, "alerts");
    keys_town_publish(town);
    raise_alert(town, "drill-1", "area-410103");
    assert_true(screen_wait(screen, "shown", "drill-1", 1));
    assert_int_equal(screen_stop(screen), 0);
    broker_stop(town->desk->broker);
    assert_int_equal(rename(town->store, away), 0);
    assert_int_equal(mkdir(town->store, 0700), 0); /* no file can be there */
    screen = start_screen(town);
    assert_true(screen_wait_log(screen, "goes on from memory", 1));
    assert_int_equal(rmdir(town->store), 0);
    assert_int_equal(rename(away, town->store), 0);
    assert_int_equal(screen_stop(screen), 0);
    free(away);
}

static void a_key_speaks_in_its_scopes_alone(void **state)
{
    struct keys_town *town = *state;
    struct screen *screen = start_screen(town);

    keys_town_grant(town, "alerts");
    keys_town_publish(town);
    raise_alert(town, "drill-1", "all");
    assert_true(screen_wait(screen, "refused", "drill-1", 1));
    raise_alert(town, "drill-2", "area-410103001");
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
        {"group-schools", 0, "may not speak to all of group-schools"},
    };
    struct keys_town *town = *state;
    struct desk *desk = town->desk;
    struct peer *screen = desk_screen(desk);
    char *panel = desk_write_panel(desk, "water", "停水");

    keys_town_grant(town, "alerts");
    keys_town_publish(town);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        DESK_RUN(desk, "alert", "raise", "--template", "flood", "--level",
                 "red", "--status", "exercise", "--sender", "值班室", "--scope",
                 cases[i].scope, "--org", "erqi", "--key", town->duty,
                 "--broker", broker_url(desk->broker));
        desk_expect(desk, cases[i].code, cases[i].told);
    }
    DESK_RUN(desk, "panel", "push", panel, "--scope", "area-410103", "--org",
             "erqi", "--key", town->duty, "--broker", broker_url(desk->broker));
    desk_expect(desk, 4, "not its role");
    assert_int_equal(desk_got_count(screen), 3); /* the list, two drills */
    char *other = folder_path(desk->folder, "other.db");
    DESK_RUN(desk, "panel", "push", panel, "--scope", "area-410103", "--org",
             "erqi", "--key", town->duty, "--broker", broker_url(desk->broker),
             "--state", other, "--key-list", town->list);
    desk_expect(desk, 4, "not its role");
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
    struct keys_town *town = *state;
    struct screen *screen = start_screen(town);

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        if (cases[i].role) {
            keys_town_grant(town, cases[i].role);
            keys_town_publish(town);
        }
        DESK_RUN(town->desk, "alert", "raise", "--template", "flood", "--level",
                 "red", "--status", "exercise", "--sender", "值班室", "--id",
                 cases[i].id, "--scope", "area-410103", "--org", "erqi",
                 "--key", town->duty, "--broker",
                 broker_url(town->desk->broker), "--wait-shown", "1",
                 "--timeout", "2", "--force");
        desk_expect(town->desk, 3, cases[i].told);
    }
    assert_int_equal(screen_stop(screen), 0);
}

static void an_old_list_sent_again_frees_no_revoked_key(void **state)
{
    struct keys_town *town = *state;
    struct screen *screen = start_screen(town);
    struct peer *thief = peer_connect(broker_url(town->desk->broker), "thief");

    assert_non_null(thief);
    keys_town_grant(town, "alerts");
    keys_town_publish(town);
    char *old = folder_read(town->desk->folder, "keys.gaoshi");
    DESK_RUN(town->desk, "keys", "revoke", town->list, town->duty_id, "--root",
             town->root, "--pass-phrase-file", town->phrase);
    keys_town_publish(town);
    assert_true(peer_publish(thief, KEYS_TOWN_TOPIC, old, strlen(old), true));
    raise_alert(town, "drill-1", "area-410103");
    assert_true(screen_wait(screen, "refused", "drill-1", 1));
    assert_int_equal(screen_count(screen, "shown", "drill-1"), 0);
    free(old);
    peer_destroy(thief);
    assert_int_equal(screen_stop(screen), 0);
}

static void an_older_list_is_not_sent_by_mistake(void **state)
{
    struct keys_town *town = *state;

    keys_town_grant(town, "alerts");
    char *old = folder_read(town->desk->folder, "keys.gaoshi");
    DESK_RUN(town->desk, "keys", "revoke", town->list, town->duty_id, "--root",
             town->root, "--pass-phrase-file", town->phrase);
    keys_town_publish(town);
    keys_town_publish(town);
    assert_true(folder_write(town->desk->folder, "keys.gaoshi", old));
    DESK_RUN(town->desk, "keys", "publish", town->list, "--root",
             town->root_public, "--org", "erqi", "--broker",
             broker_url(town->desk->broker));
    desk_expect(town->desk, 4, "went out already");
    assert_non_null(strstr(town->desk->result.err, "nothing was sent"));
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
    struct keys_town *town = *state;
    struct peer *peer = peer_connect(broker_url(town->desk->broker), "peer");

    assert_non_null(peer);
    assert_true(peer_subscribe(peer, "gaoshi/1/erqi/down/all/+"));
    keys_town_grant(town, "alerts");
    keys_town_publish(town);
    DESK_RUN(town->desk, "heartbeat", "--once", "--org", "erqi", "--key",
             town->duty, "--broker", broker_url(town->desk->broker));
    keys_town_expect(town, 0);
    struct message *list = heard(peer, 0);
    struct message *tick = heard(peer, 1);
    assert_int_equal(list->kind, MESSAGE_KEYS);
    assert_int_equal(tick->kind, MESSAGE_TICK);
    assert_int_equal(tick->tick.keys_seq, list->seq);
    message_destroy(list);
    message_destroy(tick);
    peer_destroy(peer);
}

#define TOWN_TEST(name)                                                        \
    cmocka_unit_test_setup_teardown(name, keys_town_open, keys_town_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TOWN_TEST(a_granted_key_reaches_the_glass_and_a_revoked_one_leaves_it),
        TOWN_TEST(what_came_before_its_key_shows_when_the_list_comes),
        TOWN_TEST(a_screen_without_a_broker_remembers_whom_it_believes),
        TOWN_TEST(a_store_that_comes_back_at_the_end_is_taken_up),
        TOWN_TEST(a_key_speaks_in_its_scopes_alone),
        TOWN_TEST(what_every_screen_would_refuse_is_not_sent),
        TOWN_TEST(an_operator_is_told_why_every_screen_refuses),
        TOWN_TEST(an_old_list_sent_again_frees_no_revoked_key),
        TOWN_TEST(an_older_list_is_not_sent_by_mistake),
        TOWN_TEST(a_tick_names_the_list_that_went_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
