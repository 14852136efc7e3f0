/* Panels made from flags go out at once, in the operator's time zone; what is
 * wrong is shown in its place; a refused password and an interrupt are told.
 * test_import.sh has the spreadsheets and the kinds. */
#include "tests/support/folder.h"
#include "tests/support/publisher_fixture.h"
#include "tests/support/terminal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include <jansson.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/timestamp.h"
#include "base/utf8.h"
#include "protocol/panel.h"
#include "publisher/send/excerpt.h"

#define NOTICE "panel", "push", "--kind", "notice", "--title", "停水通知"

static void a_notice_until_noon_goes_out_without_json(void **state)
{
    struct publisher_fixture *publisher = *state;
    struct peer *screen = publisher_screen(publisher);

    PUBLISHER_SEND(publisher, NOTICE, "--text", "请走东门。", "--until",
                   "明天 12:00", "--scope", "area-410103");
    publisher_expect(publisher, 0, "--until '明天 12:00' is 20");
    struct message *message = publisher_heard(publisher, screen, 0);
    int64_t now_ms = clock_wall_ms();
    struct civil_time end = timestamp_civil(
        message->expires_ms, clock_utc_offset_minutes(message->expires_ms));
    assert_int_equal(message->panel.template, TEMPLATE_NOTICE);
    assert_string_equal(message->panel.body, "请走东门。");
    assert_string_equal(message->scope, "area-410103");
    assert_int_equal(end.hour, 12);
    assert_in_range(message->expires_ms - now_ms, 11 * 3600 * 1000,
                    37 * 3600 * 1000);
    assert_int_equal(strncmp(message->id, "notice-20", 9), 0);
    assert_non_null(strstr(publisher->result.out, message->id));
    message_destroy(message);
    peer_destroy(screen);
}

static void files_and_flags_together_are_refused(void **state)
{
    struct publisher_fixture *publisher = *state;
    char *file = publisher_write_panel(publisher, "water", "停水");

    PUBLISHER_SEND(publisher, "panel", "push", file, "--kind", "notice");
    publisher_expect(publisher, 2, "either files, or --kind");
    PUBLISHER_SEND(publisher, "panel", "push");
    publisher_expect(publisher, 2, "either files, or --kind");
    free(file);
}

static void times_are_those_of_the_configured_zone(void **state)
{
    static const struct {
        const char *zone, *noon;
    } cases[] = {
        {"Asia/Shanghai", "T12:00:00+08:00"},
        {"Asia/Kolkata", "T12:00:00+05:30"},
        {"-03:30", "T12:00:00-03:30"},
    };
    struct publisher_fixture *publisher = *state;
    char *config = folder_path(publisher->folder, "zone.conf");
    char text[128];

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        snprintf(text, sizeof text, "[publisher]\norg = erqi\nzone = %s\n",
                 cases[i].zone);
        assert_true(folder_write(publisher->folder, "zone.conf", text));
        PUBLISHER_RUN(publisher, NOTICE, "--text", "x", "--until", "明天中午",
                      "--config", config, "--dry-run");
        publisher_expect(publisher, 0, "");
        assert_non_null(strstr(publisher->result.out, cases[i].noon));
    }
    assert_true(folder_write(publisher->folder, "zone.conf",
                             "[publisher]\nzone = Asia/Shanghaj\n"));
    PUBLISHER_RUN(publisher, "panel", "list", "--config", config);
    publisher_expect(publisher, 2, "zone.conf:2: publisher.zone");
    free(config);
}

/* The first entry of the list of that name in the command's answer. */
static void expect_json(struct publisher_fixture *publisher, const char *list,
                        const char *field, const char *value)
{
    json_t *answer = json_loads(publisher->result.out, 0, NULL);
    json_t *row = json_array_get(json_object_get(answer, list), 0);
    const char *found = json_string_value(json_object_get(row, field));

    if (!found || strcmp(found, value) != 0)
        fail_msg("no %s «%s» in %s", field, value, publisher->result.out);
    json_decref(answer);
}

