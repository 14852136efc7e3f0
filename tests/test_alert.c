/* Alerts and their cancels: unknown words still show, everything else is
 * judged strictly. */
#include "base/timestamp.h"
#include "protocol/alert.h"
#include "tests/support/body.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const char smallest[] =
    "{'status': 'actual', 'level': 'red', 'event': '暴雨',"
    "'instruction': '立即转移到高处', 'area': '二七区',"
    "'sender': '区应急管理局'}";

static const char full[] =
    "{'status': 'exercise', 'type': 'update', 'level': 'orange',"
    "'urgency': 'immediate', 'certainty': 'observed', 'event': '暴雨',"
    "'event_code': '11B03', 'headline': '演练：暴雨橙色预警',"
    "'instruction': '转移\\n不涉水', 'description': '模拟', 'area': '沿河',"
    "'sender': '值班室', 'response_level': 'Ⅱ',"
    "'web': 'https://example.org/a', 'sent': '2021-07-20T18:30:00+08:00',"
    "'contacts': [{'label': '救援', 'number': '119'}],"
    "'references': ['flood-1', 'flood-2'], 'event_en': 'Rainstorm',"
    "'headline_en': 'DRILL', 'instruction_en': 'Move'}";

static bool reads(json_t *object, struct alert *alert, struct problem *problem)
{
    *problem = (struct problem){0};
    bool fine = alert_read(object, alert, NULL, problem);
    assert_int_equal(problem->code, fine ? PROBLEM_NONE : PROBLEM_FIELD);
    return fine;
}

static void assert_reads(json_t *object, struct alert *alert)
{
    struct problem problem;

    if (!reads(object, alert, &problem))
        fail_msg("%s: %s", problem.field, problem.expected);
}

static void the_smallest_alert_is_read_with_its_defaults(void **state)
{
    struct alert alert;
    json_t *object = body_make(smallest);

    (void)state;
    assert_reads(object, &alert);
    assert_int_equal(alert.status, ALERT_STATUS_ACTUAL);
    assert_int_equal(alert.type, ALERT_TYPE_ALERT);
    assert_int_equal(alert.level, ALERT_LEVEL_RED);
    assert_int_equal(alert.urgency, ALERT_URGENCY_UNKNOWN);
    assert_int_equal(alert.certainty, ALERT_CERTAINTY_UNKNOWN);
    assert_string_equal(alert.event, "暴雨");
    assert_string_equal(alert.headline, "");
    assert_string_equal(alert.instruction_en, "");
    assert_int_equal(alert.sent_ms, TIMESTAMP_NONE);
    assert_int_equal(alert.contact_count, 0);
    assert_int_equal(alert.reference_count, 0);
    json_decref(object);
}

static void every_value_arrives_in_its_place(void **state)
{
    struct alert alert;
    json_t *object = body_make(full);

    (void)state;
    assert_reads(object, &alert);
    assert_int_equal(alert.status, ALERT_STATUS_EXERCISE);
    assert_int_equal(alert.type, ALERT_TYPE_UPDATE);
    assert_int_equal(alert.level, ALERT_LEVEL_ORANGE);
    assert_int_equal(alert.urgency, ALERT_URGENCY_IMMEDIATE);
    assert_int_equal(alert.certainty, ALERT_CERTAINTY_OBSERVED);
    assert_string_equal(alert.event_code, "11B03");
    assert_string_equal(alert.headline, "演练：暴雨橙色预警");
    assert_string_equal(alert.instruction, "转移\n不涉水");
    assert_string_equal(alert.description, "模拟");
    assert_string_equal(alert.area, "沿河");
    assert_string_equal(alert.sender, "值班室");
    assert_string_equal(alert.response_level, "Ⅱ");
    assert_string_equal(alert.web, "https://example.org/a");
    assert_int_equal(alert.sent_ms, 1626777000000);
    assert_int_equal(alert.contact_count, 1);
    assert_string_equal(alert.contacts[0].label, "救援");
    assert_string_equal(alert.contacts[0].number, "119");
    assert_int_equal(alert.reference_count, 2);
    assert_string_equal(alert.references[1], "flood-2");
    assert_string_equal(alert.event_en, "Rainstorm");
    assert_string_equal(alert.headline_en, "DRILL");
    assert_string_equal(alert.instruction_en, "Move");
    json_decref(object);
}

