/* What comes in, on its way through the board to the store and the receipts:
 * the first half of a turn. The only one who hands the board's keys to all that
 * judge by keys. */
#ifndef GAOSHI_DISPLAY_FEED_H
#define GAOSHI_DISPLAY_FEED_H

#include "display/core/board/board.h"
#include "display/edge/app/screen_clock.h"
#include "display/edge/app/screen_line.h"
#include "display/edge/app/stage.h"
#include "display/edge/app/telemetry.h"
#include "display/edge/store/keeper.h"

/* A frame must not wait for a flood: the rest comes in the next turn. The time
 * is what counts, because a signature takes longer on a slow machine; the
 * number bounds a turn whose clock stands still. */
enum { FEED_PER_TURN = 256, FEED_TURN_MS = 6 };

struct feed {
    struct board *board; /* borrowed, as the next five */
    struct keeper *keeper;
    struct screen_line *line; /* NULL: only the store's rows come in yet */
    struct screen_clock *clock;
    struct stage *stage;
    struct telemetry *telemetry;
    int64_t started_ms;        /* monotonic */
    int64_t refusals_ms;       /* monotonic: till then no refusal of the
                                  network thread is told */
    int64_t identify_until_ms; /* monotonic: the screen says who it is */
    bool restarting;           /* a command asks for it, as next */
    struct board_intake restart;
};

/* From now on messages come in over this line. Its inbox gets the board's keys,
 * now and whenever they change. */
void feed_begin(struct feed *feed, struct screen_line *line);

/* Takes messages, alerts first, and stops at the first alert taken in. True:
 * more may wait. */
bool feed_drain(struct feed *feed, const struct moment *now);

/* Monotonic moment at which feed_drain is to be called again though nothing
 * comes in; INT64_MAX: never. */
int64_t feed_next_ms(const struct feed *feed, const struct moment *now);

/* Behind the turn's commit. True: a command asks for a restart, and the same
 * message cannot ask for another one after it. */
bool feed_restarts(struct feed *feed, const struct moment *now);

/* One message of this process's own (a drill): the same road, not stored. */
void feed_own(struct feed *feed, const char *topic, const char *payload,
              size_t bytes, const struct moment *now);

/* Judges the rows of the store's file, at the start or when the file came back:
 * keys and ticks come first, the others by what those say of the time. Context:
 * the feed. */
struct keeper_judge feed_judge(struct feed *feed);

#endif
