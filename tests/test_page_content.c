/* What pages show, and how long they stand to be read. */
#include "tests/support/page_check.h"

#include "base/timestamp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct theme night;

static int load_theme(void **state)
{
    (void)state;
    pages_theme("night", &night);
    return 0;
}

static void a_page_stands_as_long_as_it_is_read(void **state)
{
    (void)state;
    static const struct {
        const char *json;
        int64_t dwell_ms;
    } rows[] = {
        {"{\"gaoshi\":1,\"kind\":\"panel\",\"id\":\"a\",\"panel\":{"
         "\"template\":\"title\",\"section\":\"quality\",\"title\":\"品质\"}}",
         15000},
        {"{\"gaoshi\":1,\"kind\":\"panel\",\"id\":\"a\",\"panel\":{"
         "\"template\":\"notice\",\"section\":\"general\",\"title\":\"通知\","
         "\"body\":\"一二三四五六七八九十一二三四五六七八九十"
         "一二三四五六七八九十一二三四五六七八九十\"}}",
         2000 + 42 * 333},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct message *message = pages_message_text(rows[i].json);
        struct page_set *set = pages_set(&night, message, 1920, 1080,
                                         MOTION_FULL);
        assert_int_equal(page_set_count(set), 1);
        assert_int_equal(page_dwell_ms(set, 0), rows[i].dwell_ms);
        page_set_destroy(set);
        message_destroy(message);
    }
}

static void numbers_are_written_as_people_write_them(void **state)
{
    (void)state;
    static const struct {
        struct decimal value;
        const char *words;
    } rows[] = {
        {{0, 0}, "0"},
        {{2569, 0}, "2569"},
        {{9999, 0}, "9999"},
        {{10000, 0}, "10,000"},
        {{-2847055, 2}, "−28,470.55"},
        {{999999, 2}, "9999.99"},
        {{123456789012, 0}, "123,456,789,012"},
        {{-35, 1}, "−3.5"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char words[NUMBER_BYTES];
        words_number(rows[i].value, words);
        assert_string_equal(words, rows[i].words);
    }
}

static void a_long_notice_goes_over_pages_that_are_numbered(void **state)
{
    (void)state;
    static char json[16384];
    size_t at = (size_t)snprintf(
        json, sizeof json,
        "{\"gaoshi\":1,\"kind\":\"panel\",\"id\":\"a\",\"panel\":{"
        "\"template\":\"notice\",\"section\":\"general\","
        "\"title\":\"通知\",\"sender\":\"区政府\",\"body\":\"");
    for (int i = 0; i < 90; i++)
        at += (size_t)snprintf(json + at, sizeof json - at,
                               "第 %d 条：请注意防火、防汛。", i + 1);
    snprintf(json + at, sizeof json - at, "\"}}");
    struct message *message = pages_message_text(json);
    struct page_set *set = pages_set(&night, message, 1920, 1080, MOTION_FULL);
    size_t count = page_set_count(set);
    assert_in_range(count, 3, 30);
    struct draw_list lists[30] = {0};
    for (size_t i = 0; i < count; i++) {
        char mark[48];
        lists[i] = pages_at(set, i, 60000, PAGES_NOW_MS);
        snprintf(mark, sizeof mark, "%zu/%zu", i + 1, count);
        assert_non_null(pages_find(&lists[i], mark));
        assert_non_null(pages_find(&lists[i], "通知"));
    }
    assert_true(page_check_shows(lists, count, message->panel.body));
    assert_true(page_check_shows(lists, count, "区政府"));
    for (size_t i = 0; i < count; i++)
        draw_list_finish(&lists[i]);
    page_set_destroy(set);
    message_destroy(message);
}

static int size_of(const struct draw_list *list, const char *text)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].kind == DRAW_TEXT &&
            strstr(list->items[i].text.string, text) != NULL)
            return list->items[i].text.size_px;
    fail_msg("«%s» is not shown", text);
    return 0;
}

