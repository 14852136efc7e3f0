/* Live figures on the glass, with a clock of the test's own: each new value
 * stands there in the next frame, nothing else is drawn anew, and what is old
 * is called old. */
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
#include "display/edge/app/stage.h"
#include "protocol/envelope.h"
#include "source_dir.h"
#include "tests/support/delivery.h"
#include "tests/support/receive.h"

enum { WIDTH = 960, HEIGHT = 540, REST_MS = 10000 };

/* 14:00 where the screen hangs. */
#define BEGIN_MS INT64_C(1626760800000)

struct rig {
    struct glass glass;
    struct page_cache *cache;
    struct delivery_keys *keys;
    struct board *board;
    struct stage stage;
    struct moment now;
    struct stage_result result;
    struct scene scene;
    int64_t seq;
    struct problem problem;
};

static size_t plan_pages(void *context, const struct message *message,
                         const struct page_place *place)
{
    struct rig *rig = context;

    return page_cache_count(rig->cache, message, place);
}

static int64_t plan_dwell_ms(void *context, const struct message *message,
                             const struct page_place *place, size_t page)
{
    (void)context, (void)message, (void)place, (void)page;
    return 120000;
}

static bool find_live(void *context, const struct message *panel,
                      struct page_live *out)
{
    struct rig *rig = context;

    return board_live(rig->board, panel, &rig->now, out);
}

static void boot(struct rig *rig)
{
    const struct board_options options = {
        .identity = delivery_screen,
        .ring = &rig->keys->ring,
        .plan = {rig, plan_pages, plan_dwell_ms, NULL},
        .clear_ms = 20000,
    };
    const struct page_cache_live live = {find_live, rig};

    board_destroy(rig->board);
    page_cache_destroy(rig->cache);
    rig->cache = page_cache_create(&rig->glass, NULL);
    rig->board = board_create(&options);
    assert_true(rig->cache && rig->board);
    page_cache_follow(rig->cache, &live);
    rig->stage = (struct stage){.glass = &rig->glass, .cache = rig->cache};
}

static int open_rig(void **state)
{
    struct rig *rig = calloc(1, sizeof *rig);
    struct data_path data;
    const struct glass_options options = {
        .theme = "night",
        .width_px = WIDTH,
        .height_px = HEIGHT,
        .motion = MOTION_FULL,
        .utc_offset_minutes = 480,
        .furniture = FURNITURE_DEFAULT,
    };

    if (!rig || !data_path_find(GAOSHI_SOURCE_DIR, &data, &rig->problem) ||
        !glass_init(&rig->glass, &options, &data, &rig->problem))
        return -1;
    rig->keys = delivery_keys_create();
    rig->now = (struct moment){.mono_ms = 5000,
                               .wall_ms = BEGIN_MS,
                               .wall_trusted = true,
                               .wall_confirmed = true,
                               .floor_ms = TIMESTAMP_NONE};
    rig->seq = BEGIN_MS - 3600000;
    *state = rig;
    boot(rig);
    return 0;
}

static int close_rig(void **state)
{
    struct rig *rig = *state;

    board_destroy(rig->board);
    page_cache_destroy(rig->cache);
    delivery_keys_destroy(rig->keys);
    glass_finish(&rig->glass);
    free(rig);
    return 0;
}

/* Signed now. content: the object of the kind. */
static struct delivery sign(struct rig *rig, const struct key *key,
                            const char *kind, const char *scope, const char *id,
                            const char *content)
{
    char topic[300], issued[TIMESTAMP_BYTES], body[2000];

    timestamp_format(rig->now.wall_ms, 480, issued);
    snprintf(topic, sizeof topic, "gaoshi/1/%s/down/%s/%s/%s",
             delivery_screen.org, scope, kind, id);
    snprintf(body, sizeof body,
             "{\"gaoshi\": 1, \"kind\": \"%s\", \"id\": \"%s\", \"org\": "
             "\"%s\", \"scope\": \"%s\", \"seq\": %lld, \"issued\": \"%s\", "
             "\"%s\": %s}",
             kind, id, delivery_screen.org, scope, (long long)++rig->seq,
             issued, kind, content);
    return delivery_sign(key, topic, body);
}

