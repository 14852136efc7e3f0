/* The parts of the glass: every panel and every drill together on one glass, in
 * every presentation and at every size.
 *
 * With --update the reference draw lists of tests/layouts are written anew;
 * look at what changed before it is committed. */
#include "base/timestamp.h"
#include "display/edge/text/fonts.h"
#include "source_dir.h"
#include "tests/support/page_check.h"
#include "tests/support/reference.h"
#include "tests/support/table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { PAGES_MOST = 300, PATH_BYTES = 160, ALERTS = 3, REFERENCE_PAGES = 2 };

static bool update_references;
static struct theme night;

static int load_theme(void **state)
{
    (void)state;
    pages_theme("night", &night);
    return 0;
}

/* One size of glass with one presentation. */
struct setting {
    struct geometry glass;
    enum presentation presentation;
    const struct type_metrics *metrics;
};

/* The pages of a message in its part, at rest, where they stand on the part. */
struct shown {
    struct geometry part; /* with its frame */
    struct page_set *set; /* the lists point into it */
    struct draw_list lists[PAGES_MOST];
    size_t count;
};

static struct page_context context_of(const struct setting *setting,
                                      const struct message *message,
                                      struct geometry *part)
{
    bool panel = message->kind == MESSAGE_PANEL;
    struct page_context context = pages_context(&night, setting->glass.width_px,
                                                setting->glass.height_px,
                                                message->kind);
    *part = panel ? presentation_programme_geometry(&setting->glass,
                                                    setting->presentation)
                  : presentation_alert_geometry(&setting->glass,
                                                setting->presentation);
    context.metrics = setting->metrics;
    context.geometry = *part;
    if (panel)
        context.geometry = furniture_page_geometry(
            part, furniture_for(part, FURNITURE_DEFAULT));
    context.place = (struct page_place){.presentation = setting->presentation,
                                        .position = panel ? 0 : 2,
                                        .total = panel ? 0 : ALERTS};
    return context;
}

static struct draw_list frame(const struct shown *shown,
                              const struct page_context *context,
                              const struct message *message, size_t page)
{
    struct draw_list list = {0};
    struct page_context whole = *context;
    const struct furniture furniture = {
        .parts = furniture_for(&shown->part, FURNITURE_DEFAULT),
        .place_name = "郑州市二七区",
        .now_ms = PAGES_NOW_MS,
        .section = message->panel.section,
        .on_field = message->kind == MESSAGE_PANEL &&
                    page_has_field(message, context->safe),
        .position = 2,
        .total = 5,
        .news_old = true,
        .news = {PAGES_NOW_MS - 7 * 60 * 1000, TIMESTAMP_NONE},
    };
    const struct page_time rest = {INT32_MAX, PAGES_NOW_MS, 0, NULL};
    assert_true(page_frame(shown->set, page, &rest, &list));
    whole.geometry = shown->part;
    if (message->kind == MESSAGE_PANEL)
        assert_true(furniture_frame(&furniture, &whole, &list));
    return list;
}

static void show(struct shown *shown, const struct setting *setting,
                 const struct message *message)
{
    struct page_context context = context_of(setting, message, &shown->part);
    shown->set = page_set_create(message, &context);
    assert_non_null(shown->set);
    shown->count = page_set_count(shown->set);
    assert_in_range(shown->count, 1, PAGES_MOST);
    for (size_t i = 0; i < shown->count; i++)
        shown->lists[i] = frame(shown, &context, message, i);
}

static void finish(struct shown *shown)
{
    for (size_t i = 0; i < shown->count; i++)
        draw_list_finish(&shown->lists[i]);
    memset(shown->lists, 0, sizeof shown->lists);
    page_set_destroy(shown->set);
}

static void check_said(const struct shown *shown, const char *path,
                       const char *const *said, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!page_check_shows(shown->lists, shown->count, said[i]))
            fail_msg("%s at %dx%d: «%s» stands on no page", path,
                     shown->part.width_px, shown->part.height_px, said[i]);
}

/* A banner says all of it but the headline and the description. */
static void check_banner(const struct shown *shown, const struct alert *alert,
                         const char *path)
{
    const char *const said[] = {alert->event,
                                alert->instruction,
                                alert->area,
                                alert->sender,
                                alert->instruction_en,
                                alert->contacts[0].number,
                                "演练 DRILL",
                                "预警 2/3",
                                night.levels[alert->level].word};

    check_said(shown, path, said, sizeof said / sizeof said[0]);
}

static void check_contents(const struct shown *shown,
                           const struct setting *setting,
                           const struct message *message, const char *path)
{
    struct page_texts texts;

    if (message->kind == MESSAGE_ALERT &&
        setting->presentation == PRESENTATION_BANNER) {
        check_banner(shown, &message->alert, path);
        return;
    }
    page_check_texts(message, &shown->part, &texts);
    check_said(shown, path, (const char *const *)texts.items, texts.count);
    page_check_texts_finish(&texts);
}

