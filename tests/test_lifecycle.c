/* Chains, updates, cancels and tombstones of alerts: every rule by its name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "display/core/alerts/alert_records.h"
#include "source_dir.h"
#include "tests/support/alert_screen.h"

enum { HOUR = 60 };

static void an_update_in_its_own_slot_replaces(void **state)
{
    struct alert_screen *screen = alert_screen_start(false);

    (void)state;
    alert_screen_alert(screen,
                       (struct made){.id = "a", .level = ALERT_LEVEL_BLUE});
    assert_int_equal(
        alert_screen_alert(screen, (struct made){.id = "a", .seq = 2}),
        BOARD_ACCEPTED);
    alert_screen_expect(screen, "a");
    size_t count;
    assert_int_equal(lifecycle_list(screen->lifecycle, &count)[0]->seq, 2);
    alert_screen_expect_ended(screen, "a", "replaced");
    alert_screen_finish(screen);
}

static void an_update_replaces_what_it_names(void **state)
{
    struct alert_screen *screen = alert_screen_start(false);

    (void)state;
    alert_screen_alert(screen, (struct made){.id = "a"});
    alert_screen_alert(screen,
                       (struct made){.id = "other", .level = ALERT_LEVEL_BLUE});
    alert_screen_alert(screen, (struct made){.id = "b",
                                             .issued = 1,
                                             .level = ALERT_LEVEL_YELLOW,
                                             .references = {"a"}});
    alert_screen_expect(screen, "b other");
    alert_screen_expect_ended(screen, "a", "replaced");
    alert_screen_finish(screen);
}

static void an_update_of_the_chinese_root_replaces_the_newest(void **state)
{
    struct alert_screen *screen = alert_screen_start(false);

    (void)state;
    alert_screen_alert(screen, (struct made){.id = "root"});
    alert_screen_alert(
        screen, (struct made){.id = "b", .issued = 1, .references = {"root"}});
    alert_screen_alert(
        screen, (struct made){.id = "c", .issued = 2, .references = {"root"}});
    alert_screen_expect(screen, "c");
    alert_screen_finish(screen);
}

static void a_chain_hangs_together_by_a_root_that_never_came(void **state)
{
    struct alert_screen *screen = alert_screen_start(false);

    (void)state;
    alert_screen_alert(
        screen, (struct made){.id = "b", .issued = 1, .references = {"root"}});
    alert_screen_alert(
        screen, (struct made){.id = "c", .issued = 2, .references = {"root"}});
    alert_screen_expect(screen, "c");
    assert_int_equal(
        alert_screen_cancel(screen, (struct made){.id = "root", .issued = 3}),
        BOARD_TOOK_OFF);
    alert_screen_expect(screen, "");
    alert_screen_finish(screen);
}

static void a_cancel_of_the_chinese_root_ends_the_newest(void **state)
{
    struct alert_screen *screen = alert_screen_start(false);

    (void)state;
    alert_screen_alert(screen, (struct made){.id = "root"});
    alert_screen_alert(
        screen, (struct made){.id = "b", .issued = 1, .references = {"root"}});
    assert_int_equal(
        alert_screen_cancel(screen,
                            (struct made){.id = "root", .seq = 2, .issued = 2}),
        BOARD_TOOK_OFF);
    alert_screen_expect(screen, "");
    alert_screen_finish(screen);
}

static void a_cancel_by_reference_ends_what_it_names(void **state)
{
    struct alert_screen *screen = alert_screen_start(false);

    (void)state;
    alert_screen_alert(screen, (struct made){.id = "a"});
    alert_screen_alert(screen, (struct made){.id = "other"});
    alert_screen_cancel(
        screen, (struct made){.id = "k", .issued = 1, .references = {"a"}});
    alert_screen_expect(screen, "other");
    alert_screen_expect_ended(screen, "a", "cancelled");
    alert_screen_finish(screen);
}

static void a_cancel_with_foreign_references_ends_nothing(void **state)
{
    struct alert_screen *screen = alert_screen_start(false);

    (void)state;
    alert_screen_alert(screen, (struct made){.id = "a"});
    assert_int_equal(
        alert_screen_cancel(
            screen,
            (struct made){.id = "k", .issued = 1, .references = {"x", "y"}}),
        BOARD_NOTED);
    alert_screen_expect(screen, "a");
    alert_screen_finish(screen);
}

static void a_cancel_ends_the_chain_of_what_it_cancels(void **state)
{
    struct alert_screen *screen = alert_screen_start(false);

    (void)state;
    alert_screen_alert(screen, (struct made){.id = "a"});
    alert_screen_alert(
        screen, (struct made){.id = "b", .issued = 1, .references = {"a"}});
    alert_screen_cancel(screen,
                        (struct made){.id = "b", .seq = 2, .issued = 2});
    alert_screen_expect(screen, "");
    alert_screen_finish(screen);
}

static void an_older_arrival_never_replaces_a_newer(void **state)
{
    struct alert_screen *screen = alert_screen_start(false);

    (void)state;
    alert_screen_alert(
        screen, (struct made){.id = "c", .issued = 5, .references = {"a"}});
    assert_int_equal(
        alert_screen_alert(
            screen, (struct made){.id = "b", .issued = 3, .references = {"a"}}),
        BOARD_REFUSED);
    assert_int_equal(alert_screen_alert(screen, (struct made){.id = "a"}),
                     BOARD_REFUSED);
    alert_screen_expect(screen, "c");
    alert_screen_finish(screen);
}

static void sent_late_counts_from_when_it_was_sent(void **state)
{
    struct alert_screen *screen = alert_screen_start(false);

    (void)state;
    alert_screen_alert(
        screen, (struct made){.id = "b", .issued = 5, .references = {"a"}});
    /* Issued by the publisher later, but sent by its source before. */
    alert_screen_alert(
        screen,
        (struct made){.id = "c", .issued = 7, .sent = 2, .references = {"a"}});
    alert_screen_expect(screen, "b");
    alert_screen_finish(screen);
}

