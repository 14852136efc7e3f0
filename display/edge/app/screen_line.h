/* The line to the broker: its messages, whether it is up, and when the broker
 * is asked once more for retained messages. Used by the loop's thread. */
#ifndef GAOSHI_DISPLAY_SCREEN_LINE_H
#define GAOSHI_DISPLAY_SCREEN_LINE_H

#include "display/core/validation/moment.h"
#include "display/edge/app/telemetry.h"
#include "display/edge/net/inbox.h"
#include "display/edge/net/subscriber.h"

/* Zeroed: there is no line. */
struct screen_line {
    struct inbox *inbox;
    struct subscriber *subscriber; /* NULL: the configuration is wrong */
    char problem[512]; /* what is wrong with the configuration; "": nothing */
    struct inbox_line seen;     /* at the last check */
    struct inbox_losses losses; /* as logged last */
    int64_t changed_ms;         /* monotonic time when it went up or down */
    int64_t refresh_ms;      /* monotonic time at which the broker is asked once
                                more; INT64_MAX: not at all */
    int64_t refreshed_ms;    /* monotonic time of the last request; 0: never */
    int64_t refresh_step_ms; /* from the loss to the request; 0: never yet */
    /* The picture that was asked for, and how often; "": none. */
    char picture[PICTURE_DIGEST_BYTES + 1];
    uint64_t picture_round;
};

/* Asks for this picture and for no other; digest NULL: for none. A new round:
 * once more. Call it each turn. */
void screen_line_want_picture(struct screen_line *line, const char *digest,
                              uint64_t round);

/* Makes only the inbox: nothing arrives yet. */
bool screen_line_init(struct screen_line *line, int64_t mono_ms,
                      struct problem *problem);

/* Begins to connect. With a wrong configuration there is no line; that is
 * logged, and line->problem says why. */
void screen_line_connect(struct screen_line *line, const struct config *config,
                         int64_t wall_ms);

/* Ends the line: nothing arrives any more. The inbox stays until
 * screen_line_finish. */
void screen_line_disconnect(struct screen_line *line, int64_t wall_ms);
void screen_line_finish(struct screen_line *line);

/* Once a turn: logs and reports what changed, and asks the broker if that is
 * due. */
void screen_line_watch(struct screen_line *line, struct telemetry *telemetry,
                       const struct moment *now);

/* Asks the broker for its retained messages: after a second, later again after
 * twice the time, up to a minute. */
void screen_line_ask_again(struct screen_line *line, const struct moment *now);

/* Asks at this monotonic time, or when it was to be asked already. */
void screen_line_ask_at(struct screen_line *line, int64_t mono_ms);

/* Whether the broker will be asked. */
bool screen_line_asks(const struct screen_line *line);

/* Asks in the next turn. */
void screen_line_ask_now(struct screen_line *line, const struct moment *now);

/* Whether the line has been down long enough for a mark on the glass. */
bool screen_line_is_down(const struct screen_line *line,
                         const struct moment *now);

/* The monotonic time at which something changes by itself; INT64_MAX: never. */
int64_t screen_line_next_ms(const struct screen_line *line,
                            const struct moment *now);

#endif
