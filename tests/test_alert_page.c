/* The pages of an alert for those who read them in passing: the biggest text
 * says what matters, a telephone number is whole, nothing is parted or told
 * twice. */
#include "display/core/page/page_build.h"
#include "tests/support/page_check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { PAGES_MOST = 32, TEXT_BYTES = 2048 };

static const char format[] =
    "{\"gaoshi\":1,\"kind\":\"alert\",\"id\":\"flood\",\"alert\":{"
    "\"status\":\"actual\",\"type\":\"alert\",\"level\":\"blue\",\"urgency\":"
    "\"immediate\",\"certainty\":\"observed\",%s,\"sender\":\"区气象台\"}}";

static const char bare[] = "\"event\":\"暴雨\",\"area\":\"二七区\","
                           "\"headline\":\"二七区气象台发布暴雨蓝色预警\"";

#define CONTACTS                                                               \
    "\"contacts\":[{\"label\":\"防汛值班\",\"number\":\"0371-68186218\"}," \
    "{\"label\":\"火警、救援\",\"number\":\"119\"},"                      \
    "{\"label\":\"急救\",\"number\":\"120\"}]"

static const char full[] =
    "\"event\":\"雷雨大风和短时强降水\",\"headline\":\"发布暴雨预警\","
    "\"area\":\"侯寨街道、金水源街道、嵩山路街道、长江路街道\","
    "\"instruction\":\"立即转移到高处\",\"description\":\"过去 3 小时降雨量已"
    "达 100 毫米以上，郭家咀水库水位持续上涨。\",\"response_level\":\"Ⅰ\","
    "\"web\":\"https://www.example.org/fangxun/2021/0720\"," CONTACTS ","
    "\"event_en\":\"Rainstorm\",\"headline_en\":\"Red rainstorm warning\","
    "\"instruction_en\":\"Move to higher ground now\"";

static struct theme night;

static int load_theme(void **state)
{
    (void)state;
    pages_theme("night", &night);
    return 0;
}

/* All pages of an alert at rest. */
struct pages {
    struct page_set *set;
    struct draw_list lists[PAGES_MOST];
    size_t count;
};

static struct pages set_pages(const char *fields, struct geometry glass)
{
    char text[TEXT_BYTES];
    struct page_context context = pages_context(&night, glass.width_px,
                                                glass.height_px, MESSAGE_ALERT);
    struct pages pages;

    snprintf(text, sizeof text, format, fields);
    struct message *message = pages_message_text(text);
    message->issued_ms = PAGES_NOW_MS;
    message->expires_ms = PAGES_NOW_MS + 6 * 60 * 60 * 1000;
    context.geometry = glass;
    pages.set = page_set_create(message, &context);
    assert_non_null(pages.set);
    pages.count = page_set_count(pages.set);
    assert_in_range(pages.count, 1, PAGES_MOST);
    for (size_t i = 0; i < pages.count; i++)
        pages.lists[i] = pages_at(pages.set, i, 0, PAGES_NOW_MS);
    message_destroy(message);
    return pages;
}

static void finish(struct pages *pages)
{
    for (size_t i = 0; i < pages->count; i++)
        draw_list_finish(&pages->lists[i]);
    page_set_destroy(pages->set);
}

/* How many lines of text hold the words, over all pages. */
static int count_lines(const struct pages *pages, const char *words)
{
    int count = 0;

    for (size_t p = 0; p < pages->count; p++) {
        for (size_t i = 0; i < pages->lists[p].count; i++) {
            const struct draw_item *item = &pages->lists[p].items[i];
            count += item->kind == DRAW_TEXT &&
                     strstr(item->text.string, words) != NULL;
        }
    }
    return count;
}

static const struct draw_item *find(const struct pages *pages, size_t page,
                                    const char *line)
{
    return pages_find(&pages->lists[page], line);
}

static int size_of(const struct pages *pages, size_t page, const char *line)
{
    const struct draw_item *item = find(pages, page, line);

    if (item == NULL)
        fail_msg("page %zu has no line %s", page + 1, line);
    return item->text.size_px;
}

static int largest_px(const struct draw_list *list)
{
    int largest = 0;

    for (size_t i = 0; i < list->count; i++) {
        const struct draw_item *item = &list->items[i];
        if (item->kind == DRAW_TEXT && item->text.size_px > largest)
            largest = item->text.size_px;
    }
    return largest;
}

static struct geometry default_glass(size_t index)
{
    return geometry_make(pages_sizes[index].width, pages_sizes[index].height, 0,
                         0);
}