static struct board_intake receive(struct rig *rig,
                                   const struct delivery *delivery)
{
    rig->problem = (struct problem){0};
    return receive_message(rig->board, delivery->topic, delivery->payload,
                           delivery->bytes, rig->now.wall_ms, &rig->now,
                           &rig->problem);
}

static struct board_intake take(struct rig *rig, const struct key *key,
                                const char *kind, const char *scope,
                                const char *id, const char *content)
{
    struct delivery delivery = sign(rig, key, kind, scope, id, content);
    struct board_intake intake = receive(rig, &delivery);

    delivery_finish(&delivery);
    return intake;
}

static struct board_intake set(struct rig *rig, const char *name,
                               const char *value)
{
    char content[200];

    snprintf(content, sizeof content, "{\"value\": %s}", value);
    return take(rig, rig->keys->panels, "figure", "all", name, content);
}

static void push(struct rig *rig, const char *id, const char *name,
                 const char *more)
{
    char content[600];

    snprintf(content, sizeof content,
             "{\"template\": \"figure\", \"section\": \"garden\", \"title\": "
             "\"水位\", \"figures\": [{\"value\": 10.25, \"unit\": \"米\", "
             "\"bind\": \"%s\"}]%s}",
             name, more);
    assert_int_equal(
        take(rig, rig->keys->panels, "panel", "all", id, content).effect,
        BOARD_ACCEPTED);
}

/* One turn of the loop. Returns when it would wake by itself. */
static int64_t turn(struct rig *rig)
{
    struct board_ended ended[BOARD_ENDED_MAX];
    const struct frame_setting setting = {
        .place_name = "二七",
        .ticker = "",
        .clock_ms = BEGIN_MS, /* the clock of the page stands still */
        .news = {BEGIN_MS, TIMESTAMP_NONE},
        .mono_ms = rig->now.mono_ms,
    };

    board_advance(rig->board, &rig->now, ended);
    rig->scene = board_scene(rig->board, &rig->now);
    do
        rig->result = stage_draw(&rig->stage, &rig->scene, &setting);
    while (rig->result.preparing);
    assert_true(rig->result.healthy);
    int64_t change_ms = rig->result.frame.next_change_ms;
    if (rig->result.frame.moving)
        return rig->now.mono_ms + 16;
    if (change_ms == INT64_MAX)
        return rig->scene.next_ms;
    change_ms += rig->now.mono_ms - rig->now.wall_ms;
    return change_ms < rig->scene.next_ms ? change_ms : rig->scene.next_ms;
}

static int64_t wait_ms(struct rig *rig, int64_t ms)
{
    rig->now.mono_ms += ms;
    rig->now.wall_ms += ms;
    return turn(rig);
}

/* The line of the last frame that has this text; NULL: there is none. */
static const struct draw_item *line(const struct rig *rig, const char *text)
{
    const struct draw_list *list = &rig->glass.list;

    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].kind == DRAW_TEXT &&
            strcmp(list->items[i].text.string, text) == 0)
            return &list->items[i];
    return NULL;
}

static void expect_line(const struct rig *rig, const char *text)
{
    if (!line(rig, text))
        fail_msg("«%s» does not stand there", text);
}

static uint32_t *copy_pixels(const struct rig *rig)
{
    struct renderer_pixels pixels = renderer_pixels(rig->glass.renderer);
    uint32_t *copy = malloc((size_t)WIDTH * HEIGHT * sizeof *copy);

    assert_non_null(copy);
    for (int y = 0; y < HEIGHT; y++)
        memcpy(copy + (size_t)y * WIDTH,
               (const char *)pixels.pixels + y * pixels.stride_bytes,
               WIDTH * sizeof *copy);
    return copy;
}