static void an_alert_without_a_field_that_it_needs_is_refused(void **state)
{
    static const char *const needed[] = {"status", "level",  "event",
                                         "area",   "sender", "instruction"};

    (void)state;
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++) {
        struct alert alert = {.sent_ms = 42};
        struct problem problem;
        char path[64];
        json_t *object = body_make(smallest);
        body_set(object, needed[i], NULL);
        snprintf(path, sizeof path, "alert.%s", needed[i]);
        assert_false(reads(object, &alert, &problem));
        body_assert_problem(&problem, path, "missing");
        assert_int_equal(alert.sent_ms, 42);
        json_decref(object);
    }
}

static void a_headline_may_stand_for_the_instruction(void **state)
{
    struct alert alert;
    json_t *object = body_make(smallest);

    (void)state;
    body_set(object, "instruction", NULL);
    body_set(object, "headline", "'暴雨红色预警'");
    assert_reads(object, &alert);
    assert_string_equal(alert.instruction, "");
    json_decref(object);
}

static void known_words_are_read_and_unknown_ones_still_show(void **state)
{
    static const char *const urgencies[] = {"immediate", "expected", "future",
                                            "past", "unknown"};
    static const char *const certainties[] = {"observed", "likely", "possible",
                                              "unlikely", "unknown"};
    struct alert alert;
    json_t *object = body_make(smallest);

    (void)state;
    for (int i = 0; i < ALERT_LEVEL_COUNT; i++) {
        json_object_set_new(object, "level", json_string(alert_level_name(i)));
        json_object_set_new(object, "urgency", json_string(urgencies[i]));
        json_object_set_new(object, "certainty", json_string(certainties[i]));
        assert_reads(object, &alert);
        assert_int_equal(alert.level, i);
        assert_int_equal(alert.urgency, i);
        assert_int_equal(alert.certainty, i);
    }
    body_set(object, "level", "'purple'");
    body_set(object, "urgency", "'soon'");
    body_set(object, "certainty", "'very likely'");
    assert_reads(object, &alert);
    assert_int_equal(alert.level, ALERT_LEVEL_UNKNOWN);
    assert_int_equal(alert.urgency, ALERT_URGENCY_UNKNOWN);
    assert_int_equal(alert.certainty, ALERT_CERTAINTY_UNKNOWN);
    for (int i = 0; i < ALERT_STATUS_COUNT; i++) {
        json_object_set_new(object, "status",
                            json_string(alert_status_name(i)));
        assert_reads(object, &alert);
        assert_int_equal(alert.status, i);
    }
    json_decref(object);
}

