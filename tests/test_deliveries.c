/* Which message of a delivery a screen speaks of. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "publisher/send/deliveries.h"

static struct parcels two_parcels(void)
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
    struct parcels parcels = {0};

    assert_true(parcels_add(&parcels, &first, 0));
    assert_true(parcels_add(&parcels, &second, 0));
    return parcels;
}

static void a_receipt_with_a_number_is_about_id_and_number(void **state)
{
    struct parcels parcels = two_parcels();
    struct receipt receipt = {.message = "q02", .seq = 8};

    (void)state;
    assert_ptr_equal(parcels_of_receipt(&parcels, &receipt), &parcels.items[1]);
    receipt.seq = 7;
    assert_null(parcels_of_receipt(&parcels, &receipt));
    parcels_finish(&parcels);
}

/* The refusal of an older message under that id is none of this one. */
static void a_receipt_without_one_is_about_these_very_bytes(void **state)
{
    struct parcels parcels = two_parcels();
    struct receipt receipt = {.event = RECEIPT_REFUSED, .message = "q02"};

    (void)state;
    assert_null(parcels_of_receipt(&parcels, &receipt));
    envelope_digest("older", 5, receipt.digest);
    assert_null(parcels_of_receipt(&parcels, &receipt));
    envelope_digest("first", 5, receipt.digest);
    assert_null(parcels_of_receipt(&parcels, &receipt));
    envelope_digest("second", 6, receipt.digest);
    assert_ptr_equal(parcels_of_receipt(&parcels, &receipt), &parcels.items[1]);
    parcels_finish(&parcels);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_receipt_with_a_number_is_about_id_and_number),
        cmocka_unit_test(a_receipt_without_one_is_about_these_very_bytes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
