/* Makes records out of messages, and moves them through the one table of
 * states. */
#include "display/core/alerts/lifecycle_record.h"

#include "base/timestamp.h"
#include "display/core/validation/ledger.h"
#include "protocol/alert_life.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* An event that is not listed leaves the state as it is. CANCELLED, EXPIRED
 * and DISPLACED have no way back: nothing that ended is raised again. */
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
    bool in_force;      /* it is, or may come to be, on the glass */
    const char *ending; /* what receipts call the way into it */
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

/* An unknown level ranks with yellow, where urgency and age decide: never below
 * blue, never before orange. */
static const int level_ranks[ALERT_LEVEL_COUNT] = {
    [ALERT_LEVEL_RED] = 0,  [ALERT_LEVEL_ORANGE] = 1,  [ALERT_LEVEL_YELLOW] = 2,
    [ALERT_LEVEL_BLUE] = 3, [ALERT_LEVEL_UNKNOWN] = 2,
};

/* Unknown is what nearly all Chinese alerts say: it stands in the middle. */
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

bool lifecycle_is_in_force(const struct lifecycle_record *record)
{
    return states[record->state].in_force;
}

void lifecycle_apply(struct lifecycle *lifecycle,
                     struct lifecycle_record *record,
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
        lifecycle->ends++;
    }
    record->state = to;
    record->cleared = event == LIFECYCLE_WITHDRAWN && from == LIFECYCLE_LIVE &&
                      record->shown;
    if (!states[to].in_force && to != LIFECYCLE_REPLACED && !record->cleared) {
        message_destroy(record->message);
        record->message = NULL;
    }
}

static struct lifecycle_reference make_reference(const char *id)
{
    struct lifecycle_reference reference = {
        .hash = ledger_hash(id, strlen(id))};

    strncpy(reference.id, id, sizeof reference.id - 1);
    return reference;
}

static bool copy_references(const char *const *ids, size_t count,
                            struct lifecycle_record *record)
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
                       struct lifecycle_record *record)
{
    const struct alert *alert = &message->alert;
    int64_t sent_ms = alert_life_sent_ms(message);

    record->status = alert->status;
    record->level = alert->level;
    record->level_rank = level_ranks[alert->level];
    record->urgency_rank = urgency_ranks[alert->urgency];
    record->order_ms = earlier(sent_ms, message->issued_ms);
    record->ahead_ms = later(sent_ms, message->issued_ms);
    return copy_references(alert->references, alert->reference_count, record);
}

static bool make_cancel(const struct message *message,
                        struct lifecycle_record *record)
{
    const struct alert_cancel *cancel = &message->cancel;

    record->status = cancel->status;
    record->is_cancel = true;
    record->order_ms = message->issued_ms;
    record->ahead_ms = message->issued_ms;
    return copy_references(cancel->references, cancel->reference_count, record);
}

bool lifecycle_record_make(const struct message *message,
                           struct lifecycle_record *out)
{
    struct lifecycle_record record = {
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

void lifecycle_record_finish(struct lifecycle_record *record)
{
    free(record->references);
    message_destroy(record->message);
}

bool lifecycle_record_inherit(struct lifecycle_record *cancel,
                              const struct lifecycle_record *cancelled)
{
    size_t own = cancel->reference_count;
    size_t more = cancelled->reference_count;

    if (own + more > LIFECYCLE_REFERENCES_MAX)
        more = LIFECYCLE_REFERENCES_MAX - own;
    if (more == 0)
        return true;
    struct lifecycle_reference *all = realloc(cancel->references,
                                              (own + more) * sizeof *all);
    if (!all)
        return false;
    memcpy(all + own, cancelled->references, more * sizeof *all);
    cancel->references = all;
    cancel->reference_count = own + more;
    return true;
}

static int compare(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

int lifecycle_record_compare_gravity(const struct lifecycle_record *a,
                                     const struct lifecycle_record *b)
{
    int drill = compare(a->status != ALERT_STATUS_ACTUAL,
                        b->status != ALERT_STATUS_ACTUAL);

    return drill ? drill : compare(a->level_rank, b->level_rank);
}

int lifecycle_record_compare(const struct lifecycle_record *a,
                             const struct lifecycle_record *b)
{
    int order = lifecycle_record_compare_gravity(a, b);

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
