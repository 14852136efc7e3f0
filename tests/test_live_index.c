/* The index that the publisher composes from its outbox: what it lists, for
 * how long, and when it is signed anew. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "base/timestamp.h"
#include "protocol/envelope.h"
#include "publisher/outbox/outbox.h"
#include "publisher/outbox/sent_alerts.h"
#include "publisher/send/heartbeat.h"
#include "tests/support/folder.h"

#define NOW_MS INT64_C(1795000000000)
#define DAY_MS (INT64_C(24) * 3600 * 1000)

struct office {
    char *folder, *file;
    struct outbox *outbox;
    struct key *key, *other;
    int64_t now_ms;
};

static int open_office(void **state)
{
    struct office *office = calloc(1, sizeof *office);

    *state = office;
    office->folder = folder_make();
    office->file = folder_path(office->folder, "outbox.db");
    office->now_ms = NOW_MS;
    return key_generate(KEY_ED25519, &office->key, NULL) &&
                   key_generate(KEY_ED25519, &office->other, NULL) &&
                   outbox_open(office->file, &office->outbox, NULL)
               ? 0
               : -1;
}

static int close_office(void **state)
{
    struct office *office = *state;

    outbox_close(office->outbox);
    key_destroy(office->key);
    key_destroy(office->other);
    folder_remove(office->folder);
    free(office->folder);
    free(office->file);
    free(office);
    return 0;
}

/* What the outbox looks at of a message: topic, kind, id, time of issue. */
static int64_t put_by(struct office *office, const struct key *key,
                      const char *kind, const char *rest, int64_t expires_ms)
{
    char topic[LIMIT_TOPIC_BYTES], body[400], issued[TIMESTAMP_BYTES];
    struct outbox_message message = {
        .org = "erqi", .topic = topic, .expires_ms = expires_ms};
    char *payload = NULL;

    timestamp_format(office->now_ms, 480, issued);
    snprintf(topic, sizeof topic, "gaoshi/1/erqi/down/%s", rest);
    snprintf(body, sizeof body,
             "{\"kind\": \"%s\", \"id\": \"%s\", \"issued\": \"%s\","
             " \"cancel\": {\"references\": [\"first\"]}}",
             kind, strrchr(rest, '/') + 1, issued);
    assert_true(
        envelope_seal(key, body, strlen(body), &payload, &message.bytes, NULL));
    message.payload = payload;
    assert_true(outbox_begin(office->outbox, NULL));
    assert_true(outbox_next_sequence(office->outbox, office->now_ms,
                                     &message.seq, NULL));
    assert_true(outbox_add(office->outbox, &message, NULL));
    assert_true(outbox_commit(office->outbox, NULL));
    free(payload);
    return message.seq;
}

static int64_t put(struct office *office, const char *kind, const char *rest)
{
    return put_by(office, office->key, kind, rest, TIMESTAMP_NONE);
}

/* An alert for all, noted as the commands that send one do. */
static void put_alert(struct office *office, const char *id, int64_t expires_ms)
{
    struct message message = {.kind = MESSAGE_ALERT,
                              .org = "erqi",
                              .id = id,
                              .scope = "all",
                              .issued_ms = office->now_ms,
                              .expires_ms = expires_ms};
    char rest[80];

    snprintf(rest, sizeof rest, "all/alert/%s", id);
    message.seq = put_by(office, office->key, "alert", rest, expires_ms);
    assert_true(
        sent_alerts_keep(outbox_file(office->outbox), &message, "{}", NULL));
}

static void queue(struct office *office)
{
    const struct live_index_frame frame = {.org = "erqi",
                                           .key = office->key,
                                           .now_ms = office->now_ms,
                                           .utc_offset_minutes = 480,
                                           .sent = {.all = true}};
    struct problem problem = {0};

    assert_true(outbox_begin(office->outbox, NULL));
    if (!live_index_queue(office->outbox, &frame, &problem))
        fail_msg("%s", problem.expected);
    assert_true(outbox_commit(office->outbox, NULL));
}

