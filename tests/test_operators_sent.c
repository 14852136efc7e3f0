/* After an alert was sent: what the outbox knows of it serves list, update and
 * cancel. */
#include "base/timestamp.h"
#include "publisher/outbox/sent_alerts.h"
#include "tests/support/folder.h"
#include "tests/support/publisher_fixture.h"
#include "tests/support/screen.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

#include <cmocka.h>

#define TEMPLATE "--template", "flood", "--sender", "二七区防汛办"

static void raise(struct publisher_fixture *publisher, const char *id,
                  const char *status, const char *area)
{
    PUBLISHER_SEND(publisher, "alert", "raise", TEMPLATE, "--level", "orange",
                   "--id", id, "--status", status, "--area", area);
    publisher_expect(publisher, 0, "");
}

static void an_update_changes_only_what_the_flags_say(void **state)
{
    struct publisher_fixture *publisher = *state;
    struct peer *screen = publisher_screen(publisher);

    raise(publisher, "flood", "exercise", "410103");
    PUBLISHER_SEND(publisher, "alert", "update", "flood", "--description",
                   "水位在涨");
    publisher_expect(publisher, 0, "");
    struct message *first = publisher_heard(publisher, screen, 0);
    struct message *second = publisher_heard(publisher, screen, 1);
    assert_true(second->seq > first->seq);
    assert_string_equal(second->scope, "area-410103");
    assert_int_equal(second->alert.type, ALERT_TYPE_UPDATE);
    assert_int_equal(second->alert.status, ALERT_STATUS_EXERCISE);
    assert_string_equal(second->alert.description, "水位在涨");
    assert_string_equal(second->alert.instruction, first->alert.instruction);
    assert_string_equal(second->alert.instruction_en,
                        first->alert.instruction_en);
    assert_int_equal(second->expires_ms, first->expires_ms);
    message_destroy(first);
    message_destroy(second);
    peer_destroy(screen);
}

static void a_new_level_needs_its_own_words(void **state)
{
    struct publisher_fixture *publisher = *state;
    struct peer *screen = publisher_screen(publisher);

    raise(publisher, "flood", "actual", "410103");
    PUBLISHER_SEND(publisher, "alert", "update", "flood", "--level", "red");
    publisher_expect(publisher, 2, "--template NAME");
    PUBLISHER_SEND(publisher, "alert", "update", "flood", "--level", "red",
                   "--template", "flood", "--yes");
    publisher_expect(publisher, 0, "");
    struct message *message = publisher_heard(publisher, screen, 1);
    assert_int_equal(message->alert.level, ALERT_LEVEL_RED);
    assert_string_equal(message->alert.instruction, "马上撤离，往高处走");
    assert_string_equal(message->alert.sender, "二七区防汛办");
    message_destroy(message);
    peer_destroy(screen);
}

static void an_id_that_never_was_is_refused(void **state)
{
    struct publisher_fixture *publisher = *state;
    struct peer *screen = publisher_screen(publisher);

    PUBLISHER_SEND(publisher, "alert", "cancel", "flodo");
    publisher_expect(publisher, 4, "no alert of this id");
    PUBLISHER_SEND(publisher, "alert", "update", "flodo", "--headline", "x");
    publisher_expect(publisher, 4, "no alert of this id");
    raise(publisher, "flood", "actual", "410103");
    PUBLISHER_SEND(publisher, "alert", "cancel", "flood", "--status", "test");
    publisher_expect(publisher, 4, "was sent as actual");
    PUBLISHER_SEND(publisher, "alert", "cancel", "flood", "--scope", "area-41");
    publisher_expect(publisher, 4, "to area-410103");
    PUBLISHER_SEND(publisher, "alert", "cancel", "flodo", "--force", "--scope",
                   "area-41");
    publisher_expect(publisher, 0, "");
    struct message *message = publisher_heard(publisher, screen, 1);
    assert_int_equal(message->kind, MESSAGE_ALERT_CANCEL);
    assert_string_equal(message->id, "flodo");
    message_destroy(message);
    peer_destroy(screen);
}

