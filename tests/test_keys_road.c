/* Keys from their making to the glass: the publisher's commands, a real
 * broker, and a display that was given nothing but the root key. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "tests/support/desk.h"
#include "tests/support/folder.h"
#include "tests/support/screen.h"
#include "tests/support/terminal.h"

#define LIST_TOPIC "gaoshi/1/erqi/down/all/keys"

struct town {
    struct desk *desk;
    char *root, *root_public, *phrase, *list, *store;
    char *duty, *duty_public;
    char duty_id[17];
};

static void expect(const struct town *town, int code)
{
    if (town->desk->result.code != code)
        fail_msg("exit %d, expected %d: %s", town->desk->result.code, code,
                 town->desk->result.err);
}

static bool make_pass_phrase(struct town *town)
{
    town->phrase = folder_path(town->desk->folder, "phrase");
    return folder_write(town->desk->folder, "phrase", "长江 secret\n") &&
           chmod(town->phrase, 0600) == 0;
}

static void make_keys(struct town *town)
{
    struct desk *desk = town->desk;

    DESK_RUN(desk, "keys", "new", "--out", desk->folder, "--name", "root",
             "--lock", "--pass-phrase-file", town->phrase);
    expect(town, 0);
    DESK_RUN(desk, "keys", "new", "--out", desk->folder, "--name", "duty",
             "--algorithm", "sm2");
    expect(town, 0);
    assert_int_equal(sscanf(desk->result.out, "key %16s", town->duty_id), 1);
}

static int open_town(void **state)
{
    struct town *town = calloc(1, sizeof *town);
    void *desk = NULL;

    if (!town || desk_open(&desk) != 0)
        return -1;
    town->desk = desk;
    town->root = folder_path(town->desk->folder, "root.pem");
    town->root_public = folder_path(town->desk->folder, "root.pub.pem");
    town->duty = folder_path(town->desk->folder, "duty.pem");
    town->duty_public = folder_path(town->desk->folder, "duty.pub.pem");
    town->list = folder_path(town->desk->folder, "keys.gaoshi");
    town->store = folder_path(town->desk->folder, "store.db");
    *state = town;
    if (!make_pass_phrase(town))
        return -1;
    make_keys(town);
    return 0;
}

static int close_town(void **state)
{
    struct town *town = *state;
    void *desk = town->desk;
    char *const texts[] = {town->root,       town->root_public, town->phrase,
                           town->list,       town->store,       town->duty,
                           town->duty_public};

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        free(texts[i]);
    free(town);
    return desk_close(&desk);
}

static void grant(struct town *town, const char *role)
{
    DESK_RUN(town->desk, "keys", "grant", town->list, town->duty_public,
             "--role", role, "--scope", "area-410103", "--org", "erqi",
             "--root", town->root, "--pass-phrase-file", town->phrase);
    expect(town, 0);
}

static void publish_list(struct town *town)
{
    DESK_RUN(town->desk, "keys", "publish", town->list, "--root",
             town->root_public, "--org", "erqi", "--broker",
             broker_url(town->desk->broker));
    expect(town, 0);
}

static void raise_alert(struct town *town, const char *id, const char *scope)
{
    DESK_RUN(town->desk, "alert", "raise", "--template", "flood", "--level",
             "red", "--status", "exercise", "--sender", "演练：应急值班室",
             "--id", id, "--scope", scope, "--org", "erqi", "--key", town->duty,
             "--broker", broker_url(town->desk->broker));
}

static struct screen *start_screen(const struct town *town)
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
    struct town *town = *state;
    struct screen *screen = start_screen(town);

    grant(town, "alerts");
    publish_list(town);
    raise_alert(town, "drill-1", "area-410103");
    expect(town, 0);
    assert_true(screen_wait(screen, "shown", "drill-1", 1));
    DESK_RUN(town->desk, "keys", "revoke", town->list, town->duty_id, "--root",
             town->root, "--pass-phrase-file", town->phrase);
    expect(town, 0);
    publish_list(town);
    assert_true(screen_wait(screen, "ended", "drill-1", 1));
    char *journal = screen_journal(screen);
    assert_non_null(strstr(journal, "\"reason\":\"revoked\""));
    free(journal);
    assert_int_equal(screen_stop(screen), 0);
}

/* Whatever order the broker keeps them in. */
static void what_came_before_its_key_shows_when_the_list_comes(void **state)
{
    struct town *town = *state;
    struct screen *screen = start_screen(town);

    grant(town, "alerts");
    raise_alert(town, "drill-1", "area-410103");
    expect(town, 0);
    assert_true(screen_wait(screen, "refused", "drill-1", 1));
    publish_list(town);
    assert_true(screen_wait(screen, "shown", "drill-1", 1));
    assert_int_equal(screen_stop(screen), 0);
}

