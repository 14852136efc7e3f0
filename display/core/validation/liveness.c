/* Keeps the ticks of each key, and since when something is missing. */
#include "display/core/validation/liveness.h"

#include "base/timestamp.h"
#include "display/core/validation/timekeeper.h"

#include <stdio.h>
#include <string.h>

void liveness_init(struct liveness *liveness)
{
    *liveness = (struct liveness){0};
}

static int64_t wall_ms(const struct moment *now)
{
    return now->wall_trusted ? now->wall_ms : TIMESTAMP_NONE;
}

/* A tick ahead of a confirmed clock is refused, so that one operator whose
 * clock is ahead cannot end anything. A late tick is refused too: somebody who
 * holds ticks back could send them slowly and hide that nothing new arrives. */
bool liveness_believes(const struct message *tick,
                       const struct arrival *arrival, const struct moment *now,
                       struct problem *problem)
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

/* Returns NULL when a ring full of keys sends ticks and all of them are still
 * expected to. */
static struct liveness_pulse *find_place(struct liveness *liveness,
                                         const char *key_id,
                                         const struct trust *trust,
                                         const struct moment *now)
{
    struct liveness_pulse *place = NULL;

    for (size_t i = 0; i < liveness->count; i++) {
        struct liveness_pulse *pulse = &liveness->pulses[i];
        if (strcmp(pulse->key_id, key_id) == 0)
            return pulse;
        if (!trust_expects(trust, pulse->key_id, wall_ms(now)))
            place = pulse;
    }
    if (liveness->count < KEY_RING_MAX)
        return &liveness->pulses[liveness->count++];
    return place;
}

/* A tick from the store promised the next one to an earlier run. Its key gets
 * as much time from now on as if the tick had just arrived. */
void liveness_hear(struct liveness *liveness, const struct message *tick,
                   const struct trust *trust, const struct arrival *arrival,
                   const struct moment *now)
{
    struct liveness_pulse *pulse = find_place(liveness, tick->key_id, trust,
                                              now);

    if (!pulse)
        return;
    snprintf(pulse->key_id, sizeof pulse->key_id, "%s", tick->key_id);
    pulse->index_seq = tick->tick.index_seq;
    pulse->keys_seq = tick->tick.keys_seq;
    pulse->screens = tick->tick.screens;
    pulse->heard_ms = arrival->received_ms;
    pulse->heard_mono_ms = arrival->live ? now->mono_ms : TIMESTAMP_NONE;
    pulse->silent_ms = tick->tick.every_s == 0
                           ? INT64_MAX
                           : now->mono_ms + LIVENESS_LATE_MS +
                                 (int64_t)tick->tick.every_s *
                                     LIVENESS_TICKS_MISSED * 1000;
}

void liveness_note_missing(struct liveness *liveness, int missing,
                           const struct moment *now)
{
    if (liveness->missing == 0 && missing > 0) {
        liveness->missing_ms = wall_ms(now);
        liveness->missing_mono_ms = now->mono_ms;
    }
    liveness->missing = missing;
}

/* The earlier of two moments. TIMESTAMP_NONE means unknown, so the known one
 * counts. */
static int64_t earliest(int64_t a, int64_t b)
{
    if (a == TIMESTAMP_NONE || b == TIMESTAMP_NONE)
        return a == TIMESTAMP_NONE ? b : a;
    return a < b ? a : b;
}

static void add_pulse(struct liveness_report *report,
                      const struct liveness_pulse *pulse,
                      const struct moment *now)
{
    if (pulse->heard_ms != TIMESTAMP_NONE && pulse->heard_ms > report->tick_ms)
        report->tick_ms = pulse->heard_ms;
    if (pulse->screens > report->screens)
        report->screens = pulse->screens;
    if (now->mono_ms < pulse->silent_ms)
        return;
    report->frozen = true;
    report->until_ms = earliest(report->until_ms, pulse->heard_ms);
    report->until_mono_ms = earliest(report->until_mono_ms,
                                     pulse->heard_mono_ms);
    memcpy(report->silent_key, pulse->key_id, sizeof report->silent_key);
}

struct liveness_report liveness_report(const struct liveness *liveness,
                                       const struct trust *trust,
                                       const struct moment *now)
{
    struct liveness_report report = {.tick_ms = TIMESTAMP_NONE,
                                     .until_ms = TIMESTAMP_NONE,
                                     .until_mono_ms = TIMESTAMP_NONE};

    for (size_t i = 0; i < liveness->count; i++)
        if (trust_expects(trust, liveness->pulses[i].key_id, wall_ms(now)))
            add_pulse(&report, &liveness->pulses[i], now);
    report.withheld = liveness->missing > 0 &&
                      now->mono_ms - liveness->missing_mono_ms >=
                          LIVENESS_GRACE_MS;
    if (report.withheld) {
        report.until_ms = earliest(report.until_ms, liveness->missing_ms);
        report.until_mono_ms = earliest(report.until_mono_ms,
                                        liveness->missing_mono_ms);
    }
    return report;
}

int64_t liveness_next_ms(const struct liveness *liveness,
                         const struct moment *now)
{
    int64_t next_ms = INT64_MAX;

    for (size_t i = 0; i < liveness->count; i++) {
        int64_t silent_ms = liveness->pulses[i].silent_ms;
        if (silent_ms > now->mono_ms && silent_ms < next_ms)
            next_ms = silent_ms;
    }
    int64_t grace_ms = liveness->missing_mono_ms + LIVENESS_GRACE_MS;
    if (liveness->missing > 0 && grace_ms > now->mono_ms && grace_ms < next_ms)
        next_ms = grace_ms;
    return next_ms;
}