static void of_the_same_second_the_one_that_names_is_newer(void **state)
{
    struct alert_screen *screen = alert_screen_start(false);

    (void)state;
    alert_screen_alert(screen, (struct made){.id = "z"});
    alert_screen_alert(screen, (struct made){.id = "b", .references = {"z"}});
    alert_screen_expect(screen, "b");
    alert_screen_finish(screen);
}

static void an_update_taken_back_reveals_what_it_replaced(void **state)
{
    struct alert_screen *screen = alert_screen_start(false);

    (void)state;
    alert_screen_alert(screen, (struct made){.id = "a"});
    alert_screen_alert(
        screen, (struct made){.id = "b", .issued = 1, .references = {"a"}});
    /* The correction no longer claims to replace a. */
    alert_screen_alert(screen, (struct made){.id = "b", .seq = 2, .issued = 2});
    alert_screen_expect(screen, "b a");
    alert_screen_finish(screen);
}

static void an_alert_after_its_own_cancel_never_shows(void **state)
{
    struct alert_screen *screen = alert_screen_start(false);

    (void)state;
    alert_screen_cancel(screen,
                        (struct made){.id = "root", .seq = 2, .issued = 2});
    alert_screen_cancel(
        screen, (struct made){.id = "k", .issued = 2, .references = {"x"}});
    assert_int_equal(
        alert_screen_alert(
            screen,
            (struct made){.id = "b", .issued = 1, .references = {"root"}}),
        BOARD_REFUSED);
    assert_int_equal(alert_screen_alert(screen, (struct made){.id = "x"}),
                     BOARD_REFUSED);
    alert_screen_expect(screen, "");
    alert_screen_finish(screen);
}

