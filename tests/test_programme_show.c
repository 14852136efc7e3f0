/* panel list, show and update, and programme show: what an operator sees of the
 * panels that were sent from here. */
#include "display/edge/render/picture.h"
#include "source_dir.h"
#include "tests/support/folder.h"
#include "tests/support/made_picture.h"
#include "tests/support/publisher_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>

#include <cmocka.h>

static void push(struct publisher_fixture *publisher, const char *id,
                 const char *scope, const char *schedule)
{
    char text[1024], name[64];
    char *file;

    snprintf(name, sizeof name, "%s.json", id);
    snprintf(text, sizeof text,
             "{\"gaoshi\": 1, \"kind\": \"panel\", \"id\": \"%s\", \"panel\": "
             "{\"template\": \"title\", \"section\": \"general\", \"title\": "
             "\"%s\", \"schedule\": %s}}",
             id, id, schedule);
    assert_true(folder_write(publisher->folder, name, text));
    file = folder_path(publisher->folder, name);
    PUBLISHER_SEND(publisher, "panel", "push", file, "--scope", scope);
    assert_int_equal(publisher->result.code, 0);
    free(file);
}

static json_t *show(struct publisher_fixture *publisher, const char *flag,
                    const char *value, const char *from, const char *to)
{
    PUBLISHER_RUN(publisher, "programme", "show", "--org", "erqi", flag, value,
                  "--on", "2026-10-01", "--from", from, "--to", to, "--zone",
                  "Asia/Shanghai", "--size", "640x360", "--data",
                  GAOSHI_SOURCE_DIR, "--json");
    if (publisher->result.code != 0)
        fail_msg("%s", publisher->result.err);
    json_t *answer = json_loads(publisher->result.out, 0, NULL);
    assert_non_null(answer);
    return answer;
}

/* «07:00-09:00 a b; …» */
static void expect_spans(const json_t *answer, const char *expected)
{
    char text[512] = "";
    size_t i, k;
    json_t *span, *panel;

    json_array_foreach(json_object_get(answer, "spans"), i, span)
    {
        size_t at = strlen(text);
        at += (size_t)snprintf(
            text + at, sizeof text - at, "%s%.5s-%.5s", i > 0 ? "; " : "",
            json_string_value(json_object_get(span, "from")) + 11,
            json_string_value(json_object_get(span, "until")) + 11);
        json_array_foreach(json_object_get(span, "panels"), k, panel) at +=
            (size_t)snprintf(text + at, sizeof text - at, " %s",
                             json_string_value(json_object_get(panel, "id")));
    }
    assert_string_equal(text, expected);
}

static void expect_warnings(const json_t *answer, const char *const *expected)
{
    const json_t *warnings = json_object_get(answer, "warnings");
    size_t count = 0;

    while (expected[count])
        count++;
    assert_int_equal(json_array_size(warnings), count);
    for (size_t i = 0; i < count; i++)
        if (!strstr(json_string_value(json_array_get(warnings, i)),
                    expected[i]))
            fail_msg("«%s», expected «%s»",
                     json_string_value(json_array_get(warnings, i)),
                     expected[i]);
}
#define WARNINGS(...) ((const char *const[]){__VA_ARGS__, NULL})

