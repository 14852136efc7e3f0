/* The laws of pages, over a matrix of glasses with and without a ticker: an
 * order is larger than its event and stands on every page, a hero has its
 * height, no page is nearly empty, and pages are few. */
#include "display/core/page/furniture.h"
#include "display/core/page/page_set.h"
#include "display/core/page/page_words.h"
#include "tests/support/page_check.h"
#include "tests/support/page_laws.h"
#include "tests/support/random_message.h"
#include "tests/support/table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum {
    PATH_BYTES = 300,
    RANDOM_ROUNDS = 24,
    PANEL_ROUNDS = 1500,
    BRIEF_BYTES = 180,
    PLOT_PERCENT = 45,
    FAR_GLASS = 2,
    FARTHEST_MM = 12000,
    POSTER_GLASSES = 7, /* a strip's first page says nothing but the order */
    /* Pages a message, in hundredths: where no distance is set, and at 8 m. */
    NEAR_HUNDREDTHS = 130,
    FAR_HUNDREDTHS = 200,
};

static const char *const folders[] = {"data/erqi", "data/drills",
                                      "data/samples"};
enum { FOLDER_COUNT = sizeof folders / sizeof folders[0] };

static struct theme night;

static int load_theme(void **state)
{
    (void)state;
    pages_theme("night", &night);
    return 0;
}

static void check_folder(const char *folder, const struct law_glass *glass,
                         bool ticker, struct law_counts *counts)
{
    struct names names;
    names_list(folder, ".json", &names);
    for (size_t i = 0; i < names.count; i++) {
        char path[PATH_BYTES], why[LAW_BYTES];
        snprintf(path, sizeof path, "%s/%s", folder, names.items[i]);
        struct message *message = pages_message(path);
        law_count(message, &night, &type_metrics_plain, glass, ticker, counts,
                  why);
        message_destroy(message);
        if (why[0] != '\0')
            fail_msg("%s: %s", path, why);
    }
    names_finish(&names);
}

static struct law_counts check_glass(size_t index, bool ticker)
{
    struct law_counts counts = {.least_hero = 1000};
    for (size_t f = 0; f < FOLDER_COUNT; f++)
        check_folder(folders[f], &law_glasses[index], ticker, &counts);
    return counts;
}

static void every_page_of_ours_keeps_the_laws(void **state)
{
    (void)state;
    for (size_t i = 0; i < LAW_GLASSES; i++) {
        check_glass(i, false);
        check_glass(i, true);
    }
}

static void pages_are_few(void **state)
{
    (void)state;
    struct law_counts near = check_glass(0, false);
    struct law_counts far = check_glass(FAR_GLASS, false);
    struct law_counts ticking = check_glass(FAR_GLASS, true);
    assert_true(near.pages * 100 <= near.messages * NEAR_HUNDREDTHS);
    assert_true(far.pages * 100 <= far.messages * FAR_HUNDREDTHS);
    assert_true(ticking.pages * 100 <= ticking.messages * FAR_HUNDREDTHS);
}

/* Of whatever make-up, the order stands on page 1, larger than the event; one
 * that no page holds may be set smaller before it is broken. */
static void any_order_keeps_its_laws(void **state)
{
    (void)state;
    struct random_message random = {.random = UINT64_C(0x9E3779B97F4A7C15)};
    for (int round = 0; round < RANDOM_ROUNDS; round++) {
        struct law_counts counts = {.least_hero = 1000};
        const struct law_glass *glass = &law_glasses[round % POSTER_GLASSES];
        random_message_alert(&random);
        law_count(&random.message, &night, &type_metrics_plain, glass, false,
                  &counts, NULL);
        bool brief = strlen(random.message.alert.instruction) < BRIEF_BYTES;
        if (brief && counts.orders_small > 0)
            fail_msg("round %d at %s: an order is smaller than its law", round,
                     glass->name);
    }
    random_message_finish(&random);
}

static const char *any_of(uint64_t *random, const char *const *words,
                          size_t count)
{
    return words[random_below(random, (uint32_t)count)];
}

/* One to `most` phrases, with a stop after some. */
static void put_phrases(uint64_t *random, uint32_t most, char *out,
                        size_t bytes)
{
    static const char *const words[] = {
        "停水",  "通知",     "居民小区", "改造",   "不要",
        "用火",  "管网更新", "11 月",    "二七区", "请勿",
        "PM2.5", "严禁靠近", "提前",     "蓄水",   "全面完成"};
    static const char *const stops[] = {"", "", "，", "、", "。"};
    uint32_t count = 1 + random_below(random, most);
    size_t at = 0;
    for (uint32_t i = 0; i < count && at + 40 < bytes; i++) {
        const char *word = any_of(random, words,
                                  sizeof words / sizeof words[0]);
        const char *stop = any_of(random, stops,
                                  sizeof stops / sizeof stops[0]);
        at += (size_t)snprintf(out + at, bytes - at, "%s%s", word,
                               i + 1 == count ? "" : stop);
    }
}

