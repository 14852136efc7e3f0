/* The inbox under attack: what forgers, who may write to the broker and know
 * the names of keys, can push out of it, and what they cannot. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <pthread.h>

#include "display/edge/net/inbox.h"
#include "protocol/envelope.h"
#include "protocol/key_list.h"
#include "tests/support/delivery.h"

#define PANEL "gaoshi/1/erqi/down/all/panel/q01"

struct attack {
    struct delivery_keys *keys;
    struct inbox *inbox;
};

static int begin(void **state)
{
    struct attack *attack = calloc(1, sizeof *attack);

    attack->keys = delivery_keys_create();
    attack->inbox = inbox_create();
    const struct trust trust = {&attack->keys->ring, &delivery_screen};
    assert_true(inbox_trust(attack->inbox, &trust));
    *state = attack;
    return 0;
}

static int end(void **state)
{
    struct attack *attack = *state;

    inbox_destroy(attack->inbox);
    delivery_keys_destroy(attack->keys);
    free(attack);
    return 0;
}

static void put(struct attack *attack, const char *topic, const char *text)
{
    inbox_put(attack->inbox, topic, text, strlen(text), false);
}

static void put_delivery(struct attack *attack, struct delivery delivery)
{
    inbox_put(attack->inbox, delivery.topic, delivery.payload, delivery.bytes,
              false);
    delivery_finish(&delivery);
}

static struct delivery alert(const struct attack *attack, const char *id,
                             int64_t seq)
{
    return delivery_of(attack->keys,
                       made_alert(&(struct made){.id = id, .seq = seq}));
}

/* Its envelope, which names a key that may raise alerts, before another body,
 * each in a topic of its own. */
static void pour_forged(struct attack *attack, const char *kind, int count)
{
    struct delivery genuine = alert(attack, "model", 1);
    char topic[128], payload[256];

    for (int i = 0; i < count; i++) {
        snprintf(topic, sizeof topic, "gaoshi/1/erqi/down/all/%s/f%d", kind, i);
        snprintf(payload, sizeof payload, "%.*s{\"n\": %d}",
                 ENVELOPE_LINE_BYTES, genuine.payload, i);
        put(attack, topic, payload);
    }
    delivery_finish(&genuine);
}

static struct inbox_item *take(struct attack *attack)
{
    const struct trust trust = {&attack->keys->ring, &delivery_screen};
    struct problem problem = {0};

    return inbox_take(attack->inbox, &trust, &problem);
}

/* Exactly one message was refused, for this. */
static void expect_refusal(struct attack *attack, enum problem_code code)
{
    struct inbox_refusals refusals;

    assert_true(inbox_take_refusals(attack->inbox, &refusals));
    assert_int_equal(refusals.count, 1);
    assert_int_equal(refusals.items[0].problem.code, code);
}

/* Takes the next item. */
static void expect(struct attack *attack, enum inbox_class class,
                   const char *end_of_topic)
{
    struct inbox_item *item = take(attack);

    assert_non_null(item);
    assert_int_equal(item->class, class);
    assert_string_equal(strrchr(item->topic, '/') + 1, end_of_topic);
    assert_true(class == INBOX_OTHERS || item->verified.message);
    inbox_item_destroy(item);
}

static void what_waits_already_is_not_taken_twice(void **state)
{
    struct attack *attack = *state;

    for (int i = 0; i < 100; i++) {
        put_delivery(attack, alert(attack, "a", 1));
        put(attack, PANEL, "same");
    }
    put(attack, PANEL, "other");
    expect(attack, INBOX_ALERTS, "a");
    expect(attack, INBOX_OTHERS, "q01");
    expect(attack, INBOX_OTHERS, "q01");
    assert_null(take(attack));
    put_delivery(attack, alert(attack, "a", 1));
    expect(attack, INBOX_ALERTS, "a");
    assert_int_equal(inbox_losses(attack->inbox).alerts, 0);
    assert_int_equal(inbox_losses(attack->inbox).ordinary, 0);
}

