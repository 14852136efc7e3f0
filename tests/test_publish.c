/* gaoshi-publish with a real broker: what the operator asks for arrives, and
 * the exit code tells the truth. */
#include "base/timestamp.h"
#include "protocol/receipt.h"
#include "publisher/outbox/outbox.h"
#include "tests/support/desk.h"
#include "tests/support/folder.h"

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
    struct desk *desk = *state;
    struct peer *screen = desk_screen(desk);
    char *file = desk_write_panel(desk, "water", "停水通知");

    DESK_SEND(desk, "panel", "push", file, "--scope", "area-410103");
    assert_int_equal(desk->result.code, 0);
    const struct peer_message *got = desk_got(screen, 0);
    struct message *message = desk_open_message(desk, got);
    assert_string_equal(got->topic,
                        "gaoshi/1/erqi/down/area-410103/panel/water");
    assert_int_equal(message->kind, MESSAGE_PANEL);
    assert_string_equal(message->panel.title, "停水通知");
    assert_non_null(strstr(got->payload, "\"title\": \"停水通知\""));
    assert_non_null(strstr(desk->result.out, "confirmed gaoshi/1/erqi"));
    message_destroy(message);
    free(file);
    peer_destroy(screen);
}

static void a_folder_is_pushed_whole_and_in_order(void **state)
{
    struct desk *desk = *state;
    struct peer *screen = desk_screen(desk);
    char *folder = folder_path(desk->folder, "");

    free(desk_write_panel(desk, "b", "二"));
    free(desk_write_panel(desk, "a", "一"));
    free(desk_write_panel(desk, "c", "三"));
    assert_true(folder_write(desk->folder, "notes.txt", "no panel"));
    DESK_SEND(desk, "panel", "push", folder);
    assert_int_equal(desk->result.code, 0);
    for (size_t i = 0; i < 3; i++) {
        struct message *message = desk_open_message(desk, desk_got(screen, i));
        assert_int_equal(message->id[0], 'a' + (int)i);
        message_destroy(message);
    }
    free(folder);
    peer_destroy(screen);
}

static void a_removal_and_a_cancel_take_the_slot_signed(void **state)
{
    struct desk *desk = *state;
    struct peer *screen = desk_screen(desk);

    DESK_SEND(desk, "panel", "remove", "water", "--force");
    assert_int_equal(desk->result.code, 0);
    DESK_SEND(desk, "alert", "cancel", "flood-1", "--reason", "雨停了",
              "--force", "--yes");
    assert_int_equal(desk->result.code, 0);
    const struct peer_message *got = desk_got(screen, 0);
    struct message *message = desk_open_message(desk, got);
    assert_int_equal(message->kind, MESSAGE_PANEL_REMOVAL);
    assert_string_equal(got->topic, "gaoshi/1/erqi/down/all/panel/water");
    message_destroy(message);
    got = desk_got(screen, 1);
    message = desk_open_message(desk, got);
    assert_int_equal(message->kind, MESSAGE_ALERT_CANCEL);
    assert_string_equal(got->topic, "gaoshi/1/erqi/down/all/alert/flood-1");
    assert_string_equal(message->cancel.reason, "雨停了");
    message_destroy(message);
    peer_destroy(screen);
}

static void an_alert_from_flags_says_what_the_flags_said(void **state)
{
    struct desk *desk = *state;
    struct peer *screen = desk_screen(desk);

    DESK_SEND(desk, "alert", "raise", "--id", "flood-1", "--event", "暴雨",
              "--level", "red", "--headline",
              "郑州市气象台发布暴雨红色预警信号", "--instruction",
              "立即转移到高处", "--area-text", "二七区", "--sender",
              "郑州市气象台", "--status", "exercise", "--until", "+6h",
              "--contact", "防汛值班=0371-68186000");
    assert_string_equal(desk->result.err, "");
    assert_int_equal(desk->result.code, 0);
    struct message *message = desk_open_message(desk, desk_got(screen, 0));
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
    struct desk *desk = *state;
    char *file = desk_write_panel(desk, "water", "停水");

    desk_use_broker(desk, "topic read #\n");
    DESK_SEND(desk, "panel", "push", file);
    assert_int_equal(desk->result.code, 4);
    assert_non_null(strstr(desk->result.err, "0x87"));
    /* It is settled: the next command doesn't try it again. */
    desk_use_broker(desk, "topic readwrite #\n");
    DESK_SEND(desk, "panel", "remove", "other", "--force");
    assert_int_equal(desk->result.code, 0);
    assert_null(strstr(desk->result.out, "water"));
    free(file);
}

/* A copy of the first message that waits in the desk's outbox. */
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

static void read_outbox(const struct desk *desk, struct waiting *out)
{
    char *file = folder_path(desk->folder, ".local/state/gaoshi/outbox.db");
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
    struct desk *desk = *state;
    char *file = desk_write_panel(desk, "water", "停水");

    broker_kill(desk->broker);
    DESK_SEND(desk, "panel", "push", file, "--timeout", "1");
    assert_int_equal(desk->result.code, 3);
    assert_non_null(strstr(desk->result.err, broker_url(desk->broker)));
    assert_non_null(strstr(desk->result.err, "stay in the outbox"));
    read_outbox(desk, &waiting);
    assert_int_equal(waiting.count, 2); /* and its index */

    assert_true(broker_restart(desk->broker));
    struct peer *screen = desk_screen(desk);
    DESK_SEND(desk, "panel", "remove", "other", "--force", "--with-waiting");
    assert_int_equal(desk->result.code, 0);
    const struct peer_message *first = desk_got(screen, 0);
    assert_non_null(first);
    assert_int_equal(first->bytes, waiting.bytes);
    assert_memory_equal(first->payload, waiting.payload, waiting.bytes);
    struct message *second = desk_open_message(desk, desk_got(screen, 1));
    assert_string_equal(second->id, "other");
    message_destroy(second);
    read_outbox(desk, &waiting);
    assert_int_equal(waiting.count, 0);
    free(file);
    peer_destroy(screen);
}

