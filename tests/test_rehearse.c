/* A rehearsal without a window: a recorded session gives the same frames again,
 * time can be moved, and what is saved in the folder is shown. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <poll.h>
#include <unistd.h>

#include "display/edge/rehearse/keys.h"
#include "display/edge/rehearse/rehearsal.h"
#include "display/edge/rehearse/rehearsal_clock.h"
#include "display/edge/render/picture.h"
#include "source_dir.h"
#include "tests/support/folder.h"
#include "tests/support/process.h"
#include "tests/support/program.h"
#include "tests/support/road.h"

#define START "2026-11-30T10:00:00+08:00"

enum { WIDTH = 480, HEIGHT = 270 };

static const char panel_form[] =
    "{\"gaoshi\": 1, \"kind\": \"panel\", \"id\": \"%s\",\n"
    " \"panel\": {\"template\": \"notice\", \"section\": \"warmth\",\n"
    "  \"title\": \"%s\", \"body\": \"%s\"%s}}\n";

static void write_panel(const char *folder, const char *id, const char *title,
                        const char *more)
{
    char name[64], text[2048];

    snprintf(name, sizeof name, "%s.json", id);
    snprintf(text, sizeof text, panel_form, id, title, "放学时段请绕行。",
             more);
    assert_true(folder_write(folder, name, text));
}

static int set_up(void **state)
{
    char *folder = folder_make();

    *state = folder;
    return folder ? 0 : -1;
}

static int tear_down(void **state)
{
    folder_remove(*state);
    free(*state);
    return 0;
}

/* The line of the hash, which the caller frees. */
static char *rehearse(const char *folder, const char *const *words)
{
    struct program_result result;

    assert_true(program_run(&result, folder, "gaoshi-display", words));
    if (result.code != 0)
        print_message("%s", result.err);
    assert_int_equal(result.code, 0);
    const char *frames = strstr(result.out, ": ");
    char *line = strdup(frames ? frames : "");
    program_result_finish(&result);
    assert_non_null(strstr(line, "hash "));
    return line;
}

static char *replay(const char *folder, const char *session)
{
    const char *const words[] = {"rehearse",   "--replay", session,
                                 "--headless", "480x270",  NULL};

    return rehearse(folder, words);
}

static void a_recorded_rehearsal_gives_the_same_frames_three_times(void **state)
{
    const char *folder = *state;
    char *session = folder_path(folder, "a.session");
    const char *const words[] = {"rehearse",
                                 GAOSHI_SOURCE_DIR "/data/samples",
                                 "--headless",
                                 "480x270",
                                 "--seconds",
                                 "40",
                                 "--dwell",
                                 "3000",
                                 "--start",
                                 START,
                                 "--record-session",
                                 session,
                                 NULL};
    char *first = rehearse(folder, words);

    for (int i = 0; i < 3; i++) {
        char *again = replay(folder, session);
        assert_string_equal(again, first);
        free(again);
    }
    free(first);
    free(session);
}

/* What the flags borrow lies here. */
static char words_of_load[24][300];

static bool load(struct rehearsal *rehearsal, const char *path,
                 const char *const *words)
{
    static const char *const usual[] = {"rehearse", "--headless", "480x270",
                                        "--start",  START,        "--motion",
                                        "none",     NULL};
    struct config *config = calloc(1, sizeof *config);
    struct problem problem = {0};
    char *argv[24] = {NULL};
    int argc = 0, operands = 0;

    for (const char *const *word = usual; *word; word++, argc++)
        snprintf(words_of_load[argc], sizeof words_of_load[0], "%s", *word);
    for (; words && *words; words++, argc++)
        snprintf(words_of_load[argc], sizeof words_of_load[0], "%s", *words);
    for (int i = 0; i < argc; i++)
        argv[i] = words_of_load[i];
    assert_non_null(config);
    assert_true(
        config_load(config, CONFIG_REHEARSE, argc, argv, &operands, &problem));
    bool made = rehearsal_init(rehearsal, config, path, &problem);
    if (!made)
        print_message("%s: %s\n", problem.place, problem.expected);
    free(config);
    return made;
}

static void begin(struct rehearsal *rehearsal, const char *path)
{
    assert_true(load(rehearsal, path, NULL));
    rehearsal_turn(rehearsal, 0, true);
}

