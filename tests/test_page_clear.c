/* 解除 on glasses of every size: what has ended, where, who says so and when,
 * and that others stay in force. */
#include "base/timestamp.h"
#include "tests/support/page_check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

enum { PAGES_MOST = 24 };

static struct theme night;

static int load_theme(void **state)
{
    (void)state;
    pages_theme("night", &night);
    return 0;
}

static struct message *make_cancel(bool ended)
{
    struct message *message = pages_message_text(
        "{\"gaoshi\": 1, \"kind\": \"alert-cancel\", \"id\": \"x\", "
        "\"issued\": \"2021-07-20T21:05:00+08:00\", \"cancel\": "
        "{\"status\": \"actual\", \"reason\": \"水位已经回落\"}}");

    if (ended)
        message->cancel.ended = pages_message_text(
            "{\"gaoshi\": 1, \"kind\": \"alert\", \"id\": \"x\", \"alert\": "
            "{\"status\": \"actual\", \"type\": \"alert\", \"level\": "
            "\"yellow\", \"event\": \"洪水\", \"event_en\": \"Flood\", "
            "\"instruction\": \"远离河道\", \"area\": \"侯寨街道\", "
            "\"sender\": \"二七区防汛办\"}}");
    return message;
}

/* One glass, one presentation. */
struct view {
    struct page_context context;
    const struct message *message;
};

static void expect(const struct view *view, const char *const *said,
                   const char *const *unsaid)
{
    const struct page_time rest = {INT32_MAX, PAGES_NOW_MS, 0, NULL};
    const struct geometry *glass = &view->context.geometry;
    struct page_set *set = page_set_create(view->message, &view->context);
    struct draw_list lists[PAGES_MOST] = {0};

    assert_non_null(set);
    size_t count = page_set_count(set);
    assert_in_range(count, 1, PAGES_MOST);
    for (size_t i = 0; i < count; i++) {
        char why[PAGE_CHECK_BYTES];
        assert_true(page_frame(set, i, &rest, &lists[i]));
        if (!page_check_list(&lists[i], glass, why))
            fail_msg("%dx%d, page %zu: %s", glass->width_px, glass->height_px,
                     i + 1, why);
        assert_int_equal(lists[i].items[0].colour, night.clear_ground);
    }
    for (; *said; said++)
        if (!page_check_shows(lists, count, *said))
            fail_msg("%dx%d: «%s» stands on no page", glass->width_px,
                     glass->height_px, *said);
    for (; *unsaid; unsaid++)
        assert_false(page_check_shows(lists, count, *unsaid));
    for (size_t i = 0; i < count; i++)
        draw_list_finish(&lists[i]);
    page_set_destroy(set);
}

/* In every presentation that the glass has room for, and in plain words. */
static void expect_everywhere(const struct message *message, int remaining,
                              const char *const *said,
                              const char *const *unsaid)
{
    for (size_t i = 0; i < PAGES_SIZES; i++) {
        const struct geometry glass =
            geometry_make(pages_sizes[i].width, pages_sizes[i].height, 0, 0);
        for (int wanted = 0; wanted <= PRESENTATION_COUNT; wanted++) {
            struct view view = {pages_context(&night, glass.width_px,
                                              glass.height_px, message->kind),
                                message};
            view.context.safe = wanted == PRESENTATION_COUNT;
            view.context.place = (struct page_place){
                .presentation = presentation_fit(
                    &glass, view.context.safe ? PRESENTATION_FULL
                                              : (enum presentation)wanted),
                .total = remaining};
            view.context.geometry = presentation_alert_geometry(
                &glass, view.context.place.presentation);
            expect(&view, said, unsaid);
        }
    }
}

static void
an_end_says_what_is_over_where_since_when_and_who_says_so(void **state)
{
    static const char *const said[] = {"洪水",
                                       "黄色预警",
                                       "已解除",
                                       "侯寨街道",
                                       "二七区防汛办",
                                       "7 月 20 日 21:05",
                                       "All clear: Flood",
                                       "水位已经回落",
                                       NULL};
    static const char *const unsaid[] = {"仍有", NULL};
    struct message *message = make_cancel(true);

    (void)state;
    expect_everywhere(message, 0, said, unsaid);
    message_destroy(message);
}

static void an_end_never_reads_as_if_all_were_over(void **state)
{
    static const char *const said[] = {
        "洪水",
        "黄色预警",
        "侯寨街道",
        "仍有 2 条预警生效",
        "Ended: Flood. Other warnings remain in force.",
        NULL};
    static const char *const unsaid[] = {"All clear", NULL};
    struct message *message = make_cancel(true);

    (void)state;
    expect_everywhere(message, 2, said, unsaid);
    message_destroy(message);
}

static void an_end_of_what_nobody_knows_says_what_it_has(void **state)
{
    static const char *const said[] = {"预警", "已解除", "7 月 20 日 21:05",
                                       "水位已经回落", NULL};
    static const char *const unsaid[] = {"范围", "来源", "All clear", NULL};
    struct message *message = make_cancel(false);

    (void)state;
    expect_everywhere(message, 0, said, unsaid);
    message_destroy(message);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            an_end_says_what_is_over_where_since_when_and_who_says_so),
        cmocka_unit_test(an_end_never_reads_as_if_all_were_over),
        cmocka_unit_test(an_end_of_what_nobody_knows_says_what_it_has),
    };

    return cmocka_run_group_tests(tests, load_theme, NULL);
}
