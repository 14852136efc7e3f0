/* The commands that change and send a list of keys: what they refuse, and what
 * they leave as it was. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/folder.h"
#include "tests/support/keys_town.h"
#include "tests/support/terminal.h"

/* At the broker it would take the place of a good one. */
static void a_list_with_a_spoilt_byte_is_not_sent(void **state)
{
    struct keys_town *town = *state;
    struct peer *peer = peer_connect(broker_url(town->desk->broker), "peer");

    assert_true(peer_subscribe(peer, KEYS_TOWN_TOPIC));
    keys_town_grant(town, "alerts");
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
    keys_town_publish(town);
    const struct peer_message *first = peer_wait_message(peer, 0);
    assert_non_null(first);
    assert_memory_equal(first->payload, list, first->bytes);
    free(list);
    peer_destroy(peer);
}

static void a_rotated_key_hands_over_to_the_new_one(void **state)
{
    struct keys_town *town = *state;
    struct desk *desk = town->desk;
    char *next = folder_path(desk->folder, "next.pub.pem");

    keys_town_grant(town, "panels");
    DESK_RUN(desk, "keys", "new", "--out", desk->folder, "--name", "next");
    DESK_RUN(desk, "keys", "rotate", town->list, town->duty_id, next, "--root",
             town->root, "--pass-phrase-file", town->phrase);
    keys_town_expect(town, 0);
    DESK_RUN(desk, "keys", "list", town->list, "--root", town->root_public);
    keys_town_expect(town, 0);
    assert_string_equal(desk->result.err, "");
    char *second = strchr(desk->result.out, '\n');
    assert_non_null(second);
    assert_non_null(strstr(second, "good     ed25519  panels"));
    assert_non_null(strstr(second, "area-410103"));
    assert_non_null(strstr(desk->result.out, town->duty_id));
    free(next);
}

static void make_another(struct keys_town *town, const char *name)
{
    DESK_RUN(town->desk, "keys", "new", "--out", town->desk->folder, "--name",
             name);
    keys_town_expect(town, 0);
}

static void a_revoked_key_signs_again_only_when_that_is_said(void **state)
{
    struct keys_town *town = *state;
    struct desk *desk = town->desk;
    char *other = folder_path(desk->folder, "other.pub.pem");
    char other_id[17];

    keys_town_grant(town, "alerts");
    make_another(town, "other");
    assert_int_equal(sscanf(desk->result.out, "key %16s", other_id), 1);
    DESK_RUN(desk, "keys", "grant", town->list, other, "--role", "panels",
             "--root", town->root, "--pass-phrase-file", town->phrase);
    DESK_RUN(desk, "keys", "revoke", town->list, town->duty_id, "--root",
             town->root, "--pass-phrase-file", town->phrase);
    keys_town_expect(town, 0);
    DESK_RUN(desk, "keys", "grant", town->list, town->duty_public, "--role",
             "alerts", "--root", town->root, "--pass-phrase-file",
             town->phrase);
    desk_expect(desk, 4, "was revoked");
    DESK_RUN(desk, "keys", "rotate", town->list, other_id, town->duty_public,
             "--root", town->root, "--pass-phrase-file", town->phrase);
    desk_expect(desk, 4, "was revoked");
    DESK_RUN(desk, "keys", "drop", town->list, town->duty_id, "--root",
             town->root, "--pass-phrase-file", town->phrase);
    desk_expect(desk, 4, "was revoked");
    DESK_RUN(desk, "keys", "list", town->list);
    assert_non_null(strstr(desk->result.out, "  revoked  sm2"));
    DESK_RUN(desk, "keys", "grant", town->list, town->duty_public, "--role",
             "alerts", "--reinstate", "--root", town->root,
             "--pass-phrase-file", town->phrase);
    keys_town_expect(town, 0);
    DESK_RUN(desk, "keys", "list", town->list);
    assert_null(strstr(desk->result.out, "revoked"));
    free(other);
}

static void a_pass_phrase_is_typed_without_an_echo(void **state)
{
    struct keys_town *town = *state;
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
    struct keys_town *town = *state;
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
    };

    keys_town_grant(town, "alerts");
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

static void what_cannot_be_published_is_told(void **state)
{
    struct keys_town *town = *state;
    const struct {
        const char *words[12];
        int code;
        const char *told;
    } cases[] = {
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

    keys_town_grant(town, "alerts");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        desk_run_words(town->desk, cases[i].words);
        desk_expect(town->desk, cases[i].code, cases[i].told);
    }
}

#define TOWN_TEST(name)                                                        \
    cmocka_unit_test_setup_teardown(name, keys_town_open, keys_town_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TOWN_TEST(a_list_with_a_spoilt_byte_is_not_sent),
        TOWN_TEST(a_rotated_key_hands_over_to_the_new_one),
        TOWN_TEST(a_revoked_key_signs_again_only_when_that_is_said),
        TOWN_TEST(a_pass_phrase_is_typed_without_an_echo),
        TOWN_TEST(what_is_wrong_is_told_and_changes_nothing),
        TOWN_TEST(what_cannot_be_published_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
