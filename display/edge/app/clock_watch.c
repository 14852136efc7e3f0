/* Lets the timekeeper judge what the kernel and the messages say. */
#include "display/edge/app/clock_watch.h"

#include <stdlib.h>

#include "base/log.h"
#include "base/timestamp.h"
#include "display/core/validation/trust.h"

/* What a screen does without a clock. */
#define CONSEQUENCE                                                            \
    "no clock on the glass, messages end by their age until then"

/* To the nearest: the two clocks are not read in the same moment. */
static long long seconds_of(int64_t ms)
{
    return (llabs((long long)ms) + 500) / 1000;
}

static void tell_distrust(const struct display *display)
{
    const struct timekeeper *keeper = &display->timekeeper;
    int64_t jump_ms = timekeeper_jump_ms(keeper);

    switch (keeper->verdict) {
    case TIMEKEEPER_UNSET:
        log_write(LOG_WARNING,
                  "clock: it stands before the release of this program; not "
                  "trusted until it is set: %s",
                  CONSEQUENCE);
        return;
    case TIMEKEEPER_BEHIND:
        log_write(LOG_WARNING,
                  "clock: it stands %lld s or more before a time that has "
                  "passed; not trusted until it is set: %s",
                  seconds_of(timekeeper_behind_ms(keeper)), CONSEQUENCE);
        return;
    case TIMEKEEPER_JUMPED:
        log_write(LOG_WARNING,
                  "clock: it jumped %s by %lld s; not trusted until it is put "
                  "back, a time service or a signed tick confirms it, or %d h "
                  "are over: %s",
                  jump_ms < 0 ? "backwards" : "forwards", seconds_of(jump_ms),
                  TIMEKEEPER_STEADY_MS / 3600000, CONSEQUENCE);
        return;
    case TIMEKEEPER_DISPUTED:
        log_write(LOG_WARNING,
                  "clock: the time service puts it %lld s before a time on "
                  "which it and a signed message agreed; not trusted until a "
                  "signed tick confirms it: %s",
                  seconds_of(timekeeper_behind_ms(keeper)), CONSEQUENCE);
        return;
    case TIMEKEEPER_TRUSTED:
    case TIMEKEEPER_VERDICT_COUNT:
        return;
    }
}

/* A change of the verdict, once. A start with a trusted clock is no news. */
static void tell_change(struct display *display)
{
    const struct timekeeper *keeper = &display->timekeeper;

    if (keeper->verdict == display->clock_told)
        return;
    display->clock_told = keeper->verdict;
    if (keeper->verdict != TIMEKEEPER_TRUSTED)
        tell_distrust(display);
    else
        log_write(LOG_INFO, "clock: trusted again%s",
                  keeper->reading.synchronised
                      ? ", a time service vouches for it"
                      : "");
}

struct moment clock_watch(struct display *display)
{
    const struct timekeeper_reading reading = {
        .mono_ms = clock_monotonic_ms(),
        .wall_ms = clock_wall_ms(),
        .synchronised = clock_is_synchronised(),
    };
    struct moment now = timekeeper_turn(&display->timekeeper, &reading);

    tell_change(display);
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

void clock_hear(struct display *display, const struct board_intake *judged)
{
    const struct timekeeper_word word = word_of(judged);

    if (is_heard(judged))
        timekeeper_hear(&display->timekeeper, &word);
}

void clock_recall(struct display *display, const struct board_intake *judged,
                  int64_t received_ms)
{
    const struct timekeeper_word word = word_of(judged);

    if (judged->issued_ms != TIMESTAMP_NONE)
        timekeeper_recall(&display->timekeeper, &word, received_ms);
}

void clock_distrust(struct display *display)
{
    const struct trust trust = {board_ring(display->board),
                                &display->config->identity};

    timekeeper_distrust(&display->timekeeper,
                        trust_in_time(&trust, display->timekeeper.tick_key));
}

struct moment clock_after_messages(struct display *display)
{
    tell_change(display);
    return timekeeper_moment(&display->timekeeper);
}
