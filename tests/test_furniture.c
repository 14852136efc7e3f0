/* The frame around the programme: clock, date, marks, each to be switched
 * off. */
#include "display/core/page/news_mark.h"
#include "tests/support/page_check.h"

#include "base/timestamp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct theme night;

static int load_theme(void **state)
{
    (void)state;
    pages_theme("night", &night);
    return 0;
}

static const struct furniture whole = {
    .parts = FURNITURE_DEFAULT,
    .place_name = "郑州市二七区",
    .now_ms = PAGES_NOW_MS,
    .section = SECTION_GARDEN,
    .position = 3,
    .total = 4,
    .news_old = true,
    .news = {PAGES_NOW_MS - 2 * 60000, TIMESTAMP_NONE},
};

static struct draw_list frame(const struct furniture *furniture, int width,
                              int height)
{
    struct page_context context = pages_context(&night, width, height,
                                                MESSAGE_ALERT);
    struct draw_list list = {0};
    assert_true(furniture_frame(furniture, &context, &list));
    return list;
}

static bool shows(const struct draw_list *list, const char *text)
{
    return page_check_shows(list, 1, text);
}

static void the_frame_tells_place_time_section_and_reach_of_news(void **state)
{
    (void)state;
    static const char *const texts[] = {"郑州市二七区", "9:30",     "9 月 8 日",
                                        "星期三",       "八月初二", "田园二七",
                                        "消息截至 9:28"};
    struct draw_list list = frame(&whole, 1920, 1080);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        if (!shows(&list, texts[i]))
            fail_msg("«%s» is not shown", texts[i]);
    }
    draw_list_finish(&list);
}

