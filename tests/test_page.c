/* Pages as functions of time: what moves, and where it ends. */
#include "tests/support/pages.h"
#include "tests/support/table.h"

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

static bool same_pixels(const struct draw_list *a, const struct draw_list *b)
{
    bool same = a->count == b->count;
    for (size_t i = 0; i < a->count && same; i++)
        same = draw_item_equals(&a->items[i], &b->items[i]);
    return same;
}

typedef void set_check(const struct page_set *set, const char *path);

/* Every message of a folder, on three shapes. */
static void each_set_in(const char *folder, enum motion_level motion,
                        set_check *check)
{
    static const struct pages_size sizes[] = {
        {1920, 1080}, {1080, 1920}, {192, 64}};
    struct names names;
    names_list(folder, ".json", &names);
    for (size_t i = 0; i < names.count; i++) {
        char path[160];
        snprintf(path, sizeof path, "%s/%s", folder, names.items[i]);
        struct message *message = pages_message(path);
        for (size_t s = 0; s < 3; s++) {
            struct page_set *set = pages_set(&night, message, sizes[s].width,
                                             sizes[s].height, motion);
            check(set, path);
            page_set_destroy(set);
        }
        message_destroy(message);
    }
    names_finish(&names);
}

static void each_set(enum motion_level motion, set_check *check)
{
    each_set_in("data/erqi", motion, check);
    each_set_in("data/drills", motion, check);
    each_set_in("data/samples", motion, check);
}

static void check_rest(const struct page_set *set, const char *path)
{
    for (size_t page = 0; page < page_set_count(set); page++) {
        int64_t end = page_entrance_ms(set, page);
        struct draw_list at_end = pages_at(set, page, end, PAGES_NOW_MS);
        struct draw_list later = pages_at(set, page, end + 123456,
                                          PAGES_NOW_MS);
        if (!same_pixels(&at_end, &later) || end > 3000)
            fail_msg("%s page %zu moves after its entrance", path, page + 1);
        draw_list_finish(&at_end);
        draw_list_finish(&later);
    }
}

static void a_page_rests_when_its_entrance_is_over(void **state)
{
    (void)state;
    each_set(MOTION_FULL, check_rest);
    each_set(MOTION_REDUCED, check_rest);
}

static void check_same_time(const struct page_set *set, const char *path)
{
    for (int64_t t_ms = 0; t_ms < 1300; t_ms += 170) {
        struct draw_list one = pages_at(set, 0, t_ms, PAGES_NOW_MS);
        struct draw_list two = pages_at(set, 0, t_ms, PAGES_NOW_MS);
        if (!same_pixels(&one, &two))
            fail_msg("%s differs from itself at %d ms", path, (int)t_ms);
        draw_list_finish(&one);
        draw_list_finish(&two);
    }
}

static void the_same_time_gives_the_same_frame(void **state)
{
    (void)state;
    each_set(MOTION_FULL, check_same_time);
}

/* What has come stays: no item goes again, none loses colour again. */
static void check_steady(const struct page_set *set, const char *path)
{
    size_t last = 0;
    uint64_t last_alpha = 0;
    for (int64_t t_ms = 0; t_ms <= page_entrance_ms(set, 0); t_ms += 16) {
        struct draw_list list = pages_at(set, 0, t_ms, PAGES_NOW_MS);
        uint64_t alpha = 0;
        for (size_t i = 0; i < list.count; i++)
            alpha += list.items[i].colour >> 24;
        if (list.count < last || alpha < last_alpha)
            fail_msg("%s: something goes again at %d ms", path, (int)t_ms);
        last = list.count;
        last_alpha = alpha;
        draw_list_finish(&list);
    }
}

static void nothing_that_came_goes_again(void **state)
{
    (void)state;
    each_set(MOTION_FULL, check_steady);
}

static void check_no_motion(const struct page_set *set, const char *path)
{
    for (size_t page = 0; page < page_set_count(set); page++) {
        struct draw_list first = pages_at(set, page, 0, PAGES_NOW_MS);
        struct draw_list later = pages_at(set, page, 5000, PAGES_NOW_MS);
        if (!same_pixels(&first, &later) || page_entrance_ms(set, page) != 0)
            fail_msg("%s page %zu moves", path, page + 1);
        draw_list_finish(&first);
        draw_list_finish(&later);
    }
}

static void without_motion_everything_stands_at_once(void **state)
{
    (void)state;
    each_set(MOTION_NONE, check_no_motion);
}

