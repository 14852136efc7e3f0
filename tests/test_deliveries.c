/* Which message of a delivery a screen speaks of. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "publisher/send/deliveries.h"

static struct deliveries two_deliveries(void)
{
    const struct outbox_message first = {
        .seq = 7,
        .topic = "gaoshi/1/erqi/down/all/panel/q01",
        .payload = "first",
        .bytes = 5};
    const struct outbox_message second = {
        .seq = 8,
        .topic = "gaoshi/1/erqi/down/all/panel/q02",
        .payload = "second",
        .bytes = 6};
    struct deliveries deliveries = {0};

    assert_true(deliveries_add(&deliveries, &first, 0));
    assert_true(deliveries_add(&deliveries, &second, 0));
    return deliveries;
}

static void a_receipt_with_a_number_is_about_id_and_number(void **state)
{
    struct deliveries deliveries = two_deliveries();
    struct receipt receipt = {.message = "q02", .seq = 8};

    (void)state;
    assert_ptr_equal(deliveries_of_receipt(&deliveries, &receipt),
                     &deliveries.items[1]);
    receipt.seq = 7;
    assert_null(deliveries_of_receipt(&deliveries, &receipt));
    deliveries_finish(&deliveries);
}

/* The refusal of an older message under that id is none of this one. */
static void a_receipt_without_one_is_about_these_very_bytes(void **state)
{
    struct deliveries deliveries = two_deliveries();
    struct receipt receipt = {.event = RECEIPT_REFUSED, .message = "q02"};

    (void)state;
    assert_null(deliveries_of_receipt(&deliveries, &receipt));
    envelope_digest("older", 5, receipt.digest);
    assert_null(deliveries_of_receipt(&deliveries, &receipt));
    envelope_digest("first", 5, receipt.digest);
    assert_null(deliveries_of_receipt(&deliveries, &receipt));
    envelope_digest("second", 6, receipt.digest);
    assert_ptr_equal(deliveries_of_receipt(&deliveries, &receipt),
                     &deliveries.items[1]);
    deliveries_finish(&deliveries);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_receipt_with_a_number_is_about_id_and_number),
        cmocka_unit_test(a_receipt_without_one_is_about_these_very_bytes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