static void what_a_newer_one_replaced_meanwhile_is_not_sent(void **state)
{
    struct desk *desk = *state;
    char *file = desk_write_panel(desk, "water", "停水");

    broker_kill(desk->broker);
    DESK_SEND(desk, "panel", "push", file, "--timeout", "1");
    assert_int_equal(desk->result.code, 3);
    assert_true(broker_restart(desk->broker));
    struct peer *screen = desk_screen(desk);
    DESK_SEND(desk, "panel", "remove", "water");
    assert_int_equal(desk->result.code, 0);
    DESK_SEND(desk, "panel", "remove", "end", "--force");
    struct message *first = desk_open_message(desk, desk_got(screen, 0));
    struct message *second = desk_open_message(desk, desk_got(screen, 1));
    assert_int_equal(first->kind, MESSAGE_PANEL_REMOVAL);
    assert_string_equal(second->id, "end");
    message_destroy(first);
    message_destroy(second);
    free(file);
    peer_destroy(screen);
}

static void a_broker_that_comes_back_in_time_gets_it(void **state)
{
    struct desk *desk = *state;
    char *file = desk_write_panel(desk, "water", "停水");

    broker_kill(desk->broker);
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        DESK_SEND(desk, "panel", "push", file, "--timeout", "30");
        _exit(desk->result.code);
    }
    assert_true(broker_restart(desk->broker));
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    free(file);
}

static void a_broker_that_does_not_answer_leaves_it_unconfirmed(void **state)
{
    struct desk *desk = *state;
    char *file = desk_write_panel(desk, "water", "停水");

    broker_pause(desk->broker);
    DESK_SEND(desk, "panel", "push", file, "--timeout", "1");
    broker_resume(desk->broker);
    assert_int_equal(desk->result.code, 3);
    free(file);
}

static void write_many(const struct desk *desk, int count)
{
    for (int i = 0; i < count; i++) {
        char id[16];
        snprintf(id, sizeof id, "p%d", i);
        free(desk_write_panel(desk, id, "板"));
    }
}

static void sequence_numbers_rise_over_a_hundred_messages_and_runs(void **state)
{
    enum { RUNS = 10, EACH = 10 };
    struct desk *desk = *state;
    struct peer *screen = desk_screen(desk);
    int64_t last = 0;

    write_many(desk, EACH);
    for (int run = 0; run < RUNS; run++) {
        DESK_SEND(desk, "panel", "push", desk->folder);
        assert_int_equal(desk->result.code, 0);
    }
    for (size_t i = 0; i < RUNS * EACH; i++) {
        struct message *message = desk_open_message(desk, desk_got(screen, i));
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
    struct desk *desk = *state;
    char *file = desk_write_panel(desk, "water", "停水");
    struct peer *screen = desk_screen(desk);

    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        DESK_SEND(desk, "panel", "push", file, "--wait-shown", "2", "--timeout",
                  "20");
        bool good = desk->result.code == 0 &&
                    strstr(desk->result.out, "water shown on lobby after") &&
                    strstr(desk->result.out, "water shown on gate\n") &&
                    strstr(desk->result.err, "water refused by yard: scope: "
                                             "\\u202Eno\\u2028\\u009B2J");
        if (!good)
            fprintf(stderr, "%d\n%s%s", desk->result.code, desk->result.out,
                    desk->result.err);
        _exit(good ? 0 : 1);
    }
    struct message *message = desk_open_message(desk, desk_got(screen, 0));
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
    struct desk *desk = *state;
    char *file = desk_write_panel(desk, "water", "停水");

    DESK_SEND(desk, "panel", "push", file, "--wait-shown", "1", "--timeout",
              "1");
    assert_int_equal(desk->result.code, 3);
    assert_non_null(strstr(desk->result.out, "confirmed"));
    assert_non_null(strstr(desk->result.err, "not shown on 1 screens"));
    free(file);
}

int main(void)
{
#define AT_DESK(test)                                                          \
    cmocka_unit_test_setup_teardown(test, desk_open, desk_close)
    const struct CMUnitTest tests[] = {
        AT_DESK(a_pushed_panel_arrives_signed_and_as_it_was_written),
        AT_DESK(a_folder_is_pushed_whole_and_in_order),
        AT_DESK(a_removal_and_a_cancel_take_the_slot_signed),
        AT_DESK(an_alert_from_flags_says_what_the_flags_said),
        AT_DESK(a_denied_publish_is_refused_with_exit_4),
        AT_DESK(without_a_broker_it_waits_and_goes_out_next_time_byte_for_byte),
        AT_DESK(what_a_newer_one_replaced_meanwhile_is_not_sent),
        AT_DESK(a_broker_that_comes_back_in_time_gets_it),
        AT_DESK(a_broker_that_does_not_answer_leaves_it_unconfirmed),
        AT_DESK(sequence_numbers_rise_over_a_hundred_messages_and_runs),
        AT_DESK(waiting_for_screens_ends_when_enough_of_them_have_shown_it),
        AT_DESK(a_screen_that_never_shows_it_ends_in_exit_3),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
