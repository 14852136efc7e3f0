/* The hand-over between the network thread and the loop: bounds, order, and two
 * threads at once. What is verified before it is queued: test_inbox_attack.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <poll.h>
#include <pthread.h>

#include "display/edge/net/inbox.h"

#define PANEL "gaoshi/1/erqi/down/all/panel/q01"
#define ALERT "gaoshi/1/erqi/down/all/alert/flood"

static void put(struct inbox *inbox, const char *topic, const char *text)
{
    inbox_put(inbox, topic, text, strlen(text), false);
}

static void put_numbered(struct inbox *inbox, const char *kind, int number,
                         const void *payload, size_t bytes)
{
    char topic[LIMIT_TOPIC_BYTES];

    snprintf(topic, sizeof topic, "gaoshi/1/erqi/down/all/%s/x%d", kind,
             number);
    inbox_put(inbox, topic, payload, bytes, false);
}

/* No key is known here: everything waits among the others and is refused. */
static struct inbox_item *take(struct inbox *inbox)
{
    static const struct key_ring no_keys;
    static const struct screen_identity screen;
    const struct trust trust = {&no_keys, &screen};
    struct problem problem = {0};
    struct inbox_item *item = inbox_take(inbox, &trust, &problem);

    assert_true(!item || (!item->verified.message && problem.code));
    return item;
}

/* Takes the next item and compares its payload. */
static void expect(struct inbox *inbox, const char *text)
{
    struct inbox_item *item = take(inbox);

    assert_non_null(item);
    assert_int_equal(item->bytes, strlen(text));
    assert_memory_equal(item->payload, text, item->bytes);
    inbox_item_destroy(item);
}

static bool is_readable(struct inbox *inbox)
{
    struct pollfd fd = {.fd = inbox_fd(inbox), .events = POLLIN};

    return poll(&fd, 1, 0) == 1;
}

static int count_left(struct inbox *inbox)
{
    struct inbox_item *item;
    int count = 0;

    while ((item = take(inbox)) != NULL) {
        count++;
        inbox_item_destroy(item);
    }
    return count;
}

static void what_comes_in_wakes_the_loop(void **state)
{
    struct inbox *inbox = inbox_create();

    (void)state;
    assert_false(is_readable(inbox));
    put(inbox, PANEL, "one");
    assert_true(is_readable(inbox));
    inbox_quieten(inbox);
    assert_false(is_readable(inbox));
    inbox_set_line(inbox, true, NULL);
    assert_true(is_readable(inbox));
    inbox_destroy(inbox);
}

static void it_is_taken_in_order_of_arrival(void **state)
{
    struct inbox *inbox = inbox_create();

    (void)state;
    put_numbered(inbox, "panel", 1, "p1", 2);
    put_numbered(inbox, "panel", 2, "p2", 2);
    put_numbered(inbox, "panel", 1, "p3", 2);
    expect(inbox, "p1");
    expect(inbox, "p2");
    expect(inbox, "p3");
    assert_null(take(inbox));
    inbox_destroy(inbox);
}

static void what_the_broker_had_kept_is_marked(void **state)
{
    struct inbox *inbox = inbox_create();

    (void)state;
    for (int i = 0; i < 2; i++) {
        inbox_put(inbox, PANEL, "x", 1, i == 1);
        struct inbox_item *item = take(inbox);
        assert_int_equal(item->retained, i == 1);
        inbox_item_destroy(item);
    }
    inbox_destroy(inbox);
}

static void a_newer_payload_replaces_the_newest_waiting_in_place(void **state)
{
    struct inbox *inbox = inbox_create();

    (void)state;
    static const char *const old[INBOX_OTHERS_PER_TOPIC] = {"1", "2", "3", "4"};
    for (int i = 0; i < INBOX_OTHERS_PER_TOPIC; i++)
        put(inbox, PANEL, old[i]);
    put_numbered(inbox, "panel", 2, "other", 5);
    put(inbox, PANEL, "new");
    for (int i = 0; i < INBOX_OTHERS_PER_TOPIC - 1; i++)
        expect(inbox, old[i]);
    expect(inbox, "new");
    expect(inbox, "other");
    assert_int_equal(count_left(inbox), 0);
    assert_int_equal(inbox_losses(inbox).ordinary, 0);
    inbox_destroy(inbox);
}