static void an_alert_stands_whole_in_its_first_frame(void **state)
{
    (void)state;
    each_set_in("data/drills", MOTION_FULL, check_no_motion);
}

/* Whether the words stand at the same place, or another number does that is
 * still counting. */
static bool has_words_of(const struct draw_list *list,
                         const struct draw_item *rest)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct draw_item *item = &list->items[i];
        if (item->kind == DRAW_TEXT && item->colour == rest->colour &&
            item->text.size_px == rest->text.size_px &&
            item->text.baseline_y == rest->text.baseline_y &&
            item->text.x + item->text.glyphs[0].x / TYPE_PIXEL ==
                rest->text.x + rest->text.glyphs[0].x / TYPE_PIXEL)
            return true;
    }
    return false;
}

/* A page that turns is mixed out of the last frame of one page and the first of
 * the next: neither may lack what is to be read. */
static void check_first_frame(const struct page_set *set, const char *path)
{
    for (size_t page = 0; page < page_set_count(set); page++) {
        struct draw_list first = pages_at(set, page, 0, PAGES_NOW_MS);
        struct draw_list rest = pages_at(set, page, 60000, PAGES_NOW_MS);
        for (size_t i = 0; i < rest.count; i++)
            if (rest.items[i].kind == DRAW_TEXT &&
                rest.items[i].text.glyph_count > 0 &&
                !has_words_of(&first, &rest.items[i]))
                fail_msg("%s page %zu: «%s» is not in the first frame", path,
                         page + 1, rest.items[i].text.string);
        draw_list_finish(&first);
        draw_list_finish(&rest);
    }
}

static void every_word_stands_in_the_first_frame(void **state)
{
    (void)state;
    each_set(MOTION_FULL, check_first_frame);
}

/* What pages of a message share is drawn alike on both, so a transition does
 * not touch it: the title, and whatever else heads the page. */
static void check_heads(const struct page_set *set, const char *path)
{
    struct draw_list first = pages_at(set, 0, 60000, PAGES_NOW_MS);
    for (size_t page = 1; page < page_set_count(set); page++) {
        struct draw_list begin = pages_at(set, page, 0, PAGES_NOW_MS);
        struct draw_list rest = pages_at(set, page, 60000, PAGES_NOW_MS);
        for (size_t i = 0; i < first.count; i++)
            for (size_t k = 0; k < rest.count; k++)
                if (draw_item_equals(&first.items[i], &rest.items[k]) &&
                    (k >= begin.count ||
                     !draw_item_equals(&begin.items[k], &rest.items[k])))
                    fail_msg("%s page %zu: item %zu fades in again", path,
                             page + 1, k);
        draw_list_finish(&begin);
        draw_list_finish(&rest);
    }
    draw_list_finish(&first);
}

static void what_pages_share_stands_still(void **state)
{
    (void)state;
    each_set(MOTION_FULL, check_heads);
}

static const char counting[] =
    "{\"gaoshi\":1,\"kind\":\"panel\",\"id\":\"p\",\"panel\":{"
    "\"template\":\"comparison\",\"section\":\"quality\",\"order\":1,"
    "\"title\":\"公园\",\"now_label\":\"2020 年\","
    "\"baseline_label\":\"2015 年\",\"baseline_value\":97,"
    "\"figures\":[{\"value\":1024,\"unit\":\"个\"}]}}";

/* The greatest number on the page. */
static const struct draw_item *hero_of(const struct draw_list *list)
{
    const struct draw_item *hero = NULL;
    for (size_t i = 0; i < list->count; i++) {
        const struct draw_item *item = &list->items[i];
        if (item->kind == DRAW_TEXT && item->text.string[0] >= '0' &&
            item->text.string[0] <= '9' &&
            (hero == NULL || item->text.size_px > hero->text.size_px))
            hero = item;
    }
    return hero;
}

static int left_of(const struct draw_item *item)
{
    return item->text.x + item->text.glyphs[0].x / TYPE_PIXEL;
}

static void a_figure_counts_from_its_baseline_at_its_place(void **state)
{
    (void)state;
    struct message *message = pages_message_text(counting);
    struct page_set *set = pages_set(&night, message, 1920, 1080, MOTION_FULL);
    struct draw_list rest = pages_at(set, 0, 60000, PAGES_NOW_MS);
    const struct draw_item *end = hero_of(&rest);
    int last = 97;
    assert_string_equal(end->text.string, "1024");
    for (int64_t t_ms = 0; t_ms < page_entrance_ms(set, 0); t_ms += 7) {
        struct draw_list list = pages_at(set, 0, t_ms, PAGES_NOW_MS);
        const struct draw_item *now = hero_of(&list);
        assert_int_equal(left_of(now), left_of(end));
        assert_in_range(atoi(now->text.string), last, 1024);
        last = atoi(now->text.string);
        if (t_ms == 0)
            assert_int_equal(last, 97);
        draw_list_finish(&list);
    }
    draw_list_finish(&rest);
    page_set_destroy(set);
    message_destroy(message);
}

