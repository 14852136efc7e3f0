/* What is over is kept for nobody: neither by the broker nor in the outbox. */
#include "publisher/send/message_times.h"

#include "base/timestamp.h"
#include "publisher/outbox/outbox.h"
#include "tests/support/delivery.h"
#include "tests/support/folder.h"
#include "tests/support/publisher_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { HOUR = 60, DAY = 24 * HOUR }; /* minutes, as struct made has them */

/* Minutes from the epoch of made messages; 0: for ever. */
static int lasts(const struct delivery_keys *keys, const char *kind,
                 const char *more, const char *content)
{
    char body[1024], topic[128];
    char issued[TIMESTAMP_BYTES];
    bool alert = strncmp(kind, "alert", 5) == 0;

    timestamp_format(MADE_EPOCH_MS, 480, issued);
    snprintf(topic, sizeof topic, "gaoshi/1/erqi/down/all/%s/a",
             alert ? "alert" : "panel");
    snprintf(body, sizeof body,
             "{\"gaoshi\": 1, \"kind\": \"%s\", \"org\": \"erqi\", \"scope\": "
             "\"all\", \"id\": \"a\", \"seq\": 1, \"issued\": \"%s\"%s%s}",
             kind, issued, more, content);
    struct delivery delivery =
        delivery_sign(alert ? keys->alerts : keys->panels, topic, body);
    uint32_t seconds = message_expiry_s(delivery.payload, delivery.bytes,
                                        MADE_EPOCH_MS);
    delivery_finish(&delivery);
    return (int)(seconds / 60);
}

#define ALERT                                                                  \
    ", \"alert\": {\"status\": \"actual\", \"level\": \"red\", \"event\": "    \
    "\"暴雨\", \"headline\": \"暴雨\", \"area\": \"全区\", \"sender\": " \
    "\"气象台\"}"
#define PANEL                                                                  \
    ", \"panel\": {\"template\": \"figure\", \"section\": \"quality\", "       \
    "\"title\": \"面积\", \"figures\": [{\"value\": 1, \"unit\": \"个\"}]}"
#define IN_SIX_HOURS ", \"expires\": \"2021-07-21T00:30:00+08:00\""

static void a_broker_keeps_it_as_long_as_a_screen_may_want_it(void **state)
{
    struct delivery_keys *keys = delivery_keys_create();

    (void)state;
    assert_int_equal(lasts(keys, "alert", IN_SIX_HOURS, ALERT), 7 * HOUR);
    assert_int_equal(lasts(keys, "alert", "", ALERT), (6 + 1) * HOUR);
    assert_int_equal(lasts(keys, "alert-cancel", "",
                           ", \"cancel\": {\"status\": \"actual\"}"),
                     180 * DAY + HOUR);
    assert_int_equal(lasts(keys, "panel", IN_SIX_HOURS, PANEL), 7 * HOUR);
    assert_int_equal(lasts(keys, "panel", "", PANEL), 0);
    assert_int_equal(lasts(keys, "panel-removal", "", ""), 30 * DAY + HOUR);
    delivery_keys_destroy(keys);
}

static void what_is_over_lasts_a_second(void **state)
{
    struct delivery_keys *keys = delivery_keys_create();
    struct delivery delivery = delivery_of(
        keys, made_alert(&(struct made){.id = "a", .expires = HOUR}));

    (void)state;
    assert_int_equal(message_expiry_s("x", 1, 0), 0);
    assert_int_equal(
        message_expiry_s(delivery.payload, delivery.bytes, made_time(2 * DAY)),
        1);
    delivery_finish(&delivery);
    delivery_keys_destroy(keys);
}

/* What a screen of MQTT 5 is told: seconds left, or nothing. */
static void broker_says(const struct publisher_fixture *publisher,
                        const char *topic, char out[64])
{
    char command[256];

    snprintf(command, sizeof command,
             "mosquitto_sub -h 127.0.0.1 -p %d -V mqttv5 -t %s -C 1 -W 20 "
             "-F %%E",
             broker_port(publisher->broker), topic);
    FILE *answer = popen(command, "r");
    assert_non_null(answer);
    if (!fgets(out, 64, answer))
        out[0] = '\0';
    assert_int_equal(pclose(answer), 0);
}