static void a_forged_message_does_not_push_out_the_one_before_it(void **state)
{
    struct inbox *inbox = inbox_create();

    (void)state;
    put(inbox, ALERT, "genuine");
    put(inbox, ALERT, "");
    for (int i = 0; i < 1000; i++)
        put(inbox, ALERT, "forged");
    expect(inbox, "genuine");
    inbox_destroy(inbox);
}

static void items_and_bytes_are_bounded(void **state)
{
    static char payload[INBOX_PAYLOAD_BYTES];
    struct inbox *inbox = inbox_create();
    int left;

    (void)state;
    for (int i = 0; i < INBOX_OTHERS_ITEMS + 10; i++)
        put_numbered(inbox, "panel", i, "p", 1);
    assert_int_equal(inbox_losses(inbox).ordinary, 10);
    assert_int_equal(count_left(inbox), INBOX_OTHERS_ITEMS);
    for (int i = 0; i < INBOX_OTHERS_ITEMS; i++)
        put_numbered(inbox, "panel", i, payload, sizeof payload);
    left = count_left(inbox);
    assert_in_range(left, INBOX_OTHERS_BYTES / (INBOX_PAYLOAD_BYTES + 512),
                    INBOX_OTHERS_BYTES / INBOX_PAYLOAD_BYTES);
    assert_int_equal(inbox_losses(inbox).ordinary,
                     10 + INBOX_OTHERS_ITEMS - left);
    inbox_destroy(inbox);
}

static void of_a_too_long_payload_one_byte_over_the_limit_is_kept(void **state)
{
    static char payload[3 * LIMIT_MESSAGE_BYTES];
    struct inbox *inbox = inbox_create();

    (void)state;
    inbox_put(inbox, PANEL, payload, sizeof payload, false);
    struct inbox_item *item = take(inbox);
    assert_int_equal(item->bytes, LIMIT_MESSAGE_BYTES + 1);
    inbox_item_destroy(item);
    inbox_destroy(inbox);
}

static void a_topic_over_its_limit_is_refused_and_not_lost(void **state)
{
    char topic[LIMIT_TOPIC_BYTES + 2];
    struct inbox *inbox = inbox_create();
    struct inbox_refusals refusals;

    (void)state;
    memset(topic, 'x', sizeof topic);
    topic[LIMIT_TOPIC_BYTES] = '\0';
    put(inbox, topic, "x");
    assert_null(take(inbox));
    assert_int_equal(inbox_losses(inbox).ordinary, 0);
    assert_true(inbox_take_refusals(inbox, &refusals));
    assert_int_equal(refusals.count, 1);
    assert_int_equal(refusals.items[0].problem.code, PROBLEM_TOPIC);
    assert_int_equal(strlen(refusals.items[0].topic), LIMIT_TOPIC_BYTES - 1);
    assert_false(inbox_take_refusals(inbox, &refusals));
    topic[LIMIT_TOPIC_BYTES - 1] = '\0';
    put(inbox, topic, "x");
    expect(inbox, "x");
    inbox_destroy(inbox);
}

static struct inbox_item *take_chunk(struct inbox *inbox)
{
    static const struct key_ring no_keys;
    static const struct screen_identity screen;
    const struct trust trust = {&no_keys, &screen};
    struct problem problem = {0};

    return inbox_take(inbox, &trust, &problem);
}

/* A broker, or whoever writes to it, cannot make a screen take in pictures that
 * no panel names. */