/* How many pixels differ, in the box and outside of it. */
static void count_changes(const struct rig *rig, const uint32_t *before,
                          struct rect box, int *in, int *out)
{
    uint32_t *after = copy_pixels(rig);

    *in = *out = 0;
    for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++) {
            bool inside = x >= box.x && x < box.x + box.width && y >= box.y &&
                          y < box.y + box.height;
            if (before[y * WIDTH + x] != after[y * WIDTH + x])
                ++*(inside ? in : out);
        }
    free(after);
}

/* Ten times a second on three panels: what stands shows each value in the frame
 * of its turn, the others have theirs when they come, and no pixel changes but
 * those of the digits. */
static void ten_updates_a_second_change_nothing_but_digits(void **state)
{
    static const char *const names[] = {"river", "queue", "air.pm25"};
    struct rig *rig = *state;
    char old[64] = "";
    struct rect digits = {0};
    int shown = 0;

    for (int i = 0; i < 3; i++)
        push(rig, names[i], names[i], "");
    turn(rig);
    wait_ms(rig, REST_MS);
    assert_string_equal(rig->scene.message->id, "river");
    uint64_t showing = rig->scene.showing;
    for (int step = 0; step < 600; step++) {
        uint32_t *before = copy_pixels(rig);
        char value[16], minute[64];
        int in, out;
        snprintf(value, sizeof value, "%.2f", 10 + (step * 37 % 8900) / 100.0);
        for (int i = 0; i < 3; i++)
            assert_int_equal(set(rig, names[i], value).effect, BOARD_NOTED);
        wait_ms(rig, 0);
        expect_line(rig, value);
        snprintf(minute, sizeof minute, "截至 14:%02d",
                 (int)((rig->now.wall_ms - BEGIN_MS) / 60000));
        expect_line(rig, minute);
        /* Those that go, and those that come. */
        const struct rect gone = digits;
        digits = line(rig, value)->bounds;
        count_changes(rig, before, rect_union(gone, digits), &in, &out);
        if (step > 0 && strcmp(minute, old) == 0) {
            assert_int_equal(out, 0);
            assert_true(in > 0);
            shown++;
        }
        snprintf(old, sizeof old, "%s", minute);
        free(before);
        wait_ms(rig, 100);
    }
    assert_true(shown >= 590);
    assert_int_equal(rig->scene.showing, showing); /* the cycle went on */
    for (int i = 0; i < 3; i++) {
        while (rig->scene.showing == showing)
            wait_ms(rig, 1000);
        wait_ms(rig, REST_MS);
        showing = rig->scene.showing;
        expect_line(rig, "53.63");
    }
}

static void a_value_that_stood_is_counted_from(void **state)
{
    struct rig *rig = *state;
    int frames = 0;
    double last = 10.25;

    push(rig, "level", "river", "");
    set(rig, "river", "10.25");
    turn(rig);
    wait_ms(rig, REST_MS);
    expect_line(rig, "10.25");
    int64_t t_ms = rig->scene.t_ms;
    set(rig, "river", "73.5");
    int64_t next_ms = turn(rig);
    expect_line(rig, "10.25");
    while (next_ms - rig->now.mono_ms <= 16) {
        next_ms = wait_ms(rig, 16);
        frames++;
        const struct draw_list *list = &rig->glass.list;
        double value = 0;
        for (size_t i = 0; i < list->count; i++)
            if (list->items[i].kind == DRAW_TEXT &&
                strchr(list->items[i].text.string, '.'))
                value = atof(list->items[i].text.string);
        assert_true(value >= last && value <= 73.5);
        last = value;
    }
    assert_in_range(frames, PAGE_LIVE_COUNT_MS / 16,
                    PAGE_LIVE_COUNT_MS / 16 + 2);
    expect_line(rig, "73.50");
    assert_int_equal(rig->scene.t_ms, t_ms + frames * 16);
}