/* Of a drill every page bears the mark, and a poster which of several alerts
 * it is; on a strip a page says so. */
static void check_marks(const struct shown *shown,
                        const struct setting *setting,
                        const struct message *message)
{
    if (message->kind != MESSAGE_ALERT)
        return;
    const char *mark = page_check_drill(&shown->part);
    assert_true(page_check_shows(shown->lists, shown->count, "预警 2/3"));
    for (size_t i = 0; i < shown->count; i++)
        if (!page_check_shows(&shown->lists[i], 1, mark))
            fail_msg("%dx%d, page %zu: no «%s»", shown->part.width_px,
                     shown->part.height_px, i + 1, mark);
    for (size_t i = 0; i < shown->count; i++)
        if (setting->presentation == PRESENTATION_BANNER)
            assert_true(page_check_shows(&shown->lists[i], 1, "预警 2/3"));
}

static void check_file(const struct setting *setting, const char *path)
{
    static struct shown shown;
    struct message *message = pages_message(path);
    show(&shown, setting, message);
    for (size_t i = 0; i < shown.count; i++) {
        char why[PAGE_CHECK_BYTES];
        if (!page_check_list(&shown.lists[i], &shown.part, why))
            fail_msg("%s on %dx%d of %dx%d, page %zu: %s", path,
                     shown.part.width_px, shown.part.height_px,
                     setting->glass.width_px, setting->glass.height_px, i + 1,
                     why);
    }
    check_contents(&shown, setting, message, path);
    check_marks(&shown, setting, message);
    finish(&shown);
    message_destroy(message);
}

static void check_folder(const struct setting *setting, const char *folder)
{
    struct names names;
    names_list(folder, ".json", &names);
    assert_true(names.count > 0);
    for (size_t i = 0; i < names.count; i++) {
        char path[PATH_BYTES];
        snprintf(path, sizeof path, "%s/%s", folder, names.items[i]);
        check_file(setting, path);
    }
    names_finish(&names);
}

/* Texts keep to the safe areas, which do not touch: what keeps the rules in
 * its part overlaps nothing of the other. */
static void check_parts(const struct setting *setting)
{
    struct geometry above = presentation_alert_geometry(&setting->glass,
                                                        setting->presentation);
    struct geometry below =
        presentation_programme_geometry(&setting->glass, setting->presentation);
    int top = presentation_programme_top_px(&setting->glass,
                                            setting->presentation);
    const struct rect above_all = {0, 0, above.width_px, above.height_px};
    const struct rect below_all = {0, 0, below.width_px, below.height_px};

    assert_int_equal(above.height_px, top);
    assert_int_equal(above.height_px + below.height_px,
                     setting->glass.height_px);
    assert_true(rect_contains(above_all, above.safe));
    assert_true(rect_contains(below_all, below.safe));
    assert_int_equal(above.legal_px, setting->glass.legal_px);
    assert_int_equal(below.legal_px, setting->glass.legal_px);
}

static void check_all(const struct type_metrics *metrics, int viewing_mm)
{
    for (size_t i = 0; i < PAGES_SIZES; i++) {
        for (int wanted = 1; wanted < PRESENTATION_COUNT; wanted++) {
            struct setting setting = {
                .glass = geometry_make(pages_sizes[i].width,
                                       pages_sizes[i].height,
                                       viewing_mm > 0 ? 680 : 0, viewing_mm),
                .metrics = metrics};
            setting.presentation = presentation_fit(&setting.glass,
                                                    (enum presentation)wanted);
            if (setting.presentation == PRESENTATION_FULL)
                continue;
            check_parts(&setting);
            check_folder(&setting, "data/drills");
            check_folder(&setting, "data/erqi");
            check_folder(&setting, "data/samples");
        }
    }
}

static void both_parts_keep_the_rules_of_the_glass(void **state)
{
    (void)state;
    check_all(&type_metrics_plain, 0);
}

static void both_parts_keep_the_rules_for_readers_far_away(void **state)
{
    (void)state;
    check_all(&type_metrics_plain, 9000);
}

static void both_parts_keep_the_rules_in_the_fonts_of_the_house(void **state)
{
    (void)state;
    struct fonts *fonts = NULL;
    struct problem problem = {0};
    if (!fonts_create(GAOSHI_SOURCE_DIR "/fonts/chain.ini", &fonts, NULL, 0,
                      &problem)) {
        print_message("skipped: %s\n", problem.expected);
        skip();
    }
    check_all(fonts_metrics(fonts), 0);
    fonts_destroy(fonts);
}

