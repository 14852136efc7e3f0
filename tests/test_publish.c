/* gaoshi-publish with a real broker: what the operator asks for arrives, and
 * the exit code tells the truth. */
#include "base/timestamp.h"
#include "protocol/receipt.h"
#include "publisher/outbox/outbox.h"
#include "tests/support/folder.h"
#include "tests/support/publisher_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static void a_pushed_panel_arrives_signed_and_as_it_was_written(void **state)
{
    struct publisher_fixture *publisher = *state;
    struct peer *screen = publisher_screen(publisher);
    char *file = publisher_write_panel(publisher, "water", "停水通知");

    PUBLISHER_SEND(publisher, "panel", "push", file, "--scope", "area-410103");
    assert_int_equal(publisher->result.code, 0);
    const struct peer_message *got = publisher_got(screen, 0);
    struct message *message = publisher_open_message(publisher, got);
    assert_string_equal(got->topic,
                        "gaoshi/1/erqi/down/area-410103/panel/water");
    assert_int_equal(message->kind, MESSAGE_PANEL);
    assert_string_equal(message->panel.title, "停水通知");
    assert_non_null(strstr(got->payload, "\"title\": \"停水通知\""));
    assert_non_null(strstr(publisher->result.out, "confirmed gaoshi/1/erqi"));
    message_destroy(message);
    free(file);
    peer_destroy(screen);
}

static void a_folder_is_pushed_whole_and_in_order(void **state)
{
    struct publisher_fixture *publisher = *state;
    struct peer *screen = publisher_screen(publisher);
    char *folder = folder_path(publisher->folder, "");

    free(publisher_write_panel(publisher, "b", "二"));
    free(publisher_write_panel(publisher, "a", "一"));
    free(publisher_write_panel(publisher, "c", "三"));
    assert_true(folder_write(publisher->folder, "notes.txt", "no panel"));
    PUBLISHER_SEND(publisher, "panel", "push", folder);
    assert_int_equal(publisher->result.code, 0);
    for (size_t i = 0; i < 3; i++) {
        struct message *message =
            publisher_open_message(publisher, publisher_got(screen, i));
        assert_int_equal(message->id[0], 'a' + (int)i);
        message_destroy(message);
    }
    free(folder);
    peer_destroy(screen);
}

static void a_removal_and_a_cancel_take_the_slot_signed(void **state)
{
    struct publisher_fixture *publisher = *state;
    struct peer *screen = publisher_screen(publisher);

    PUBLISHER_SEND(publisher, "panel", "remove", "water", "--force");
    assert_int_equal(publisher->result.code, 0);
    PUBLISHER_SEND(publisher, "alert", "cancel", "flood-1", "--reason",
                   "雨停了", "--force", "--yes");
    assert_int_equal(publisher->result.code, 0);
    const struct peer_message *got = publisher_got(screen, 0);
    struct message *message = publisher_open_message(publisher, got);
    assert_int_equal(message->kind, MESSAGE_PANEL_REMOVAL);
    assert_string_equal(got->topic, "gaoshi/1/erqi/down/all/panel/water");
    message_destroy(message);
    got = publisher_got(screen, 1);
    message = publisher_open_message(publisher, got);
    assert_int_equal(message->kind, MESSAGE_ALERT_CANCEL);
    assert_string_equal(got->topic, "gaoshi/1/erqi/down/all/alert/flood-1");
    assert_string_equal(message->cancel.reason, "雨停了");
    message_destroy(message);
    peer_destroy(screen);
}

static void an_alert_from_flags_says_what_the_flags_said(void **state)
{
    struct publisher_fixture *publisher = *state;
    struct peer *screen = publisher_screen(publisher);

    PUBLISHER_SEND(publisher, "alert", "raise", "--id", "flood-1", "--event",
                   "暴雨", "--level", "red", "--headline",
                   "郑州市气象台发布暴雨红色预警信号", "--instruction",
                   "立即转移到高处", "--area-text", "二七区", "--sender",
                   "郑州市气象台", "--status", "exercise", "--until", "+6h",
                   "--contact", "防汛值班=0371-68186000");
    assert_string_equal(publisher->result.err, "");
    assert_int_equal(publisher->result.code, 0);
    struct message *message = publisher_open_message(publisher,
                                                     publisher_got(screen, 0));
    assert_int_equal(message->alert.level, ALERT_LEVEL_RED);
    assert_int_equal(message->alert.status, ALERT_STATUS_EXERCISE);
    assert_string_equal(message->alert.instruction, "立即转移到高处");
    assert_int_equal(message->alert.contact_count, 1);
    assert_string_equal(message->alert.contacts[0].number, "0371-68186000");
    /* The end counts from when the flags were read, the issue is stamped
     * when the message is composed: a second may begin in between. */
    int64_t span_ms = message->expires_ms - message->issued_ms;
    assert_true(span_ms <= 6 * 3600 * 1000 &&
                span_ms >= 6 * 3600 * 1000 - 5000);
    message_destroy(message);
    peer_destroy(screen);
}

