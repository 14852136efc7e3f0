/* Figures keep exactly the digits that were written. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "protocol/decimal.h"

static void a_number_becomes_its_shortest_decimal(void **state)
{
    static const struct {
        double number;
        int64_t units;
        int places;
        const char *text;
    } cases[] = {
        {0, 0, 0, "0"},
        {-0.0, 0, 0, "0"},
        {1, 1, 0, "1"},
        {2840, 2840, 0, "2840"},
        {68.45, 6845, 2, "68.45"},
        {14.7, 147, 1, "14.7"},
        {0.1, 1, 1, "0.1"},
        {1.005, 1005, 3, "1.005"},
        {-2.5, -25, 1, "-2.5"},
        {-0.05, -5, 2, "-0.05"},
        {0.001, 1, 3, "0.001"},
        {999999999999999.0, 999999999999999, 0, "999999999999999"},
        {-999999999999999.0, -999999999999999, 0, "-999999999999999"},
        {99999999999999.9, 999999999999999, 1, "99999999999999.9"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct decimal decimal;
        char text[DECIMAL_BYTES];
        assert_true(decimal_from_double(cases[i].number, &decimal));
        assert_int_equal(decimal.units, cases[i].units);
        assert_int_equal(decimal.places, cases[i].places);
        decimal_format(decimal, text);
        assert_string_equal(text, cases[i].text);
        assert_true(decimal_to_double(decimal) == cases[i].number);
    }
}

static void what_has_no_short_decimal_is_refused(void **state)
{
    const double numbers[] = {
        0.0001, 1.2345,   1.0 / 3,   0.1 + 0.2, 1e15,   -1e15,
        1e300,  INFINITY, -INFINITY, NAN,       5e-324,
    };

    (void)state;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        struct decimal decimal = {.units = 7, .places = 1};
        assert_false(decimal_from_double(numbers[i], &decimal));
        assert_int_equal(decimal.units, 7);
        assert_int_equal(decimal.places, 1);
    }
}

static void every_figure_of_two_places_survives(void **state)
{
    (void)state;
    for (int64_t units = -200000; units <= 200000; units++) {
        struct decimal decimal;
        assert_true(decimal_from_double((double)units / 100, &decimal));
        while (decimal.places < 2) {
            decimal.units *= 10;
            decimal.places++;
        }
        assert_int_equal(decimal.units, units);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_number_becomes_its_shortest_decimal),
        cmocka_unit_test(what_has_no_short_decimal_is_refused),
        cmocka_unit_test(every_figure_of_two_places_survives),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