static void a_day_is_told_before_it_comes(void **state)
{
    struct publisher_fixture *publisher = *state;

    push(publisher, "all-day", "all", "{\"hours\": [\"06:00-22:00\"]}");
    push(publisher, "holiday", "area-41",
         "{\"dates\": [\"holiday\"], \"hours\": [\"07:00-09:00\"]}");
    push(publisher, "workday", "area-410103", "{\"dates\": [\"workday\"]}");
    push(publisher, "elsewhere", "area-42", "{}");
    push(publisher, "short", "screen-lobby-1",
         "{\"hours\": "
         "[\"08:00-08:01\"]}");
    json_t *answer = show(publisher, "--area", "410103", "05:00", "10:00");
    expect_spans(answer, "05:00-06:00; 06:00-07:00 all-day; 07:00-09:00 "
                         "all-day holiday; 09:00-10:00 all-day");
    expect_warnings(answer, WARNINGS("05:00 to 06:00: nothing to show",
                                     "workday (area-410103) never comes"));
    json_decref(answer);

    /* On one screen, also what goes to it alone; of an inventory, its area. */
    assert_true(folder_write(publisher->folder, "screens.csv",
                             "id,place,area,groups,notes\n"
                             "lobby-1,厅,410103001002,,\n"));
    char *inventory = folder_path(publisher->folder, "screens.csv");
    PUBLISHER_RUN(publisher, "programme", "show", "--org", "erqi", "--screen",
                  "lobby-1", "--inventory", inventory, "--on", "2026-10-01",
                  "--from", "07:59", "--to", "08:02", "--zone", "Asia/Shanghai",
                  "--size", "640x360", "--data", GAOSHI_SOURCE_DIR, "--json");
    answer = json_loads(publisher->result.out, 0, NULL);
    assert_non_null(answer);
    expect_spans(answer, "07:59-08:00 all-day holiday; 08:00-08:01 all-day "
                         "holiday short; 08:01-08:02 all-day holiday");
    json_decref(answer);
    free(inventory);
}

static void more_content_than_time_is_told(void **state)
{
    struct publisher_fixture *publisher = *state;

    push(publisher, "a", "all", "{\"stand_s\": 120}");
    push(publisher, "b", "all", "{\"stand_s\": 120}");
    push(publisher, "c", "all",
         "{\"stand_s\": 600, \"hours\": [\"08:00-08:03\"]}");
    json_t *answer = show(publisher, "--area", "410103", "08:00", "08:03");
    expect_warnings(answer,
                    WARNINGS("08:00 to 08:03: a round of 3 panels takes 14:",
                             "c (all) never comes"));
    json_decref(answer);
    push(publisher, "d", "all", "{\"dates\": [\"workday\"]}");
    PUBLISHER_RUN(publisher, "programme", "show", "--org", "erqi", "--area",
                  "41", "--on", "2099-10-01", "--to", "00:10", "--size",
                  "640x360", "--data", GAOSHI_SOURCE_DIR);
    publisher_expect(publisher, 0,
                     "the tables of holidays end with 2026: days of 2099 count "
                     "by the week alone");
    assert_non_null(strstr(publisher->result.out, "area 41 on 2099-10-01"));
    /* What a notice does not name of its year follows the week by intent. */
    PUBLISHER_RUN(publisher, "programme", "show", "--org", "erqi", "--area",
                  "41", "--on", "2026-12-31", "--to", "00:10", "--size",
                  "640x360", "--data", GAOSHI_SOURCE_DIR);
    publisher_expect(publisher, 0, "");
    assert_null(strstr(publisher->result.err, "tables of holidays"));
}

static void a_sheet_is_drawn(void **state)
{
    struct publisher_fixture *publisher = *state;
    char *sheet = folder_path(publisher->folder, "sheet.png");

    push(publisher, "a", "all", "{}");
    push(publisher, "b", "all", "{}");
    PUBLISHER_RUN(publisher, "programme", "show", "--org", "erqi", "--screen",
                  "lobby-1", "--on", "2026-10-01", "--from", "08:00", "--to",
                  "08:05", "--size", "640x360", "--data", GAOSHI_SOURCE_DIR,
                  "--sheet", sheet);
    publisher_expect(publisher, 0, "is in no inventory");
    assert_int_equal(access(sheet, R_OK), 0);
    free(sheet);
}

static long count_red(const char *file)
{
    struct problem problem = {0};
    uint32_t *pixels;
    int width, height;
    long red = 0;

    if (!picture_read(file, &pixels, &width, &height, &problem))
        fail_msg("%s: %s", file, problem.expected);
    for (long i = 0; i < (long)width * height; i++)
        red += made_is_near(pixels[i] & 0xFFFFFF, made_colour(0));
    free(pixels);
    return red;
}

static char *write_poster(const struct publisher_fixture *publisher)
{
    const struct made_options options = {.width = 300, .height = 400};
    struct made_picture made = made_jpeg(&options);
    char *path = folder_path(publisher->folder, "poster.jpg");
    FILE *file = fopen(path, "wbe");

    assert_non_null(file);
    assert_int_equal(fwrite(made.bytes, 1, made.size, file), made.size);
    assert_int_equal(fclose(file), 0);
    free(made.bytes);
    return path;
}