static void what_is_old_is_called_old(void **state)
{
    struct rig *rig = *state;

    push(rig, "level", "river", ", \"stale_after_s\": 300");
    set(rig, "river", "12.34");
    turn(rig);
    int64_t next_ms = wait_ms(rig, REST_MS);
    expect_line(rig, "截至 14:00");
    while (next_ms < 5000 + 300000) {
        assert_null(line(rig, "14:00 后无新数据"));
        next_ms = wait_ms(rig, next_ms - rig->now.mono_ms);
    }
    assert_int_equal(next_ms, 5000 + 300000);
    wait_ms(rig, next_ms - rig->now.mono_ms);
    expect_line(rig, "14:00 后无新数据");
    expect_line(rig, "12.34");
    assert_int_equal(line(rig, "12.34")->colour, rig->glass.theme.muted);
    /* The next value makes it new. */
    set(rig, "river", "12.40");
    wait_ms(rig, REST_MS);
    expect_line(rig, "截至 14:05");
    expect_line(rig, "12.40");
    assert_int_not_equal(line(rig, "12.40")->colour, rig->glass.theme.muted);
}

/* The next day the day is told, too. */
static void a_value_of_another_day_has_its_date(void **state)
{
    struct rig *rig = *state;

    push(rig, "level", "river", "");
    set(rig, "river", "1");
    turn(rig);
    wait_ms(rig, 24 * 3600 * 1000);
    wait_ms(rig, REST_MS);
    expect_line(rig, "截至 7 月 20 日 14:00");
}

static void several_figures_tell_which_one_is_old(void **state)
{
    struct rig *rig = *state;

    take(rig, rig->keys->panels, "panel", "all", "air",
         "{\"template\": \"figures\", \"section\": \"garden\", \"title\": "
         "\"空气\", \"stale_after_s\": 60, \"figures\": [{\"label\": "
         "\"细颗粒物\", \"value\": 35, \"unit\": \"µg\", \"bind\": \"pm25\"}, "
         "{\"label\": \"臭氧\", \"value\": 88, \"unit\": \"µg\", \"bind\": "
         "\"o3\"}]}");
    set(rig, "pm25", "36");
    set(rig, "o3", "89");
    turn(rig);
    wait_ms(rig, 50000);
    expect_line(rig, "截至 14:00");
    set(rig, "pm25", "37");
    wait_ms(rig, REST_MS);
    expect_line(rig, "臭氧 14:00 后无新数据");
    assert_int_equal(line(rig, "89")->colour, rig->glass.theme.muted);
    assert_int_not_equal(line(rig, "37")->colour, rig->glass.theme.muted);
    wait_ms(rig, 60000);
    expect_line(rig, "14:00 后无新数据");
}

/* With a clock, without one, and with the floor alone. */
static void after_a_restart_it_is_the_same(void **state)
{
    struct rig *rig = *state;
    struct delivery panel, figure;

    panel = sign(rig, rig->keys->panels, "panel", "all", "level",
                 "{\"template\": \"figure\", \"section\": \"garden\", "
                 "\"title\": \"水位\", \"stale_after_s\": 300, \"figures\": "
                 "[{\"value\": 1, \"unit\": \"米\", \"bind\": \"river\"}]}");
    figure = sign(rig, rig->keys->panels, "figure", "all", "river",
                  "{\"value\": 12.34}");
    struct board_intake kept = receive(rig, &figure);
    assert_true(kept.keep);
    assert_int_equal(kept.class, SLOT_FIGURES);
    for (int clock = 0; clock < 3; clock++) {
        boot(rig);
        rig->now.wall_trusted = rig->now.wall_confirmed = clock == 0;
        rig->now.floor_ms = clock == 1 ? rig->now.wall_ms : TIMESTAMP_NONE;
        assert_int_equal(receive_row(rig->board, figure.topic, figure.payload,
                                     figure.bytes, TIMESTAMP_NONE, &rig->now,
                                     &rig->problem)
                             .effect,
                         BOARD_NOTED);
        receive_row(rig->board, panel.topic, panel.payload, panel.bytes,
                    TIMESTAMP_NONE, &rig->now, &rig->problem);
        turn(rig);
        wait_ms(rig, REST_MS);
        expect_line(rig, "12.34");
        expect_line(rig, clock == 0   ? "截至 14:00"
                         : clock == 1 ? "截至 7 月 20 日 14:00"
                                      : "7 月 20 日 14:00 后无新数据");
    }
    delivery_finish(&panel);
    delivery_finish(&figure);
}

