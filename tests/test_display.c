/* The whole road on one machine: a real broker, the real display without a
 * window, messages signed by the protocol. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <glob.h>
#include <jansson.h>
#include <unistd.h>

#include "base/clock.h"
#include "display/edge/app/telemetry.h"
#include "display/edge/render/picture.h"
#include "source_dir.h"
#include "tests/support/folder.h"
#include "tests/support/peer.h"
#include "tests/support/process.h"
#include "tests/support/road.h"

static void a_pushed_panel_is_shown_and_receipts_say_so(void **state)
{
    struct road *road = *state;
    size_t next = 0;

    assert_true(
        peer_subscribe(road->peer, "gaoshi/1/erqi/screen/lobby-1/receipt"));
    struct screen *screen = road_start(road, NULL, NULL);
    road_push_panel(road, "q01", 1);
    assert_true(screen_wait(screen, "shown", "q01", 1));
    /* Where it follows soon, it takes the place of «verified». */
    assert_true(road_hears(road->peer, &next, "\"shown\""));
    assert_int_equal(screen_stop(screen), 0);
}

/* The object of the kind, and behind it what else stands in the file. */
static char *read_tomorrow(const char *name, char id[64], char kind[16])
{
    char path[300], *content = NULL;
    const char *field;
    json_t *value;

    snprintf(path, sizeof path, GAOSHI_SOURCE_DIR "/tests/cases/tomorrow/%s",
             name);
    json_t *root = json_load_file(path, 0, NULL);
    assert_non_null(root);
    snprintf(id, 64, "%s", json_string_value(json_object_get(root, "id")));
    snprintf(kind, 16, "%s", json_string_value(json_object_get(root, "kind")));
    json_t *object = json_object_get(root, kind);
    content = json_dumps(object, 0);
    json_object_foreach(root, field, value)
    {
        char *text = json_dumps(value, JSON_ENCODE_ANY), *longer = NULL;
        if (strcmp(field, "gaoshi") != 0 && strcmp(field, "kind") != 0 &&
            strcmp(field, "id") != 0 && strcmp(field, kind) != 0) {
            assert_true(
                asprintf(&longer, "%s, \"%s\": %s", content, field, text) > 0);
            free(content);
            content = longer;
        }
        free(text);
    }
    json_decref(root);
    return content;
}

static void
a_message_of_tomorrow_is_shown_and_the_receipt_says_what_of_it(void **state)
{
    static const struct {
        const char *file, *ignored;
    } messages[] = {
        {"panel.json",
         "priority, panel.mood, panel.section, panel.figures[0].source, "
         "panel.figures[0].trend, panel.items"},
        {"panel_template.json", "panel.rows, panel.template"},
        {"panel_schedule.json",
         "panel.schedule.tides, panel.schedule.priority"},
        {"alert.json", "broadcast, alert.polygon, alert.contacts[0].hours"},
    };
    struct road *road = *state;
    struct screen *screen = road_start(road, "--dwell", "300");
    size_t next = 0;

    assert_true(
        peer_subscribe(road->peer, "gaoshi/1/erqi/screen/lobby-1/receipt"));
    for (size_t i = 0; i < sizeof messages / sizeof *messages; i++) {
        char id[64], kind[16], ignored[300];
        char *content = read_tomorrow(messages[i].file, id, kind);
        snprintf(ignored, sizeof ignored, "\"ignored\":\"%s\"",
                 messages[i].ignored);
        road_push(road, kind, id, 1, content);
        assert_true(road_hears(road->peer, &next, ignored));
        assert_true(screen_wait(screen, "shown", id, 1));
        assert_int_equal(screen_count_log(screen, messages[i].ignored), 1);
        free(content);
    }
    assert_int_equal(screen_stop(screen), 0);
}

static void what_waits_at_the_broker_is_shown_after_the_start(void **state)
{
    struct road *road = *state;

    road_push_panel(road, "q01", 1);
    struct screen *screen = road_start(road, NULL, NULL);
    assert_true(screen_wait(screen, "shown", "q01", 1));
    assert_int_equal(screen_stop(screen), 0);
}

/* The unsigned ones go between two signed ones on the same line: when the
 * second is shown, all that came before was judged. */