static void the_lists_are_in_the_configured_zone(void **state)
{
    struct publisher_fixture *publisher = *state;
    char *config = folder_path(publisher->folder, "zone.conf");

    assert_true(folder_write(publisher->folder, "zone.conf",
                             "[publisher]\norg = erqi\nzone = +09:30\n"));
    PUBLISHER_SEND(publisher, NOTICE, "--text", "x", "--until",
                   "2099-12-31T12:00:00+08:00", "--from", "+6d");
    publisher_expect(publisher, 0, "");
    PUBLISHER_SEND(publisher, "alert", "raise", "--template", "flood",
                   "--level", "blue", "--sender", "二七区", "--area", "410103",
                   "--until", "2099-12-31T12:00:00+08:00", "--yes");
    publisher_expect(publisher, 0, "");
    PUBLISHER_RUN(publisher, "panel", "list", "--config", config);
    publisher_expect(publisher, 0, "");
    /* It waits for next week. */
    assert_non_null(strstr(publisher->result.out, " waits "));
    assert_non_null(strstr(publisher->result.out, "2099-12-31 13:30+09:30"));
    PUBLISHER_RUN(publisher, "alert", "list", "--config", config);
    publisher_expect(publisher, 0, "");
    assert_non_null(strstr(publisher->result.out, "2099-12-31 13:30+09:30"));
    PUBLISHER_RUN(publisher, "alert", "list", "--config", config, "--json");
    expect_json(publisher, "alerts", "until", "2099-12-31T13:30:00+09:30");
    PUBLISHER_RUN(publisher, NOTICE, "--text", "x", "--config", config, "--key",
                  publisher->key, "--broker", "mqtt://127.0.0.1:1", "--timeout",
                  "1");
    publisher_expect(publisher, 3, "");
    PUBLISHER_RUN(publisher, "outbox", "list", "--config", config, "--json");
    expect_json(publisher, "messages", "title", "停水通知");
    free(config);
}

/* A second operator, and a list of keys on which only some keys are. */
struct colleague {
    char *root, *key, *list, *outbox;
};

static void grant(struct publisher_fixture *publisher,
                  const struct colleague *colleague, const char *public_key)
{
    char *file = folder_path(publisher->folder, public_key);

    PUBLISHER_RUN(publisher, "keys", "grant", colleague->list, file, "--root",
                  colleague->root, "--org", "erqi", "--role", "alerts");
    publisher_expect(publisher, 0, "");
    free(file);
}

static struct colleague colleague_make(struct publisher_fixture *publisher)
{
    struct colleague colleague = {
        .root = folder_path(publisher->folder, "root.pem"),
        .key = folder_path(publisher->folder, "wang.pem"),
        .list = folder_path(publisher->folder, "keys.list"),
        .outbox = folder_path(publisher->folder, "wang.db"),
    };

    PUBLISHER_RUN(publisher, "keys", "new", "--out", publisher->folder,
                  "--name", "root");
    PUBLISHER_RUN(publisher, "keys", "new", "--out", publisher->folder,
                  "--name", "wang");
    grant(publisher, &colleague, "gaoshi.pub.pem");
    return colleague;
}

static void colleague_raise(struct publisher_fixture *publisher,
                            const struct colleague *colleague)
{
    PUBLISHER_RUN(publisher, "alert", "raise", "--id", "wang-1", "--template",
                  "flood", "--level", "blue", "--sender", "二七区", "--area",
                  "410103", "--yes", "--org", "erqi", "--key", colleague->key,
                  "--broker", broker_url(publisher->broker), "--state",
                  colleague->outbox);
    publisher_expect(publisher, 0, "");
}

static void colleague_free(struct colleague *colleague)
{
    free(colleague->root);
    free(colleague->key);
    free(colleague->list);
    free(colleague->outbox);
}

