/* The inbox under attack: what forgers, who may write to the broker, can push
 * out of it, and what they cannot. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "display/edge/inbox.h"

#define PANEL "gaoshi/1/erqi/down/all/panel/q01"
#define ALERT "gaoshi/1/erqi/down/all/alert/flood"

static void put(struct inbox *inbox, const char *topic, const char *text)
{
    inbox_put(inbox, topic, text, strlen(text));
}

/* Takes the next item and compares its payload. */
static void expect(struct inbox *inbox, const char *text)
{
    struct inbox_item *item = inbox_take(inbox);

    assert_non_null(item);
    assert_int_equal(item->bytes, strlen(text));
    assert_memory_equal(item->payload, text, item->bytes);
    free(item);
}

static void what_waits_already_is_not_taken_twice(void **state)
{
    struct inbox *inbox = inbox_create();

    (void)state;
    for (int i = 0; i < 1000; i++) {
        put(inbox, ALERT, "same");
        put(inbox, PANEL, "same");
    }
    put(inbox, PANEL, "other");
    expect(inbox, "same");
    expect(inbox, "same");
    expect(inbox, "other");
    assert_null(inbox_take(inbox));
    put(inbox, PANEL, "same");
    expect(inbox, "same");
    assert_int_equal(inbox_losses(inbox).alerts, 0);
    assert_int_equal(inbox_losses(inbox).ordinary, 0);
    inbox_destroy(inbox);
}

/* The name of a key, as an envelope bears it, and a number as the body. */
static void put_sealed(struct inbox *inbox, const char *id, const char *key,
                       int number)
{
    char text[128], topic[LIMIT_TOPIC_BYTES];

    snprintf(text, sizeof text, "gaoshi1 %s %d", key, number);
    snprintf(topic, sizeof topic, "gaoshi/1/erqi/down/all/alert/%s", id);
    put(inbox, topic, text);
}

#define OURS "0123456789abcdef"
#define THEIRS "fedcba9876543210"

static void know_ours(struct inbox *inbox)
{
    const struct inbox_keys keys = {.ids = {OURS}, .count = 1};

    inbox_set_keys(inbox, &keys);
}

static void expect_sealed(struct inbox *inbox, const char *key, int number)
{
    char text[128];

    snprintf(text, sizeof text, "gaoshi1 %s %d", key, number);
    expect(inbox, text);
}

/* They are judged all the same, when their turn comes. */
static void alerts_without_a_known_key_wait_among_the_panels(void **state)
{
    static char long_text[LIMIT_ALERT_BYTES + 1];
    struct inbox *inbox = inbox_create();

    (void)state;
    know_ours(inbox);
    put(inbox, PANEL, "panel");
    put_sealed(inbox, "a", THEIRS, 1);
    put(inbox, ALERT, "unsigned");
    snprintf(long_text, sizeof long_text, "gaoshi1 " OURS " ");
    inbox_put(inbox, ALERT, long_text, sizeof long_text);
    put_sealed(inbox, "b", OURS, 2);
    expect_sealed(inbox, OURS, 2);
    expect(inbox, "panel");
    expect_sealed(inbox, THEIRS, 1);
    expect(inbox, "unsigned");
    struct inbox_item *item = inbox_take(inbox);
    assert_int_equal(item->bytes, sizeof long_text);
    assert_false(item->alert);
    free(item);
    inbox_destroy(inbox);
}

static void
forged_alerts_without_our_key_leave_the_alerts_their_room(void **state)
{
    struct inbox *inbox = inbox_create();
    char id[32];

    (void)state;
    know_ours(inbox);
    for (int i = 0; i < 5 * INBOX_ITEMS; i++) {
        snprintf(id, sizeof id, "f%d", i);
        put_sealed(inbox, id, THEIRS, i);
    }
    put_sealed(inbox, "genuine", OURS, 1);
    assert_int_equal(inbox_losses(inbox).alerts, 0);
    expect_sealed(inbox, OURS, 1);
    inbox_destroy(inbox);
}

/* A key's name is no secret: forgers write it. Few topics then hold all they
 * may, and a new one finds room at their cost. */
static void a_flood_in_a_few_alert_topics_leaves_room_for_another(void **state)
{
    enum { TOPICS = 20 };
    struct inbox *inbox = inbox_create();
    struct inbox_item *item;
    char id[32];
    bool there = false;

    (void)state;
    know_ours(inbox);
    for (int i = 0; i < 10 * INBOX_ITEMS; i++) {
        snprintf(id, sizeof id, "f%d", i % TOPICS);
        put_sealed(inbox, id, OURS, i);
    }
    put_sealed(inbox, "genuine", OURS, 1);
    while ((item = inbox_take(inbox)) != NULL) {
        there |= strstr(item->topic, "/genuine") != NULL;
        free(item);
    }
    assert_true(there);
    inbox_destroy(inbox);
}

static void a_flood_of_alerts_does_not_silence_the_rest(void **state)
{
    struct inbox *inbox = inbox_create();
    struct inbox_item *item = NULL;
    char id[32];
    int alerts = 0;

    (void)state;
    put(inbox, PANEL, "panel");
    for (int i = 0; i < INBOX_ITEMS / 2; i++) {
        snprintf(id, sizeof id, "a%d", i);
        put_sealed(inbox, id, OURS, i);
    }
    while ((item = inbox_take(inbox)) != NULL && item->alert) {
        alerts++;
        free(item);
    }
    free(item);
    assert_int_equal(alerts, INBOX_ALERTS_IN_A_ROW);
    inbox_destroy(inbox);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_waits_already_is_not_taken_twice),
        cmocka_unit_test(alerts_without_a_known_key_wait_among_the_panels),
        cmocka_unit_test(
            forged_alerts_without_our_key_leave_the_alerts_their_room),
        cmocka_unit_test(a_flood_in_a_few_alert_topics_leaves_room_for_another),
        cmocka_unit_test(a_flood_of_alerts_does_not_silence_the_rest),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
