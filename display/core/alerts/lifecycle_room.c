/* Bounds on what the lifecycle holds: who gives way, who is forgotten. */
#include "display/core/alerts/lifecycle_record.h"
#include "display/core/validation/key_tally.h"

#include <string.h>

static bool may_be_forgotten(const struct lifecycle_record *record)
{
    return record->is_cancel ? record->state != LIFECYCLE_HELD
                             : record->message == NULL;
}

static const char *busiest_key(const struct lifecycle *lifecycle)
{
    struct key_tally tally = {.count = 0};

    for (size_t i = 0; i < lifecycle->count; i++)
        if (may_be_forgotten(&lifecycle->records[i]))
            key_tally_add(&tally, lifecycle->records[i].key_id);
    return key_tally_busiest(&tally);
}

/* The oldest record that is over. */
static struct lifecycle_record *find_forgettable(struct lifecycle *lifecycle)
{
    const char *key_id = busiest_key(lifecycle);
    struct lifecycle_record *oldest = NULL;

    for (size_t i = 0; i < lifecycle->count; i++) {
        struct lifecycle_record *record = &lifecycle->records[i];
        if (may_be_forgotten(record) && strcmp(record->key_id, key_id) == 0 &&
            (!oldest || record->order_ms < oldest->order_ms))
            oldest = record;
    }
    return oldest;
}

void lifecycle_raise_floor(struct lifecycle *lifecycle,
                           const struct floor *floor)
{
    floors_raise(&lifecycle->floors, floor);
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
        lifecycle_slot(record->status, record->self.id, record->key_id, name);
        if (strcmp(name, slot) == 0)
            return true;
    }
    return false;
}

static void forget(struct lifecycle *lifecycle, struct lifecycle_record *record)
{
    const struct floor floor = floor_of(record->key_id, record->credible_ms);

    lifecycle_raise_floor(lifecycle, &floor);
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

/* The least grave of the alerts that are believed and that the record may
 * replace, and how many are believed; of the record's own slot none counts. */
static struct lifecycle_record *
find_least(struct lifecycle *lifecycle, const struct lifecycle_record *record,
           size_t *count)
{
    struct lifecycle_record *least = NULL;

    *count = 0;
    for (size_t i = 0; i < lifecycle->count; i++) {
        struct lifecycle_record *other = &lifecycle->records[i];
        if (other->is_cancel || !other->message ||
            other->state == LIFECYCLE_HELD ||
            lifecycle_is_same_slot(other, record))
            continue;
        ++*count;
        if (!lifecycle_covers(lifecycle, record, other->scope))
            continue;
        if (!least || gives_way_before(other, least))
            least = other;
    }
    return least;
}

/* What has longest to wait gives way first. */
static bool waits_longer(const struct lifecycle_record *a,
                         const struct lifecycle_record *b)
{
    if (a->ahead_ms != b->ahead_ms)
        return a->ahead_ms > b->ahead_ms;
    return !a->is_cancel && lifecycle_record_compare(a, b) > 0;
}

/* Likewise of what is in quarantine, alerts and cancels. */
static struct lifecycle_record *
find_longest(struct lifecycle *lifecycle, const struct lifecycle_record *record,
             size_t *count)
{
    struct lifecycle_record *longest = NULL;

    *count = 0;
    for (size_t i = 0; i < lifecycle->count; i++) {
        struct lifecycle_record *other = &lifecycle->records[i];
        if (other->state != LIFECYCLE_HELD ||
            lifecycle_is_same_slot(other, record))
            continue;
        ++*count;
        if (!longest || waits_longer(other, longest))
            longest = other;
    }
    return longest;
}

/* Quarantine has room of its own: what is not believed yet pushes out nothing
 * that is, and refuses nothing. */
static bool make_room_to_wait(struct lifecycle *lifecycle,
                              const struct lifecycle_record *record,
                              struct board_ended_queue *ended,
                              struct problem *problem)
{
    size_t count;
    struct lifecycle_record *longest = find_longest(lifecycle, record, &count);

    if (count < LIFECYCLE_HELD_MAX)
        return true;
    if (waits_longer(record, longest))
        return problem_set(problem, PROBLEM_TOO_LARGE,
                           "%d messages wait for their time, all of them for a "
                           "nearer one",
                           LIFECYCLE_HELD_MAX);
    if (!longest->is_cancel)
        lifecycle_apply(lifecycle, longest, LIFECYCLE_CROWDED, ended);
    lifecycle_drop(lifecycle, longest);
    return true;
}

static bool make_room_on_glass(struct lifecycle *lifecycle,
                               const struct lifecycle_record *record,
                               struct board_ended_queue *ended,
                               struct problem *problem)
{
    size_t count;
    struct lifecycle_record *least = find_least(lifecycle, record, &count);

    if (count < LIFECYCLE_ALERTS_MAX)
        return true;
    if (!least || gives_way_before(record, least))
        return problem_set(problem, PROBLEM_TOO_LARGE,
                           "%d alerts are in force, none of them less grave "
                           "that this key could have sent",
                           LIFECYCLE_ALERTS_MAX);
    lifecycle_apply(lifecycle, least, LIFECYCLE_CROWDED, ended);
    return true;
}

void lifecycle_crowd_in(struct lifecycle *lifecycle,
                        struct lifecycle_record *record,
                        struct board_ended_queue *ended)
{
    if (!record->is_cancel && record->message &&
        !make_room_on_glass(lifecycle, record, ended, NULL))
        lifecycle_apply(lifecycle, record, LIFECYCLE_CROWDED, ended);
}

_Static_assert(LIFECYCLE_RECORDS_MAX >
                   LIFECYCLE_ALERTS_MAX + LIFECYCLE_HELD_MAX,
               "of a full memory something can be forgotten");

bool lifecycle_make_room(struct lifecycle *lifecycle,
                         const struct lifecycle_record *record, bool held,
                         struct board_ended_queue *ended,
                         struct problem *problem)
{
    if (record->order_ms <= floors_over_alert(&lifecycle->floors,
                                              &lifecycle->options.trust,
                                              record->scope))
        return problem_set(problem, PROBLEM_STALE,
                           "older than what this screen remembers");
    if (held && !make_room_to_wait(lifecycle, record, ended, problem))
        return false;
    if (!held && !record->is_cancel && record->message &&
        !make_room_on_glass(lifecycle, record, ended, problem))
        return false;
    if (lifecycle->count == LIFECYCLE_RECORDS_MAX)
        forget(lifecycle, find_forgettable(lifecycle));
    return true;
}