static void only_chunks_of_the_wanted_picture_are_taken_in(void **state)
{
    static const char digest[] = "0123456789abcdef0123456789abcdef"
                                 "0123456789abcdef0123456789abcdef";
    static const char wanted[] = "gaoshi/1/erqi/picture/"
                                 "0123456789abcdef0123456789abcdef"
                                 "0123456789abcdef0123456789abcdef/0";
    static const char other[] = "gaoshi/1/erqi/picture/"
                                "1123456789abcdef0123456789abcdef"
                                "0123456789abcdef0123456789abcdef/0";
    static char long_payload[LIMIT_CHUNK_BYTES + 1];
    struct inbox *inbox = inbox_create();

    (void)state;
    put(inbox, wanted, "before it was asked for");
    assert_null(take_chunk(inbox));
    inbox_want_picture(inbox, digest);
    put(inbox, other, "of another");
    put(inbox, wanted, "");
    inbox_put(inbox, wanted, long_payload, sizeof long_payload, true);
    assert_null(take_chunk(inbox));
    put(inbox, wanted, "chunk");
    put(inbox, PANEL, "panel");
    /* Messages go first. */
    expect(inbox, "panel");
    struct inbox_item *item = take_chunk(inbox);
    assert_non_null(item);
    assert_int_equal(item->class, INBOX_CHUNKS);
    assert_memory_equal(item->payload, "chunk", item->bytes);
    inbox_item_destroy(item);
    put(inbox, wanted, "late");
    inbox_want_picture(inbox, NULL);
    assert_null(take_chunk(inbox));
    assert_int_equal(inbox_losses(inbox).ordinary, 0);
    inbox_destroy(inbox);
}

static void the_line_is_told_with_its_reason(void **state)
{
    struct inbox *inbox = inbox_create();

    (void)state;
    inbox_set_line(inbox, true, NULL);
    inbox_set_line(inbox, false, "refused: not authorised");
    struct inbox_line line = inbox_line(inbox);
    assert_false(line.up);
    assert_int_equal(line.ups, 1);
    assert_int_equal(line.downs, 1);
    assert_string_equal(line.reason, "refused: not authorised");
    inbox_destroy(inbox);
}

enum { THREAD_MESSAGES = 20000 };

static void *pour(void *context)
{
    for (int i = 0; i < THREAD_MESSAGES; i++) {
        put_numbered(context, i % 10 ? "panel" : "alert", i % 50, &i, sizeof i);
        if (i % 100 == 0)
            inbox_set_line(context, i % 200 == 0, "back and forth");
    }
    put(context, PANEL, "last");
    return NULL;
}

static void two_threads_use_it_at_once(void **state)
{
    struct inbox *inbox = inbox_create();
    pthread_t thread;
    bool last = false;

    (void)state;
    assert_int_equal(pthread_create(&thread, NULL, pour, inbox), 0);
    while (!last) {
        struct pollfd fd = {.fd = inbox_fd(inbox), .events = POLLIN};
        struct inbox_item *item;
        poll(&fd, 1, -1);
        inbox_quieten(inbox);
        while ((item = take(inbox)) != NULL) {
            last = last || strcmp(item->topic, PANEL) == 0;
            inbox_item_destroy(item);
        }
        inbox_line(inbox);
    }
    pthread_join(thread, NULL);
    inbox_destroy(inbox);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_comes_in_wakes_the_loop),
        cmocka_unit_test(it_is_taken_in_order_of_arrival),
        cmocka_unit_test(what_the_broker_had_kept_is_marked),
        cmocka_unit_test(a_newer_payload_replaces_the_newest_waiting_in_place),
        cmocka_unit_test(a_forged_message_does_not_push_out_the_one_before_it),
        cmocka_unit_test(items_and_bytes_are_bounded),
        cmocka_unit_test(of_a_too_long_payload_one_byte_over_the_limit_is_kept),
        cmocka_unit_test(a_topic_over_its_limit_is_refused_and_not_lost),
        cmocka_unit_test(only_chunks_of_the_wanted_picture_are_taken_in),
        cmocka_unit_test(the_line_is_told_with_its_reason),
        cmocka_unit_test(two_threads_use_it_at_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