static void a_denied_publish_is_refused_with_exit_4(void **state)
{
    struct publisher_fixture *publisher = *state;
    char *file = publisher_write_panel(publisher, "water", "停水");

    publisher_use_broker(publisher, "topic read #\n");
    PUBLISHER_SEND(publisher, "panel", "push", file);
    assert_int_equal(publisher->result.code, 4);
    assert_non_null(strstr(publisher->result.err, "0x87"));
    /* It is settled: the next command doesn't try it again. */
    publisher_use_broker(publisher, "topic readwrite #\n");
    PUBLISHER_SEND(publisher, "panel", "remove", "other", "--force");
    assert_int_equal(publisher->result.code, 0);
    assert_null(strstr(publisher->result.out, "water"));
    free(file);
}

/* A copy of the first message that waits in the fixture's outbox. */
struct waiting {
    char payload[LIMIT_MESSAGE_BYTES];
    size_t bytes;
    size_t count;
};

static bool note_waiting(void *context, const struct outbox_message *message)
{
    struct waiting *waiting = context;

    if (waiting->count++ == 0) {
        memcpy(waiting->payload, message->payload, message->bytes);
        waiting->bytes = message->bytes;
    }
    return true;
}

static void read_outbox(const struct publisher_fixture *publisher,
                        struct waiting *out)
{
    char *file = folder_path(publisher->folder,
                             ".local/state/gaoshi/outbox.db");
    struct outbox *outbox = NULL;
    struct problem problem = {0};

    *out = (struct waiting){0};
    assert_true(outbox_open(file, &outbox, &problem));
    assert_true(
        outbox_each_waiting(outbox, "erqi", 0, note_waiting, out, &problem));
    outbox_close(outbox);
    free(file);
}

static void
without_a_broker_it_waits_and_goes_out_next_time_byte_for_byte(void **state)
{
    static struct waiting waiting;
    struct publisher_fixture *publisher = *state;
    char *file = publisher_write_panel(publisher, "water", "停水");

    broker_kill(publisher->broker);
    PUBLISHER_SEND(publisher, "panel", "push", file, "--timeout", "1");
    assert_int_equal(publisher->result.code, 3);
    assert_non_null(
        strstr(publisher->result.err, broker_url(publisher->broker)));
    assert_non_null(strstr(publisher->result.err, "stay in the outbox"));
    read_outbox(publisher, &waiting);
    assert_int_equal(waiting.count, 2); /* and its index */

    assert_true(broker_restart(publisher->broker));
    struct peer *screen = publisher_screen(publisher);
    PUBLISHER_SEND(publisher, "panel", "remove", "other", "--force",
                   "--with-waiting");
    assert_int_equal(publisher->result.code, 0);
    const struct peer_message *first = publisher_got(screen, 0);
    assert_non_null(first);
    assert_int_equal(first->bytes, waiting.bytes);
    assert_memory_equal(first->payload, waiting.payload, waiting.bytes);
    struct message *second = publisher_open_message(publisher,
                                                    publisher_got(screen, 1));
    assert_string_equal(second->id, "other");
    message_destroy(second);
    read_outbox(publisher, &waiting);
    assert_int_equal(waiting.count, 0);
    free(file);
    peer_destroy(screen);
}

static void what_a_newer_one_replaced_meanwhile_is_not_sent(void **state)
{
    struct publisher_fixture *publisher = *state;
    char *file = publisher_write_panel(publisher, "water", "停水");

    broker_kill(publisher->broker);
    PUBLISHER_SEND(publisher, "panel", "push", file, "--timeout", "1");
    assert_int_equal(publisher->result.code, 3);
    assert_true(broker_restart(publisher->broker));
    struct peer *screen = publisher_screen(publisher);
    PUBLISHER_SEND(publisher, "panel", "remove", "water");
    assert_int_equal(publisher->result.code, 0);
    PUBLISHER_SEND(publisher, "panel", "remove", "end", "--force");
    struct message *first = publisher_open_message(publisher,
                                                   publisher_got(screen, 0));
    struct message *second = publisher_open_message(publisher,
                                                    publisher_got(screen, 1));
    assert_int_equal(first->kind, MESSAGE_PANEL_REMOVAL);
    assert_string_equal(second->id, "end");
    message_destroy(first);
    message_destroy(second);
    free(file);
    peer_destroy(screen);
}