static struct message *random_hero(uint64_t *random)
{
    static const char *const units[] = {"个", "亿元", "万平方米", "%"};
    static char json[2048], title[400], label[200], line[400];
    static const uint32_t bounds[] = {10, 1000, 100000, 1000000};
    put_phrases(random, 4, title, sizeof title);
    put_phrases(random, 3, label, sizeof label);
    put_phrases(random, 8, line, sizeof line);
    uint32_t value = random_below(random, bounds[random_below(random, 4)]);
    const char *unit = any_of(random, units, sizeof units / sizeof units[0]);
    snprintf(json, sizeof json,
             "{\"gaoshi\":1,\"kind\":\"panel\",\"id\":\"hero\",\"panel\":{"
             "\"template\":\"figure\",\"section\":\"quality\",\"title\":\"%s\","
             "\"figures\":[{\"label\":\"%s\",\"value\":%u,\"unit\":\"%s\"}],"
             "\"lines\":[\"%s\"]}}",
             title, label, value, unit, line);
    return pages_message_text(json);
}

static struct message *random_letter(uint64_t *random)
{
    static char json[8192], title[400], body[4000];
    static const char *const senders[] = {"二七区城市管理局",
                                          "某某街道办事处便民服务中心"};
    put_phrases(random, 5, title, sizeof title);
    put_phrases(random, 120, body, sizeof body);
    const char *sender = any_of(random, senders, 2);
    snprintf(json, sizeof json,
             "{\"gaoshi\":1,\"kind\":\"panel\",\"id\":\"letter\",\"panel\":{"
             "\"template\":\"notice\",\"section\":\"general\","
             "\"title\":\"%s\",\"body\":\"%s\",\"sender\":\"%s\","
             "\"date\":\"2026-11-20T09:00:00+08:00\"}}",
             title, body, sender);
    return pages_message_text(json);
}

/* Any geometry whose page holds a title, a label and a hero at least. */
static struct law_glass random_glass(uint64_t *random)
{
    static const struct {
        int width, height;
    } shapes[] = {{1920, 1080}, {1080, 1920}, {1080, 1080}, {1366, 768},
                  {960, 540},   {720, 1280},  {1600, 1200}};
    size_t shape = random_below(random, sizeof shapes / sizeof shapes[0]);
    struct law_glass glass = {"any", shapes[shape].width, shapes[shape].height,
                              0, 0};
    glass.width += (int)random_below(random, 300);
    if (random_below(random, 2) == 0)
        return glass;
    glass.height_mm = 680;
    glass.viewing_mm = 2000 + (int)random_below(random, 6000);
    return glass;
}

static void any_panel_keeps_its_laws(void **state)
{
    (void)state;
    uint64_t random = UINT64_C(0x9E3779B97F4A7C15);
    for (int round = 0; round < PANEL_ROUNDS; round++) {
        struct law_counts counts = {.least_hero = 1000};
        struct message *message = round % 2 == 0 ? random_hero(&random)
                                                 : random_letter(&random);
        struct law_glass glass = random_glass(&random);
        char why[LAW_BYTES];
        law_count(message, &night, &type_metrics_plain, &glass, false, &counts,
                  why);
        if (counts.heroes_short + counts.ends_alone + counts.empty +
                counts.touching + counts.breaks.early +
                counts.breaks.prohibitions >
            0)
            fail_msg("round %d: %s «%s»", round, why, message->panel.title);
        message_destroy(message);
    }
}

struct chart_case {
    size_t points;
    bool line, noted, ticker;
};

/* The second point is the least, the one before the last the greatest. */
static struct message *chart_message(const struct chart_case *chart)
{
    static char json[4096];
    size_t points = chart->points;
    size_t at = (size_t)snprintf(
        json, sizeof json,
        "{\"gaoshi\":1,\"kind\":\"panel\",\"id\":\"chart\",\"panel\":{"
        "\"template\":\"growth\",\"section\":\"quality\","
        "\"growth_style\":\"%s\",\"title\":\"每月办件量\",\"unit\":\"件\","
        "\"lines\":[%s],\"points\":[",
        chart->line ? "line" : "columns",
        chart->noted ? "\"不含 12345 热线转办件\"" : "");
    for (size_t i = 0; i < points; i++) {
        size_t value = 1000 + 37 * (i * 7 % 11);
        value = i == 1 ? 640 : i + 2 == points ? 1911 : value;
        at += (size_t)snprintf(json + at, sizeof json - at,
                               "%s{\"label\":\"%zu 月\",\"value\":%zu}",
                               i == 0 ? "" : ",", i + 1, value);
    }
    snprintf(json + at, sizeof json - at, "]}}");
    return pages_message_text(json);
}

