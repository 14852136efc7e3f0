/* Chains of alerts: messages that name each other, or that name the same root,
 * as the Chinese profile does. The newest of a chain speaks for all of it. */
#include "display/core/alerts/lifecycle_record.h"

#include <string.h>

static bool names(const struct lifecycle_record *record,
                  const struct lifecycle_reference *id)
{
    for (size_t i = 0; i < record->reference_count; i++)
        if (lifecycle_is_same_id(&record->references[i], id))
            return true;
    return false;
}

bool lifecycle_has_say(const struct lifecycle_record *record,
                       enum alert_status status)
{
    return record->state != LIFECYCLE_HELD &&
           (record->status == status || record->status == ALERT_STATUS_ACTUAL);
}

static void merge(struct lifecycle *lifecycle, size_t from, size_t into)
{
    for (size_t i = 0; from != into && i < lifecycle->count; i++)
        if (lifecycle->records[i].chain == from)
            lifecycle->records[i].chain = into;
}

/* Everybody who has an id, or names it, hangs together. */
void lifecycle_label_chains(struct lifecycle *lifecycle,
                            enum alert_status status)
{
    struct lifecycle_record *records = lifecycle->records;
    struct lifecycle_names *all = &lifecycle->names;

    lifecycle_names_clear(all);
    for (size_t i = 0; i < lifecycle->count; i++) {
        struct lifecycle_record *record = &records[i];
        record->chain = i;
        if (!lifecycle_has_say(record, status))
            continue;
        for (size_t n = 0; n <= record->reference_count; n++) {
            const struct lifecycle_reference *id =
                n == 0 ? &record->self : &record->references[n - 1];
            size_t first = lifecycle_names_add(all, id, i);
            merge(lifecycle, record->chain, records[first].chain);
        }
    }
}

/* Times are told in whole seconds: of two alerts of the same second the one
 * that names the other came later. */
static bool is_named_by_peer(const struct lifecycle *lifecycle,
                             const struct lifecycle_record *record)
{
    const struct lifecycle_names *all = &lifecycle->names;

    for (size_t at = lifecycle_names_find(all, &record->self);
         at != LIFECYCLE_NAMES_NONE; at = all->items[at].next) {
        const struct lifecycle_record *peer =
            &lifecycle->records[all->items[at].record];
        if (peer->order_ms == record->order_ms &&
            !lifecycle_is_same_id(&peer->self, &record->self) &&
            !names(record, &peer->self))
            return true;
    }
    return false;
}

/* Of the same second a cancel speaks last: an update and its cancel may follow
 * each other that fast, an update of what is cancelled does not. */
static bool is_newer(const struct lifecycle *lifecycle,
                     const struct lifecycle_record *a,
                     const struct lifecycle_record *b)
{
    if (a->order_ms != b->order_ms)
        return a->order_ms > b->order_ms;
    if (a->is_cancel != b->is_cancel)
        return a->is_cancel;
    bool a_is_named = is_named_by_peer(lifecycle, a);
    bool b_is_named = is_named_by_peer(lifecycle, b);
    if (a_is_named != b_is_named)
        return b_is_named;
    if (a->seq != b->seq)
        return a->seq > b->seq;
    int order = strcmp(a->self.id, b->self.id);
    return order ? order > 0 : a->status < b->status;
}

static void find_winners(struct lifecycle *lifecycle, enum alert_status status)
{
    struct lifecycle_record *records = lifecycle->records;

    for (size_t i = 0; i < lifecycle->count; i++)
        records[i].winner = LIFECYCLE_RECORDS_MAX;
    for (size_t i = 0; i < lifecycle->count; i++) {
        size_t *winner = &records[records[i].chain].winner;
        if (lifecycle_has_say(&records[i], status) &&
            (*winner == LIFECYCLE_RECORDS_MAX ||
             is_newer(lifecycle, &records[i], &records[*winner])))
            *winner = i;
    }
}

static void tell(struct lifecycle *lifecycle, struct lifecycle_record *record,
                 struct lifecycle_record *winner,
                 struct board_ended_queue *ended)
{
    if (winner == record) {
        lifecycle_apply(lifecycle, record, LIFECYCLE_LEADS, ended);
    } else if (winner->is_cancel) {
        lifecycle_apply(lifecycle, record, LIFECYCLE_WITHDRAWN, ended);
    } else {
        if (record->state == LIFECYCLE_LIVE && record->shown)
            winner->shown = true;
        lifecycle_apply(lifecycle, record, LIFECYCLE_OVERTAKEN, ended);
    }
}

static void resolve_status(struct lifecycle *lifecycle,
                           enum alert_status status,
                           struct board_ended_queue *ended)
{
    struct lifecycle_record *records = lifecycle->records;

    lifecycle_label_chains(lifecycle, status);
    find_winners(lifecycle, status);
    for (size_t i = 0; i < lifecycle->count; i++) {
        struct lifecycle_record *record = &records[i];
        if (record->is_cancel || record->status != status ||
            record->state == LIFECYCLE_HELD)
            continue;
        tell(lifecycle, record, &records[records[record->chain].winner], ended);
    }
}

static bool has_alert(const struct lifecycle *lifecycle,
                      enum alert_status status)
{
    for (size_t i = 0; i < lifecycle->count; i++)
        if (!lifecycle->records[i].is_cancel &&
            lifecycle->records[i].status == status)
            return true;
    return false;
}

void lifecycle_resolve(struct lifecycle *lifecycle,
                       struct board_ended_queue *ended)
{
    for (int status = 0; status < ALERT_STATUS_COUNT; status++)
        if (has_alert(lifecycle, (enum alert_status)status))
            resolve_status(lifecycle, (enum alert_status)status, ended);
}