static void a_broker_that_comes_back_in_time_gets_it(void **state)
{
    struct publisher_fixture *publisher = *state;
    char *file = publisher_write_panel(publisher, "water", "停水");

    broker_kill(publisher->broker);
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        PUBLISHER_SEND(publisher, "panel", "push", file, "--timeout", "30");
        _exit(publisher->result.code);
    }
    assert_true(broker_restart(publisher->broker));
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    free(file);
}

static void a_broker_that_does_not_answer_leaves_it_unconfirmed(void **state)
{
    struct publisher_fixture *publisher = *state;
    char *file = publisher_write_panel(publisher, "water", "停水");

    broker_pause(publisher->broker);
    PUBLISHER_SEND(publisher, "panel", "push", file, "--timeout", "1");
    broker_resume(publisher->broker);
    assert_int_equal(publisher->result.code, 3);
    free(file);
}

static void write_many(const struct publisher_fixture *publisher, int count)
{
    for (int i = 0; i < count; i++) {
        char id[16];
        snprintf(id, sizeof id, "p%d", i);
        free(publisher_write_panel(publisher, id, "板"));
    }
}

static void sequence_numbers_rise_over_a_hundred_messages_and_runs(void **state)
{
    enum { RUNS = 10, EACH = 10 };
    struct publisher_fixture *publisher = *state;
    struct peer *screen = publisher_screen(publisher);
    int64_t last = 0;

    write_many(publisher, EACH);
    for (int run = 0; run < RUNS; run++) {
        PUBLISHER_SEND(publisher, "panel", "push", publisher->folder);
        assert_int_equal(publisher->result.code, 0);
    }
    for (size_t i = 0; i < RUNS * EACH; i++) {
        struct message *message =
            publisher_open_message(publisher, publisher_got(screen, i));
        assert_true(message->seq > last);
        last = message->seq;
        message_destroy(message);
    }
    peer_destroy(screen);
}

/* Says shown for the message it got, as a screen would. The one at the gate
 * does not trust its clock, and tells no time. */
static void answer_as_screen(struct peer *peer, const struct message *message,
                             const char *screen, enum receipt_event event)
{
    struct receipt receipt = {.event = event, .seq = message->seq};
    char topic[256];

    snprintf(receipt.message, sizeof receipt.message, "%s", message->id);
    snprintf(receipt.screen, sizeof receipt.screen, "%s", screen);
    snprintf(receipt.reason, sizeof receipt.reason, "%s",
             event == RECEIPT_REFUSED ? "scope" : "");
    snprintf(receipt.text, sizeof receipt.text, "%s",
             event == RECEIPT_REFUSED ? "\u202Eno\u2028\xC2\x9B"
                                        "2J"
                                      : "");
    receipt.at_ms = strcmp(screen, "gate") == 0 ? TIMESTAMP_NONE
                                                : message->issued_ms;
    /* The one at the gate is of an earlier release. */
    if (strcmp(screen, "gate") == 0)
        snprintf(topic, sizeof topic, "gaoshi/1/erqi/receipt/%s/gate",
                 message->id);
    else
        snprintf(topic, sizeof topic, "gaoshi/1/erqi/screen/%s/receipt",
                 screen);
    char *text = receipt_format(&receipt);
    assert_non_null(text);
    assert_true(peer_publish(peer, topic, text, strlen(text), false));
    free(text);
}

static void
waiting_for_screens_ends_when_enough_of_them_have_shown_it(void **state)
{
    struct publisher_fixture *publisher = *state;
    char *file = publisher_write_panel(publisher, "water", "停水");
    struct peer *screen = publisher_screen(publisher);

    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        PUBLISHER_SEND(publisher, "panel", "push", file, "--wait-shown", "2",
                       "--timeout", "20");
        bool good =
            publisher->result.code == 0 &&
            strstr(publisher->result.out, "water shown on lobby after") &&
            strstr(publisher->result.out, "water shown on gate\n") &&
            strstr(publisher->result.err, "water refused by yard: scope: "
                                          "\\u202Eno\\u2028\\u009B2J");
        if (!good)
            fprintf(stderr, "%d\n%s%s", publisher->result.code,
                    publisher->result.out, publisher->result.err);
        _exit(good ? 0 : 1);
    }
    struct message *message = publisher_open_message(publisher,
                                                     publisher_got(screen, 0));
    answer_as_screen(screen, message, "lobby", RECEIPT_VERIFIED);
    answer_as_screen(screen, message, "lobby", RECEIPT_SHOWN);
    answer_as_screen(screen, message, "lobby", RECEIPT_SHOWN);
    answer_as_screen(screen, message, "yard", RECEIPT_REFUSED);
    answer_as_screen(screen, message, "gate", RECEIPT_SHOWN);
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    message_destroy(message);
    peer_destroy(screen);
    free(file);
}

