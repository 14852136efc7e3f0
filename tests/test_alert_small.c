/* Alerts where room is dear, in a banner and on a strip: what has to be said is
 * said, and what belongs together is not broken. */
#include "display/core/page/page_build.h"
#include "tests/support/page_check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { PAGES_MOST = 60, TEXT_BYTES = 2000 };

static struct theme night;

static int load_theme(void **state)
{
    (void)state;
    pages_theme("night", &night);
    return 0;
}

/* Pages of an alert, one of three in force. */
struct small {
    struct geometry part;
    struct message *message;
    struct page_set *set;
    struct draw_list lists[PAGES_MOST];
    size_t count;
};

/* fields: of the alert, after event and level, with a comma before each. */
static struct message *make_alert(const char *level, const char *event,
                                  const char *fields, const char *expires)
{
    char text[TEXT_BYTES];

    snprintf(text, sizeof text,
             "{\"gaoshi\": 1, \"kind\": \"alert\", \"id\": \"x\", "
             "\"issued\": \"2021-07-20T18:30:00+08:00\"%s, \"alert\": "
             "{\"status\": \"actual\", \"type\": \"alert\", \"level\": \"%s\", "
             "\"urgency\": \"expected\", \"certainty\": \"likely\", "
             "\"event\": \"%s\", \"area\": \"二七区\", \"sender\": "
             "\"二七区气象台\"%s}}",
             expires, level, event, fields);
    return pages_message_text(text);
}

static void show(struct small *small, struct message *message,
                 struct geometry glass, enum presentation presentation,
                 int alerts)
{
    const struct page_time rest = {INT32_MAX, PAGES_NOW_MS, 0, NULL};
    struct page_context context = pages_context(&night, glass.width_px,
                                                glass.height_px, message->kind);

    small->message = message;
    small->part = presentation_alert_geometry(&glass, presentation);
    context.geometry = small->part;
    context.place = (struct page_place){presentation, 1, alerts};
    small->set = page_set_create(message, &context);
    assert_non_null(small->set);
    small->count = page_set_count(small->set);
    assert_in_range(small->count, 1, PAGES_MOST);
    for (size_t i = 0; i < small->count; i++) {
        char why[PAGE_CHECK_BYTES];
        small->lists[i] = (struct draw_list){0};
        assert_true(page_frame(small->set, i, &rest, &small->lists[i]));
        if (!page_check_list(&small->lists[i], &small->part, why))
            fail_msg("%dx%d, page %zu: %s", glass.width_px, glass.height_px,
                     i + 1, why);
    }
}

static void finish(struct small *small)
{
    for (size_t i = 0; i < small->count; i++)
        draw_list_finish(&small->lists[i]);
    page_set_destroy(small->set);
    message_destroy(small->message);
}

/* On one line of some page. */
static bool shows_unbroken(const struct small *small, const char *text)
{
    for (size_t page = 0; page < small->count; page++)
        for (size_t i = 0; i < small->lists[page].count; i++) {
            const struct draw_item *item = &small->lists[page].items[i];
            if (item->kind == DRAW_TEXT && strstr(item->text.string, text))
                return true;
        }
    return false;
}

static void assert_unbroken(const struct small *small, const char *text)
{
    if (!shows_unbroken(small, text))
        fail_msg("%dx%d: «%s» stands on no line", small->part.width_px,
                 small->part.height_px, text);
}

static void show_banner(struct small *small, struct message *message, int width)
{
    show(small, message, geometry_make(width, 1080, 0, 0), PRESENTATION_BANNER,
         3);
}

static const char instruction[] = ", \"instruction\": \"带好雨具\"";

/* STANDARDS: without a valid-until the time of issue is on the screen. */
static void a_banner_says_since_when_and_who_says_so(void **state)
{
    static struct small small;
    static const int widths[] = {1920, 1080};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        show_banner(&small, make_alert("blue", "暴雨", instruction, ""),
                    widths[i]);
        assert_unbroken(&small, "发布 7 月 20 日 18:30");
        assert_unbroken(&small, "来源 二七区气象台");
        assert_unbroken(&small, "范围 二七区");
        assert_false(shows_unbroken(&small, "有效至"));
        finish(&small);
    }
}

