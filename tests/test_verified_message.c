/* What is let in, and what is refused at the gate, with its reason. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "display/core/validation/verified_message.h"
#include "tests/support/delivery.h"

#define PANEL_TOPIC "gaoshi/1/erqi/down/all/panel/p1"
/* Well formed: a key that nobody has, 64 bytes of zeros. */
#define FORGED_LINE                                                            \
    "gaoshi1 0123456789abcdef "                                                \
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"                              \
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n"
#define ALERT_TOPIC "gaoshi/1/erqi/down/all/alert/a1"

static int make_keys(void **state)
{
    *state = delivery_keys_create();
    return 0;
}

static int drop_keys(void **state)
{
    delivery_keys_destroy(*state);
    return 0;
}

static enum problem_code open_at(struct delivery_keys *keys, const char *topic,
                                 const char *payload, size_t bytes)
{
    const struct trust trust = {&keys->ring, &delivery_screen};
    struct verified_message verified = {.message = NULL};
    struct problem problem = {0};

    if (!verified_message_init(&verified, &trust, topic, payload, bytes,
                               &problem)) {
        assert_null(verified.message);
        assert_true(problem.expected[0] != '\0');
        return problem.code;
    }
    assert_ptr_equal(verified.payload, payload);
    assert_string_equal(verified.topic_text, topic);
    assert_true(verified_message_memory_bytes(&verified) > bytes);
    verified_message_finish(&verified);
    assert_null(verified.message);
    return PROBLEM_NONE;
}

static enum problem_code open_delivery(struct delivery_keys *keys,
                                       struct delivery delivery,
                                       const char *topic)
{
    enum problem_code code = open_at(keys, topic ? topic : delivery.topic,
                                     delivery.payload, delivery.bytes);

    delivery_finish(&delivery);
    return code;
}

static struct delivery panel_for(struct delivery_keys *keys, const char *scope)
{
    return delivery_of(keys,
                       made_panel(&(struct made){.id = "p1", .scope = scope}));
}

static struct delivery alert_for(struct delivery_keys *keys, const char *scope)
{
    return delivery_of(keys,
                       made_alert(&(struct made){.id = "a1", .scope = scope}));
}

static void what_is_signed_and_meant_for_the_screen_comes_in(void **state)
{
    static const char *const scopes[] = {
        "all",         "area-41",        "area-4101",
        "area-410103", "area-410103001", "area-410103001002",
        "group-lobby", "screen-s1",
    };

    for (size_t i = 0; i < sizeof scopes / sizeof scopes[0]; i++) {
        assert_int_equal(
            open_delivery(*state, panel_for(*state, scopes[i]), NULL),
            PROBLEM_NONE);
        assert_int_equal(
            open_delivery(*state, alert_for(*state, scopes[i]), NULL),
            PROBLEM_NONE);
    }
}

static void an_empty_payload_is_refused(void **state)
{
    assert_int_equal(open_at(*state, PANEL_TOPIC, "", 0), PROBLEM_SYNTAX);
    assert_int_equal(open_at(*state, ALERT_TOPIC, "", 0), PROBLEM_SYNTAX);
}

static void what_is_not_signed_is_refused(void **state)
{
    static const char body[] = "{\"gaoshi\":1,\"kind\":\"panel-removal\"}";
    static const char forged[] = FORGED_LINE "{}";

    assert_int_equal(open_at(*state, PANEL_TOPIC, body, strlen(body)),
                     PROBLEM_SYNTAX);
    assert_int_equal(open_at(*state, PANEL_TOPIC, forged, strlen(forged)),
                     PROBLEM_SIGNATURE);
}

static void a_stranger_and_a_changed_byte_are_refused(void **state)
{
    struct delivery_keys *keys = *state;
    struct delivery delivery = panel_for(keys, "all");
    const char *body = strchr(delivery.payload, '\n') + 1;
    char text[4096];

    snprintf(text, sizeof text, "%.*s",
             (int)(delivery.bytes - (size_t)(body - delivery.payload)), body);
    assert_int_equal(
        open_delivery(keys, delivery_sign(keys->stranger, PANEL_TOPIC, text),
                      NULL),
        PROBLEM_SIGNATURE);
    delivery.payload[delivery.bytes - 2] ^= 1;
    assert_int_equal(open_delivery(keys, delivery, NULL), PROBLEM_SIGNATURE);
}

static void a_key_says_only_what_its_role_allows(void **state)
{
    static const struct {
        const char *topic, *kind, *content;
    } table[] = {
        {"gaoshi/1/erqi/down/all/panel/p1", "panel",
         "{'template':'title','section':'general','title':'t'}"},
        {"gaoshi/1/erqi/command/s1", "command", "{'verb':'reload'}"},
    };
    struct delivery_keys *keys = *state;

    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        bool command = i == 1;
        const struct key *right = command ? keys->commands : keys->panels;
        assert_int_equal(
            open_delivery(keys,
                          delivery_text(right, table[i].topic, table[i].kind, 1,
                                        0, table[i].content),
                          NULL),
            PROBLEM_NONE);
        assert_int_equal(
            open_delivery(keys,
                          delivery_text(keys->alerts, table[i].topic,
                                        table[i].kind, 1, 0, table[i].content),
                          NULL),
            PROBLEM_AUTHORITY);
    }
}

