/* What the screen says of itself: receipts, state, log lines, journal. One
 * failure is one line, and a flood of them is counted, not written. */
#ifndef GAOSHI_DISPLAY_REPORTER_H
#define GAOSHI_DISPLAY_REPORTER_H

#include "display/core/board/board.h"
#include "display/edge/app/journal.h"
#include "display/edge/net/subscriber.h"

enum {
    REPORTER_SHOWN = 512,          /* messages whose «shown» is remembered */
    REPORTER_REFUSALS = 30,        /* log lines and receipts a minute */
    REPORTER_HELD = 64,            /* events of one turn */
    REPORTER_LINES = 10,           /* times a minute that the line is told */
    REPORTER_STATE_MIN_MS = 3000,  /* between two states at least */
    REPORTER_STATE_MAX_MS = 60000, /* and at most */
    REPORTER_STATE_KEY_BYTES = 384,
};

/* What may be told in the minute that is counted. */
struct reporter_quota {
    int64_t since_ms; /* monotonic */
    unsigned count;
};

struct reporter_shown {
    enum message_kind kind;
    char id[LIMIT_IDENTIFIER_BYTES + 1];
    int64_t seq; /* 0: free */
};

/* What happened in this turn and is told at its end. */
struct reporter_event {
    struct receipt receipt;
    enum message_kind kind;
    int64_t wall_ms; /* for the journal, whether trusted or not */
};

struct reporter {
    const struct screen_identity *identity;      /* borrowed, as the next two */
    struct subscriber *subscriber;               /* NULL: none */
    struct journal *journal;                     /* NULL: none */
    struct reporter_shown shown[REPORTER_SHOWN]; /* a ring */
    size_t shown_next;
    struct reporter_event held[REPORTER_HELD];
    size_t held_count;
    struct reporter_quota refusals, lines;
    char state_key[REPORTER_STATE_KEY_BYTES]; /* what the last published state
                                                 said */
    int64_t state_ms; /* monotonic, of the last published state */
    bool state_told;
    bool line_up;
};

/* Once a turn, behind the commits of that turn: until then nothing that
 * happened in it is told, neither to the journal nor to anybody. */
void reporter_release(struct reporter *reporter);

/* As it came over the line. */
struct reporter_arrival {
    const char *topic;
    const char *payload; /* NULL: the digest is known, see envelope_digest */
    size_t bytes;
    const char *digest;
};

/* A message from the line was judged. */
void reporter_judged(struct reporter *reporter,
                     const struct reporter_arrival *arrival,
                     const struct board_intake *intake,
                     const struct problem *problem, const struct moment *now);

/* So many more were refused, behind those that reporter_judged told: the reason
 * is not known any more. */
void reporter_refused(struct reporter *reporter, unsigned long count);

/* True: there is nothing to tell of it: it was told, or is NULL. */
bool reporter_has_shown(const struct reporter *reporter,
                        const struct message *message);

/* A frame of this message was seen on the glass; told once for each id and seq.
 */
void reporter_shown(struct reporter *reporter, const struct message *message,
                    const struct moment *presented);

void reporter_ended(struct reporter *reporter, const struct board_ended *ended,
                    const struct moment *now);

/* up: the line came or went. */
void reporter_line(struct reporter *reporter, bool up, const char *reason,
                   const struct moment *now);

/* Publishes what changed, not too often, with the memory in use now. Returns
 * the monotonic moment at which to be called again. */
int64_t reporter_state(struct reporter *reporter,
                       const struct screen_state *state,
                       const struct moment *now);

/* «panel» or «alert», as slots are called. */
const char *reporter_slot_kind(enum message_kind kind);

#endif
