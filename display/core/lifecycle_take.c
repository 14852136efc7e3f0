/* Judges the time of an alert or cancel that comes, and takes it in. */
#include "display/core/lifecycle_record.h"

#include <assert.h>

#include "protocol/timestamp.h"

/* The time that has surely passed, whatever this screen's clock says. */
static int64_t known_ms(const struct message *message,
                        const struct arrival *arrival)
{
    return arrival->received_ms > message->issued_ms ? arrival->received_ms
                                                     : message->issued_ms;
}

/* Quarantine. On an untrusted clock what comes over the line shows, since the
 * line brings what is in force; what comes out of the store waits unless the
 * clock could be right and says that it is in force. A stored cancel never
 * waits. */
static bool must_be_held(const struct lifecycle_record *record, int64_t known,
                         const struct arrival *arrival,
                         const struct moment *now)
{
    if (now->wall_trusted)
        return record->ahead_ms > now->wall_ms + LIFECYCLE_AHEAD_MS;
    if (arrival->live || record->is_cancel)
        return false;
    return now->wall_ms < known - LIFECYCLE_AHEAD_MS ||
           now->wall_ms >= record->span.ends_ms;
}

/* Judges the time of a new record: expired, held, or to be believed. */
static void judge_time(struct lifecycle_record *record,
                       const struct arrival *arrival, const struct moment *now,
                       bool *held)
{
    const struct message *message = record->message;
    int64_t known = known_ms(message, arrival);
    int64_t begins_ms = TIMESTAMP_NONE;
    int64_t ends_ms = LIFECYCLE_NEVER_MS;

    if (!record->is_cancel) {
        begins_ms = message->effective_ms;
        ends_ms = lifecycle_end_ms(message);
    }
    record->span.ends_ms = ends_ms;
    *held = must_be_held(record, known, arrival, now);
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
            lifecycle_is_same_slot(&lifecycle->records[i], wanted))
            return &lifecycle->records[i];
    return NULL;
}

static enum board_effect answer(struct lifecycle_record *record, bool took_off,
                                struct problem *problem)
{
    record->silent = false;
    if (record->state == LIFECYCLE_HELD)
        return BOARD_NOTED;
    if (!record->is_cancel &&
        (record->state == LIFECYCLE_WAITING || record->state == LIFECYCLE_LIVE))
        return BOARD_ACCEPTED;
    if (took_off)
        return BOARD_TOOK_OFF;
    if (record->is_cancel)
        return BOARD_NOTED;
    problem_set(problem, PROBLEM_STALE, "the alert is %s already",
                lifecycle_state_name(record->state));
    return BOARD_REFUSED;
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
    struct lifecycle_record *taken = find(lifecycle, record);
    assert(taken);
    /* What waits must not push out of the store what is in effect. */
    return (struct board_taken){
        answer(taken, lifecycle->ends != ends, problem),
        true,
        !older_stays,
    };
}

struct board_taken
lifecycle_take(struct lifecycle *lifecycle, struct message *message,
               const struct arrival *arrival, const struct moment *now,
               struct board_ended_queue *ended, struct problem *problem)
{
    struct lifecycle_record record;
    struct board_taken refused = {BOARD_REFUSED, false, false};
    bool held;

    if (!lifecycle_record_make(message, &record)) {
        problem_set(problem, PROBLEM_SYSTEM, "no memory");
        message_destroy(message);
        return refused;
    }
    record.message = message;
    judge_time(&record, arrival, now, &held);
    refused.known = !is_admitted(lifecycle, record.status, problem);
    if (refused.known ||
        !lifecycle_make_room(lifecycle, &record, ended, problem)) {
        lifecycle_record_finish(&record);
        return refused;
    }
    return take_record(lifecycle, &record, held, now, ended, problem);
}

bool lifecycle_take_again(struct lifecycle *lifecycle,
                          const struct message *message,
                          const struct moment *now,
                          struct board_ended_queue *ended)
{
    struct lifecycle_record wanted;

    if (now->wall_trusted || !lifecycle_record_make(message, &wanted))
        return false;
    struct lifecycle_record *record = find(lifecycle, &wanted);
    lifecycle_record_finish(&wanted);
    if (!record || record->state != LIFECYCLE_HELD)
        return false;
    lifecycle_believe(lifecycle, record, ended);
    lifecycle_enter(lifecycle, now, ended);
    lifecycle_advance(lifecycle, now, ended);
    return true;
}
