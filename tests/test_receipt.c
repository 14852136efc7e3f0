/* What a screen says of itself survives the way to the publisher. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "base/timestamp.h"
#include "protocol/receipt.h"

static struct receipt refused(void)
{
    return (struct receipt){
        .event = RECEIPT_REFUSED,
        .message = "q01-gdp",
        .screen = "lobby",
        .seq = LIMIT_SEQUENCE,
        .at_ms = 1626777000123,
        .reason = "field",
        .text = "panel.title: 41 characters, 40 at most; «旧的»留着",
    };
}

static void a_receipt_is_read_as_it_was_written(void **state)
{
    (void)state;
    for (int event = 0; event < RECEIPT_COUNT; event++) {
        struct receipt sent = refused();
        struct receipt got;
        sent.event = (enum receipt_event)event;
        char *text = receipt_format(&sent);
        assert_non_null(text);
        assert_true(receipt_parse(text, strlen(text), &got));
        free(text);
        assert_int_equal(got.event, event);
        assert_string_equal(got.message, sent.message);
        assert_string_equal(got.screen, sent.screen);
        assert_int_equal(got.seq, sent.seq);
        assert_int_equal(got.at_ms, sent.at_ms);
        assert_string_equal(got.reason, sent.reason);
        assert_string_equal(got.text, sent.text);
    }
}

static void what_was_refused_unread_is_named_by_its_digest(void **state)
{
    struct receipt sent = refused();
    struct receipt got;

    (void)state;
    char *text = receipt_format(&sent);
    assert_null(strstr(text, "digest"));
    assert_true(receipt_parse(text, strlen(text), &got));
    assert_string_equal(got.digest, "");
    free(text);
    /* SHA-256 of «abc» as FIPS 180-4 has it. */
    envelope_digest("abc", 3, sent.digest);
    text = receipt_format(&sent);
    assert_true(receipt_parse(text, strlen(text), &got));
    assert_string_equal(got.digest, "ba7816bf8f01cfea");
    free(text);
}

static void a_receipt_without_a_clock_has_no_time(void **state)
{
    struct receipt sent = refused();
    struct receipt got;

    (void)state;
    sent.at_ms = TIMESTAMP_NONE;
    char *text = receipt_format(&sent);
    assert_non_null(strstr(text, "\"at_ms\":null"));
    assert_true(receipt_parse(text, strlen(text), &got));
    assert_int_equal(got.at_ms, TIMESTAMP_NONE);
    free(text);
}

static void bytes_that_are_no_utf8_do_not_stop_a_receipt(void **state)
{
    struct receipt sent = refused();
    struct receipt got;

    (void)state;
    strcpy(sent.text, "id \xFF\xFE quoted");
    char *text = receipt_format(&sent);
    assert_non_null(text);
    assert_true(receipt_parse(text, strlen(text), &got));
    assert_string_equal(got.text, "id \uFFFD\uFFFD quoted");
    free(text);
}

static void a_field_of_a_later_version_is_passed_over(void **state)
{
    const char *text = "{\"gaoshi\":1,\"event\":\"shown\",\"message\":\"a\","
                       "\"screen\":\"b\",\"seq\":1,\"at_ms\":2,\"new\":3}";
    struct receipt got;

    (void)state;
    assert_true(receipt_parse(text, strlen(text), &got));
    assert_string_equal(got.reason, "");
    assert_string_equal(got.text, "");
}

static void what_is_no_receipt_is_refused(void **state)
{
    static const char *const texts[] = {
        "",
        "null",
        "[]",
        "{}",
        "{\"gaoshi\":1",
        "{\"gaoshi\":2,\"event\":\"shown\",\"message\":\"a\",\"screen\":\"b\","
        "\"seq\":1,\"at_ms\":2}",
        "{\"gaoshi\":1,\"event\":\"seen\",\"message\":\"a\",\"screen\":\"b\","
        "\"seq\":1,\"at_ms\":2}",
        "{\"gaoshi\":1,\"event\":\"shown\",\"message\":\"\",\"screen\":\"b\","
        "\"seq\":1,\"at_ms\":2}",
        "{\"gaoshi\":1,\"event\":\"shown\",\"message\":\"a\",\"screen\":7,"
        "\"seq\":1,\"at_ms\":2}",
        "{\"gaoshi\":1,\"event\":\"shown\",\"message\":\"a\",\"screen\":\"b\","
        "\"seq\":\"1\",\"at_ms\":2}",
        "{\"gaoshi\":1,\"event\":\"shown\",\"message\":\"a\",\"screen\":\"b\","
        "\"seq\":1}",
        "{\"gaoshi\":1,\"event\":\"shown\",\"message\":\"a\",\"screen\":\"b\","
        "\"seq\":1,\"seq\":1,\"at_ms\":2}",
        "{\"gaoshi\":1,\"event\":\"shown\",\"message\":\"a\",\"screen\":\"b\","
        "\"seq\":1,\"at_ms\":2,"
        "\"reason\":\"1234567890123456789012345678901234567890\"}",
    };

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct receipt got = {.seq = 42};
        assert_false(receipt_parse(texts[i], strlen(texts[i]), &got));
        assert_int_equal(got.seq, 42);
    }
}