static void a_cancel_follows_the_alert_wherever_it_went(void **state)
{
    static const char *const scopes[] = {"area-410104", "area-410103"};
    struct publisher_fixture *publisher = *state;
    struct peer *screen = publisher_screen(publisher);
    char *config = folder_path(publisher->folder, "publish.conf");

    assert_true(folder_write(publisher->folder, "publish.conf",
                             "[publisher]\nscope = group-other\n"
                             "sender = 别人\n"));
    raise(publisher, "flood", "test", "410103");
    PUBLISHER_SEND(publisher, "alert", "raise", TEMPLATE, "--level", "orange",
                   "--id", "flood", "--status", "test", "--area", "410104",
                   "--force");
    publisher_expect(publisher, 0, "");
    PUBLISHER_SEND(publisher, "alert", "cancel", "flood", "--reason", "水退了",
                   "--config", config);
    publisher_expect(publisher, 0, "");
    for (size_t i = 0; i < sizeof scopes / sizeof scopes[0]; i++) {
        struct message *message = publisher_heard(publisher, screen, 2 + i);
        assert_int_equal(message->kind, MESSAGE_ALERT_CANCEL);
        assert_string_equal(message->scope, scopes[i]);
        assert_int_equal(message->cancel.status, ALERT_STATUS_TEST);
        assert_string_equal(message->cancel.event, "洪水");
        assert_string_equal(message->cancel.reason, "水退了");
        message_destroy(message);
    }
    PUBLISHER_SEND(publisher, "alert", "update", "flood", "--area-text",
                   "全区");
    publisher_expect(publisher, 4, "was cancelled");
    PUBLISHER_SEND(publisher, "alert", "update", "flood", "--area-text", "全区",
                   "--force", "--config", config);
    publisher_expect(publisher, 0, "");
    struct message *message = publisher_heard(publisher, screen, 4);
    assert_string_equal(message->alert.sender, "二七区防汛办");
    message_destroy(message);
    free(config);
    peer_destroy(screen);
}

/* A screen that starts later sees the cancel alone. */
static void a_cancel_repeats_the_references_of_its_alert(void **state)
{
    static const char text[] =
        "{\"gaoshi\":1,\"kind\":\"alert\",\"id\":\"second\",\"scope\":"
        "\"area-41\",\"alert\":{\"status\":\"actual\",\"level\":\"red\","
        "\"event\":\"洪水\",\"instruction\":\"往高处走\",\"area\":\"全区\","
        "\"sender\":\"二七区\",\"references\":[\"first\",\"second\"]}}";
    struct publisher_fixture *publisher = *state;
    struct peer *screen = publisher_screen(publisher);
    char *file = folder_path(publisher->folder, "second.json");

    assert_true(folder_write(publisher->folder, "second.json", text));
    PUBLISHER_SEND(publisher, "alert", "raise", file, "--yes");
    publisher_expect(publisher, 0, "");
    PUBLISHER_SEND(publisher, "alert", "cancel", "second");
    publisher_expect(publisher, 0, "");
    struct message *message = publisher_heard(publisher, screen, 1);
    assert_int_equal(message->cancel.reference_count, 2);
    assert_string_equal(message->cancel.references[0], "second");
    assert_string_equal(message->cancel.references[1], "first");
    message_destroy(message);
    free(file);
    peer_destroy(screen);
}

static void a_drill_never_takes_the_place_of_a_live_alert(void **state)
{
    struct publisher_fixture *publisher = *state;

    raise(publisher, "flood", "actual", "410103");
    PUBLISHER_SEND(publisher, "alert", "raise", TEMPLATE, "--level", "red",
                   "--id", "flood", "--status", "exercise", "--area", "410103");
    publisher_expect(publisher, 4, "a drill would take its place");
    PUBLISHER_SEND(publisher, "alert", "cancel", "flood");
    publisher_expect(publisher, 0, "");
    raise(publisher, "flood", "exercise", "410103");
}

static void raise_other(struct publisher_fixture *publisher, const char *area,
                        const char *force)
{
    PUBLISHER_SEND(publisher, "alert", "raise", "--template", "fire",
                   "--sender", "消防", "--level", "red", "--id", "r3", "--area",
                   area, "--yes", force);
}

