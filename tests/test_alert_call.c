/* Whom to call and where to read more: the code to scan stands beside the
 * hotlines, large enough for somebody who steps up; and an order is broken
 * where one draws breath. */
#include "display/core/templates/page_alert.h"
#include "tests/support/page_check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { MODULE_LEAST_PX = 3 };

static const char alert_format[] =
    "{\"gaoshi\":1,\"kind\":\"alert\",\"id\":\"flood\",\"alert\":{"
    "\"status\":\"%s\",\"type\":\"alert\",\"level\":\"%s\",\"urgency\":"
    "\"immediate\",\"certainty\":\"observed\",\"event\":\"暴雨\","
    "\"headline\":\"暴雨预警\",\"instruction\":\"%s\",\"area\":"
    "\"河道沿线和低洼地带\",\"sender\":\"应急值班室\",\"contacts\":["
    "{\"label\":\"火警、救援\",\"number\":\"119\"},"
    "{\"label\":\"急救\",\"number\":\"120\"}],\"web\":\"%s\"}}";

static const char web[] = "https://www.example.org/emergency/flood";
static struct theme night;

static int load_theme(void **state)
{
    (void)state;
    pages_theme("night", &night);
    return 0;
}

static struct message *make_alert(const char *status, const char *level,
                                  const char *instruction, const char *address)
{
    char text[4096];

    snprintf(text, sizeof text, alert_format, status, level, instruction,
             address);
    struct message *message = pages_message_text(text);
    message->issued_ms = PAGES_NOW_MS;
    message->expires_ms = PAGES_NOW_MS + 6 * 60 * 60 * 1000;
    return message;
}

/* A code on the page: its ground, and the height of its rows. */
struct code {
    struct rect ground;
    int module_px;
};

static bool find_code(const struct draw_list *list, struct code *out)
{
    *out = (struct code){.module_px = INT32_MAX};
    for (size_t i = 1; i < list->count; i++) {
        const struct draw_item *item = &list->items[i];
        const struct rect *r = &item->bounds;
        if (item->kind != DRAW_FILL || item->fill.radius_px != 0)
            continue;
        if (item->colour == night.code_ground && r->width == r->height)
            out->ground = *r;
        else if (item->colour == night.code_dark &&
                 rect_contains(out->ground, *r) && r->height < out->module_px)
            out->module_px = r->height;
    }
    return out->module_px < INT32_MAX;
}

static void check_code(const struct draw_list *list, const struct code *code,
                       const struct geometry *geometry)
{
    static const char *const numbers[] = {"119", "120"};
    const struct draw_item *item;

    assert_true(code->module_px >= MODULE_LEAST_PX);
    assert_true(code->ground.width * 20 >= geometry->legal_px * 141);
    assert_true(rect_contains(geometry->safe, code->ground));
    for (size_t n = 0; n < 2; n++) {
        bool told = false;
        for (size_t i = 0; i < list->count && !told; i++) {
            item = &list->items[i];
            told = item->kind == DRAW_TEXT &&
                   strstr(item->text.string, numbers[n]) != NULL;
        }
        assert_true(told);
    }
    for (size_t i = 0; i < list->count; i++) {
        item = &list->items[i];
        if (item->kind == DRAW_TEXT)
            assert_true(rect_is_empty(
                rect_intersect(page_check_box(item), code->ground)));
    }
}

/* How many pages bear a code. Without one the address stands in letters. */
static int check_pages(const struct message *message,
                       const struct page_context *context)
{
    struct page_set *set = page_set_create(message, context);
    struct draw_list lists[64] = {0};
    size_t count = page_set_count(set);
    struct code code;
    int codes = 0;

    assert_in_range(count, 1, 64);
    for (size_t page = 0; page < count; page++) {
        lists[page] = pages_at(set, page, 0, PAGES_NOW_MS);
        if (find_code(&lists[page], &code)) {
            check_code(&lists[page], &code, &context->geometry);
            codes++;
        }
    }
    if (codes == 0)
        assert_true(page_check_shows(lists, count, web));
    for (size_t page = 0; page < count; page++)
        draw_list_finish(&lists[page]);
    page_set_destroy(set);
    return codes;
}

static void the_code_stands_beside_the_hotlines(void **state)
{
    static const char *const orders[] = {
        "立即转移到高处", "停止外出，离开低洼处",
        ("立即停止户外活动，远离河道、地下通道和低洼地带，听从现场人员指挥，"
         "带好老人和孩子，不要返回取东西。")};

    (void)state;
    for (size_t s = 0; s < PAGES_SIZES; s++) {
        for (size_t o = 0; o < 3; o++) {
            struct message *message = make_alert(o == 1 ? "exercise" : "actual",
                                                 "red", orders[o], web);
            struct page_context context =
                pages_context(&night, pages_sizes[s].width,
                              pages_sizes[s].height, MESSAGE_ALERT);
            int codes = check_pages(message, &context);
            assert_true(page_is_strip(&context.geometry) ? codes == 0
                                                         : codes == 1);
            message_destroy(message);
        }
    }
}

/* A part of the glass may be too low for it: then it is told in letters. */
static void a_code_has_its_size_or_is_left_out(void **state)
{
    (void)state;
    for (size_t s = 0; s < PAGES_SIZES; s++) {
        const struct geometry glass =
            geometry_make(pages_sizes[s].width, pages_sizes[s].height, 0, 0);
        struct message *message = make_alert("actual", "yellow",
                                             "尽量不外出，绕开积水", web);
        struct page_context context = pages_context(
            &night, glass.width_px, glass.height_px, MESSAGE_ALERT);
        context.place = (struct page_place){PRESENTATION_UPPER, 1, 1};
        context.geometry = presentation_alert_geometry(&glass,
                                                       PRESENTATION_UPPER);
        if (presentation_fit(&glass, PRESENTATION_UPPER) == PRESENTATION_UPPER)
            check_pages(message, &context);
        message_destroy(message);
    }
}

static void check_lines(const char *order, int width, int height,
                        const char *const *lines, size_t count)
{
    struct message *message = make_alert("actual", "orange", order, web);
    struct page_set *set = pages_set(&night, message, width, height,
                                     MOTION_FULL);
    struct draw_list list = pages_at(set, 0, 0, PAGES_NOW_MS);

    for (size_t i = 0; i < count; i++)
        assert_non_null(pages_find(&list, lines[i]));
    draw_list_finish(&list);
    page_set_destroy(set);
    message_destroy(message);
}

static void an_order_is_broken_between_its_clauses(void **state)
{
    static const char *const two[] = {"停止外出，", "离开低洼处"};
    static const char *const six[] = {"往两侧山坡跑，", "不要顺沟跑"};
    static const char *const one[] = {"走楼梯，不乘电梯"};

    (void)state;
    check_lines("停止外出，离开低洼处", 1080, 1920, two, 2);
    check_lines("停止外出，离开低洼处", 1080, 1080, two, 2);
    check_lines("往两侧山坡跑，不要顺沟跑", 1080, 1920, six, 2);
    check_lines("走楼梯，不乘电梯", 1920, 1080, one, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_code_stands_beside_the_hotlines),
        cmocka_unit_test(a_code_has_its_size_or_is_left_out),
        cmocka_unit_test(an_order_is_broken_between_its_clauses),
    };
    return cmocka_run_group_tests(tests, load_theme, NULL);
}