static void expect_refused(struct rig *rig, struct board_intake intake,
                           enum problem_code code)
{
    assert_int_equal(intake.effect, BOARD_REFUSED);
    assert_int_equal(rig->problem.code, code);
    assert_true(rig->problem.expected[0]);
    wait_ms(rig, REST_MS);
    expect_line(rig, "12.34");
}

static void what_may_not_change_a_figure_is_refused(void **state)
{
    struct rig *rig = *state;
    static char huge[10 * 1024 * 1024];

    push(rig, "level", "river", "");
    struct delivery first = sign(rig, rig->keys->panels, "figure", "all",
                                 "river", "{\"value\": 11}");
    assert_int_equal(receive(rig, &first).effect, BOARD_NOTED);
    struct delivery good = sign(rig, rig->keys->panels, "figure", "all",
                                "river", "{\"value\": 12.34}");
    assert_int_equal(receive(rig, &good).effect, BOARD_NOTED);
    turn(rig);
    wait_ms(rig, REST_MS);
    expect_line(rig, "12.34");
    /* Of a key that nobody trusts, of one without the role, changed. */
    expect_refused(rig,
                   take(rig, rig->keys->stranger, "figure", "all", "river",
                        "{\"value\": 1}"),
                   PROBLEM_SIGNATURE);
    expect_refused(rig,
                   take(rig, rig->keys->alerts, "figure", "all", "river",
                        "{\"value\": 1}"),
                   PROBLEM_AUTHORITY);
    expect_refused(rig,
                   take(rig, rig->keys->panels, "figure", "screen-other",
                        "river", "{\"value\": 1}"),
                   PROBLEM_SCOPE);
    struct delivery forged = sign(rig, rig->keys->panels, "figure", "all",
                                  "river", "{\"value\": 77}");
    *strstr(strstr(forged.payload, "value"), "77") = '9';
    expect_refused(rig, receive(rig, &forged), PROBLEM_SIGNATURE);
    delivery_finish(&forged);
    /* An older number, and an older measurement under a newer number. */
    expect_refused(rig, receive(rig, &first), PROBLEM_STALE);
    expect_refused(rig,
                   take(rig, rig->keys->panels, "figure", "all", "river",
                        "{\"value\": 1, \"at\": "
                        "\"2021-07-20T13:59:59+08:00\"}"),
                   PROBLEM_STALE);
    /* In the place of another name. */
    strcpy(strstr(good.topic, "river"), "other");
    expect_refused(rig, receive(rig, &good), PROBLEM_TOPIC);
    /* Too large, before it is read. */
    memset(huge, ' ', sizeof huge);
    strcpy(strstr(good.topic, "other"), "river");
    rig->problem = (struct problem){0};
    expect_refused(rig,
                   receive_message(rig->board, good.topic, huge, sizeof huge,
                                   rig->now.wall_ms, &rig->now, &rig->problem),
                   PROBLEM_TOO_LARGE);
    /* Again the same, which is older than the refused one. */
    expect_refused(rig, receive(rig, &good), PROBLEM_STALE);
    delivery_finish(&first);
    delivery_finish(&good);
}

