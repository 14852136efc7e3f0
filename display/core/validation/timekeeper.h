/* Whether the wall clock is to be believed, and which moment has surely
 * passed. Three can say what time it is: the system's clock, the time service
 * behind it («synchronised»), and what operators signed. Where two agree they
 * are believed; one alone is believed until another contradicts it. Rules in
 * words: docs/alerts.md. Pure. */
#ifndef GAOSHI_DISPLAY_TIMEKEEPER_H
#define GAOSHI_DISPLAY_TIMEKEEPER_H

#include "display/core/validation/moment.h"
#include "protocol/limits.h"

enum {
    /* A step of the wall clock beside the monotonic one. Slewing, also the
     * fastest that a time service does (8 %), stays below it for a minute,
     * and no turn of the loop is longer. */
    TIMEKEEPER_JUMP_MS = 10 * 1000,
    /* Two clocks that are so near to each other agree. */
    TIMEKEEPER_TOLERANCE_MS = 5 * 60 * 1000,
    /* A jump that nobody explained is believed after so long: as long as the
     * gravest alert lasts that does not say how long it lasts. */
    TIMEKEEPER_STEADY_MS = 6 * 3600 * 1000,
    /* So many signed ticks confirm a clock; one could be an old one that was
     * held back and meets a clock that stands still as late. */
    TIMEKEEPER_AGREEMENTS = 2,
};

/* What the system says in one turn. */
struct timekeeper_reading {
    int64_t mono_ms;
    int64_t wall_ms;
    bool synchronised; /* a time service vouches for the wall clock */
};

enum timekeeper_verdict {
    TIMEKEEPER_TRUSTED,
    TIMEKEEPER_UNSET,    /* before the release of this program */
    TIMEKEEPER_BEHIND,   /* before a moment that has passed */
    TIMEKEEPER_JUMPED,   /* it was set, and nobody said why */
    TIMEKEEPER_DISPUTED, /* the time service says another time than what the
                            clock and a signed message once agreed on */
    TIMEKEEPER_VERDICT_COUNT
};

/* Who says that a moment has passed. */
enum timekeeper_source {
    TIMEKEEPER_AGREED,  /* a signed time and this screen's clock, together */
    TIMEKEEPER_SYSTEM,  /* a synchronised clock that went away since */
    TIMEKEEPER_TICK,    /* a signed tick alone */
    TIMEKEEPER_MESSAGE, /* another message alone: enough to doubt the clock,
                           not enough to end anything */
    TIMEKEEPER_SOURCE_COUNT
};

/* timekeeper_init, no finish. */
struct timekeeper {
    struct timekeeper_reading reading; /* the last */
    enum timekeeper_verdict verdict;
    bool started;
    bool jumped;       /* and not explained yet */
    bool vouched;      /* synchronised at some time since the last jump */
    int agreements;    /* of ticks, since the last jump */
    int64_t kept_ms;   /* wall − mono before the jump */
    int64_t steady_ms; /* monotonic: no jump since */
    /* Moments that have passed, less the monotonic clock, so that they go on
     * with it; TIMESTAMP_NONE: nobody says anything. */
    int64_t passed_ms[TIMEKEEPER_SOURCE_COUNT];
    char tick_key[LIMIT_KEY_ID_BYTES + 1]; /* who said TIMEKEEPER_TICK */
    bool tick_is_live; /* and that it was over the line, since the start */
};

/* What a verified message says about time. */
struct timekeeper_word {
    bool tick;
    bool trusted; /* see trust_in_time; else it says nothing */
    int64_t issued_ms;
    const char *key_id;
};

void timekeeper_init(struct timekeeper *keeper);

/* Once a turn, with a monotonic clock that never goes back. */
struct moment timekeeper_turn(struct timekeeper *keeper,
                              const struct timekeeper_reading *reading);

/* The last reading, judged with everything that was heard since. */
struct moment timekeeper_moment(const struct timekeeper *keeper);

/* A message that came over the line and was not refused, in the turn of the
 * last reading. A tick is never heard twice: the table of slots sees to it. */
void timekeeper_hear(struct timekeeper *keeper,
                     const struct timekeeper_word *word);

/* A verified row of the store. received_ms: the trusted wall clock at its
 * first arrival, or TIMESTAMP_NONE. */
void timekeeper_recall(struct timekeeper *keeper,
                       const struct timekeeper_word *word, int64_t received_ms);

/* The list of keys changed: the lone words of whoever is believed no more are
 * forgotten. trusts_tick_key: the key keeper->tick_key is still believed. */
void timekeeper_distrust(struct timekeeper *keeper, bool trusts_tick_key);

/* How far the wall clock jumped, while the verdict is TIMEKEEPER_JUMPED. */
int64_t timekeeper_jump_ms(const struct timekeeper *keeper);

/* How far it is behind, while the verdict is TIMEKEEPER_BEHIND or
 * TIMEKEEPER_DISPUTED. */
int64_t timekeeper_behind_ms(const struct timekeeper *keeper);

/* "trusted", "unset", "behind", "jumped", "disputed". */
const char *timekeeper_verdict_name(enum timekeeper_verdict verdict);

#endif
