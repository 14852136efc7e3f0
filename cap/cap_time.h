/* Times as warning centres write them. Internal to cap/. */
#ifndef GAOSHI_CAP_CAP_TIME_H
#define GAOSHI_CAP_CAP_TIME_H

#include "base/timestamp.h"
#include "cap/cap_tolerance.h"

/* Writes the time in the form of timestamp.h. Understood are: blanks in place
 * of T, no seconds, fractions of a second (cut off), 24:00:00, a leap second,
 * Z, offsets without colon or minutes. Without offset `zone` («+08:00») holds;
 * NULL: such a time is refused. *odd becomes CAP_FORGIVEN_COUNT where nothing
 * was forgiven. False: it is no time. */
bool cap_time_read(const char *text, enum cap_dialect dialect, const char *zone,
                   char out[TIMESTAMP_BYTES], enum cap_tolerance *odd);

#endif
