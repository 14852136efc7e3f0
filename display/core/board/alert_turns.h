/* Several alerts on one glass: the gravest earns time, the others spend it.
 * Pure. */
#ifndef GAOSHI_DISPLAY_ALERT_TURNS_H
#define GAOSHI_DISPLAY_ALERT_TURNS_H

#include "display/core/board/tracks.h"

/* A lesser alert's turns on the glass. */
enum { ALERT_TURNS_MAX = 64 };
struct alert_turn {
    struct message_identity who;
    uint64_t last; /* when all its pages had been seen; 0: never */
    size_t page;   /* that comes next */
};

/* Zeroed is empty. */
struct alert_turns {
    struct message_identity lead;
    bool lead_known;
    int64_t credit_ms;
    struct alert_turn items[ALERT_TURNS_MAX];
    size_t count;
    uint64_t clock;
};

/* Moves the track of alerts on to now: alerts and 解除. */
void alert_turns_follow(struct alert_turns *turns, struct tracks *tracks,
                        const struct director_stage *stage,
                        const struct moment *now);

#endif