static void a_screen_that_never_shows_it_ends_in_exit_3(void **state)
{
    struct publisher_fixture *publisher = *state;
    char *file = publisher_write_panel(publisher, "water", "停水");

    PUBLISHER_SEND(publisher, "panel", "push", file, "--wait-shown", "1",
                   "--timeout", "1");
    assert_int_equal(publisher->result.code, 3);
    assert_non_null(strstr(publisher->result.out, "confirmed"));
    assert_non_null(strstr(publisher->result.err, "not shown on 1 screens"));
    free(file);
}

/* The settings go to their slot, an index lists them, and what is no file of
 * settings is refused before anything is sent. */
static void settings_are_pushed_and_listed(void **state)
{
    struct publisher_fixture *publisher = *state;
    struct peer *screen = publisher_screen(publisher);
    char *file = folder_path(publisher->folder, "night.json");
    char *panel = publisher_write_panel(publisher, "water", "停水");

    assert_true(folder_write(
        publisher->folder, "night.json",
        "{\"gaoshi\": 1, \"kind\": \"settings\", \"id\": \"glass\", "
        "\"settings\": {\"hours\": {\"dark\": [\"mon-fri 23:00-06:00\"]}, "
        "\"wake\": \"orange\"}}"));
    PUBLISHER_SEND(publisher, "settings", "push", panel);
    publisher_expect(publisher, 4, "'panel', expected settings");
    PUBLISHER_SEND(publisher, "settings", "push", file, "--scope",
                   "area-410103");
    publisher_expect(publisher, 0, "");
    publisher_expect_got(publisher, screen, 0, MESSAGE_SETTINGS,
                         "gaoshi/1/erqi/down/area-410103/settings/glass");
    struct message *message = publisher_heard(publisher, screen, 0);
    assert_int_equal(message->settings->hours.of[LIGHT_DARK].count, 1);
    assert_int_equal(message->settings->wake, ALERT_LEVEL_ORANGE);
    /* What came before and behind it are the index of its scope, and of all. */
    bool listed = false;
    for (size_t i = 0; !listed; i++) {
        const struct peer_message *got = peer_wait_message(screen, i);
        assert_non_null(got);
        listed = strstr(got->topic, "area-410103/index/") &&
                 strstr(got->payload, "\"settings/glass\"");
    }
    message_destroy(message);
    free(panel);
    free(file);
    peer_destroy(screen);
}

int main(void)
{
#define WITH_PUBLISHER(test)                                                   \
    cmocka_unit_test_setup_teardown(test, publisher_open, publisher_close)
    const struct CMUnitTest tests[] = {
        WITH_PUBLISHER(a_pushed_panel_arrives_signed_and_as_it_was_written),
        WITH_PUBLISHER(a_folder_is_pushed_whole_and_in_order),
        WITH_PUBLISHER(a_removal_and_a_cancel_take_the_slot_signed),
        WITH_PUBLISHER(an_alert_from_flags_says_what_the_flags_said),
        WITH_PUBLISHER(a_denied_publish_is_refused_with_exit_4),
        WITH_PUBLISHER(
            without_a_broker_it_waits_and_goes_out_next_time_byte_for_byte),
        WITH_PUBLISHER(what_a_newer_one_replaced_meanwhile_is_not_sent),
        WITH_PUBLISHER(a_broker_that_comes_back_in_time_gets_it),
        WITH_PUBLISHER(a_broker_that_does_not_answer_leaves_it_unconfirmed),
        WITH_PUBLISHER(sequence_numbers_rise_over_a_hundred_messages_and_runs),
        WITH_PUBLISHER(
            waiting_for_screens_ends_when_enough_of_them_have_shown_it),
        WITH_PUBLISHER(a_screen_that_never_shows_it_ends_in_exit_3),
        WITH_PUBLISHER(settings_are_pushed_and_listed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
