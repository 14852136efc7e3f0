/* Exact decimals for the figures of panels, so that 68.45 stays 68.45. */
#ifndef GAOSHI_PROTOCOL_DECIMAL_H
#define GAOSHI_PROTOCOL_DECIMAL_H

#include <stdbool.h>
#include <stdint.h>

enum { DECIMAL_BYTES = 40 };

struct decimal {
    int64_t units; /* value × 10^places; |units| < 10^15 */
    int places;    /* 0 … LIMIT_DECIMAL_PLACES */
};

/* The shortest decimal that reads back as the same number. False when the
 * number needs more than LIMIT_DECIMAL_PLACES places, is not finite or is too
 * large. */
bool decimal_from_double(double number, struct decimal *out);

double decimal_to_double(struct decimal decimal);

/* Plain digits, '.' as the point, '-' as the sign, no grouping. */
void decimal_format(struct decimal decimal, char out[DECIMAL_BYTES]);

#endif
