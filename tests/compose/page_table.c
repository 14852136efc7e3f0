/* Prints how the laws of pages fare: messages of the source tree, and files
 * that are named, over a matrix of glasses, with and without a ticker.
 *
 * page_table [--why] [FILE…]
 * --why names each message that breaks a law. The columns: messages; pages, of
 * each, and most of one; page breaks within a sentence, within a clause, within
 * a clause that a page would hold (early), and between a prohibition and what
 * it forbids; pages that are nearly empty, and that say nothing but who and
 * when (alone); figures under their law, and the least of all, of the glass's
 * height; first pages with an order under its law, and pages without the
 * order, on strips those too far from it. */
#include "display/edge/text/fonts.h"
#include "source_dir.h"
#include "tests/support/page_laws.h"
#include "tests/support/table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { PATHS_MOST = 400, PATH_BYTES = 300 };

static char paths[PATHS_MOST][PATH_BYTES];
static size_t path_count;
static bool tells_why;

static void add_folder(const char *folder)
{
    struct names names;
    names_list(folder, ".json", &names);
    for (size_t i = 0; i < names.count; i++)
        snprintf(paths[path_count++], PATH_BYTES, "%s/%s", folder,
                 names.items[i]);
    names_finish(&names);
}

static void print_row(const struct law_glass *glass, bool ticker,
                      const struct theme *theme,
                      const struct type_metrics *metrics)
{
    struct law_counts counts = {.least_hero = 1000};
    char why[LAW_BYTES];
    for (size_t i = 0; i < path_count; i++) {
        struct message *message = pages_message(paths[i]);
        law_count(message, theme, metrics, glass, ticker, &counts, why);
        if (tells_why && why[0] != '\0')
            printf("  %s: %s\n", paths[i], why);
        message_destroy(message);
    }
    const struct page_break_counts *breaks = &counts.breaks;
    printf("%-13s %-6s %5zu %6zu %6.2f %5zu %6zu %6zu %6zu %5zu %7zu %6zu "
           "%6zu %6.1f%% %7zu %7zu\n",
           glass->name, ticker ? "ticker" : "", counts.messages, counts.pages,
           (double)counts.pages / (double)counts.messages, counts.most_pages,
           breaks->sentences, breaks->clauses, breaks->early,
           breaks->prohibitions, counts.empty, counts.ends_alone,
           counts.heroes_short,
           counts.least_hero == 1000 ? 0 : counts.least_hero / 10.0,
           counts.orders_small, counts.orders_missing);
    fflush(stdout);
}

static void print_table(void **state)
{
    (void)state;
    struct theme theme;
    struct fonts *fonts = NULL;
    struct problem problem = {0};
    pages_theme("night", &theme);
    const struct type_metrics *metrics = &type_metrics_plain;
    if (fonts_create(GAOSHI_SOURCE_DIR "/fonts/chain.ini", &fonts, NULL, 0,
                     &problem))
        metrics = fonts_metrics(fonts);
    printf("%-20s %5s %6s %6s %5s %6s %6s %6s %5s %7s %6s %6s %7s %7s %7s\n",
           "glass", "msgs", "pages", "each", "most", "in_sen", "in_cla",
           "early", "proh", "empty", "alone", "hero<", "least", "order<",
           "order-");
    for (size_t i = 0; i < LAW_GLASSES; i++) {
        print_row(&law_glasses[i], false, &theme, metrics);
        print_row(&law_glasses[i], true, &theme, metrics);
    }
    fonts_destroy(fonts);
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc && path_count < PATHS_MOST; i++) {
        if (strcmp(argv[i], "--why") == 0)
            tells_why = true;
        else
            snprintf(paths[path_count++], PATH_BYTES, "%s", argv[i]);
    }
    if (path_count == 0) {
        add_folder("data/erqi");
        add_folder("data/drills");
        add_folder("data/samples");
    }
    const struct CMUnitTest tests[] = {cmocka_unit_test(print_table)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
