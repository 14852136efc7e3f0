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

/* It repeats what the alert said that it ended. */
static bool is_clear_trusted(const struct message *clear,
                             const struct trust *trust)
{
    return trust_in_message(trust, clear, NULL) &&
           trust_in_message(trust, clear->cancel.ended, NULL);
}

size_t lifecycle_distrust(struct lifecycle *lifecycle,
                          const struct trust *trust, const struct moment *now,
                          struct board_ended_queue *ended)
{
    size_t in_force = 0;

    if (lifecycle->clear && !is_clear_trusted(lifecycle->clear, trust))
        lifecycle_end_clear(lifecycle);
    for (size_t i = lifecycle->count; i-- > 0;)
        if (!is_trusted(&lifecycle->records[i], trust))
            in_force += drop(lifecycle, &lifecycle->records[i], ended);
    lifecycle_resolve(lifecycle, ended);
    lifecycle_advance(lifecycle, now, ended);
    return in_force;
}