static void values_that_no_panel_could_show_are_refused(void **state)
{
    static const struct {
        const char *value;
        enum problem_code code;
    } rows[] = {
        {"NaN", PROBLEM_SYNTAX},
        {"Infinity", PROBLEM_SYNTAX},
        {"1e308", PROBLEM_FIELD},
        {"1e309", PROBLEM_SYNTAX},
        {"-1e15", PROBLEM_FIELD},
        {"0.0001", PROBLEM_FIELD},
        {"\"3\\u0007\"", PROBLEM_FIELD},
        {"null", PROBLEM_FIELD},
        {"[1]", PROBLEM_FIELD},
        {"1, \"unit\": \"\\u001b[2J\"", PROBLEM_FIELD},
        {"1, \"value\": 2", PROBLEM_SYNTAX},
    };
    struct rig *rig = *state;

    push(rig, "level", "river", "");
    set(rig, "river", "12.34");
    turn(rig);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        expect_refused(rig, set(rig, "river", rows[i].value), rows[i].code);
}

/* A number far ahead of its time, or a time that is to come, blocks no name. */
static void the_future_blocks_no_name(void **state)
{
    struct rig *rig = *state;
    struct moment now = rig->now;

    push(rig, "level", "river", "");
    rig->now.wall_ms += 20 * 60000; /* the operator's clock */
    struct delivery early = sign(rig, rig->keys->panels, "figure", "all",
                                 "river", "{\"value\": 99}");
    rig->now = now;
    assert_int_equal(receive(rig, &early).effect, BOARD_REFUSED);
    assert_int_equal(rig->problem.code, PROBLEM_STALE);
    delivery_finish(&early);
    rig->seq -= 1;
    assert_int_equal(set(rig, "river", "12.34").effect, BOARD_NOTED);
}

/* While an alert has the glass, a new value changes no pixel; afterwards it
 * stands there. */
static void an_alert_is_not_disturbed(void **state)
{
    struct rig *rig = *state;
    int in, out;

    push(rig, "level", "river", "");
    set(rig, "river", "12.34");
    turn(rig);
    assert_int_equal(
        take(rig, rig->keys->alerts, "alert", "all", "flood",
             "{\"status\": \"actual\", \"level\": \"red\", \"event\": "
             "\"暴雨\", \"headline\": \"暴雨红色预警\", \"area\": \"全区\", "
             "\"sender\": \"区气象台\"}")
            .effect,
        BOARD_ACCEPTED);
    wait_ms(rig, REST_MS);
    assert_int_equal(rig->scene.kind, SCENE_ALERT);
    uint64_t showing = rig->scene.showing;
    uint32_t *before = copy_pixels(rig);
    set(rig, "river", "13.57");
    turn(rig);
    assert_int_equal(rig->scene.showing, showing);
    count_changes(rig, before, (struct rect){0}, &in, &out);
    assert_int_equal(out, 0);
    free(before);
}

static void the_narrowest_scope_counts_and_a_foreign_unit_does_not(void **state)
{
    struct rig *rig = *state;

    push(rig, "level", "river", "");
    take(rig, rig->keys->panels, "figure", "screen-s1", "river",
         "{\"value\": 20}");
    take(rig, rig->keys->panels, "figure", "area-41", "river",
         "{\"value\": 30}");
    turn(rig);
    wait_ms(rig, REST_MS);
    expect_line(rig, "20.00");
    /* Centimetres are not taken for metres: the next scope counts. */
    take(rig, rig->keys->panels, "figure", "screen-s1", "river",
         "{\"value\": 2000, \"unit\": \"厘米\"}");
    wait_ms(rig, REST_MS);
    expect_line(rig, "30.00");
}

