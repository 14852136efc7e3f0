/* The line to the broker: what came over it, whether it is up, and when the
 * broker is asked once more for what it retains. The loop's thread. */
#ifndef GAOSHI_DISPLAY_SCREEN_LINE_H
#define GAOSHI_DISPLAY_SCREEN_LINE_H

#include "display/core/validation/moment.h"
#include "display/edge/app/telemetry.h"
#include "display/edge/net/inbox.h"
#include "display/edge/net/subscriber.h"

/* Zeroed: there is none. */
struct screen_line {
    struct inbox *inbox;
    struct subscriber *subscriber; /* NULL: its configuration allows none */
    char problem[512];             /* what is wrong with that; "": nothing */
    struct inbox_line seen;        /* as last looked at */
    struct inbox_losses losses;    /* as last told */
    int64_t changed_ms;            /* monotonic: it came or went */
    int64_t refresh_ms;      /* monotonic: then the broker is asked once more;
                                INT64_MAX: not at all */
    int64_t refreshed_ms;    /* monotonic, of the last time; 0: never */
    int64_t refresh_step_ms; /* from the loss to the asking; 0: never yet */
};

/* The inbox alone: nothing comes in yet. */
bool screen_line_init(struct screen_line *line, int64_t mono_ms,
                      struct problem *problem);

/* Begins to connect. Without a good configuration there is no line; that is
 * logged, and line->problem tells why. */
void screen_line_connect(struct screen_line *line, const struct config *config,
                         int64_t wall_ms);

/* Nothing comes in any more; the inbox stays until screen_line_finish. */
void screen_line_disconnect(struct screen_line *line, int64_t wall_ms);
void screen_line_finish(struct screen_line *line);

/* Once a turn: logs and reports what changed, and asks the broker if that is
 * due. */
void screen_line_watch(struct screen_line *line, struct telemetry *telemetry,
                       const struct moment *now);

/* The broker is asked for what it retains: after a second, later again after
 * twice the time, up to a minute. */
void screen_line_ask_again(struct screen_line *line, const struct moment *now);

/* The same in the next turn. */
void screen_line_ask_now(struct screen_line *line, const struct moment *now);

/* Down for so long that it is worth a mark on the glass. */
bool screen_line_is_down(const struct screen_line *line,
                         const struct moment *now);

/* Monotonic moment at which something changes by itself; INT64_MAX: never. */
int64_t screen_line_next_ms(const struct screen_line *line,
                            const struct moment *now);

#endif
