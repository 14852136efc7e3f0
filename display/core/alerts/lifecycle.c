/* Accepts alerts and cancels, starts and ends them, and lists the alerts in
 * force. */
#include "display/core/alerts/lifecycle.h"

#include "base/timestamp.h"
#include "display/core/alerts/alert_records.h"
#include "protocol/message.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct lifecycle {
    struct lifecycle_options options;
    struct alert_records alerts;

    const struct message *list[LIFECYCLE_ALERTS_MAX];
    size_t list_count;

    struct message *clear; /* owned; the cancel that is shown as 解除 */
    enum alert_level clear_level; /* level of the gravest alert that it ended */
    int64_t clear_until_mono_ms;
};

struct lifecycle *lifecycle_create(const struct lifecycle_options *options)
{
    struct lifecycle *lifecycle = calloc(1, sizeof *lifecycle);

    if (!lifecycle)
        return NULL;
    lifecycle->options = *options;
    lifecycle->alerts.trust = options->trust;
    return lifecycle;
}

void lifecycle_destroy(struct lifecycle *lifecycle)
{
    if (!lifecycle)
        return;
    alert_records_finish(&lifecycle->alerts);
    message_destroy(lifecycle->clear);
    free(lifecycle);
}

void lifecycle_slot(enum alert_status status, const char *id,
                    const char *key_id, char out[LIFECYCLE_SLOT_BYTES])
{
    static const char *const families[ALERT_STATUS_COUNT] = {
        [ALERT_STATUS_ACTUAL] = "alert",
        [ALERT_STATUS_EXERCISE] = "exercise",
        [ALERT_STATUS_TEST] = "test",
    };

    snprintf(out, LIFECYCLE_SLOT_BYTES, "%s/%s/%s", families[status], id,
             key_id);
}

int64_t lifecycle_sequence(const struct lifecycle *lifecycle, const char *id,
                           const char *scope)
{
    int64_t highest = 0;

    for (size_t i = 0; i < lifecycle->alerts.count; i++) {
        const struct alert_record *record = &lifecycle->alerts.items[i];
        if (record->seq > highest && strcmp(record->self.id, id) == 0 &&
            alert_records_cover(&lifecycle->alerts, record, scope))
            highest = record->seq;
    }
    return highest;
}

const struct message *const *lifecycle_list(const struct lifecycle *lifecycle,
                                            size_t *count)
{
    *count = lifecycle->list_count;
    return lifecycle->list;
}

const struct message *lifecycle_clear(const struct lifecycle *lifecycle)
{
    return lifecycle->clear;
}

enum alert_level lifecycle_clear_level(const struct lifecycle *lifecycle)
{
    return lifecycle->clear_level;
}

void lifecycle_mark_shown(struct lifecycle *lifecycle,
                          const struct message *message)
{
    for (size_t i = 0; i < lifecycle->alerts.count; i++)
        if (lifecycle->alerts.items[i].message == message)
            lifecycle->alerts.items[i].shown = true;
}

void lifecycle_raise_watermark(struct lifecycle *lifecycle,
                               const struct watermark *watermark)
{
    watermarks_raise(&lifecycle->alerts.watermarks, watermark);
}

static bool is_held(const struct alert_record *record)
{
    return record->state == LIFECYCLE_HELD ||
           (!record->is_cancel && (record->state == LIFECYCLE_WAITING ||
                                   record->state == LIFECYCLE_LIVE));
}

bool lifecycle_holds(const struct lifecycle *lifecycle, const char *slot,
                     int64_t seq)
{
    for (size_t i = 0; i < lifecycle->alerts.count; i++) {
        const struct alert_record *record = &lifecycle->alerts.items[i];
        char name[LIFECYCLE_SLOT_BYTES];
        if (record->seq != seq || !is_held(record))
            continue;
        lifecycle_slot(record->status, record->self.id, record->key_id, name);
        if (strcmp(name, slot) == 0)
            return true;
    }
    return false;
}

/* Of all alerts that a cancel ends, keeps the gravest one with its message. */
static void note_cleared(struct alert_record *record,
                         struct alert_record *gravest)
{
    if (!record->cleared)
        return;
    if (!gravest->cleared ||
        alert_record_compare_gravity(record, gravest) < 0) {
        message_destroy(gravest->message);
        *gravest = *record;
        gravest->references = NULL;
    } else {
        message_destroy(record->message);
    }
    record->message = NULL;
}

