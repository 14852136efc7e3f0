/* The hours of the glass: dark means black, an alert lights it at once and
 * bright, and behind its end it is dark again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "display/edge/app/brightness.h"
#include "display/edge/app/light.h"
#include "display/edge/app/stage.h"
#include "tests/support/board_screen.h"
#include "tests/support/delivery.h"
#include "tests/support/dpms.h"
#include "tests/support/folder.h"
#include "tests/support/frame_fixture.h"
#include "tests/support/peer.h"
#include "tests/support/road.h"
#include "tests/support/xvfb.h"

enum { WIDTH = 320, HEIGHT = 180 };

/* The board begins at 10:30 UTC on Tuesday, 20 July 2021. */
struct rig {
    struct board_screen *screen;
    struct frame_fixture *frames;
    struct calendar calendar;
    struct light light;
    struct brightness brightness;
    struct stage stage;
};

static void begin(struct rig *rig, struct board_screen *screen, const char *key,
                  const char *hours, const char *wake)
{
    struct config *config = calloc(1, sizeof *config);
    struct problem problem = {0};

    assert_non_null(config);
    config_init(config);
    assert_true(option_row_set(option_rows_find_key(config_rows, key), hours,
                               config, &problem));
    assert_true(option_row_set(option_rows_find_key(config_rows, "hours.wake"),
                               wake, config, &problem));
    *rig = (struct rig){.screen = screen};
    light_init(&rig->light, config, &rig->calendar);
    brightness_init(&rig->brightness, "", 100, 100);
    rig->frames = frame_fixture_open(WIDTH, HEIGHT, "night", MOTION_NONE);
    rig->stage = (struct stage){.glass = &rig->frames->glass,
                                .cache = rig->frames->cache};
    free(config);
}

static void end(struct rig *rig)
{
    frame_fixture_close(rig->frames);
}

/* One turn, as the loop makes it; the light of the brightest pixel, 0 … 255. */
static int brightest(struct rig *rig)
{
    const struct moment *now = &rig->screen->now;
    const struct frame_setting setting = {.place_name = "",
                                          .ticker = "",
                                          .clock_ms = now->wall_ms,
                                          .news = {now->wall_ms, 0},
                                          .mono_ms = now->mono_ms};
    struct scene scene = board_scene(rig->screen->board, now);
    enum glass_light light = light_turn(&rig->light, rig->screen->board, &scene,
                                        now);
    struct stage_result result;
    int most = 0;

    scene.t_ms = 60000; /* at rest */
    rig->brightness.hours_percent = rig->light.percent;
    brightness_apply(&rig->brightness, rig->frames->glass.renderer,
                     scene.kind == SCENE_ALERT);
    do
        result = light == LIGHT_DARK
                     ? stage_darken(&rig->stage)
                     : stage_draw(&rig->stage, &scene, &setting);
    while (result.preparing);
    assert_true(result.healthy);
    struct renderer_pixels pixels =
        renderer_pixels(rig->frames->glass.renderer);
    for (int y = 0; y < pixels.height; y++)
        for (int x = 0; x < pixels.width; x++) {
            uint32_t pixel = pixels.pixels[y * pixels.stride_bytes / 4 + x];
            for (int i = 0; i < 24; i += 8)
                if ((int)(pixel >> i & 0xFF) > most)
                    most = (int)(pixel >> i & 0xFF);
        }
    return most;
}

static void in_the_dark_the_glass_is_black_and_alerts_light_it(void **state)
{
    struct board_screen *screen = *state;
    struct rig rig;

    begin(&rig, screen, "hours.dark", "tue 10:31-11:00", "orange");
    board_screen_panel(screen, (struct made){.id = "a"});
    assert_in_range(brightest(&rig), 200, 255);
    assert_int_equal(rig.light.next_ms - screen->now.mono_ms, MADE_MINUTE_MS);
    board_screen_wait(screen, MADE_MINUTE_MS);
    assert_int_equal(brightest(&rig), 0);
    /* A lesser alert does not wake it. */
    board_screen_alert(screen, (struct made){.id = "heat",
                                             .issued = 1,
                                             .level = ALERT_LEVEL_BLUE,
                                             .expires = 10});
    assert_int_equal(brightest(&rig), 0);
    board_screen_alert(screen, (struct made){.id = "flood",
                                             .issued = 1,
                                             .level = ALERT_LEVEL_RED,
                                             .expires = 10});
    assert_in_range(brightest(&rig), 200, 255);
    board_screen_wait(screen, 60000);
    assert_in_range(brightest(&rig), 200, 255);
    /* 解除 is seen, and behind it the glass is dark again. */
    board_screen_cancel(screen,
                        (struct made){.id = "flood", .seq = 2, .issued = 2});
    board_screen_wait(screen, 1000);
    board_screen_expect(screen, "clear flood");
    assert_in_range(brightest(&rig), 200, 255);
    board_screen_wait(screen, BOARD_SCREEN_CLEAR_MS);
    assert_int_equal(brightest(&rig), 0);
    board_screen_wait(screen, 30 * MADE_MINUTE_MS);
    assert_in_range(brightest(&rig), 200, 255);
    end(&rig);
}

