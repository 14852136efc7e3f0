/* Drives a timekeeper as the loop does. */
#include "tests/support/clocks.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/timestamp.h"

enum { TURN_S = 60 };

static int64_t true_ms(const struct clocks *clocks, int64_t off_s)
{
    return CLOCKS_BEGIN_MS + (clocks->passed_s + off_s) * 1000;
}

void clocks_turn(struct clocks *clocks)
{
    const struct timekeeper_reading reading = {
        .mono_ms = clocks->passed_s * 1000,
        .wall_ms = true_ms(clocks, clocks->off_s),
        .synchronised = clocks->synchronised,
    };

    clocks->now = timekeeper_turn(&clocks->keeper, &reading);
}

struct clocks clocks_start(int off_s)
{
    struct clocks clocks = {.off_s = off_s};

    timekeeper_init(&clocks.keeper);
    clocks_turn(&clocks);
    return clocks;
}

void clocks_wait(struct clocks *clocks, int seconds)
{
    for (; seconds > 0; seconds -= TURN_S) {
        clocks->passed_s += seconds < TURN_S ? seconds : TURN_S;
        clocks_turn(clocks);
    }
}

void clocks_set(struct clocks *clocks, int off_s)
{
    clocks->off_s = off_s;
    clocks_turn(clocks);
}

void clocks_synchronise(struct clocks *clocks, int off_s)
{
    clocks->synchronised = true;
    clocks_set(clocks, off_s);
}

static void hear(struct clocks *clocks, bool tick, const char *key, int said_s)
{
    const struct timekeeper_word word = {.tick = tick,
                                         .trusted = true,
                                         .issued_ms = true_ms(clocks, said_s),
                                         .key_id = key};

    timekeeper_hear(&clocks->keeper, &word);
    clocks->now = timekeeper_moment(&clocks->keeper);
}

void clocks_tick(struct clocks *clocks, const char *key, int said_s)
{
    hear(clocks, true, key, said_s);
}

void clocks_message(struct clocks *clocks, int said_s)
{
    hear(clocks, false, "m", said_s);
}

void clocks_recall(struct clocks *clocks, bool tick, int said_s, int received_s)
{
    const struct timekeeper_word word = {.tick = tick,
                                         .trusted = true,
                                         .issued_ms = true_ms(clocks, said_s),
                                         .key_id = "a"};

    timekeeper_recall(&clocks->keeper, &word,
                      received_s == CLOCKS_UNKNOWN
                          ? TIMESTAMP_NONE
                          : true_ms(clocks, received_s));
    clocks->now = timekeeper_moment(&clocks->keeper);
}

void clocks_expect(const struct clocks *clocks, const char *verdict)
{
    assert_string_equal(timekeeper_verdict_name(clocks->keeper.verdict),
                        verdict);
    assert_int_equal(clocks->now.wall_trusted,
                     clocks->keeper.verdict == TIMEKEEPER_TRUSTED);
}

void clocks_expect_floor(const struct clocks *clocks, int off_s)
{
    assert_int_equal(clocks->now.floor_ms, off_s == CLOCKS_UNKNOWN
                                               ? TIMESTAMP_NONE
                                               : true_ms(clocks, off_s));
}