/* What needs more room is set anew; what needs less stands in the same room. */
static void digits_get_the_room_that_they_need(void **state)
{
    struct rig *rig = *state;

    push(rig, "level", "river", "");
    set(rig, "river", "9.5");
    turn(rig);
    wait_ms(rig, REST_MS);
    expect_line(rig, "9.50");
    int x = line(rig, "米")->text.x;
    set(rig, "river", "-1234567.891");
    wait_ms(rig, REST_MS);
    expect_line(rig, "−1,234,567.891");
    const struct draw_item *wide = line(rig, "−1,234,567.891");
    assert_true(line(rig, "米")->text.x > wide->bounds.x + wide->bounds.width ||
                line(rig, "米")->text.baseline_y > wide->text.baseline_y);
    set(rig, "river", "9.5");
    wait_ms(rig, REST_MS);
    expect_line(rig, "9.500");
    assert_true(line(rig, "米")->text.x != x);
}

/* A sign is about as wide as a digit: whichever is wider, each value has its
 * room, and the page is not set anew for each frame. */
static void signs_and_digits_take_turns(void **state)
{
    static const char *const values[] = {"-99.5", "123.5",  "-1.5",
                                         "999.5", "-999.5", "1234.5"};
    struct rig *rig = *state;

    push(rig, "level", "river", "");
    turn(rig);
    for (size_t i = 0; i < 3 * sizeof values / sizeof values[0]; i++) {
        set(rig, "river", values[i % (sizeof values / sizeof values[0])]);
        wait_ms(rig, REST_MS);
        const struct page_set *set =
            page_cache_get(rig->cache, rig->scene.message, &rig->scene.place);
        wait_ms(rig, 16);
        assert_ptr_equal(
            page_cache_get(rig->cache, rig->scene.message, &rig->scene.place),
            set);
    }
}

/* More names than a screen keeps: the newest stay. */
static void a_flood_of_names_is_bounded(void **state)
{
    struct rig *rig = *state;
    char name[32];

    for (int i = 0; i < 600; i++) {
        snprintf(name, sizeof name, "n%d", i);
        rig->now.wall_ms += 1000;
        assert_int_equal(set(rig, name, "1.5").effect, BOARD_NOTED);
    }
    push(rig, "old", "n0", "");
    push(rig, "young", "n599", "");
    for (int i = 0; i < 2; i++) {
        turn(rig);
        wait_ms(rig, REST_MS);
        expect_line(rig, strcmp(rig->scene.message->id, "old") == 0 ? "10.25"
                                                                    : "1.50");
        wait_ms(rig, 120000);
    }
}

/* A key that is revoked takes its values along. */
static void a_revoked_key_takes_its_values_along(void **state)
{
    struct rig *rig = *state;

    push(rig, "level", "river", "");
    take(rig, rig->keys->both, "figure", "all", "river", "{\"value\": 55}");
    turn(rig);
    wait_ms(rig, REST_MS);
    expect_line(rig, "55.00");
    struct key_grant grant = key_grant_of(KEY_ROLE_PANELS);
    grant.revoked_ms = BEGIN_MS - 3600000;
    json_t *const entries[] = {
        key_list_write_entry(rig->keys->both, "", &grant), NULL};
    struct delivery list = delivery_key_list(rig->keys->root, 9, -300, entries);
    assert_int_not_equal(receive(rig, &list).effect, BOARD_REFUSED);
    delivery_finish(&list);
    wait_ms(rig, REST_MS);
    expect_line(rig, "10.25");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_rig, close_rig)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(ten_updates_a_second_change_nothing_but_digits),
        TEST(a_value_that_stood_is_counted_from),
        TEST(what_is_old_is_called_old),
        TEST(a_value_of_another_day_has_its_date),
        TEST(several_figures_tell_which_one_is_old),
        TEST(after_a_restart_it_is_the_same),
        TEST(what_may_not_change_a_figure_is_refused),
        TEST(values_that_no_panel_could_show_are_refused),
        TEST(the_future_blocks_no_name),
        TEST(an_alert_is_not_disturbed),
        TEST(the_narrowest_scope_counts_and_a_foreign_unit_does_not),
        TEST(digits_get_the_room_that_they_need),
        TEST(signs_and_digits_take_turns),
        TEST(a_flood_of_names_is_bounded),
        TEST(a_revoked_key_takes_its_values_along),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
