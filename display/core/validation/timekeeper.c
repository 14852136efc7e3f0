/* Judges the wall clock once a turn and with every signed time. */
#include "display/core/validation/timekeeper.h"

#include "base/timestamp.h"
#include "protocol/limits.h"

#include <stdio.h>
#include <string.h>

void timekeeper_init(struct timekeeper *keeper)
{
    *keeper = (struct timekeeper){.verdict = TIMEKEEPER_UNSET};
    for (int i = 0; i < TIMEKEEPER_SOURCE_COUNT; i++)
        keeper->passed_ms[i] = TIMESTAMP_NONE;
}

/* The difference between wall clock and monotonic clock. */
static int64_t offset_of(const struct timekeeper *keeper, int64_t wall_ms)
{
    return wall_ms - keeper->reading.mono_ms;
}

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static bool is_near(int64_t a, int64_t b, int64_t tolerance_ms)
{
    return a - b <= tolerance_ms && b - a <= tolerance_ms;
}

/* Whether the source gives a time after the wall clock. For a message the
 * tolerance is that of the quarantine. */
static bool is_ahead(const struct timekeeper *keeper,
                     enum timekeeper_source source)
{
    int64_t passed_ms = keeper->passed_ms[source];
    int64_t tolerance_ms = source == TIMEKEEPER_MESSAGE
                               ? LIMIT_ISSUED_AHEAD_MS
                               : TIMEKEEPER_TOLERANCE_MS;

    return passed_ms != TIMESTAMP_NONE &&
           passed_ms - tolerance_ms >
               offset_of(keeper, keeper->reading.wall_ms);
}

/* Only a trusted clock can jump. A clock that was wrong before and is set now
 * has been repaired. */
static void note_jump(struct timekeeper *keeper,
                      const struct timekeeper_reading *reading)
{
    int64_t before_ms = offset_of(keeper, keeper->reading.wall_ms);

    if (keeper->started && is_near(reading->wall_ms - reading->mono_ms,
                                   before_ms, TIMEKEEPER_JUMP_MS))
        return;
    if (keeper->verdict == TIMEKEEPER_TRUSTED) {
        keeper->jumped = true;
        keeper->kept_ms = before_ms;
    }
    keeper->started = true;
    keeper->steady_ms = reading->mono_ms;
    keeper->vouched = false;
    keeper->agreements = 0;
}

static bool is_explained(const struct timekeeper *keeper)
{
    const struct timekeeper_reading *reading = &keeper->reading;

    return reading->synchronised || keeper->agreements > 0 ||
           is_near(offset_of(keeper, reading->wall_ms), keeper->kept_ms,
                   TIMEKEEPER_JUMP_MS) ||
           reading->mono_ms - keeper->steady_ms >= TIMEKEEPER_STEADY_MS;
}

static enum timekeeper_verdict judge(const struct timekeeper *keeper)
{
    if (keeper->reading.wall_ms < LIMIT_RELEASE_MS)
        return TIMEKEEPER_UNSET;
    if (keeper->reading.synchronised)
        return is_ahead(keeper, TIMEKEEPER_AGREED) ? TIMEKEEPER_DISPUTED
                                                   : TIMEKEEPER_TRUSTED;
    if (keeper->jumped)
        return TIMEKEEPER_JUMPED;
    for (int i = 0; i < TIMEKEEPER_SOURCE_COUNT; i++)
        if (is_ahead(keeper, (enum timekeeper_source)i))
            return TIMEKEEPER_BEHIND;
    return TIMEKEEPER_TRUSTED;
}

/* If two sources agree, a third one that contradicts them is dropped. */
static void silence_lone(struct timekeeper *keeper)
{
    for (int i = TIMEKEEPER_SYSTEM; i < TIMEKEEPER_SOURCE_COUNT; i++)
        if (is_ahead(keeper, (enum timekeeper_source)i))
            keeper->passed_ms[i] = TIMESTAMP_NONE;
}

static void settle(struct timekeeper *keeper)
{
    int64_t offset_ms = offset_of(keeper, keeper->reading.wall_ms);

    if (keeper->jumped && is_explained(keeper))
        keeper->jumped = false;
    keeper->verdict = judge(keeper);
    if (keeper->verdict == TIMEKEEPER_TRUSTED && keeper->reading.synchronised) {
        keeper->vouched = true;
        silence_lone(keeper);
        keeper->passed_ms[TIMEKEEPER_SYSTEM] = offset_ms;
    }
}

struct moment timekeeper_turn(struct timekeeper *keeper,
                              const struct timekeeper_reading *reading)
{
    note_jump(keeper, reading);
    keeper->reading = *reading;
    settle(keeper);
    return timekeeper_moment(keeper);
}

/* If the sources contradict each other, none of them gives a floor. */
static int64_t floor_of(const struct timekeeper *keeper)
{
    int64_t passed_ms = TIMESTAMP_NONE;

    if (keeper->verdict == TIMEKEEPER_DISPUTED)
        return TIMESTAMP_NONE;
    for (int i = TIMEKEEPER_AGREED; i <= TIMEKEEPER_TICK; i++)
        passed_ms = later(passed_ms, keeper->passed_ms[i]);
    return passed_ms == TIMESTAMP_NONE ? TIMESTAMP_NONE
                                       : keeper->reading.mono_ms + passed_ms;
}

