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

bool lifecycle_covers(const struct lifecycle *lifecycle,
                      const struct lifecycle_record *record, const char *scope)
{
    return trust_covers_alert(&lifecycle->options.trust, record->key_id, scope);
}

/* Who may say something of such an alert: a drill can't touch an actual alert,
 * an actual message reaches drills, what is held back has no say yet, and a key
 * speaks only of what it could have sent itself. False: the same as before. */
static bool choose_speakers(struct lifecycle *lifecycle,
                            const struct lifecycle_record *alert)
{
    bool changed = false;

    for (size_t i = 0; i < lifecycle->count; i++) {
        struct lifecycle_record *record = &lifecycle->records[i];
        bool speaks = record->state != LIFECYCLE_HELD &&
                      (record->status == alert->status ||
                       record->status == ALERT_STATUS_ACTUAL) &&
                      lifecycle_covers(lifecycle, record, alert->scope);
        changed |= speaks != record->speaks;
        record->speaks = speaks;
    }
    return changed;
}

static void merge(struct lifecycle *lifecycle, size_t from, size_t into)
{
    for (size_t i = 0; from != into && i < lifecycle->count; i++)
        if (lifecycle->records[i].chain == from)
            lifecycle->records[i].chain = into;
}

/* Everybody who has an id, or names it, hangs together: whoever may speak. */
static void label_chains(struct lifecycle *lifecycle)
{
    struct lifecycle_record *records = lifecycle->records;
    struct lifecycle_names *all = &lifecycle->names;

    lifecycle_names_clear(all);
    for (size_t i = 0; i < lifecycle->count; i++) {
        struct lifecycle_record *record = &records[i];
        record->chain = i;
        if (!record->speaks)
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
    if (order == 0 && a->status != b->status)
        return a->status < b->status;
    return (order ? order : strcmp(a->key_id, b->key_id)) > 0;
}

static void find_winners(struct lifecycle *lifecycle)
{
    struct lifecycle_record *records = lifecycle->records;

    for (size_t i = 0; i < lifecycle->count; i++)
        records[i].winner = LIFECYCLE_RECORDS_MAX;
    for (size_t i = 0; i < lifecycle->count; i++) {
        size_t *winner = &records[records[i].chain].winner;
        if (records[i].speaks &&
            (*winner == LIFECYCLE_RECORDS_MAX ||
             is_newer(lifecycle, &records[i], &records[*winner])))
            *winner = i;
    }
}

static void tell(struct lifecycle *lifecycle, struct lifecycle_record *record,
                 void *context)
{
    struct lifecycle_record *records = lifecycle->records;
    struct lifecycle_record *winner = &records[records[record->chain].winner];
    struct board_ended_queue *ended = context;

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

/* All alerts of one status and scope have the same speakers. */
static void visit_like(struct lifecycle *lifecycle,
                       const struct lifecycle_record *alert,
                       lifecycle_visit *visit, void *context)
{
    for (size_t i = 0; i < lifecycle->count; i++) {
        struct lifecycle_record *record = &lifecycle->records[i];
        if (record->visited || record->status != alert->status ||
            strcmp(record->scope, alert->scope) != 0)
            continue;
        record->visited = true;
        visit(lifecycle, record, context);
    }
}

void lifecycle_visit_chains(struct lifecycle *lifecycle, lifecycle_visit *visit,
                            void *context)
{
    bool labelled = false;

    for (size_t i = 0; i < lifecycle->count; i++) {
        struct lifecycle_record *record = &lifecycle->records[i];
        record->visited = record->is_cancel || record->state == LIFECYCLE_HELD;
    }
    for (size_t i = 0; i < lifecycle->count; i++) {
        if (lifecycle->records[i].visited)
            continue;
        if (choose_speakers(lifecycle, &lifecycle->records[i]) || !labelled) {
            label_chains(lifecycle);
            find_winners(lifecycle);
        }
        labelled = true;
        visit_like(lifecycle, &lifecycle->records[i], visit, context);
    }
}

void lifecycle_resolve(struct lifecycle *lifecycle,
                       struct board_ended_queue *ended)
{
    lifecycle_visit_chains(lifecycle, tell, ended);
}
