/* Exact decimals for the figures of panels. */
#include "protocol/decimal.h"

#include "protocol/limits.h"

#include <math.h>
#include <stdio.h>

static const int64_t powers[LIMIT_DECIMAL_PLACES + 1] = {1, 10, 100, 1000};

bool decimal_from_double(double number, struct decimal *out)
{
    const double units_limit = 1e15;

    if (!isfinite(number))
        return false;
    for (int places = 0; places <= LIMIT_DECIMAL_PLACES; places++) {
        double scaled = number * (double)powers[places];
        if (fabs(scaled) >= units_limit)
            return false;
        /* Both numbers are exact below 2^53, so the quotient is the double
         * nearest to the decimal. That is what any reader gets from the digits.
         */
        int64_t units = llround(scaled);
        if ((double)units / (double)powers[places] == number) {
            *out = (struct decimal){.units = units, .places = places};
            return true;
        }
    }
    return false;
}

double decimal_to_double(struct decimal decimal)
{
    return (double)decimal.units / (double)powers[decimal.places];
}

void decimal_format(struct decimal decimal, char out[DECIMAL_BYTES])
{
    const char *sign = decimal.units < 0 ? "-" : "";
    int64_t size = decimal.units < 0 ? -decimal.units : decimal.units;
    long long whole = (long long)(size / powers[decimal.places]);
    long long part = (long long)(size % powers[decimal.places]);

    if (decimal.places == 0)
        snprintf(out, DECIMAL_BYTES, "%s%lld", sign, whole);
    else
        snprintf(out, DECIMAL_BYTES, "%s%lld.%0*lld", sign, whole,
                 decimal.places, part);
}