/* It once became small to stand on one line, on a page that was empty. */
static void a_name_that_a_page_is_about_is_its_largest_text(void **state)
{
    (void)state;
    for (size_t i = 0; i < PAGES_SIZES; i++) {
        const struct pages_size *size = &pages_sizes[i];
        struct message *message = pages_message("data/erqi/g04-case.json");
        struct page_context context =
            pages_context(&night, size->width, size->height, MESSAGE_PANEL);
        struct page_set *set = page_set_create(message, &context);
        assert_non_null(set);
        struct draw_list list = pages_at(set, 0, 60000, PAGES_NOW_MS);
        if (context.geometry.shape != SHAPE_STRIP)
            assert_true(size_of(&list, "美丽") * 3 >=
                        size_of(&list, "田园") * 4);
        draw_list_finish(&list);
        page_set_destroy(set);
        message_destroy(message);
    }
}

/* «防汛救灾 / 与 / 疫情防控» */
static void no_line_of_a_section_title_is_a_single_character(void **state)
{
    (void)state;
    struct message *message = pages_message("data/erqi/e00-title.json");
    for (size_t i = 0; i < PAGES_SIZES; i++) {
        struct page_set *set = pages_set(&night, message, pages_sizes[i].width,
                                         pages_sizes[i].height, MOTION_FULL);
        struct draw_list list = pages_at(set, 0, 60000, PAGES_NOW_MS);
        assert_null(pages_find(&list, "与"));
        draw_list_finish(&list);
        page_set_destroy(set);
    }
    message_destroy(message);
}

/* The widest gap between two characters of a line, in hundredths of an em. */
static int widest_gap(const struct draw_item *item)
{
    type_length widest = 0;
    for (size_t i = 1; i < item->text.glyph_count; i++) {
        type_length way = item->text.glyphs[i].x - item->text.glyphs[i - 1].x;
        widest = way > widest ? way : widest;
    }
    return (int)(widest * 100 / TYPE_PIXEL / item->text.size_px) - 100;
}

/* Of ten characters a line, justified, the gaps are seen. */
static void short_lines_of_a_notice_are_not_pulled_apart(void **state)
{
    (void)state;
    struct message *message = pages_message("data/samples/sample-notice.json");
    struct page_context context = pages_context(&night, 1080, 1920,
                                                MESSAGE_PANEL);
    context.geometry = geometry_make(1080, 1920, 1200, 8000);
    struct page_set *set = page_set_create(message, &context);
    assert_non_null(set);
    struct draw_list list = pages_at(set, 0, 60000, PAGES_NOW_MS);
    for (size_t i = 0; i < list.count; i++)
        if (list.items[i].kind == DRAW_TEXT &&
            strstr(list.items[i].text.string, "更新") != NULL)
            assert_in_range(widest_gap(&list.items[i]), 0, 5);
    draw_list_finish(&list);
    page_set_destroy(set);
    message_destroy(message);
}