static void no_flood_of_forged_alerts_loses_a_genuine_one(void **state)
{
    struct attack *attack = *state;

    for (int i = 0; i < 10; i++) {
        char id[16];
        snprintf(id, sizeof id, "a%d", i);
        pour_forged(attack, "alert", INBOX_OTHERS_ITEMS);
        put_delivery(attack, alert(attack, id, 1));
    }
    pour_forged(attack, "alert", INBOX_OTHERS_ITEMS);
    for (int i = 0; i < 10; i++) {
        char id[16];
        snprintf(id, sizeof id, "a%d", i);
        expect(attack, INBOX_ALERTS, id);
    }
    assert_null(take(attack));
    assert_int_equal(inbox_losses(attack->inbox).alerts, 0);
    assert_int_equal(inbox_losses(attack->inbox).ordinary, 0);
}

static void what_is_forged_is_told_and_counted(void **state)
{
    struct attack *attack = *state;
    struct inbox_refusals refusals;
    char last[32];

    pour_forged(attack, "alert", 100);
    assert_true(inbox_take_refusals(attack->inbox, &refusals));
    assert_int_equal(refusals.count, INBOX_REFUSALS);
    assert_int_equal(refusals.untold, 100 - INBOX_REFUSALS);
    for (int i = 0; i < INBOX_REFUSALS; i++) {
        assert_int_equal(refusals.items[i].problem.code, PROBLEM_SIGNATURE);
        int number = i < INBOX_REFUSALS - 1 ? i : 99;
        snprintf(last, sizeof last, "/alert/f%d", number);
        assert_string_equal(strstr(refusals.items[i].topic, "/alert/"), last);
    }
    assert_false(inbox_take_refusals(attack->inbox, &refusals));
}

/* One genuine message in many topics would fill the room as well. */
static void what_is_moved_to_another_topic_takes_no_room(void **state)
{
    struct attack *attack = *state;
    struct delivery genuine = alert(attack, "a", 1);

    inbox_put(attack->inbox, "gaoshi/1/erqi/down/all/alert/b", genuine.payload,
              genuine.bytes, false);
    assert_null(take(attack));
    expect_refusal(attack, PROBLEM_TOPIC);
    delivery_finish(&genuine);
}

/* More than were ever raised in a fixture; memory stays bounded. */
static void every_authentic_alert_has_room(void **state)
{
    enum { RAISED = 5000 };
    struct attack *attack = *state;

    for (int i = 0; i < RAISED; i++) {
        char id[16];
        snprintf(id, sizeof id, "a%d", i);
        put_delivery(attack, alert(attack, id, 1));
    }
    for (int i = 0; i < RAISED; i++) {
        char id[16];
        snprintf(id, sizeof id, "a%d", i);
        expect(attack, INBOX_ALERTS, id);
    }
    assert_int_equal(inbox_losses(attack->inbox).alerts, 0);
}

/* Fields that this version does not know are parsed, too. */
static struct delivery alert_of_many_values(const struct attack *attack,
                                            const char *id)
{
    static const char more[] = ",\"later\":[0";
    struct delivery plain = alert(attack, id, 1);
    size_t bytes = plain.bytes - ENVELOPE_LINE_BYTES - 1; /* without the } */
    char *body = malloc(LIMIT_ALERT_BYTES);

    memcpy(body, plain.payload + ENVELOPE_LINE_BYTES, bytes);
    bytes += (size_t)sprintf(body + bytes, "%s", more);
    while (bytes < LIMIT_ALERT_BYTES - ENVELOPE_LINE_BYTES - 4)
        bytes += (size_t)sprintf(body + bytes, ",0");
    sprintf(body + bytes, "]}");
    struct delivery padded = delivery_sign(attack->keys->alerts, plain.topic,
                                           body);
    delivery_finish(&plain);
    free(body);
    return padded;
}

