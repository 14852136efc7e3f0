/* What is kept in memory for the next start: bounds, who is forgotten,
 * watermarks, and the order in which a start takes it up. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/kept_rows.h"

/* Rows that begin with «held» are in force. */
static bool holds(void *context, enum ledger_class class,
                  const struct kept_row *row)
{
    (void)context, (void)class;
    return strncmp(row->payload, "held", 4) == 0;
}

static int set_up(void **state)
{
    const struct kept_holder holder = {.holds = holds};

    *state = kept_create(&holder);
    return *state ? 0 : -1;
}

static int tear_down(void **state)
{
    kept_destroy(*state);
    return 0;
}

static void put(struct kept *kept, const char *kind, const char *id,
                const char *payload, int64_t order_ms)
{
    struct kept_row row = kept_rows_make(kind, id, payload, order_ms, order_ms);

    assert_true(kept_put(kept, &row));
}

static void put_off(struct kept *kept, const char *kind, const char *id,
                    int64_t order_ms)
{
    struct kept_row row = kept_rows_make(kind, id, "off", order_ms, order_ms);

    row.ends_ms = order_ms;
    assert_true(kept_put(kept, &row));
}

static void load(struct kept *kept, const char *kind, const char *id,
                 const char *payload, int64_t order_ms, int64_t ends_ms)
{
    struct kept_row row = kept_rows_make(kind, id, payload, 1, order_ms);

    row.ends_ms = ends_ms;
    kept_load(kept, &row);
}

static void fill(struct kept *kept, const char *kind, int count, int64_t from)
{
    char id[16];

    for (int i = 0; i < count; i++) {
        snprintf(id, sizeof id, "f%d", i);
        put_off(kept, kind, id, from + i);
    }
}

static void what_is_in_force_is_not_forgotten(void **state)
{
    struct kept *kept = *state;

    put(kept, "panel", "old", "held", 1);
    put_off(kept, "panel", "gone", 2);
    put(kept, "alert", "old", "held", 1);
    fill(kept, "panel", KEPT_PANEL_ROWS, 10);
    fill(kept, "alert", KEPT_ALERT_ROWS, 10);
    assert_true(kept_knows(kept, "panel/all/old"));
    assert_true(kept_knows(kept, "alert/old"));
    assert_false(kept_knows(kept, "panel/all/gone"));
    assert_true(kept_has_strays(kept));
}

static int64_t watermark_ms(const struct kept *kept, enum ledger_class class)
{
    return watermarks_highest(kept_watermarks(kept, class));
}

static void the_watermark_rises_to_what_was_forgotten(void **state)
{
    struct kept *kept = *state;

    put_off(kept, "alert", "cancelled", 5);
    fill(kept, "alert", KEPT_ALERT_ROWS - 1, 10);
    assert_int_equal(watermark_ms(kept, LEDGER_ALERTS), INT64_MIN);
    put_off(kept, "alert", "more", 5000);
    assert_int_equal(watermark_ms(kept, LEDGER_ALERTS), 5);
    assert_false(kept_knows(kept, "alert/cancelled"));
    assert_int_equal(watermark_ms(kept, LEDGER_PANELS), INT64_MIN);
}

/* A flood of panels, by a key that may say no more than that. */
static void panels_never_push_out_alerts(void **state)
{
    struct kept *kept = *state;

    put_off(kept, "alert", "cancelled", 1);
    fill(kept, "panel", 2 * KEPT_PANEL_ROWS, 10);
    assert_true(kept_knows(kept, "alert/cancelled"));
    assert_int_equal(watermark_ms(kept, LEDGER_ALERTS), INT64_MIN);
}

/* What a cancel ends by reference has a row of its own. */
static void what_was_ended_is_forgotten_before_what_ended_it(void **state)
{
    struct kept *kept = *state;

    put_off(kept, "alert", "cancel", 7);
    put(kept, "alert", "named", "over", 7);
    fill(kept, "alert", KEPT_ALERT_ROWS - 1, 10);
    assert_false(kept_knows(kept, "alert/named"));
    assert_true(kept_knows(kept, "alert/cancel"));
}

static void bytes_are_bounded_too(void **state)
{
    static char payload[LIMIT_MESSAGE_BYTES + 2];
    struct kept *kept = *state;
    int known = 0;
    char slot[32];

    memset(payload, 'x', LIMIT_MESSAGE_BYTES);
    for (int i = 0; i < 400; i++) {
        snprintf(slot, sizeof slot, "p%d", i);
        put(kept, "panel", slot, payload, i);
    }
    for (int i = 0; i < 400; i++) {
        snprintf(slot, sizeof slot, "panel/all/p%d", i);
        known += kept_knows(kept, slot);
    }
    assert_true(known >= 256); /* the whole programme */
    assert_true(known <= KEPT_PANEL_BYTES / LIMIT_MESSAGE_BYTES);
    payload[LIMIT_MESSAGE_BYTES] = 'x';
    struct kept_row row = kept_rows_make("panel", "big", payload, 1, 1);
    assert_false(kept_put(kept, &row));
}

