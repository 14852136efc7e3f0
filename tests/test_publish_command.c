/* gaoshi-publish on the operator's side: files, keys, configuration and the
 * command line. */
#include "tests/support/desk.h"
#include "tests/support/folder.h"

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
    struct desk *desk = *state;
    char *file = desk_write_panel(desk, "water", "停水");

    DESK_RUN(desk, "panel", "push", "--dry-run", "--org", "erqi", file);
    assert_int_equal(desk->result.code, 0);
    char *body = strchr(desk->result.out, '\n');
    assert_non_null(body);
    *body++ = '\0';
    assert_string_equal(desk->result.out, "gaoshi/1/erqi/down/all/panel/water");
    json_t *json = json_loads(body, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(json);
    json_decref(json);
    char *box = folder_path(desk->folder, ".local");
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
    struct desk *desk = *state;
    char *file = folder_path(desk->folder, "bad.json");

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char expected[512];
        assert_true(folder_write(desk->folder, "bad.json", cases[i].text));
        DESK_RUN(desk, "validate", file);
        assert_int_equal(desk->result.code, 4);
        snprintf(expected, sizeof expected, "%s%s", file, cases[i].place);
        if (!strstr(desk->result.err, expected))
            fail_msg("expected %s in %s", expected, desk->result.err);
        assert_string_equal(desk->result.out, "");
    }
    free(file);
}

static void good_files_and_captured_messages_are_ok(void **state)
{
    struct desk *desk = *state;
    struct peer *screen = desk_screen(desk);
    char *file = desk_write_panel(desk, "water", "停水");

    DESK_SEND(desk, "panel", "push", file);
    const struct peer_message *got = desk_got(screen, 0);
    assert_non_null(got);
    assert_true(folder_write(desk->folder, "captured", got->payload));
    char *captured = folder_path(desk->folder, "captured");
    DESK_RUN(desk, "validate", file, captured);
    assert_int_equal(desk->result.code, 0);
    assert_non_null(strstr(desk->result.out, "water.json: OK: panel water"));
    assert_non_null(strstr(desk->result.out, "signature not checked"));
    free(captured);
    free(file);
    peer_destroy(screen);
}

static void a_key_that_others_can_read_is_refused_with_exit_6(void **state)
{
    struct desk *desk = *state;
    char *file = desk_write_panel(desk, "water", "停水");

    assert_int_equal(chmod(desk->key, 0640), 0);
    DESK_SEND(desk, "panel", "push", file);
    assert_int_equal(desk->result.code, 6);
    assert_non_null(strstr(desk->result.err, "chmod 600"));
    assert_int_equal(chmod(desk->key, 0600), 0);
    assert_true(folder_write(desk->folder, "gaoshi.pem", "no key\n"));
    DESK_SEND(desk, "panel", "push", file);
    assert_int_equal(desk->result.code, 6);
    free(file);
}

static void a_password_that_others_can_read_is_refused_with_exit_6(void **state)
{
    struct desk *desk = *state;
    char *file = desk_write_panel(desk, "water", "停水");
    char *password = folder_path(desk->folder, "password");

    assert_true(folder_write(desk->folder, "password", "secret\n"));
    assert_int_equal(chmod(password, 0640), 0);
    DESK_SEND(desk, "panel", "push", file, "--username", "operator",
              "--password-file", password);
    assert_int_equal(desk->result.code, 6);
    assert_non_null(strstr(desk->result.err, "chmod 600"));
    assert_int_equal(chmod(password, 0600), 0);
    DESK_SEND(desk, "panel", "push", file, "--username", "operator",
              "--password-file", password);
    assert_int_equal(desk->result.code, 0);
    free(password);
    free(file);
}

