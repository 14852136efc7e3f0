/* A whole day with a clock of the test's own: what the core says beforehand
 * (forecast.h) and what board and stage then show are the same list, page by
 * page, over hours, campaigns, weights, and a night. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/timestamp.h"
#include "display/core/board/board.h"
#include "display/core/board/forecast.h"
#include "display/edge/app/stage.h"
#include "source_dir.h"
#include "tests/support/delivery.h"
#include "tests/support/receive.h"
#include "tests/support/share.h"

enum {
    WIDTH = 320,
    HEIGHT = 180,
    DAY_MS = 24 * 3600 * 1000 / SANITIZED_SHARE,
    ENTRY_BYTES = 64,
    ENTRIES_MAX = 12000,
};

/* Sunday, 20 September 2026, a working day, from midnight on. */
#define DAY_BEGIN "2026-09-20T00:00:00+08:00"

static const struct {
    const char *file, *schedule;
} panels[] = {
    {"q01-gdp", "{\"weight\": 3}"},
    {"q02-growth", "{\"hours\": [\"07:00-09:30\", \"17:00-19:00\"]}"},
    {"g01-air", "{\"dates\": [\"workday\"], \"stand_s\": 20}"},
    {"g02-reservoir", "{\"dates\": [\"restday\"]}"},
    {"w01-spending", "{\"hours\": [\"22:00-06:00\"], \"weight\": 2}"},
    {"w02-awards", "{\"days\": [\"sun\"], \"until\": \"2026-09-30\"}"},
    {"w03-homes", "{\"priority\": \"campaign\", \"share\": 30, "
                  "\"hours\": [\"10:00-12:00\"]}"},
    {"w05-schools", "{\"priority\": \"campaign\", "
                    "\"hours\": [\"00:20-00:40\", \"14:00-14:30\"]}"},
    {"q09-parks", "{\"from\": \"2026-09-21\"}"},
    {"w10-utilities", "{}"},
};
enum { PANELS = sizeof panels / sizeof panels[0] };

struct list {
    char entries[ENTRIES_MAX][ENTRY_BYTES];
    size_t count;
};

struct day {
    struct glass glass;
    struct page_cache *cache;
    struct calendar calendar;
    struct delivery_keys *keys;
    int64_t begin_ms;
    struct list *said, *shown;
};

static void note(struct list *list, int64_t ms, const struct message *message,
                 size_t page)
{
    assert_true(list->count < ENTRIES_MAX);
    snprintf(list->entries[list->count++], ENTRY_BYTES, "%lld %s %zu",
             (long long)ms, message ? message->id : "-", page + 1);
}

static void tell_page(void *context, const struct forecast_page *page)
{
    struct day *day = context;

    note(day->said, page->from_ms - day->begin_ms, page->message, page->page);
}

static void tell_span(void *context, const struct forecast_span *span)
{
    (void)context;
    assert_true(span->until_ms > span->from_ms);
}

static size_t plan_pages(void *context, const struct message *message,
                         const struct page_place *place)
{
    struct day *day = context;

    return page_cache_count(day->cache, message, place);
}

static int64_t plan_dwell_ms(void *context, const struct message *message,
                             const struct page_place *place, size_t page)
{
    struct day *day = context;

    return page_cache_dwell_ms(day->cache, message, place, page);
}

static char *read_body(size_t number)
{
    char path[512];

    snprintf(path, sizeof path, GAOSHI_SOURCE_DIR "/data/erqi/%s.json",
             panels[number].file);
    json_t *body = json_load_file(path, 0, NULL);
    assert_non_null(body);
    json_object_set_new(body, "org", json_string(delivery_screen.org));
    json_object_set_new(body, "scope", json_string("all"));
    json_object_set_new(body, "seq", json_integer((json_int_t)number + 1));
    json_object_set_new(body, "issued",
                        json_string("2026-09-19T12:00:00+08:00"));
    json_object_set_new(body, "effective", json_string(DAY_BEGIN));
    json_object_del(body, "expires");
    json_object_set_new(json_object_get(body, "panel"), "schedule",
                        json_loads(panels[number].schedule, 0, NULL));
    char *text = json_dumps(body, JSON_COMPACT);
    json_decref(body);
    return text;
}

static void say(struct day *day)
{
    struct message *messages[PANELS];
    const struct forecast_options options = {
        .calendar = &day->calendar,
        .director = {.plan = {day, plan_pages, plan_dwell_ms, NULL}},
        .from_ms = day->begin_ms,
        .until_ms = day->begin_ms + DAY_MS,
    };
    const struct forecast_visitor visitor = {day, tell_page, tell_span};
    struct problem problem = {0};

    for (size_t i = 0; i < PANELS; i++) {
        char *body = read_body(i);
        assert_true(message_parse(body, strlen(body), MESSAGE_WIRE, "panel",
                                  &messages[i], &problem));
        free(body);
    }
    assert_true(forecast_run(&options, messages, PANELS, &visitor, &problem));
}