static const char *shown(const struct rehearsal *rehearsal)
{
    const struct message *message = rehearsal->scene.message;

    return message ? message->id : "";
}

static void run_until(struct rehearsal *rehearsal, int64_t ms)
{
    while (rehearsal->next_ms <= ms)
        rehearsal_turn(rehearsal, rehearsal->next_ms, true);
    rehearsal_turn(rehearsal, ms, true);
}

static bool stands(const struct rehearsal *rehearsal, const char *id)
{
    const struct message *above = rehearsal->scene.alert.message;

    return strcmp(shown(rehearsal), id) == 0 ||
           (above && strcmp(above->id, id) == 0);
}

/* Runs to the end. */
static bool saw(struct rehearsal *rehearsal, const char *id)
{
    rehearsal_turn(rehearsal, 0, true);
    bool seen = stands(rehearsal, id);
    while (!rehearsal_is_over(rehearsal)) {
        rehearsal_turn(rehearsal, rehearsal->next_ms, true);
        seen |= stands(rehearsal, id);
    }
    return seen;
}

static void a_session_of_a_screen_is_replayed_to_the_same_frames(void **state)
{
    struct road *road = *state;
    char *session = folder_path(road->folder, "screen.session");
    struct screen *screen = road_start(road, "--record-session", session);
    const char *const words[] = {"--replay", session, NULL};
    struct rehearsal rehearsal;

    road_push_panel(road, "q01", 1);
    assert_true(screen_wait(screen, "shown", "q01", 1));
    road_push(road, "alert", "drill", 2, road_yellow_drill);
    assert_true(screen_wait(screen, "shown", "drill", 1));
    assert_int_equal(screen_stop(screen), 0);

    char *first = replay(road->folder, session);
    for (int i = 0; i < 2; i++) {
        char *again = replay(road->folder, session);
        assert_string_equal(again, first);
        free(again);
    }
    /* The messages are verified by the keys of that screen. */
    assert_true(load(&rehearsal, NULL, words));
    assert_true(saw(&rehearsal, "q01"));
    rehearsal_finish(&rehearsal);
    assert_true(load(&rehearsal, NULL, words));
    assert_true(saw(&rehearsal, "drill"));
    rehearsal_finish(&rehearsal);
    free(first);
    free(session);
}

static void a_session_cut_off_by_a_power_cut_is_shown_up_to_there(void **state)
{
    const char *folder = *state;
    char *session = folder_path(folder, "a.session");
    const char *const words[] = {"--record-session", session, NULL};
    const char *const again[] = {"--replay", session, NULL};
    struct rehearsal rehearsal;

    write_panel(folder, "a", "甲", "");
    write_panel(folder, "b", "乙", "");
    assert_true(load(&rehearsal, folder, words));
    rehearsal_finish(&rehearsal);
    char *text = folder_read(folder, "a.session");
    char *last = strstr(text, "\"id\":\"b\"") ? strstr(text, "\"id\":\"b\"")
                                              : strstr(text, "\"b\"");
    assert_non_null(last);
    *last = '\0';
    assert_true(folder_write(folder, "a.session", text));
    assert_true(load(&rehearsal, NULL, again));
    assert_int_equal(rehearsal.session.count, 1);
    rehearsal_turn(&rehearsal, 0, true);
    assert_string_equal(shown(&rehearsal), "a");
    rehearsal_finish(&rehearsal);
    free(text);
    free(session);
}

static void a_file_that_is_no_session_is_refused_by_name(void **state)
{
    const char *folder = *state;
    char *file = folder_path(folder, "notes.txt");
    const char *const words[] = {"rehearse",   "--replay", file,
                                 "--headless", "480x270",  NULL};
    struct program_result result;

    assert_true(folder_write(folder, "notes.txt", "hello\n"));
    assert_true(program_run(&result, folder, "gaoshi-display", words));
    assert_int_equal(result.code, 1);
    assert_non_null(strstr(result.err, "notes.txt"));
    assert_non_null(strstr(result.err, "no recorded session"));
    program_result_finish(&result);
    free(file);
}