static void each_part_can_be_switched_off(void **state)
{
    (void)state;
    static const struct {
        unsigned part;
        const char *text;
    } rows[] = {
        {FURNITURE_PLACE, "郑州市二七区"},
        {FURNITURE_CLOCK, "9:30"},
        {FURNITURE_DATE, "9 月 8 日"},
        {FURNITURE_LUNAR, "八月初二"},
        {FURNITURE_SECTION, "田园二七"},
        {FURNITURE_LINE_MARK, "消息截至 9:28"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct furniture without = whole;
        without.parts &= ~rows[i].part;
        struct draw_list list = frame(&without, 1920, 1080);
        assert_false(shows(&list, rows[i].text));
        draw_list_finish(&list);
    }
    struct furniture nothing = whole;
    nothing.parts = 0;
    struct draw_list list = frame(&nothing, 1920, 1080);
    assert_int_equal(list.count, 0);
    draw_list_finish(&list);
}

static void an_untrusted_clock_shows_no_time(void **state)
{
    (void)state;
    struct furniture unsure = whole;
    unsure.now_ms = TIMESTAMP_NONE;
    struct draw_list list = frame(&unsure, 1920, 1080);
    assert_false(shows(&list, "9:30"));
    assert_false(shows(&list, "星期三"));
    /* Which day that was, nobody can tell from a clock that is wrong. */
    assert_true(shows(&list, "消息截至 9 月 8 日 9:28"));
    draw_list_finish(&list);
}

static void old_news_is_told_by_the_clock_that_can_tell(void **state)
{
    static const struct {
        int64_t now_ms, until_ms, age_ms;
        const char *text;
    } rows[] = {
        {PAGES_NOW_MS, PAGES_NOW_MS - 120000, 120000, "消息截至 9:28"},
        {PAGES_NOW_MS, PAGES_NOW_MS - 10 * 3600000, 36000000,
         "消息截至 9 月 7 日 23:30"},
        {TIMESTAMP_NONE, PAGES_NOW_MS, 120000, "最新消息 2 分钟前"},
        {PAGES_NOW_MS, TIMESTAMP_NONE, 120000, "最新消息 2 分钟前"},
        {TIMESTAMP_NONE, TIMESTAMP_NONE, TIMESTAMP_NONE, "尚未收到消息"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct furniture old = whole;
        old.now_ms = rows[i].now_ms;
        old.news = (struct news_reach){rows[i].until_ms, rows[i].age_ms};
        struct draw_list list = frame(&old, 1920, 1080);
        if (!shows(&list, rows[i].text))
            fail_msg("«%s» is not shown", rows[i].text);
        draw_list_finish(&list);
    }
}

/* An alert stands alone: its page leaves the margin free, and there it is
 * told, in the colour that the level has for text. */
static void an_alert_tells_old_news_in_its_margin(void **state)
{
    struct message alert = {.kind = MESSAGE_ALERT,
                            .alert = {.level = ALERT_LEVEL_ORANGE}};
    const struct news_reach news = {PAGES_NOW_MS - 120000, TIMESTAMP_NONE};

    (void)state;
    for (size_t i = 0; i < PAGES_SIZES; i++) {
        struct page_context context = pages_context(
            &night, pages_sizes[i].width, pages_sizes[i].height, MESSAGE_ALERT);
        const struct geometry *glass = &context.geometry;
        struct draw_list list = {0};
        assert_true(
            news_mark_in_margin(&news, PAGES_NOW_MS, &alert, &context, &list));
        assert_true(list.count > 0);
        bool told = shows(&list, "消息截至 9:28");
        assert_int_equal(told, glass->shape != SHAPE_STRIP);
        for (size_t k = 0; k < list.count; k++) {
            const struct draw_item *item = &list.items[k];
            struct rect box = item->kind == DRAW_TEXT ? page_check_box(item)
                                                      : item->bounds;
            struct rect whole_glass = {0, 0, glass->width_px, glass->height_px};
            assert_true(rect_contains(whole_glass, box));
            assert_true(rect_is_empty(rect_intersect(box, glass->safe)) ||
                        glass->shape == SHAPE_STRIP);
            bool ground = k == 0 && glass->shape != SHAPE_STRIP;
            assert_int_equal(item->colour,
                             ground ? night.levels[ALERT_LEVEL_ORANGE].ground
                                    : night.levels[ALERT_LEVEL_ORANGE].text);
            /* The light that passes along the edge never meets the words. */
            if (glass->shape != SHAPE_STRIP)
                assert_true(rect_contains(list.items[0].bounds, box));
            if (item->kind == DRAW_TEXT)
                assert_true(item->text.size_px >= glass->legal_px);
        }
        draw_list_finish(&list);
    }
}

/* Letters under the legal size are no letters. */
static void a_margin_too_small_for_words_bears_the_ring_alone(void **state)
{
    struct message cancel = {.kind = MESSAGE_ALERT_CANCEL};
    const struct news_reach news = {PAGES_NOW_MS - 120000, TIMESTAMP_NONE};
    struct page_context context = pages_context(&night, 1920, 1080,
                                                MESSAGE_ALERT);
    struct draw_list list = {0};

    (void)state;
    context.geometry = geometry_make(1920, 1080, 1000, 12000);
    assert_true(
        news_mark_in_margin(&news, PAGES_NOW_MS, &cancel, &context, &list));
    assert_int_equal(list.count, 2); /* on a ground of its own */
    assert_int_equal(list.items[1].kind, DRAW_ARC);
    assert_int_equal(list.items[1].colour, night.clear_text);
    assert_true(rect_contains(list.items[0].bounds, list.items[1].bounds));
    assert_true(rect_is_empty(
        rect_intersect(list.items[0].bounds, context.geometry.safe)));
    draw_list_finish(&list);
}

static void news_that_is_not_old_bears_no_mark(void **state)
{
    (void)state;
    struct furniture up = whole;
    up.news_old = false;
    struct draw_list list = frame(&up, 1920, 1080);
    assert_false(shows(&list, "消息截至"));
    draw_list_finish(&list);
}

static void the_progress_runs_along_the_lowest_edge(void **state)
{
    (void)state;
    struct furniture only = whole;
    only.parts = FURNITURE_PROGRESS;
    struct draw_list list = frame(&only, 1920, 1080);
    assert_int_equal(list.count, 1);
    assert_int_equal(list.items[0].bounds.width, 1440);
    assert_int_equal(list.items[0].bounds.y + list.items[0].bounds.height,
                     1080);
    draw_list_finish(&list);
}

static void the_ticker_stands_above_the_bottom_row(void **state)
{
    (void)state;
    struct furniture ticking = whole;
    ticking.parts |= FURNITURE_TICKER;
    ticking.ticker = "今晚 22 时起更新软件";
    for (size_t i = 0; i < PAGES_SIZES; i++) {
        struct draw_list list = frame(&ticking, pages_sizes[i].width,
                                      pages_sizes[i].height);
        struct geometry glass = geometry_make(pages_sizes[i].width,
                                              pages_sizes[i].height, 0, 0);
        char why[PAGE_CHECK_BYTES];
        if (!page_check_list(&list, &glass, why))
            fail_msg("%s", why);
        if (glass.shape != SHAPE_STRIP)
            assert_true(shows(&list, ticking.ticker));
        draw_list_finish(&list);
    }
}

/* Line by line, each for as long as it takes to read. */
static void a_ticker_too_wide_is_shown_line_by_line(void **state)
{
    (void)state;
    struct furniture ticking = whole;
    ticking.parts |= FURNITURE_TICKER;
    ticking.ticker = "今天夜里二十二时至明早六时停水，请提前储水；恢复供水后"
                     "请先放水再饮用，老人和病人如有困难请拨打社区电话 "
                     "0371-12345678，志愿者会送水上门";
    for (size_t i = 0; i < PAGES_SIZES; i++) {
        struct page_context context = pages_context(
            &night, pages_sizes[i].width, pages_sizes[i].height, MESSAGE_ALERT);
        struct draw_list lists[12] = {{0}};
        size_t count = 0;
        ticking.now_ms = PAGES_NOW_MS;
        if (context.geometry.shape == SHAPE_STRIP)
            continue;
        while (count < 12) {
            struct draw_list *list = &lists[count++];
            char why[PAGE_CHECK_BYTES];
            assert_true(furniture_frame(&ticking, &context, list));
            if (!page_check_list(list, &context.geometry, why))
                fail_msg("%s", why);
            int64_t next_ms = furniture_next_change_ms(&ticking, &context);
            assert_in_range(next_ms - ticking.now_ms, 15000, 30000);
            ticking.now_ms = next_ms;
        }
        if (!page_check_shows(lists, count, ticking.ticker))
            fail_msg("%dx%d does not show all of it", pages_sizes[i].width,
                     pages_sizes[i].height);
        for (size_t k = 0; k < count; k++)
            draw_list_finish(&lists[k]);
    }
}

static void a_ticker_from_right_to_left_begins_at_the_right(void **state)
{
    (void)state;
    struct furniture ticking = whole;
    ticking.parts |= FURNITURE_TICKER;
    ticking.ticker = "كەلكۈن 22";
    struct draw_list list = frame(&ticking, 1920, 1080);
    const struct draw_item *item = NULL;
    for (size_t i = 0; i < list.count; i++) {
        if (list.items[i].kind == DRAW_TEXT &&
            strcmp(list.items[i].text.string, ticking.ticker) == 0)
            item = &list.items[i];
    }
    assert_non_null(item);
    struct rect safe = geometry_make(1920, 1080, 0, 0).safe;
    assert_true(item->text.x > safe.x + safe.width / 2);
    assert_true(item->bounds.x + item->bounds.width >=
                safe.x + safe.width - item->text.size_px);
    draw_list_finish(&list);
}

static void pages_get_what_the_frame_leaves_free(void **state)
{
    (void)state;
    for (size_t i = 0; i < PAGES_SIZES; i++) {
        struct geometry glass = geometry_make(pages_sizes[i].width,
                                              pages_sizes[i].height, 0, 0);
        struct geometry page = furniture_page_geometry(&glass,
                                                       FURNITURE_DEFAULT);
        assert_true(rect_contains(glass.safe, page.safe));
        assert_int_equal(page.legal_px, glass.legal_px);
        struct draw_list list = frame(&whole, pages_sizes[i].width,
                                      pages_sizes[i].height);
        for (size_t k = 0; k < list.count; k++) {
            if (list.items[k].kind != DRAW_TEXT)
                continue;
            struct rect box = page_check_box(&list.items[k]);
            assert_true(rect_is_empty(rect_intersect(box, page.safe)));
        }
        draw_list_finish(&list);
        page = furniture_page_geometry(&glass, 0);
        assert_int_equal(page.safe.height, glass.safe.height);
    }
}

/* From any distance; what goes first is the date, never the line's mark. */
static void the_frame_takes_a_quarter_of_the_height_at_most(void **state)
{
    static const struct pages_size sizes[] = {
        {1920, 1080}, {1080, 1920}, {1080, 1080}};
    const unsigned all = FURNITURE_DEFAULT | FURNITURE_TICKER;
    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        for (int metres = 0; metres <= 20; metres++) {
            struct geometry glass =
                geometry_make(sizes[i].width, sizes[i].height,
                              metres > 0 ? 680 : 0, metres * 1000);
            unsigned parts = furniture_for(&glass, all);
            struct geometry page = furniture_page_geometry(&glass, parts);
            int rows = glass.safe.height - page.safe.height;
            if (rows * 4 > glass.height_px)
                fail_msg("%dx%d at %d m: %d px", sizes[i].width,
                         sizes[i].height, metres, rows);
            if (rows > 0)
                assert_true((parts & FURNITURE_LINE_MARK) != 0);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_frame_tells_place_time_section_and_reach_of_news),
        cmocka_unit_test(each_part_can_be_switched_off),
        cmocka_unit_test(an_untrusted_clock_shows_no_time),
        cmocka_unit_test(old_news_is_told_by_the_clock_that_can_tell),
        cmocka_unit_test(an_alert_tells_old_news_in_its_margin),
        cmocka_unit_test(a_margin_too_small_for_words_bears_the_ring_alone),
        cmocka_unit_test(news_that_is_not_old_bears_no_mark),
        cmocka_unit_test(the_progress_runs_along_the_lowest_edge),
        cmocka_unit_test(the_ticker_stands_above_the_bottom_row),
        cmocka_unit_test(a_ticker_too_wide_is_shown_line_by_line),
        cmocka_unit_test(a_ticker_from_right_to_left_begins_at_the_right),
        cmocka_unit_test(pages_get_what_the_frame_leaves_free),
        cmocka_unit_test(the_frame_takes_a_quarter_of_the_height_at_most),
    };
    return cmocka_run_group_tests(tests, load_theme, NULL);
}