/* The index of a scope that stands in the outbox; NULL: none. */
static struct message *index_of(struct office *office, const char *scope)
{
    const struct live_index_frame frame = {.org = "erqi", .key = office->key};
    char topic[LIMIT_TOPIC_BYTES];
    struct outbox_row row;
    struct key_ring ring = {.count = 0};
    struct envelope envelope;
    struct message *message = NULL;
    struct key *key = NULL;

    assert_true(live_index_topic(&frame, scope, topic));
    assert_true(outbox_find(office->outbox, topic, &row, NULL));
    if (!row.payload)
        return NULL;
    assert_true(key_share(office->key, &key));
    assert_true(key_ring_add(&ring, key, KEY_ROLE_PANELS));
    assert_true(envelope_open(&ring, row.payload, row.bytes, &envelope, NULL));
    assert_true(message_parse(envelope.body, envelope.body_bytes, MESSAGE_WIRE,
                              topic, &message, NULL));
    assert_int_equal(message->seq, row.seq);
    key_ring_finish(&ring);
    free(row.payload);
    return message;
}

/* slot=seq, parted by spaces, then scopes. */
static void expect(struct office *office, const char *scope,
                   const char *expected)
{
    struct message *message = index_of(office, scope);
    char text[1024] = "none";
    size_t at = 0;

    if (message)
        text[0] = '\0';
    for (size_t i = 0; message && i < message->index->count; i++)
        at += (size_t)snprintf(text + at, sizeof text - at, "%s%s=%lld",
                               at ? " " : "", message->index->entries[i].slot,
                               (long long)message->index->entries[i].seq -
                                   NOW_MS);
    for (size_t i = 0; message && i < message->index->scope_count; i++)
        at +=
            (size_t)snprintf(text + at, sizeof text - at, "%s%s=%lld",
                             at ? " " : "", message->index->scopes[i].scope,
                             (long long)message->index->scopes[i].seq - NOW_MS);
    assert_string_equal(text, expected);
    message_destroy(message);
}

static void alerts_come_first_then_the_newest(void **state)
{
    struct office *office = *state;

    put(office, "panel", "all/panel/p1");
    put(office, "alert", "all/alert/a1");
    put(office, "panel", "all/panel/p2");
    put(office, "alert", "all/alert/a2");
    queue(office);
    expect(office, "all", "alert/a2=3 alert/a1=1 panel/p2=2 panel/p1=0");
    put(office, "panel", "all/panel/p1");
    queue(office);
    expect(office, "all", "alert/a2=3 alert/a1=1 panel/p1=5 panel/p2=2");
}

static void every_scope_has_an_index_that_the_one_of_all_lists(void **state)
{
    struct office *office = *state;

    put(office, "panel", "area-410103/panel/p1");
    put(office, "alert", "screen-lobby-1/alert/a1");
    queue(office);
    expect(office, "screen-lobby-1", "alert/a1=1");
    expect(office, "area-410103", "panel/p1=0");
    expect(office, "all", "screen-lobby-1=2 area-410103=3");
    put(office, "panel", "area-410103/panel/p2");
    queue(office);
    expect(office, "all", "screen-lobby-1=2 area-410103=6");
}

static void an_index_that_says_the_same_is_not_signed_anew(void **state)
{
    struct office *office = *state;

    queue(office);
    expect(office, "all", "none");
    put(office, "panel", "area-410103/panel/p1");
    queue(office);
    office->now_ms += DAY_MS;
    queue(office);
    struct message *message = index_of(office, "all");
    assert_int_equal(message->issued_ms, NOW_MS);
    message_destroy(message);
}

/* A withheld cancel is the worst that a broker can do: it stays listed as
 * long as any screen could show the alert. */
