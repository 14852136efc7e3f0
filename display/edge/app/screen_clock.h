/* The clock of a running display: read once a turn, judged, and logged when it
 * becomes trusted or untrusted. */
#ifndef GAOSHI_DISPLAY_SCREEN_CLOCK_H
#define GAOSHI_DISPLAY_SCREEN_CLOCK_H

#include "base/clock.h"
#include "display/core/board/board.h"
#include "display/core/validation/timekeeper.h"

struct screen_clock {
    struct timekeeper timekeeper;
    enum timekeeper_verdict told; /* verdict logged last */
};

void screen_clock_init(struct screen_clock *clock);

/* Reads the system's clocks: once at the start and once a turn. */
struct moment screen_clock_turn(struct screen_clock *clock);

/* Passes the time of a judged message to the timekeeper; recall: it is a row of
 * the store, received at that time. */
void screen_clock_hear(struct screen_clock *clock,
                       const struct board_intake *judged);
void screen_clock_recall(struct screen_clock *clock,
                         const struct board_intake *judged,
                         int64_t received_ms);

/* The list of keys changed. */
void screen_clock_distrust(struct screen_clock *clock,
                           const struct trust *trust);

/* The last reading, judged again after messages arrived. */
struct moment screen_clock_after_messages(struct screen_clock *clock);

#endif