static void what_was_parsed_counts_in_the_room_of_alerts(void **state)
{
    enum { RAISED = 200 };
    struct attack *attack = *state;
    struct inbox_item *item;
    size_t bytes = 0;
    int count = 0;

    for (int i = 0; i < RAISED; i++) {
        char id[16];
        snprintf(id, sizeof id, "a%d", i);
        put_delivery(attack, alert_of_many_values(attack, id));
    }
    while ((item = take(attack)) != NULL) {
        assert_non_null(item->verified.message);
        bytes += verified_message_memory_bytes(&item->verified);
        count++;
        inbox_item_destroy(item);
    }
    assert_in_range(count, 1, RAISED - 1);
    assert_in_range(bytes, INBOX_ALERTS_BYTES / 2, INBOX_ALERTS_BYTES);
    assert_int_equal(inbox_losses(attack->inbox).alerts, RAISED - count);
}

/* They are judged all the same, when their turn comes: a list of keys that
 * waits before them may know the key. */
static void alerts_of_a_key_that_may_not_wait_among_the_others(void **state)
{
    static char long_text[LIMIT_ALERT_BYTES + 1];
    struct attack *attack = *state;
    struct message *message = made_alert(&(struct made){.id = "s"});

    put(attack, PANEL, "panel");
    put_delivery(attack, delivery_by(attack->keys->stranger, message));
    message = made_alert(&(struct made){.id = "p"});
    put_delivery(attack, delivery_by(attack->keys->panels, message));
    put(attack, "gaoshi/1/erqi/down/all/alert/u", "unsigned");
    inbox_put(attack->inbox, "gaoshi/1/erqi/down/all/alert/l", long_text,
              sizeof long_text, false);
    put_delivery(attack, alert(attack, "a", 1));
    expect(attack, INBOX_ALERTS, "a");
    expect(attack, INBOX_OTHERS, "q01");
    expect(attack, INBOX_OTHERS, "s");
    expect(attack, INBOX_OTHERS, "p");
    expect(attack, INBOX_OTHERS, "u");
    expect(attack, INBOX_OTHERS, "l");
}

static struct delivery revocation(const struct attack *attack, int64_t seq)
{
    struct key_grant grant = key_grant_of(KEY_ROLE_ALERTS);

    grant.revoked_ms = MADE_EPOCH_MS;
    json_t *const entries[] = {
        key_list_write_entry(attack->keys->stranger, "", &grant), NULL};
    return delivery_key_list(attack->keys->root, seq, 0, entries);
}

/* As long as a list of 32 keys with long names and scopes is. */
static struct delivery long_list(const struct attack *attack)
{
    struct delivery list = revocation(attack, 100);
    size_t more = 2 * LIMIT_ALERT_BYTES - list.bytes;
    char *body = malloc(2 * LIMIT_ALERT_BYTES + 1);

    memset(body, ' ', more);
    memcpy(body + more, list.payload + ENVELOPE_LINE_BYTES,
           list.bytes - ENVELOPE_LINE_BYTES);
    body[more + list.bytes - ENVELOPE_LINE_BYTES] = '\0';
    struct delivery padded = delivery_sign(attack->keys->root, list.topic,
                                           body);
    delivery_finish(&list);
    free(body);
    return padded;
}

static void a_long_list_of_keys_outlives_a_flood_of_panels(void **state)
{
    struct attack *attack = *state;

    pour_forged(attack, "panel", 2 * INBOX_OTHERS_ITEMS);
    put_delivery(attack, long_list(attack));
    pour_forged(attack, "panel", 2 * INBOX_OTHERS_ITEMS);
    expect(attack, INBOX_KEYS, "keys");
}

