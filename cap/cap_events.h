/* Names of the national event codes (GB/T 35965.1, eventType). Internal to
 * cap/ and to the tests of the templates. */
#ifndef GAOSHI_CAP_CAP_EVENTS_H
#define GAOSHI_CAP_CAP_EVENTS_H

#include <stddef.h>

struct cap_event {
    const char *code; /* 11B03 */
    const char *name; /* 暴雨 */
};

/* Sorted by code. The text of the standard was not available, so a code is
 * listed only if two independent public implementations agree on it
 * (docs/cap.md). */
extern const struct cap_event cap_events[];
extern const size_t cap_event_count;

/* NULL: not confirmed. */
const char *cap_event_name(const char *code);

#endif