static void
dimmed_takes_light_from_the_programme_and_not_from_alerts(void **state)
{
    struct board_screen *screen = *state;
    struct rig rig;

    begin(&rig, screen, "hours.dimmed", "10:00-11:00", "blue");
    board_screen_panel(screen, (struct made){.id = "a"});
    assert_in_range(brightest(&rig), 120, 160); /* 30 % of the light */
    board_screen_alert(screen, (struct made){.id = "flood", .expires = 10});
    assert_in_range(brightest(&rig), 200, 255);
    end(&rig);
}

static void without_a_clock_the_glass_is_bright(void **state)
{
    struct board_screen *screen = *state;
    struct rig rig;

    begin(&rig, screen, "hours.dark", "00:00-24:00", "red");
    board_screen_panel(screen, (struct made){.id = "a"});
    assert_int_equal(brightest(&rig), 0);
    screen->now.wall_trusted = screen->now.wall_confirmed = false;
    assert_in_range(brightest(&rig), 200, 255);
    end(&rig);
}

static void bright_hours_are_exceptions(void **state)
{
    static const struct {
        const char *at;
        enum glass_light light;
    } rows[] = {
        {"2021-07-20T12:00:00-00:00", LIGHT_BRIGHT},
        {"2021-07-20T20:30:00-00:00", LIGHT_DIMMED},
        {"2021-07-20T23:30:00-00:00", LIGHT_DARK},
        {"2021-07-21T05:00:00-00:00", LIGHT_DARK},
        {"2021-07-20T23:10:00-00:00", LIGHT_BRIGHT},
        {"2021-07-24T23:10:00-00:00", LIGHT_DIMMED},
    };
    struct glass_hours hours = {0};
    const struct calendar calendar = {.zone = {0}};
    const char *wrong;
    size_t bytes;

    (void)state;
    assert_true(glass_rules_parse("mon-fri 22:00-06:00, sat 23:30-24:00",
                                  &hours.of[LIGHT_DARK], &wrong, &bytes));
    assert_true(glass_rules_parse("20:00-24:00", &hours.of[LIGHT_DIMMED],
                                  &wrong, &bytes));
    assert_true(glass_rules_parse("tue 23:00-23:15", &hours.of[LIGHT_BRIGHT],
                                  &wrong, &bytes));
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int64_t ms;
        assert_true(timestamp_parse(rows[i].at, &ms));
        assert_int_equal(glass_hours_light(&hours, &calendar, ms),
                         rows[i].light);
    }
    static const char *const bad[] = {
        "22:00", "mon-fri 22:00-06:00, ", ",", "noon", "mon,tue,wed,thu,fri",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(
            glass_rules_parse(bad[i], &hours.of[LIGHT_DARK], &wrong, &bytes));
}

/* Over the whole road, on a screen that is dark all day. */
static void a_dark_screen_shows_alerts_alone(void **state)
{
    struct road *road = *state;
    char *file = folder_path(road->folder, "dark.conf");
    size_t next = 0;

    assert_true(folder_write(road->folder, "dark.conf",
                             "[hours]\ndark = 00:00-24:00\nwake = orange\n"
                             "[glass]\nzone = Europe/Berlin\n"));
    assert_true(
        peer_subscribe(road->peer, "gaoshi/1/erqi/screen/lobby-1/state"));
    struct screen *screen = road_start(road, "--config", file);
    road_push_panel(road, "q01", 1);
    assert_true(screen_wait(screen, "verified", "q01", 1));
    assert_true(screen_wait_log(screen, "glass: dark now", 1));
    assert_true(road_hears(road->peer, &next, "\"light\":\"dark\""));
    road_push(
        road, "alert", "flood", 1,
        "{\"status\": \"actual\", \"level\": \"red\", \"event\": \"暴雨\","
        "\"instruction\": \"转移\", \"area\": \"二七区\","
        "\"sender\": \"应急局\"}");
    assert_true(screen_wait(screen, "shown", "flood", 1));
    assert_int_equal(screen_count_log(screen, "glass: bright now"), 1);
    road_push(road, "alert-cancel", "flood", 2, "{}");
    assert_true(screen_wait_log(screen, "glass: dark now", 2));
    assert_int_equal(screen_count(screen, "shown", "q01"), 0);
    road_push(road, "settings", "glass", 3, "{\"hours\": {}}");
    assert_true(screen_wait(screen, "shown", "q01", 1));
    assert_int_equal(screen_stop(screen), 0);
    /* The settings are kept, also without a broker; the log goes on. */
    broker_stop(road->broker);
    screen = road_start(road, "--config", file);
    assert_true(screen_wait(screen, "shown", "q01", 1));
    assert_int_equal(screen_count_log(screen, "glass: dark now"), 2);
    assert_int_equal(screen_stop(screen), 0);
    free(file);
}

/* As the X server hears it: the outputs of a full screen are off in the dark,
 * on for an alert, off behind it, and on when the program ends. */
