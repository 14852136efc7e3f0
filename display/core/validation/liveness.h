/* Whether a screen has everything that it should have. A promised tick must
 * arrive, and messages listed by an index must be here; so a broker that
 * withholds messages or sends nothing new is noticed. Pure. */
#ifndef GAOSHI_DISPLAY_LIVENESS_H
#define GAOSHI_DISPLAY_LIVENESS_H

#include "display/core/validation/board_terms.h"
#include "display/core/validation/trust.h"

enum {
    /* How long a message may be missing because it is still on its way. */
    LIVENESS_GRACE_MS = 10000,
    /* A key counts as silent when this many ticks did not arrive, plus some
     * time for the delivery: 95 s at one tick in 30 s. */
    LIVENESS_TICKS_MISSED = 3,
    LIVENESS_LATE_MS = 5000,
};

/* The newest tick of one key. */
struct liveness_pulse {
    char key_id[LIMIT_KEY_ID_BYTES + 1];
    int64_t index_seq;
    int64_t keys_seq; /* number of the newest list of keys that it contained; 0:
                         none */
    int64_t heard_ms; /* trusted wall clock, or TIMESTAMP_NONE */
    int64_t heard_mono_ms; /* TIMESTAMP_NONE: before this start */
    int64_t silent_ms;     /* monotonic; INT64_MAX: no promise */
    int screens;           /* as it named them; 0: not told */
};

/* liveness_init, no finish. */
struct liveness {
    struct liveness_pulse pulses[KEY_RING_MAX];
    size_t count;
    int missing;
    int64_t missing_ms;      /* since when: wall clock, or TIMESTAMP_NONE */
    int64_t missing_mono_ms; /* the same, monotonic */
};

void liveness_init(struct liveness *liveness);

/* Whether the tick was issued just now, as far as the clock can tell. False:
 * problem says why. */
bool liveness_believes(const struct message *tick,
                       const struct arrival *arrival, const struct moment *now,
                       struct problem *problem);

/* Notes an accepted tick. If there is no room, it replaces a key from which
 * nothing is expected any more. */
void liveness_hear(struct liveness *liveness, const struct message *tick,
                   const struct trust *trust, const struct arrival *arrival,
                   const struct moment *now);

/* Notes how much is missing now. The grace time begins when nothing was missing
 * before. */
void liveness_note_missing(struct liveness *liveness, int missing,
                           const struct moment *now);

struct liveness_report {
    bool frozen;   /* a key that promised a tick is silent */
    bool withheld; /* something is missing for longer than LIVENESS_GRACE_MS */
    int64_t tick_ms; /* newest tick, trusted wall clock, or TIMESTAMP_NONE */
    int screens;     /* the most that a tick named; 0: none did */
    /* If frozen or withheld: up to when nothing was missing, on both clocks.
     * TIMESTAMP_NONE: not known on that clock. */
    int64_t until_ms;
    int64_t until_mono_ms;
    char silent_key[LIMIT_KEY_ID_BYTES + 1]; /* "": none */
};
struct liveness_report liveness_report(const struct liveness *liveness,
                                       const struct trust *trust,
                                       const struct moment *now);

/* The monotonic time at which the report may change by itself; INT64_MAX:
 * never. */
int64_t liveness_next_ms(const struct liveness *liveness,
                         const struct moment *now);

#endif