static void a_figure_without_a_baseline_does_not_count(void **state)
{
    (void)state;
    struct message *message = pages_message("data/erqi/w11-places.json");
    struct page_set *set = pages_set(&night, message, 1920, 1080, MOTION_FULL);
    struct draw_list first = pages_at(set, 0, 0, PAGES_NOW_MS);
    assert_non_null(pages_find(&first, "377"));
    draw_list_finish(&first);
    page_set_destroy(set);
    message_destroy(message);
}

/* The bars of q01: muted and accent, from one base line, 1 : 1.64. */
static void check_bars(int width, int height)
{
    struct message *message = pages_message("data/erqi/q01-gdp.json");
    struct page_set *set = pages_set(&night, message, width, height,
                                     MOTION_FULL);
    struct draw_list list = pages_at(set, 0, 60000, PAGES_NOW_MS);
    struct rect past = {0}, now = {0};
    for (size_t i = 1; i < list.count; i++) {
        if (list.items[i].kind != DRAW_FILL)
            continue;
        if (list.items[i].colour == night.past)
            past = list.items[i].bounds;
        if (list.items[i].colour == night.sections[SECTION_QUALITY].accent)
            now = list.items[i].bounds;
    }
    assert_true(past.width > 0 && now.width > 0);
    assert_int_equal(past.x, now.x);
    assert_int_equal(past.height, now.height);
    assert_in_range(past.width * 164 / 100, now.width - 2, now.width + 2);
    draw_list_finish(&list);
    page_set_destroy(set);
    message_destroy(message);
}

static void bars_begin_at_zero_and_keep_the_ratio(void **state)
{
    (void)state;
    check_bars(1920, 1080);
    check_bars(1080, 1920);
    check_bars(1080, 1080);
}

/* The accent's bar in the frame; empty before it comes. */
static int accent_bar_width(const struct draw_list *list)
{
    for (size_t i = 1; i < list->count; i++) {
        if (list->items[i].kind == DRAW_FILL &&
            list->items[i].colour == night.sections[SECTION_QUALITY].accent)
            return list->items[i].bounds.width;
    }
    return 0;
}

static void the_present_grows_out_of_the_past(void **state)
{
    (void)state;
    struct message *message = pages_message("data/erqi/q01-gdp.json");
    struct page_set *set = pages_set(&night, message, 1920, 1080, MOTION_FULL);
    struct draw_list rest = pages_at(set, 0, 60000, PAGES_NOW_MS);
    int full = accent_bar_width(&rest);
    int last = full * 100 / 164 - 2;
    for (int64_t t_ms = 0; t_ms < 1100; t_ms += 50) {
        struct draw_list list = pages_at(set, 0, t_ms, PAGES_NOW_MS);
        assert_in_range(accent_bar_width(&list), last, full);
        last = accent_bar_width(&list);
        if (t_ms == 0)
            assert_in_range(last, full * 100 / 164 - 2, full * 100 / 164 + 2);
        draw_list_finish(&list);
    }
    assert_int_equal(last, full);
    draw_list_finish(&rest);
    page_set_destroy(set);
    message_destroy(message);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_page_rests_when_its_entrance_is_over),
        cmocka_unit_test(the_same_time_gives_the_same_frame),
        cmocka_unit_test(nothing_that_came_goes_again),
        cmocka_unit_test(without_motion_everything_stands_at_once),
        cmocka_unit_test(an_alert_stands_whole_in_its_first_frame),
        cmocka_unit_test(every_word_stands_in_the_first_frame),
        cmocka_unit_test(what_pages_share_stands_still),
        cmocka_unit_test(a_figure_counts_from_its_baseline_at_its_place),
        cmocka_unit_test(a_figure_without_a_baseline_does_not_count),
        cmocka_unit_test(bars_begin_at_zero_and_keep_the_ratio),
        cmocka_unit_test(the_present_grows_out_of_the_past),
    };
    return cmocka_run_group_tests(tests, load_theme, NULL);
}