static void a_banner_says_until_when(void **state)
{
    static struct small small;

    (void)state;
    show_banner(&small,
                make_alert("blue", "暴雨", instruction,
                           ", \"expires\": \"2021-07-21T01:30:00+08:00\""),
                1080);
    assert_unbroken(&small, "有效至 7 月 21 日 1:30");
    assert_unbroken(&small, "发布 7 月 20 日 18:30");
    finish(&small);
}

static void
a_response_level_without_room_in_the_first_line_is_said_below(void **state)
{
    static struct small small;

    (void)state;
    show_banner(&small,
                make_alert("blue", "地质灾害气象风险",
                           ", \"instruction\": \"带好雨具\", "
                           "\"response_level\": \"Ⅳ\"",
                           ""),
                1080);
    assert_unbroken(&small, "Ⅳ 级响应");
    finish(&small);
}

static void a_banner_without_an_instruction_tells_what_happens(void **state)
{
    static struct small small;

    (void)state;
    show_banner(&small,
                make_alert("blue", "暴雨",
                           ", \"headline\": \"今夜有暴雨\", \"description\": "
                           "\"降雨量将达五十毫米\"",
                           ""),
                1920);
    assert_unbroken(&small, "今夜有暴雨");
    assert_unbroken(&small, "降雨量将达五十毫米");
    finish(&small);
}

static const char all_fields[] =
    ", \"instruction\": \"立即转移到高处\", \"contacts\": [{\"label\": "
    "\"防汛值班\", \"number\": \"0371-68186218\"}, {\"label\": "
    "\"火警、救援\", \"number\": \"119\"}], \"event_en\": \"Rainstorm\"";

static const struct {
    int width, height;
    int viewing_mm; /* of a lit area 640 mm high; 0: not known */
} strips[] = {{192, 64, 0}, {256, 32, 0},  {128, 64, 0},
              {320, 96, 0}, {512, 128, 0}, {192, 64, 35000}};
enum { STRIPS = sizeof strips / sizeof strips[0] };

static void show_strip(struct small *small, struct message *message, size_t at,
                       int alerts)
{
    int viewing_mm = strips[at].viewing_mm;

    show(small, message,
         geometry_make(strips[at].width, strips[at].height,
                       viewing_mm > 0 ? 640 : 0, viewing_mm),
         PRESENTATION_FULL, alerts);
    assert_true(page_is_strip(&small->part));
}

static void a_strip_breaks_no_name_time_number_or_level(void **state)
{
    static const char *const units[] = {"7 月 20 日 18:30", "7 月 21 日 1:30",
                                        "二七区气象台",     "红色预警",
                                        "0371-68186218",    "119",
                                        "Rainstorm",        "火警、救援"};
    static struct small small;

    (void)state;
    for (size_t at = 0; at < STRIPS; at++) {
        for (int alerts = 1; alerts <= 3; alerts += 2) {
            show_strip(&small,
                       make_alert("red", "暴雨", all_fields,
                                  ", \"expires\": "
                                  "\"2021-07-21T01:30:00+08:00\""),
                       at, alerts);
            for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
                assert_unbroken(&small, units[i]);
            if (alerts > 1)
                assert_unbroken(&small, "预警 1/3");
            finish(&small);
        }
    }
}

static void a_strip_breaks_no_place_of_a_list(void **state)
{
    static const char *const places[] = {"侯寨街道", "金水源街道", "嵩山路街道",
                                         "长江路街道"};
    static struct small small;

    (void)state;
    for (size_t at = 0; at < STRIPS; at++) {
        show_strip(&small,
                   pages_message_text(
                       "{\"gaoshi\": 1, \"kind\": \"alert\", \"id\": \"x\", "
                       "\"alert\": {\"status\": \"actual\", \"level\": "
                       "\"red\", \"event\": \"暴雨\", \"instruction\": "
                       "\"转移\", \"sender\": \"区\", \"area\": "
                       "\"侯寨街道、金水源街道、嵩山路街道、长江路街道\"}}"),
                   at, 1);
        for (size_t i = 0; i < sizeof places / sizeof places[0]; i++)
            assert_unbroken(&small, places[i]);
        finish(&small);
    }
}

