/* Before an alert is sent: templates, previews, and the question when it goes
 * to everybody. */
#include "source_dir.h"
#include "tests/support/folder.h"
#include "tests/support/publisher_fixture.h"
#include "tests/support/terminal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <jansson.h>

#include <cmocka.h>

#define TEMPLATE "--template", "flood", "--sender", "二七区防汛办"

static void draw_template(struct publisher_fixture *publisher, const char *name,
                          const char *level, const char *description)
{
    char *picture = folder_path(publisher->folder, "preview.png");

    PUBLISHER_RUN(publisher, "alert", "raise", "--template", name, "--level",
                  level, "--sender", "二七区", "--preview", picture,
                  description ? "--description" : NULL, description);
    /* A glyph that is missing, or that nobody looked for, would be told. */
    if (publisher->result.code != 0 || publisher->result.err[0])
        fail_msg("%s %s: %s", name, level, publisher->result.err);
    if (!description)
        assert_non_null(strstr(publisher->result.out, "preview "));
    free(picture);
}

static size_t count_characters(const char *text)
{
    size_t count = 0;

    for (; *text; text++)
        count += ((unsigned char)*text & 0xC0) != 0x80;
    return count;
}

static void every_template_at_every_level_is_valid_short_and_drawn(void **state)
{
    enum { TEMPLATES = 12, SHORT = 12 };
    static const char *const levels[] = {"red", "orange", "yellow", "blue"};
    json_t *root = json_load_file(GAOSHI_SOURCE_DIR
                                  "/data/alerts/templates.json",
                                  JSON_REJECT_DUPLICATES, NULL);
    const json_t *list = json_object_get(root, "templates");
    const json_t *one;
    size_t index;

    assert_int_equal(json_array_size(list), TEMPLATES);
    json_array_foreach(list, index, one)
    {
        const json_t *texts = json_object_get(one, "levels");
        const char *words = json_object_get(one, "needs_description")
                                ? "王秀英，女，78 岁，穿红色棉袄。"
                                : NULL;
        for (size_t i = 0; i < sizeof levels / sizeof levels[0]; i++) {
            const json_t *row = json_object_get(texts, levels[i]);
            const char *text =
                json_string_value(json_object_get(row, "instruction"));
            assert_non_null(text);
            assert_in_range(count_characters(text), 1, SHORT);
            draw_template(*state,
                          json_string_value(json_object_get(one, "name")),
                          levels[i], words);
        }
    }
    json_decref(root);
}

static void a_template_gives_what_the_flags_leave_open(void **state)
{
    struct publisher_fixture *publisher = *state;
    struct peer *screen = publisher_screen(publisher);
    const int64_t span_ms = 6 * 3600 * 1000;
    int64_t before_ms = (int64_t)time(NULL) * 1000;

    PUBLISHER_SEND(publisher, "alert", "raise", TEMPLATE, "--level", "orange",
                   "--area", "410103001", "--until", "+6h", "--instruction",
                   "到学校去", "--contact", "值班=0371-1");
    publisher_expect(publisher, 0, "");
    int64_t after_ms = (int64_t)time(NULL) * 1000;
    struct message *message = publisher_heard(publisher, screen, 0);
    const struct alert *alert = &message->alert;
    assert_string_equal(message->scope, "area-410103001");
    assert_int_equal(strncmp(message->id, "flood-20", 8), 0);
    assert_non_null(strstr(publisher->result.out, message->id));
    assert_int_equal(alert->status, ALERT_STATUS_ACTUAL);
    assert_int_equal(alert->level, ALERT_LEVEL_ORANGE);
    assert_string_equal(alert->event, "洪水");
    assert_string_equal(alert->instruction, "到学校去");
    /* It would say something else than the Chinese. */
    assert_string_equal(alert->instruction_en, "");
    assert_int_equal(alert->contact_count, 1);
    assert_int_equal(alert->urgency, ALERT_URGENCY_IMMEDIATE);
    assert_in_range(message->expires_ms, before_ms + span_ms,
                    after_ms + span_ms);
    message_destroy(message);
    peer_destroy(screen);
}

static void
a_template_is_known_by_its_event_and_a_level_by_its_colour(void **state)
{
    struct publisher_fixture *publisher = *state;

    PUBLISHER_RUN(publisher, "alert", "raise", "--template", "洪水", "--level",
                  "红色", "--sender", "值班室", "--org", "erqi", "--dry-run");
    publisher_expect(publisher, 0, "");
    assert_non_null(strstr(publisher->result.out, "\"level\": \"red\""));
    assert_non_null(strstr(publisher->result.out, "\"id\": \"flood-2"));
}