static void a_colleagues_alert_ends_without_force(void **state)
{
    struct publisher_fixture *publisher = *state;
    struct colleague colleague = colleague_make(publisher);
    struct peer *screen = publisher_screen(publisher);

    grant(publisher, &colleague, "wang.pub.pem");
    colleague_raise(publisher, &colleague);
    PUBLISHER_SEND(publisher, "alert", "update", "wang-1", "--key-list",
                   colleague.list, "--description", "水位上涨");
    publisher_expect(publisher, 0,
                     "wang-1: not sent from here; the broker has "
                     "it: actual blue 洪水, area-410103");
    /* Before each the screen heard the mark of the looking up. */
    struct message *update = publisher_heard(publisher, screen, 2);
    assert_string_equal(update->scope, "area-410103");
    assert_string_equal(update->alert.event, "洪水");
    assert_string_equal(update->alert.description, "水位上涨");
    message_destroy(update);
    /* A third machine knows neither. */
    char *third = folder_path(publisher->folder, "third.db");
    PUBLISHER_SEND(publisher, "alert", "cancel", "wang-1", "--key-list",
                   colleague.list, "--state", third, "--yes");
    publisher_expect(publisher, 0, "the broker has it: actual blue 洪水");
    publisher_expect_got(publisher, screen, 4, MESSAGE_ALERT_CANCEL,
                         "gaoshi/1/erqi/down/area-410103/alert/wang-1");
    free(third);
    peer_destroy(screen);
    colleague_free(&colleague);
}

static void an_alert_of_an_unknown_key_is_no_colleagues(void **state)
{
    struct publisher_fixture *publisher = *state;
    struct colleague colleague = colleague_make(publisher);

    colleague_raise(publisher, &colleague);
    PUBLISHER_SEND(publisher, "alert", "cancel", "wang-1", "--key-list",
                   colleague.list);
    publisher_expect(publisher, 4, "it does not count");
    PUBLISHER_SEND(publisher, "alert", "cancel", "nobody-1", "--key-list",
                   colleague.list);
    publisher_expect(publisher, 4, "none is known at the broker");
    colleague_free(&colleague);
}

static void a_password_that_the_broker_refuses_is_told_at_once(void **state)
{
    const struct broker_options rules = {.users = "op:right\n"};
    struct publisher_fixture *publisher = *state;
    char *password = folder_path(publisher->folder, "password");

    broker_destroy(publisher->broker);
    publisher->broker = broker_start(&rules);
    assert_non_null(publisher->broker);
    assert_true(folder_write(publisher->folder, "password", "wrong\n"));
    assert_int_equal(chmod(password, 0600), 0);
    int64_t begin_ms = clock_monotonic_ms();
    PUBLISHER_SEND(publisher, NOTICE, "--text", "x", "--timeout", "600",
                   "--username", "op", "--password-file", password);
    publisher_expect(publisher, 6, "mend --username or --password-file");
    assert_null(strstr(publisher->result.err, "600 s"));
    /* Far from the time-out, on a slow machine, too. */
    assert_true(clock_monotonic_ms() - begin_ms < 300 * 1000);
    PUBLISHER_RUN(publisher, "outbox", "list", "--org", "erqi");
    assert_non_null(strstr(publisher->result.out, "停水通知"));
    free(password);
}

static void ctrl_c_tells_what_has_gone_out(void **state)
{
    struct publisher_fixture *publisher = *state;
    const char *const words[] = {
        NOTICE,         "--text",   "x",
        "--org",        "erqi",     "--key",
        publisher->key, "--broker", broker_url(publisher->broker),
        "--wait-shown", "1",        "--timeout",
        "600",          NULL};
    const struct terminal_talk talk = {.prompt = "confirmed ",
                                       .answer = "\003"};
    char *out = NULL;

    int code = terminal_run(publisher->folder, "gaoshi-publish", words, &talk,
                            &out);
    if (code != 3 || !strstr(out, "when it was interrupted"))
        fail_msg("%d: %s", code, out);
    free(out);
}

