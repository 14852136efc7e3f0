/* Every panel and every drill at every size: nothing overlaps, nothing is cut
 * or set too small, everything that is said stands on some page.
 *
 * With --update the reference draw lists of tests/layouts are written anew;
 * look at what changed before it is committed. */
#include "display/core/page/page_build.h"
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

static const char *const folders[] = {"data/erqi", "data/drills",
                                      "data/samples"};
enum {
    FOLDER_COUNT = 3,
    PAGES_MOST = 300,
    PATH_BYTES = 160,
    REFERENCE_PAGES = 2
};

static bool update_references;
static bool in_safe_mode;

/* The pages of one message, at rest. */
struct shown {
    const char *path;
    const struct message *message;
    struct page_context context;
    struct geometry glass;
    struct page_set *set; /* the lists point into it */
    struct draw_list lists[PAGES_MOST];
    size_t count;
};

static void show(struct shown *shown)
{
    shown->set = page_set_create(shown->message, &shown->context);
    assert_non_null(shown->set);
    shown->count = page_set_count(shown->set);
    assert_in_range(shown->count, 1, PAGES_MOST);
    for (size_t i = 0; i < shown->count; i++)
        shown->lists[i] = pages_frame(shown->set, &shown->context,
                                      &shown->glass, shown->message, i,
                                      INT32_MAX);
}

static void finish(struct shown *shown)
{
    for (size_t i = 0; i < shown->count; i++)
        draw_list_finish(&shown->lists[i]);
    memset(shown->lists, 0, sizeof shown->lists);
    page_set_destroy(shown->set);
}

typedef void shown_check(const struct shown *shown);

static void check_file(const char *path, const struct theme *theme,
                       const struct type_metrics *metrics, int viewing_mm,
                       shown_check *check)
{
    static struct shown shown;
    struct message *message = pages_message(path);
    shown.path = path;
    shown.message = message;
    for (size_t i = 0; i < PAGES_SIZES; i++) {
        const struct pages_size *size = &pages_sizes[i];
        struct geometry glass = geometry_make(
            size->width, size->height, viewing_mm > 0 ? 680 : 0, viewing_mm);
        shown.context = pages_context(theme, size->width, size->height,
                                      message->kind);
        shown.context.metrics = metrics;
        shown.context.safe = in_safe_mode;
        shown.glass = glass;
        shown.context.geometry =
            message->kind == MESSAGE_PANEL
                ? furniture_page_geometry(&glass, FURNITURE_DEFAULT)
                : glass;
        show(&shown);
        check(&shown);
        finish(&shown);
    }
    message_destroy(message);
}

static void check_all(const char *theme_name,
                      const struct type_metrics *metrics, int viewing_mm,
                      shown_check *check)
{
    struct theme theme;
    pages_theme(theme_name, &theme);
    for (size_t f = 0; f < FOLDER_COUNT; f++) {
        struct names names;
        names_list(folders[f], ".json", &names);
        assert_true(names.count > 0);
        for (size_t i = 0; i < names.count; i++) {
            char path[PATH_BYTES];
            snprintf(path, sizeof path, "%s/%s", folders[f], names.items[i]);
            check_file(path, &theme, metrics, viewing_mm, check);
        }
        names_finish(&names);
    }
}

static void check_rules(const struct shown *shown)
{
    for (size_t i = 0; i < shown->count; i++) {
        char why[PAGE_CHECK_BYTES];
        if (!page_check_list(&shown->lists[i], &shown->glass, why))
            fail_msg("%s at %dx%d, page %zu: %s", shown->path,
                     shown->glass.width_px, shown->glass.height_px, i + 1, why);
    }
}

static void check_figures(const struct shown *shown)
{
    const struct panel *panel = &shown->message->panel;
    for (size_t i = 0; i < panel->figure_count; i++) {
        if (!page_check_shows_figure(shown->lists, shown->count,
                                     &panel->figures[i]))
            fail_msg("%s at %dx%d: figure %zu is not whole", shown->path,
                     shown->context.geometry.width_px,
                     shown->context.geometry.height_px, i + 1);
    }
}

static void check_contents(const struct shown *shown)
{
    struct page_texts texts;
    page_check_texts(shown->message, &shown->context.geometry, &texts);
    for (size_t i = 0; i < texts.count; i++) {
        if (!page_check_shows(shown->lists, shown->count, texts.items[i]))
            fail_msg("%s at %dx%d: «%s» stands on no page", shown->path,
                     shown->context.geometry.width_px,
                     shown->context.geometry.height_px, texts.items[i]);
    }
    page_check_texts_finish(&texts);
    if (shown->message->kind == MESSAGE_PANEL)
        check_figures(shown);
}

static void check_mark(const struct shown *shown)
{
    if (shown->message->kind != MESSAGE_ALERT)
        return;
    assert_int_equal(shown->message->alert.status, ALERT_STATUS_EXERCISE);
    const char *mark = page_check_drill(&shown->context.geometry);
    for (size_t i = 0; i < shown->count; i++)
        if (!page_check_shows(&shown->lists[i], 1, mark))
            fail_msg("%dx%d, page %zu: no «%s»",
                     shown->context.geometry.width_px,
                     shown->context.geometry.height_px, i + 1, mark);
}

static void every_page_keeps_the_rules_of_the_glass(void **state)
{
    (void)state;
    check_all("night", &type_metrics_plain, 0, check_rules);
}