static void the_next_page_comes_and_the_one_before(void **state)
{
    struct rehearsal rehearsal;

    write_panel(*state, "a", "甲", ", \"order\": 1");
    write_panel(*state, "b", "乙", ", \"order\": 2");
    begin(&rehearsal, *state);
    assert_string_equal(shown(&rehearsal), "a");
    rehearsal_step(&rehearsal, 1);
    rehearsal_turn(&rehearsal, 0, true);
    assert_string_equal(shown(&rehearsal), "b");
    rehearsal_step(&rehearsal, -1);
    rehearsal_turn(&rehearsal, 0, true);
    assert_string_equal(shown(&rehearsal), "a");
    rehearsal_finish(&rehearsal);
}

static void a_page_is_moved_in_its_own_time_but_not_out_of_it(void **state)
{
    struct rehearsal rehearsal;

    write_panel(*state, "a", "甲", ", \"order\": 1");
    write_panel(*state, "b", "乙", ", \"order\": 2");
    begin(&rehearsal, *state);
    run_until(&rehearsal, 1000);
    assert_int_equal(rehearsal.scene.t_ms, 1000);
    rehearsal_seek(&rehearsal, 500);
    rehearsal_turn(&rehearsal, 1000, true);
    assert_int_equal(rehearsal.scene.t_ms, 1500);
    rehearsal_seek(&rehearsal, -5000);
    rehearsal_turn(&rehearsal, 1000, true);
    assert_int_equal(rehearsal.scene.t_ms, 0);
    rehearsal_seek(&rehearsal, 3600 * 1000);
    rehearsal_turn(&rehearsal, 1000, true);
    assert_string_equal(shown(&rehearsal), "a");
    assert_true(rehearsal.scene.t_ms > 2000);
    /* The page was at its end: the next one comes at once. */
    rehearsal_turn(&rehearsal, rehearsal.next_ms, true);
    assert_int_equal(rehearsal.now_ms, 1001);
    assert_string_equal(shown(&rehearsal), "b");
    rehearsal_finish(&rehearsal);
}

static void a_jump_shows_what_the_schedule_has_at_that_time(void **state)
{
    const int64_t hour_ms = 3600 * 1000;
    struct rehearsal rehearsal;

    write_panel(*state, "morning", "早", "");
    write_panel(*state, "evening", "晚",
                ", \"schedule\": {\"hours\": [\"18:00-20:00\"]}");
    begin(&rehearsal, *state);
    int64_t wall_ms = rehearsal_moment(&rehearsal).wall_ms;
    assert_int_equal(rehearsal.scene.total, 1);
    rehearsal_go(&rehearsal, wall_ms + 9 * hour_ms);
    assert_int_equal(rehearsal.scene.total, 2);
    assert_int_equal(rehearsal_moment(&rehearsal).wall_ms,
                     wall_ms + 9 * hour_ms);
    rehearsal_go(&rehearsal, wall_ms);
    assert_int_equal(rehearsal.scene.total, 1);
    rehearsal_finish(&rehearsal);
}

static void the_glass_is_dark_in_its_dark_hours(void **state)
{
    const int64_t hour_ms = 3600 * 1000;
    char *conf = folder_path(*state, "display.conf");
    const char *const words[] = {"--config", conf, NULL};
    struct rehearsal rehearsal;

    write_panel(*state, "a", "甲", "");
    assert_true(
        folder_write(*state, "display.conf", "[hours]\ndark = 23:00-06:00\n"));
    assert_true(load(&rehearsal, *state, words));
    rehearsal_turn(&rehearsal, 0, true);
    const struct renderer_pixels pixels =
        renderer_pixels(rehearsal.glass.renderer);
    assert_true((pixels.pixels[0] & 0xFFFFFF) != 0);
    rehearsal_go(&rehearsal,
                 rehearsal_moment(&rehearsal).wall_ms + 14 * hour_ms);
    assert_int_equal(pixels.pixels[0] & 0xFFFFFF, 0);
    rehearsal_finish(&rehearsal);
    free(conf);
}

