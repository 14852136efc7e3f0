/* What is kept in memory for the next start: bounds, who is forgotten,
 * watermarks, and the order in which a start takes it up. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/slot_rows.h"

/* What is called «old» is in force. */
static bool holds(void *context, enum slot_class class, const char *slot,
                  int64_t seq)
{
    (void)context, (void)class, (void)seq;
    return strcmp(strrchr(slot, '/') + 1, "old") == 0;
}

static int set_up(void **state)
{
    const struct slot_holder holder = {.holds = holds};

    *state = slot_table_create(&holder);
    return *state ? 0 : -1;
}

static int tear_down(void **state)
{
    slot_table_destroy(*state);
    return 0;
}

static void put(struct slot_table *table, const char *kind, const char *id,
                const char *payload, int64_t order_ms)
{
    struct slot_row row = slot_rows_make(kind, id, payload, order_ms, order_ms);

    assert_true(slot_table_put(table, &row));
}

static void put_off(struct slot_table *table, const char *kind, const char *id,
                    int64_t order_ms)
{
    struct slot_row row = slot_rows_make(kind, id, "off", order_ms, order_ms);

    row.ends_ms = order_ms;
    assert_true(slot_table_put(table, &row));
}

static void load(struct slot_table *table, const char *kind, const char *id,
                 const char *payload, int64_t order_ms, int64_t ends_ms)
{
    struct slot_row row = slot_rows_make(kind, id, payload, 1, order_ms);

    row.ends_ms = ends_ms;
    slot_table_load(table, &row);
}

static void fill(struct slot_table *table, const char *kind, int count,
                 int64_t from)
{
    char id[16];

    for (int i = 0; i < count; i++) {
        snprintf(id, sizeof id, "f%d", i);
        put_off(table, kind, id, from + i);
    }
}

static void what_is_in_force_is_not_forgotten(void **state)
{
    struct slot_table *table = *state;

    put(table, "panel", "old", "held", 1);
    put_off(table, "panel", "gone", 2);
    put(table, "alert", "old", "held", 1);
    fill(table, "panel", SLOT_PANEL_ROWS, 10);
    fill(table, "alert", SLOT_ALERT_ROWS, 10);
    assert_true(slot_table_keeps(table, "panel/all/old"));
    assert_true(slot_table_keeps(table, "alert/old"));
    assert_false(slot_table_keeps(table, "panel/all/gone"));
    assert_true(slot_table_has_strays(table));
}

static int64_t watermark_ms(const struct slot_table *table,
                            enum slot_class class)
{
    return watermarks_highest(slot_table_watermarks(table, class));
}

static void the_watermark_rises_to_what_was_forgotten(void **state)
{
    struct slot_table *table = *state;

    put_off(table, "alert", "cancelled", 5);
    fill(table, "alert", SLOT_ALERT_ROWS - 1, 10);
    assert_int_equal(watermark_ms(table, SLOT_ALERTS), INT64_MIN);
    put_off(table, "alert", "more", 5000);
    assert_int_equal(watermark_ms(table, SLOT_ALERTS), 5);
    assert_false(slot_table_keeps(table, "alert/cancelled"));
    assert_int_equal(watermark_ms(table, SLOT_PANELS), INT64_MIN);
}

/* A flood of panels, by a key that may say no more than that. */
static void panels_never_push_out_alerts(void **state)
{
    struct slot_table *table = *state;

    put_off(table, "alert", "cancelled", 1);
    fill(table, "panel", 2 * SLOT_PANEL_ROWS, 10);
    assert_true(slot_table_keeps(table, "alert/cancelled"));
    assert_int_equal(watermark_ms(table, SLOT_ALERTS), INT64_MIN);
}

/* What a cancel ends by reference has a row of its own. */
static void what_was_ended_is_forgotten_before_what_ended_it(void **state)
{
    struct slot_table *table = *state;

    put_off(table, "alert", "cancel", 7);
    put(table, "alert", "named", "over", 7);
    fill(table, "alert", SLOT_ALERT_ROWS - 1, 10);
    assert_false(slot_table_keeps(table, "alert/named"));
    assert_true(slot_table_keeps(table, "alert/cancel"));
}