static void bad_values_are_refused_with_their_path(void **state)
{
    static const struct {
        const char *path, *value, *words;
    } cases[] = {
        {"status", "'draft'", "one of actual, exercise, test"},
        {"status", "'Actual'", "one of actual, exercise, test"},
        {"type", "'cancel'", "one of alert, update"},
        {"level", "1", "number 1 found, text expected"},
        {"urgency", "null", "null found, text expected"},
        {"certainty", "[]", "a list found, text expected"},
        {"headline", "'a\\nb'", "one line of text"},
        {"area", "''", "empty"},
        {"area", "'a\\nb'", "one line of text"},
        {"instruction", "'a\\tb'", "U+0009"},
        {"web", "'javascript:alert(1)'", "http:// or https://"},
        {"sent", "'2021-07-20T18:30:00Z'", "a time like"},
        {"contacts[0].number", "119", "number 119 found, text expected"},
        {"contacts[0].number", NULL, "missing"},
        {"contacts[0].note", "'a'", "unknown field"},
        {"references[1]", "'Flood'", "an identifier"},
        {"references[1]", "'a b'", "an identifier"},
        {"references[1]", "7", "number 7 found, text expected"},
        {"references", "{}", "an object found, a list expected"},
        {"sound", "true", "unknown field"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct alert alert;
        struct problem problem;
        char path[64];
        json_t *object = body_make(full);
        body_set(object, cases[i].path, cases[i].value);
        snprintf(path, sizeof path, "alert.%s", cases[i].path);
        assert_false(reads(object, &alert, &problem));
        body_assert_problem(&problem, path, cases[i].words);
        json_decref(object);
    }
}

static void texts_and_lists_pass_at_their_limit_and_not_above(void **state)
{
    static const struct {
        const char *path;
        size_t most;
        bool is_list;
    } cases[] = {
        {"event", 30, false},
        {"event_code", 30, false},
        {"headline", 160, false},
        {"instruction", 500, false},
        {"description", 2000, false},
        {"area", 300, false},
        {"sender", 80, false},
        {"response_level", 30, false},
        {"event_en", 80, false},
        {"headline_en", 160, false},
        {"instruction_en", 500, false},
        {"contacts[0].label", 30, false},
        {"contacts[0].number", 30, false},
        {"contacts", 6, true},
        {"references", 64, true},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct alert alert;
        struct problem problem;
        char path[64];
        json_t *object = body_make(full);
        void (*resize)(json_t *, const char *, size_t) = cases[i].is_list
                                                             ? body_set_count
                                                             : body_set_length;
        resize(object, cases[i].path, cases[i].most);
        assert_reads(object, &alert);
        resize(object, cases[i].path, cases[i].most + 1);
        snprintf(path, sizeof path, "alert.%s", cases[i].path);
        assert_false(reads(object, &alert, &problem));
        body_assert_problem(&problem, path, cases[i].is_list ? "entries" : "");
        json_decref(object);
    }
}

static void a_url_passes_at_its_limit_and_not_above(void **state)
{
    char value[LIMIT_URL_CHARACTERS + 2];

    (void)state;
    for (size_t length = LIMIT_URL_CHARACTERS;
         length <= LIMIT_URL_CHARACTERS + 1; length++) {
        struct alert alert;
        struct problem problem;
        json_t *object = body_make(smallest);
        memset(value, 'a', length);
        memcpy(value, "https://", 8);
        value[length] = '\0';
        json_object_set_new(object, "web", json_string(value));
        assert_int_equal(reads(object, &alert, &problem),
                         length == LIMIT_URL_CHARACTERS);
        json_decref(object);
    }
}

static void a_cancel_is_read_with_and_without_its_words(void **state)
{
    struct alert_cancel cancel;
    json_t *object = body_make("{}");

    (void)state;
    assert_true(alert_cancel_read(object, &cancel, NULL, NULL));
    assert_string_equal(cancel.reason, "");
    assert_string_equal(cancel.event, "");
    assert_int_equal(cancel.status, ALERT_STATUS_ACTUAL);
    assert_int_equal(cancel.reference_count, 0);
    json_decref(object);
    object = body_make("{'reason': '雨停了', 'event': '暴雨',"
                       "'status': 'exercise', 'references': ['flood-1']}");
    assert_true(alert_cancel_read(object, &cancel, NULL, NULL));
    assert_string_equal(cancel.reason, "雨停了");
    assert_string_equal(cancel.event, "暴雨");
    assert_int_equal(cancel.status, ALERT_STATUS_EXERCISE);
    assert_int_equal(cancel.reference_count, 1);
    assert_string_equal(cancel.references[0], "flood-1");
    json_decref(object);
}

static void a_bad_cancel_is_refused_with_the_path(void **state)
{
    static const struct {
        const char *text, *field, *words;
    } cases[] = {
        {"{'reason': 1}", "cancel.reason", "number 1 found"},
        {"{'status': 'system'}", "cancel.status", "one of actual"},
        {"{'references': ['/']}", "cancel.references[0]", "an identifier"},
        {"{'level': 'red'}", "cancel.level", "unknown field"},
        {"[]", "cancel", "a list found, an object expected"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct alert_cancel cancel = {.reference_count = 42};
        struct problem problem = {0};
        json_t *object = body_make(cases[i].text);
        assert_false(alert_cancel_read(object, &cancel, NULL, &problem));
        body_assert_problem(&problem, cases[i].field, cases[i].words);
        assert_int_equal(cancel.reference_count, 42);
        json_decref(object);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_smallest_alert_is_read_with_its_defaults),
        cmocka_unit_test(every_value_arrives_in_its_place),
        cmocka_unit_test(an_alert_without_a_field_that_it_needs_is_refused),
        cmocka_unit_test(a_headline_may_stand_for_the_instruction),
        cmocka_unit_test(known_words_are_read_and_unknown_ones_still_show),
        cmocka_unit_test(bad_values_are_refused_with_their_path),
        cmocka_unit_test(texts_and_lists_pass_at_their_limit_and_not_above),
        cmocka_unit_test(a_url_passes_at_its_limit_and_not_above),
        cmocka_unit_test(a_cancel_is_read_with_and_without_its_words),
        cmocka_unit_test(a_bad_cancel_is_refused_with_the_path),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