static void take(struct day *day, struct board *board, const struct moment *now)
{
    struct problem problem = {0};

    for (size_t i = 0; i < PANELS; i++) {
        char *body = read_body(i);
        char topic[200];
        json_t *parsed = json_loads(body, 0, NULL);
        snprintf(topic, sizeof topic, "gaoshi/1/%s/down/all/panel/%s",
                 delivery_screen.org,
                 json_string_value(json_object_get(parsed, "id")));
        struct delivery delivery = delivery_sign(day->keys->panels, topic,
                                                 body);
        struct board_intake intake =
            receive_message(board, delivery.topic, delivery.payload,
                            delivery.bytes, now->wall_ms, now, &problem);
        assert_int_equal(intake.effect, BOARD_ACCEPTED);
        delivery_finish(&delivery);
        json_decref(parsed);
        free(body);
    }
}

/* One turn of the loop: everything that it does with the scene. */
static int64_t turn(struct day *day, struct board *board, struct stage *stage,
                    const struct moment *now, uint64_t *showing)
{
    struct board_ended ended[BOARD_ENDED_MAX];
    const struct frame_setting setting = {
        .place_name = "二七",
        .ticker = "",
        .clock_ms = now->wall_ms,
        .news = {now->wall_ms, TIMESTAMP_NONE},
        .mono_ms = now->mono_ms,
    };
    struct stage_result result;

    board_advance(board, now, ended);
    struct scene scene = board_scene(board, now);
    do
        result = stage_draw(stage, &scene, &setting);
    while (result.preparing);
    assert_true(result.healthy);
    if (scene.showing != *showing && now->wall_ms >= day->begin_ms) {
        assert_true(result.presented || !scene.message);
        note(day->shown, now->wall_ms - day->begin_ms, scene.message,
             scene.page);
    }
    *showing = scene.showing;
    return scene.next_ms;
}

static void show(struct day *day)
{
    const struct board_options options = {
        .identity = delivery_screen,
        .ring = &day->keys->ring,
        .calendar = &day->calendar,
        .plan = {day, plan_pages, plan_dwell_ms, NULL},
        .clear_ms = 20000,
    };
    struct stage stage = {.glass = &day->glass, .cache = day->cache};
    struct board *board = board_create(&options);
    struct moment now = {.mono_ms = 5000,
                         .wall_ms = day->begin_ms - 3000,
                         .wall_trusted = true,
                         .wall_confirmed = true,
                         .floor_ms = TIMESTAMP_NONE};
    uint64_t showing = 0;

    assert_non_null(board);
    take(day, board, &now);
    while (now.wall_ms < day->begin_ms + DAY_MS) {
        int64_t next_ms = turn(day, board, &stage, &now, &showing);
        assert_true(next_ms > now.mono_ms);
        now.wall_ms += next_ms - now.mono_ms;
        now.mono_ms = next_ms;
    }
    board_destroy(board);
}

static void open_day(struct day *day)
{
    struct problem problem = {0};
    struct data_path data;
    const struct glass_options options = {
        .theme = "night",
        .width_px = WIDTH,
        .height_px = HEIGHT,
        .motion = MOTION_NONE,
        .zone = &day->calendar.zone,
        .furniture = FURNITURE_DEFAULT,
    };

    assert_true(zone_read("Asia/Shanghai", &day->calendar.zone));
    assert_true(holidays_add(&day->calendar.holidays, "2026-09-20 workday", "t",
                             &problem));
    assert_true(timestamp_parse(DAY_BEGIN, &day->begin_ms));
    assert_true(data_path_find(GAOSHI_SOURCE_DIR, &data, &problem));
    assert_true(glass_init(&day->glass, &options, &data, &problem));
    day->cache = page_cache_create(&day->glass, NULL);
    day->keys = delivery_keys_create();
    day->said = calloc(1, sizeof *day->said);
    day->shown = calloc(1, sizeof *day->shown);
    assert_true(day->cache && day->said && day->shown);
}

static void what_is_said_is_shown(void **state)
{
    struct day *day = calloc(1, sizeof *day);

    (void)state;
    assert_non_null(day);
    open_day(day);
    say(day);
    show(day);
    for (size_t i = 0; i < day->said->count && i < day->shown->count; i++)
        assert_string_equal(day->shown->entries[i], day->said->entries[i]);
    assert_int_equal(day->shown->count, day->said->count);
    assert_true(day->said->count > 3600 / SANITIZED_SHARE);
    free(day->said);
    free(day->shown);
    delivery_keys_destroy(day->keys);
    page_cache_destroy(day->cache);
    glass_finish(&day->glass);
    calendar_finish(&day->calendar);
    free(day);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_said_is_shown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