static void the_outputs_are_switched_off_in_the_dark(void **state)
{
    struct road *road = *state;
    char *file = folder_path(road->folder, "dark.conf");

    if (!xvfb_is_installed()) {
        free(file);
        skip();
    }
    struct xvfb *xvfb = xvfb_start(640, 360);
    struct dpms *dpms = xvfb ? dpms_start() : NULL;
    assert_non_null(dpms);
    assert_true(folder_write(road->folder, "dark.conf",
                             "[hours]\ndark = 00:00-24:00\nwake = orange\n"));
    const struct screen_options options = {
        .folder = road->folder,
        .broker = broker_url(road->broker),
        .trust = signer_file(road->signer),
        .store = road->store,
        .mode = "--fullscreen",
        .extra = {"--config", file},
    };
    struct screen *screen = screen_start(&options);
    assert_non_null(screen);
    assert_true(dpms_wait(dpms, true, 1));
    assert_true(dpms_is_off(dpms));
    road_push(road, "alert", "flood", 1,
              "{\"status\": \"actual\", \"level\": \"red\", \"event\": "
              "\"暴雨\", \"instruction\": \"转移\", \"area\": \"二七区\", "
              "\"sender\": \"应急局\"}");
    assert_true(screen_wait(screen, "shown", "flood", 1));
    assert_false(dpms_is_off(dpms));
    road_push(road, "alert-cancel", "flood", 2, "{}");
    assert_true(dpms_wait(dpms, true, 2));
    assert_true(dpms_is_off(dpms));
    assert_int_equal(screen_stop(screen), 0);
    assert_false(dpms_is_off(dpms));
    dpms_destroy(dpms);
    xvfb_destroy(xvfb);
    free(file);
}

static enum glass_light light_of(struct rig *rig)
{
    const struct moment *now = &rig->screen->now;
    struct scene scene = board_scene(rig->screen->board, now);

    return light_turn(&rig->light, rig->screen->board, &scene, now);
}

static void settle(struct board_screen *screen, const struct key *key,
                   const char *scope, int64_t seq, const char *settings)
{
    char topic[200], text[600];

    snprintf(topic, sizeof topic, "gaoshi/1/erqi/down/%s/settings/glass",
             scope);
    snprintf(text, sizeof text,
             "{\"gaoshi\":1,\"kind\":\"settings\",\"org\":\"erqi\","
             "\"scope\":\"%s\",\"id\":\"glass\",\"seq\":%lld,\"issued\":"
             "\"2021-07-20T18:30:00+08:00\",\"settings\":%s}",
             scope, (long long)seq, settings);
    board_screen_take(screen, delivery_sign(key, topic, text));
}

/* The narrowest scope counts, the newest of a scope, and only what a key for
 * commands signed. */
static void settings_of_operators_go_before_the_configuration(void **state)
{
    struct board_screen *screen = *state;
    const struct delivery_keys *keys = screen->keys;
    struct rig rig;

    begin(&rig, screen, "hours.dark", "10:00-11:00", "red");
    assert_int_equal(light_of(&rig), LIGHT_DARK);
    settle(screen, keys->panels, "all", 1, "{\"hours\":{}}");
    assert_int_equal(light_of(&rig), LIGHT_DARK);
    settle(screen, keys->commands, "all", 2, "{\"hours\":{}}");
    assert_int_equal(light_of(&rig), LIGHT_BRIGHT);
    settle(screen, keys->commands, "screen-s1", 3,
           "{\"hours\":{\"dimmed\":[\"tue\"]},\"dimmed_percent\":55}");
    assert_int_equal(light_of(&rig), LIGHT_DIMMED);
    assert_int_equal(rig.light.percent, 55);
    settle(screen, keys->commands, "area-41", 4, "{\"hours\":{}}");
    settle(screen, keys->commands, "screen-s1", 2, "{\"hours\":{}}");
    assert_int_equal(light_of(&rig), LIGHT_DIMMED);
    /* Nothing said: the configuration holds again; but a level to wake. */
    settle(screen, keys->commands, "screen-s1", 5, "{\"wake\":\"yellow\"}");
    assert_int_equal(light_of(&rig), LIGHT_DARK);
    board_screen_alert(screen, (struct made){.id = "wind",
                                             .level = ALERT_LEVEL_YELLOW,
                                             .expires = 10});
    assert_int_equal(light_of(&rig), LIGHT_BRIGHT);
    end(&rig);
}

int main(void)
{
#define BOARD_TEST(f)                                                          \
    cmocka_unit_test_setup_teardown(f, board_screen_start, board_screen_finish)
    const struct CMUnitTest tests[] = {
        BOARD_TEST(in_the_dark_the_glass_is_black_and_alerts_light_it),
        BOARD_TEST(dimmed_takes_light_from_the_programme_and_not_from_alerts),
        BOARD_TEST(without_a_clock_the_glass_is_bright),
        cmocka_unit_test(bright_hours_are_exceptions),
        BOARD_TEST(settings_of_operators_go_before_the_configuration),
        cmocka_unit_test_setup_teardown(
            the_outputs_are_switched_off_in_the_dark, road_open, road_close),
        cmocka_unit_test_setup_teardown(a_dark_screen_shows_alerts_alone,
                                        road_open, road_close),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
