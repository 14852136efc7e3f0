/* Forgets what a key said that is not believed any more. */
#include "display/core/alerts/lifecycle_record.h"

static bool is_trusted(const struct lifecycle_record *record,
                       const struct trust *trust)
{
    return record->message ? trust_in_message(trust, record->message, NULL)
                           : trust_in_key(trust, record->key_id);
}

/* Whether it took an alert off the glass, or keeps one from it. */
static bool drop(struct lifecycle *lifecycle, struct lifecycle_record *record,
                 struct board_ended_queue *ended)
{
    bool in_force = !record->is_cancel && lifecycle_is_in_force(record);

    if (in_force)
        board_ended_add(ended, MESSAGE_ALERT, record->self.id, record->seq,
                        "revoked");
    lifecycle_drop(lifecycle, record);
    return in_force;
}

static bool is_withdrawn(const struct lifecycle *lifecycle,
                         const struct lifecycle_record *record)
{
    for (size_t i = 0; i < lifecycle->count; i++) {
        const struct lifecycle_record *other = &lifecycle->records[i];
        if (other->is_cancel && other->speaks && other->chain == record->chain)
            return true;
    }
    return false;
}

/* Whether it would still be over, without those who are not believed. */
static bool is_rightly_over(const struct lifecycle *lifecycle,
                            const struct lifecycle_record *record,
                            const struct moment *now)
{
    switch (record->state) {
    case LIFECYCLE_CANCELLED:
        return is_withdrawn(lifecycle, record);
    case LIFECYCLE_EXPIRED:
        return !now->wall_trusted || record->span.ends_ms <= now->wall_ms;
    default:
        return record->state != LIFECYCLE_DISPLACED;
    }
}

static void judge_end(struct lifecycle *lifecycle,
                      struct lifecycle_record *record, void *context)
{
    record->reopens = !is_rightly_over(lifecycle, record, context);
}

static void reopen(struct lifecycle *lifecycle, struct ledger *ledger,
                   const struct moment *now)
{
    struct moment moment = *now;

    for (size_t i = 0; i < lifecycle->count; i++)
        lifecycle->records[i].reopens = false;
    lifecycle_visit_chains(lifecycle, judge_end, &moment);
    for (size_t i = lifecycle->count; i-- > 0;) {
        struct lifecycle_record *record = &lifecycle->records[i];
        char slot[LIFECYCLE_SLOT_BYTES];
        if (!record->reopens)
            continue;
        lifecycle_slot(record->status, record->self.id, record->key_id, slot);
        ledger_forget(ledger, slot);
        lifecycle_drop(lifecycle, record);
    }
}

/* It repeats what the alert said that it ended. */
static bool is_clear_trusted(const struct message *clear,
                             const struct trust *trust)
{
    return trust_in_message(trust, clear, NULL) &&
           trust_in_message(trust, clear->cancel.ended, NULL);
}

size_t lifecycle_distrust(struct lifecycle *lifecycle, struct ledger *ledger,
                          const struct trust *trust, const struct moment *now,
                          struct board_ended_queue *ended)
{
    size_t in_force = 0;

    floors_distrust(&lifecycle->floors, trust);
    if (lifecycle->clear && !is_clear_trusted(lifecycle->clear, trust))
        lifecycle_end_clear(lifecycle);
    for (size_t i = lifecycle->count; i-- > 0;)
        if (!is_trusted(&lifecycle->records[i], trust))
            in_force += drop(lifecycle, &lifecycle->records[i], ended);
    reopen(lifecycle, ledger, now);
    lifecycle_resolve(lifecycle, ended);
    lifecycle_forget_freshness(lifecycle);
    lifecycle_advance(lifecycle, now, ended);
    return in_force;
}
