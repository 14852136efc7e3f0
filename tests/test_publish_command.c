/* gaoshi-publish on the operator's side: files, keys, configuration and the
 * command line. */
#include "tests/support/folder.h"
#include "tests/support/publisher_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <jansson.h>

#include <cmocka.h>

static void a_dry_run_prints_topic_and_json_and_needs_nothing(void **state)
{
    struct publisher_fixture *publisher = *state;
    char *file = publisher_write_panel(publisher, "water", "停水");

    PUBLISHER_RUN(publisher, "panel", "push", "--dry-run", "--org", "erqi",
                  file);
    assert_int_equal(publisher->result.code, 0);
    char *body = strchr(publisher->result.out, '\n');
    assert_non_null(body);
    *body++ = '\0';
    assert_string_equal(publisher->result.out,
                        "gaoshi/1/erqi/down/all/panel/water");
    json_t *json = json_loads(body, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(json);
    json_decref(json);
    char *box = folder_path(publisher->folder, ".local");
    assert_int_not_equal(access(box, F_OK), 0);
    free(box);
    free(file);
}

static void bad_files_are_told_with_line_and_column_and_exit_4(void **state)
{
    static const struct {
        const char *text;
        const char *place; /* behind the file's name */
    } cases[] = {
        {"", ":"},
        {"{\"gaoshi\": 1,\n", ":1:14"},
        {"{\"gaoshi\":1,\n\"kind\":\"poster\",\"id\":\"x\"}", ":2:"},
        {"{\"gaoshi\":1,\"kind\":\"panel\",\"id\":\"x\",\n\"wrong\":1}",
         ":2:1: wrong"},
        {"{\"gaoshi\":1,\"gaoshi\":1}", ":1:"},
        {"{\"gaoshi\":1,\n\"kind\":\"panel\xff\"}", ":2:"},
    };
    struct publisher_fixture *publisher = *state;
    char *file = folder_path(publisher->folder, "bad.json");

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char expected[512];
        assert_true(folder_write(publisher->folder, "bad.json", cases[i].text));
        PUBLISHER_RUN(publisher, "validate", file);
        assert_int_equal(publisher->result.code, 4);
        snprintf(expected, sizeof expected, "%s%s", file, cases[i].place);
        if (!strstr(publisher->result.err, expected))
            fail_msg("expected %s in %s", expected, publisher->result.err);
        assert_string_equal(publisher->result.out, "");
    }
    free(file);
}

static void good_files_and_captured_messages_are_ok(void **state)
{
    struct publisher_fixture *publisher = *state;
    struct peer *screen = publisher_screen(publisher);
    char *file = publisher_write_panel(publisher, "water", "停水");

    PUBLISHER_SEND(publisher, "panel", "push", file);
    const struct peer_message *got = publisher_got(screen, 0);
    assert_non_null(got);
    assert_true(folder_write(publisher->folder, "captured", got->payload));
    char *captured = folder_path(publisher->folder, "captured");
    PUBLISHER_RUN(publisher, "validate", file, captured);
    assert_int_equal(publisher->result.code, 0);
    assert_non_null(
        strstr(publisher->result.out, "water.json: OK: panel water"));
    assert_non_null(strstr(publisher->result.out, "signature not checked"));
    free(captured);
    free(file);
    peer_destroy(screen);
}

static void a_key_that_others_can_read_is_refused_with_exit_6(void **state)
{
    struct publisher_fixture *publisher = *state;
    char *file = publisher_write_panel(publisher, "water", "停水");

    assert_int_equal(chmod(publisher->key, 0640), 0);
    PUBLISHER_SEND(publisher, "panel", "push", file);
    assert_int_equal(publisher->result.code, 6);
    assert_non_null(strstr(publisher->result.err, "chmod 600"));
    assert_int_equal(chmod(publisher->key, 0600), 0);
    assert_true(folder_write(publisher->folder, "gaoshi.pem", "no key\n"));
    PUBLISHER_SEND(publisher, "panel", "push", file);
    assert_int_equal(publisher->result.code, 6);
    free(file);
}