static void an_unsigned_message_changes_nothing_and_is_one_line(void **state)
{
    static const struct {
        const char *topic;
        const char *payload;
    } forged[] = {
        {"gaoshi/1/erqi/down/all/panel/q01",
         "{\"gaoshi\": 1, \"kind\": \"panel-removal\", \"id\": \"q01\"}"},
        {"gaoshi/1/erqi/down/all/panel/q02", ""},
        {"gaoshi/1/erqi/down/all/alert/forged",
         "gaoshi1 0123456789abcdef AAAA\n{\"kind\": \"alert\"}"},
    };
    struct road *road = *state;
    struct screen *screen = road_start(road, "--dwell", "300");

    road_push_panel(road, "q01", 1);
    assert_true(screen_wait(screen, "shown", "q01", 1));
    for (size_t i = 0; i < sizeof forged / sizeof forged[0]; i++)
        assert_true(peer_publish(road->peer, forged[i].topic, forged[i].payload,
                                 strlen(forged[i].payload), false));
    road_push_panel(road, "q02", 1);
    assert_true(screen_wait(screen, "shown", "q02", 1));
    assert_int_equal(screen_count(screen, "ended", "q01"), 0);
    assert_int_equal(screen_count(screen, "shown", "forged"), 0);
    for (size_t i = 0; i < sizeof forged / sizeof forged[0]; i++)
        assert_int_equal(screen_count_log(screen, forged[i].topic), 1);
    assert_int_equal(screen_count_log(screen, "refused, the glass stays"), 3);
    assert_int_equal(screen_stop(screen), 0);
}

/* Each of them is refused; only as many are told as somebody could read. */
static void a_flood_of_forged_messages_does_not_fill_the_log(void **state)
{
    enum { FORGED = 300 };
    struct road *road = *state;
    struct screen *screen = road_start(road, NULL, NULL);
    char topic[128];

    assert_true(screen_wait(screen, "line-up", "", 1));
    for (int i = 0; i < FORGED; i++) {
        snprintf(topic, sizeof topic, "gaoshi/1/erqi/down/all/panel/f%d", i);
        assert_true(peer_publish(road->peer, topic, "forged", 6, false));
    }
    road_push_panel(road, "q01", 1);
    assert_true(screen_wait(screen, "shown", "q01", 1));
    assert_int_equal(screen_count_log(screen, "refused, the glass stays"),
                     TELEMETRY_REFUSALS);
    assert_int_equal(screen_stop(screen), 0);
}

static void a_forged_message_right_behind_does_not_hide_the_signed(void **state)
{
    const struct signer_message message = {
        .kind = "panel", .id = "q01", .seq = 1, .content = signer_figure};
    struct road *road = *state;
    char topic[512];
    char *signed_text = signer_seal(road->signer, &message);

    assert_non_null(signed_text);
    signer_topic(&message, topic);
    struct screen *screen = road_start(road, NULL, NULL);
    assert_true(screen_wait(screen, "line-up", "", 1));
    assert_true(link_publish(peer_link(road->peer), topic, signed_text,
                             strlen(signed_text), 1, false, 1));
    for (uint64_t i = 2; i < 8; i++)
        assert_true(link_publish(peer_link(road->peer), topic, "forged", 6, 1,
                                 false, i));
    assert_true(screen_wait(screen, "shown", "q01", 1));
    free(signed_text);
    assert_int_equal(screen_stop(screen), 0);
}

static void an_alert_takes_the_glass_and_a_cancel_gives_it_back(void **state)
{
    struct road *road = *state;
    struct screen *screen = road_start(road, "--dwell", "300");

    road_push_panel(road, "q01", 1);
    assert_true(screen_wait(screen, "shown", "q01", 1));
    road_push(road, "alert", "drill", 1, signer_drill);
    assert_true(screen_wait(screen, "shown", "drill", 1));
    int before = screen_count(screen, "came", "q01");
    road_push(road, "alert-cancel", "drill", 2, signer_drill_cancel);
    assert_true(screen_wait(screen, "ended", "drill", 1));
    assert_true(screen_wait(screen, "came", "q01", before + 1));
    road_push_panel(road, "q02", 1);
    assert_true(screen_wait(screen, "shown", "q02", 1));
    assert_int_equal(screen_stop(screen), 0);
}