static void a_replay_goes_to_a_time_of_its_session(void **state)
{
    const char *folder = *state;
    char *session = folder_path(folder, "a.session");
    const char *const words[] = {"--record-session", session, NULL};
    const char *const again[] = {"--replay", session, NULL};
    struct rehearsal rehearsal;
    struct problem problem = {0};

    write_panel(folder, "a", "甲", "");
    assert_true(load(&rehearsal, folder, words));
    rehearsal_turn(&rehearsal, 0, true);
    run_until(&rehearsal, 10000);
    assert_true(rehearsal_drill(&rehearsal, ALERT_LEVEL_RED, &problem));
    run_until(&rehearsal, 20000);
    rehearsal_finish(&rehearsal);

    assert_true(load(&rehearsal, NULL, again));
    rehearsal_turn(&rehearsal, 0, true);
    int64_t wall_ms = rehearsal_moment(&rehearsal).wall_ms;
    rehearsal_go(&rehearsal, wall_ms + 15000);
    assert_string_equal(shown(&rehearsal), "drill-flood-red");
    rehearsal_go(&rehearsal, wall_ms + 5000);
    assert_string_equal(shown(&rehearsal), "a");
    rehearsal_finish(&rehearsal);
    free(session);
}

static void each_level_has_a_drill_that_is_raised_and_cancelled(void **state)
{
    static const struct {
        enum alert_level level;
        const char *id;
    } drills[] = {
        {ALERT_LEVEL_RED, "drill-flood-red"},
        {ALERT_LEVEL_ORANGE, "drill-flood-orange"},
        {ALERT_LEVEL_YELLOW, "drill-flood-yellow"},
        {ALERT_LEVEL_BLUE, "drill-flood-blue"},
    };
    struct rehearsal rehearsal;
    struct problem problem = {0};
    size_t count;

    write_panel(*state, "a", "甲", "");
    begin(&rehearsal, *state);
    for (size_t i = 0; i < 4; i++) {
        assert_true(rehearsal_drill(&rehearsal, drills[i].level, &problem));
        const struct message *const *alerts = board_alerts(rehearsal.board,
                                                           &count);
        assert_int_equal(count, 1);
        assert_string_equal(alerts[0]->id, drills[i].id);
        assert_true(rehearsal_drill(&rehearsal, drills[i].level, &problem));
        board_alerts(rehearsal.board, &count);
        assert_int_equal(count, 0);
    }
    rehearsal_finish(&rehearsal);
}

/* The watch says that something was saved, without looking at the clock. */
static void wait_for_save(struct rehearsal *rehearsal)
{
    struct pollfd watch = {.fd = rehearsal->folder.watch_fd, .events = POLLIN};

    do
        assert_int_equal(poll(&watch, 1, PROCESS_LIMIT_MS), 1);
    while (!draft_folder_is_stale(&rehearsal->folder));
    rehearsal_reload(rehearsal);
    rehearsal_turn(rehearsal, rehearsal->now_ms, true);
}

static const char *title_of(const struct rehearsal *rehearsal)
{
    return rehearsal->scene.message->panel.title;
}

static void a_saved_draft_is_shown_and_a_broken_one_keeps_the_last(void **state)
{
    struct rehearsal rehearsal;

    write_panel(*state, "a", "甲", "");
    begin(&rehearsal, *state);
    write_panel(*state, "a", "乙", "");
    wait_for_save(&rehearsal);
    assert_string_equal(title_of(&rehearsal), "乙");

    assert_true(
        folder_write(*state, "a.json",
                     "{\"gaoshi\": 1, \"kind\": \"panel\",\n"
                     " \"id\": \"a\",\n \"panel\": {\"template\": 7}}"));
    wait_for_save(&rehearsal);
    assert_string_equal(title_of(&rehearsal), "乙");
    const struct problem *problem = &rehearsal.folder.drafts[0].problem;
    assert_int_equal(problem->line, 3);
    assert_non_null(strstr(problem->place, "a.json"));
    assert_non_null(strstr(problem->consequence, "last good version"));

    write_panel(*state, "a", "丙", "");
    wait_for_save(&rehearsal);
    assert_string_equal(title_of(&rehearsal), "丙");
    assert_int_equal(rehearsal.folder.drafts[0].problem.code, PROBLEM_NONE);
    rehearsal_finish(&rehearsal);
}