static void what_took_something_off_stays_listed_while_it_matters(void **state)
{
    struct office *office = *state;

    put_alert(office, "a1", TIMESTAMP_NONE);
    put(office, "panel", "all/panel/p1");
    put(office, "alert-cancel", "all/alert/a1");
    put(office, "panel-removal", "all/panel/p1");
    put(office, "panel", "all/panel/p2");
    queue(office);
    expect(office, "all", "alert/a1=2 panel/p2=4 panel/p1=3");
    office->now_ms += 4 * DAY_MS - 1;
    queue(office);
    expect(office, "all", "alert/a1=2 panel/p2=4 panel/p1=3");
    office->now_ms += 1;
    queue(office);
    expect(office, "all", "panel/p2=4 panel/p1=3");
    office->now_ms += 26 * DAY_MS;
    queue(office);
    expect(office, "all", "panel/p2=4");
}

static void an_alert_is_listed_until_it_expires(void **state)
{
    struct office *office = *state;

    put_alert(office, "a1", NOW_MS + 20 * DAY_MS);
    put_alert(office, "a2", TIMESTAMP_NONE);
    office->now_ms += 4 * DAY_MS;
    queue(office);
    expect(office, "all", "alert/a1=0");
    office->now_ms += 16 * DAY_MS - 1;
    queue(office);
    expect(office, "all", "alert/a1=0");
    office->now_ms += 1;
    queue(office);
    expect(office, "all", "");
}

/* Its own slot, and what it names beside. */
static void a_cancel_is_listed_as_long_as_what_it_takes_off_would(void **state)
{
    const struct {
        const char *id, *listed;
        int64_t expires_ms;
    } cases[] = {{"a1", "alert/a1=1", NOW_MS + 20 * DAY_MS},
                 {"first", "alert/a1=1 alert/first=0", NOW_MS + 50 * DAY_MS}};
    struct office *office = *state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        office->now_ms = NOW_MS;
        put_alert(office, cases[i].id, cases[i].expires_ms);
        put(office, "alert-cancel", "all/alert/a1");
        office->now_ms = cases[i].expires_ms - 1;
        queue(office);
        expect(office, "all", cases[i].listed);
        office->now_ms = cases[i].expires_ms;
        queue(office);
        expect(office, "all", "");
    }
}

static void
a_cancel_of_what_was_not_sent_from_here_is_listed_for_long(void **state)
{
    struct office *office = *state;

    put(office, "alert-cancel", "all/alert/a1");
    office->now_ms += 30 * DAY_MS - 1;
    queue(office);
    expect(office, "all", "alert/a1=0");
    office->now_ms += 1;
    queue(office);
    expect(office, "all", "");
}

static void what_expired_or_was_refused_drops_out(void **state)
{
    struct office *office = *state;

    put_by(office, office->key, "panel", "area-410103/panel/p1",
           NOW_MS + DAY_MS);
    int64_t refused = put(office, "panel", "all/panel/p2");
    queue(office);
    expect(office, "all", "panel/p2=1 area-410103=2");
    office->now_ms += DAY_MS;
    assert_true(outbox_mark(office->outbox, refused, OUTBOX_REFUSED, NULL));
    queue(office);
    /* It stays there, and says that it is empty. */
    expect(office, "area-410103", "");
    expect(office, "all", "");
}

static void what_another_key_signed_is_its_own_to_list(void **state)
{
    struct office *office = *state;

    put_by(office, office->other, "panel", "all/panel/p1", TIMESTAMP_NONE);
    queue(office);
    expect(office, "all", "none");
    put(office, "panel", "all/panel/p2");
    queue(office);
    expect(office, "all", "panel/p2=1");
}

static void an_index_lists_the_newest_up_to_its_limit(void **state)
{
    enum { COUNT = LIMIT_INDEX_ENTRIES + 2 };
    struct office *office = *state;
    char rest[80];

    for (int i = 0; i < COUNT; i++) {
        snprintf(rest, sizeof rest, "all/panel/p%d", i);
        put(office, "panel", rest);
    }
    queue(office);
    struct message *message = index_of(office, "all");
    assert_int_equal(message->index->count, LIMIT_INDEX_ENTRIES);
    assert_string_equal(message->index->entries[0].slot, "panel/p401");
    assert_string_equal(message->index->entries[COUNT - 3].slot, "panel/p2");
    message_destroy(message);
}