/* A newer message of the same slot takes effect and ends the older one. */
static void end_older(struct lifecycle *lifecycle, struct alert_record *newer,
                      struct alert_record *older,
                      struct board_ended_queue *ended)
{
    if (newer->is_cancel) {
        /* Without memory the cancel still ends the alerts that it references
         * itself. */
        (void)alert_records_inherit(&lifecycle->alerts, newer, older);
        alert_records_apply(&lifecycle->alerts, older, LIFECYCLE_WITHDRAWN,
                            ended);
    } else {
        newer->shown = older->shown && older->state == LIFECYCLE_LIVE;
        alert_records_apply(&lifecycle->alerts, older, LIFECYCLE_OVERTAKEN,
                            ended);
    }
}

/* An older record of the slot: it has a lower sequence number, or it is in
 * quarantine with the same number and another body. */
static struct alert_record *find_older(struct lifecycle *lifecycle,
                                       const struct alert_record *newer)
{
    for (size_t i = 0; i < lifecycle->alerts.count; i++) {
        struct alert_record *older = &lifecycle->alerts.items[i];
        if (older != newer && alert_record_is_same_slot(older, newer) &&
            (older->seq < newer->seq ||
             (older->seq == newer->seq && older->state == LIFECYCLE_HELD)))
            return older;
    }
    return NULL;
}

/* Keeps only the newest accepted message of each slot. An alert ended by a
 * cancel is copied until it is decided whether 解除 is shown. */
static void supersede(struct lifecycle *lifecycle, struct alert_record *gravest,
                      struct board_ended_queue *ended)
{
    for (size_t i = 0; i < lifecycle->alerts.count;) {
        struct alert_record *newer = &lifecycle->alerts.items[i];
        struct alert_record *older = newer->fresh ? find_older(lifecycle, newer)
                                                  : NULL;
        if (!older) {
            i++;
            continue;
        }
        end_older(lifecycle, newer, older, ended);
        note_cleared(older, gravest);
        alert_records_drop(&lifecycle->alerts, older);
        i = 0; /* the last record has moved into this place */
    }
}

/* The newest of the cancels that took effect just now and may end the alert. */
static struct alert_record *
find_fresh_cancel(struct lifecycle *lifecycle,
                  const struct alert_record *cleared)
{
    struct alert_record *found = NULL;

    for (size_t i = 0; i < lifecycle->alerts.count; i++) {
        struct alert_record *record = &lifecycle->alerts.items[i];
        if (record->fresh && record->is_cancel && record->message &&
            alert_records_cover(&lifecycle->alerts, record, cleared->scope) &&
            (!found || record->order_ms > found->order_ms))
            found = record;
    }
    return found;
}

static bool is_graver_in_force(const struct lifecycle *lifecycle,
                               const struct alert_record *cleared)
{
    for (size_t i = 0; i < lifecycle->alerts.count; i++) {
        const struct alert_record *record = &lifecycle->alerts.items[i];
        if (!record->is_cancel && record->state == LIFECYCLE_LIVE &&
            alert_record_compare_gravity(record, cleared) < 0)
            return true;
    }
    return false;
}

/* Shows 解除 unless a graver alert is in force. 解除 of a drill is still marked
 * as a drill, and its message contains the alert that it ended. */
static void tell_clear(struct lifecycle *lifecycle,
                       struct alert_record *gravest, const struct moment *now)
{
    if (!gravest->cleared)
        return;
    struct alert_record *cancel = find_fresh_cancel(lifecycle, gravest);
    if (!cancel || lifecycle->options.clear_ms <= 0 ||
        is_graver_in_force(lifecycle, gravest))
        return;
    message_destroy(lifecycle->clear);
    lifecycle->clear = cancel->message;
    lifecycle->clear->cancel.status = gravest->status;
    lifecycle->clear->cancel.ended = gravest->message;
    gravest->message = NULL;
    lifecycle->clear_level = gravest->level;
    lifecycle->clear_until_mono_ms = now->mono_ms + lifecycle->options.clear_ms;
    cancel->message = NULL;
}

/* After it is decided whether 解除 is shown, no record counts as new any more.
 */
static void forget_freshness(struct lifecycle *lifecycle)
{
    for (size_t i = 0; i < lifecycle->alerts.count; i++) {
        struct alert_record *record = &lifecycle->alerts.items[i];
        if (record->cleared || (record->fresh && record->is_cancel)) {
            message_destroy(record->message);
            record->message = NULL;
        }
        record->fresh = record->cleared = false;
    }
}