static void a_new_draft_comes_and_a_removed_one_goes(void **state)
{
    struct rehearsal rehearsal;
    char *file = folder_path(*state, "a.json");

    write_panel(*state, "a", "甲", "");
    begin(&rehearsal, *state);
    write_panel(*state, "b", "乙", "");
    wait_for_save(&rehearsal);
    assert_int_equal(rehearsal.scene.total, 2);
    assert_int_equal(unlink(file), 0);
    wait_for_save(&rehearsal);
    assert_int_equal(rehearsal.scene.total, 1);
    rehearsal_finish(&rehearsal);
    free(file);
}

static void two_drafts_of_one_id_are_told(void **state)
{
    struct rehearsal rehearsal;
    char *file = folder_path(*state, "a.json");

    write_panel(*state, "a", "甲", "");
    begin(&rehearsal, *state);
    char text[2048];
    snprintf(text, sizeof text, panel_form, "a", "乙", "放学时段请绕行。", "");
    assert_true(folder_write(*state, "z.json", text));
    wait_for_save(&rehearsal);
    assert_string_equal(title_of(&rehearsal), "甲");
    assert_non_null(
        strstr(rehearsal.folder.drafts[1].problem.expected, "a.json"));
    /* Without its twin it is shown. */
    assert_int_equal(unlink(file), 0);
    wait_for_save(&rehearsal);
    assert_string_equal(title_of(&rehearsal), "乙");
    assert_int_equal(rehearsal.folder.drafts[0].problem.code, PROBLEM_NONE);
    rehearsal_finish(&rehearsal);
    free(file);
}

static void an_alert_that_is_over_is_told_and_shown_at_its_time(void **state)
{
    const int64_t day_ms = 24 * 3600 * 1000;
    struct rehearsal rehearsal;

    assert_true(folder_write(
        *state, "a.json",
        "{\"gaoshi\": 1, \"kind\": \"alert\", \"id\": \"a\", \"expires\": "
        "\"2026-11-30T09:00:00+08:00\", \"alert\": {\"status\": \"actual\", "
        "\"type\": \"alert\", \"level\": \"orange\", \"urgency\": "
        "\"immediate\", \"certainty\": \"likely\", \"event\": \"暴雨\", "
        "\"headline\": \"暴雨橙色预警\", \"instruction\": \"停止外出\", "
        "\"area\": \"全区\", \"sender\": \"应急值班室\"}}"));
    begin(&rehearsal, *state);
    assert_string_equal(shown(&rehearsal), "");
    assert_non_null(
        strstr(rehearsal.folder.drafts[0].problem.expected, "is over"));
    rehearsal_go(&rehearsal, rehearsal_moment(&rehearsal).wall_ms - day_ms);
    assert_string_equal(shown(&rehearsal), "a");
    assert_int_equal(rehearsal.folder.drafts[0].problem.code, PROBLEM_NONE);
    rehearsal_finish(&rehearsal);
}

static char *read_theme(void)
{
    return folder_read(GAOSHI_SOURCE_DIR "/data/themes", "night.ini");
}

static void a_saved_theme_is_on_the_glass_and_a_broken_one_is_not(void **state)
{
    struct rehearsal rehearsal;
    char *theme = read_theme(), *file = folder_path(*state, "own.ini");
    const char *const words[] = {"--theme", file, NULL};

    assert_non_null(theme);
    assert_true(folder_write(*state, "own.ini", theme));
    write_panel(*state, "a", "甲", "");
    assert_true(load(&rehearsal, *state, words));
    rehearsal_turn(&rehearsal, 0, true);
    char *ground = strstr(theme, "ground = #0E1420");
    assert_non_null(ground);
    /* That of the pages without a section, and those of all sections. */
    for (char *at = ground; at; at = strstr(at, "ground = #0E1420"))
        memcpy(at + strlen("ground = #"), "102030", 6);
    assert_true(folder_write(*state, "own.ini", theme));
    wait_for_save(&rehearsal);
    assert_int_equal(rehearsal.glass.theme.ground & 0xFFFFFF, 0x102030);
    assert_int_equal(renderer_pixels(rehearsal.glass.renderer).pixels[0] &
                         0xFFFFFF,
                     0x102030);

    ground[strlen("ground = ")] = '?';
    assert_true(folder_write(*state, "own.ini", theme));
    wait_for_save(&rehearsal);
    assert_int_equal(rehearsal.glass.theme.ground & 0xFFFFFF, 0x102030);
    assert_true(rehearsal.theme_problem.line > 0);
    assert_non_null(strstr(rehearsal.theme_problem.place, "own.ini"));
    assert_non_null(
        strstr(rehearsal.theme_problem.consequence, "last good version"));
    rehearsal_finish(&rehearsal);
    free(theme);
    free(file);
}

