/* A timekeeper with clocks that a test sets. Times are seconds beside the true
 * time, which begins when the monotonic clock does. */
#ifndef GAOSHI_TESTS_SUPPORT_CLOCKS_H
#define GAOSHI_TESTS_SUPPORT_CLOCKS_H

#include "display/core/validation/timekeeper.h"

/* The true time at the start. */
#define CLOCKS_BEGIN_MS (LIMIT_RELEASE_MS + INT64_C(300) * 86400 * 1000)
enum { CLOCKS_DEAD = -30 * 365 * 86400, CLOCKS_UNKNOWN = INT32_MIN };

struct clocks {
    struct timekeeper keeper;
    struct moment now;
    int64_t passed_s;
    int64_t off_s; /* the wall clock */
    bool synchronised;
};

/* The first turn of a display whose clock stands so far beside the time. */
struct clocks clocks_start(int off_s);

void clocks_turn(struct clocks *clocks);

/* Time passes, a turn each minute. */
void clocks_wait(struct clocks *clocks, int seconds);

/* The wall clock is set, by hand or by a time service. */
void clocks_set(struct clocks *clocks, int off_s);
void clocks_synchronise(struct clocks *clocks, int off_s);

/* What comes over the line, and says what time it is. */
void clocks_tick(struct clocks *clocks, const char *key, int said_s);
void clocks_message(struct clocks *clocks, int said_s);

/* A row of the store; received_s may be CLOCKS_UNKNOWN. */
void clocks_recall(struct clocks *clocks, bool tick, int said_s,
                   int received_s);

void clocks_expect(const struct clocks *clocks, const char *verdict);
/* CLOCKS_UNKNOWN: nothing is known to have passed. */
void clocks_expect_floor(const struct clocks *clocks, int off_s);

#endif