static void a_new_key_never_overwrites_an_old_one(void **state)
{
    struct desk *desk = *state;
    char *before = folder_read(desk->folder, "gaoshi.pem");
    struct stat status;

    assert_int_equal(stat(desk->key, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    DESK_RUN(desk, "keys", "new", "--out", desk->folder);
    assert_int_equal(desk->result.code, 6);
    char *after = folder_read(desk->folder, "gaoshi.pem");
    assert_string_equal(before, after);
    free(before);
    free(after);
    /* Nor does half a pair stay behind. */
    char *secret = folder_path(desk->folder, "new.pem");
    assert_true(folder_write(desk->folder, "new.pub.pem", "kept"));
    DESK_RUN(desk, "keys", "new", "--out", desk->folder, "--name", "new");
    assert_int_equal(desk->result.code, 6);
    assert_int_not_equal(access(secret, F_OK), 0);
    free(secret);
}

static void the_configuration_fills_what_the_command_leaves_open(void **state)
{
    struct desk *desk = *state;
    char *file = desk_write_panel(desk, "water", "停水");
    char *config = folder_path(desk->folder, "publish.conf");
    char text[1024];

    snprintf(text, sizeof text,
             "[publisher]\norg = hn\nkey = %s\nstate = %s/box.db\n"
             "[broker]\naddress = %s\n",
             desk->key, desk->folder, broker_url(desk->broker));
    assert_true(folder_write(desk->folder, "publish.conf", text));
    DESK_RUN(desk, "panel", "push", file, "--config", config);
    assert_int_equal(desk->result.code, 0);
    assert_non_null(strstr(desk->result.out, "gaoshi/1/hn/"));
    DESK_RUN(desk, "panel", "push", file, "--config", config, "--org", "erqi");
    assert_non_null(strstr(desk->result.out, "gaoshi/1/erqi/"));
    char *box = folder_path(desk->folder, "box.db");
    assert_int_equal(access(box, F_OK), 0);
    free(box);

    assert_true(folder_write(desk->folder, "publish.conf",
                             "[publisher]\norg = hn\ncolour = red\n"));
    DESK_RUN(desk, "panel", "push", file, "--config", config);
    assert_int_equal(desk->result.code, 2);
    assert_non_null(strstr(desk->result.err,
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
        {{"panel", "push", "--colour", "x"}, "--colour: no such flag"},
        {{"panel", "push", "x", "--timeout", "soon"}, "'soon'"},
        {{"panel", "push", "x", "--timeout"}, "'--timeout' wants a value"},
        {{"alert", "cancel", "a", "b"}, "gaoshi-publish alert cancel --help"},
        {{"alert", "raise"}, "--id"},
        {{"keys", "new"}, "--out"},
        {{"--org", "x", "validate"}, "the command comes first"},
        {{"alert", "cancel", "a"}, "--org is missing"},
        {{"alert"}, "alert cancel"},
        {{"keys"}, "keys grant"},
        {{"provision", "--org", "x"}, "provision screen"},
    };
    struct desk *desk = *state;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        desk_run_words(desk, cases[i].words);
        assert_int_equal(desk->result.code, 2);
        assert_string_equal(desk->result.out, "");
        if (!strstr(desk->result.err, cases[i].expected))
            fail_msg("expected %s in %s", cases[i].expected, desk->result.err);
    }
}

static void help_goes_to_stdout_for_every_command(void **state)
{
    static const struct {
        const char *words[4];
        const char *expected;
    } cases[] = {
        {{"--help"}, "alert cancel"},
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
    struct desk *desk = *state;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        desk_run_words(desk, cases[i].words);
        assert_int_equal(desk->result.code, 0);
        assert_string_equal(desk->result.err, "");
        assert_non_null(strstr(desk->result.out, cases[i].expected));
    }
}

static void one_bad_file_keeps_all_of_them_at_home(void **state)
{
    struct desk *desk = *state;
    char *good = desk_write_panel(desk, "good", "好");
    char *bad = folder_path(desk->folder, "bad.json");
    struct stat status;

    assert_true(folder_write(desk->folder, "bad.json",
                             "{\n  \"gaoshi\": 1,\n  \"kind\": \"panel\",\n"
                             "  \"id\": 5\n}\n"));
    DESK_SEND(desk, "panel", "push", good, bad);
    assert_int_equal(desk->result.code, 4);
    assert_non_null(strstr(desk->result.err, "bad.json:4:"));
    assert_non_null(strstr(desk->result.err, "nothing was sent"));
    char *box = folder_path(desk->folder, ".local/state/gaoshi/outbox.db");
    assert_int_not_equal(stat(box, &status), 0);
    free(box);
    free(good);
    free(bad);
}

static void two_files_for_one_slot_are_refused(void **state)
{
    struct desk *desk = *state;
    char *file = desk_write_panel(desk, "twin", "一");

    DESK_SEND(desk, "panel", "push", file, file);
    assert_int_equal(desk->result.code, 4);
    assert_non_null(strstr(desk->result.err, "'twin' is also that of"));
    free(file);
}

int main(void)
{
#define AT_DESK(test)                                                          \
    cmocka_unit_test_setup_teardown(test, desk_open, desk_close)
    const struct CMUnitTest tests[] = {
        AT_DESK(a_dry_run_prints_topic_and_json_and_needs_nothing),
        AT_DESK(bad_files_are_told_with_line_and_column_and_exit_4),
        AT_DESK(good_files_and_captured_messages_are_ok),
        AT_DESK(a_key_that_others_can_read_is_refused_with_exit_6),
        AT_DESK(a_password_that_others_can_read_is_refused_with_exit_6),
        AT_DESK(a_new_key_never_overwrites_an_old_one),
        AT_DESK(the_configuration_fills_what_the_command_leaves_open),
        AT_DESK(wrong_command_lines_exit_2_with_the_nearest_help),
        AT_DESK(help_goes_to_stdout_for_every_command),
        AT_DESK(one_bad_file_keeps_all_of_them_at_home),
        AT_DESK(two_files_for_one_slot_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
