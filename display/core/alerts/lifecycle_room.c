/* Bounds on what the lifecycle holds: who gives way, who is forgotten. */
#include "display/core/alerts/lifecycle_record.h"

#include <string.h>

static bool may_be_forgotten(const struct lifecycle_record *record)
{
    return record->is_cancel ? record->state != LIFECYCLE_HELD
                             : record->message == NULL;
}

/* The oldest record that is over; NULL: there is none. */
static struct lifecycle_record *find_forgettable(struct lifecycle *lifecycle)
{
    struct lifecycle_record *oldest = NULL;

    for (size_t i = 0; i < lifecycle->count; i++) {
        struct lifecycle_record *record = &lifecycle->records[i];
        if (may_be_forgotten(record) &&
            (!oldest || record->order_ms < oldest->order_ms))
            oldest = record;
    }
    return oldest;
}

void lifecycle_raise_floor(struct lifecycle *lifecycle, int64_t order_ms)
{
    if (order_ms > lifecycle->floor_ms)
        lifecycle->floor_ms = order_ms;
}

static bool is_held(const struct lifecycle_record *record)
{
    return record->state == LIFECYCLE_HELD ||
           (!record->is_cancel && (record->state == LIFECYCLE_WAITING ||
                                   record->state == LIFECYCLE_LIVE));
}

bool lifecycle_holds(const struct lifecycle *lifecycle, const char *slot,
                     int64_t seq)
{
    for (size_t i = 0; i < lifecycle->count; i++) {
        const struct lifecycle_record *record = &lifecycle->records[i];
        char name[LIFECYCLE_SLOT_BYTES];
        if (record->seq != seq || !is_held(record))
            continue;
        lifecycle_slot(record->status, record->self.id, name);
        if (strcmp(name, slot) == 0)
            return true;
    }
    return false;
}

static void forget(struct lifecycle *lifecycle, struct lifecycle_record *record)
{
    lifecycle_raise_floor(lifecycle, record->order_ms);
    lifecycle_drop(lifecycle, record);
}

/* What is replaced gives way first, then the least grave. */
static bool gives_way_before(const struct lifecycle_record *a,
                             const struct lifecycle_record *b)
{
    bool a_is_replaced = a->state == LIFECYCLE_REPLACED;

    if (a_is_replaced != (b->state == LIFECYCLE_REPLACED))
        return a_is_replaced;
    return lifecycle_record_compare(a, b) > 0;
}

/* The alert that gives way to the record; NULL: none needs to. */
static struct lifecycle_record *
find_least(struct lifecycle *lifecycle, const struct lifecycle_record *record)
{
    struct lifecycle_record *least = NULL;
    size_t count = 0;

    for (size_t i = 0; i < lifecycle->count; i++) {
        struct lifecycle_record *other = &lifecycle->records[i];
        if (other->is_cancel || !other->message ||
            lifecycle_is_same_slot(other, record))
            continue;
        count++;
        if (!least || gives_way_before(other, least))
            least = other;
    }
    return count < LIFECYCLE_ALERTS_MAX ? NULL : least;
}

bool lifecycle_make_room(struct lifecycle *lifecycle,
                         const struct lifecycle_record *record,
                         struct board_ended_queue *ended,
                         struct problem *problem)
{
    struct lifecycle_record *forgettable = NULL;
    struct lifecycle_record *least = NULL;

    if (record->order_ms <= lifecycle->floor_ms)
        return problem_set(problem, PROBLEM_STALE,
                           "older than what this screen remembers");
    if (!record->is_cancel && record->message)
        least = find_least(lifecycle, record);
    if (least && gives_way_before(record, least))
        return problem_set(problem, PROBLEM_TOO_LARGE,
                           "%d alerts are in force, none of them less grave",
                           LIFECYCLE_ALERTS_MAX);
    if (lifecycle->count == LIFECYCLE_RECORDS_MAX) {
        forgettable = find_forgettable(lifecycle);
        if (!forgettable)
            return problem_set(problem, PROBLEM_TOO_LARGE,
                               "%d messages wait for their time",
                               LIFECYCLE_RECORDS_MAX);
    }
    if (least)
        lifecycle_apply(lifecycle, least, LIFECYCLE_CROWDED, ended);
    if (forgettable)
        forget(lifecycle, forgettable);
    return true;
}
