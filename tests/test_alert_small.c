/* Alerts where room is dear, in a banner and on a strip: what has to be said is
 * said, and what belongs together is not broken. */
#include "protocol/timestamp.h"
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
    const struct page_time rest = {INT32_MAX, PAGES_NOW_MS, 0};
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_banner_says_since_when_and_who_says_so),
        cmocka_unit_test(a_banner_says_until_when),
        cmocka_unit_test(
            a_response_level_without_room_in_the_first_line_is_said_below),
        cmocka_unit_test(a_banner_without_an_instruction_tells_what_happens),
    };

    return cmocka_run_group_tests(tests, load_theme, NULL);
}
