/* The screen's own health: word to the service manager, memory in use. */
#ifndef GAOSHI_DISPLAY_HEALTH_H
#define GAOSHI_DISPLAY_HEALTH_H

#include "base/problem.h"

#include <stdint.h>

struct health {
    bool supervised;     /* somebody starts it again when it ends */
    bool ready;          /* READY was told */
    int64_t interval_ms; /* between words to the watchdog; 0: it is off */
    int64_t next_ms;     /* monotonic, of the next word; INT64_MAX: never */
};

/* Reads what the service manager wants (sd_watchdog_enabled). */
void health_init(struct health *health, int64_t mono_ms);

/* A word to the watchdog is due: whoever gives it should know that frames
 * still reach the glass. */
bool health_is_due(const struct health *health, int64_t mono_ms);

/* After a turn in which the glass was right: what had changed was presented,
 * or nothing had. The first one says READY. */
void health_feed(struct health *health, int64_t mono_ms);

void health_tell_stopping(void);

/* Somebody starts the program again when it ends. */
bool health_is_supervised(void);

/* There is no screen yet, and why. */
void health_tell_dark(const struct problem *why);

/* For a technician who asks the service manager how it is. line: what is wrong
 * with its configuration, "" for nothing. */
void health_tell_status(bool safe, const char *line);

/* Resident memory; 0: not known. */
int64_t health_resident_bytes(void);

#endif
