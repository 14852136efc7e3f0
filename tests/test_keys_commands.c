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
#include "tests/support/keys_fixture.h"
#include "tests/support/terminal.h"

/* At the broker it would take the place of a good one. */
static void a_list_with_a_spoilt_byte_is_not_sent(void **state)
{
    struct keys_fixture *fixture = *state;
    struct peer *peer = peer_connect(broker_url(fixture->publisher->broker),
                                     "peer");

    assert_true(peer_subscribe(peer, KEYS_FIXTURE_TOPIC));
    keys_fixture_grant(fixture, "alerts");
    char *list = folder_read(fixture->publisher->folder, "keys.gaoshi");
    const char right = list[40];
    list[40] = right == 'A' ? 'B' : 'A';
    assert_true(folder_write(fixture->publisher->folder, "keys.gaoshi", list));
    PUBLISHER_RUN(fixture->publisher, "keys", "publish", fixture->list,
                  "--root", fixture->root_public, "--org", "erqi", "--broker",
                  broker_url(fixture->publisher->broker));
    publisher_expect(fixture->publisher, 6, "not signed by the root key");
    assert_non_null(strstr(fixture->publisher->result.err, "nothing was sent"));
    list[40] = right;
    assert_true(folder_write(fixture->publisher->folder, "keys.gaoshi", list));
    keys_fixture_publish(fixture);
    const struct peer_message *first = peer_wait_message(peer, 0);
    assert_non_null(first);
    assert_memory_equal(first->payload, list, first->bytes);
    free(list);
    peer_destroy(peer);
}

static void a_rotated_key_hands_over_to_the_new_one(void **state)
{
    struct keys_fixture *fixture = *state;
    struct publisher_fixture *publisher = fixture->publisher;
    char *next = folder_path(publisher->folder, "next.pub.pem");

    keys_fixture_grant(fixture, "panels");
    PUBLISHER_RUN(publisher, "keys", "new", "--out", publisher->folder,
                  "--name", "next");
    PUBLISHER_RUN(publisher, "keys", "rotate", fixture->list, fixture->duty_id,
                  next, "--root", fixture->root, "--pass-phrase-file",
                  fixture->phrase);
    keys_fixture_expect(fixture, 0);
    PUBLISHER_RUN(publisher, "keys", "list", fixture->list, "--root",
                  fixture->root_public);
    keys_fixture_expect(fixture, 0);
    assert_string_equal(publisher->result.err, "");
    char *second = strchr(publisher->result.out, '\n');
    assert_non_null(second);
    assert_non_null(strstr(second, "good     ed25519  panels"));
    assert_non_null(strstr(second, "area-410103"));
    assert_non_null(strstr(publisher->result.out, fixture->duty_id));
    free(next);
}

static void make_another(struct keys_fixture *fixture, const char *name)
{
    PUBLISHER_RUN(fixture->publisher, "keys", "new", "--out",
                  fixture->publisher->folder, "--name", name);
    keys_fixture_expect(fixture, 0);
}

static void a_revoked_key_signs_again_only_when_that_is_said(void **state)
{
    struct keys_fixture *fixture = *state;
    struct publisher_fixture *publisher = fixture->publisher;
    char *other = folder_path(publisher->folder, "other.pub.pem");
    char other_id[17];

    keys_fixture_grant(fixture, "alerts");
    make_another(fixture, "other");
    assert_int_equal(sscanf(publisher->result.out, "key %16s", other_id), 1);
    PUBLISHER_RUN(publisher, "keys", "grant", fixture->list, other, "--role",
                  "panels", "--root", fixture->root, "--pass-phrase-file",
                  fixture->phrase);
    PUBLISHER_RUN(publisher, "keys", "revoke", fixture->list, fixture->duty_id,
                  "--root", fixture->root, "--pass-phrase-file",
                  fixture->phrase);
    keys_fixture_expect(fixture, 0);
    PUBLISHER_RUN(publisher, "keys", "grant", fixture->list,
                  fixture->duty_public, "--role", "alerts", "--root",
                  fixture->root, "--pass-phrase-file", fixture->phrase);
    publisher_expect(publisher, 4, "was revoked");
    PUBLISHER_RUN(publisher, "keys", "rotate", fixture->list, other_id,
                  fixture->duty_public, "--root", fixture->root,
                  "--pass-phrase-file", fixture->phrase);
    publisher_expect(publisher, 4, "was revoked");
    PUBLISHER_RUN(publisher, "keys", "drop", fixture->list, fixture->duty_id,
                  "--root", fixture->root, "--pass-phrase-file",
                  fixture->phrase);
    publisher_expect(publisher, 4, "was revoked");
    PUBLISHER_RUN(publisher, "keys", "list", fixture->list);
    assert_non_null(strstr(publisher->result.out, "  revoked  sm2"));
    PUBLISHER_RUN(publisher, "keys", "grant", fixture->list,
                  fixture->duty_public, "--role", "alerts", "--reinstate",
                  "--root", fixture->root, "--pass-phrase-file",
                  fixture->phrase);
    keys_fixture_expect(fixture, 0);
    PUBLISHER_RUN(publisher, "keys", "list", fixture->list);
    assert_null(strstr(publisher->result.out, "revoked"));
    free(other);
}