static void a_bad_file_is_shown_with_a_caret_on_a_terminal_only(void **state)
{
    static const char text[] =
        "{\"gaoshi\": 1, \"kind\": \"panel\", \"id\": \"x\",\n"
        "\"panel\": {\"template\": \"title\", \"section\": \"general\",\n"
        " \"title\": \"二七区\", \"subtitle\": \"\"}}\n";
    struct publisher_fixture *publisher = *state;
    char *file = folder_path(publisher->folder, "bad.json");
    const char *const words[] = {"validate", file, NULL};
    const struct terminal_talk talk = {.prompt = "bad.json", .answer = "\n"};
    char *out = NULL;

    assert_true(folder_write(publisher->folder, "bad.json", text));
    PUBLISHER_RUN(publisher, "validate", file);
    publisher_expect(publisher, 4, "bad.json:3:24: panel.subtitle");
    assert_null(strchr(publisher->result.err, '^'));
    PUBLISHER_RUN(publisher, "validate", "--json", file);
    assert_non_null(strstr(publisher->result.out,
                           "\"ok\":false,\"line\":3,\"column\":24,"));
    assert_int_equal(
        terminal_run(publisher->folder, "gaoshi-publish", words, &talk, &out),
        4);
    if (!strstr(out, "    3 |  \"title\": \"二七区\", \"subtitle\": \"\"}}"
                     "\r\n      |                     ^"))
        fail_msg("%s", out);
    free(out);
    free(file);
}

static void expect_excerpt(const char *text, int line, int column, int width,
                           const char *expected)
{
    char *found = excerpt_format(text, strlen(text), line, column, width);

    if (!expected ? found != NULL : !found || strcmp(found, expected) != 0)
        fail_msg("%d:%d: «%s»", line, column, found ? found : "nothing");
    free(found);
}

static void an_excerpt_counts_columns_of_the_terminal(void **state)
{
    (void)state;
    expect_excerpt("ab\ncd", 2, 2, 80, "    2 | cd\n      |  ^\n");
    expect_excerpt("a二七b", 1, 8, 80, "    1 | a二七b\n      |      ^\n");
    /* The middle of a character is the character. */
    expect_excerpt("a二七b", 1, 6, 80, "    1 | a二七b\n      |    ^\n");
    /* A mark has no column of its own, and a tab is a blank. */
    expect_excerpt("e\xCC\x81\tx", 1, 5, 80,
                   "    1 | e\xCC\x81 x\n      |   ^\n");
    expect_excerpt("a\x1b[2Jb", 1, 6, 80, "    1 | a [2Jb\n      |      ^\n");
    /* The end of the line, and behind it. */
    expect_excerpt("ab", 1, 3, 80, "    1 | ab\n      |   ^\n");
    expect_excerpt("ab", 1, 4, 80, NULL);
    expect_excerpt("ab", 2, 1, 80, NULL);
    /* Of a long line the part around the place. */
    expect_excerpt("二二二二二二二二二二二二二二二二二二二二x二二", 1, 61, 48,
                   "    1 | 二二二二二二二二二二x二二\n"
                   "      |                     ^\n");
    assert_int_equal(utf8_columns(0x4E8C), 2);
    assert_int_equal(utf8_columns(0xFF0C), 2);
    assert_int_equal(utf8_columns('a'), 1);
    assert_int_equal(utf8_columns(0x0301), 0);
}

int main(void)
{
#define FIXED(test)                                                            \
    cmocka_unit_test_setup_teardown(test, publisher_open, publisher_close)
    const struct CMUnitTest tests[] = {
        FIXED(a_notice_until_noon_goes_out_without_json),
        FIXED(files_and_flags_together_are_refused),
        FIXED(times_are_those_of_the_configured_zone),
        FIXED(the_lists_are_in_the_configured_zone),
        FIXED(a_colleagues_alert_ends_without_force),
        FIXED(an_alert_of_an_unknown_key_is_no_colleagues),
        FIXED(a_password_that_the_broker_refuses_is_told_at_once),
        FIXED(ctrl_c_tells_what_has_gone_out),
        FIXED(a_bad_file_is_shown_with_a_caret_on_a_terminal_only),
        cmocka_unit_test(an_excerpt_counts_columns_of_the_terminal),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