static void a_password_that_others_can_read_is_refused_with_exit_6(void **state)
{
    struct publisher_fixture *publisher = *state;
    char *file = publisher_write_panel(publisher, "water", "停水");
    char *password = folder_path(publisher->folder, "password");

    assert_true(folder_write(publisher->folder, "password", "secret\n"));
    assert_int_equal(chmod(password, 0640), 0);
    PUBLISHER_SEND(publisher, "panel", "push", file, "--username", "operator",
                   "--password-file", password);
    assert_int_equal(publisher->result.code, 6);
    assert_non_null(strstr(publisher->result.err, "chmod 600"));
    assert_int_equal(chmod(password, 0600), 0);
    PUBLISHER_SEND(publisher, "panel", "push", file, "--username", "operator",
                   "--password-file", password);
    assert_int_equal(publisher->result.code, 0);
    free(password);
    free(file);
}

static void a_new_key_never_overwrites_an_old_one(void **state)
{
    struct publisher_fixture *publisher = *state;
    char *before = folder_read(publisher->folder, "gaoshi.pem");
    struct stat status;

    assert_int_equal(stat(publisher->key, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    PUBLISHER_RUN(publisher, "keys", "new", "--out", publisher->folder);
    assert_int_equal(publisher->result.code, 6);
    char *after = folder_read(publisher->folder, "gaoshi.pem");
    assert_string_equal(before, after);
    free(before);
    free(after);
    /* Nor does half a pair stay behind. */
    char *secret = folder_path(publisher->folder, "new.pem");
    assert_true(folder_write(publisher->folder, "new.pub.pem", "kept"));
    PUBLISHER_RUN(publisher, "keys", "new", "--out", publisher->folder,
                  "--name", "new");
    assert_int_equal(publisher->result.code, 6);
    assert_int_not_equal(access(secret, F_OK), 0);
    free(secret);
}

static void the_configuration_fills_what_the_command_leaves_open(void **state)
{
    struct publisher_fixture *publisher = *state;
    char *file = publisher_write_panel(publisher, "water", "停水");
    char *config = folder_path(publisher->folder, "publish.conf");
    char text[1024];

    snprintf(text, sizeof text,
             "[publisher]\norg = hn\nkey = %s\nstate = %s/box.db\n"
             "[broker]\naddress = %s\n",
             publisher->key, publisher->folder, broker_url(publisher->broker));
    assert_true(folder_write(publisher->folder, "publish.conf", text));
    PUBLISHER_RUN(publisher, "panel", "push", file, "--config", config);
    assert_int_equal(publisher->result.code, 0);
    assert_non_null(strstr(publisher->result.out, "gaoshi/1/hn/"));
    PUBLISHER_RUN(publisher, "panel", "push", file, "--config", config, "--org",
                  "erqi");
    assert_non_null(strstr(publisher->result.out, "gaoshi/1/erqi/"));
    char *box = folder_path(publisher->folder, "box.db");
    assert_int_equal(access(box, F_OK), 0);
    free(box);

    assert_true(folder_write(publisher->folder, "publish.conf",
                             "[publisher]\norg = hn\ncolour = red\n"));
    PUBLISHER_RUN(publisher, "panel", "push", file, "--config", config);
    assert_int_equal(publisher->result.code, 2);
    assert_non_null(strstr(publisher->result.err,
                           "publish.conf:3: publisher.colour: no such key"));
    free(config);
    free(file);
}

static void wrong_command_lines_exit_2_with_the_nearest_help(void **state)
{
    static const struct {
        const char *words[6];
        const char *expected;
    } cases[] = {
        {{NULL}, "gaoshi-publish --help"},
        {{"panel", "pusch"}, "gaoshi-publish panel push --help"},
        {{"validat", "x"}, "gaoshi-publish validate --help"},
        {{"panel", "push"}, "gaoshi-publish panel push --help"},
        {{"xyzzy"}, "unknown command 'xyzzy'; see gaoshi-publish --help"},
        {{"panel", "push", "--zebra", "x"}, "--zebra: no such flag; see"},
        {{"panel", "push", "--scpoe", "x"}, "the nearest is --scope"},
        {{"screens", "--dwon"}, "the nearest is --down"},
        {{"help", "panl", "push"}, "gaoshi-publish panel push"},
        {{"panel", "push", "x", "--timeout", "soon"}, "'soon'"},
        {{"panel", "push", "x", "--timeout"}, "'--timeout' wants a value"},
        {{"alert", "cancel", "a", "b"}, "gaoshi-publish alert cancel --help"},
        {{"outbox", "list", "x"}, "too much: expected flags alone"},
        {{"alert", "raise"}, "--id"},
        {{"keys", "new"}, "--out"},
        {{"--org", "x", "validate"}, "the command comes first"},
        {{"alert", "cancel", "a"}, "--org is missing"},
        {{"alert"}, "alert cancel"},
        {{"keys"}, "keys grant"},
        {{"provision", "--org", "x"}, "provision screen"},
    };
    struct publisher_fixture *publisher = *state;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        publisher_run_words(publisher, cases[i].words);
        assert_int_equal(publisher->result.code, 2);
        assert_string_equal(publisher->result.out, "");
        if (!strstr(publisher->result.err, cases[i].expected))
            fail_msg("expected %s in %s", cases[i].expected,
                     publisher->result.err);
    }
}

static void help_goes_to_stdout_for_every_command(void **state)
{
    static const struct {
        const char *words[4];
        const char *expected;
    } cases[] = {
        {{"--help"}, "alert cancel"},
        {{"help"}, "alert cancel"},
        {{"help", "panel", "push"}, "--wait-shown"},
        {{"help", "panel"}, "panel remove"},
        {{"alert", "cancel", "--help"}, "--reason"},
        {{"alert", "raise", "-h"}, "--instruction"},
        {{"keys", "new", "--help"}, "--out"},
        {{"panel", "push", "--help"}, "--wait-shown"},
        {{"panel", "remove", "--help"}, "--dry-run"},
        {{"validate", "--help"}, "gaoshi-publish validate"},
        {{"alert", "--help"}, "alert update ID"},
        {{"cap", "-h"}, "cap watch DIR"},
        {{"keys", "--help"}, "keys revoke"},
        {{"panel", "--help"}, "panel push"},
        {{"provision", "--help"}, "provision ca"},
        {{"--version"}, GAOSHI_VERSION},
    };
    struct publisher_fixture *publisher = *state;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        publisher_run_words(publisher, cases[i].words);
        assert_int_equal(publisher->result.code, 0);
        assert_string_equal(publisher->result.err, "");
        assert_non_null(strstr(publisher->result.out, cases[i].expected));
    }
}

