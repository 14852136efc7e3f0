/* What the screen says of itself: receipts, state, log lines and, in a
 * rehearsal, the journal. One failure is one line, and a flood of them is
 * counted, not written. */
#ifndef GAOSHI_DISPLAY_TELEMETRY_H
#define GAOSHI_DISPLAY_TELEMETRY_H

#include "display/core/board/board.h"
#include "display/edge/app/stage.h"
#include "display/edge/net/subscriber.h"

enum {
    TELEMETRY_SHOWN = 512,          /* messages whose «shown» is remembered */
    TELEMETRY_REFUSALS = 30,        /* log lines and receipts a minute */
    TELEMETRY_HELD = 64,            /* events of one turn */
    TELEMETRY_LINES = 10,           /* times a minute that the line is told */
    TELEMETRY_STATE_MIN_MS = 3000,  /* between two states at least */
    TELEMETRY_STATE_MAX_MS = 60000, /* and at most */
    TELEMETRY_STATE_KEY_BYTES = 384,
};

struct journal;

/* What may be told in the minute that is counted. */
struct telemetry_quota {
    int64_t since_ms; /* monotonic */
    unsigned count;
};

struct telemetry_shown {
    enum message_kind kind;
    char id[LIMIT_IDENTIFIER_BYTES + 1];
    int64_t seq; /* 0: free */
};

/* What happened in this turn and is told at its end. */
struct telemetry_event {
    struct receipt receipt;
    enum message_kind kind;
    int64_t wall_ms; /* for the journal, whether trusted or not */
};

/* telemetry_init fills it in. Zeroed it says nothing to anybody. */
struct telemetry {
    const struct screen_identity *identity;        /* borrowed, as the next */
    struct subscriber *subscriber;                 /* NULL: none */
    struct journal *journal;                       /* NULL: none */
    struct telemetry_shown shown[TELEMETRY_SHOWN]; /* a ring */
    size_t shown_next;
    struct telemetry_event held[TELEMETRY_HELD];
    size_t held_count;
    struct telemetry_quota refusals, lines;
    /* What the last published state said, and when (monotonic). */
    char state_key[TELEMETRY_STATE_KEY_BYTES];
    int64_t state_ms;
    bool state_told;
    bool line_up;
    int64_t since_ms; /* wall clock: what the state calls shown came then */
    uint64_t since_showing;
    struct frame_mark told;     /* the journal's last page … */
    struct frame_mark recorded; /* … and picture */
};

/* record: the folder for the journal and its pictures; NULL: none. It is made
 * if it does not exist. */
bool telemetry_init(struct telemetry *telemetry,
                    const struct screen_identity *identity, const char *record,
                    struct problem *problem);
void telemetry_finish(struct telemetry *telemetry);

/* One line for the journal alone. id and reason: NULL leaves them out. */
void telemetry_note(struct telemetry *telemetry, const char *event,
                    const char *id, const char *reason,
                    const struct moment *now);

/* Once a turn, after its commits: publishes the receipts of this turn and
 * writes them to the journal. Until then they are held back. */
void telemetry_release(struct telemetry *telemetry);

/* As it came over the line. */
struct telemetry_arrival {
    const char *topic;
    const char *payload; /* NULL: the digest is known, see envelope_digest */
    size_t bytes;
    const char *digest;
};

/* A message from the line was judged. */
void telemetry_judged(struct telemetry *telemetry,
                      const struct telemetry_arrival *arrival,
                      const struct board_intake *intake,
                      const struct problem *problem, const struct moment *now);

/* So many more were refused, for reasons that were not kept. */
void telemetry_refused(struct telemetry *telemetry, unsigned long count);

/* True: «shown» was told of this message already, or it is NULL. */
bool telemetry_has_shown(const struct telemetry *telemetry,
                         const struct message *message);

/* A frame of this message was seen on the glass; told once for each id and seq.
 */
void telemetry_shown(struct telemetry *telemetry, const struct message *message,
                     const struct moment *presented);

void telemetry_ended(struct telemetry *telemetry,
                     const struct board_ended *ended, const struct moment *now);

/* up: the line came or went. */
void telemetry_line(struct telemetry *telemetry, bool up, const char *reason,
                    const struct moment *now);

/* The answer to a command. */
void telemetry_reply(struct telemetry *telemetry,
                     const struct board_intake *judged, bool done,
                     const char *text, const struct moment *now);

/* Publishes the state if it changed or is due, not too often. Who the screen
 * is, what it shows since when, and the memory in use are filled in here; the
 * caller fills in the rest. Returns the monotonic moment at which to be called
 * again. */
int64_t telemetry_state(struct telemetry *telemetry, const struct scene *scene,
                        const struct screen_state *state,
                        const struct moment *now);

/* The journal's line of each page when it comes, and its picture when it has
 * come to rest. After a frame that was drawn. */
void telemetry_record(struct telemetry *telemetry, const struct scene *scene,
                      const struct stage *stage,
                      const struct stage_result *result);

/* The journal's last line. */
void telemetry_end(struct telemetry *telemetry, int64_t turns, int64_t frames);

#endif
