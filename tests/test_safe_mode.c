/* A screen that crashes: real processes that are killed, a real broker. Three
 * in a row lead to safe mode, in which alerts still stand on the glass; what
 * stopped the screen is left out; files that are gone do not darken it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <signal.h>
#include <sys/stat.h>

#include "display/edge/app/run_note.h"
#include "tests/support/folder.h"
#include "tests/support/process.h"
#include "tests/support/program.h"
#include "tests/support/road.h"

#define NOTE "store.db.run"

static bool note_says(const struct road *road, const char *text)
{
    char *note = folder_read(road->folder, NOTE);
    bool says = note && strstr(note, text);

    free(note);
    return says;
}

struct start {
    const struct road *road;
    struct screen *screen;
    char words[32]; /* of the note: which start in a row it is */
};

/* It began anew, and nothing on the glass moves. */
static bool is_at_rest(void *context)
{
    const struct start *start = context;

    return note_says(start->road, start->words) &&
           !note_says(start->road, "drawing ");
}

/* At rest: no message is to blame. */
static void crash(struct road *road, int nth)
{
    struct start begun = {.road = road, .screen = road_start(road, NULL, NULL)};

    snprintf(begun.words, sizeof begun.words, "starts %d\n", nth);
    assert_true(screen_wait(begun.screen, "shown", "q01", 1));
    assert_true(process_wait_until(is_at_rest, &begun));
    assert_int_equal(screen_kill(begun.screen, SIGKILL), 128 + SIGKILL);
}

static int count_safe(struct screen *screen)
{
    return screen_count_log(screen, "safe mode: nothing but words");
}

static bool is_said(struct road *road, const char *text)
{
    for (size_t i = 0; i < peer_messages(road->peer); i++) {
        if (strstr(peer_wait_message(road->peer, i)->payload, text))
            return true;
    }
    return false;
}

static bool says_safe(void *road)
{
    return is_said(road, "\"safe_mode\":true");
}

static void
three_crashes_lead_to_safe_mode_where_alerts_still_show(void **state)
{
    struct road *road = *state;

    road_push_panel(road, "q01", 1);
    for (int i = 1; i <= RUN_NOTE_CRASHES; i++)
        crash(road, i);
    struct screen *screen = road_start(road, NULL, NULL);
    assert_true(screen_wait(screen, "shown", "q01", 1));
    assert_int_equal(count_safe(screen), 1);
    assert_true(
        peer_subscribe(road->peer, "gaoshi/1/erqi/screen/lobby-1/state"));
    road_push(road, "alert", "drill", 1, signer_drill);
    assert_true(screen_wait(screen, "shown", "drill", 1));
    assert_true(process_wait_until(says_safe, road));
    road_push(road, "alert-cancel", "drill", 2, signer_drill_cancel);
    assert_true(screen_wait(screen, "ended", "drill", 1));
    assert_int_equal(screen_stop(screen), 0);
}

static void a_crash_in_safe_mode_leads_back_into_it(void **state)
{
    struct road *road = *state;

    road_push_panel(road, "q01", 1);
    for (int i = 1; i <= RUN_NOTE_CRASHES + 1; i++)
        crash(road, i);
    struct screen *screen = road_start(road, NULL, NULL);
    assert_true(screen_wait(screen, "shown", "q01", 1));
    assert_int_equal(count_safe(screen), 2);
    assert_int_equal(screen_stop(screen), 0);
}

static void an_end_in_order_leads_out_of_safe_mode(void **state)
{
    struct road *road = *state;

    road_push_panel(road, "q01", 1);
    for (int i = 1; i <= RUN_NOTE_CRASHES; i++)
        crash(road, i);
    struct screen *screen = road_start(road, NULL, NULL);
    assert_true(screen_wait(screen, "shown", "q01", 1));
    assert_int_equal(screen_stop(screen), 0);
    screen = road_start(road, NULL, NULL);
    assert_true(screen_wait(screen, "shown", "q01", 1));
    assert_int_equal(count_safe(screen), 1);
    assert_int_equal(screen_stop(screen), 0);
}

static void a_start_without_a_glass_is_no_crash(void **state)
{
    struct road *road = *state;

    road_push_panel(road, "q01", 1);
    for (int i = 0; i < RUN_NOTE_CRASHES + 1; i++)
        assert_int_equal(
            screen_wait_end(road_start(road, "--data", "/nowhere")), 1);
    struct screen *screen = road_start(road, NULL, NULL);
    assert_true(screen_wait(screen, "shown", "q01", 1));
    assert_int_equal(count_safe(screen), 0);
    assert_int_equal(screen_stop(screen), 0);
}

static bool is_at_work(const struct start *start)
{
    return note_says(start->road, start->words) &&
           note_says(start->road, "drawing panel all q01 1 ");
}

/* Stops the screen in the middle of its work; goes on if it was too late. */
static bool is_stopped_at_work(void *context)
{
    struct start *start = context;
    pid_t pid = screen_pid(start->screen);

    if (!is_at_work(start))
        return false;
    kill(pid, SIGSTOP);
    if (is_at_work(start))
        return true;
    kill(pid, SIGCONT);
    return false;
}

static void crash_at_work(struct road *road, int nth)
{
    struct start begun = {.road = road,
                          .screen = road_start(road, "--dwell", "1000")};

    snprintf(begun.words, sizeof begun.words, "starts %d\n", nth);
    assert_true(process_wait_until(is_stopped_at_work, &begun));
    assert_int_equal(screen_kill(begun.screen, SIGKILL), 128 + SIGKILL);
}