static void a_tombstone_outlives_a_restart(void **state)
{
    struct alert_screen *screen = alert_screen_start(false);

    (void)state;
    /* Even before the clock is set. */
    alert_screen_set_clock(screen, -1000 * HOUR, false);
    const struct made made = {
        .id = "k", .seq = 2, .issued = 2, .references = {"a"}};
    struct board_taken taken = alert_screen_take(screen, made_cancel(&made),
                                                 false, 2);
    assert_true(taken.keep);
    assert_int_equal(alert_screen_alert(screen, (struct made){.id = "a"}),
                     BOARD_REFUSED);
    alert_screen_expect(screen, "");
    alert_screen_finish(screen);
}

static void an_alert_raised_again_after_its_cancel_shows(void **state)
{
    struct alert_screen *screen = alert_screen_start(false);

    (void)state;
    alert_screen_alert(screen, (struct made){.id = "a"});
    alert_screen_cancel(screen,
                        (struct made){.id = "a", .seq = 2, .issued = 1});
    alert_screen_alert(screen, (struct made){.id = "a", .seq = 3, .issued = 2});
    alert_screen_expect(screen, "a");
    alert_screen_finish(screen);
}

/* Reads the manual; the caller frees it. */
static char *read_manual(void)
{
    FILE *file = fopen(GAOSHI_SOURCE_DIR "/docs/alerts.md", "rb");
    char *text = calloc(1, 65536);

    assert_non_null(file);
    assert_non_null(text);
    assert_true(fread(text, 1, 65535, file) > 0);
    fclose(file);
    return text;
}

static size_t count_in(const char *text, const char *line)
{
    size_t count = 0;

    while ((text = strstr(text, line)) != NULL) {
        text += strlen(line);
        count++;
    }
    return count;
}

static void the_manual_has_the_table_of_the_code(void **state)
{
    char *manual = read_manual();

    (void)state;
    for (int from = 0; from < LIFECYCLE_STATE_COUNT; from++) {
        for (int event = 0; event < LIFECYCLE_EVENT_COUNT; event++) {
            const char *name = lifecycle_state_name(from);
            const char *what = lifecycle_event_name(event);
            enum lifecycle_state to = lifecycle_next_state(from, event);
            char row[80], cell[80], edge[80];
            snprintf(cell, sizeof cell, "\n| %s | %s |", name, what);
            snprintf(row, sizeof row, "\n| %s | %s | %s |\n", name, what,
                     lifecycle_state_name(to));
            snprintf(edge, sizeof edge, "\n    %s --> %s: %s\n", name,
                     lifecycle_state_name(to), what);
            bool listed = (int)to != from;
            assert_int_equal(count_in(manual, cell), listed);
            assert_int_equal(count_in(manual, row), listed);
            assert_int_equal(count_in(manual, edge), listed);
        }
    }
    free(manual);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_update_in_its_own_slot_replaces),
        cmocka_unit_test(an_update_replaces_what_it_names),
        cmocka_unit_test(an_update_of_the_chinese_root_replaces_the_newest),
        cmocka_unit_test(a_chain_hangs_together_by_a_root_that_never_came),
        cmocka_unit_test(a_cancel_of_the_chinese_root_ends_the_newest),
        cmocka_unit_test(a_cancel_by_reference_ends_what_it_names),
        cmocka_unit_test(a_cancel_with_foreign_references_ends_nothing),
        cmocka_unit_test(a_cancel_ends_the_chain_of_what_it_cancels),
        cmocka_unit_test(an_older_arrival_never_replaces_a_newer),
        cmocka_unit_test(sent_late_counts_from_when_it_was_sent),
        cmocka_unit_test(of_the_same_second_the_one_that_names_is_newer),
        cmocka_unit_test(an_update_taken_back_reveals_what_it_replaced),
        cmocka_unit_test(an_alert_after_its_own_cancel_never_shows),
        cmocka_unit_test(a_tombstone_outlives_a_restart),
        cmocka_unit_test(an_alert_raised_again_after_its_cancel_shows),
        cmocka_unit_test(the_manual_has_the_table_of_the_code),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
