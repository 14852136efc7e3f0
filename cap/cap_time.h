/* Times as warning centres write them. Internal to cap/. */
#ifndef GAOSHI_CAP_CAP_TIME_H
#define GAOSHI_CAP_CAP_TIME_H

#include "base/timestamp.h"
#include "cap/cap_tolerance.h"

/* Writes the time in the form of timestamp.h. Accepts blanks in place of T,
 * missing seconds, fractions of a second (cut off), 24:00:00, a leap second, Z,
 * and offsets without colon or minutes. A time without offset is in `zone`
 * («+08:00»); NULL: it is refused. *odd becomes CAP_FORGIVEN_COUNT if nothing
 * was forgiven. False: it is no time. */
bool cap_time_read(const char *text, enum cap_dialect dialect, const char *zone,
                   char out[TIMESTAMP_BYTES], enum cap_tolerance *odd);

#endif