static bool says_barred(void *road)
{
    return is_said(road, "it stopped this screen twice");
}

/* It moves for most of its second, so a frame of it is often being drawn. */
static const char moving[] =
    "{\"template\": \"comparison\", \"section\": \"quality\", \"title\": "
    "\"公园\", \"now_label\": \"2020 年\", \"baseline_label\": \"2015 年\", "
    "\"baseline_value\": 97, \"figures\": [{\"value\": 1024, \"unit\": "
    "\"个\"}]}";

/* Two panels, so that each comes again and again from its entrance. */
static void a_panel_that_stopped_the_screen_twice_is_left_out(void **state)
{
    struct road *road = *state;

    road_push(road, "panel", "q01", 1, moving);
    road_push(road, "panel", "q02", 1, moving);
    for (int i = 1; i <= RUN_NOTE_TIMES; i++)
        crash_at_work(road, i);
    assert_true(
        peer_subscribe(road->peer, "gaoshi/1/erqi/screen/lobby-1/receipt"));
    struct screen *screen = road_start(road, "--dwell", "300");
    assert_true(screen_wait(screen, "shown", "q02", 1));
    assert_true(process_wait_until(says_barred, road));
    assert_int_equal(screen_count(screen, "shown", "q01"), 0);
    road_push(road, "panel", "q01", 2, moving);
    assert_true(screen_wait(screen, "shown", "q01", 1));
    assert_int_equal(screen_stop(screen), 0);
}

static void an_alert_that_stopped_the_screen_is_shown_all_the_same(void **state)
{
    struct road *road = *state;
    char boot[64] = "", note[512];
    FILE *file = fopen("/proc/sys/kernel/random/boot_id", "re");

    assert_non_null(file);
    assert_int_equal(fscanf(file, "%63s", boot), 1);
    fclose(file);
    snprintf(note, sizeof note,
             "gaoshi-run 1\nstarts 1\nboot %s\nsetting alert all drill 1 1\n"
             "suspect alert all drill 1 5\n",
             boot);
    assert_true(folder_write(road->folder, NOTE, note));
    struct screen *screen = road_start(road, NULL, NULL);
    road_push(road, "alert", "drill", 1, signer_drill);
    assert_true(screen_wait(screen, "shown", "drill", 1));
    assert_int_equal(count_safe(screen), 0);
    assert_true(note_says(road, "suspect alert all drill 1 6"));
    assert_int_equal(screen_stop(screen), 0);
}

static void a_spoilt_theme_gives_way_and_is_told(void **state)
{
    struct road *road = *state;
    char *theme = folder_path(road->folder, "spoilt.ini");

    assert_true(folder_write(road->folder, "spoilt.ini", "[colours]\nx = 1\n"));
    struct screen *screen = road_start(road, "--theme", theme);
    road_push_panel(road, "q01", 1);
    assert_true(screen_wait(screen, "shown", "q01", 1));
    assert_int_equal(screen_count_log(screen, "spoilt.ini:2"), 1);
    assert_int_equal(screen_stop(screen), 0);
    free(theme);
}

/* Who looks at the configuration beforehand is told as strictly as ever. */
static void a_spoilt_theme_does_not_pass_the_check(void **state)
{
    struct road *road = *state;
    char *theme = folder_path(road->folder, "spoilt.ini");
    struct program_result result;

    assert_true(folder_write(road->folder, "spoilt.ini", "[colours]\nx = 1\n"));
    const char *const words[] = {
        "--check-config", "--org",   "erqi",
        "--screen",       "s1",      "--broker",
        "mqtt://[::1]:1", "--trust", signer_file(road->signer),
        "--theme",        theme,     NULL};
    assert_true(program_run(&result, road->folder, "gaoshi-display", words));
    assert_int_equal(result.code, 2);
    assert_non_null(strstr(result.err, "spoilt.ini:2"));
    program_result_finish(&result);
    free(theme);
}

static void without_themes_and_fonts_list_the_screen_still_shows(void **state)
{
    static const char *const folders[] = {"data", "data/themes", "fonts"};
    struct road *road = *state;

    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
        char *path = folder_path(road->folder, folders[i]);
        assert_int_equal(mkdir(path, 0700), 0);
        free(path);
    }
    assert_true(folder_write(road->folder, "fonts/chain.ini", "[faces]\nx\n"));
    struct screen *screen = road_start(road, "--data", road->folder);
    road_push_panel(road, "q01", 1);
    assert_true(screen_wait(screen, "shown", "q01", 1));
    assert_int_equal(screen_count_log(screen, "goes on with its own"), 2);
    assert_int_equal(screen_stop(screen), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, road_open, road_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(three_crashes_lead_to_safe_mode_where_alerts_still_show),
        TEST(a_crash_in_safe_mode_leads_back_into_it),
        TEST(an_end_in_order_leads_out_of_safe_mode),
        TEST(a_start_without_a_glass_is_no_crash),
        TEST(a_panel_that_stopped_the_screen_twice_is_left_out),
        TEST(an_alert_that_stopped_the_screen_is_shown_all_the_same),
        TEST(a_spoilt_theme_gives_way_and_is_told),
        TEST(a_spoilt_theme_does_not_pass_the_check),
        TEST(without_themes_and_fonts_list_the_screen_still_shows),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
