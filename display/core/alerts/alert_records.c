/* The table of alerts and cancels: makes records from messages, moves them
 * through the states, finds the chains that they form, and decides which alerts
 * are displaced and which records are forgotten. */
#include "display/core/alerts/alert_records.h"

#include "base/timestamp.h"
#include "display/core/validation/slot_table.h"
#include "display/core/validation/watermarks.h"
#include "protocol/message.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* An event that is not listed does not change the state. CANCELLED, EXPIRED and
 * DISPLACED are final: an alert that ended never comes back. */
static const struct {
    enum lifecycle_state from;
    enum lifecycle_event event;
    enum lifecycle_state to;
} transitions[] = {
    {LIFECYCLE_HELD, LIFECYCLE_BELIEVED, LIFECYCLE_WAITING},
    {LIFECYCLE_HELD, LIFECYCLE_RAN_OUT, LIFECYCLE_EXPIRED},
    {LIFECYCLE_HELD, LIFECYCLE_CROWDED, LIFECYCLE_DISPLACED},
    {LIFECYCLE_WAITING, LIFECYCLE_BEGAN, LIFECYCLE_LIVE},
    {LIFECYCLE_WAITING, LIFECYCLE_OVERTAKEN, LIFECYCLE_REPLACED},
    {LIFECYCLE_WAITING, LIFECYCLE_WITHDRAWN, LIFECYCLE_CANCELLED},
    {LIFECYCLE_WAITING, LIFECYCLE_RAN_OUT, LIFECYCLE_EXPIRED},
    {LIFECYCLE_WAITING, LIFECYCLE_CROWDED, LIFECYCLE_DISPLACED},
    {LIFECYCLE_LIVE, LIFECYCLE_OVERTAKEN, LIFECYCLE_REPLACED},
    {LIFECYCLE_LIVE, LIFECYCLE_WITHDRAWN, LIFECYCLE_CANCELLED},
    {LIFECYCLE_LIVE, LIFECYCLE_RAN_OUT, LIFECYCLE_EXPIRED},
    {LIFECYCLE_LIVE, LIFECYCLE_CROWDED, LIFECYCLE_DISPLACED},
    {LIFECYCLE_REPLACED, LIFECYCLE_LEADS, LIFECYCLE_WAITING},
    {LIFECYCLE_REPLACED, LIFECYCLE_WITHDRAWN, LIFECYCLE_CANCELLED},
    {LIFECYCLE_REPLACED, LIFECYCLE_RAN_OUT, LIFECYCLE_EXPIRED},
    {LIFECYCLE_REPLACED, LIFECYCLE_CROWDED, LIFECYCLE_DISPLACED},
};

static const struct {
    const char *name;
    bool in_force; /* it is shown or may still be shown */
    /* the reason in receipts when an alert enters the state */
    const char *ending;
} states[LIFECYCLE_STATE_COUNT] = {
    [LIFECYCLE_HELD] = {"held", true, NULL},
    [LIFECYCLE_WAITING] = {"waiting", true, NULL},
    [LIFECYCLE_LIVE] = {"live", true, NULL},
    [LIFECYCLE_REPLACED] = {"replaced", false, "replaced"},
    [LIFECYCLE_CANCELLED] = {"cancelled", false, "cancelled"},
    [LIFECYCLE_EXPIRED] = {"expired", false, "expired"},
    [LIFECYCLE_DISPLACED] = {"displaced", false, "replaced"},
};

static const char *const event_names[LIFECYCLE_EVENT_COUNT] = {
    [LIFECYCLE_BELIEVED] = "believed",   [LIFECYCLE_BEGAN] = "began",
    [LIFECYCLE_LEADS] = "leads",         [LIFECYCLE_OVERTAKEN] = "overtaken",
    [LIFECYCLE_WITHDRAWN] = "withdrawn", [LIFECYCLE_RAN_OUT] = "ran-out",
    [LIFECYCLE_CROWDED] = "crowded",
};

/* An unknown level ranks with yellow: never below blue or above orange. Between
 * two alerts of this rank urgency and age decide. */
