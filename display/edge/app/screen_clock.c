/* Passes the kernel's clocks and the messages' times to the timekeeper. */
#include "display/edge/app/screen_clock.h"

#include <stdlib.h>

#include "base/log.h"
#include "base/timestamp.h"
#include "base/translate.h"

/* The consequence of an untrusted clock. */
#define CONSEQUENCE                                                            \
    "no clock on the glass, messages end by their age until then"

/* Rounded, because the two clocks are not read at the same instant. */
static long long seconds_of(int64_t ms)
{
    return (llabs((long long)ms) + 500) / 1000;
}

static void tell_distrust(const struct screen_clock *clock)
{
    const struct timekeeper *keeper = &clock->timekeeper;
    int64_t jump_ms = timekeeper_jump_ms(keeper);

    switch (keeper->verdict) {
    case TIMEKEEPER_UNSET:
        log_write(LOG_WARNING,
                  "clock: it is before the release of this program; not "
                  "trusted until it is set: %s",
                  tr(CONSEQUENCE));
        return;
    case TIMEKEEPER_BEHIND:
        log_write(LOG_WARNING,
                  "clock: it is %lld s or more behind a time that has passed; "
                  "not trusted until it is set: %s",
                  seconds_of(timekeeper_behind_ms(keeper)), tr(CONSEQUENCE));
        return;
    case TIMEKEEPER_JUMPED:
        log_write(LOG_WARNING,
                  "clock: it jumped %s by %lld s; not trusted until it is set "
                  "back, a time service or a signed tick confirms it, or %d h "
                  "have passed: %s",
                  jump_ms < 0 ? tr("backwards") : tr("forwards"),
                  seconds_of(jump_ms), TIMEKEEPER_STEADY_MS / 3600000,
                  tr(CONSEQUENCE));
        return;
    case TIMEKEEPER_DISPUTED:
        log_write(LOG_WARNING,
                  "clock: the time service puts it %lld s before a time on "
                  "which it and a signed message agreed; not trusted until a "
                  "signed tick confirms it: %s",
                  seconds_of(timekeeper_behind_ms(keeper)), tr(CONSEQUENCE));
        return;
    case TIMEKEEPER_TRUSTED:
    case TIMEKEEPER_VERDICT_COUNT:
        return;
    }
}

/* Logs a change of the verdict once. */
static void tell_change(struct screen_clock *clock)
{
    const struct timekeeper *keeper = &clock->timekeeper;

    if (keeper->verdict == clock->told)
        return;
    clock->told = keeper->verdict;
    if (keeper->verdict != TIMEKEEPER_TRUSTED)
        tell_distrust(clock);
    else
        log_write(LOG_INFO, "clock: trusted again%s",
                  keeper->reading.synchronised
                      ? tr(", a time service vouches for it")
                      : "");
}

void screen_clock_init(struct screen_clock *clock)
{
    timekeeper_init(&clock->timekeeper);
    clock->told =
        TIMEKEEPER_TRUSTED; /* trusted at the start is not worth a line */
}

struct moment screen_clock_turn(struct screen_clock *clock)
{
    const struct timekeeper_reading reading = {
        .mono_ms = clock_monotonic_ms(),
        .wall_ms = clock_wall_ms(),
        .synchronised = clock_is_synchronised(),
    };
    struct moment now = timekeeper_turn(&clock->timekeeper, &reading);

    tell_change(clock);
    return now;
}

static struct timekeeper_word word_of(const struct board_intake *judged)
{
    return (struct timekeeper_word){.tick = judged->kind == MESSAGE_TICK,
                                    .trusted = judged->tells_time,
                                    .issued_ms = judged->issued_ms,
                                    .key_id = judged->key_id};
}

static bool is_heard(const struct board_intake *judged)
{
    return judged->issued_ms != TIMESTAMP_NONE &&
           judged->effect != BOARD_REFUSED && judged->effect != BOARD_DUPLICATE;
}

void screen_clock_hear(struct screen_clock *clock,
                       const struct board_intake *judged)
{
    const struct timekeeper_word word = word_of(judged);

    if (is_heard(judged))
        timekeeper_hear(&clock->timekeeper, &word);
}

void screen_clock_recall(struct screen_clock *clock,
                         const struct board_intake *judged, int64_t received_ms)
{
    const struct timekeeper_word word = word_of(judged);

    if (judged->issued_ms != TIMESTAMP_NONE)
        timekeeper_recall(&clock->timekeeper, &word, received_ms);
}

void screen_clock_distrust(struct screen_clock *clock,
                           const struct trust *trust)
{
    timekeeper_distrust(&clock->timekeeper,
                        trust_in_time(trust, clock->timekeeper.tick_key));
}

struct moment screen_clock_after_messages(struct screen_clock *clock)
{
    tell_change(clock);
    return timekeeper_moment(&clock->timekeeper);
}