/* A glass of 680 mm that is read from 8 m. */
static struct geometry far_glass(void)
{
    return geometry_make(1920, 1080, 680, 8000);
}

/* Nobody says what to do: then what is the matter is largest, and said once;
 * a page for it alone there is not. */
static void without_an_instruction_the_headline_is_largest(void **state)
{
    (void)state;
    for (size_t s = 0; s < PAGES_SIZES; s++) {
        struct geometry glass = default_glass(s);
        if (page_is_strip(&glass))
            continue;
        struct pages pages = set_pages(bare, glass);
        assert_int_equal(pages.count, 1);
        int largest = largest_px(&pages.lists[0]);
        for (size_t i = 0; i < pages.lists[0].count; i++) {
            const struct draw_item *item = &pages.lists[0].items[i];
            if (item->kind == DRAW_TEXT && item->text.size_px == largest)
                assert_non_null(
                    strstr("二七区气象台发布暴雨蓝色预警", item->text.string));
        }
        assert_true(
            page_check_shows(pages.lists, 1, "二七区气象台发布暴雨蓝色预警"));
        finish(&pages);
    }
}

static bool is_far(size_t index)
{
    return index == PAGES_SIZES;
}

static void a_hotline_is_never_broken(void **state)
{
    (void)state;
    for (size_t s = 0; s <= PAGES_SIZES; s++) {
        struct geometry glass = is_far(s) ? far_glass() : default_glass(s);
        if (page_is_strip(&glass))
            continue;
        struct pages pages = set_pages(full, glass);
        assert_int_equal(count_lines(&pages, "防汛值班 0371-68186218"), 1);
        assert_int_equal(count_lines(&pages, "火警、救援 119"), 1);
        assert_int_equal(count_lines(&pages, "急救 120"), 1);
        finish(&pages);
    }
}

static void a_long_label_stands_over_its_number(void **state)
{
    static const char fields[] =
        "\"event\":\"暴雨\",\"area\":\"二七区\",\"instruction\":\"立即转移\","
        "\"contacts\":[{\"label\":"
        "\"二七区防汛抗旱指挥部办公室二十四小时值班电话"
        "\",\"number\":\"0371-68186218\"}]";
    struct pages pages = set_pages(fields, geometry_make(1080, 1920, 0, 0));

    (void)state;
    assert_non_null(find(&pages, 0, "0371-68186218"));
    finish(&pages);
}

static void hotlines_have_one_size(void **state)
{
    static const struct pages_size sizes[] = {{1080, 1920}, {2160, 3840}};

    (void)state;
    for (size_t s = 0; s < 2; s++) {
        struct pages pages = set_pages(
            full, geometry_make(sizes[s].width, sizes[s].height, 0, 0));
        int size = size_of(&pages, 1, "防汛值班 0371-68186218");
        assert_int_equal(size_of(&pages, 1, "火警、救援 119"), size);
        assert_int_equal(size_of(&pages, 1, "急救 120"), size);
        assert_true(size > default_glass(s == 0 ? 4 : 5).legal_px);
        finish(&pages);
    }
}

/* Few lines have room: then there are no more pages than the words need, and
 * no label at the end of one. */
static void far_readers_get_few_pages_and_whole_facts(void **state)
{
    static const char *const facts[][2] = {
        {"范围", "侯寨街道、"},
        {"发布", "9 月 8 日 9:30"},
        {"来源", "区气象台"},
        {"有效至", "9 月 8 日 15:30"},
        {"电话", "防汛值班 0371-68186218"},
    };
    struct pages pages = set_pages(full, far_glass());

    (void)state;
    assert_in_range(pages.count, 1, 5);
    for (size_t f = 0; f < sizeof facts / sizeof facts[0]; f++) {
        size_t page = 0;
        while (page < pages.count && !find(&pages, page, facts[f][0]))
            page++;
        assert_true(page < pages.count);
        struct pages one = {.count = 1};
        one.lists[0] = pages.lists[page];
        assert_int_equal(count_lines(&one, facts[f][1]), 1);
    }
    assert_int_equal(count_lines(&pages, "Red rainstorm"), 1);
    finish(&pages);
}

/* Lines of a page that begin with these words. */
static int count_begins(const struct draw_list *list, const char *words)
{
    int count = 0;

    for (size_t i = 0; i < list->count; i++) {
        const struct draw_item *item = &list->items[i];
        count += item->kind == DRAW_TEXT &&
                 strncmp(item->text.string, words, strlen(words)) == 0;
    }
    return count;
}