/* Each with an outbox that knows nothing of the other. */
static void two_operators_of_one_minute_have_two_names(void **state)
{
    static const char letters[] = "acdefghjkmnpqrtuvwxy34679";
    static const char *const outboxes[] = {"li.db", "wang.db"};
    struct publisher_fixture *publisher = *state;
    struct peer *screen = publisher_screen(publisher);
    struct message *raised[2];

    for (size_t i = 0; i < 2; i++) {
        char *outbox = folder_path(publisher->folder, outboxes[i]);
        PUBLISHER_SEND(publisher, "alert", "raise", TEMPLATE, "--level", "blue",
                       "--area", "41", "--status", "exercise", "--state",
                       outbox);
        raised[i] = publisher_heard(publisher, screen, i);
        free(outbox);
        const char *id = raised[i]->id;
        assert_int_equal(strlen(id), strlen("drill-flood-20210720-1830-k7pm"));
        assert_int_equal(strncmp(id, "drill-flood-20", 14), 0);
        assert_int_equal(strspn(id + strlen(id) - 4, letters), 4);
    }
    assert_string_not_equal(raised[0]->id, raised[1]->id);
    message_destroy(raised[0]);
    message_destroy(raised[1]);
    peer_destroy(screen);
}

static void what_a_template_cannot_do_is_told_with_exit_2(void **state)
{
    static const struct {
        const char *words[12];
        const char *expected;
    } cases[] = {
        {{TEMPLATE, "--level", "green"}, "red, orange, yellow or blue"},
        {{TEMPLATE}, "--level is missing"},
        {{"--template", "flod", "--level", "red"}, "flood"},
        {{TEMPLATE, "--level", "橙色", "--sender", "x", "--preview", "x.jpg"},
         "a path, ending in .png"},
        {{"--template", "flood", "--level", "red"}, "--sender"},
        {{TEMPLATE, "--level", "red", "--area", "41010"}, "digits"},
        {{TEMPLATE, "--level", "red", "--area", "二七区"}, "--area-text"},
        {{TEMPLATE, "--level", "red", "--area", "41", "--scope", "all"},
         "--area and --scope"},
        {{"--template", "missing-person", "--level", "red", "--sender", "x"},
         "--description"},
    };
    struct publisher_fixture *publisher = *state;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *words[16] = {"alert", "raise"};
        memcpy(words + 2, cases[i].words, sizeof cases[i].words);
        publisher_send_words(publisher, words);
        publisher_expect(publisher, 2, cases[i].expected);
    }
}

static void a_word_that_no_screen_knows_is_refused(void **state)
{
    static const char *const rows[][2] = {
        {"--level", "green"},          {"--urgency", "imediate"},
        {"--certainty", "sure"},       {"--response-level", "9"},
        {"--response-level", "VI"},    {"--response-level", "级"},
        {"--response-level", "Ⅳ级级"},
    };
    struct publisher_fixture *publisher = *state;
    char expected[64];

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        PUBLISHER_SEND(publisher, "alert", "raise", "--id", "flood", "--event",
                       "洪水", "--headline", "洪水", "--area-text", "全区",
                       "--sender", "二七区", "--status", "test", rows[i][0],
                       rows[i][1]);
        snprintf(expected, sizeof expected, "%s '%s': expected", rows[i][0],
                 rows[i][1]);
        publisher_expect(publisher, 2, expected);
    }
}

static void a_response_level_is_told_in_one_way(void **state)
{
    static const char *const typed[] = {"Ⅲ", "III", "3", "Ⅲ级", "3级"};
    static const char *const ids[] = {"a", "b", "c", "d", "e"};
    struct publisher_fixture *publisher = *state;
    struct peer *screen = publisher_screen(publisher);

    for (size_t i = 0; i < sizeof typed / sizeof typed[0]; i++) {
        PUBLISHER_SEND(publisher, "alert", "raise", TEMPLATE, "--level", "blue",
                       "--area", "41", "--status", "test", "--id", ids[i],
                       "--response-level", typed[i]);
        publisher_expect(publisher, 0, "");
        struct message *message = publisher_heard(publisher, screen, i);
        assert_string_equal(message->alert.response_level, "Ⅲ");
        message_destroy(message);
    }
    peer_destroy(screen);
}