static bool has_shape(const struct draw_list *list, enum alert_level level)
{
    enum draw_kind kind = level == ALERT_LEVEL_BLUE ? DRAW_ARC : DRAW_POLYGON;

    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].kind == kind)
            return true;
    return false;
}

/* STANDARDS: the level is told in colour and in words and by shape. */
static void a_strip_tells_the_level_by_its_shape_too(void **state)
{
    static const char *const levels[] = {"red", "orange", "yellow", "blue",
                                         "unknown"};
    static struct small small;

    (void)state;
    for (size_t at = 0; at < STRIPS; at++) {
        for (size_t level = 0; level < ALERT_LEVEL_COUNT; level++) {
            size_t shapes = 0;
            show_strip(&small,
                       make_alert(levels[level], "暴雨", all_fields, ""), at,
                       1);
            for (size_t page = 0; page < small.count; page++) {
                if (!has_shape(&small.lists[page], (enum alert_level)level))
                    continue;
                shapes++;
                assert_true(page_check_shows(&small.lists[page], 1, "暴雨"));
            }
            assert_int_equal(shapes, 1);
            finish(&small);
        }
    }
}

/* From 8 m: no row of bars lies under the words. */
static void a_banner_says_its_page_beside_its_second_line(void **state)
{
    static struct small small;
    char number[64];

    (void)state;
    show(&small, make_alert("blue", "暴雨", all_fields, ""),
         geometry_make(1920, 1080, 680, 8000), PRESENTATION_BANNER, 1);
    assert_true(small.count > 1);
    for (size_t page = 0; page < small.count; page++) {
        snprintf(number, sizeof number, "%zu/%zu", page + 1, small.count);
        const struct draw_item *item = pages_find(&small.lists[page], number);
        assert_non_null(item);
        assert_true(item->bounds.x > small.part.width_px / 2);
        assert_true(item->bounds.y > small.part.safe.y);
    }
    finish(&small);
}

/* A smaller event is worth a clause that is not broken. */
static void an_order_read_from_far_keeps_its_clauses_on_lines(void **state)
{
    static struct small small;
    static const char *const clauses[] = {"不要开灯，", "不要打电话，",
                                          "立即到院外空地"};

    (void)state;
    show(&small,
         make_alert("red", "燃气泄漏",
                    ", \"instruction\": \"不要开灯，不要打电话，"
                    "立即到院外空地\", \"instruction_en\": "
                    "\"Do not switch on lights. Do not phone. "
                    "Go outside now.\", \"response_level\": \"Ⅰ\"",
                    ", \"expires\": \"2021-07-21T01:30:00+08:00\""),
         geometry_make(1080, 1920, 1200, 8000), PRESENTATION_FULL, 1);
    for (size_t i = 0; i < sizeof clauses / sizeof clauses[0]; i++)
        assert_non_null(pages_find(&small.lists[0], clauses[i]));
    finish(&small);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_banner_says_since_when_and_who_says_so),
        cmocka_unit_test(a_banner_says_until_when),
        cmocka_unit_test(
            a_response_level_without_room_in_the_first_line_is_said_below),
        cmocka_unit_test(a_banner_without_an_instruction_tells_what_happens),
        cmocka_unit_test(a_strip_breaks_no_name_time_number_or_level),
        cmocka_unit_test(a_strip_breaks_no_place_of_a_list),
        cmocka_unit_test(a_strip_tells_the_level_by_its_shape_too),
        cmocka_unit_test(a_banner_says_its_page_beside_its_second_line),
        cmocka_unit_test(an_order_read_from_far_keeps_its_clauses_on_lines),
    };

    return cmocka_run_group_tests(tests, load_theme, NULL);
}
