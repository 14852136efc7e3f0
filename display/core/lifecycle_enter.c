/* How a message takes effect: the newest of its slot, its chain, and 解除. */
#include "display/core/lifecycle_record.h"

#include <string.h>

bool lifecycle_is_same_slot(const struct lifecycle_record *a,
                            const struct lifecycle_record *b)
{
    return a->status == b->status && a->self.hash == b->self.hash &&
           strcmp(a->self.id, b->self.id) == 0;
}

size_t lifecycle_drop(struct lifecycle *lifecycle, size_t at, size_t followed)
{
    lifecycle_record_finish(&lifecycle->records[at]);
    lifecycle->records[at] = lifecycle->records[--lifecycle->count];
    return followed == lifecycle->count ? at : followed;
}

/* Its slot's older message ends. What a cancel ends stays remembered until
 * it is known whether 解除 is to be told. */
static void end_older(struct lifecycle *lifecycle,
                      struct lifecycle_record *record,
                      struct lifecycle_record *older,
                      struct board_ended_queue *ended)
{
    if (older->is_cancel)
        return;
    if (record->is_cancel) {
        /* Without memory the cancel still ends what it names itself. */
        (void)lifecycle_record_inherit(record, older);
        lifecycle_apply(lifecycle, older, LIFECYCLE_WITHDRAWN, ended);
        return;
    }
    record->shown = older->shown && older->state == LIFECYCLE_LIVE;
    lifecycle_apply(lifecycle, older, LIFECYCLE_OVERTAKEN, ended);
}

static size_t supersede(struct lifecycle *lifecycle, size_t at,
                        struct lifecycle_record *cleared,
                        struct board_ended_queue *ended)
{
    for (size_t i = lifecycle->count; i-- > 0;) {
        struct lifecycle_record *record = &lifecycle->records[at];
        struct lifecycle_record *older = &lifecycle->records[i];
        if (i == at || !lifecycle_is_same_slot(record, older) ||
            older->seq > record->seq)
            continue;
        end_older(lifecycle, record, older, ended);
        if (older->cleared)
            *cleared = *older;
        at = lifecycle_drop(lifecycle, i, at);
    }
    return at;
}

/* The gravest alert that the entering message took off the glass. */
static bool collect_cleared(struct lifecycle *lifecycle,
                            struct lifecycle_record *gravest)
{
    for (size_t i = 0; i < lifecycle->count; i++) {
        struct lifecycle_record *record = &lifecycle->records[i];
        if (record->cleared &&
            (!gravest->cleared ||
             lifecycle_record_compare_gravity(record, gravest) < 0))
            *gravest = *record;
        record->cleared = false;
    }
    return gravest->cleared;
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

/* 解除 never hides a graver alert, and that of a drill keeps its mark. */
static void tell_clear(struct lifecycle *lifecycle,
                       struct lifecycle_record *cancel,
                       struct lifecycle_record *superseded,
                       const struct moment *now)
{
    bool told = collect_cleared(lifecycle, superseded) &&
                !is_graver_in_force(lifecycle, superseded);
    struct message *message = cancel->message;

    if (!cancel->is_cancel)
        return;
    cancel->message = NULL;
    if (!told || lifecycle->options.clear_ms <= 0) {
        message_destroy(message);
        return;
    }
    message_destroy(lifecycle->clear);
    message->cancel.status = superseded->status;
    lifecycle->clear = message;
    lifecycle->clear_until_mono_ms = now->mono_ms + lifecycle->options.clear_ms;
}

void lifecycle_enter(struct lifecycle *lifecycle, size_t at,
                     const struct moment *now, struct board_ended_queue *ended)
{
    struct lifecycle_record cleared = {.cleared = false};

    lifecycle_apply(lifecycle, &lifecycle->records[at], LIFECYCLE_BELIEVED,
                    ended);
    at = supersede(lifecycle, at, &cleared, ended);
    lifecycle_resolve(lifecycle, ended);
    tell_clear(lifecycle, &lifecycle->records[at], &cleared, now);
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
            lifecycle_drop(lifecycle, i, i);
        else
            older_stays = true;
    }
    lifecycle->records[lifecycle->count++] = *record;
    return older_stays;
}