/* The fresh records take effect: they end the alerts that they replace or
 * cancel. */
static void enter(struct lifecycle *lifecycle, const struct moment *now,
                  struct board_ended_queue *ended)
{
    struct alert_record gravest = {.cleared = false};

    supersede(lifecycle, &gravest, ended);
    alert_records_resolve(&lifecycle->alerts, ended);
    for (size_t i = 0; i < lifecycle->alerts.count; i++)
        note_cleared(&lifecycle->alerts.items[i], &gravest);
    tell_clear(lifecycle, &gravest, now);
    message_destroy(gravest.message);
    forget_freshness(lifecycle);
}

/* The time of the record is accepted; the next call of enter makes it
 * effective. */
static void believe(struct lifecycle *lifecycle, struct alert_record *record,
                    struct board_ended_queue *ended)
{
    alert_records_apply(&lifecycle->alerts, record, LIFECYCLE_BELIEVED, ended);
    record->fresh = true;
}

/* Puts the record into quarantine; of each slot only the newest waits there.
 * Returns whether an older message of the slot stays in effect meanwhile. */
static bool hold_back(struct lifecycle *lifecycle,
                      const struct alert_record *record)
{
    bool older_stays = false;

    for (size_t i = lifecycle->alerts.count; i-- > 0;) {
        struct alert_record *older = &lifecycle->alerts.items[i];
        if (!alert_record_is_same_slot(older, record))
            continue;
        if (older->state == LIFECYCLE_HELD)
            alert_records_drop(&lifecycle->alerts, older);
        else
            older_stays = true;
    }
    lifecycle->alerts.items[lifecycle->alerts.count++] = *record;
    return older_stays;
}

/* The untrusted clock says that the alert is over, and no tick confirms this.
 * An old alert that the broker held back until now would look the same. */
static bool end_is_doubtful(const struct alert_record *record,
                            const struct moment *now)
{
    return !now->wall_trusted && now->wall_ms >= record->span.ends_ms &&
           (now->told_ms <= 0 || now->told_ms >= record->span.ends_ms);
}

static int compare_records(const void *a, const void *b)
{
    return alert_record_compare(*(const struct alert_record *const *)a,
                                *(const struct alert_record *const *)b);
}

/* Drills are not listed beside actual alerts: people would doubt both. */
static void make_list(struct lifecycle *lifecycle)
{
    const struct alert_record *live[LIFECYCLE_ALERTS_MAX];
    size_t count = 0;

    for (size_t i = 0; i < lifecycle->alerts.count; i++)
        if (!lifecycle->alerts.items[i].is_cancel &&
            lifecycle->alerts.items[i].state == LIFECYCLE_LIVE &&
            count < LIFECYCLE_ALERTS_MAX)
            live[count++] = &lifecycle->alerts.items[i];
    qsort(live, count, sizeof live[0], compare_records);
    lifecycle->list_count = 0;
    for (size_t i = 0; i < count; i++)
        if (live[i]->status == ALERT_STATUS_ACTUAL ||
            live[0]->status != ALERT_STATUS_ACTUAL)
            lifecycle->list[lifecycle->list_count++] = live[i]->message;
}

static void end_clear(struct lifecycle *lifecycle)
{
    message_destroy(lifecycle->clear);
    lifecycle->clear = NULL;
}

static void move_on(struct lifecycle *lifecycle, struct alert_record *record,
                    const struct moment *now, struct board_ended_queue *ended)
{
    if (lifecycle_span_is_over(&record->span, now))
        alert_records_apply(&lifecycle->alerts, record, LIFECYCLE_RAN_OUT,
                            ended);
    if (record->state != LIFECYCLE_WAITING ||
        !lifecycle_span_has_begun(&record->span, now))
        return;
    alert_records_apply(&lifecycle->alerts, record, LIFECYCLE_BEGAN, ended);
    if (!record->is_cancel)
        end_clear(lifecycle);
}

/* A record leaves quarantine when a trusted clock confirms its time, when a
 * tick shows that an alert with a doubtful end is not over, or when it is
 * itself over. In the last case it still replaces the alerts that it
 * references. */
