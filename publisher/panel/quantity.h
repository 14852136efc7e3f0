/* Numbers and figures as people and spreadsheets write them. Pure. */
#ifndef GAOSHI_PUBLISHER_QUANTITY_H
#define GAOSHI_PUBLISHER_QUANTITY_H

#include "base/problem.h"
#include "protocol/limits.h"

#include <jansson.h>
#include <stdbool.h>

enum { QUANTITY_BYTES = 160 };

/* «超 1,234.50 万人次 ↑» in its parts; "" for what is not there. Texts that are
 * too long for a panel are kept: its parser refuses them. */
struct quantity {
    char qualifier[QUANTITY_BYTES]; /* 超 */
    char number[QUANTITY_BYTES];    /* "1234.5": JSON */
    char suffix[QUANTITY_BYTES];    /* 余, 多, + behind the digits */
    char unit[QUANTITY_BYTES];      /* 万人次 */
    const char *trend;              /* "up", "down", "steady" or "" */
};

/* Understands commas that part thousands, digits and points of full width,
 * percent cells (76.50%) and the sign −. Refused, with the reason: no number, a
 * decimal comma, a range, 1.2E+09, and what a spreadsheet writes for an error.
 */
bool quantity_parse(const char *text, struct quantity *out,
                    struct problem *problem);

/* The same for a number alone. NULL: refused. The caller owns it. */
json_t *quantity_number(const char *text, struct problem *problem);

/* The number of a quantity as JSON; NULL: no memory. The caller owns it. */
json_t *quantity_json(const struct quantity *quantity);

#endif