static void the_pitch_of_the_pixels_stays_when_the_shape_changes(void **state)
{
    const char *const words[] = {"--height-mm", "270", "--viewing-distance",
                                 "3", NULL};
    struct rehearsal rehearsal;

    write_panel(*state, "a", "甲", "");
    assert_true(load(&rehearsal, *state, words));
    rehearsal_turn(&rehearsal, 0, true);
    int legal_px = rehearsal.glass.whole.geometry.legal_px;
    assert_true(rehearsal_set_glass(&rehearsal, HEIGHT, WIDTH, 90));
    rehearsal_turn(&rehearsal, 0, true);
    assert_int_equal(rehearsal.glass.whole.geometry.legal_px, legal_px);
    struct renderer_pixels pixels = renderer_pixels(rehearsal.glass.renderer);
    assert_int_equal(pixels.width, HEIGHT);
    assert_int_equal(pixels.height, WIDTH);
    assert_true(rehearsal_set_glass(&rehearsal, HEIGHT, WIDTH, 0));
    assert_int_equal(rehearsal.glass.whole.geometry.legal_px, legal_px);
    rehearsal_finish(&rehearsal);
}

static void the_clock_stands_goes_faster_and_never_catches_up(void **state)
{
    struct rehearsal_clock clock;

    (void)state;
    rehearsal_clock_init(&clock, REHEARSAL_SPEED_USUAL, 5000);
    assert_int_equal(rehearsal_clock_read(&clock, 5600), 600);
    rehearsal_clock_speed(&clock, 1, 5600);
    assert_int_equal(rehearsal_clock_read(&clock, 5700), 800);
    assert_int_equal(rehearsal_clock_due_ms(&clock, 1000), 5800);
    rehearsal_clock_pause(&clock, true, 5700);
    assert_int_equal(rehearsal_clock_read(&clock, 99000), 800);
    assert_true(rehearsal_clock_due_ms(&clock, 1000) == INT64_MAX);
    rehearsal_clock_pause(&clock, false, 99000);
    assert_int_equal(rehearsal_clock_read(&clock, 99100), 1000);
    /* The machine slept for a minute. */
    rehearsal_clock_drew(&clock, 1000, 159100);
    assert_int_equal(rehearsal_clock_read(&clock, 159100), 1000);
    for (int i = 0; i < 9; i++)
        rehearsal_clock_speed(&clock, -1, 159100);
    assert_int_equal(clock.speed, REHEARSAL_SPEED_MIN);
    for (int i = 0; i < 9; i++)
        rehearsal_clock_speed(&clock, 1, 159100);
    assert_int_equal(clock.speed, REHEARSAL_SPEED_MAX);
    rehearsal_clock_speed(&clock, 0, 159100);
    assert_int_equal(clock.speed, REHEARSAL_SPEED_USUAL);
}

/* Its figure counts from the baseline, and its bar grows. */
static const char moving_panel[] =
    "{\"gaoshi\":1,\"kind\":\"panel\",\"id\":\"a\",\"panel\":{"
    "\"template\":\"comparison\",\"section\":\"quality\",\"title\":\"甲\","
    "\"now_label\":\"2020 年\",\"baseline_label\":\"2015 年\","
    "\"baseline_value\":97,\"figures\":[{\"value\":377,\"unit\":\"处\"}]}}";

static void run_export(const char *folder, const char *to, const char *fps)
{
    char *draft = folder_path(folder, "a.json");
    const char *const words[] = {"rehearse", draft, "--size", "480x270",
                                 "--export", to,    "--fps",  fps,
                                 "--start",  START, NULL};
    struct program_result result;

    assert_true(folder_write(folder, "a.json", moving_panel));
    assert_true(program_run(&result, folder, "gaoshi-display", words));
    if (result.code != 0)
        print_message("%s", result.err);
    assert_int_equal(result.code, 0);
    program_result_finish(&result);
    free(draft);
}