/* Nothing caps what an operator says; it is told. */
static void an_end_that_is_over_or_far_away_is_told(void **state)
{
    struct publisher_fixture *publisher = *state;

    PUBLISHER_SEND(publisher, "alert", "raise", TEMPLATE, "--level", "blue",
                   "--area", "41", "--status", "test", "--until", "+73h");
    publisher_expect(publisher, 0, "longer than three days");
    PUBLISHER_SEND(publisher, "alert", "raise", TEMPLATE, "--level", "blue",
                   "--area", "41", "--status", "test", "--until", "+72h");
    assert_null(strstr(publisher->result.err, "three days"));
    PUBLISHER_SEND(publisher, "alert", "raise", TEMPLATE, "--level", "blue",
                   "--area", "41", "--status", "test", "--expires",
                   "2021-07-20T18:30:00+08:00");
    publisher_expect(publisher, 4, "expired at 2021-07-20T");
}

/* A terminal may speak GBK; the template's own sentence must not go out in
 * place of what was typed. */
static void a_flag_that_is_no_utf_8_is_refused_by_its_name(void **state)
{
    static const char *const flags[] = {
        "--event",          "--headline",   "--instruction", "--description",
        "--area-text",      "--sender",     "--contact",     "--response-level",
        "--instruction-en", "--event-code", "--id",          "--scope"};
    struct publisher_fixture *publisher = *state;
    char expected[64];

    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++) {
        PUBLISHER_SEND(publisher, "alert", "raise", TEMPLATE, "--level", "blue",
                       "--status", "test", flags[i], "\xB1\xA9=\xD3\xEA");
        snprintf(expected, sizeof expected, "%s: byte 0xB1", flags[i]);
        publisher_expect(publisher, 2, expected);
    }
    PUBLISHER_SEND(publisher, "alert", "cancel", "flood", "--force", "--reason",
                   "\xB1\xA9");
    publisher_expect(publisher, 2, "--reason: byte 0xB1");
    PUBLISHER_SEND(publisher, "alert", "cancel", "\xB1\xA9", "--force");
    publisher_expect(publisher, 2, "nothing was sent");
    assert_true(folder_write(publisher->folder, "gbk.conf",
                             "[publisher]\nsender = \xB1\xA9\n"));
    char *config = folder_path(publisher->folder, "gbk.conf");
    PUBLISHER_SEND(publisher, "alert", "raise", "--template", "flood",
                   "--level", "blue", "--status", "test", "--config", config);
    publisher_expect(publisher, 2, "gbk.conf:2: publisher.sender: ");
    PUBLISHER_SEND(publisher, "alert", "list");
    publisher_expect(publisher, 0, "no alert was sent");
    free(config);
}

static void a_preview_draws_and_sends_nothing(void **state)
{
    struct publisher_fixture *publisher = *state;
    char *picture = folder_path(publisher->folder, "wall.png");
    char *file = publisher_write_panel(publisher, "water", "停水通知");
    char *box = folder_path(publisher->folder, ".local");

    PUBLISHER_RUN(publisher, "panel", "push", file, file, "--preview", picture);
    publisher_expect(publisher, 4, "'water' is also that of");
    char *other = publisher_write_panel(publisher, "power", "停电通知");
    PUBLISHER_RUN(publisher, "panel", "push", file, other, "--preview", picture,
                  "--size", "640x360");
    publisher_expect(publisher, 0, "");
    assert_non_null(strstr(publisher->result.out, "wall-1.png"));
    assert_non_null(strstr(publisher->result.out, "wall-2.png"));
    assert_null(strstr(publisher->result.out, "wall-3.png"));
    assert_int_not_equal(access(box, F_OK), 0);
    PUBLISHER_RUN(publisher, "panel", "push", file, "--org", "erqi",
                  "--preview", picture, "--size", "wide");
    assert_int_equal(publisher->result.code, 1);
    assert_int_not_equal(access(picture, F_OK), 0);
    free(box);
    free(other);
    free(file);
    free(picture);
}

static void without_a_terminal_scope_all_needs_yes(void **state)
{
    struct publisher_fixture *publisher = *state;
    struct peer *screen = publisher_screen(publisher);

    PUBLISHER_SEND(publisher, "alert", "raise", TEMPLATE, "--level", "red");
    publisher_expect(publisher, 2, "nothing was sent");
    assert_string_equal(publisher->result.out, "");
    PUBLISHER_SEND(publisher, "alert", "raise", TEMPLATE, "--level", "red",
                   "--status", "exercise", "--id", "drill");
    publisher_expect(publisher, 0, "");
    PUBLISHER_SEND(publisher, "alert", "raise", TEMPLATE, "--level", "red",
                   "--id", "real", "--yes");
    publisher_expect(publisher, 0, "");
    PUBLISHER_SEND(publisher, "alert", "update", "real", "--area-text", "全区");
    publisher_expect(publisher, 2, "nothing was sent");
    PUBLISHER_SEND(publisher, "alert", "cancel", "real");
    publisher_expect(publisher, 2, "nothing was sent");
    PUBLISHER_SEND(publisher, "alert", "cancel", "real", "--yes");
    publisher_expect(publisher, 0, "");
    static const char *const ids[] = {"drill", "real", "real"};
    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
        struct message *message = publisher_heard(publisher, screen, i);
        assert_string_equal(message->id, ids[i]);
        message_destroy(message);
    }
    peer_destroy(screen);
}