static bool is_to_be_released(const struct alert_record *record,
                              const struct moment *now)
{
    if (record->state != LIFECYCLE_HELD)
        return false;
    if (lifecycle_span_is_over(&record->span, now))
        return true;
    if (now->wall_trusted)
        return record->ahead_ms - LIMIT_ISSUED_AHEAD_MS <= now->wall_ms;
    return record->waits_for_sign && now->told_ms > 0 &&
           !end_is_doubtful(record, now);
}

static void release(struct lifecycle *lifecycle, const struct moment *now,
                    struct board_ended_queue *ended)
{
    bool any = false;

    for (size_t i = 0; i < lifecycle->alerts.count; i++) {
        struct alert_record *record = &lifecycle->alerts.items[i];
        if (!is_to_be_released(record, now))
            continue;
        if (lifecycle_span_is_over(&record->span, now))
            alert_records_apply(&lifecycle->alerts, record, LIFECYCLE_RAN_OUT,
                                ended);
        else
            alert_records_crowd_in(&lifecycle->alerts, record, ended);
        believe(lifecycle, record, ended);
        any = true;
    }
    if (any)
        enter(lifecycle, now, ended);
}

void lifecycle_advance(struct lifecycle *lifecycle, const struct moment *now,
                       struct board_ended_queue *ended)
{
    for (size_t i = 0; i < lifecycle->alerts.count; i++)
        lifecycle_span_watch(&lifecycle->alerts.items[i].span, now);
    release(lifecycle, now, ended);
    for (size_t i = 0; i < lifecycle->alerts.count; i++)
        move_on(lifecycle, &lifecycle->alerts.items[i], now, ended);
    if (lifecycle->clear && now->mono_ms >= lifecycle->clear_until_mono_ms)
        end_clear(lifecycle);
    make_list(lifecycle);
}

static int64_t record_next_ms(const struct alert_record *record,
                              const struct moment *now)
{
    int64_t next_ms = record->span.deadline_mono_ms;
    int64_t change_ms = INT64_MAX;

    if (record->state == LIFECYCLE_WAITING)
        change_ms = lifecycle_span_begin_mono_ms(&record->span, now);
    else if (record->state == LIFECYCLE_HELD && now->wall_trusted)
        change_ms = now->mono_ms +
                    (record->ahead_ms - LIMIT_ISSUED_AHEAD_MS - now->wall_ms);
    return change_ms < next_ms ? change_ms : next_ms;
}

int64_t lifecycle_next_ms(const struct lifecycle *lifecycle,
                          const struct moment *now)
{
    int64_t next_ms = lifecycle->clear ? lifecycle->clear_until_mono_ms
                                       : INT64_MAX;

    for (size_t i = 0; i < lifecycle->alerts.count; i++) {
        const struct alert_record *record = &lifecycle->alerts.items[i];
        if (!record->message && !record->is_cancel)
            continue;
        int64_t change_ms = record_next_ms(record, now);
        if (change_ms < next_ms)
            next_ms = change_ms;
    }
    return next_ms;
}

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* A time that has surely passed, whatever this screen's clock says. */
static int64_t known_ms(const struct message *message,
                        const struct arrival *arrival, const struct moment *now)
{
    return later(later(arrival->received_ms, message->issued_ms),
                 now->floor_ms);
}

/* A live message signed for a later time than an unconfirmed clock shows that
 * this clock is behind. */
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

/* Whether the record goes into quarantine. On an untrusted clock a live alert
 * is shown unless its end is doubtful, because the broker delivers what is in
 * force. An alert from the store waits unless the clock is plausible and says
 * that the alert is in force. A cancel never waits on an untrusted clock. */
static bool must_be_held(const struct alert_record *record, int64_t known,
                         const struct arrival *arrival,
                         const struct moment *now)
{
    if (now->wall_trusted)
        return record->ahead_ms > now->wall_ms + LIMIT_ISSUED_AHEAD_MS;
    if (record->is_cancel)
        return false;
    if (arrival->live)
        return end_is_doubtful(record, now);
    return now->wall_ms < known - LIMIT_ISSUED_AHEAD_MS ||
           now->wall_ms >= record->span.ends_ms;
}

/* Decides by the time of a new record whether it is expired, held or accepted.
 */
