/* The first half of a turn: passes received messages through the board to the
 * store and to the receipts. Only the feed passes the board's keys to the other
 * parts. */
#ifndef GAOSHI_DISPLAY_FEED_H
#define GAOSHI_DISPLAY_FEED_H

#include "display/core/board/board.h"
#include "display/edge/album/album.h"
#include "display/edge/app/remote.h"
#include "display/edge/app/screen_clock.h"
#include "display/edge/app/screen_line.h"
#include "display/edge/app/session_file.h"
#include "display/edge/app/telemetry.h"
#include "display/edge/store/keeper.h"

/* Limits of one turn, so that a frame does not wait for a flood; the rest comes
 * in the next turn. The time is the real limit, because a signature takes
 * longer on a slow machine; the number limits a turn whose clock stands still.
 */
enum { FEED_PER_TURN = 256, FEED_TURN_MS = 6 };

struct feed {
    struct board *board; /* borrowed, like the next six fields */
    struct keeper *keeper;
    struct screen_line *line; /* NULL: only rows of the store come in yet */
    struct screen_clock *clock;
    struct remote *remote;
    struct telemetry *telemetry;
    struct session_writer *session; /* NULL: nothing is recorded */
    struct album *album;
    int64_t refusals_ms; /* monotonic: until then no refusal of the network
                            thread is logged */
};

/* From now on messages come from this line. Its inbox gets the board's keys,
 * now and whenever they change. */
void feed_begin(struct feed *feed, struct screen_line *line);

/* Takes messages, alerts first, and stops after the first accepted alert. True:
 * more may wait. */
bool feed_drain(struct feed *feed, const struct moment *now);

/* The monotonic time at which feed_drain must be called even if no message
 * arrives; INT64_MAX: never. */
int64_t feed_next_ms(const struct feed *feed, const struct moment *now);

/* Takes a message of this process (a drill) in the same way; it is not stored.
 */
void feed_own(struct feed *feed, const char *topic, const char *payload,
              size_t bytes, const struct moment *now);

/* The functions by which the keeper asks whether a row that it read from the
 * store's file still counts. It reads the file at the start, and again after a
 * fault of the disk. Lists of keys and ticks come first: the time that they
 * tell decides whether the other rows have expired. The feed must live as long.
 */
struct keeper_judge feed_judge(struct feed *feed);

#endif