static void settings_have_a_list_of_their_own(void **state)
{
    struct office *office = *state;

    put(office, "settings", "area-410103/settings/glass");
    queue(office);
    struct message *message = index_of(office, "area-410103");
    assert_int_equal(message->index->count, 0);
    assert_int_equal(message->index->settings_count, 1);
    assert_string_equal(message->index->settings[0].slot, "settings/glass");
    assert_int_equal(message->index->settings[0].seq, NOW_MS);
    message_destroy(message);
    expect(office, "all", "area-410103=1");
    put_by(office, office->key, "settings", "area-410103/settings/glass",
           office->now_ms + 1);
    office->now_ms += 2;
    queue(office);
    message = index_of(office, "area-410103");
    assert_int_equal(message->index->settings_count, 0);
    message_destroy(message);
}

/* All lists full, every name as long as may be: it still is a message. */
static void the_fullest_index_fits_into_a_message(void **state)
{
    struct office *office = *state;
    char rest[200];

    for (int i = 0; i < LIMIT_INDEX_ENTRIES; i++) {
        snprintf(rest, sizeof rest, "all/panel/%060d%04d", 0, i);
        put(office, "panel", rest);
    }
    for (int i = 0; i < LIMIT_INDEX_SCOPES + 1; i++) {
        snprintf(rest, sizeof rest, "screen-%060d%04d/panel/p", 0, i);
        put(office, "panel", rest);
    }
    for (int i = 0; i < LIMIT_INDEX_SETTINGS + 1; i++) {
        snprintf(rest, sizeof rest, "all/settings/%060d%04d", 0, i);
        put(office, "settings", rest);
    }
    queue(office);
    struct message *message = index_of(office, "all");
    assert_int_equal(message->index->count, LIMIT_INDEX_ENTRIES);
    assert_int_equal(message->index->settings_count, LIMIT_INDEX_SETTINGS);
    assert_int_equal(message->index->scope_count, LIMIT_INDEX_SCOPES);
    message_destroy(message);
}

/* A screen takes a tick for a word about the time. */
static void a_machine_whose_clock_is_not_set_ticks_not(void **state)
{
    struct office *office = *state;
    struct live_index_frame frame = {
        .org = "erqi", .key = office->key, .now_ms = LIMIT_RELEASE_MS - 1};
    struct heartbeat_tick tick = {.payload = NULL};
    struct heartbeat_known known = {0};

    assert_false(
        heartbeat_make_tick(office->outbox, &frame, 30, &known, &tick, NULL));
    frame.now_ms++;
    assert_true(
        heartbeat_make_tick(office->outbox, &frame, 30, &known, &tick, NULL));
    free(tick.payload);
}

#define IN_OFFICE(name)                                                        \
    cmocka_unit_test_setup_teardown(name, open_office, close_office)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_OFFICE(alerts_come_first_then_the_newest),
        IN_OFFICE(every_scope_has_an_index_that_the_one_of_all_lists),
        IN_OFFICE(an_index_that_says_the_same_is_not_signed_anew),
        IN_OFFICE(what_took_something_off_stays_listed_while_it_matters),
        IN_OFFICE(an_alert_is_listed_until_it_expires),
        IN_OFFICE(a_cancel_is_listed_as_long_as_what_it_takes_off_would),
        IN_OFFICE(a_cancel_of_what_was_not_sent_from_here_is_listed_for_long),
        IN_OFFICE(what_expired_or_was_refused_drops_out),
        IN_OFFICE(what_another_key_signed_is_its_own_to_list),
        IN_OFFICE(an_index_lists_the_newest_up_to_its_limit),
        IN_OFFICE(settings_have_a_list_of_their_own),
        IN_OFFICE(the_fullest_index_fits_into_a_message),
        IN_OFFICE(a_machine_whose_clock_is_not_set_ticks_not),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