static void bytes_are_bounded_too(void **state)
{
    static char payload[LIMIT_MESSAGE_BYTES + 2];
    struct slot_table *table = *state;
    int known = 0;
    char slot[32];

    memset(payload, 'x', LIMIT_MESSAGE_BYTES);
    for (int i = 0; i < 400; i++) {
        snprintf(slot, sizeof slot, "p%d", i);
        put(table, "panel", slot, payload, i);
    }
    for (int i = 0; i < 400; i++) {
        snprintf(slot, sizeof slot, "panel/all/p%d", i);
        known += slot_table_keeps(table, slot);
    }
    assert_true(known >= 256); /* the whole programme */
    assert_true(known <= SLOT_PANEL_BYTES / LIMIT_MESSAGE_BYTES);
    payload[LIMIT_MESSAGE_BYTES] = 'x';
    struct slot_row row = slot_rows_make("panel", "big", payload, 1, 1);
    assert_false(slot_table_put(table, &row));
}

static void expect_next(struct slot_table *table, const char *slot)
{
    const struct slot_row *row = slot_table_next_fresh(table);

    assert_non_null(row);
    assert_string_equal(row->slot, slot);
    slot_table_settle(table, row, NULL);
}

/* Keys first, which verify all else; a tick, which tells the time; then what
 * ends before what is ended; and what lasts longest before what may be over. */
static void a_start_takes_rows_up_in_this_order(void **state)
{
    struct slot_table *table = *state;

    load(table, "panel", "short", "p", 10, 20);
    load(table, "panel", "for-ever", "p", 5, INT64_MAX);
    load(table, "panel", "removed", "p", 30, 30);
    load(table, "alert", "late", "a", 9, 90);
    load(table, "alert", "early", "a", 9, 80);
    load(table, "alert", "cancel", "a", 50, 50);
    load(table, "index", "", "i", 60, INT64_MAX);
    load(table, "keys", "", "k", 70, INT64_MAX);
    expect_next(table, "keys/all/");
    expect_next(table, "index/all/");
    expect_next(table, "alert/cancel");
    expect_next(table, "alert/late");
    expect_next(table, "alert/early");
    expect_next(table, "panel/all/removed");
    expect_next(table, "panel/all/for-ever");
    expect_next(table, "panel/all/short");
    assert_null(slot_table_next_fresh(table));
    assert_true(slot_table_is_written(table));
}

static void a_row_of_the_file_that_is_known_needs_no_writing(void **state)
{
    struct slot_table *table = *state;

    put(table, "panel", "same", "p", 1);
    put(table, "panel", "other", "new", 1);
    load(table, "panel", "same", "p", 1, INT64_MAX);
    load(table, "panel", "other", "old", 1, INT64_MAX);
    assert_null(slot_table_next_fresh(table));
    assert_string_equal(slot_table_next_unwritten(table)->slot,
                        "panel/all/other");
    assert_null(slot_table_next_unwritten(table));
}

static void alerts_and_ends_are_written_before_panels(void **state)
{
    struct slot_table *table = *state;

    put(table, "panel", "p", "p", 1);
    put_off(table, "panel", "off", 2);
    put(table, "alert", "a", "a", 3);
    assert_string_equal(slot_table_next_unwritten(table)->slot,
                        "panel/all/off");
    assert_string_equal(slot_table_next_unwritten(table)->slot, "alert/a");
    assert_string_equal(slot_table_next_unwritten(table)->slot, "panel/all/p");
    assert_null(slot_table_next_unwritten(table));
}

static void what_was_not_written_comes_again(void **state)
{
    struct slot_table *table = *state;

    put(table, "panel", "p", "p", 1);
    assert_non_null(slot_table_next_unwritten(table));
    slot_table_end_writing(table, false);
    assert_false(slot_table_is_written(table));
    assert_non_null(slot_table_next_unwritten(table));
    slot_table_end_writing(table, true);
    assert_true(slot_table_is_written(table));
    slot_table_forget_file(table);
    assert_false(slot_table_is_written(table));
}

/* As of a file of version 1, where a row had its topic for a slot. */
static void a_row_moves_to_the_slot_that_its_message_has(void **state)
{
    struct slot_table *table = *state;
    struct slot_row row = slot_rows_make("alert", "a1", "a", 3, 4);
    struct slot_row judged = row;

    row.slot = row.topic;
    slot_table_load(table, &row);
    judged.order_ms = 1;
    slot_table_settle(table, slot_table_next_fresh(table), &judged);
    assert_null(slot_table_next_fresh(table));
    assert_true(slot_table_keeps(table, "alert/a1"));
    assert_false(slot_table_keeps(table, row.topic));
    assert_true(slot_table_has_strays(table));
    assert_false(slot_table_is_written(table));
}