static void a_receipt_over_its_limit_is_refused(void **state)
{
    struct receipt sent = refused();
    struct receipt got;
    char *text = receipt_format(&sent);
    size_t length = strlen(text);
    char *padded = malloc(LIMIT_RECEIPT_BYTES + 1);

    (void)state;
    memset(padded, ' ', LIMIT_RECEIPT_BYTES + 1);
    memcpy(padded, text, length);
    assert_true(receipt_parse(padded, LIMIT_RECEIPT_BYTES, &got));
    assert_false(receipt_parse(padded, LIMIT_RECEIPT_BYTES + 1, &got));
    free(padded);
    free(text);
}

static void presence_says_who_and_which_version(void **state)
{
    char *text = presence_format(PRESENCE_ONLINE, "lobby", "0.1.0", 0, 7);

    (void)state;
    assert_string_equal(text,
                        "{\"gaoshi\":1,\"presence\":\"online\",\"screen\":"
                        "\"lobby\",\"version\":\"0.1.0\",\"at_ms\":7}");
    free(text);
    text = presence_format(PRESENCE_OFFLINE, "lobby", "", 3, TIMESTAMP_NONE);
    assert_non_null(strstr(text, "\"offline\""));
    free(text);
}

static void state_tells_what_is_shown_and_how_old_the_news_is(void **state)
{
    const struct screen_state bench = {
        .screen = "lobby",
        .version = "0.1.0",
        .showing = "alert/flood-1",
        .showing_seq = 12,
        .since_ms = 1000,
        .glass = "1x1 of 1920x1080",
        .panels = 34,
        .alerts = 1,
        .missing = 2,
        .frozen = true,
        .keys_seq = 8,
        .clock_trusted = true,
        .store_ok = false,
        .news_ms = TIMESTAMP_NONE,
        .tick_ms = 1500,
        .resident_bytes = 5000000000,
        .frames = 77,
        .frames_late = 3,
        .safe_mode = true,
        .at_ms = 2000,
    };
    char *text = screen_state_format(&bench);

    (void)state;
    assert_string_equal(
        text,
        "{\"gaoshi\":1,\"screen\":\"lobby\",\"version\":\"0.1.0\","
        "\"showing\":\"alert/flood-1\",\"showing_seq\":12,\"since_ms\":1000,"
        "\"glass\":\"1x1 of 1920x1080\","
        "\"panels\":34,\"alerts\":1,\"missing\":2,\"frozen\":true,\"keys_seq\":"
        "8,\"clock_trusted\":true,"
        "\"store_ok\":false,\"news_ms\":null,\"tick_ms\":1500,\"resident_"
        "bytes\":5000000000,"
        "\"frames\":77,\"frames_late\":3,\"safe_mode\":true,\"at_ms\":2000}");
    free(text);
}

static void presence_is_read_as_it_was_written(void **state)
{
    struct presence_said said = {.run = 9};
    char *text = presence_format(PRESENCE_OFFLINE, "lobby", "0.1.0", 77, 7);

    (void)state;
    assert_true(presence_parse(text, strlen(text), &said));
    assert_int_equal(said.presence, PRESENCE_OFFLINE);
    assert_string_equal(said.screen, "lobby");
    assert_string_equal(said.version, "0.1.0");
    assert_int_equal(said.run, 77);
    assert_int_equal(said.at_ms, 7);
    free(text);
    static const char *const others[] = {
        "", "{}", "{\"gaoshi\":1,\"presence\":\"away\",\"screen\":\"a\"}",
        "{\"gaoshi\":1,\"presence\":\"online\",\"screen\":\"A\"}",
        "{\"gaoshi\":1,\"presence\":\"online\",\"screen\":\"a\",\"run\":[]}"};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        assert_false(presence_parse(others[i], strlen(others[i]), &said));
    assert_int_equal(said.run, 77);
}

