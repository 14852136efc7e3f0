/* Topics of version 1 are read and written; everything else is none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "protocol/topic.h"

#define DIGEST                                                                 \
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static const struct {
    const char *text;
    struct topic topic;
} topics[] = {
    {"gaoshi/1/erqi/down/area-410103/panel/q01-gdp",
     {TOPIC_PANEL, "erqi", "area-410103", "q01-gdp", "", ""}},
    {"gaoshi/1/erqi/down/all/alert/flood",
     {TOPIC_ALERT, "erqi", "all", "flood", "", ""}},
    {"gaoshi/1/erqi/down/group-halls/index/a1e9156054e04fac",
     {TOPIC_INDEX, "erqi", "group-halls", "a1e9156054e04fac", "", ""}},
    {"gaoshi/1/erqi/down/all/tick", {TOPIC_TICK, "erqi", "all", "", "", ""}},
    {"gaoshi/1/erqi/command/lobby",
     {TOPIC_COMMAND, "erqi", "", "", "lobby", ""}},
    {"gaoshi/1/erqi/screen/lobby/presence",
     {TOPIC_PRESENCE, "erqi", "", "", "lobby", ""}},
    {"gaoshi/1/erqi/screen/lobby/state",
     {TOPIC_STATE, "erqi", "", "", "lobby", ""}},
    {"gaoshi/1/erqi/screen/lobby/reply",
     {TOPIC_REPLY, "erqi", "", "", "lobby", ""}},
    {"gaoshi/1/erqi/screen/lobby/receipt",
     {TOPIC_RECEIPT, "erqi", "", "", "lobby", ""}},
    {"gaoshi/1/erqi/receipt/flood/lobby",
     {TOPIC_RECEIPT_BEFORE, "erqi", "", "flood", "lobby", ""}},
    {"gaoshi/1/erqi/picture/" DIGEST "/127",
     {TOPIC_PICTURE, "erqi", "", DIGEST, "", "127"}},
    {"gaoshi/1/erqi/picture/" DIGEST "/0",
     {TOPIC_PICTURE, "erqi", "", DIGEST, "", "0"}},
    /* Identifiers that look like the words of patterns. */
    {"gaoshi/1/down/down/screen-s/panel/index",
     {TOPIC_PANEL, "down", "screen-s", "index", "", ""}},
};

static void every_kind_is_read_and_written_back(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof topics / sizeof *topics; i++) {
        struct topic topic;
        char text[LIMIT_TOPIC_BYTES];
        memset(&topic, 0xAA, sizeof topic);
        assert_true(topic_parse(topics[i].text, &topic));
        assert_int_equal(topic.kind, topics[i].topic.kind);
        assert_string_equal(topic.org, topics[i].topic.org);
        assert_string_equal(topic.scope, topics[i].topic.scope);
        assert_string_equal(topic.id, topics[i].topic.id);
        assert_string_equal(topic.screen, topics[i].topic.screen);
        assert_string_equal(topic.chunk, topics[i].topic.chunk);
        assert_true(topic_format(&topic, text));
        assert_string_equal(text, topics[i].text);
    }
}

static void anything_else_is_no_topic(void **state)
{
    static const char *const texts[] = {
        ("gaoshi/1/erqi/picture/" DIGEST "/128"),
        ("gaoshi/1/erqi/picture/" DIGEST "/01"),
        ("gaoshi/1/erqi/picture/" DIGEST "/+"),
        ("gaoshi/1/erqi/picture/" DIGEST "a/0"),
        "gaoshi/1/erqi/picture/0123/0",
        ("gaoshi/1/erqi/picture/" DIGEST),
        "",
        "/",
        "gaoshi",
        "gaoshi/1",
        "gaoshi/1/",
        "gaoshi/1/erqi",
        "gaoshi/2/erqi/down/all/tick",
        "Gaoshi/1/erqi/down/all/tick",
        "/gaoshi/1/erqi/down/all/tick",
        "gaoshi/1/erqi/down/all/tick/",
        "gaoshi/1//down/all/tick",
        "gaoshi/1/erqi/down/area-41/tick",
        "gaoshi/1/erqi/down/all",
        "gaoshi/1/erqi/down/all/panel",
        "gaoshi/1/erqi/down/all/panel/",
        "gaoshi/1/erqi/down/all/panel/a/b",
        "gaoshi/1/erqi/down/all/poster/a",
        "gaoshi/1/erqi/down/area-410/panel/a",
        "gaoshi/1/erqi/down/+/panel/a",
        "gaoshi/1/erqi/down/all/panel/#",
        "gaoshi/1/erqi/down/all/panel/A",
        "gaoshi/1/ERQI/down/all/panel/a",
        "gaoshi/1/erqi/command/",
        "gaoshi/1/erqi/command/a/b",
        "gaoshi/1/erqi/screen/a/reply/b",
        "gaoshi/1/erqi/receipt/a",
        "gaoshi/1/O/down/S/panel/I",
    };

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct topic topic = {.kind = TOPIC_REPLY, .org = "kept"};
        assert_false(topic_parse(texts[i], &topic));
        assert_int_equal(topic.kind, TOPIC_REPLY);
        assert_string_equal(topic.org, "kept");
    }
}