static void a_live_alert_is_never_replaced_without_a_word(void **state)
{
    struct publisher_fixture *publisher = *state;
    struct peer *screen = publisher_screen(publisher);

    raise(publisher, "r3", "actual", "410103");
    raise_other(publisher, "410103", NULL);
    publisher_expect(
        publisher, 4,
        "r3 is live (actual orange 洪水, area-410103): alert update "
        "changes it; give another --id, or --force; nothing was sent");
    raise_other(publisher, "41", NULL);
    publisher_expect(publisher, 4, "r3 is live");
    raise_other(publisher, "410103", "--force");
    publisher_expect(publisher, 0, "");
    struct message *message = publisher_heard(publisher, screen, 1);
    assert_string_equal(message->alert.event, "火灾");
    message_destroy(message);
    PUBLISHER_SEND(publisher, "alert", "cancel", "r3");
    publisher_expect(publisher, 0, "");
    raise_other(publisher, "410103", NULL);
    publisher_expect(publisher, 0, "");
    peer_destroy(screen);
}

/* Who got no answer types it once more. */
static void what_the_broker_has_not_confirmed_may_be_raised_again(void **state)
{
    struct publisher_fixture *publisher = *state;

    broker_stop(publisher->broker);
    PUBLISHER_SEND(publisher, "alert", "raise", TEMPLATE, "--level", "red",
                   "--id", "r3", "--area", "410103", "--timeout", "1", "--yes");
    assert_int_equal(publisher->result.code, 3);
    PUBLISHER_SEND(publisher, "alert", "raise", TEMPLATE, "--level", "blue",
                   "--id", "r3", "--area", "410103", "--timeout", "1");
    publisher_expect(publisher, 4, "r3 is live");
    assert_true(broker_restart(publisher->broker));
    PUBLISHER_SEND(publisher, "alert", "raise", TEMPLATE, "--level", "red",
                   "--id", "r3", "--area", "410103", "--yes");
    publisher_expect(publisher, 0, "");
}

static void the_list_tells_what_became_of_each(void **state)
{
    struct publisher_fixture *publisher = *state;

    raise(publisher, "one", "actual", "410103");
    raise(publisher, "two", "exercise", "41");
    PUBLISHER_SEND(publisher, "alert", "cancel", "one");
    PUBLISHER_SEND(publisher, "alert", "list");
    publisher_expect(publisher, 0, "1 more that ended");
    assert_non_null(strstr(publisher->result.out, "two"));
    assert_null(strstr(publisher->result.out, "one"));
    assert_non_null(strstr(publisher->result.out, "live"));
    assert_non_null(strstr(publisher->result.out, "exercise"));
    assert_non_null(strstr(publisher->result.out, "area-41 "));
    assert_non_null(strstr(publisher->result.out, "洪水"));
    broker_kill(publisher->broker);
    PUBLISHER_SEND(publisher, "alert", "cancel", "two", "--timeout", "1");
    assert_int_equal(publisher->result.code, 3);
    PUBLISHER_SEND(publisher, "alert", "list", "--all");
    assert_non_null(strstr(publisher->result.out, "one"));
    assert_non_null(strstr(publisher->result.out, "cancelled"));
    assert_non_null(strstr(publisher->result.out, "unconfirmed"));
}

static void a_drill_ends_on_the_glass_without_any_flag(void **state)
{
    struct publisher_fixture *publisher = *state;
    char *trust = folder_path(publisher->folder, "gaoshi.pub.pem");
    struct screen_options options = {
        .folder = publisher->folder,
        .broker = broker_url(publisher->broker),
        .trust = trust,
        .mode = "--headless",
        .size = "640x360",
    };
    struct screen *screen = screen_start(&options);

    assert_non_null(screen);
    PUBLISHER_SEND(publisher, "alert", "raise", TEMPLATE, "--level", "orange",
                   "--id", "drill", "--status", "exercise");
    assert_true(screen_wait(screen, "shown", "drill", 1));
    PUBLISHER_SEND(publisher, "alert", "cancel", "drill");
    publisher_expect(publisher, 0, "");
    assert_true(screen_wait(screen, "ended", "drill", 1));
    assert_int_equal(screen_stop(screen), 0);
    free(trust);
}