static void a_screen_without_a_broker_remembers_whom_it_believes(void **state)
{
    struct town *town = *state;
    struct screen *screen = start_screen(town);

    grant(town, "alerts");
    publish_list(town);
    raise_alert(town, "drill-1", "area-410103");
    assert_true(screen_wait(screen, "shown", "drill-1", 1));
    assert_int_equal(screen_stop(screen), 0);
    broker_stop(town->desk->broker);
    screen = start_screen(town);
    assert_true(screen_wait(screen, "shown", "drill-1", 1));
    assert_int_equal(screen_stop(screen), 0);
}

static void a_key_speaks_in_its_scopes_alone(void **state)
{
    struct town *town = *state;
    struct screen *screen = start_screen(town);

    grant(town, "alerts");
    publish_list(town);
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

/* What is refused before it is read has no number to be known by. */
static void an_operator_is_told_why_every_screen_refuses(void **state)
{
    const struct {
        const char *role, *told;
    } cases[] = {{NULL, "drill-1 refused by lobby-1: signature"},
                 {"panels", "drill-1 refused by lobby-1: authority"}};
    struct town *town = *state;
    struct screen *screen = start_screen(town);

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        if (cases[i].role) {
            grant(town, cases[i].role);
            publish_list(town);
        }
        DESK_RUN(town->desk, "alert", "raise", "--template", "flood", "--level",
                 "red", "--status", "exercise", "--sender", "值班室", "--id",
                 "drill-1", "--scope", "area-410103", "--org", "erqi", "--key",
                 town->duty, "--broker", broker_url(town->desk->broker),
                 "--wait-shown", "1", "--timeout", "2");
        desk_expect(town->desk, 3, cases[i].told);
    }
    assert_int_equal(screen_stop(screen), 0);
}

static void an_old_list_sent_again_frees_no_revoked_key(void **state)
{
    struct town *town = *state;
    struct screen *screen = start_screen(town);
    struct peer *thief = peer_connect(broker_url(town->desk->broker), "thief");

    assert_non_null(thief);
    grant(town, "alerts");
    publish_list(town);
    char *old = folder_read(town->desk->folder, "keys.gaoshi");
    DESK_RUN(town->desk, "keys", "revoke", town->list, town->duty_id, "--root",
             town->root, "--pass-phrase-file", town->phrase);
    publish_list(town);
    assert_true(peer_publish(thief, LIST_TOPIC, old, strlen(old), true));
    raise_alert(town, "drill-1", "area-410103");
    assert_true(screen_wait(screen, "refused", "drill-1", 1));
    assert_int_equal(screen_count(screen, "shown", "drill-1"), 0);
    free(old);
    peer_destroy(thief);
    assert_int_equal(screen_stop(screen), 0);
}

static void an_older_list_is_not_sent_by_mistake(void **state)
{
    struct town *town = *state;

    grant(town, "alerts");
    char *old = folder_read(town->desk->folder, "keys.gaoshi");
    DESK_RUN(town->desk, "keys", "revoke", town->list, town->duty_id, "--root",
             town->root, "--pass-phrase-file", town->phrase);
    publish_list(town);
    publish_list(town);
    assert_true(folder_write(town->desk->folder, "keys.gaoshi", old));
    DESK_RUN(town->desk, "keys", "publish", town->list, "--root",
             town->root_public, "--org", "erqi", "--broker",
             broker_url(town->desk->broker));
    desk_expect(town->desk, 4, "went out already");
    assert_non_null(strstr(town->desk->result.err, "nothing was sent"));
    free(old);
}

