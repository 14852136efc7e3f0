/* Judges the time of an alert or cancel that comes, and takes it in. */
#include "display/core/alerts/lifecycle_record.h"

#include "base/timestamp.h"
#include "protocol/alert_life.h"

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* The time that has surely passed, whatever this screen's clock says. */
static int64_t known_ms(const struct message *message,
                        const struct arrival *arrival, const struct moment *now)
{
    return later(later(arrival->received_ms, message->issued_ms),
                 now->floor_ms);
}

/* What is signed and comes over the line ahead of a clock that nobody vouched
 * for tells that this clock is behind. */
static struct moment doubt(const struct moment *now,
                           const struct message *message,
                           const struct arrival *arrival)
{
    struct moment doubted = *now;

    if (arrival->live && !now->wall_confirmed &&
        message->issued_ms > now->wall_ms + LIMIT_ISSUED_AHEAD_MS)
        doubted.wall_trusted = false;
    return doubted;
}

bool lifecycle_end_is_doubtful(const struct lifecycle_record *record,
                               const struct moment *now)
{
    return !now->wall_trusted && now->wall_ms >= record->span.ends_ms &&
           (now->told_ms <= 0 || now->told_ms >= record->span.ends_ms);
}

/* Quarantine. On an untrusted clock what comes over the line shows, since the
 * line brings what is in force, unless its end is doubtful; what comes out of
 * the store waits unless the clock could be right and says that it is in force.
 * A cancel never waits then. */
static bool must_be_held(const struct lifecycle_record *record, int64_t known,
                         const struct arrival *arrival,
                         const struct moment *now)
{
    if (now->wall_trusted)
        return record->ahead_ms > now->wall_ms + LIMIT_ISSUED_AHEAD_MS;
    if (record->is_cancel)
        return false;
    if (arrival->live)
        return lifecycle_end_is_doubtful(record, now);
    return now->wall_ms < known - LIMIT_ISSUED_AHEAD_MS ||
           now->wall_ms >= record->span.ends_ms;
}

/* Judges the time of a new record: expired, held, or to be believed. */
static void judge_time(struct lifecycle_record *record,
                       const struct arrival *arrival, const struct moment *now,
                       bool *held)
{
    const struct message *message = record->message;
    int64_t known = known_ms(message, arrival, now);
    int64_t begins_ms = TIMESTAMP_NONE;
    int64_t ends_ms = LIFECYCLE_NEVER_MS;

    if (!record->is_cancel) {
        begins_ms = message->effective_ms;
        ends_ms = alert_life_end_ms(message);
    }
    record->span.ends_ms = ends_ms;
    *held = must_be_held(record, known, arrival, now);
    record->waits_for_sign = *held && arrival->live && !now->wall_trusted;
    if (!*held && !arrival->live && now->wall_ms > known)
        known = now->wall_ms;
    lifecycle_span_start(&record->span, begins_ms, ends_ms, known, now);
    if (!lifecycle_span_is_over(&record->span, now))
        return;
    record->state = LIFECYCLE_EXPIRED;
    message_destroy(record->message);
    record->message = NULL;
    *held = false;
}

static bool is_admitted(const struct lifecycle *lifecycle,
                        enum alert_status status, struct problem *problem)
{
    if (status == ALERT_STATUS_EXERCISE && !lifecycle->options.show_exercises)
        return problem_set(problem, PROBLEM_SCOPE,
                           "an exercise: this screen shows none");
    if (status == ALERT_STATUS_TEST && !lifecycle->options.show_tests)
        return problem_set(problem, PROBLEM_SCOPE,
                           "a test: this screen shows none");
    return true;
}

static struct lifecycle_record *find(struct lifecycle *lifecycle,
                                     const struct lifecycle_record *wanted)
{
    for (size_t i = 0; i < lifecycle->count; i++)
        if (lifecycle->records[i].seq == wanted->seq &&
            lifecycle->records[i].body_hash == wanted->body_hash &&
            lifecycle_is_same_slot(&lifecycle->records[i], wanted))
            return &lifecycle->records[i];
    return NULL;
}

/* A believed message of the slot makes every older one stale, and every other
 * body of its number; one that waits itself makes stale only what would have
 * to wait, too. */
static bool is_stale(const struct lifecycle *lifecycle,
                     const struct lifecycle_record *record, bool held)
{
    for (size_t i = 0; i < lifecycle->count; i++) {
        const struct lifecycle_record *other = &lifecycle->records[i];
        if (other->seq >= record->seq &&
            lifecycle_is_same_slot(other, record) &&
            (held || other->state != LIFECYCLE_HELD))
            return true;
    }
    return false;
}

static bool names(const struct lifecycle_record *record,
                  const struct lifecycle_reference *id)
{
    for (size_t i = 0; i < record->reference_count; i++)
        if (lifecycle_is_same_id(&record->references[i], id))
            return true;
    return lifecycle_is_same_id(&record->self, id);
}

/* An alert in force that the cancel names and may not end; NULL: none. */
static const struct lifecycle_record *
find_out_of_reach(const struct lifecycle *lifecycle,
                  const struct lifecycle_record *cancel)
{
    for (size_t i = 0; i < lifecycle->count; i++) {
        const struct lifecycle_record *other = &lifecycle->records[i];
        if (!other->is_cancel && lifecycle_is_in_force(other) &&
            names(cancel, &other->self) &&
            !lifecycle_covers(lifecycle, cancel, other->scope))
            return other;
    }
    return NULL;
}