static void who_may_have_something_live_may_heartbeat(void **state)
{
    struct delivery_keys *keys = *state;
    const struct {
        const struct key *key;
        enum problem_code tick;
    } table[] = {{keys->panels, PROBLEM_NONE},
                 {keys->alerts, PROBLEM_NONE},
                 /* Settings may be listed, but nobody waits for them. */
                 {keys->commands, PROBLEM_AUTHORITY}};

    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        const struct key *key = table[i].key;
        assert_int_equal(
            open_delivery(keys,
                          delivery_text(key, "gaoshi/1/erqi/down/all/tick",
                                        "tick", 1, 0, "{'index_seq':1}"),
                          NULL),
            table[i].tick);
        assert_int_equal(
            open_delivery(keys, delivery_index(key, "all", 1, "{'entries':[]}"),
                          NULL),
            PROBLEM_NONE);
    }
}

static void an_index_is_signed_by_the_key_that_it_names(void **state)
{
    struct delivery_keys *keys = *state;
    char topic[LIMIT_TOPIC_BYTES];

    snprintf(topic, sizeof topic, "gaoshi/1/erqi/down/all/index/%s",
             key_id(keys->alerts));
    assert_int_equal(open_delivery(keys,
                                   delivery_text(keys->panels, topic, "index",
                                                 1, 0, "{'entries':[]}"),
                                   NULL),
                     PROBLEM_AUTHORITY);
}

static void a_message_moved_to_another_topic_is_refused(void **state)
{
    static const char *const moved[] = {
        "gaoshi/1/erqi/down/all/panel/p2",
        "gaoshi/1/erqi/down/screen-s1/panel/p1",
        "gaoshi/1/other/down/all/panel/p1",
        "gaoshi/1/erqi/down/all/alert/p1",
        "gaoshi/1/erqi/down/all/index/p1",
        "gaoshi/1/erqi/command/s1",
    };

    for (size_t i = 0; i < sizeof moved / sizeof moved[0]; i++)
        assert_int_equal(
            open_delivery(*state, panel_for(*state, "all"), moved[i]),
            PROBLEM_TOPIC);
}

static void what_is_for_others_is_refused(void **state)
{
    static const char *const scopes[] = {"area-410104", "area-410103002",
                                         "group-hall", "screen-s2"};
    struct delivery_keys *keys = *state;

    for (size_t i = 0; i < sizeof scopes / sizeof scopes[0]; i++)
        assert_int_equal(open_delivery(keys, alert_for(keys, scopes[i]), NULL),
                         PROBLEM_SCOPE);
    assert_int_equal(
        open_delivery(keys,
                      delivery_text(keys->commands, "gaoshi/1/erqi/command/s2",
                                    "command", 1, 0, "{'verb':'restart'}"),
                      NULL),
        PROBLEM_SCOPE);
    assert_int_equal(
        open_delivery(keys,
                      delivery_text(keys->panels,
                                    "gaoshi/1/other/down/all/tick", "tick", 1,
                                    0, "{'index_seq':1}"),
                      NULL),
        PROBLEM_SCOPE);
}

static void topics_that_screens_write_to_are_refused(void **state)
{
    static const char *const topics[] = {
        "gaoshi/1/erqi/screen/s1/presence", "gaoshi/1/erqi/screen/s1/state",
        "gaoshi/1/erqi/screen/s1/reply",    "gaoshi/1/erqi/screen/s1/receipt",
        "gaoshi/2/erqi/down/all/tick",      "",
        "gaoshi/1/erqi/down/all/panel/",    "something/else",
    };

    for (size_t i = 0; i < sizeof topics / sizeof topics[0]; i++)
        assert_int_equal(open_at(*state, topics[i], "x", 1), PROBLEM_TOPIC);
}

static void sizes_are_bounded_before_anything_is_read(void **state)
{
    static const struct {
        const char *topic;
        size_t limit;
    } table[] = {
        {ALERT_TOPIC, LIMIT_ALERT_BYTES},
        {PANEL_TOPIC, LIMIT_PANEL_BYTES},
    };
    char *payload = malloc(LIMIT_PANEL_BYTES + 1);

    assert_non_null(payload);
    memset(payload, 'x', LIMIT_PANEL_BYTES + 1);
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        assert_int_equal(
            open_at(*state, table[i].topic, payload, table[i].limit + 1),
            PROBLEM_TOO_LARGE);
        assert_int_not_equal(
            open_at(*state, table[i].topic, payload, table[i].limit),
            PROBLEM_TOO_LARGE);
    }
    free(payload);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_signed_and_meant_for_the_screen_comes_in),
        cmocka_unit_test(an_empty_payload_is_refused),
        cmocka_unit_test(what_is_not_signed_is_refused),
        cmocka_unit_test(a_stranger_and_a_changed_byte_are_refused),
        cmocka_unit_test(a_key_says_only_what_its_role_allows),
        cmocka_unit_test(who_may_have_something_live_may_heartbeat),
        cmocka_unit_test(an_index_is_signed_by_the_key_that_it_names),
        cmocka_unit_test(a_message_moved_to_another_topic_is_refused),
        cmocka_unit_test(what_is_for_others_is_refused),
        cmocka_unit_test(topics_that_screens_write_to_are_refused),
        cmocka_unit_test(sizes_are_bounded_before_anything_is_read),
    };

    return cmocka_run_group_tests(tests, make_keys, drop_keys);
}