static void one_bad_file_keeps_all_of_them_at_home(void **state)
{
    struct publisher_fixture *publisher = *state;
    char *good = publisher_write_panel(publisher, "good", "好");
    char *bad = folder_path(publisher->folder, "bad.json");
    struct stat status;

    assert_true(folder_write(publisher->folder, "bad.json",
                             "{\n  \"gaoshi\": 1,\n  \"kind\": \"panel\",\n"
                             "  \"id\": 5\n}\n"));
    PUBLISHER_SEND(publisher, "panel", "push", good, bad);
    assert_int_equal(publisher->result.code, 4);
    assert_non_null(strstr(publisher->result.err, "bad.json:4:"));
    assert_non_null(strstr(publisher->result.err, "nothing was sent"));
    char *box = folder_path(publisher->folder, ".local/state/gaoshi/outbox.db");
    assert_int_not_equal(stat(box, &status), 0);
    free(box);
    free(good);
    free(bad);
}

static void two_files_for_one_slot_are_refused(void **state)
{
    struct publisher_fixture *publisher = *state;
    char *file = publisher_write_panel(publisher, "twin", "一");

    PUBLISHER_SEND(publisher, "panel", "push", file, file);
    assert_int_equal(publisher->result.code, 4);
    assert_non_null(strstr(publisher->result.err, "'twin' is also that of"));
    free(file);
}

int main(void)
{
#define WITH_PUBLISHER(test)                                                   \
    cmocka_unit_test_setup_teardown(test, publisher_open, publisher_close)
    const struct CMUnitTest tests[] = {
        WITH_PUBLISHER(a_dry_run_prints_topic_and_json_and_needs_nothing),
        WITH_PUBLISHER(bad_files_are_told_with_line_and_column_and_exit_4),
        WITH_PUBLISHER(good_files_and_captured_messages_are_ok),
        WITH_PUBLISHER(a_key_that_others_can_read_is_refused_with_exit_6),
        WITH_PUBLISHER(a_password_that_others_can_read_is_refused_with_exit_6),
        WITH_PUBLISHER(a_new_key_never_overwrites_an_old_one),
        WITH_PUBLISHER(the_configuration_fills_what_the_command_leaves_open),
        WITH_PUBLISHER(wrong_command_lines_exit_2_with_the_nearest_help),
        WITH_PUBLISHER(help_goes_to_stdout_for_every_command),
        WITH_PUBLISHER(one_bad_file_keeps_all_of_them_at_home),
        WITH_PUBLISHER(two_files_for_one_slot_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
