/* From the inbox through the board to the keeper and the receipts: the
 * first half of a turn. */
#ifndef GAOSHI_DISPLAY_FEED_H
#define GAOSHI_DISPLAY_FEED_H

#include "display/edge/app/display.h"

/* A frame must not wait for a flood: the rest comes in the next turn. The
 * time is what counts, a signature costs as much as the board is slow; the
 * number bounds a turn whose clock stands still. */
enum { FEED_PER_TURN = 256, FEED_TURN_MS = 6 };

struct feed {
    bool more;  /* the inbox may hold more */
    bool alert; /* an alert was taken in: the glass is its now */
};

/* Takes messages, alerts first, and stops at the first alert taken in. */
struct feed feed_drain(struct display *display, const struct moment *now);

/* Behind the turn's commit: carries out a restart that was asked for, unless
 * the next start might be asked again by the same message. */
void feed_restart(struct display *display, const struct moment *now);

/* One message of this process's own (a drill): the same road, not stored. */
struct feed feed_own(struct display *display, const char *topic,
                     const char *payload, size_t bytes,
                     const struct moment *now);

/* Judges a row of the store's file again, at the start or when the file came
 * back: keys and ticks come first, the others by what those say of the time.
 * context: the display. */
struct board_intake feed_recall(void *context, const struct slot_row *row,
                                const struct moment *now);

#endif
