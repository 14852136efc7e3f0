/* Whether the wall clock is trusted, and which time has surely passed. There
 * are three sources: the system's clock, the time service behind it
 * («synchronised»), and signed messages. Two that agree are trusted; one alone
 * is trusted until another contradicts it. docs/alerts.md has the rules. Pure.
 */
#ifndef GAOSHI_DISPLAY_TIMEKEEPER_H
#define GAOSHI_DISPLAY_TIMEKEEPER_H

#include "display/core/validation/moment.h"
#include "protocol/limits.h"

enum {
    /* A step of the wall clock against the monotonic clock. Slewing, even at
     * the 8 % of the fastest time service, stays below it for a minute, and no
     * turn of the loop is longer. */
    TIMEKEEPER_JUMP_MS = 10 * 1000,
    /* Two clocks agree if they differ by less than this. */
    TIMEKEEPER_TOLERANCE_MS = 5 * 60 * 1000,
    /* A jump without an explanation is accepted after this time, which is how
     * long the gravest alert without an end lasts. */
    TIMEKEEPER_STEADY_MS = 6 * 3600 * 1000,
    /* This many signed ticks confirm a clock. One is not enough: it could be an
     * old tick that was held back and agrees with a clock that is late by as
     * much. */
    TIMEKEEPER_AGREEMENTS = 2,
};

/* The system's clocks in one turn. */
struct timekeeper_reading {
    int64_t mono_ms;
    int64_t wall_ms;
    bool synchronised; /* a time service confirms the wall clock */
};

enum timekeeper_verdict {
    TIMEKEEPER_TRUSTED,
    TIMEKEEPER_UNSET,    /* before the release of this program */
    TIMEKEEPER_BEHIND,   /* before a time that has surely passed */
    TIMEKEEPER_JUMPED,   /* it was set for an unknown reason */
    TIMEKEEPER_DISPUTED, /* the time service contradicts a time on which the
                            clock and a signed message agreed */
    TIMEKEEPER_VERDICT_COUNT
};

/* The source of a time that has passed. */
enum timekeeper_source {
    TIMEKEEPER_AGREED,  /* a signed time and this screen's clock, together */
    TIMEKEEPER_SYSTEM,  /* a synchronised clock that changed since */
    TIMEKEEPER_TICK,    /* a signed tick alone */
    TIMEKEEPER_MESSAGE, /* another message alone: enough to distrust the clock,
                           not enough to end anything */
    TIMEKEEPER_SOURCE_COUNT
};

/* timekeeper_init, no finish. */
struct timekeeper {
    struct timekeeper_reading reading; /* the last reading */
    enum timekeeper_verdict verdict;
    bool started;
    bool jumped;     /* it jumped, and no source explains it yet */
    bool vouched;    /* it was synchronised at some time since the last jump */
    int agreements;  /* ticks that agreed since the last jump */
    int64_t kept_ms; /* wall − mono before the jump */
    int64_t steady_ms; /* monotonic time of the last jump */
    /* Times that have passed, minus the monotonic clock, so that they advance
     * with it; TIMESTAMP_NONE: unknown. */
    int64_t passed_ms[TIMEKEEPER_SOURCE_COUNT];
    char tick_key[LIMIT_KEY_ID_BYTES + 1]; /* key of TIMEKEEPER_TICK */
    bool tick_is_live; /* that tick arrived live since the start */
};

/* A verified message as a source of time. */
struct timekeeper_word {
    bool tick;
    bool trusted; /* see trust_in_time; if false, the message is ignored */
    int64_t issued_ms;
    const char *key_id;
};

void timekeeper_init(struct timekeeper *keeper);

/* Call it once a turn, with a monotonic clock that never goes back. */
struct moment timekeeper_turn(struct timekeeper *keeper,
                              const struct timekeeper_reading *reading);

/* The last reading, judged with all messages since. */
struct moment timekeeper_moment(const struct timekeeper *keeper);

/* Notes a message that arrived live and was not refused, in the turn of the
 * last reading. The table of slots makes sure that no tick is noted twice. */
void timekeeper_hear(struct timekeeper *keeper,
                     const struct timekeeper_word *word);

/* Notes a verified row of the store. received_ms: the trusted wall clock at its
 * first arrival, or TIMESTAMP_NONE. */
void timekeeper_recall(struct timekeeper *keeper,
                       const struct timekeeper_word *word, int64_t received_ms);

/* The list of keys changed: forgets times that only distrusted keys gave.
 * trusts_tick_key: keeper->tick_key is still trusted. */
void timekeeper_distrust(struct timekeeper *keeper, bool trusts_tick_key);

/* How far the wall clock jumped, while the verdict is TIMEKEEPER_JUMPED. */
int64_t timekeeper_jump_ms(const struct timekeeper *keeper);

/* How far it is behind, while the verdict is TIMEKEEPER_BEHIND or
 * TIMEKEEPER_DISPUTED. */
int64_t timekeeper_behind_ms(const struct timekeeper *keeper);

/* "trusted", "unset", "behind", "jumped", "disputed". */
const char *timekeeper_verdict_name(enum timekeeper_verdict verdict);

#endif