/* An event too long for the first line beside the drill mark is said below. */
static void a_banner_says_its_event_in_any_case(void **state)
{
    static const char text[] =
        "{\"gaoshi\": 1, \"kind\": \"alert\", \"id\": \"x\", \"alert\": "
        "{\"status\": \"exercise\", \"type\": \"alert\", \"level\": \"blue\", "
        "\"urgency\": \"future\", \"certainty\": \"likely\", \"event\": "
        "\"地质灾害气象风险与城市内涝\", \"headline\": \"演练\", "
        "\"instruction\": "
        "\"远离山坡和河道，不走地下通道，听从社区工作人员安排\", "
        "\"area\": \"全区\", \"sender\": \"演练\"}}";
    static struct shown shown;
    const struct setting setting = {geometry_make(1080, 1080, 0, 0),
                                    PRESENTATION_BANNER, &type_metrics_plain};
    struct message *message = pages_message_text(text);

    (void)state;
    show(&shown, &setting, message);
    assert_true(shown.count > 2);
    for (size_t i = 0; i < shown.count; i++) {
        char why[PAGE_CHECK_BYTES];
        if (!page_check_list(&shown.lists[i], &shown.part, why))
            fail_msg("page %zu: %s", i + 1, why);
        assert_true(page_check_shows(&shown.lists[i], 1, "蓝色预警"));
        assert_true(page_check_shows(&shown.lists[i], 1, "演练 DRILL"));
    }
    assert_true(
        page_check_shows(shown.lists, shown.count, message->alert.event));
    assert_true(
        page_check_shows(shown.lists, shown.count, message->alert.instruction));
    finish(&shown);
    message_destroy(message);
}

static int largest_of(const struct setting *setting, const char *path)
{
    static struct shown shown;
    struct message *message = pages_message(path);
    int largest = 0;

    show(&shown, setting, message);
    for (size_t page = 0; page < shown.count; page++) {
        const struct draw_list *list = &shown.lists[page];
        for (size_t i = 0; i < list->count; i++)
            if (list->items[i].kind == DRAW_TEXT &&
                list->items[i].text.size_px > largest)
                largest = list->items[i].text.size_px;
    }
    finish(&shown);
    message_destroy(message);
    return largest;
}

/* On the wide screens, which come first. */
static void nothing_below_speaks_louder_than_the_alert(void **state)
{
    static const char *const panels[] = {"data/erqi/e06-letters.json",
                                         "data/erqi/q01-gdp.json",
                                         "data/erqi/w06-communities.json"};

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        const struct setting setting = {
            geometry_make(pages_sizes[i].width, pages_sizes[i].height, 0, 0),
            PRESENTATION_UPPER, &type_metrics_plain};
        int alert = largest_of(&setting, "data/drills/flood-yellow.json");
        for (size_t n = 0; n < sizeof panels / sizeof panels[0]; n++)
            assert_in_range(largest_of(&setting, panels[n]), 1, alert);
    }
}

/* Pages whose draw lists are kept as text. */
static const struct {
    const char *message;
    int width, height;
    enum presentation presentation;
    const char *reference;
} references[] = {
    {"data/drills/flood-yellow.json", 1920, 1080, PRESENTATION_UPPER,
     "upper-1920x1080"},
    {"data/drills/flood-yellow.json", 1080, 1920, PRESENTATION_UPPER,
     "upper-1080x1920"},
    {"data/drills/flood-blue.json", 1920, 1080, PRESENTATION_BANNER,
     "banner-1920x1080"},
    {"data/drills/flood-blue.json", 1080, 1080, PRESENTATION_BANNER,
     "banner-1080x1080"},
    {"data/erqi/q01-gdp.json", 1920, 1080, PRESENTATION_UPPER,
     "below-upper-1920x1080"},
    {"data/erqi/q01-gdp.json", 1080, 1920, PRESENTATION_BANNER,
     "below-banner-1080x1920"},
};

static void parts_are_drawn_as_they_were_looked_at(void **state)
{
    static struct shown shown;

    (void)state;
    for (size_t i = 0; i < sizeof references / sizeof references[0]; i++) {
        const struct setting setting = {
            geometry_make(references[i].width, references[i].height, 0, 0),
            references[i].presentation, &type_metrics_plain};
        struct message *message = pages_message(references[i].message);
        show(&shown, &setting, message);
        size_t pages = shown.count < REFERENCE_PAGES ? shown.count
                                                     : REFERENCE_PAGES;
        reference_compare(references[i].reference, shown.lists, pages,
                          shown.count, update_references);
        finish(&shown);
        message_destroy(message);
    }
}

int main(int argc, char **argv)
{
    update_references = argc == 2 && strcmp(argv[1], "--update") == 0;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_parts_keep_the_rules_of_the_glass),
        cmocka_unit_test(both_parts_keep_the_rules_for_readers_far_away),
        cmocka_unit_test(both_parts_keep_the_rules_in_the_fonts_of_the_house),
        cmocka_unit_test(a_banner_says_its_event_in_any_case),
        cmocka_unit_test(nothing_below_speaks_louder_than_the_alert),
        cmocka_unit_test(parts_are_drawn_as_they_were_looked_at),
    };
    return cmocka_run_group_tests(tests, load_theme, NULL);
}
