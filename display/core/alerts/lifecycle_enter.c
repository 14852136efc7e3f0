/* How a message takes effect: the newest of its slot, its chain, and 解除. */
#include "display/core/alerts/lifecycle_record.h"

#include <string.h>

bool lifecycle_is_same_slot(const struct lifecycle_record *a,
                            const struct lifecycle_record *b)
{
    return a->status == b->status && lifecycle_is_same_id(&a->self, &b->self) &&
           strcmp(a->key_id, b->key_id) == 0;
}

void lifecycle_drop(struct lifecycle *lifecycle,
                    struct lifecycle_record *record)
{
    lifecycle_record_finish(record);
    *record = lifecycle->records[--lifecycle->count];
}

/* Keeps of all that a cancel takes off the glass the gravest, with its
 * message. */
static void note_cleared(struct lifecycle_record *record,
                         struct lifecycle_record *gravest)
{
    if (!record->cleared)
        return;
    if (!gravest->cleared ||
        lifecycle_record_compare_gravity(record, gravest) < 0) {
        message_destroy(gravest->message);
        *gravest = *record;
        gravest->references = NULL;
    } else {
        message_destroy(record->message);
    }
    record->message = NULL;
}

/* A newer message of the slot takes effect, and the older one ends. */
static void end_older(struct lifecycle *lifecycle,
                      struct lifecycle_record *newer,
                      struct lifecycle_record *older,
                      struct board_ended_queue *ended)
{
    if (newer->is_cancel) {
        /* Without memory the cancel still ends what it names itself. */
        (void)lifecycle_record_inherit(newer, older);
        lifecycle_apply(lifecycle, older, LIFECYCLE_WITHDRAWN, ended);
    } else {
        newer->shown = older->shown && older->state == LIFECYCLE_LIVE;
        lifecycle_apply(lifecycle, older, LIFECYCLE_OVERTAKEN, ended);
    }
}

/* A lower number; or another body of the same number, in quarantine. */
static struct lifecycle_record *find_older(struct lifecycle *lifecycle,
                                           const struct lifecycle_record *newer)
{
    for (size_t i = 0; i < lifecycle->count; i++) {
        struct lifecycle_record *older = &lifecycle->records[i];
        if (older != newer && lifecycle_is_same_slot(older, newer) &&
            (older->seq < newer->seq ||
             (older->seq == newer->seq && older->state == LIFECYCLE_HELD)))
            return older;
    }
    return NULL;
}

/* Of each slot only the newest message that is believed stays. What a cancel
 * ends is copied, until it is known whether 解除 is to be told. */
static void supersede(struct lifecycle *lifecycle,
                      struct lifecycle_record *gravest,
                      struct board_ended_queue *ended)
{
    for (size_t i = 0; i < lifecycle->count;) {
        struct lifecycle_record *newer = &lifecycle->records[i];
        struct lifecycle_record *older = newer->fresh
                                             ? find_older(lifecycle, newer)
                                             : NULL;
        if (!older) {
            i++;
            continue;
        }
        end_older(lifecycle, newer, older, ended);
        note_cleared(older, gravest);
        lifecycle_drop(lifecycle, older);
        i = 0; /* the last record has moved into the gap */
    }
}

/* The cancel that took effect just now, of those that may end the alert; of
 * several the newest. */
static struct lifecycle_record *
find_fresh_cancel(struct lifecycle *lifecycle,
                  const struct lifecycle_record *cleared)
{
    struct lifecycle_record *found = NULL;

    for (size_t i = 0; i < lifecycle->count; i++) {
        struct lifecycle_record *record = &lifecycle->records[i];
        if (record->fresh && record->is_cancel && record->message &&
            lifecycle_covers(lifecycle, record, cleared->scope) &&
            (!found || record->order_ms > found->order_ms))
            found = record;
    }
    return found;
}

static bool is_graver_in_force(const struct lifecycle *lifecycle,
                               const struct lifecycle_record *cleared)
{
    for (size_t i = 0; i < lifecycle->count; i++) {
        const struct lifecycle_record *record = &lifecycle->records[i];
        if (!record->is_cancel && record->state == LIFECYCLE_LIVE &&
            lifecycle_record_compare_gravity(record, cleared) < 0)
            return true;
    }
    return false;
}

/* 解除 never hides a graver alert, that of a drill keeps its mark, and it knows
 * what it ended. */
static void tell_clear(struct lifecycle *lifecycle,
                       struct lifecycle_record *gravest,
                       const struct moment *now)
{
    if (!gravest->cleared)
        return;
    struct lifecycle_record *cancel = find_fresh_cancel(lifecycle, gravest);
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

void lifecycle_forget_freshness(struct lifecycle *lifecycle)
{
    for (size_t i = 0; i < lifecycle->count; i++) {
        struct lifecycle_record *record = &lifecycle->records[i];
        if (record->cleared || (record->fresh && record->is_cancel)) {
            message_destroy(record->message);
            record->message = NULL;
        }
        record->fresh = record->cleared = false;
    }
}

void lifecycle_enter(struct lifecycle *lifecycle, const struct moment *now,
                     struct board_ended_queue *ended)
{
    struct lifecycle_record gravest = {.cleared = false};

    supersede(lifecycle, &gravest, ended);
    lifecycle_resolve(lifecycle, ended);
    for (size_t i = 0; i < lifecycle->count; i++)
        note_cleared(&lifecycle->records[i], &gravest);
    tell_clear(lifecycle, &gravest, now);
    message_destroy(gravest.message);
    lifecycle_forget_freshness(lifecycle);
}

void lifecycle_believe(struct lifecycle *lifecycle,
                       struct lifecycle_record *record,
                       struct board_ended_queue *ended)
{
    lifecycle_apply(lifecycle, record, LIFECYCLE_BELIEVED, ended);
    record->fresh = true;
}

bool lifecycle_hold(struct lifecycle *lifecycle,
                    const struct lifecycle_record *record)
{
    bool older_stays = false;

    for (size_t i = lifecycle->count; i-- > 0;) {
        struct lifecycle_record *older = &lifecycle->records[i];
        if (!lifecycle_is_same_slot(older, record))
            continue;
        if (older->state == LIFECYCLE_HELD)
            lifecycle_drop(lifecycle, older);
        else
            older_stays = true;
    }
    lifecycle->records[lifecycle->count++] = *record;
    return older_stays;
}