/* Who did not hear the receipt still learns that it was shown. */
static void the_state_tells_alerts_board_and_place(void **state)
{
    struct road *road = *state;
    struct peer *reader = peer_connect(broker_url(road->broker), "reader");
    size_t next = 0;

    assert_true(peer_subscribe(reader, "gaoshi/1/erqi/screen/lobby-1/state"));
    struct screen *screen = road_start(road, "--dwell", "300");
    assert_true(road_hears(reader, &next, "\"resident_bytes\":"));
    road_push(road, "alert", "drill", 1, signer_drill);
    assert_true(screen_wait(screen, "shown", "drill", 1));
    assert_true(
        road_hears(reader, &next, "\"shown\":[{\"id\":\"drill\",\"seq\":1,"));
    const struct peer_message *told = peer_wait_message(reader, next - 1);
    struct screen_state *read = screen_state_parse(told->payload, told->bytes);
    assert_non_null(read);
    assert_string_equal(read->showing, "alert/drill");
    assert_int_equal(read->live_count, 1);
    assert_string_equal(read->live[0].id, "drill");
    assert_true(read->until_ms > read->at_ms);
    assert_true(read->run > 0);
    assert_true(read->memory_free_bytes > 0);
    assert_true(strstr(read->system, "Linux ") == read->system);
    road_push(road, "alert-cancel", "drill", 2, signer_drill_cancel);
    assert_true(screen_wait(screen, "ended", "drill", 1));
    assert_true(road_hears(reader, &next, "\"alerts\":0"));
    free(read);
    told = peer_wait_message(reader, next - 1);
    read = screen_state_parse(told->payload, told->bytes);
    assert_int_equal(read->live_count, 0);
    assert_string_equal(read->shown[0].id, "drill");
    free(read);
    assert_int_equal(screen_stop(screen), 0);
    peer_destroy(reader);
}

/* Panels that come while it stands are shown, and it does not end. Each is
 * pushed when the one before has been seen. */
static void below_a_yellow_alert_the_programme_goes_on(void **state)
{
    struct road *road = *state;
    struct screen *screen = road_start(road, "--dwell", "300");

    road_push_panel(road, "q01", 1);
    assert_true(screen_wait(screen, "shown", "q01", 1));
    road_push(road, "alert", "wind", 1, road_yellow_drill);
    assert_true(screen_wait(screen, "shown", "wind", 1));
    road_push_panel(road, "q02", 1);
    assert_true(screen_wait(screen, "shown", "q02", 1));
    road_push_panel(road, "q03", 1);
    assert_true(screen_wait(screen, "shown", "q03", 1));
    assert_int_equal(screen_count(screen, "ended", "wind"), 0);
    /* One with the whole glass hides the programme. */
    road_push(road, "alert", "drill", 1, signer_drill);
    assert_true(screen_wait(screen, "shown", "drill", 1));
    road_push(road, "alert-cancel", "drill", 2, signer_drill_cancel);
    assert_true(screen_wait(screen, "ended", "drill", 1));
    road_push_panel(road, "q04", 1);
    assert_true(screen_wait(screen, "shown", "q04", 1));
    assert_int_equal(screen_count(screen, "ended", "wind"), 0);
    assert_int_equal(screen_stop(screen), 0);
}

static void a_broker_that_lost_everything_gets_its_screen_back(void **state)
{
    struct road *road = *state;
    struct screen *screen = road_start(road, "--dwell", "300");

    road_push_panel(road, "q01", 1);
    assert_true(screen_wait(screen, "shown", "q01", 1));
    broker_kill(road->broker);
    broker_forget(road->broker);
    assert_true(screen_wait(screen, "line-down", "", 1));
    assert_true(broker_restart(road->broker));
    assert_true(screen_wait(screen, "line-up", "", 2));
    assert_true(peer_wait_connected(road->peer, 2));
    road_push_panel(road, "q02", 1);
    assert_true(screen_wait(screen, "shown", "q02", 1));
    assert_int_equal(screen_count(screen, "ended", "q01"), 0);
    assert_int_equal(screen_stop(screen), 0);
}

