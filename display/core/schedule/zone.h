/* The local time of the place where a screen hangs: the offsets from UTC of a
 * zone by name, read once from ICU's data, so that a look-up needs no ICU.
 * Pure. */
#ifndef GAOSHI_DISPLAY_ZONE_H
#define GAOSHI_DISPLAY_ZONE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    ZONE_NAME_BYTES = 64,
    /* Changes of the offset from 1970 to 2100: two a year, and some more where
     * laws changed. */
    ZONE_CHANGES_MAX = 400,
};

struct zone_change {
    int64_t at_ms; /* UTC */
    int offset_minutes;
};

/* Zeroed is UTC. */
struct zone {
    int first_minutes; /* before the first change; minutes east of UTC */
    struct zone_change changes[ZONE_CHANGES_MAX]; /* oldest first */
    size_t count;
};

/* A fixed offset, such as of the option utc_offset. */
void zone_set_offset(struct zone *zone, int offset_minutes);

/* A zone of the IANA database, such as Europe/Berlin. False: ICU has none of
 * this name, or its data are not there; *out is unchanged. */
bool zone_read(const char *name, struct zone *out);

int zone_offset_minutes(const struct zone *zone, int64_t ms);

/* The next time after ms at which the offset changes; INT64_MAX: never. */
int64_t zone_next_change_ms(const struct zone *zone, int64_t ms);

/* A time as the clock on the wall shows it. */
struct zone_local {
    int day;    /* days since 1970-01-01 */
    int day_ms; /* milliseconds since midnight */
};
struct zone_local zone_local(const struct zone *zone, int64_t ms);

/* The first moment of a local day. Where clocks go forward at midnight it is
 * the moment of the change. */
int64_t zone_day_begin_ms(const struct zone *zone, int day);

#endif
