/* Whether a screen has everything that it should have. A tick that was promised
 * must come, and what an index lists must be here; so a broker that withholds
 * messages or sends nothing new is noticed. Pure. */
#ifndef GAOSHI_DISPLAY_LIVENESS_H
#define GAOSHI_DISPLAY_LIVENESS_H

#include "display/core/validation/board_terms.h"
#include "display/core/validation/trust.h"

enum {
    /* So long something may be missing because it is still on its way. */
    LIVENESS_GRACE_MS = 10000,
    /* A key counts as silent when this many ticks did not come, plus some time
     * for the line: 95 s at one tick in 30 s. */
    LIVENESS_TICKS_MISSED = 3,
    LIVENESS_LATE_MS = 5000,
};

/* The newest tick of one key. */
struct liveness_pulse {
    char key_id[LIMIT_KEY_ID_BYTES + 1];
    int64_t index_seq;
    int64_t keys_seq;      /* of the newest list of keys it named; 0: none */
    int64_t heard_ms;      /* trusted wall clock, or TIMESTAMP_NONE */
    int64_t heard_mono_ms; /* TIMESTAMP_NONE: before this start */
    int64_t silent_ms;     /* monotonic; INT64_MAX: no promise */
};

/* liveness_init, no finish. */
struct liveness {
    struct liveness_pulse pulses[KEY_RING_MAX];
    size_t count;
    int missing;
    int64_t missing_ms;      /* since when: wall clock, or TIMESTAMP_NONE */
    int64_t missing_mono_ms; /* and monotonic */
};

void liveness_init(struct liveness *liveness);

/* Whether the tick was issued now, as far as the clock can tell. False: problem
 * says why. */
bool liveness_believes(const struct message *tick,
                       const struct arrival *arrival, const struct moment *now,
                       struct problem *problem);

/* Notes a tick that was taken in. Where there is no room, a key of which
 * nothing is expected any more makes it. */
void liveness_hear(struct liveness *liveness, const struct message *tick,
                   const struct trust *trust, const struct arrival *arrival,
                   const struct moment *now);

/* Notes how much is missing now. The grace begins when it was nothing before.
 */
void liveness_note_missing(struct liveness *liveness, int missing,
                           const struct moment *now);

struct liveness_report {
    bool frozen;     /* a key that promised a tick is silent */
    bool withheld;   /* something is missing for longer than the grace */
    int64_t tick_ms; /* newest tick, trusted wall clock, or TIMESTAMP_NONE */
    /* If frozen or withheld, up to when the news was whole: by both clocks,
     * TIMESTAMP_NONE where one has no answer. */
    int64_t until_ms;
    int64_t until_mono_ms;
    char silent_key[LIMIT_KEY_ID_BYTES + 1]; /* "": none */
};
struct liveness_report liveness_report(const struct liveness *liveness,
                                       const struct trust *trust,
                                       const struct moment *now);

/* The monotonic moment at which the report may change by itself; INT64_MAX:
 * never. */
int64_t liveness_next_ms(const struct liveness *liveness,
                         const struct moment *now);

#endif