static void a_restart_without_a_broker_shows_the_last_programme(void **state)
{
    struct road *road = *state;
    struct screen *screen = road_start(road, NULL, NULL);

    road_push_panel(road, "q01", 1);
    road_push(road, "alert", "drill", 1, signer_drill);
    assert_true(screen_wait(screen, "shown", "drill", 1));
    assert_true(screen_wait(screen, "verified", "q01", 1));
    assert_int_equal(screen_stop(screen), 0);
    broker_stop(road->broker);
    screen = road_start(road, NULL, NULL);
    assert_true(screen_wait(screen, "shown", "drill", 1));
    assert_int_equal(screen_count(screen, "line-up", ""), 0);
    assert_int_equal(screen_stop(screen), 0);
}

static bool has_picture(void *context)
{
    glob_t found = {0};
    bool has = glob(context, 0, NULL, &found) == 0;

    globfree(&found);
    return has;
}

/* Waits for the picture of the panel level at rest, and copies its digits: the
 * middle of the page, away from clock and marks. */
static uint32_t *look(struct road *road)
{
    char *pattern = folder_path(road->folder, "*-panel-level-1.png");
    struct problem problem = {0};
    uint32_t *pixels = NULL, *copy = malloc(640 * 160 * sizeof *copy);
    int width, height;

    assert_true(process_wait_until(has_picture, pattern));
    glob_t found = {0};
    assert_int_equal(glob(pattern, 0, NULL, &found), 0);
    if (!picture_read(found.gl_pathv[0], &pixels, &width, &height, &problem))
        fail_msg("%s: %s", problem.place, problem.expected);
    assert_int_equal(width, 640);
    memcpy(copy, pixels + 640 * 120, 640 * 160 * sizeof *copy);
    unlink(found.gl_pathv[0]);
    globfree(&found);
    free(pixels);
    free(pattern);
    return copy;
}

static uint32_t *restart_and_look(struct road *road)
{
    struct screen *screen = road_start(road, NULL, NULL);
    uint32_t *picture = look(road);

    assert_int_equal(screen_stop(screen), 0);
    return picture;
}

/* Ten values a second of three names, for two seconds: what was kept is the
 * last one, with the broker and without it. */
static void live_figures_are_the_same_after_a_restart(void **state)
{
    static const char *const names[] = {"river", "queue", "air"};
    static const char content[] =
        "{\"template\": \"figure\", \"section\": \"garden\", \"title\": "
        "\"水位\", \"figures\": [{\"value\": 10.25, \"unit\": \"米\", "
        "\"bind\": \"river\"}]}";
    struct road *road = *state;
    struct screen *screen = road_start(road, NULL, NULL);
    int64_t seq = clock_wall_ms();
    char value[64];

    road_push(road, "panel", "level", seq, content);
    uint32_t *before = look(road);
    for (int step = 0; step < 20; step++)
        for (int i = 0; i < 3; i++) {
            snprintf(value, sizeof value, "{\"value\": %d.75}", 40 + step);
            road_push(road, "figure", names[i], ++seq, value);
        }
    road_push_panel(road, "zz", ++seq);
    assert_true(screen_wait(screen, "verified", "zz", 1));
    assert_int_equal(screen_count(screen, "refused", "river"), 0);
    assert_int_equal(screen_stop(screen), 0);
    uint32_t *with = restart_and_look(road);
    broker_stop(road->broker);
    uint32_t *without = restart_and_look(road);
    assert_memory_not_equal(before, with, 640 * 160 * sizeof *with);
    assert_memory_equal(with, without, 640 * 160 * sizeof *with);
    free(before);
    free(with);
    free(without);
}

static void a_store_that_cannot_be_opened_does_not_stop_the_screen(void **state)
{
    struct road *road = *state;

    free(road->store);
    road->store = strdup("/proc/gaoshi.db");
    struct screen *screen = road_start(road, NULL, NULL);
    road_push_panel(road, "q01", 1);
    road_push_panel(road, "q02", 1);
    assert_true(screen_wait(screen, "shown", "q01", 1));
    assert_int_equal(screen_count_log(screen, "store:"), 1);
    assert_int_equal(screen_stop(screen), 0);
}