/* The row that moves is the oldest of a class that is full. */
static void a_row_that_moves_in_a_full_class_costs_no_other(void **state)
{
    struct slot_table *table = *state;
    struct slot_row row = slot_rows_make("alert", "a1", "a", 3, 1);
    struct slot_row judged;

    fill(table, "alert", SLOT_ALERT_ROWS - 1, 10);
    row.slot = row.topic;
    slot_table_load(table, &row);
    const struct slot_row *fresh = slot_table_next_fresh(table);
    judged = *fresh;
    judged.slot = "alert/a1";
    slot_table_settle(table, fresh, &judged);
    assert_true(slot_table_keeps(table, "alert/a1"));
    assert_false(slot_table_keeps(table, row.topic));
    assert_true(slot_table_keeps(table, "alert/f0"));
    assert_int_equal(watermark_ms(table, SLOT_ALERTS), INT64_MIN);
}

static struct slot_mark mark_of(enum slot_class class, int64_t order_ms)
{
    return (struct slot_mark){
        .class = class, .body_hash = 1, .seq = 1, .order_ms = order_ms};
}

static enum slot_verdict judge(const struct slot_table *table, const char *slot,
                               enum slot_class class, int64_t order_ms)
{
    const struct slot_mark mark = mark_of(class, order_ms);

    return slot_table_judge(table, slot, &mark);
}

static void note(struct slot_table *table, const char *slot,
                 enum slot_class class, int64_t order_ms)
{
    const struct slot_mark mark = mark_of(class, order_ms);

    slot_table_note(table, slot, &mark);
}

/* There are fewer rows of alerts than numbers. */
static void a_number_outlives_its_row(void **state)
{
    struct slot_table *table = *state;

    note(table, "alert/a1", SLOT_ALERTS, 1);
    put_off(table, "alert", "a1", 1);
    fill(table, "alert", SLOT_ALERT_ROWS, 10);
    assert_false(slot_table_keeps(table, "alert/a1"));
    assert_int_equal(judge(table, "alert/a1", SLOT_ALERTS, 1), SLOT_DUPLICATE);
    assert_int_equal(judge(table, "alert/a2", SLOT_ALERTS, 1), SLOT_FORGOTTEN);
    assert_int_equal(judge(table, "alert/a2", SLOT_ALERTS, 2), SLOT_NEW);
}

/* Else the copy that the broker retains would be refused as too old. */
static void what_is_in_force_keeps_its_number_in_a_flood(void **state)
{
    struct slot_table *table = *state;
    char slot[32];

    note(table, "panel/all/old", SLOT_PANELS, 1);
    for (int i = 0; i < SLOT_PANELS_MAX + 50; i++) {
        snprintf(slot, sizeof slot, "panel/all/f%d", i);
        note(table, slot, SLOT_PANELS, 10 + i);
    }
    assert_int_equal(judge(table, "panel/all/old", SLOT_PANELS, 1),
                     SLOT_DUPLICATE);
    assert_int_equal(judge(table, "panel/all/f0", SLOT_PANELS, 10),
                     SLOT_FORGOTTEN);
    assert_int_equal(watermark_ms(table, SLOT_PANELS), 60);
}

/* The rows of the file were accepted once: it is no reason to refuse them. */
static void a_watermark_of_the_file_counts_behind_its_rows(void **state)
{
    struct slot_table *table = *state;
    const struct watermark watermark = watermark_of("", 9);

    slot_table_load_watermark(table, SLOT_ALERTS, &watermark);
    assert_int_equal(judge(table, "alert/a1", SLOT_ALERTS, 9), SLOT_NEW);
    assert_int_equal(slot_table_loaded_watermarks(table, SLOT_ALERTS)->count,
                     1);
    slot_table_raise_watermark(table, SLOT_ALERTS, &watermark);
    slot_table_end_loading(table);
    assert_int_equal(judge(table, "alert/a1", SLOT_ALERTS, 9), SLOT_FORGOTTEN);
    assert_int_equal(slot_table_loaded_watermarks(table, SLOT_ALERTS)->count,
                     0);
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
        TEST(a_number_outlives_its_row),
        TEST(what_is_in_force_keeps_its_number_in_a_flood),
        TEST(a_watermark_of_the_file_counts_behind_its_rows),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