static const int level_ranks[ALERT_LEVEL_COUNT] = {
    [ALERT_LEVEL_RED] = 0,  [ALERT_LEVEL_ORANGE] = 1,  [ALERT_LEVEL_YELLOW] = 2,
    [ALERT_LEVEL_BLUE] = 3, [ALERT_LEVEL_UNKNOWN] = 2,
};

/* Nearly all Chinese alerts leave the urgency unknown, so it ranks in the
 * middle. */
static const int urgency_ranks[ALERT_URGENCY_COUNT] = {
    [ALERT_URGENCY_IMMEDIATE] = 0, [ALERT_URGENCY_EXPECTED] = 1,
    [ALERT_URGENCY_FUTURE] = 3,    [ALERT_URGENCY_PAST] = 4,
    [ALERT_URGENCY_UNKNOWN] = 2,
};

enum lifecycle_state lifecycle_next_state(enum lifecycle_state state,
                                          enum lifecycle_event event)
{
    for (size_t i = 0; i < sizeof transitions / sizeof transitions[0]; i++)
        if (transitions[i].from == state && transitions[i].event == event)
            return transitions[i].to;
    return state;
}

const char *lifecycle_state_name(enum lifecycle_state state)
{
    return states[state].name;
}

const char *lifecycle_event_name(enum lifecycle_event event)
{
    return event_names[event];
}

bool alert_record_is_in_force(const struct alert_record *record)
{
    return states[record->state].in_force;
}

void alert_records_apply(struct alert_records *table,
                         struct alert_record *record,
                         enum lifecycle_event event,
                         struct board_ended_queue *ended)
{
    enum lifecycle_state from = record->state;
    enum lifecycle_state to = lifecycle_next_state(from, event);

    if (from == to)
        return;
    if (states[from].in_force && !states[to].in_force && !record->silent) {
        board_ended_add(ended, MESSAGE_ALERT, record->self.id, record->seq,
                        states[to].ending);
        table->ends++;
    }
    record->state = to;
    record->cleared = event == LIFECYCLE_WITHDRAWN && from == LIFECYCLE_LIVE &&
                      record->shown;
    if (!states[to].in_force && to != LIFECYCLE_REPLACED && !record->cleared) {
        message_destroy(record->message);
        record->message = NULL;
    }
}

static struct alert_reference make_reference(const char *id)
{
    struct alert_reference reference = {.hash = slot_hash(id, strlen(id))};

    strncpy(reference.id, id, sizeof reference.id - 1);
    return reference;
}

static bool copy_references(const char *const *ids, size_t count,
                            struct alert_record *record)
{
    if (count == 0)
        return true;
    record->references = calloc(count, sizeof *record->references);
    if (!record->references)
        return false;
    for (size_t i = 0; i < count; i++)
        record->references[i] = make_reference(ids[i]);
    record->reference_count = count;
    return true;
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static bool make_alert(const struct message *message,
                       struct alert_record *record)
{
    const struct alert *alert = &message->alert;
    int64_t sent_ms = message_alert_sent_ms(message);

    record->status = alert->status;
    record->level = alert->level;
    record->level_rank = level_ranks[alert->level];
    record->urgency_rank = urgency_ranks[alert->urgency];
    record->order_ms = earlier(sent_ms, message->issued_ms);
    record->ahead_ms = later(sent_ms, message->issued_ms);
    return copy_references(alert->references, alert->reference_count, record);
}

static bool make_cancel(const struct message *message,
                        struct alert_record *record)
{
    const struct alert_cancel *cancel = &message->cancel;