/* At the broker it would take the place of a good one. */
static void a_list_with_a_spoilt_byte_is_not_sent(void **state)
{
    struct town *town = *state;
    struct peer *peer = peer_connect(broker_url(town->desk->broker), "peer");

    assert_true(peer_subscribe(peer, LIST_TOPIC));
    grant(town, "alerts");
    char *list = folder_read(town->desk->folder, "keys.gaoshi");
    const char right = list[40];
    list[40] = right == 'A' ? 'B' : 'A';
    assert_true(folder_write(town->desk->folder, "keys.gaoshi", list));
    DESK_RUN(town->desk, "keys", "publish", town->list, "--root",
             town->root_public, "--org", "erqi", "--broker",
             broker_url(town->desk->broker));
    desk_expect(town->desk, 6, "not signed by the root key");
    assert_non_null(strstr(town->desk->result.err, "nothing was sent"));
    list[40] = right;
    assert_true(folder_write(town->desk->folder, "keys.gaoshi", list));
    publish_list(town);
    const struct peer_message *first = peer_wait_message(peer, 0);
    assert_non_null(first);
    assert_memory_equal(first->payload, list, first->bytes);
    free(list);
    peer_destroy(peer);
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
    struct town *town = *state;
    struct peer *peer = peer_connect(broker_url(town->desk->broker), "peer");

    assert_non_null(peer);
    assert_true(peer_subscribe(peer, "gaoshi/1/erqi/down/all/+"));
    grant(town, "alerts");
    publish_list(town);
    DESK_RUN(town->desk, "beat", "--once", "--org", "erqi", "--key", town->duty,
             "--broker", broker_url(town->desk->broker));
    expect(town, 0);
    struct message *list = heard(peer, 0);
    struct message *tick = heard(peer, 1);
    assert_int_equal(list->kind, MESSAGE_KEYS);
    assert_int_equal(tick->kind, MESSAGE_TICK);
    assert_int_equal(tick->tick.keys_seq, list->seq);
    message_destroy(list);
    message_destroy(tick);
    peer_destroy(peer);
}

static void a_rotated_key_hands_over_to_the_new_one(void **state)
{
    struct town *town = *state;
    struct desk *desk = town->desk;
    char *next = folder_path(desk->folder, "next.pub.pem");

    grant(town, "panels");
    DESK_RUN(desk, "keys", "new", "--out", desk->folder, "--name", "next");
    DESK_RUN(desk, "keys", "rotate", town->list, town->duty_id, next, "--root",
             town->root, "--pass-phrase-file", town->phrase);
    expect(town, 0);
    DESK_RUN(desk, "keys", "list", town->list, "--root", town->root_public);
    expect(town, 0);
    assert_string_equal(desk->result.err, "");
    char *second = strchr(desk->result.out, '\n');
    assert_non_null(second);
    assert_non_null(strstr(second, "good     ed25519  panels"));
    assert_non_null(strstr(second, "area-410103"));
    assert_non_null(strstr(desk->result.out, town->duty_id));
    free(next);
}

static void make_another(struct town *town, const char *name)
{
    DESK_RUN(town->desk, "keys", "new", "--out", town->desk->folder, "--name",
             name);
    expect(town, 0);
}

static void a_revoked_key_signs_again_only_when_that_is_said(void **state)
{
    struct town *town = *state;
    struct desk *desk = town->desk;
    char *other = folder_path(desk->folder, "other.pub.pem");
    char other_id[17];

    grant(town, "alerts");
    make_another(town, "other");
    assert_int_equal(sscanf(desk->result.out, "key %16s", other_id), 1);
    DESK_RUN(desk, "keys", "grant", town->list, other, "--role", "panels",
             "--root", town->root, "--pass-phrase-file", town->phrase);
    DESK_RUN(desk, "keys", "revoke", town->list, town->duty_id, "--root",
             town->root, "--pass-phrase-file", town->phrase);
    expect(town, 0);
    DESK_RUN(desk, "keys", "grant", town->list, town->duty_public, "--role",
             "alerts", "--root", town->root, "--pass-phrase-file",
             town->phrase);
    desk_expect(desk, 4, "was revoked");
    DESK_RUN(desk, "keys", "rotate", town->list, other_id, town->duty_public,
             "--root", town->root, "--pass-phrase-file", town->phrase);
    desk_expect(desk, 4, "was revoked");
    DESK_RUN(desk, "keys", "list", town->list);
    assert_non_null(strstr(desk->result.out, "  revoked  sm2"));
    DESK_RUN(desk, "keys", "grant", town->list, town->duty_public, "--role",
             "alerts", "--reinstate", "--root", town->root,
             "--pass-phrase-file", town->phrase);
    expect(town, 0);
    DESK_RUN(desk, "keys", "list", town->list);
    assert_null(strstr(desk->result.out, "revoked"));
    free(other);
}