/* A quarter of the poster is red. */
static void the_sheet_shows_pictures(void **state)
{
    struct publisher_fixture *publisher = *state;
    char *sheet = folder_path(publisher->folder, "sheet.png");
    char *poster = write_poster(publisher);

    PUBLISHER_SEND(publisher, "panel", "push", poster, "--title", "文化节",
                   "--id", "poster");
    assert_int_equal(publisher->result.code, 0);
    PUBLISHER_RUN(publisher, "programme", "show", "--org", "erqi", "--area",
                  "41", "--on", "2026-10-01", "--from", "08:00", "--to",
                  "08:05", "--size", "640x360", "--data", GAOSHI_SOURCE_DIR,
                  "--sheet", sheet);
    publisher_expect(publisher, 0, "");
    assert_true(count_red(sheet) > 480L * 270 / 20);
    /* So is it where the panel is changed. */
    PUBLISHER_SEND(publisher, "panel", "update", "poster", "--set",
                   "subtitle=九月", "--preview", sheet, "--size", "640x360",
                   "--data", GAOSHI_SOURCE_DIR);
    publisher_expect(publisher, 0, "");
    assert_true(count_red(sheet) > 640L * 360 / 20);
    free(sheet);
    free(poster);
}

/* Its id is made of the file's name. */
static void a_push_of_a_picture_tells_what_it_replaces(void **state)
{
    struct publisher_fixture *publisher = *state;
    char *poster = write_poster(publisher);
    char *nothing = folder_path(publisher->folder, "nothing.jpg");

    for (int again = 0; again < 2; again++) {
        PUBLISHER_SEND(publisher, "panel", "push", poster, "--title", "文化节");
        publisher_expect(publisher, 0, "");
        assert_null(strstr(publisher->result.err, "replaces"));
    }
    PUBLISHER_SEND(publisher, "panel", "push", poster, "--title", "文化节",
                   "--template", "photo");
    publisher_expect(publisher, 0, "'poster': this panel replaces «文化节»");
    PUBLISHER_SEND(publisher, "panel", "push", poster, "--title", "其他",
                   "--id", "poster");
    publisher_expect(publisher, 0, "");
    assert_null(strstr(publisher->result.err, "replaces"));
    PUBLISHER_SEND(publisher, "panel", "push", poster, nothing, "--title",
                   "组图");
    publisher_expect(publisher, 4, "nothing.jpg: No such file or directory");
    free(nothing);
    free(poster);
}

static void a_panel_is_changed_by_flags(void **state)
{
    struct publisher_fixture *publisher = *state;
    struct peer *screen = publisher_screen(publisher);

    push(publisher, "a", "all",
         "{\"weight\": 2, \"hours\": "
         "[\"08:00-09:00\"]}");
    push(publisher, "a", "area-410103", "{}");
    PUBLISHER_SEND(publisher, "panel", "update", "a", "--set", "title=2026",
                   "--set", "schedule.weight=3", "--set",
                   "schedule.hours[0]=07:00-09:00", "--set", "lines=[\"一\"]",
                   "--unset", "subtitle");
    publisher_expect(publisher, 2, "subtitle");
    assert_int_equal(publisher_got_count(screen), 2);
    PUBLISHER_SEND(publisher, "panel", "update", "a", "--set", "title=2026",
                   "--set", "schedule.weight=3", "--set", "lines=[\"一\"]");
    assert_int_equal(publisher->result.code, 0);
    for (size_t i = 2; i < 4; i++) {
        struct message *message = publisher_heard(publisher, screen, i);
        assert_string_equal(message->panel.title, "2026");
        assert_int_equal(message->panel.schedule.weight, 3);
        assert_int_equal(message->panel.line_count, 1);
        message_destroy(message);
    }
    PUBLISHER_SEND(publisher, "panel", "update", "a", "--set", "colour=red");
    publisher_expect(publisher, 2, "panel.colour: unknown field");
    PUBLISHER_SEND(publisher, "panel", "update", "a");
    publisher_expect(publisher, 2, "nothing to change");
    PUBLISHER_SEND(publisher, "panel", "update", "b", "--set", "title=b");
    publisher_expect(publisher, 4, "no panel of this id was sent from here");
    PUBLISHER_SEND(publisher, "panel", "remove", "a");
    PUBLISHER_SEND(publisher, "panel", "update", "a", "--set", "title=b");
    publisher_expect(publisher, 4, "was removed: push it again");
    peer_destroy(screen);
}

