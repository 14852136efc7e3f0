/* The time of a rehearsal. It can stand still, go slower or faster, and it is
 * never ahead of the frame that was drawn: a slow machine shows every frame
 * later, and the same ones. Pure. */
#ifndef GAOSHI_DISPLAY_REHEARSAL_CLOCK_H
#define GAOSHI_DISPLAY_REHEARSAL_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

/* Speeds are counted in quarters of the usual one. */
enum {
    REHEARSAL_SPEED_MIN = 1,
    REHEARSAL_SPEED_USUAL = 4,
    REHEARSAL_SPEED_MAX = 32,
};

/* rehearsal_clock_init, no finish. The rehearsal's time begins at 0. */
struct rehearsal_clock {
    int64_t now_ms;  /* where it stood at real_ms */
    int64_t real_ms; /* monotonic */
    int speed;
    bool paused;
};

void rehearsal_clock_init(struct rehearsal_clock *clock, int speed,
                          int64_t real_ms);

/* The rehearsal's time at this real time. */
int64_t rehearsal_clock_read(const struct rehearsal_clock *clock,
                             int64_t real_ms);

/* The real time at which the rehearsal's time will be at_ms; INT64_MAX: never,
 * because it stands still. */
int64_t rehearsal_clock_due_ms(const struct rehearsal_clock *clock,
                               int64_t at_ms);

/* From this real time on it goes on from now_ms. */
void rehearsal_clock_set(struct rehearsal_clock *clock, int64_t now_ms,
                         int64_t real_ms);

/* The frame of at_ms was drawn. What is late by more than a tenth of a second,
 * because the machine is slow or slept, is not made up for. */
void rehearsal_clock_drew(struct rehearsal_clock *clock, int64_t at_ms,
                          int64_t real_ms);

void rehearsal_clock_pause(struct rehearsal_clock *clock, bool paused,
                           int64_t real_ms);

/* direction 1: twice as fast, -1: half as fast, within the bounds; 0: the usual
 * speed. */
void rehearsal_clock_speed(struct rehearsal_clock *clock, int direction,
                           int64_t real_ms);

#endif
