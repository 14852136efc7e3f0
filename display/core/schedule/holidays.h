/* The table of public holidays: which days are free, and which days at weekends
 * make up for them (调休). Pure. */
#ifndef GAOSHI_DISPLAY_HOLIDAYS_H
#define GAOSHI_DISPLAY_HOLIDAYS_H

#include "base/problem.h"
#include "protocol/schedule.h"

#include <stdint.h>

enum { HOLIDAYS_MAX = 4096 };

/* Zeroed is empty: people work from Monday to Friday. */
struct holidays {
    struct holiday {
        int day; /* since 1970-01-01 */
        bool works;
    } * days; /* by day */
    size_t count;
};

/* Adds the lines of a table: «2026-10-01 holiday», or «2026-10-10 workday»; two
 * dates with a slash between them for a span; what follows is a remark, like a
 * line that begins with #. A later line overrides an earlier one of the same
 * day. place is the name of the file. On failure *holidays is unchanged. */
bool holidays_add(struct holidays *holidays, const char *text,
                  const char *place, struct problem *problem);
void holidays_finish(struct holidays *holidays);

/* Bits of enum schedule_day_kind. */
unsigned holidays_kinds(const struct holidays *holidays, int day);

/* The last day of which the table says something; INT32_MIN: none. */
int holidays_last_day(const struct holidays *holidays);

#endif
