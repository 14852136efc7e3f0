/* Prints a number for the draw lists of every message on every glass, so that
 * two builds can be compared: what does not change the pages changes no line.
 *
 * page_hash [FILE…]: without files those of the source tree, and random ones.
 */
#include "display/edge/text/fonts.h"
#include "protocol/limits.h"
#include "source_dir.h"
#include "tests/support/page_laws.h"
#include "tests/support/random_message.h"
#include "tests/support/table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { PATHS_MOST = 400, PATH_BYTES = 300, RANDOM_MESSAGES = 60, PLACES = 6 };

static char paths[PATHS_MOST][PATH_BYTES];
static size_t path_count;
static bool adds_random;

static const int64_t times_ms[] = {0, 700, INT32_MAX};

struct hash_glass {
    const struct theme *theme;
    const struct type_metrics *metrics;
    struct law_glass size;
};

static void add_folder(const char *folder, const char *prefix)
{
    struct names names;
    names_list(folder, ".json", &names);
    for (size_t i = 0; i < names.count; i++) {
        if (strncmp(names.items[i], prefix, strlen(prefix)) == 0)
            snprintf(paths[path_count++], PATH_BYTES, "%s/%s", folder,
                     names.items[i]);
    }
    names_finish(&names);
}

/* FNV-1a. */
static void mix(uint64_t *hash, const void *bytes, size_t count)
{
    const unsigned char *from = bytes;
    for (size_t i = 0; i < count; i++)
        *hash = (*hash ^ from[i]) * UINT64_C(0x100000001B3);
}

static void mix_number(uint64_t *hash, int64_t number)
{
    mix(hash, &number, sizeof number);
}

static void mix_text(uint64_t *hash, const struct draw_item *item)
{
    mix_number(hash, item->text.role);
    mix_number(hash, item->text.size_px);
    mix_number(hash, item->text.x);
    mix_number(hash, item->text.baseline_y);
    mix(hash, item->text.string, strlen(item->text.string));
    for (size_t i = 0; i < item->text.glyph_count; i++) {
        const struct typeset_glyph *glyph = &item->text.glyphs[i];
        mix_number(hash, glyph->face);
        mix_number(hash, glyph->codepoint);
        mix_number(hash, glyph->x);
        mix_number(hash, glyph->rise);
        mix_number(hash, glyph->missing);
    }
}

static void mix_item(uint64_t *hash, const struct draw_item *item)
{
    mix_number(hash, item->kind);
    mix_number(hash, item->colour);
    mix(hash, &item->bounds, sizeof item->bounds);
    if (item->kind == DRAW_TEXT)
        mix_text(hash, item);
    else if (item->kind == DRAW_FILL)
        mix_number(hash, item->fill.radius_px);
    else if (item->kind == DRAW_ARC)
        mix(hash, &item->arc, sizeof item->arc);
    else
        mix(hash, item->polygon.points,
            (size_t)item->polygon.count * sizeof item->polygon.points[0]);
}

static uint64_t hash_of(const struct page_set *set)
{
    uint64_t hash = UINT64_C(0xCBF29CE484222325);
    for (size_t p = 0; p < page_set_count(set); p++) {
        mix_number(&hash, page_dwell_ms(set, p));
        mix_number(&hash, page_entrance_ms(set, p));
        for (size_t t = 0; t < sizeof times_ms / sizeof *times_ms; t++) {
            struct draw_list list = pages_at(set, p, times_ms[t], PAGES_NOW_MS);
            for (size_t i = 0; i < list.count; i++)
                mix_item(&hash, &list.items[i]);
            draw_list_finish(&list);
        }
    }
    return hash;
}

static void print_set(const struct hash_glass *glass, const char *name,
                      const struct message *message,
                      const struct page_context *context, const char *how)
{
    struct page_set *set = page_set_create(message, context);
    assert_non_null(set);
    printf("%s %s %s %zu %016llx\n", glass->size.name, name, how,
           page_set_count(set), (unsigned long long)hash_of(set));
    page_set_destroy(set);
}