    record->status = cancel->status;
    record->is_cancel = true;
    record->order_ms = message->issued_ms;
    record->ahead_ms = message->issued_ms;
    return copy_references(cancel->references, cancel->reference_count, record);
}

bool alert_record_make(const struct message *message, struct alert_record *out)
{
    struct alert_record record = {
        .self = make_reference(message->id),
        .seq = message->seq,
    };
    bool made = message->kind == MESSAGE_ALERT ? make_alert(message, &record)
                                               : make_cancel(message, &record);

    memcpy(record.key_id, message->key_id, sizeof record.key_id);
    snprintf(record.scope, sizeof record.scope, "%s", message->scope);
    if (made)
        *out = record;
    return made;
}

void alert_record_finish(struct alert_record *record)
{
    free(record->references);
    message_destroy(record->message);
}

void alert_records_finish(struct alert_records *table)
{
    for (size_t i = 0; i < table->count; i++)
        alert_record_finish(&table->items[i]);
    free(table->names.items);
    free(table->names.heads);
}

static int compare(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

int alert_record_compare_gravity(const struct alert_record *a,
                                 const struct alert_record *b)
{
    int drill = compare(a->status != ALERT_STATUS_ACTUAL,
                        b->status != ALERT_STATUS_ACTUAL);

    return drill ? drill : compare(a->level_rank, b->level_rank);
}

int alert_record_compare(const struct alert_record *a,
                         const struct alert_record *b)
{
    int order = alert_record_compare_gravity(a, b);

    if (order == 0)
        order = compare(a->urgency_rank, b->urgency_rank);
    if (order == 0)
        order = compare(b->order_ms, a->order_ms);
    if (order == 0)
        order = compare(b->seq, a->seq);
    if (order == 0)
        order = strcmp(a->self.id, b->self.id);
    if (order == 0)
        order = compare(a->status, b->status);
    return order ? order : strcmp(a->key_id, b->key_id);
}

bool alert_reference_is_same(const struct alert_reference *a,
                             const struct alert_reference *b)
{
    return a->hash == b->hash && strcmp(a->id, b->id) == 0;
}

bool alert_record_is_same_slot(const struct alert_record *a,
                               const struct alert_record *b)
{
    return a->status == b->status &&
           alert_reference_is_same(&a->self, &b->self) &&
           strcmp(a->key_id, b->key_id) == 0;
}

void alert_records_drop(struct alert_records *table,
                        struct alert_record *record)
{
    alert_record_finish(record);
    *record = table->items[--table->count];
}

static size_t count_names(const struct alert_records *table)
{
    size_t count = 0;

    for (size_t i = 0; i < table->count; i++)
        count += 1 + table->items[i].reference_count;
    return count;
}

/* Makes room for the ids and references of all records and for this many more.
 */
static bool reserve_names(struct alert_records *table, size_t more)
{
    struct alert_names *names = &table->names;
    size_t count = count_names(table) + more;

    if (count <= names->capacity)
        return true;
    size_t capacity = count + count / 2;
    struct alert_name *items = calloc(capacity, sizeof *items);
    uint32_t *heads = calloc(2 * capacity, sizeof *heads);
    if (!items || !heads) {
        free(items);
        free(heads);
        return false;
    }
    free(names->items);
    free(names->heads);
    *names = (struct alert_names){
        .items = items, .heads = heads, .capacity = capacity};
    return true;
}

/* The bucket of the id, or the free bucket for it. Half of the buckets are
 * free, so the search ends. */
static size_t find_bucket(const struct alert_names *names,
                          const struct alert_reference *id)
{
    size_t buckets = 2 * names->capacity;
    size_t bucket = id->hash % buckets;

    while (
        names->heads[bucket] != 0 &&
        !alert_reference_is_same(names->items[names->heads[bucket] - 1].id, id))
        bucket = (bucket + 1) % buckets;
    return bucket;
}

/* Adds the name. Returns the first record with that id, possibly this one. */
static size_t add_name(struct alert_names *names,
                       const struct alert_reference *id, size_t record)
{
    uint32_t *head = &names->heads[find_bucket(names, id)];
    struct alert_name *item = &names->items[names->count++];

    *item = (struct alert_name){.id = id, .record = (uint32_t)record};
    if (*head == 0) {
        *head = (uint32_t)names->count;
        return record;
    }
    struct alert_name *first = &names->items[*head - 1];
    item->next = first->next;
    first->next = (uint32_t)names->count;
    return first->record;
}

bool alert_records_inherit(struct alert_records *table,
                           struct alert_record *cancel,
                           const struct alert_record *cancelled)
{
    size_t own = cancel->reference_count;
    size_t more = cancelled->reference_count;

    if (own + more > ALERT_RECORD_REFERENCES_MAX)
        more = ALERT_RECORD_REFERENCES_MAX - own;
    if (more == 0)
        return true;
    if (!reserve_names(table, more))
        return false;
    struct alert_reference *all = realloc(cancel->references,
                                          (own + more) * sizeof *all);
    if (!all)
        return false;
    memcpy(all + own, cancelled->references, more * sizeof *all);
    cancel->references = all;
    cancel->reference_count = own + more;
    return true;
}

static bool names(const struct alert_record *record,
                  const struct alert_reference *id)
{
    for (size_t i = 0; i < record->reference_count; i++)
        if (alert_reference_is_same(&record->references[i], id))
            return true;
    return false;
}

bool alert_records_cover(const struct alert_records *table,
                         const struct alert_record *record, const char *scope)
{
    return trust_covers_alert(&table->trust, record->key_id, scope);
}

/* Notes for each record whether it may affect this alert: a drill does not
 * affect an actual alert, an actual message may affect drills, a record in
 * quarantine affects nothing yet, and a key affects only alerts that it could
 * have sent itself. Returns whether anything changed. */
static bool choose_speakers(struct alert_records *table,
                            const struct alert_record *alert)
{
    bool changed = false;

    for (size_t i = 0; i < table->count; i++) {
        struct alert_record *record = &table->items[i];
        bool speaks = record->state != LIFECYCLE_HELD &&
                      (record->status == alert->status ||
                       record->status == ALERT_STATUS_ACTUAL) &&
                      alert_records_cover(table, record, alert->scope);
        changed |= speaks != record->speaks;
        record->speaks = speaks;
    }
    return changed;
}

static void merge(struct alert_records *table, size_t from, size_t into)
{
    for (size_t i = 0; from != into && i < table->count; i++)
        if (table->items[i].chain == from)
            table->items[i].chain = into;
}

/* Gives the same label to all chosen records that have or reference the same
 * id. */
static void label_chains(struct alert_records *table)
{
    struct alert_record *records = table->items;
    struct alert_names *all = &table->names;

    memset(all->heads, 0, 2 * all->capacity * sizeof *all->heads);
    all->count = 0;
    for (size_t i = 0; i < table->count; i++) {
        struct alert_record *record = &records[i];
        record->chain = i;
        if (!record->speaks)
            continue;
        for (size_t n = 0; n <= record->reference_count; n++) {
            const struct alert_reference *id = n == 0
                                                   ? &record->self
                                                   : &record->references[n - 1];
            size_t first = add_name(all, id, i);
            merge(table, record->chain, records[first].chain);
        }
    }
}

/* Times are in whole seconds. If two alerts are of the same second, the one
 * that references the other is newer. */
static bool is_named_by_peer(const struct alert_records *table,
                             const struct alert_record *record)
{
    const struct alert_names *all = &table->names;

    for (uint32_t at = all->heads[find_bucket(all, &record->self)]; at != 0;
         at = all->items[at - 1].next) {
        const struct alert_record *peer =
            &table->items[all->items[at - 1].record];
        if (peer->order_ms == record->order_ms &&
            !alert_reference_is_same(&peer->self, &record->self) &&
            !names(record, &peer->self))
            return true;
    }
    return false;
}

/* In the same second a cancel is the newest: an update can be followed by its
 * cancel within a second, but a cancelled alert is not updated again. */
static bool is_newer(const struct alert_records *table,
                     const struct alert_record *a, const struct alert_record *b)
{
    if (a->order_ms != b->order_ms)
        return a->order_ms > b->order_ms;
    if (a->is_cancel != b->is_cancel)
        return a->is_cancel;
    bool a_is_named = is_named_by_peer(table, a);
    bool b_is_named = is_named_by_peer(table, b);
    if (a_is_named != b_is_named)
        return b_is_named;
    if (a->seq != b->seq)
        return a->seq > b->seq;
    int order = strcmp(a->self.id, b->self.id);
    if (order == 0 && a->status != b->status)
        return a->status < b->status;
    return (order ? order : strcmp(a->key_id, b->key_id)) > 0;
}

static void find_winners(struct alert_records *table)
{
    struct alert_record *records = table->items;

    for (size_t i = 0; i < table->count; i++)
        records[i].winner = LIFECYCLE_RECORDS_MAX;
    for (size_t i = 0; i < table->count; i++) {
        size_t *winner = &records[records[i].chain].winner;
        if (records[i].speaks &&
            (*winner == LIFECYCLE_RECORDS_MAX ||
             is_newer(table, &records[i], &records[*winner])))
            *winner = i;
    }
}

static void tell(struct alert_records *table, struct alert_record *record,
                 void *context)
{
    struct alert_record *records = table->items;
    struct alert_record *winner = &records[records[record->chain].winner];
    struct board_ended_queue *ended = context;

    if (winner == record) {
        alert_records_apply(table, record, LIFECYCLE_LEADS, ended);
    } else if (winner->is_cancel) {
        alert_records_apply(table, record, LIFECYCLE_WITHDRAWN, ended);
    } else {
        if (record->state == LIFECYCLE_LIVE && record->shown)
            winner->shown = true;
        alert_records_apply(table, record, LIFECYCLE_OVERTAKEN, ended);
    }
}

/* All alerts of the same status and scope are affected by the same records. */
static void visit_like(struct alert_records *table,
                       const struct alert_record *alert, alert_visit *visit,
                       void *context)
{
    for (size_t i = 0; i < table->count; i++) {
        struct alert_record *record = &table->items[i];
        if (record->visited || record->status != alert->status ||
            strcmp(record->scope, alert->scope) != 0)
            continue;
        record->visited = true;
        visit(table, record, context);
    }
}

void alert_records_visit_chains(struct alert_records *table, alert_visit *visit,
                                void *context)
{
    bool labelled = false;

    for (size_t i = 0; i < table->count; i++) {
        struct alert_record *record = &table->items[i];
        record->visited = record->is_cancel || record->state == LIFECYCLE_HELD;
    }
    for (size_t i = 0; i < table->count; i++) {
        if (table->items[i].visited)
            continue;
        if (choose_speakers(table, &table->items[i]) || !labelled) {
            label_chains(table);
            find_winners(table);
        }
        labelled = true;
        visit_like(table, &table->items[i], visit, context);
    }
}

void alert_records_resolve(struct alert_records *table,
                           struct board_ended_queue *ended)
{
    alert_records_visit_chains(table, tell, ended);
}

static bool may_be_forgotten(const struct alert_record *record)
{
    return record->is_cancel ? record->state != LIFECYCLE_HELD
                             : record->message == NULL;
}

static const char *busiest_key(const struct alert_records *table)
{
    struct key_tally tally = {.count = 0};

    for (size_t i = 0; i < table->count; i++)
        if (may_be_forgotten(&table->items[i]))
            key_tally_add(&tally, table->items[i].key_id);
    return key_tally_busiest(&tally);
}

/* The oldest record that is over, of the key that has the most of them. */
static struct alert_record *find_forgettable(struct alert_records *table)
{
    const char *key_id = busiest_key(table);
    struct alert_record *oldest = NULL;

    for (size_t i = 0; i < table->count; i++) {
        struct alert_record *record = &table->items[i];
        if (may_be_forgotten(record) && strcmp(record->key_id, key_id) == 0 &&
            (!oldest || record->order_ms < oldest->order_ms))
            oldest = record;
    }
    return oldest;
}

static void forget(struct alert_records *table, struct alert_record *record)
{
    const struct watermark watermark = watermark_of(record->key_id,
                                                    record->credible_ms);

    watermarks_raise(&table->watermarks, &watermark);
    alert_records_drop(table, record);
}

/* A replaced alert is displaced first, then the least grave. */
static bool gives_way_before(const struct alert_record *a,
                             const struct alert_record *b)
{
    bool a_is_replaced = a->state == LIFECYCLE_REPLACED;

    if (a_is_replaced != (b->state == LIFECYCLE_REPLACED))
        return a_is_replaced;
    return alert_record_compare(a, b) > 0;
}

/* The least grave accepted alert that the record may displace, and the number
 * of accepted alerts, without those of the record's own slot. */
static struct alert_record *find_least(struct alert_records *table,
                                       const struct alert_record *record,
                                       size_t *count)
{
    struct alert_record *least = NULL;

    *count = 0;
    for (size_t i = 0; i < table->count; i++) {
        struct alert_record *other = &table->items[i];
        if (other->is_cancel || !other->message ||
            other->state == LIFECYCLE_HELD ||
            alert_record_is_same_slot(other, record))
            continue;
        ++*count;
        if (!alert_records_cover(table, record, other->scope))
            continue;
        if (!least || gives_way_before(other, least))
            least = other;
    }
    return least;
}

/* The message that waits for the latest time is dropped first. */
static bool waits_longer(const struct alert_record *a,
                         const struct alert_record *b)
{
    if (a->ahead_ms != b->ahead_ms)
        return a->ahead_ms > b->ahead_ms;
    return !a->is_cancel && alert_record_compare(a, b) > 0;
}

/* The record in quarantine that is dropped first, alert or cancel, and the
 * number of records there, without those of the record's own slot. */
static struct alert_record *find_longest(struct alert_records *table,
                                         const struct alert_record *record,
                                         size_t *count)
{
    struct alert_record *longest = NULL;

    *count = 0;
    for (size_t i = 0; i < table->count; i++) {
        struct alert_record *other = &table->items[i];
        if (other->state != LIFECYCLE_HELD ||
            alert_record_is_same_slot(other, record))
            continue;
        ++*count;
        if (!longest || waits_longer(other, longest))
            longest = other;
    }
    return longest;
}

/* Quarantine has its own limit, so a message whose time is not plausible yet
 * never displaces an accepted one and never causes one to be refused. */
static bool make_room_to_wait(struct alert_records *table,
                              const struct alert_record *record,
                              struct board_ended_queue *ended,
                              struct problem *problem)
{
    size_t count;
    struct alert_record *longest = find_longest(table, record, &count);

    if (count < LIFECYCLE_HELD_MAX)
        return true;
    if (waits_longer(record, longest))
        return problem_set(problem, PROBLEM_TOO_LARGE,
                           "%d messages wait for their time, all of them for a "
                           "nearer one",
                           LIFECYCLE_HELD_MAX);
    if (!longest->is_cancel)
        alert_records_apply(table, longest, LIFECYCLE_CROWDED, ended);
    alert_records_drop(table, longest);
    return true;
}

static bool make_room_on_glass(struct alert_records *table,
                               const struct alert_record *record,
                               struct board_ended_queue *ended,
                               struct problem *problem)
{
    size_t count;
    struct alert_record *least = find_least(table, record, &count);

    if (count < LIFECYCLE_ALERTS_MAX)
        return true;
    if (!least || gives_way_before(record, least))
        return problem_set(problem, PROBLEM_TOO_LARGE,
                           "%d alerts are in force, none of them less grave "
                           "that this key could have sent",
                           LIFECYCLE_ALERTS_MAX);
    alert_records_apply(table, least, LIFECYCLE_CROWDED, ended);
    return true;
}

void alert_records_crowd_in(struct alert_records *table,
                            struct alert_record *record,
                            struct board_ended_queue *ended)
{
    if (!record->is_cancel && record->message &&
        !make_room_on_glass(table, record, ended, NULL))
        alert_records_apply(table, record, LIFECYCLE_CROWDED, ended);
}

_Static_assert(LIFECYCLE_RECORDS_MAX >
                   LIFECYCLE_ALERTS_MAX + LIFECYCLE_HELD_MAX,
               "of a full memory something can be forgotten");

bool alert_records_make_room(struct alert_records *table,
                             const struct alert_record *record, bool held,
                             struct board_ended_queue *ended,
                             struct problem *problem)
{
    if (!reserve_names(table, 1 + record->reference_count))
        return problem_set(problem, PROBLEM_SYSTEM, "no memory");
    if (record->order_ms <=
        watermarks_over_alert(&table->watermarks, &table->trust, record->scope))
        return problem_set(problem, PROBLEM_STALE,
                           "older than what this screen remembers");
    if (held && !make_room_to_wait(table, record, ended, problem))
        return false;
    if (!held && !record->is_cancel && record->message &&
        !make_room_on_glass(table, record, ended, problem))
        return false;
    if (table->count == LIFECYCLE_RECORDS_MAX)
        forget(table, find_forgettable(table));
    return true;
}