static void no_page_is_opened_for_a_line(void **state)
{
    (void)state;
    for (int count = 20; count <= 300; count += 4) {
        char fields[TEXT_BYTES];
        char description[1024] = "";
        for (int i = 0; i < count; i++)
            strcat(description, "水");
        snprintf(fields, sizeof fields,
                 "\"event\":\"暴雨\",\"area\":\"二七区\",\"instruction\":"
                 "\"立即转移\",\"description\":\"%s\"",
                 description);
        struct pages pages = set_pages(fields, geometry_make(1920, 1080, 0, 0));
        const struct draw_list *last = &pages.lists[pages.count - 1];
        if (pages.count > 2)
            assert_true(count_begins(last, "水") + count_begins(last, "…") > 1);
        finish(&pages);
    }
}

/* The level is one thing to read. */
static void a_long_event_has_its_level_below_it(void **state)
{
    struct geometry glass = geometry_make(1080, 1920, 0, 0);
    struct pages pages = set_pages(full, glass);

    (void)state;
    int size = size_of(&pages, 0, "蓝色预警");
    assert_int_equal(size_of(&pages, 0, "雷雨大风和短时强降水"), size);
    assert_true(size * 2 > glass.legal_px * 3);
    finish(&pages);
}

static void check_no_line_ends(const struct draw_list *list, const char *end)
{
    size_t bytes = strlen(end);

    for (size_t i = 0; i < list->count; i++) {
        const struct draw_item *item = &list->items[i];
        const char *line = item->kind == DRAW_TEXT ? item->text.string : "";
        size_t length = strlen(line);
        if (length >= bytes && strcmp(line + length - bytes, end) == 0)
            fail_msg("a line ends so: %s", line);
    }
}

static void an_order_parts_no_word_and_no_time(void **state)
{
    static const char *const cases[][2] = {
        {"请 20:30 前从 5 号门撤离，不要返回", "20:30"},
        {"请 20:30 前从 5 号门撤离，不要返回", "5 号"},
        {"远离河道和地下通道，留意低洼处积水，收好阳台杂物", "积"},
        {"远离河道和地下通道，留意低洼处积水，收好阳台杂物", "低洼"},
        {"远离河道和地下通道，留意低洼处积水，收好阳台杂物", "杂"},
    };

    (void)state;
    for (size_t n = 0; n < sizeof cases / sizeof cases[0] * PAGES_SIZES; n++) {
        const char *const *words = cases[n / PAGES_SIZES];
        struct geometry glass = default_glass(n % PAGES_SIZES);
        char fields[TEXT_BYTES];
        if (page_is_strip(&glass))
            continue;
        snprintf(fields, sizeof fields,
                 "\"event\":\"暴雨\",\"area\":\"二七区\","
                 "\"instruction\":\"%s\"",
                 words[0]);
        struct pages pages = set_pages(fields, glass);
        check_no_line_ends(&pages.lists[0], words[1]);
        finish(&pages);
    }
}

/* Short enough for every glass; on strips each language has its own page. */
static void every_language_of_the_place_is_on_the_glass(void **state)
{
    (void)state;
    static const char fields[] =
        "\"event\":\"洪水\",\"area\":\"沿河\",\"instruction\":\"立即转移\","
        "\"texts\":{\"ug\":{\"instruction\":\"يۇقىرى جايغا\"},"
        "\"bo\":{\"instruction\":\"མཐོ་སར་སོང་།\"}}";

    for (size_t n = 0; n < PAGES_SIZES; n++) {
        struct pages pages = set_pages(fields, default_glass(n));
        if (count_lines(&pages, "جايغا") == 0 || count_lines(&pages, "སོང") == 0)
            fail_msg("a language is missing on %dx%d", pages_sizes[n].width,
                     pages_sizes[n].height);
        finish(&pages);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_language_of_the_place_is_on_the_glass),
        cmocka_unit_test(without_an_instruction_the_headline_is_largest),
        cmocka_unit_test(a_hotline_is_never_broken),
        cmocka_unit_test(a_long_label_stands_over_its_number),
        cmocka_unit_test(hotlines_have_one_size),
        cmocka_unit_test(far_readers_get_few_pages_and_whole_facts),
        cmocka_unit_test(no_page_is_opened_for_a_line),
        cmocka_unit_test(a_long_event_has_its_level_below_it),
        cmocka_unit_test(an_order_parts_no_word_and_no_time),
    };

    return cmocka_run_group_tests(tests, load_theme, NULL);
}