/* Screens end an alert without expires by its level; the list says the same. */
static void without_expires_the_list_goes_by_the_life_of_the_level(void **state)
{
    static const struct {
        const char *level;
        int hours;
    } lives[] = {{"red", 6}, {"orange", 6}, {"yellow", 12}, {"blue", 24}};
    char body[512];

    (void)state;
    for (size_t i = 0; i < sizeof lives / sizeof lives[0]; i++) {
        struct sent_alert sent = {.cancelled_ms = TIMESTAMP_NONE,
                                  .expires_ms = TIMESTAMP_NONE};
        snprintf(body, sizeof body,
                 "{\"gaoshi\":1,\"kind\":\"alert\",\"org\":\"erqi\","
                 "\"id\":\"a\",\"scope\":\"all\",\"seq\":1,\"issued\":"
                 "\"2021-07-20T18:20:00+08:00\",\"alert\":{\"status\":"
                 "\"actual\",\"level\":\"%s\",\"event\":\"洪水\","
                 "\"headline\":\"x\",\"area\":\"y\",\"sender\":\"z\"}}",
                 lives[i].level);
        assert_true(message_parse(body, strlen(body), MESSAGE_WIRE, "test",
                                  &sent.alert, NULL));
        int64_t end_ms = sent.alert->issued_ms +
                         (int64_t)lives[i].hours * 3600 * 1000;
        assert_int_equal(sent_alert_end_ms(&sent), end_ms);
        assert_true(sent_alert_is_live(&sent, end_ms - 1));
        assert_false(sent_alert_is_live(&sent, end_ms));
        message_destroy(sent.alert);
    }
}

static void change_outbox(const struct publisher_fixture *publisher,
                          const char *sql)
{
    char *file = folder_path(publisher->folder,
                             ".local/state/gaoshi/outbox.db");
    sqlite3 *database = NULL;

    assert_int_equal(sqlite3_open(file, &database), SQLITE_OK);
    assert_int_equal(sqlite3_exec(database, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(database);
    free(file);
}

static void an_outbox_of_before_knows_its_alerts(void **state)
{
    struct publisher_fixture *publisher = *state;
    struct peer *screen = publisher_screen(publisher);

    raise(publisher, "flood", "exercise", "410103");
    change_outbox(publisher, "DROP TABLE sent_alert; PRAGMA user_version = 0");
    PUBLISHER_SEND(publisher, "alert", "cancel", "flood");
    publisher_expect(publisher, 0, "");
    struct message *message = publisher_heard(publisher, screen, 1);
    assert_int_equal(message->cancel.status, ALERT_STATUS_EXERCISE);
    message_destroy(message);
    peer_destroy(screen);
}

static void an_outbox_of_a_newer_program_is_left_alone(void **state)
{
    struct publisher_fixture *publisher = *state;

    raise(publisher, "flood", "exercise", "410103");
    change_outbox(publisher, "PRAGMA user_version = 2");
    PUBLISHER_SEND(publisher, "alert", "cancel", "flood");
    publisher_expect(publisher, 1, "newer gaoshi-publish");
}

int main(void)
{
#define WITH_PUBLISHER(test)                                                   \
    cmocka_unit_test_setup_teardown(test, publisher_open, publisher_close)
    const struct CMUnitTest tests[] = {
        WITH_PUBLISHER(an_update_changes_only_what_the_flags_say),
        WITH_PUBLISHER(a_new_level_needs_its_own_words),
        WITH_PUBLISHER(an_id_that_never_was_is_refused),
        WITH_PUBLISHER(a_cancel_follows_the_alert_wherever_it_went),
        WITH_PUBLISHER(a_cancel_repeats_the_references_of_its_alert),
        WITH_PUBLISHER(a_drill_never_takes_the_place_of_a_live_alert),
        WITH_PUBLISHER(a_live_alert_is_never_replaced_without_a_word),
        WITH_PUBLISHER(what_the_broker_has_not_confirmed_may_be_raised_again),
        WITH_PUBLISHER(the_list_tells_what_became_of_each),
        WITH_PUBLISHER(a_drill_ends_on_the_glass_without_any_flag),
        cmocka_unit_test(
            without_expires_the_list_goes_by_the_life_of_the_level),
        WITH_PUBLISHER(an_outbox_of_before_knows_its_alerts),
        WITH_PUBLISHER(an_outbox_of_a_newer_program_is_left_alone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