static struct geometry panel_geometry(const struct geometry *whole,
                                      enum presentation presentation,
                                      unsigned parts)
{
    struct geometry below = presentation_programme_geometry(whole,
                                                            presentation);
    return furniture_page_geometry(&below, furniture_for(&below, parts));
}

/* In each part of the glass, alone and as one of several. */
static void print_places(const struct hash_glass *glass, const char *name,
                         const struct message *message)
{
    const struct geometry whole =
        geometry_make(glass->size.width, glass->size.height,
                      glass->size.height_mm, glass->size.viewing_mm);
    struct page_context context = pages_context(glass->theme, whole.width_px,
                                                whole.height_px, message->kind);
    context.metrics = glass->metrics;
    for (int i = 0; i < PLACES; i++) {
        enum presentation wanted = (enum presentation)(i % PRESENTATION_COUNT);
        enum presentation fit = presentation_fit(&whole, wanted);
        bool more = i >= PRESENTATION_COUNT;
        char how[32];
        if (fit != wanted)
            continue;
        context.place = (struct page_place){.presentation = fit};
        if (message->kind == MESSAGE_PANEL) {
            context.geometry = panel_geometry(
                &whole, fit, FURNITURE_DEFAULT | (more ? FURNITURE_TICKER : 0));
        } else {
            context.geometry = presentation_alert_geometry(&whole, fit);
            context.place.position = more ? 2 : 1;
            context.place.total = more ? 3 : 1;
        }
        snprintf(how, sizeof how, "place%d", i);
        print_set(glass, name, message, &context, how);
    }
    context.safe = true;
    print_set(glass, name, message, &context, "safe");
}

static void print_random(const struct hash_glass *glass)
{
    struct random_message random = {.random = 20260729};
    for (int i = 0; i < RANDOM_MESSAGES; i++) {
        char name[32];
        snprintf(name, sizeof name, "random%d", i);
        if (i % 3 == 0)
            random_message_alert(&random);
        else
            random_message_panel(&random,
                                 (enum panel_template)(i % TEMPLATE_COUNT));
        print_places(glass, name, &random.message);
    }
    random_message_finish(&random);
}

static void print_glass(const struct hash_glass *glass)
{
    for (size_t i = 0; i < path_count; i++) {
        struct message *message = pages_message(paths[i]);
        print_places(glass, paths[i], message);
        message_destroy(message);
    }
    if (adds_random)
        print_random(glass);
    fflush(stdout);
}

static void print_all(void **state)
{
    (void)state;
    struct theme theme;
    struct fonts *fonts = NULL;
    struct problem problem = {0};
    struct hash_glass glass = {.theme = &theme, .metrics = &type_metrics_plain};
    pages_theme("night", &theme);
    if (fonts_create(GAOSHI_SOURCE_DIR "/fonts/chain.ini", &fonts, NULL, 0,
                     &problem))
        glass.metrics = fonts_metrics(fonts);
    for (size_t i = 0; i < LAW_GLASSES; i++) {
        glass.size = law_glasses[i];
        print_glass(&glass);
    }
    for (size_t i = 0; i < PAGES_SIZES; i++) {
        glass.size = (struct law_glass){"other", pages_sizes[i].width,
                                        pages_sizes[i].height, 0, 0};
        glass.metrics = &type_metrics_plain;
        print_glass(&glass);
    }
    fonts_destroy(fonts);
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc && path_count < PATHS_MOST; i++)
        snprintf(paths[path_count++], PATH_BYTES, "%s", argv[i]);
    adds_random = path_count == 0;
    if (path_count == 0) {
        add_folder("data/erqi", "");
        add_folder("data/drills", "");
        add_folder("data/samples", "");
        add_folder("tests/cases/pages", "");
        add_folder("tests/cases/text", "shaped_panel.");
        add_folder("tests/cases/text", "rare_notice");
        add_folder("tests/cases/text", "shaped_alert.");
        add_folder("tests/cases/text", "over_new_year");
    }
    const struct CMUnitTest tests[] = {cmocka_unit_test(print_all)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