/* It widens what the key may say, perhaps. */
static void what_a_list_that_waits_may_allow_is_not_refused(void **state)
{
    struct attack *attack = *state;
    struct key_ring *ring = &attack->keys->ring;
    const struct trust trust = {ring, &delivery_screen};
    struct inbox_refusals refusals;

    for (size_t i = 0; i < ring->count; i++)
        if (ring->entries[i].key == attack->keys->alerts)
            strcpy(ring->entries[i]
                       .grant.scopes[ring->entries[i].grant.scope_count++],
                   "area-11");
    assert_true(inbox_trust(attack->inbox, &trust));
    put_delivery(attack, alert(attack, "a", 1));
    assert_null(take(attack));
    expect_refusal(attack, PROBLEM_AUTHORITY);
    put_delivery(attack, revocation(attack, 1000));
    put_delivery(attack, alert(attack, "b", 1));
    assert_false(inbox_take_refusals(attack->inbox, &refusals));
    expect(attack, INBOX_KEYS, "keys");
    expect(attack, INBOX_OTHERS, "b");
}

static void old_lists_of_keys_do_not_push_out_the_newest(void **state)
{
    enum { OLD = 3 * INBOX_KEYS_ITEMS };
    struct attack *attack = *state;
    struct inbox_item *item;
    bool there = false;

    put_delivery(attack, revocation(attack, 1000));
    for (int i = 1; i <= OLD; i++)
        put_delivery(attack, revocation(attack, i));
    while ((item = take(attack)) != NULL) {
        there |= item->verified.message->seq == 1000;
        inbox_item_destroy(item);
    }
    assert_true(there);
}

static void what_is_authentic_does_not_silence_the_rest(void **state)
{
    struct attack *attack = *state;

    put(attack, PANEL, "panel");
    for (int i = 0; i < 2 * INBOX_ALERTS_IN_A_ROW; i++) {
        char id[16];
        snprintf(id, sizeof id, "a%d", i);
        put_delivery(attack, alert(attack, id, 1));
        put_delivery(attack, revocation(attack, i + 1));
    }
    struct inbox_item *item;
    int before = 0, alerts = 0;
    while ((item = take(attack)) && item->class != INBOX_OTHERS) {
        before++;
        alerts += item->class == INBOX_ALERTS;
        inbox_item_destroy(item);
    }
    inbox_item_destroy(item);
    assert_int_equal(before, INBOX_ALERTS_IN_A_ROW);
    assert_int_equal(alerts, INBOX_ALERTS_IN_A_ROW / 2);
}

static void *change_keys(void *context)
{
    struct attack *attack = context;
    const struct trust trust = {&attack->keys->ring, &delivery_screen};

    for (int i = 0; i < 100; i++)
        assert_true(inbox_trust(attack->inbox, &trust));
    return NULL;
}

static void keys_may_change_while_the_door_judges(void **state)
{
    struct attack *attack = *state;
    pthread_t thread;

    assert_int_equal(pthread_create(&thread, NULL, change_keys, attack), 0);
    for (int i = 0; i < 100; i++) {
        put_delivery(attack, alert(attack, "a", 1 + i));
        expect(attack, INBOX_ALERTS, "a");
    }
    pthread_join(thread, NULL);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_waits_already_is_not_taken_twice),
        TEST(no_flood_of_forged_alerts_loses_a_genuine_one),
        TEST(what_is_forged_is_told_and_counted),
        TEST(what_is_moved_to_another_topic_takes_no_room),
        TEST(every_authentic_alert_has_room),
        TEST(what_was_parsed_counts_in_the_room_of_alerts),
        TEST(alerts_of_a_key_that_may_not_wait_among_the_others),
        TEST(a_long_list_of_keys_outlives_a_flood_of_panels),
        TEST(what_a_list_that_waits_may_allow_is_not_refused),
        TEST(old_lists_of_keys_do_not_push_out_the_newest),
        TEST(what_is_authentic_does_not_silence_the_rest),
        TEST(keys_may_change_while_the_door_judges),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