static void a_countdown_tells_days_then_hours_then_minutes(void **state)
{
    (void)state;
    struct message *message =
        pages_message("data/samples/sample-countdown.json");
    struct page_set *set = pages_set(&night, message, 1920, 1080, MOTION_FULL);
    const int64_t until = message->panel.until_ms;
    const int64_t minute = 60000, hour = 60 * minute, day = 24 * hour;
    const struct {
        int64_t left_ms;
        const char *digits, *unit;
        int64_t next_ms; /* before the moment */
    } rows[] = {
        {40 * day, "40", "天", 39 * day},
        {40 * day - 1, "40", "天", 39 * day},
        {day + 1, "2", "天", day},
        {day, "24", "小时", 23 * hour},
        {hour + 1, "2", "小时", hour},
        {hour, "60", "分钟", 59 * minute},
        {1, "1", "分钟", 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int64_t now = until - rows[i].left_ms;
        struct draw_list list = pages_at(set, 0, 60000, now);
        assert_non_null(pages_find(&list, rows[i].digits));
        assert_non_null(pages_find(&list, rows[i].unit));
        assert_int_equal(page_next_change_ms(set, now),
                         until - rows[i].next_ms);
        draw_list_finish(&list);
    }
    struct draw_list after = pages_at(set, 0, 60000, until);
    assert_non_null(pages_find(&after, "新年好"));
    assert_true(page_next_change_ms(set, until) == INT64_MAX);
    draw_list_finish(&after);
    struct draw_list unsure = pages_at(set, 0, 60000, TIMESTAMP_NONE);
    assert_non_null(pages_find(&unsure, "2027 年 1 月 1 日"));
    draw_list_finish(&unsure);
    page_set_destroy(set);
    message_destroy(message);
}

static void a_code_has_whole_modules_and_its_quiet_zone(void **state)
{
    (void)state;
    struct message *message = pages_message("data/samples/sample-qr.json");
    struct page_set *set = pages_set(&night, message, 1920, 1080, MOTION_FULL);
    struct draw_list list = pages_at(set, 0, 0, PAGES_NOW_MS);
    struct rect ground = {0}, dark = {0};
    int module = 0;
    for (size_t i = 0; i < list.count; i++) {
        const struct draw_item *item = &list.items[i];
        if (item->kind != DRAW_FILL)
            continue;
        if (item->colour == night.code_ground)
            ground = item->bounds;
        if (item->colour != night.code_dark)
            continue;
        module = item->bounds.height;
        dark = rect_union(dark, item->bounds);
        assert_int_equal(item->bounds.width % module, 0);
        assert_int_equal((item->bounds.x - ground.x) % module, 0);
        assert_int_equal((item->bounds.y - ground.y) % module, 0);
    }
    assert_true(module >= 3);
    assert_int_equal(dark.x - ground.x, 4 * module);
    assert_int_equal(dark.y - ground.y, 4 * module);
    assert_int_equal(ground.width - dark.width, 8 * module);
    assert_int_equal(ground.height - dark.height, 8 * module);
    draw_list_finish(&list);
    page_set_destroy(set);
    message_destroy(message);
}

/* The instruction is the greatest thing on an alert's first page. */
static void an_alert_says_what_to_do_in_its_greatest_words(void **state)
{
    (void)state;
    for (size_t i = 0; i < PAGES_SIZES; i++) {
        struct message *message = pages_message("data/drills/flood-red.json");
        struct page_set *set = pages_set(&night, message, pages_sizes[i].width,
                                         pages_sizes[i].height, MOTION_FULL);
        struct draw_list list = pages_at(set, 0, 60000, PAGES_NOW_MS);
        int instruction = 0, other = 0;
        for (size_t k = 0; k < list.count; k++) {
            const struct draw_item *item = &list.items[k];
            if (item->kind != DRAW_TEXT)
                continue;
            bool part = strstr(message->alert.instruction, item->text.string) !=
                        NULL;
            int *greatest = part ? &instruction : &other;
            if (item->text.size_px > *greatest)
                *greatest = item->text.size_px;
        }
        assert_true(instruction > other);
        draw_list_finish(&list);
        page_set_destroy(set);
        message_destroy(message);
    }
}

static void every_page_of_an_alert_says_what_to_do(void **state)
{
    (void)state;
    struct message *message = pages_message("data/drills/flood-red.json");
    for (size_t i = 0; i < PAGES_SIZES; i++) {
        const struct pages_size *size = &pages_sizes[i];
        if (size->width > 2 * size->height)
            continue; /* a strip has room for one thought */
        struct page_set *set = pages_set(&night, message, size->width,
                                         size->height, MOTION_FULL);
        assert_true(page_set_count(set) > 1);
        for (size_t page = 0; page < page_set_count(set); page++) {
            struct draw_list list = pages_at(set, page, 0, PAGES_NOW_MS);
            assert_true(page_check_shows(&list, 1, "立即转移到高处"));
            draw_list_finish(&list);
        }
        page_set_destroy(set);
    }
    message_destroy(message);
}

/* How many lines of all pages hold the words. */
static int count_shown(const struct page_set *set, const char *words)
{
    int count = 0;
    for (size_t page = 0; page < page_set_count(set); page++) {
        struct draw_list list = pages_at(set, page, 60000, PAGES_NOW_MS);
        for (size_t k = 0; k < list.count; k++)
            count += list.items[k].kind == DRAW_TEXT &&
                     strstr(list.items[k].text.string, words) != NULL;
        draw_list_finish(&list);
    }
    return count;
}

static void every_language_of_a_panel_is_on_the_glass(void **state)
{
    (void)state;
    struct message *message =
        pages_message("tests/messages/valid_panel_texts.json");
    for (size_t i = 0; i < PAGES_SIZES; i++) {
        const struct pages_size *size = &pages_sizes[i];
        struct page_set *set = pages_set(&night, message, size->width,
                                         size->height, MOTION_FULL);
        if (count_shown(set, "停水") == 0 || count_shown(set, "سۇ") == 0 ||
            count_shown(set, "གཅོད") == 0)
            fail_msg("a language is missing on %dx%d", size->width,
                     size->height);
        page_set_destroy(set);
    }
    message_destroy(message);
}

static void an_actual_alert_bears_no_mark_and_a_test_bears_its_own(void **state)
{
    (void)state;
    static const struct {
        const char *status;
        bool drill, test;
    } rows[] = {{"actual", false, false},
                {"exercise", true, false},
                {"test", false, true}};
    for (size_t i = 0; i < 3; i++) {
        char json[512];
        snprintf(json, sizeof json,
                 "{\"gaoshi\":1,\"kind\":\"alert\",\"id\":\"a\",\"alert\":{"
                 "\"status\":\"%s\",\"type\":\"alert\",\"level\":\"red\","
                 "\"urgency\":\"immediate\",\"certainty\":\"observed\","
                 "\"event\":\"暴雨\",\"headline\":\"暴雨红色预警\","
                 "\"instruction\":\"立即转移到高处\",\"area\":\"全区\","
                 "\"sender\":\"区应急局\"}}",
                 rows[i].status);
        struct message *message = pages_message_text(json);
        struct page_set *set = pages_set(&night, message, 1920, 1080,
                                         MOTION_FULL);
        for (size_t page = 0; page < page_set_count(set); page++) {
            struct draw_list list = pages_at(set, page, 0, PAGES_NOW_MS);
            struct draw_list rest = pages_at(set, page, 9999, PAGES_NOW_MS);
            assert_int_equal(pages_find(&rest, "演练 DRILL") != NULL,
                             rows[i].drill);
            assert_int_equal(pages_find(&rest, "测试 TEST") != NULL,
                             rows[i].test);
            assert_int_equal(list.items[0].colour,
                             night.levels[ALERT_LEVEL_RED].ground);
            draw_list_finish(&list);
            draw_list_finish(&rest);
        }
        page_set_destroy(set);
        message_destroy(message);
    }
}

static void an_end_is_told_in_the_colours_of_calm(void **state)
{
    (void)state;
    struct message *message = pages_message_text(
        "{\"gaoshi\":1,\"kind\":\"alert-cancel\",\"id\":\"a\",\"cancel\":{"
        "\"status\":\"exercise\",\"event\":\"暴雨\","
        "\"reason\":\"雨势减弱，演练结束\"}}");
    for (size_t i = 0; i < PAGES_SIZES; i++) {
        struct page_set *set = pages_set(&night, message, pages_sizes[i].width,
                                         pages_sizes[i].height, MOTION_FULL);
        struct draw_list lists[8] = {0};
        size_t count = page_set_count(set);
        assert_in_range(count, 1, 8);
        for (size_t page = 0; page < count; page++)
            lists[page] = pages_at(set, page, 9999, PAGES_NOW_MS);
        assert_int_equal(lists[0].items[0].colour, night.clear_ground);
        assert_true(page_check_shows(lists, count, "解除"));
        assert_true(page_check_shows(lists, count, "雨势减弱，演练结束"));
        struct geometry glass = geometry_make(pages_sizes[i].width,
                                              pages_sizes[i].height, 0, 0);
        assert_true(page_check_shows(lists, count, page_check_drill(&glass)));
        for (size_t page = 0; page < count; page++)
            draw_list_finish(&lists[page]);
        page_set_destroy(set);
    }
    message_destroy(message);
}

/* No word of it is broken, 应急响 / 应终止; the level stands alone where it has
 * a line of its own. */
static void the_end_of_a_situation_is_broken_before_its_last_word(void **state)
{
    struct message *message = pages_message_text(
        "{\"gaoshi\":1,\"kind\":\"panel\",\"id\":\"s\",\"panel\":{"
        "\"template\":\"situation\",\"title\":\"防汛应急\",\"level\":"
        "\"终止\",\"section\":\"emergency\",\"sender\":\"指挥部\","
        "\"date\":\"2021-07-25T08:00:00+08:00\"}}");
    bool in_two = false;

    (void)state;
    for (size_t i = 0; i < PAGES_SIZES; i++) {
        struct page_set *set = pages_set(&night, message, pages_sizes[i].width,
                                         pages_sizes[i].height, MOTION_FULL);
        for (size_t page = 0; page < page_set_count(set); page++) {
            struct draw_list list = pages_at(set, page, 9999, PAGES_NOW_MS);
            bool first = pages_find(&list, "应急响应") != NULL;
            bool last = pages_find(&list, "终止") != NULL;
            assert_true(first == last);
            if (!first && page_check_shows(&list, 1, "应急响应终止"))
                assert_non_null(pages_find(&list, "应急响应终止"));
            in_two |= first;
            draw_list_finish(&list);
        }
        page_set_destroy(set);
    }
    assert_true(in_two); /* in portrait */
    message_destroy(message);
}

static void the_plain_page_tells_name_time_and_age_of_news(void **state)
{
    (void)state;
    struct plain_page plain = {
        .place_name = "郑州市二七区",
        .now_ms = PAGES_NOW_MS,
        .news = {PAGES_NOW_MS - 3 * 3600000, TIMESTAMP_NONE},
    };
    for (size_t i = 0; i < PAGES_SIZES; i++) {
        struct page_context context = pages_context(
            &night, pages_sizes[i].width, pages_sizes[i].height, MESSAGE_ALERT);
        struct draw_list list = {0};
        char why[PAGE_CHECK_BYTES];
        assert_true(plain_page_frame(&plain, &context, &list));
        if (!page_check_list(&list, &context.geometry, why))
            fail_msg("%s", why);
        assert_true(page_check_shows(&list, 1, "郑州市二七区"));
        assert_true(page_check_shows(&list, 1, "3 小时前"));
        if (context.geometry.shape != SHAPE_STRIP)
            assert_true(page_check_shows(&list, 1, "9:30"));
        draw_list_finish(&list);
    }
    plain.now_ms = TIMESTAMP_NONE;
    plain.news.until_ms = TIMESTAMP_NONE;
    struct page_context context = pages_context(&night, 1920, 1080,
                                                MESSAGE_ALERT);
    struct draw_list list = {0};
    assert_true(plain_page_frame(&plain, &context, &list));
    assert_true(page_check_shows(&list, 1, "尚未收到消息"));
    assert_false(page_check_shows(&list, 1, ":"));
    draw_list_finish(&list);
}

static void a_screen_that_is_to_name_itself_says_its_id_large(void **state)
{
    const struct plain_page plain = {
        .place_name = "大厅", .now_ms = PAGES_NOW_MS, .line = "lobby-1"};

    (void)state;
    for (size_t i = 0; i < PAGES_SIZES; i++) {
        struct page_context context = pages_context(
            &night, pages_sizes[i].width, pages_sizes[i].height, MESSAGE_ALERT);
        struct draw_list list = {0};
        char why[PAGE_CHECK_BYTES];
        int id_px = 0, name_px = 0;
        assert_true(plain_page_frame(&plain, &context, &list));
        if (!page_check_list(&list, &context.geometry, why))
            fail_msg("%s", why);
        for (size_t n = 0; n < list.count; n++) {
            const struct draw_item *item = &list.items[n];
            if (item->kind == DRAW_TEXT &&
                strcmp(item->text.string, "lobby-1") == 0)
                id_px = item->text.size_px;
            if (item->kind == DRAW_TEXT &&
                strcmp(item->text.string, "大厅") == 0)
                name_px = item->text.size_px;
        }
        assert_true(id_px >= context.geometry.legal_px);
        if (context.geometry.shape != SHAPE_STRIP)
            assert_true(id_px >= 2 * context.geometry.legal_px && name_px > 0);
        draw_list_finish(&list);
    }
}

static struct type_glyph without_hearts(void *context, enum type_role role,
                                        int size_px, uint32_t codepoint)
{
    struct type_glyph glyph = type_metrics_plain.glyph(context, role, size_px,
                                                       codepoint);
    glyph.missing = codepoint == 0x2764 || codepoint == '7';
    return glyph;
}

static void characters_that_no_font_has_are_told_once_each(void **state)
{
    (void)state;
    const struct type_metrics metrics = {.glyph = without_hearts,
                                         .line = type_metrics_plain.line};
    struct message *message = pages_message_text(
        "{\"gaoshi\":1,\"kind\":\"panel\",\"id\":\"a\",\"panel\":{"
        "\"template\":\"figure\",\"section\":\"quality\",\"title\":\"❤❤\","
        "\"figures\":[{\"value\":77,\"unit\":\"个\"}]}}");
    struct page_context context = pages_context(&night, 1920, 1080,
                                                message->kind);
    context.metrics = &metrics;
    struct page_set *set = page_set_create(message, &context);
    uint32_t missing[8];
    assert_non_null(set);
    assert_int_equal(page_set_missing(set, missing), 2);
    assert_int_equal(missing[0], 0x2764);
    assert_int_equal(missing[1], '7');
    page_set_destroy(set);
    message_destroy(message);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_page_stands_as_long_as_it_is_read),
        cmocka_unit_test(every_language_of_a_panel_is_on_the_glass),
        cmocka_unit_test(numbers_are_written_as_people_write_them),
        cmocka_unit_test(a_long_notice_goes_over_pages_that_are_numbered),
        cmocka_unit_test(a_countdown_tells_days_then_hours_then_minutes),
        cmocka_unit_test(a_code_has_whole_modules_and_its_quiet_zone),
        cmocka_unit_test(an_alert_says_what_to_do_in_its_greatest_words),
        cmocka_unit_test(every_page_of_an_alert_says_what_to_do),
        cmocka_unit_test(
            an_actual_alert_bears_no_mark_and_a_test_bears_its_own),
        cmocka_unit_test(an_end_is_told_in_the_colours_of_calm),
        cmocka_unit_test(the_end_of_a_situation_is_broken_before_its_last_word),
        cmocka_unit_test(a_screen_that_is_to_name_itself_says_its_id_large),
        cmocka_unit_test(the_plain_page_tells_name_time_and_age_of_news),
        cmocka_unit_test(a_name_that_a_page_is_about_is_its_largest_text),
        cmocka_unit_test(no_line_of_a_section_title_is_a_single_character),
        cmocka_unit_test(short_lines_of_a_notice_are_not_pulled_apart),
        cmocka_unit_test(characters_that_no_font_has_are_told_once_each),
    };
    return cmocka_run_group_tests(tests, load_theme, NULL);
}