/* From the lowest to the highest of its strokes, columns and dots. */
static int plot_px(const struct draw_list *list, const struct rect *safe)
{
    int top = INT32_MAX, bottom = 0;
    for (size_t i = 0; i < list->count; i++) {
        const struct draw_item *item = &list->items[i];
        int end = item->bounds.y + item->bounds.height;
        if (item->kind == DRAW_TEXT || !rect_contains(*safe, item->bounds))
            continue;
        top = item->bounds.y < top ? item->bounds.y : top;
        bottom = end > bottom ? end : bottom;
    }
    return bottom - top;
}

static void check_chart(const struct law_glass *glass,
                        const struct chart_case *chart)
{
    struct message *message = chart_message(chart);
    unsigned parts = FURNITURE_DEFAULT | (chart->ticker ? FURNITURE_TICKER : 0);
    struct page_context context = pages_context(&night, glass->width,
                                                glass->height, MESSAGE_PANEL);
    struct geometry whole = geometry_make(glass->width, glass->height,
                                          glass->height_mm, glass->viewing_mm);
    context.geometry = furniture_page_geometry(&whole,
                                               furniture_for(&whole, parts));
    struct page_set *set = page_set_create(message, &context);
    assert_non_null(set);
    struct draw_list list = pages_at(set, 0, INT32_MAX, PAGES_NOW_MS);
    const struct rect *safe = &context.geometry.safe;
    int plot = plot_px(&list, safe);
    if (page_set_count(set) != 1 ||
        plot * 100 < safe->height * PLOT_PERCENT - 100)
        fail_msg("%s, %zu points%s: %zu pages, the plot has %d of %d px",
                 glass->name, chart->points, chart->noted ? ", noted" : "",
                 page_set_count(set), plot, safe->height);
    const struct panel_point *all = message->panel.points;
    const size_t told[] = {0, 1, chart->points - 2, chart->points - 1};
    for (size_t i = 0; i < sizeof told / sizeof told[0]; i++) {
        char value[NUMBER_BYTES];
        words_number(all[told[i]].value, value);
        if (!page_check_shows(&list, 1, value))
            fail_msg("%s, %zu points%s: «%s» is not told", glass->name,
                     chart->points, chart->line ? ", line" : "", value);
    }
    draw_list_finish(&list);
    page_set_destroy(set);
    message_destroy(message);
}

/* At 12 m the words of four points and a line below them are too much for one
 * page: there the last point is the greatest, as it is as a rule. */
static void a_chart_has_its_place_and_tells_four_points(void **state)
{
    static const size_t points[] = {4, 12, 24};
    (void)state;
    for (size_t g = 0; g < POSTER_GLASSES; g++) {
        for (int i = 0; i < 8 * 3; i++) {
            struct chart_case chart = {.points = points[i / 8],
                                       .line = (i & 1) != 0,
                                       .noted = (i & 2) != 0,
                                       .ticker = (i & 4) != 0};
            if (law_glasses[g].viewing_mm < FARTHEST_MM || !chart.noted)
                check_chart(&law_glasses[g], &chart);
        }
    }
}

/* Whether a page fits whose only line stands so many hundredths of its em over
 * the lower edge. */
static bool fits_over_edge(const char *words, int hundredths)
{
    struct geometry glass = geometry_make(1920, 1080, 0, 0);
    const struct rect *safe = &glass.safe;
    struct page_element line = {
        .item = {.kind = DRAW_TEXT,
                 .bounds = {safe->x, safe->y, safe->width, safe->height}}};
    struct page_set set = {0};
    line.item.text.string = words;
    line.item.text.size_px = 100;
    line.item.text.baseline_y = safe->y + safe->height - hundredths;
    assert_non_null(page_add(page_set_add(&set), &line));
    bool fits = page_set_fits(&set, &glass);
    page_set_clear(&set);
    return fits;
}

/* A panel that seems to reach below its page is shown as on a strip: capitals,
 * times, ranges and quotations reach no lower than digits. */
static void
only_letters_with_tails_need_room_below_their_base_line(void **state)
{
    static const char *const level[] = {"12.5", "7:00—9:00", "DRILL 24+",
                                        "“PM2.5”", "3–5"};
    static const char *const deep[] = {"gap", "Quay", "(1)", "a/b"};
    (void)state;
    for (size_t i = 0; i < sizeof level / sizeof level[0]; i++) {
        assert_true(fits_over_edge(level[i], 5));
        assert_false(fits_over_edge(level[i], 0));
    }
    for (size_t i = 0; i < sizeof deep / sizeof deep[0]; i++) {
        assert_true(fits_over_edge(deep[i], 25));
        assert_false(fits_over_edge(deep[i], 15));
    }
    assert_true(fits_over_edge("街道", 13));
    assert_false(fits_over_edge("街道", 10));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_page_of_ours_keeps_the_laws),
        cmocka_unit_test(pages_are_few),
        cmocka_unit_test(any_order_keeps_its_laws),
        cmocka_unit_test(any_panel_keeps_its_laws),
        cmocka_unit_test(a_chart_has_its_place_and_tells_four_points),
        cmocka_unit_test(
            only_letters_with_tails_need_room_below_their_base_line),
    };
    return cmocka_run_group_tests(tests, load_theme, NULL);
}