static void invalid_parts_are_not_written(void **state)
{
    static const struct topic bad[] = {
        {TOPIC_PANEL, "", "all", "a", "", ""},
        {TOPIC_PANEL, "erqi", "", "a", "", ""},
        {TOPIC_PANEL, "erqi", "all", "", "", ""},
        {TOPIC_PANEL, "erqi", "all", "a/b", "", ""},
        {TOPIC_TICK, "erqi", "area-41", "", "", ""},
        {TOPIC_COMMAND, "erqi", "", "", "", ""},
        {TOPIC_RECEIPT, "erqi", "", "", "", ""},
        {TOPIC_RECEIPT_BEFORE, "erqi", "", "a", "", ""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char text[LIMIT_TOPIC_BYTES] = "kept";
        assert_false(topic_format(&bad[i], text));
        assert_string_equal(text, "kept");
    }
}

static void parts_are_read_up_to_their_limit(void **state)
{
    char id[LIMIT_IDENTIFIER_BYTES + 2];
    char text[LIMIT_TOPIC_BYTES];
    struct topic topic;

    (void)state;
    memset(id, 'x', sizeof id);
    id[LIMIT_IDENTIFIER_BYTES] = '\0';
    snprintf(text, sizeof text, "gaoshi/1/%s/down/screen-%s/panel/%s", id, id,
             id);
    assert_true(topic_parse(text, &topic));
    assert_string_equal(topic.id, id);
    assert_true(topic_format(&topic, text));
    id[LIMIT_IDENTIFIER_BYTES] = 'x';
    id[LIMIT_IDENTIFIER_BYTES + 1] = '\0';
    snprintf(text, sizeof text, "gaoshi/1/erqi/down/all/panel/%s", id);
    assert_false(topic_parse(text, &topic));
    snprintf(text, sizeof text, "gaoshi/1/erqi/down/screen-%s/panel/a", id);
    assert_false(topic_parse(text, &topic));
    snprintf(text, sizeof text, "gaoshi/1/erqi/receipt/a/%s", id);
    assert_false(topic_parse(text, &topic));
}

static void a_screen_subscribes_to_its_scopes_and_commands(void **state)
{
    static const char *const expected[] = {
        "gaoshi/1/erqi/down/all/keys",
        "gaoshi/1/erqi/down/all/#",
        "gaoshi/1/erqi/down/area-41/#",
        "gaoshi/1/erqi/down/area-4101/#",
        "gaoshi/1/erqi/down/area-410103/#",
        "gaoshi/1/erqi/down/area-410103001/#",
        "gaoshi/1/erqi/down/area-410103001002/#",
        "gaoshi/1/erqi/down/group-halls/#",
        "gaoshi/1/erqi/down/screen-lobby/#",
        "gaoshi/1/erqi/command/lobby",
    };
    struct screen_identity bench = {.org = "erqi",
                                    .screen = "lobby",
                                    .area = "410103001002",
                                    .groups = {"halls"},
                                    .group_count = 1};
    char filters[TOPIC_FILTER_MAX][LIMIT_TOPIC_BYTES];
    size_t count = topic_filters(&bench, filters);

    (void)state;
    assert_int_equal(count, sizeof expected / sizeof *expected);
    for (size_t i = 0; i < count; i++)
        assert_string_equal(filters[i], expected[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_is_read_and_written_back),
        cmocka_unit_test(anything_else_is_no_topic),
        cmocka_unit_test(invalid_parts_are_not_written),
        cmocka_unit_test(parts_are_read_up_to_their_limit),
        cmocka_unit_test(a_screen_subscribes_to_its_scopes_and_commands),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
