/* The laws of pages, over a matrix of glasses with and without a ticker: an
 * order is larger than its event and stands on every page, a hero has its
 * height, no page is nearly empty, and pages are few. */
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
    BRIEF_BYTES = 180,
    FAR_GLASS = 2,
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
    assert_true(near.pages * 100 <= near.messages * NEAR_HUNDREDTHS);
    assert_true(far.pages * 100 <= far.messages * FAR_HUNDREDTHS);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_page_of_ours_keeps_the_laws),
        cmocka_unit_test(pages_are_few),
        cmocka_unit_test(any_order_keeps_its_laws),
    };
    return cmocka_run_group_tests(tests, load_theme, NULL);
}