static enum board_effect effect_of(const struct lifecycle_record *record,
                                   bool took_off)
{
    if (record->state == LIFECYCLE_HELD)
        return BOARD_NOTED;
    if (!record->is_cancel &&
        (record->state == LIFECYCLE_WAITING || record->state == LIFECYCLE_LIVE))
        return BOARD_ACCEPTED;
    if (took_off)
        return BOARD_TOOK_OFF;
    return record->is_cancel ? BOARD_NOTED : BOARD_REFUSED;
}

/* What became of a record that came, or was freed, at this moment. */
static struct board_taken answer(struct lifecycle *lifecycle,
                                 const struct lifecycle_record *wanted,
                                 bool took_off, struct problem *problem)
{
    struct lifecycle_record *record = find(lifecycle, wanted);

    if (!record) {
        /* A newer one of its slot came out of quarantine in the same moment. */
        problem_set(problem, PROBLEM_STALE, "a newer one is known");
        return (struct board_taken){took_off ? BOARD_TOOK_OFF : BOARD_REFUSED,
                                    true, false};
    }
    record->silent = false;
    struct board_taken taken = {
        .effect = effect_of(record, took_off),
        .known = record->state != LIFECYCLE_HELD,
        .keep = true,
    };
    const struct lifecycle_record *alert =
        record->is_cancel && !took_off ? find_out_of_reach(lifecycle, record)
                                       : NULL;
    if (alert) {
        taken.effect = BOARD_REFUSED;
        problem_set(problem, PROBLEM_AUTHORITY,
                    "key %s may not end alert %s, which was sent to %s",
                    record->key_id, alert->self.id, alert->scope);
    } else if (taken.effect == BOARD_REFUSED) {
        problem_set(problem, PROBLEM_STALE, "the alert is %s already",
                    lifecycle_state_name(record->state));
    }
    return taken;
}

static struct board_taken take_record(struct lifecycle *lifecycle,
                                      struct lifecycle_record *record,
                                      bool held, const struct moment *now,
                                      struct board_ended_queue *ended,
                                      struct problem *problem)
{
    unsigned ends = lifecycle->ends;
    bool older_stays = false;

    record->silent = true;
    if (held) {
        older_stays = lifecycle_hold(lifecycle, record);
    } else {
        lifecycle->records[lifecycle->count] = *record;
        lifecycle_believe(lifecycle, &lifecycle->records[lifecycle->count++],
                          ended);
        lifecycle_enter(lifecycle, now, ended);
    }
    lifecycle_advance(lifecycle, now, ended);
    struct board_taken taken = answer(lifecycle, record,
                                      lifecycle->ends != ends, problem);
    if (older_stays) /* it must not push out of the store what is in effect */
        taken.keep = false;
    return taken;
}

static struct board_taken
take_again(struct lifecycle *lifecycle, struct lifecycle_record *record,
           const struct arrival *arrival, const struct moment *now,
           struct board_ended_queue *ended, struct problem *problem)
{
    struct lifecycle_record wanted = *record;
    unsigned ends = lifecycle->ends;

    bool frees = record->state == LIFECYCLE_HELD && !now->wall_trusted &&
                 arrival->live;
    if (frees && lifecycle_end_is_doubtful(record, now)) {
        record->waits_for_sign = true;
        frees = false;
    }
    if (!frees) {
        problem_set(problem, PROBLEM_STALE, "known already");
        return (struct board_taken){BOARD_DUPLICATE,
                                    record->state != LIFECYCLE_HELD, false};
    }
    lifecycle_crowd_in(lifecycle, record, ended);
    lifecycle_believe(lifecycle, record, ended);
    lifecycle_enter(lifecycle, now, ended);
    lifecycle_advance(lifecycle, now, ended);
    return answer(lifecycle, &wanted, lifecycle->ends != ends, problem);
}

/* What the slot knows already may decide; true: *taken is the answer. */
static bool is_decided(struct lifecycle *lifecycle,
                       const struct lifecycle_record *record, bool held,
                       struct board_taken *taken, struct problem *problem)
{
    *taken = (struct board_taken){BOARD_REFUSED, false, false};
    if (!is_admitted(lifecycle, record->status, problem)) {
        taken->known = true;
        return true;
    }
    if (!is_stale(lifecycle, record, held))
        return false;
    problem_set(problem, PROBLEM_STALE,
                "a newer one is known, or another of the same number");
    return true;
}

struct board_taken
lifecycle_take(struct lifecycle *lifecycle, struct message *message,
               const struct arrival *arrival, const struct moment *now,
               struct board_ended_queue *ended, struct problem *problem)
{
    const struct moment doubted = doubt(now, message, arrival);
    struct lifecycle_record record;
    struct board_taken taken = {BOARD_REFUSED, false, false};
    bool held;

    if (!lifecycle_record_make(message, &record)) {
        problem_set(problem, PROBLEM_SYSTEM, "no memory");
        message_destroy(message);
        return taken;
    }
    record.message = message;
    record.body_hash = arrival->body_hash;
    record.credible_ms = now->wall_trusted && now->wall_ms < record.order_ms
                             ? now->wall_ms
                             : record.order_ms;
    judge_time(&record, arrival, &doubted, &held);
    struct lifecycle_record *known = find(lifecycle, &record);
    if (known) {
        taken = take_again(lifecycle, known, arrival, &doubted, ended, problem);
    } else if (!is_decided(lifecycle, &record, held, &taken, problem) &&
               lifecycle_make_room(lifecycle, &record, held, ended, problem)) {
        return take_record(lifecycle, &record, held, &doubted, ended, problem);
    }
    lifecycle_record_finish(&record);
    return taken;
}