static void panels_are_listed_and_shown(void **state)
{
    struct publisher_fixture *publisher = *state;

    PUBLISHER_RUN(publisher, "panel", "list", "--org", "erqi");
    publisher_expect(publisher, 0, "no panel was sent from here");
    push(publisher, "a", "all", "{\"weight\": 2}");
    push(publisher, "b", "group-halls", "{}");
    PUBLISHER_SEND(publisher, "panel", "remove", "b");
    PUBLISHER_RUN(publisher, "panel", "list", "--org", "erqi");
    publisher_expect(publisher, 0, "1 more that ended; --all lists them");
    assert_non_null(strstr(publisher->result.out, "{\"weight\":2}"));
    assert_null(strstr(publisher->result.out, "group-halls"));
    PUBLISHER_RUN(publisher, "panel", "list", "--org", "erqi", "--all");
    assert_non_null(strstr(publisher->result.out, "removed"));
    PUBLISHER_RUN(publisher, "panel", "list", "--org", "erqi", "--json");
    json_t *list = json_loads(publisher->result.out, 0, NULL);
    assert_int_equal(json_array_size(json_object_get(list, "panels")), 1);
    json_decref(list);
    PUBLISHER_RUN(publisher, "panel", "show", "a", "--org", "erqi");
    json_t *body = json_loads(publisher->result.out, 0, NULL);
    assert_string_equal(json_string_value(json_object_get(body, "id")), "a");
    json_decref(body);
    PUBLISHER_RUN(publisher, "panel", "show", "x", "--org", "erqi");
    publisher_expect(publisher, 4, "no panel of this id");
}

static void wrong_words_are_told(void **state)
{
    struct publisher_fixture *publisher = *state;

    PUBLISHER_RUN(publisher, "programme", "show", "--org", "erqi");
    publisher_expect(publisher, 2, "either --screen ID or --area CODE");
    PUBLISHER_RUN(publisher, "programme", "show", "--org", "erqi", "--area",
                  "4");
    publisher_expect(publisher, 2, "no screen and no area code");
    PUBLISHER_RUN(publisher, "programme", "show", "--org", "erqi", "--area",
                  "41", "--on", "2026-02-30");
    publisher_expect(publisher, 2, "expected a date");
    PUBLISHER_RUN(publisher, "programme", "show", "--org", "erqi", "--area",
                  "41", "--from", "7", "--data", GAOSHI_SOURCE_DIR);
    publisher_expect(publisher, 2, "--from '7', expected a time such as 07:00");
    PUBLISHER_RUN(publisher, "programme", "show", "--org", "erqi", "--area",
                  "41", "--to", "27:00", "--data", GAOSHI_SOURCE_DIR);
    publisher_expect(publisher, 1, "expected two times such as 07:00");
    /* Days and times as people say them. */
    PUBLISHER_RUN(publisher, "programme", "show", "--org", "erqi", "--area",
                  "41", "--on", "明天", "--from", "9:00", "--data",
                  GAOSHI_SOURCE_DIR);
    publisher_expect(publisher, 0, "09:00 to 24:00: nothing to show");
}

int main(void)
{
#define TEST(f)                                                                \
    cmocka_unit_test_setup_teardown(f, publisher_open, publisher_close)
    const struct CMUnitTest tests[] = {
        TEST(a_day_is_told_before_it_comes),
        TEST(more_content_than_time_is_told),
        TEST(a_sheet_is_drawn),
        TEST(the_sheet_shows_pictures),
        TEST(a_push_of_a_picture_tells_what_it_replaces),
        TEST(a_panel_is_changed_by_flags),
        TEST(panels_are_listed_and_shown),
        TEST(wrong_words_are_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
