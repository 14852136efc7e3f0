/* Turns of several alerts on one glass: the leading alert earns time, the
 * others spend it. Pure. */
#ifndef GAOSHI_DISPLAY_ALERT_TURNS_H
#define GAOSHI_DISPLAY_ALERT_TURNS_H

#include "display/core/board/tracks.h"

/* The turns of an alert that does not lead. */
enum { ALERT_TURNS_MAX = 64 };
struct alert_turn {
    struct message_identity who;
    /* showing number when all its pages had been shown; 0: never */
    uint64_t last;
    size_t page; /* the next page */
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

/* Brings the track of alerts and 解除 up to now. */
void alert_turns_follow(struct alert_turns *turns, struct tracks *tracks,
                        const struct director_stage *stage,
                        const struct moment *now);

#endif
