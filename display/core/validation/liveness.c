/* Keeps the ticks of each key and how long something has been missing. */
#include "display/core/validation/liveness.h"

#include "base/timestamp.h"
#include "display/core/validation/timekeeper.h"

#include <stdio.h>
#include <string.h>

void vigil_init(struct vigil *vigil)
{
    *vigil = (struct vigil){0};
}

static int64_t wall_ms(const struct moment *now)
{
    return now->wall_trusted ? now->wall_ms : TIMESTAMP_NONE;
}

/* A clock that is confirmed is not believed less because one operator's clock
 * is ahead: what that one says about time is refused, so that it ends nothing.
 * A tick that is behind is no sign of life: whoever holds ticks back could play
 * them slowly. */
bool vigil_believes(const struct message *tick, const struct arrival *arrival,
                    const struct moment *now, struct problem *problem)
{
    int64_t ahead_ms = tick->issued_ms - now->wall_ms;

    if (!arrival->live)
        return true;
    if (now->wall_confirmed && ahead_ms > TIMEKEEPER_TOLERANCE_MS)
        return problem_set(problem, PROBLEM_STALE,
                           "the tick of key %s is %lld s ahead of this "
                           "screen's clock, which others confirm",
                           tick->key_id, (long long)(ahead_ms / 1000));
    if (now->wall_trusted && -ahead_ms > TIMEKEEPER_TOLERANCE_MS)
        return problem_set(problem, PROBLEM_STALE,
                           "the tick of key %s was issued more than %d minutes "
                           "before it came: somebody kept it back, or a clock "
                           "is wrong",
                           tick->key_id, TIMEKEEPER_TOLERANCE_MS / 60000);
    return true;
}

/* NULL: as many keys tick as a ring holds, and all of them matter. */
static struct vigil_pulse *find_place(struct vigil *vigil, const char *key_id,
                                      const struct trust *trust,
                                      const struct moment *now)
{
    struct vigil_pulse *place = NULL;

    for (size_t i = 0; i < vigil->count; i++) {
        struct vigil_pulse *pulse = &vigil->pulses[i];
        if (strcmp(pulse->key_id, key_id) == 0)
            return pulse;
        if (!trust_expects(trust, pulse->key_id, wall_ms(now)))
            place = pulse;
    }
    if (vigil->count < KEY_RING_MAX)
        return &vigil->pulses[vigil->count++];
    return place;
}

/* What the store remembers promised its next tick to an earlier run: it has
 * as long from now as a new one. */
void vigil_hear(struct vigil *vigil, const struct message *tick,
                const struct trust *trust, const struct arrival *arrival,
                const struct moment *now)
{
    struct vigil_pulse *pulse = find_place(vigil, tick->key_id, trust, now);

    if (!pulse)
        return;
    snprintf(pulse->key_id, sizeof pulse->key_id, "%s", tick->key_id);
    pulse->index_seq = tick->tick.index_seq;
    pulse->keys_seq = tick->tick.keys_seq;
    pulse->heard_ms = arrival->received_ms;
    pulse->heard_mono_ms = arrival->live ? now->mono_ms : TIMESTAMP_NONE;
    pulse->silent_ms = tick->tick.every_s == 0
                           ? INT64_MAX
                           : now->mono_ms + VIGIL_LATE_MS +
                                 (int64_t)tick->tick.every_s *
                                     VIGIL_TICKS_MISSED * 1000;
}

void vigil_note_missing(struct vigil *vigil, int missing,
                        const struct moment *now)
{
    if (vigil->missing == 0 && missing > 0) {
        vigil->missing_ms = wall_ms(now);
        vigil->missing_mono_ms = now->mono_ms;
    }
    vigil->missing = missing;
}

/* The earliest moment counts; one that a clock cannot tell does not hide one
 * that it can. */
static int64_t earliest(int64_t a, int64_t b)
{
    if (a == TIMESTAMP_NONE || b == TIMESTAMP_NONE)
        return a == TIMESTAMP_NONE ? b : a;
    return a < b ? a : b;
}

static void add_pulse(struct vigil_report *report,
                      const struct vigil_pulse *pulse, const struct moment *now)
{
    if (pulse->heard_ms != TIMESTAMP_NONE && pulse->heard_ms > report->tick_ms)
        report->tick_ms = pulse->heard_ms;
    if (now->mono_ms < pulse->silent_ms)
        return;
    report->frozen = true;
    report->until_ms = earliest(report->until_ms, pulse->heard_ms);
    report->until_mono_ms = earliest(report->until_mono_ms,
                                     pulse->heard_mono_ms);
    memcpy(report->silent_key, pulse->key_id, sizeof report->silent_key);
}

struct vigil_report vigil_report(const struct vigil *vigil,
                                 const struct trust *trust,
                                 const struct moment *now)
{
    struct vigil_report report = {.tick_ms = TIMESTAMP_NONE,
                                  .until_ms = TIMESTAMP_NONE,
                                  .until_mono_ms = TIMESTAMP_NONE};

    for (size_t i = 0; i < vigil->count; i++)
        if (trust_expects(trust, vigil->pulses[i].key_id, wall_ms(now)))
            add_pulse(&report, &vigil->pulses[i], now);
    report.withheld = vigil->missing > 0 &&
                      now->mono_ms - vigil->missing_mono_ms >= VIGIL_GRACE_MS;
    if (report.withheld) {
        report.until_ms = earliest(report.until_ms, vigil->missing_ms);
        report.until_mono_ms = earliest(report.until_mono_ms,
                                        vigil->missing_mono_ms);
    }
    return report;
}

int64_t vigil_next_ms(const struct vigil *vigil, const struct moment *now)
{
    int64_t next_ms = INT64_MAX;

    for (size_t i = 0; i < vigil->count; i++) {
        int64_t silent_ms = vigil->pulses[i].silent_ms;
        if (silent_ms > now->mono_ms && silent_ms < next_ms)
            next_ms = silent_ms;
    }
    int64_t grace_ms = vigil->missing_mono_ms + VIGIL_GRACE_MS;
    if (vigil->missing > 0 && grace_ms > now->mono_ms && grace_ms < next_ms)
        next_ms = grace_ms;
    return next_ms;
}