static void the_broker_is_told_when_to_forget_it(void **state)
{
    struct publisher_fixture *publisher = *state;
    char *file = publisher_write_panel(publisher, "water", "停水通知");
    char said[64];

    PUBLISHER_SEND(publisher, "panel", "push", file);
    assert_int_equal(publisher->result.code, 0);
    broker_says(publisher, "gaoshi/1/erqi/down/all/panel/water", said);
    assert_int_equal(atoi(said), 0);
    PUBLISHER_SEND(publisher, "alert", "raise", "--id", "flood-1", "--event",
                   "暴雨", "--level", "red", "--headline", "暴雨红色预警",
                   "--instruction", "立即转移到高处", "--area-text", "二七区",
                   "--sender", "气象台", "--status", "exercise", "--until",
                   "+6h", "--yes");
    assert_int_equal(publisher->result.code, 0);
    broker_says(publisher, "gaoshi/1/erqi/down/all/alert/flood-1", said);
    assert_in_range(atoi(said), 6 * 3600, 7 * 3600);
    free(file);
}

static void add(struct outbox *outbox, const char *topic,
                struct delivery delivery, int64_t seq, int64_t expires_ms)
{
    const struct outbox_message message = {.seq = seq,
                                           .org = "erqi",
                                           .topic = topic,
                                           .payload = delivery.payload,
                                           .bytes = delivery.bytes,
                                           .expires_ms = expires_ms};
    struct problem problem = {0};

    assert_true(outbox_add(outbox, &message, &problem));
    delivery_finish(&delivery);
}

static bool count(void *context, const struct outbox_message *message)
{
    char *seen = context;

    strcat(seen, message->topic);
    return true;
}

/* A month and a day after it was over. */
static void the_outbox_forgets_what_has_long_been_over(void **state)
{
    struct publisher_fixture *publisher = *state;
    struct delivery_keys *keys = delivery_keys_create();
    const struct made made = {.id = "a"};
    const int64_t now_ms = made_time(100 * DAY), late_ms = made_time(80 * DAY);
    char *file = folder_path(publisher->folder, "outbox.db");
    struct outbox *outbox = NULL;
    struct problem problem = {0};
    char seen[16] = "";

    assert_true(outbox_open(file, &outbox, &problem));
    assert_true(outbox_begin(outbox, &problem));
    add(outbox, "1", delivery_of(keys, made_alert(&made)), made_time(1),
        TIMESTAMP_NONE);
    add(outbox, "2", delivery_of(keys, made_cancel(&made)), made_time(2),
        TIMESTAMP_NONE);
    add(outbox, "3", delivery_of(keys, made_removal(&made)), made_time(3),
        TIMESTAMP_NONE);
    add(outbox, "4", delivery_of(keys, made_panel(&made)), made_time(4),
        made_time(DAY));
    add(outbox, "5", delivery_of(keys, made_panel(&made)), made_time(5),
        TIMESTAMP_NONE);
    add(outbox, "6", delivery_of(keys, made_alert(&made)), late_ms,
        TIMESTAMP_NONE);
    add(outbox, "7", delivery_of(keys, made_alert(&made)), made_time(7),
        late_ms);
    assert_true(outbox_prune(outbox, now_ms, &problem));
    assert_true(outbox_commit(outbox, &problem));
    assert_true(outbox_each(outbox, count, seen, &problem));
    /* A cancel as long as a broker keeps it: its alert may end far away. */
    assert_string_equal(seen, "2576");
    outbox_close(outbox);
    delivery_keys_destroy(keys);
    free(file);
}

#define WITH_PUBLISHER(test)                                                   \
    cmocka_unit_test_setup_teardown(test, publisher_open, publisher_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_broker_keeps_it_as_long_as_a_screen_may_want_it),
        cmocka_unit_test(what_is_over_lasts_a_second),
        WITH_PUBLISHER(the_broker_is_told_when_to_forget_it),
        WITH_PUBLISHER(the_outbox_forgets_what_has_long_been_over),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