static void a_panel_is_exported_as_an_animation(void **state)
{
    char *file = folder_path(*state, "a.webp");

    run_export(*state, file, "10");
    FILE *in = fopen(file, "r");
    assert_non_null(in);
    static char bytes[1 << 20];
    size_t count = fread(bytes, 1, sizeof bytes, in);
    fclose(in);
    assert_memory_equal(bytes, "RIFF", 4);
    assert_memory_equal(bytes + 8, "WEBPVP8X", 8);
    int frames = 0;
    for (size_t i = 0; i + 4 < count; i++)
        frames += memcmp(bytes + i, "ANMF", 4) == 0;
    /* The entrance moves; afterwards one frame stands. */
    assert_true(frames > 3);
    free(file);
}

static void a_panel_is_exported_as_numbered_pictures(void **state)
{
    char *folder = folder_path(*state, "frames/");
    char *first = folder_path(*state, "frames/00001.png");
    char *tenth = folder_path(*state, "frames/00010.png");
    uint32_t *pixels = NULL;
    int width = 0, height = 0;
    struct problem problem = {0};

    run_export(*state, folder, "2");
    assert_true(picture_read(first, &pixels, &width, &height, &problem));
    assert_int_equal(width, WIDTH);
    assert_int_equal(height, HEIGHT);
    assert_int_equal(access(tenth, R_OK), 0);
    free(pixels);
    free(folder);
    free(first);
    free(tenth);
}

static void the_manual_names_every_key(void **state)
{
    char *manual = folder_read(GAOSHI_SOURCE_DIR "/docs/man",
                               "gaoshi-display.1.scd");

    (void)state;
    assert_non_null(manual);
    for (const struct rehearsal_key *key = rehearsal_keys; key->code; key++) {
        if (key->name && !strstr(manual, key->name))
            fail_msg("gaoshi-display(1) lacks the key %s", key->name);
        if (key->name && !strstr(manual, key->help))
            fail_msg("gaoshi-display(1) lacks «%s»", key->help);
    }
    free(manual);
}

static void a_command_line_that_makes_no_sense_is_refused(void **state)
{
    static const struct {
        const char *words[6];
        const char *says;
    } rows[] = {
        {{"rehearse"}, "expected one folder"},
        {{"rehearse", "/tmp", "--replay", "x"}, "takes no DIR"},
        {{"rehearse", "--replay", "x", "--record-session", "y"},
         "not with --replay"},
        {{"rehearse", "/tmp", "--headless", "480x270"}, "needs --seconds"},
        {{"rehearse", "/tmp", "--speed", "3"}, "--speed"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct program_result result;
        assert_true(
            program_run(&result, *state, "gaoshi-display", rows[i].words));
        assert_int_equal(result.code, 2);
        assert_non_null(strstr(result.err, rows[i].says));
        program_result_finish(&result);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_recorded_rehearsal_gives_the_same_frames_three_times),
        cmocka_unit_test_setup_teardown(
            a_session_of_a_screen_is_replayed_to_the_same_frames, road_open,
            road_close),
        TEST(a_session_cut_off_by_a_power_cut_is_shown_up_to_there),
        TEST(a_file_that_is_no_session_is_refused_by_name),
        TEST(the_next_page_comes_and_the_one_before),
        TEST(a_page_is_moved_in_its_own_time_but_not_out_of_it),
        TEST(a_jump_shows_what_the_schedule_has_at_that_time),
        TEST(the_glass_is_dark_in_its_dark_hours),
        TEST(a_replay_goes_to_a_time_of_its_session),
        TEST(each_level_has_a_drill_that_is_raised_and_cancelled),
        TEST(a_saved_draft_is_shown_and_a_broken_one_keeps_the_last),
        TEST(a_new_draft_comes_and_a_removed_one_goes),
        TEST(two_drafts_of_one_id_are_told),
        TEST(an_alert_that_is_over_is_told_and_shown_at_its_time),
        TEST(a_saved_theme_is_on_the_glass_and_a_broken_one_is_not),
        TEST(the_pitch_of_the_pixels_stays_when_the_shape_changes),
        TEST(the_clock_stands_goes_faster_and_never_catches_up),
        TEST(a_panel_is_exported_as_an_animation),
        TEST(a_panel_is_exported_as_numbered_pictures),
        TEST(the_manual_names_every_key),
        TEST(a_command_line_that_makes_no_sense_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