static void a_pass_phrase_is_typed_without_an_echo(void **state)
{
    struct keys_fixture *fixture = *state;
    const char *const words[] = {
        "keys",   "grant",       fixture->list, fixture->duty_public,
        "--role", "alerts",      "--org",       "erqi",
        "--root", fixture->root, NULL};
    const struct {
        const char *typed;
        int code;
    } cases[] = {{"黄河 secret", 6}, {"长江 secret", 0}};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *out = NULL;
        const struct terminal_talk talk = {
            .prompt = "root.pem: ", .answer = cases[i].typed, .secret = true};
        int code = terminal_run(fixture->publisher->folder, "gaoshi-publish",
                                words, &talk, &out);
        if (code != cases[i].code || strstr(out, cases[i].typed))
            fail_msg("exit %d: %s", code, out);
        free(out);
    }
}

static void what_is_wrong_is_told_and_changes_nothing(void **state)
{
    struct keys_fixture *fixture = *state;
    struct publisher_fixture *publisher = fixture->publisher;
    const struct {
        const char *words[12];
        int code;
        const char *told;
    } cases[] = {
        {{"keys", "grant", fixture->list, fixture->duty_public, "--role",
          "alerts"},
         2,
         "--root is missing"},
        {{"keys", "grant", fixture->list, fixture->duty_public, "--role",
          "root", "--root", fixture->root, "--pass-phrase-file",
          fixture->phrase},
         2,
         "expected panels, alerts or commands"},
        {{"keys", "grant", fixture->list, fixture->duty_public, "--root",
          fixture->root, "--pass-phrase-file", fixture->phrase},
         2,
         "--role is missing"},
        {{"keys", "grant", fixture->list, fixture->duty_public, "--role",
          "alerts", "--root", fixture->root},
         6,
         "pass-phrase wants a terminal"},
        {{"keys", "grant", fixture->list, fixture->duty_public, "--role",
          "alerts", "--root", fixture->duty},
         6,
         "not signed by the root key"},
        {{"keys", "revoke", fixture->list, "0123456789abcdef", "--root",
          fixture->root, "--pass-phrase-file", fixture->phrase},
         2,
         "not on the list"},
    };

    keys_fixture_grant(fixture, "alerts");
    char *before = folder_read(publisher->folder, "keys.gaoshi");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        publisher_run_words(publisher, cases[i].words);
        publisher_expect(publisher, cases[i].code, cases[i].told);
    }
    char *after = folder_read(publisher->folder, "keys.gaoshi");
    assert_string_equal(before, after);
    free(before);
    free(after);
}

static void what_cannot_be_published_is_told(void **state)
{
    struct keys_fixture *fixture = *state;
    const struct {
        const char *words[12];
        int code;
        const char *told;
    } cases[] = {
        {{"keys", "publish", fixture->list, "--root", fixture->root_public,
          "--org", "other", "--broker", "mqtt://127.0.0.1:1"},
         2,
         "the list is for 'erqi'"},
        {{"keys", "publish", fixture->list}, 2, "--root is missing"},
        {{"keys", "publish", fixture->duty_public, "--root",
          fixture->root_public},
         6,
         "duty.pub.pem"},
        {{"keys", "publish", fixture->list, "--root", fixture->duty_public},
         6,
         "not signed by the root key"},
    };

    keys_fixture_grant(fixture, "alerts");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        publisher_run_words(fixture->publisher, cases[i].words);
        publisher_expect(fixture->publisher, cases[i].code, cases[i].told);
    }
}

#define TLS_TEST(name)                                                         \
    cmocka_unit_test_setup_teardown(name, keys_fixture_open, keys_fixture_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TLS_TEST(a_list_with_a_spoilt_byte_is_not_sent),
        TLS_TEST(a_rotated_key_hands_over_to_the_new_one),
        TLS_TEST(a_revoked_key_signs_again_only_when_that_is_said),
        TLS_TEST(a_pass_phrase_is_typed_without_an_echo),
        TLS_TEST(what_is_wrong_is_told_and_changes_nothing),
        TLS_TEST(what_cannot_be_published_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