static void a_pass_phrase_is_typed_without_an_echo(void **state)
{
    struct town *town = *state;
    const char *const words[] = {
        "keys",  "grant", town->list, town->duty_public, "--role", "alerts",
        "--org", "erqi",  "--root",   town->root,        NULL};
    const struct {
        const char *typed;
        int code;
    } cases[] = {{"黄河 secret", 6}, {"长江 secret", 0}};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *out = NULL;
        const struct terminal_talk talk = {
            .prompt = "root.pem: ", .answer = cases[i].typed, .secret = true};
        int code = terminal_run(town->desk->folder, "gaoshi-publish", words,
                                &talk, &out);
        if (code != cases[i].code || strstr(out, cases[i].typed))
            fail_msg("exit %d: %s", code, out);
        free(out);
    }
}

static void what_is_wrong_is_told_and_changes_nothing(void **state)
{
    struct town *town = *state;
    struct desk *desk = town->desk;
    const struct {
        const char *words[12];
        int code;
        const char *told;
    } cases[] = {
        {{"keys", "grant", town->list, town->duty_public, "--role", "alerts"},
         2,
         "--root is missing"},
        {{"keys", "grant", town->list, town->duty_public, "--role", "root",
          "--root", town->root, "--pass-phrase-file", town->phrase},
         2,
         "expected panels, alerts or commands"},
        {{"keys", "grant", town->list, town->duty_public, "--root", town->root,
          "--pass-phrase-file", town->phrase},
         2,
         "--role is missing"},
        {{"keys", "grant", town->list, town->duty_public, "--role", "alerts",
          "--root", town->root},
         6,
         "pass-phrase wants a terminal"},
        {{"keys", "grant", town->list, town->duty_public, "--role", "alerts",
          "--root", town->duty},
         6,
         "not signed by the root key"},
        {{"keys", "revoke", town->list, "0123456789abcdef", "--root",
          town->root, "--pass-phrase-file", town->phrase},
         2,
         "not on the list"},
        {{"keys", "publish", town->list, "--root", town->root_public, "--org",
          "other", "--broker", "mqtt://127.0.0.1:1"},
         2,
         "the list is for 'erqi'"},
        {{"keys", "publish", town->list}, 2, "--root is missing"},
        {{"keys", "publish", town->duty_public, "--root", town->root_public},
         6,
         "duty.pub.pem"},
        {{"keys", "publish", town->list, "--root", town->duty_public},
         6,
         "not signed by the root key"},
    };

    grant(town, "alerts");
    char *before = folder_read(desk->folder, "keys.gaoshi");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        desk_run_words(desk, cases[i].words);
        desk_expect(desk, cases[i].code, cases[i].told);
    }
    char *after = folder_read(desk->folder, "keys.gaoshi");
    assert_string_equal(before, after);
    free(before);
    free(after);
}

#define TOWN_TEST(name)                                                        \
    cmocka_unit_test_setup_teardown(name, open_town, close_town)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TOWN_TEST(a_granted_key_reaches_the_glass_and_a_revoked_one_leaves_it),
        TOWN_TEST(what_came_before_its_key_shows_when_the_list_comes),
        TOWN_TEST(a_screen_without_a_broker_remembers_whom_it_believes),
        TOWN_TEST(a_key_speaks_in_its_scopes_alone),
        TOWN_TEST(an_operator_is_told_why_every_screen_refuses),
        TOWN_TEST(an_old_list_sent_again_frees_no_revoked_key),
        TOWN_TEST(an_older_list_is_not_sent_by_mistake),
        TOWN_TEST(a_list_with_a_spoilt_byte_is_not_sent),
        TOWN_TEST(a_tick_names_the_list_that_went_out),
        TOWN_TEST(a_rotated_key_hands_over_to_the_new_one),
        TOWN_TEST(a_revoked_key_signs_again_only_when_that_is_said),
        TOWN_TEST(a_pass_phrase_is_typed_without_an_echo),
        TOWN_TEST(what_is_wrong_is_told_and_changes_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