static int64_t end_number(const struct road *road, const char *key)
{
    char *journal = folder_read(road->folder, "journal.jsonl");
    char *last = journal ? strstr(journal, "{\"at_ms\"") : NULL;
    int64_t number = -1;

    for (char *at = last; at; at = strstr(at + 1, "{\"at_ms\""))
        last = at;
    json_t *entry = last ? json_loads(last, 0, NULL) : NULL;
    if (entry)
        number = json_integer_value(json_object_get(entry, key));
    json_decref(entry);
    free(journal);
    return number;
}

/* How often the loop turned, and how often it drew, until its end. */
struct loop_count {
    int64_t turns, frames;
};

static struct loop_count run_to_end(const struct road *road,
                                    struct screen *screen)
{
    assert_int_equal(screen_wait_end(screen), 0);
    return (struct loop_count){end_number(road, "turns"),
                               end_number(road, "frames")};
}

/* A turn without a frame is one that nothing but time or the line asked for;
 * a loop that spins has millions. */
static void while_a_panel_stands_the_loop_sleeps(void **state)
{
    enum { QUIET_TURNS = 60 };
    struct road *road = *state;

    road_push_panel(road, "q01", 1);
    struct screen *screen = road_start(road, "--seconds", "6");
    assert_true(screen_wait(screen, "shown", "q01", 1));
    struct loop_count count = run_to_end(road, screen);
    assert_true(count.frames > 0);
    assert_true(count.turns - count.frames < QUIET_TURNS);
}

/* Its slow movement is twelve frames a second, not sixty. */
static void while_an_alert_stands_the_loop_sleeps_between_beats(void **state)
{
    enum { SECONDS = 6, BEATS_A_SECOND = 13, QUIET_TURNS = 60 };
    struct road *road = *state;

    road_push(road, "alert", "drill", 1, signer_drill);
    struct screen *screen = road_start(road, "--seconds", "6");
    assert_true(screen_wait(screen, "shown", "drill", 1));
    struct loop_count count = run_to_end(road, screen);
    assert_true(count.frames > SECONDS);
    assert_true(count.turns < SECONDS * BEATS_A_SECOND + QUIET_TURNS);
}

static void presence_and_state_say_what_the_screen_does(void **state)
{
    static const char presence[] = "gaoshi/1/erqi/screen/lobby-1/presence";
    struct road *road = *state;
    size_t next = 0;

    assert_true(peer_subscribe(road->peer, presence));
    struct screen *screen = road_start(road, NULL, NULL);
    assert_true(road_hears(road->peer, &next, "\"online\""));
    assert_true(
        peer_subscribe(road->peer, "gaoshi/1/erqi/screen/lobby-1/state"));
    road_push_panel(road, "q01", 1);
    assert_true(road_hears(road->peer, &next, "\"panel/q01\""));
    assert_int_equal(screen_stop(screen), 0);
    assert_true(road_hears(road->peer, &next, "\"offline\""));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, road_open, road_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_pushed_panel_is_shown_and_receipts_say_so),
        TEST(a_message_of_tomorrow_is_shown_and_the_receipt_says_what_of_it),
        TEST(what_waits_at_the_broker_is_shown_after_the_start),
        TEST(an_unsigned_message_changes_nothing_and_is_one_line),
        TEST(a_flood_of_forged_messages_does_not_fill_the_log),
        TEST(a_forged_message_right_behind_does_not_hide_the_signed),
        TEST(an_alert_takes_the_glass_and_a_cancel_gives_it_back),
        TEST(the_state_tells_alerts_board_and_place),
        TEST(below_a_yellow_alert_the_programme_goes_on),
        TEST(a_broker_that_lost_everything_gets_its_screen_back),
        TEST(a_restart_without_a_broker_shows_the_last_programme),
        TEST(live_figures_are_the_same_after_a_restart),
        TEST(a_store_that_cannot_be_opened_does_not_stop_the_screen),
        TEST(while_a_panel_stands_the_loop_sleeps),
        TEST(while_an_alert_stands_the_loop_sleeps_between_beats),
        TEST(presence_and_state_say_what_the_screen_does),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