static void expect_next(struct kept *kept, const char *slot)
{
    const struct kept_row *row = kept_next_fresh(kept);

    assert_non_null(row);
    assert_string_equal(row->slot, slot);
    kept_settle(kept, row, NULL);
}

/* Keys first, which verify all else; a tick, which tells the time; then what
 * ends before what is ended; and what lasts longest before what may be over. */
static void a_start_takes_rows_up_in_this_order(void **state)
{
    struct kept *kept = *state;

    load(kept, "panel", "short", "p", 10, 20);
    load(kept, "panel", "for-ever", "p", 5, INT64_MAX);
    load(kept, "panel", "removed", "p", 30, 30);
    load(kept, "alert", "late", "a", 9, 90);
    load(kept, "alert", "early", "a", 9, 80);
    load(kept, "alert", "cancel", "a", 50, 50);
    load(kept, "index", "", "i", 60, INT64_MAX);
    load(kept, "keys", "", "k", 70, INT64_MAX);
    expect_next(kept, "keys/all/");
    expect_next(kept, "index/all/");
    expect_next(kept, "alert/cancel");
    expect_next(kept, "alert/late");
    expect_next(kept, "alert/early");
    expect_next(kept, "panel/all/removed");
    expect_next(kept, "panel/all/for-ever");
    expect_next(kept, "panel/all/short");
    assert_null(kept_next_fresh(kept));
    assert_true(kept_is_written(kept));
}

static void a_row_of_the_file_that_is_known_needs_no_writing(void **state)
{
    struct kept *kept = *state;

    put(kept, "panel", "same", "p", 1);
    put(kept, "panel", "other", "new", 1);
    load(kept, "panel", "same", "p", 1, INT64_MAX);
    load(kept, "panel", "other", "old", 1, INT64_MAX);
    assert_null(kept_next_fresh(kept));
    assert_string_equal(kept_next_unwritten(kept)->slot, "panel/all/other");
    assert_null(kept_next_unwritten(kept));
}

static void alerts_and_ends_are_written_before_panels(void **state)
{
    struct kept *kept = *state;

    put(kept, "panel", "p", "p", 1);
    put_off(kept, "panel", "off", 2);
    put(kept, "alert", "a", "a", 3);
    assert_string_equal(kept_next_unwritten(kept)->slot, "panel/all/off");
    assert_string_equal(kept_next_unwritten(kept)->slot, "alert/a");
    assert_string_equal(kept_next_unwritten(kept)->slot, "panel/all/p");
    assert_null(kept_next_unwritten(kept));
}

static void what_was_not_written_comes_again(void **state)
{
    struct kept *kept = *state;

    put(kept, "panel", "p", "p", 1);
    assert_non_null(kept_next_unwritten(kept));
    kept_end_writing(kept, false);
    assert_false(kept_is_written(kept));
    assert_non_null(kept_next_unwritten(kept));
    kept_end_writing(kept, true);
    assert_true(kept_is_written(kept));
    kept_distrust(kept);
    assert_false(kept_is_written(kept));
}

/* As of a file of version 1, where a row had its topic for a slot. */
static void a_row_moves_to_the_slot_that_its_message_has(void **state)
{
    struct kept *kept = *state;
    struct kept_row row = kept_rows_make("alert", "a1", "a", 3, 4);
    struct kept_row judged = row;

    row.slot = row.topic;
    kept_load(kept, &row);
    judged.order_ms = 1;
    kept_settle(kept, kept_next_fresh(kept), &judged);
    assert_null(kept_next_fresh(kept));
    assert_true(kept_knows(kept, "alert/a1"));
    assert_false(kept_knows(kept, row.topic));
    assert_true(kept_has_strays(kept));
    assert_false(kept_is_written(kept));
}

/* The row that moves is the oldest of a class that is full. */
static void a_row_that_moves_in_a_full_class_costs_no_other(void **state)
{
    struct kept *kept = *state;
    struct kept_row row = kept_rows_make("alert", "a1", "a", 3, 1);
    struct kept_row judged;

    fill(kept, "alert", KEPT_ALERT_ROWS - 1, 10);
    row.slot = row.topic;
    kept_load(kept, &row);
    const struct kept_row *fresh = kept_next_fresh(kept);
    judged = *fresh;
    judged.slot = "alert/a1";
    kept_settle(kept, fresh, &judged);
    assert_true(kept_knows(kept, "alert/a1"));
    assert_false(kept_knows(kept, row.topic));
    assert_true(kept_knows(kept, "alert/f0"));
    assert_int_equal(watermark_ms(kept, LEDGER_ALERTS), INT64_MIN);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_in_force_is_not_forgotten),
        TEST(the_watermark_rises_to_what_was_forgotten),
        TEST(panels_never_push_out_alerts),
        TEST(what_was_ended_is_forgotten_before_what_ended_it),
        TEST(bytes_are_bounded_too),
        TEST(a_start_takes_rows_up_in_this_order),
        TEST(a_row_of_the_file_that_is_known_needs_no_writing),
        TEST(alerts_and_ends_are_written_before_panels),
        TEST(what_was_not_written_comes_again),
        TEST(a_row_moves_to_the_slot_that_its_message_has),
        TEST(a_row_that_moves_in_a_full_class_costs_no_other),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