static void judge_time(struct alert_record *record,
                       const struct arrival *arrival, const struct moment *now,
                       bool *held)
{
    const struct message *message = record->message;
    int64_t known = known_ms(message, arrival, now);
    int64_t begins_ms = TIMESTAMP_NONE;
    int64_t ends_ms = LIFECYCLE_NEVER_MS;

    if (!record->is_cancel) {
        begins_ms = message->effective_ms;
        ends_ms = message_alert_end_ms(message);
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

static struct alert_record *find(struct lifecycle *lifecycle,
                                 const struct alert_record *wanted)
{
    for (size_t i = 0; i < lifecycle->alerts.count; i++)
        if (lifecycle->alerts.items[i].seq == wanted->seq &&
            lifecycle->alerts.items[i].body_hash == wanted->body_hash &&
            alert_record_is_same_slot(&lifecycle->alerts.items[i], wanted))
            return &lifecycle->alerts.items[i];
    return NULL;
}

/* An accepted message makes every older message of its slot stale, and every
 * other body with the same number. A message in quarantine does this only to
 * messages that would wait there too. */
static bool is_stale(const struct lifecycle *lifecycle,
                     const struct alert_record *record, bool held)
{
    for (size_t i = 0; i < lifecycle->alerts.count; i++) {
        const struct alert_record *other = &lifecycle->alerts.items[i];
        if (other->seq >= record->seq &&
            alert_record_is_same_slot(other, record) &&
            (held || other->state != LIFECYCLE_HELD))
            return true;
    }
    return false;
}

static bool names(const struct alert_record *record,
                  const struct alert_reference *id)
{
    for (size_t i = 0; i < record->reference_count; i++)
        if (alert_reference_is_same(&record->references[i], id))
            return true;
    return alert_reference_is_same(&record->self, id);
}

/* An alert in force that the cancel references but may not end; NULL: none. */
static const struct alert_record *
find_out_of_reach(const struct lifecycle *lifecycle,
                  const struct alert_record *cancel)
{
    for (size_t i = 0; i < lifecycle->alerts.count; i++) {
        const struct alert_record *other = &lifecycle->alerts.items[i];
        if (!other->is_cancel && alert_record_is_in_force(other) &&
            names(cancel, &other->self) &&
            !alert_records_cover(&lifecycle->alerts, cancel, other->scope))
            return other;
    }
    return NULL;
}

static enum board_effect effect_of(const struct alert_record *record,
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

/* The result for a record that arrived or left quarantine just now. */
static struct board_taken answer(struct lifecycle *lifecycle,
                                 const struct alert_record *wanted,
                                 bool took_off, struct problem *problem)
{
    struct alert_record *record = find(lifecycle, wanted);

    if (!record) {
        /* A newer record of its slot left quarantine at the same moment. */
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
    const struct alert_record *alert =
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
                                      struct alert_record *record, bool held,
                                      const struct moment *now,
                                      struct board_ended_queue *ended,
                                      struct problem *problem)
{
    unsigned ends = lifecycle->alerts.ends;
    bool older_stays = false;

    record->silent = true;
    if (held) {
        older_stays = hold_back(lifecycle, record);
    } else {
        lifecycle->alerts.items[lifecycle->alerts.count] = *record;
        believe(lifecycle, &lifecycle->alerts.items[lifecycle->alerts.count++],
                ended);
        enter(lifecycle, now, ended);
    }
    lifecycle_advance(lifecycle, now, ended);
    struct board_taken taken = answer(lifecycle, record,
                                      lifecycle->alerts.ends != ends, problem);
    if (older_stays) /* its row must not replace the one in effect */
        taken.keep = false;
    return taken;
}

static struct board_taken
take_again(struct lifecycle *lifecycle, struct alert_record *record,
           const struct arrival *arrival, const struct moment *now,
           struct board_ended_queue *ended, struct problem *problem)
{
    struct alert_record wanted = *record;
    unsigned ends = lifecycle->alerts.ends;

    bool frees = record->state == LIFECYCLE_HELD && !now->wall_trusted &&
                 arrival->live;
    if (frees && end_is_doubtful(record, now)) {
        record->waits_for_sign = true;
        frees = false;
    }
    if (!frees) {
        problem_set(problem, PROBLEM_STALE, "known already");
        return (struct board_taken){BOARD_DUPLICATE,
                                    record->state != LIFECYCLE_HELD, false};
    }
    alert_records_crowd_in(&lifecycle->alerts, record, ended);
    believe(lifecycle, record, ended);
    enter(lifecycle, now, ended);
    lifecycle_advance(lifecycle, now, ended);
    return answer(lifecycle, &wanted, lifecycle->alerts.ends != ends, problem);
}

/* Whether the message is decided without becoming a record; *taken is then the
 * result. */
static bool is_decided(struct lifecycle *lifecycle,
                       const struct alert_record *record, bool held,
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
    struct alert_record record;
    struct board_taken taken = {BOARD_REFUSED, false, false};
    bool held;

    if (!alert_record_make(message, &record)) {
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
    struct alert_record *known = find(lifecycle, &record);
    if (known) {
        taken = take_again(lifecycle, known, arrival, &doubted, ended, problem);
    } else if (!is_decided(lifecycle, &record, held, &taken, problem) &&
               alert_records_make_room(&lifecycle->alerts, &record, held, ended,
                                       problem)) {
        return take_record(lifecycle, &record, held, &doubted, ended, problem);
    }
    alert_record_finish(&record);
    return taken;
}

static bool is_trusted(const struct alert_record *record,
                       const struct trust *trust)
{
    return record->message ? trust_in_message(trust, record->message, NULL)
                           : trust_in_key(trust, record->key_id);
}

/* Removes the record. Returns whether it was an alert in force. */
static bool drop(struct lifecycle *lifecycle, struct alert_record *record,
                 struct board_ended_queue *ended)
{
    bool in_force = !record->is_cancel && alert_record_is_in_force(record);

    if (in_force)
        board_ended_add(ended, MESSAGE_ALERT, record->self.id, record->seq,
                        "revoked");
    alert_records_drop(&lifecycle->alerts, record);
    return in_force;
}

static bool is_withdrawn(const struct alert_records *table,
                         const struct alert_record *record)
{
    for (size_t i = 0; i < table->count; i++) {
        const struct alert_record *other = &table->items[i];
        if (other->is_cancel && other->speaks && other->chain == record->chain)
            return true;
    }
    return false;
}

/* Whether the record would also be over without the messages of keys that are
 * no longer trusted. */
static bool is_rightly_over(const struct alert_records *table,
                            const struct alert_record *record,
                            const struct moment *now)
{
    switch (record->state) {
    case LIFECYCLE_CANCELLED:
        return is_withdrawn(table, record);
    case LIFECYCLE_EXPIRED:
        return !now->wall_trusted || record->span.ends_ms <= now->wall_ms;
    default:
        return record->state != LIFECYCLE_DISPLACED;
    }
}

static void judge_end(struct alert_records *table, struct alert_record *record,
                      void *context)
{
    record->reopens = !is_rightly_over(table, record, context);
}

static void reopen(struct lifecycle *lifecycle, struct slot_table *slots,
                   const struct moment *now)
{
    struct moment moment = *now;

    for (size_t i = 0; i < lifecycle->alerts.count; i++)
        lifecycle->alerts.items[i].reopens = false;
    alert_records_visit_chains(&lifecycle->alerts, judge_end, &moment);
    for (size_t i = lifecycle->alerts.count; i-- > 0;) {
        struct alert_record *record = &lifecycle->alerts.items[i];
        char slot[LIFECYCLE_SLOT_BYTES];
        if (!record->reopens)
            continue;
        lifecycle_slot(record->status, record->self.id, record->key_id, slot);
        slot_table_forget(slots, slot);
        alert_records_drop(&lifecycle->alerts, record);
    }
}

/* 解除 repeats text of the alert that it ended, so both keys must be trusted.
 */
static bool is_clear_trusted(const struct message *clear,
                             const struct trust *trust)
{
    return trust_in_message(trust, clear, NULL) &&
           trust_in_message(trust, clear->cancel.ended, NULL);
}

size_t lifecycle_distrust(struct lifecycle *lifecycle, struct slot_table *slots,
                          const struct trust *trust, const struct moment *now,
                          struct board_ended_queue *ended)
{
    size_t in_force = 0;

    watermarks_distrust(&lifecycle->alerts.watermarks, trust);
    if (lifecycle->clear && !is_clear_trusted(lifecycle->clear, trust))
        end_clear(lifecycle);
    for (size_t i = lifecycle->alerts.count; i-- > 0;)
        if (!is_trusted(&lifecycle->alerts.items[i], trust))
            in_force += drop(lifecycle, &lifecycle->alerts.items[i], ended);
    reopen(lifecycle, slots, now);
    alert_records_resolve(&lifecycle->alerts, ended);
    forget_freshness(lifecycle);
    lifecycle_advance(lifecycle, now, ended);
    return in_force;
}
