/* Takes alerts and cancels in, lets them begin and end, lists what is in force.
 */
#include "display/core/alerts/lifecycle_record.h"

#include "base/timestamp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct lifecycle *lifecycle_create(const struct lifecycle_options *options)
{
    struct lifecycle *lifecycle = calloc(1, sizeof *lifecycle);

    if (!lifecycle)
        return NULL;
    lifecycle->options = *options;
    return lifecycle;
}

void lifecycle_destroy(struct lifecycle *lifecycle)
{
    if (!lifecycle)
        return;
    for (size_t i = 0; i < lifecycle->count; i++)
        lifecycle_record_finish(&lifecycle->records[i]);
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

    for (size_t i = 0; i < lifecycle->count; i++) {
        const struct lifecycle_record *record = &lifecycle->records[i];
        if (record->seq > highest && strcmp(record->self.id, id) == 0 &&
            lifecycle_covers(lifecycle, record, scope))
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
    for (size_t i = 0; i < lifecycle->count; i++)
        if (lifecycle->records[i].message == message)
            lifecycle->records[i].shown = true;
}

static int compare_records(const void *a, const void *b)
{
    return lifecycle_record_compare(*(const struct lifecycle_record *const *)a,
                                    *(const struct lifecycle_record *const *)b);
}

/* A drill beside an actual alert would make people doubt both. */
static void make_list(struct lifecycle *lifecycle)
{
    const struct lifecycle_record *live[LIFECYCLE_ALERTS_MAX];
    size_t count = 0;

    for (size_t i = 0; i < lifecycle->count; i++)
        if (!lifecycle->records[i].is_cancel &&
            lifecycle->records[i].state == LIFECYCLE_LIVE &&
            count < LIFECYCLE_ALERTS_MAX)
            live[count++] = &lifecycle->records[i];
    qsort(live, count, sizeof live[0], compare_records);
    lifecycle->list_count = 0;
    for (size_t i = 0; i < count; i++)
        if (live[i]->status == ALERT_STATUS_ACTUAL ||
            live[0]->status != ALERT_STATUS_ACTUAL)
            lifecycle->list[lifecycle->list_count++] = live[i]->message;
}

void lifecycle_end_clear(struct lifecycle *lifecycle)
{
    message_destroy(lifecycle->clear);
    lifecycle->clear = NULL;
}

static void move_on(struct lifecycle *lifecycle,
                    struct lifecycle_record *record, const struct moment *now,
                    struct board_ended_queue *ended)
{
    if (lifecycle_span_is_over(&record->span, now))
        lifecycle_apply(lifecycle, record, LIFECYCLE_RAN_OUT, ended);
    if (record->state != LIFECYCLE_WAITING ||
        !lifecycle_span_has_begun(&record->span, now))
        return;
    lifecycle_apply(lifecycle, record, LIFECYCLE_BEGAN, ended);
    if (!record->is_cancel)
        lifecycle_end_clear(lifecycle);
}

/* Quarantine ends when a trusted clock vouches for the message, or a tick for
 * one whose end was doubtful, or with the message itself; then it replaces its
 * chain all the same. */
static bool is_to_be_released(const struct lifecycle_record *record,
                              const struct moment *now)
{
    if (record->state != LIFECYCLE_HELD)
        return false;
    if (lifecycle_span_is_over(&record->span, now))
        return true;
    if (now->wall_trusted)
        return record->ahead_ms - LIMIT_ISSUED_AHEAD_MS <= now->wall_ms;
    return record->waits_for_sign && now->told_ms > 0 &&
           !lifecycle_end_is_doubtful(record, now);
}

static void release(struct lifecycle *lifecycle, const struct moment *now,
                    struct board_ended_queue *ended)
{
    bool any = false;

    for (size_t i = 0; i < lifecycle->count; i++) {
        struct lifecycle_record *record = &lifecycle->records[i];
        if (!is_to_be_released(record, now))
            continue;
        if (lifecycle_span_is_over(&record->span, now))
            lifecycle_apply(lifecycle, record, LIFECYCLE_RAN_OUT, ended);
        else
            lifecycle_crowd_in(lifecycle, record, ended);
        lifecycle_believe(lifecycle, record, ended);
        any = true;
    }
    if (any)
        lifecycle_enter(lifecycle, now, ended);
}

void lifecycle_advance(struct lifecycle *lifecycle, const struct moment *now,
                       struct board_ended_queue *ended)
{
    for (size_t i = 0; i < lifecycle->count; i++)
        lifecycle_span_watch(&lifecycle->records[i].span, now);
    release(lifecycle, now, ended);
    for (size_t i = 0; i < lifecycle->count; i++)
        move_on(lifecycle, &lifecycle->records[i], now, ended);
    if (lifecycle->clear && now->mono_ms >= lifecycle->clear_until_mono_ms)
        lifecycle_end_clear(lifecycle);
    make_list(lifecycle);
}

static int64_t record_next_ms(const struct lifecycle_record *record,
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

    for (size_t i = 0; i < lifecycle->count; i++) {
        const struct lifecycle_record *record = &lifecycle->records[i];
        if (!record->message && !record->is_cancel)
            continue;
        int64_t change_ms = record_next_ms(record, now);
        if (change_ms < next_ms)
            next_ms = change_ms;
    }
    return next_ms;
}