/* From a level and a width on, which can be set. */
static void a_grave_alert_to_many_wants_its_level_typed(void **state)
{
    static const struct {
        const char *level, *area;
        const char *flag, *value;
        int code;
    } cases[] = {
        {"red", "410103", NULL, NULL, 2},
        {"red", "41", NULL, NULL, 2},
        {"red", "410103001", NULL, NULL, 0},
        {"orange", "410103", NULL, NULL, 0},
        {"orange", "410103", "--confirm-level", "orange", 2},
        {"red", "410103001", "--confirm-scope", "township", 2},
        {"red", "410103", "--confirm-scope", "city", 0},
        {"red", "410103", "--yes", NULL, 0},
    };
    struct publisher_fixture *publisher = *state;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char id[16];
        snprintf(id, sizeof id, "a%zu", i);
        PUBLISHER_SEND(publisher, "alert", "raise", TEMPLATE, "--id", id,
                       "--level", cases[i].level, "--area", cases[i].area,
                       cases[i].flag, cases[i].value);
        publisher_expect(publisher, cases[i].code,
                         cases[i].code ? "nothing was sent" : "");
    }
    PUBLISHER_SEND(publisher, "alert", "raise", TEMPLATE, "--level", "red",
                   "--area", "41", "--confirm-level", "crimson");
    publisher_expect(publisher, 2, "--confirm-level 'crimson'");
}

static void type_at(struct publisher_fixture *publisher, const char *answer,
                    int code, const char *said)
{
    const char *const words[] = {"alert",
                                 "raise",
                                 "--id",
                                 "real",
                                 TEMPLATE,
                                 "--level",
                                 "orange",
                                 "--org",
                                 "erqi",
                                 "--key",
                                 publisher->key,
                                 "--broker",
                                 broker_url(publisher->broker),
                                 NULL};
    char *screen = NULL;
    const struct terminal_talk talk = {.prompt = "Type orange",
                                       .answer = answer};
    int ended = terminal_run(publisher->folder, "gaoshi-publish", words, &talk,
                             &screen);

    if (ended != code || !strstr(screen, said))
        fail_msg("%d, expected %d and «%s»: %s", ended, code, said, screen);
    free(screen);
}

static void on_a_terminal_scope_all_wants_the_level_typed(void **state)
{
    struct publisher_fixture *publisher = *state;
    struct peer *screen = publisher_screen(publisher);

    type_at(publisher, "yes", 2, "nothing was sent");
    type_at(publisher, "", 2, "nothing was sent");
    PUBLISHER_SEND(publisher, "alert", "list");
    publisher_expect(publisher, 0, "no alert was sent");
    type_at(publisher, "orange", 0, "confirmed");
    struct message *message = publisher_heard(publisher, screen, 0);
    assert_string_equal(message->id, "real");
    assert_int_equal(message->alert.level, ALERT_LEVEL_ORANGE);
    message_destroy(message);
    peer_destroy(screen);
}

int main(void)
{
#define WITH_PUBLISHER(test)                                                   \
    cmocka_unit_test_setup_teardown(test, publisher_open, publisher_close)
    const struct CMUnitTest tests[] = {
        WITH_PUBLISHER(every_template_at_every_level_is_valid_short_and_drawn),
        WITH_PUBLISHER(a_template_gives_what_the_flags_leave_open),
        WITH_PUBLISHER(
            a_template_is_known_by_its_event_and_a_level_by_its_colour),
        WITH_PUBLISHER(two_operators_of_one_minute_have_two_names),
        WITH_PUBLISHER(what_a_template_cannot_do_is_told_with_exit_2),
        WITH_PUBLISHER(a_word_that_no_screen_knows_is_refused),
        WITH_PUBLISHER(a_response_level_is_told_in_one_way),
        WITH_PUBLISHER(an_end_that_is_over_or_far_away_is_told),
        WITH_PUBLISHER(a_flag_that_is_no_utf_8_is_refused_by_its_name),
        WITH_PUBLISHER(a_preview_draws_and_sends_nothing),
        WITH_PUBLISHER(without_a_terminal_scope_all_needs_yes),
        WITH_PUBLISHER(a_grave_alert_to_many_wants_its_level_typed),
        WITH_PUBLISHER(on_a_terminal_scope_all_wants_the_level_typed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