static int64_t told_of(const struct timekeeper *keeper)
{
    int64_t tick_ms = keeper->passed_ms[TIMEKEEPER_TICK];

    return keeper->tick_is_live && tick_ms != TIMESTAMP_NONE
               ? keeper->reading.mono_ms + tick_ms
               : 0;
}

struct moment timekeeper_moment(const struct timekeeper *keeper)
{
    bool trusted = keeper->verdict == TIMEKEEPER_TRUSTED;

    return (struct moment){
        .mono_ms = keeper->reading.mono_ms,
        .wall_ms = keeper->reading.wall_ms,
        .wall_trusted = trusted,
        .wall_confirmed = trusted &&
                          (keeper->vouched ||
                           keeper->agreements >= TIMEKEEPER_AGREEMENTS),
        .floor_ms = floor_of(keeper),
        .told_ms = told_of(keeper),
    };
}

/* The clock and a signed time agree. This outweighs an earlier clock and an
 * earlier message. */
static void agree(struct timekeeper *keeper, int64_t issued_ms, bool tick)
{
    int64_t wall_ms = keeper->reading.wall_ms;
    int64_t offset_ms = offset_of(keeper, earlier(issued_ms, wall_ms));
    int64_t *agreed_ms = &keeper->passed_ms[TIMEKEEPER_AGREED];

    if (is_ahead(keeper, TIMEKEEPER_AGREED))
        *agreed_ms = TIMESTAMP_NONE;
    *agreed_ms = later(*agreed_ms, offset_ms);
    silence_lone(keeper);
    if (tick && keeper->agreements < TIMEKEEPER_AGREEMENTS)
        keeper->agreements++;
}

/* A tick that disagrees with the clock. It counts if it is later than the one
 * before, or if it comes from the same key, which may correct itself. */
static void note_tick(struct timekeeper *keeper,
                      const struct timekeeper_word *word, bool live)
{
    int64_t offset_ms = offset_of(keeper, word->issued_ms);

    if (strcmp(keeper->tick_key, word->key_id) != 0 &&
        offset_ms <= keeper->passed_ms[TIMEKEEPER_TICK])
        return;
    keeper->passed_ms[TIMEKEEPER_TICK] = offset_ms;
    keeper->tick_is_live = live;
    snprintf(keeper->tick_key, sizeof keeper->tick_key, "%s", word->key_id);
}

void timekeeper_hear(struct timekeeper *keeper,
                     const struct timekeeper_word *word)
{
    const struct timekeeper_reading *reading = &keeper->reading;
    int64_t *message_ms = &keeper->passed_ms[TIMEKEEPER_MESSAGE];

    if (!word->trusted)
        return;
    /* Other messages may have waited at the broker since the time that a wrong
     * clock shows, so only a tick counts. */
    if (reading->wall_ms >= LIMIT_RELEASE_MS &&
        is_near(word->issued_ms, reading->wall_ms, TIMEKEEPER_TOLERANCE_MS) &&
        (word->tick || reading->synchronised))
        agree(keeper, word->issued_ms, word->tick);
    if (word->tick)
        note_tick(keeper, word, true);
    else if (!timekeeper_moment(keeper).wall_confirmed)
        *message_ms = later(*message_ms, offset_of(keeper, word->issued_ms));
    settle(keeper);
}

void timekeeper_recall(struct timekeeper *keeper,
                       const struct timekeeper_word *word, int64_t received_ms)
{
    int64_t *agreed_ms = &keeper->passed_ms[TIMEKEEPER_AGREED];
    int64_t sure_ms = earlier(word->issued_ms, received_ms);

    if (!word->trusted)
        return;
    if (received_ms >= 0 && /* no overflow, whatever the file contains */
        is_near(word->issued_ms, received_ms, TIMEKEEPER_TOLERANCE_MS))
        *agreed_ms = later(*agreed_ms, offset_of(keeper, sure_ms));
    else if (word->tick)
        note_tick(keeper, word, false);
    settle(keeper);
}

void timekeeper_distrust(struct timekeeper *keeper, bool trusts_tick_key)
{
    if (!trusts_tick_key)
        keeper->passed_ms[TIMEKEEPER_TICK] = TIMESTAMP_NONE;
    keeper->passed_ms[TIMEKEEPER_MESSAGE] = TIMESTAMP_NONE;
    settle(keeper);
}

int64_t timekeeper_jump_ms(const struct timekeeper *keeper)
{
    return offset_of(keeper, keeper->reading.wall_ms) - keeper->kept_ms;
}

int64_t timekeeper_behind_ms(const struct timekeeper *keeper)
{
    int64_t passed_ms = TIMESTAMP_NONE;

    for (int i = 0; i < TIMEKEEPER_SOURCE_COUNT; i++)
        passed_ms = later(passed_ms, keeper->passed_ms[i]);
    return passed_ms - offset_of(keeper, keeper->reading.wall_ms);
}

const char *timekeeper_verdict_name(enum timekeeper_verdict verdict)
{
    static const char *const names[TIMEKEEPER_VERDICT_COUNT] = {
        [TIMEKEEPER_TRUSTED] = "trusted",   [TIMEKEEPER_UNSET] = "unset",
        [TIMEKEEPER_BEHIND] = "behind",     [TIMEKEEPER_JUMPED] = "jumped",
        [TIMEKEEPER_DISPUTED] = "disputed",
    };

    return names[verdict];
}