/* As much as a state may hold. */
static char *full_state(char words[400])
{
    static struct screen_alert alerts[SCREEN_STATE_ALERTS];
    static char ids[SCREEN_STATE_ALERTS][65];
    const struct screen_state told = {
        .screen = "lobby",
        .version = "0.1.0",
        .run = 1234567,
        .area = "410103001002",
        .groups = "indoor lobbies",
        .showing = "alert/flood-1",
        .showing_seq = LIMIT_SEQUENCE,
        .since_ms = 1000,
        .until_ms = 9000,
        .alerts = 20,
        .live = alerts,
        .live_count = SCREEN_STATE_ALERTS,
        .shown = alerts,
        .shown_count = SCREEN_STATE_ALERTS,
        .news_ms = TIMESTAMP_NONE,
        .tick_ms = TIMESTAMP_NONE,
        .uptime_s = 86400,
        .memory_free_bytes = 5000000000,
        .disk_free_bytes = 6000000000,
        .temperature_c = -12,
        .system = "Linux 6.1 aarch64",
        .throttled = "under-voltage",
        .certificate_until_ms = 1800000000000,
        .last_error = words,
        .last_error_ms = 4000,
        .at_ms = 2000,
    };

    for (int i = 0; i < SCREEN_STATE_ALERTS; i++) {
        memset(ids[i], 'a' + i, 64);
        alerts[i] = (struct screen_alert){ids[i], LIMIT_SEQUENCE - i, 17 + i};
    }
    memset(words, '\x01', 239); /* six bytes each in JSON */
    words[239] = '\0';
    return screen_state_format(&told);
}

static void a_state_is_read_as_it_was_written(void **state)
{
    char words[400];
    char *text = full_state(words);
    struct screen_state *got = screen_state_parse(text, strlen(text));

    (void)state;
    assert_non_null(got);
    assert_true(strlen(text) < LIMIT_STATE_BYTES);
    assert_string_equal(got->screen, "lobby");
    assert_int_equal(got->run, 1234567);
    assert_string_equal(got->groups, "indoor lobbies");
    assert_string_equal(got->showing, "alert/flood-1");
    assert_int_equal(got->until_ms, 9000);
    assert_int_equal(got->live_count, SCREEN_STATE_ALERTS);
    assert_int_equal(got->live[15].at_ms, TIMESTAMP_NONE);
    assert_int_equal(got->shown_count, SCREEN_STATE_ALERTS);
    assert_int_equal(got->shown[15].id[0], 'p');
    assert_int_equal(got->shown[15].seq, LIMIT_SEQUENCE - 15);
    assert_int_equal(got->shown[15].at_ms, 32);
    assert_int_equal(got->temperature_c, -12);
    assert_true(got->certificate_until_ms == 1800000000000);
    assert_int_equal(got->disk_free_bytes, 6000000000);
    assert_string_equal(got->last_error, words);
    assert_int_equal(got->news_ms, TIMESTAMP_NONE);
    assert_null(got->clock_reason);
    char *again = screen_state_format(got);
    assert_string_equal(again, text);
    free(again);
    free(got);
    free(text);
}

#define STATE(more)                                                            \
    "{\"gaoshi\":1,\"screen\":\"a\",\"version\":\"1\",\"showing\":"            \
    "\"plain\"" more "}"

static void what_is_no_state_is_refused(void **state)
{
    static const char *const texts[] = {
        "",
        "[]",
        "{}",
        "{\"gaoshi\":1,\"screen\":\"a\",\"version\":\"1\"}",
        STATE(",\"showing_seq\":\"1\""),
        STATE(",\"glass\":7"),
        STATE(",\"alerts\":99999999999"),
        STATE(",\"frozen\":1"),
        STATE(",\"live\":{}"),
        STATE(",\"live\":[1]"),
        STATE(",\"live\":[{\"id\":\"A\",\"seq\":1}]"),
        STATE(",\"live\":[{\"seq\":1}]"),
        STATE(",\"screen\":\"b\"")};
    char *large = malloc(LIMIT_STATE_BYTES + 1);

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (screen_state_parse(texts[i], strlen(texts[i])))
            fail_msg("%s was read", texts[i]);
    free(screen_state_parse(STATE(",\"later\":[{}]"),
                            strlen(STATE(",\"later\":[{}]"))));
    memset(large, ' ', LIMIT_STATE_BYTES + 1);
    memcpy(large, STATE(""), strlen(STATE("")));
    struct screen_state *fits = screen_state_parse(large, LIMIT_STATE_BYTES);
    assert_non_null(fits);
    free(fits);
    assert_null(screen_state_parse(large, LIMIT_STATE_BYTES + 1));
    memset(large, '[', LIMIT_STATE_BYTES);
    assert_null(screen_state_parse(large, LIMIT_STATE_BYTES));
    free(large);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_receipt_is_read_as_it_was_written),
        cmocka_unit_test(a_receipt_without_a_clock_has_no_time),
        cmocka_unit_test(bytes_that_are_no_utf8_do_not_stop_a_receipt),
        cmocka_unit_test(a_field_of_a_later_version_is_passed_over),
        cmocka_unit_test(what_was_refused_unread_is_named_by_its_digest),
        cmocka_unit_test(what_is_no_receipt_is_refused),
        cmocka_unit_test(a_receipt_over_its_limit_is_refused),
        cmocka_unit_test(presence_says_who_and_which_version),
        cmocka_unit_test(presence_is_read_as_it_was_written),
        cmocka_unit_test(a_state_is_read_as_it_was_written),
        cmocka_unit_test(what_is_no_state_is_refused),
        cmocka_unit_test(state_tells_what_is_shown_and_how_old_the_news_is),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