static void every_page_keeps_them_in_the_other_themes(void **state)
{
    (void)state;
    check_all("day", &type_metrics_plain, 0, check_rules);
    check_all("contrast", &type_metrics_plain, 0, check_rules);
}

static void everything_that_is_said_stands_on_some_page(void **state)
{
    (void)state;
    check_all("night", &type_metrics_plain, 0, check_contents);
}

static void every_page_of_a_drill_bears_its_mark(void **state)
{
    (void)state;
    check_all("night", &type_metrics_plain, 0, check_mark);
}

/* A reader far away makes the legal size great: pages grow in number. */
static void check_words(const struct shown *shown)
{
    for (size_t p = 0; p < shown->count; p++) {
        struct draw_list list = pages_at(shown->set, p, 0, PAGES_NOW_MS);
        for (size_t i = 0; i < list.count; i++)
            assert_true(list.items[i].kind == DRAW_TEXT ||
                        list.items[i].kind == DRAW_FILL);
        draw_list_finish(&list);
        assert_int_equal(page_entrance_ms(shown->set, p), 0);
    }
}

static void
in_safe_mode_nothing_but_words_stands_there_and_all_of_them(void **state)
{
    (void)state;
    in_safe_mode = true;
    check_all("night", &type_metrics_plain, 0, check_words);
    check_all("night", &type_metrics_plain, 0, check_contents);
    check_all("night", &type_metrics_plain, 0, check_mark);
    check_all("night", &type_metrics_plain, 0, check_rules);
    check_all("night", &type_metrics_plain, 25000, check_rules);
    in_safe_mode = false;
}

static void readers_far_away_get_more_pages_not_smaller_words(void **state)
{
    (void)state;
    check_all("day", &type_metrics_plain, 9000, check_rules);
    check_all("day", &type_metrics_plain, 9000, check_contents);
}

/* A situation without figures once divided by none of them. */
static void a_panel_that_says_next_to_nothing_keeps_the_rules(void **state)
{
    (void)state;
    static const char smallest[] = "valid_template_";
    struct theme theme;
    struct names names;
    pages_theme("night", &theme);
    names_list("tests/messages", ".json", &names);
    size_t checked = 0;
    for (size_t i = 0; i < names.count; i++) {
        char path[PATH_BYTES];
        if (strncmp(names.items[i], smallest, sizeof smallest - 1) != 0)
            continue;
        snprintf(path, sizeof path, "tests/messages/%s", names.items[i]);
        check_file(path, &theme, &type_metrics_plain, 0, check_rules);
        checked++;
    }
    assert_int_equal(checked, TEMPLATE_COUNT);
    names_finish(&names);
}

static void pages_keep_the_rules_in_the_fonts_of_the_house(void **state)
{
    (void)state;
    struct fonts *fonts = NULL;
    struct problem problem = {0};
    if (!fonts_create(GAOSHI_SOURCE_DIR "/fonts/chain.ini", &fonts, NULL, 0,
                      &problem)) {
        print_message("skipped: %s\n", problem.expected);
        skip();
    }
    check_all("night", fonts_metrics(fonts), 0, check_rules);
    check_all("night", fonts_metrics(fonts), 0, check_contents);
    fonts_destroy(fonts);
}

/* Pages whose draw lists are kept as text. */
static const struct {
    const char *message;
    int width, height;
    const char *reference;
} references[] = {
    {"data/erqi/q01-gdp.json", 1920, 1080, "comparison-1920x1080"},
    {"data/erqi/q01-gdp.json", 1080, 1920, "comparison-1080x1920"},
    {"data/erqi/q01-gdp.json", 192, 64, "comparison-192x64"},
    {"data/erqi/w01-spending.json", 1920, 1080, "share-1920x1080"},
    {"data/erqi/w08-homes.json", 1080, 1080, "figures-1080x1080"},
    {"data/erqi/q08-shopping-quarter.json", 1080, 1920, "honours-1080x1920"},
    {"data/erqi/g01-air.json", 1920, 1080, "years-1920x1080"},
    {"data/samples/sample-growth.json", 1920, 1080, "growth-1920x1080"},
    {"data/drills/flood-red.json", 1920, 1080, "alert-1920x1080"},
    {"data/drills/flood-red.json", 1024, 256, "alert-1024x256"},
};

static void pages_are_drawn_as_they_were_looked_at(void **state)
{
    (void)state;
    static struct shown shown;
    struct theme theme;
    pages_theme("night", &theme);
    for (size_t i = 0; i < sizeof references / sizeof references[0]; i++) {
        struct message *message = pages_message(references[i].message);
        shown.message = message;
        shown.context = pages_context(&theme, references[i].width,
                                      references[i].height, message->kind);
        shown.glass = geometry_make(references[i].width, references[i].height,
                                    0, 0);
        show(&shown);
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
        cmocka_unit_test(every_page_keeps_the_rules_of_the_glass),
        cmocka_unit_test(every_page_keeps_them_in_the_other_themes),
        cmocka_unit_test(everything_that_is_said_stands_on_some_page),
        cmocka_unit_test(every_page_of_a_drill_bears_its_mark),
        cmocka_unit_test(
            in_safe_mode_nothing_but_words_stands_there_and_all_of_them),
        cmocka_unit_test(readers_far_away_get_more_pages_not_smaller_words),
        cmocka_unit_test(a_panel_that_says_next_to_nothing_keeps_the_rules),
        cmocka_unit_test(pages_keep_the_rules_in_the_fonts_of_the_house),
        cmocka_unit_test(pages_are_drawn_as_they_were_looked_at),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
