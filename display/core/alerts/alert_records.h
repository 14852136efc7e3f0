/* The table of alerts and cancels: the record of each, the states of records,
 * the chains that they form, and the limits. Pure. */
#ifndef GAOSHI_DISPLAY_ALERT_RECORDS_H
#define GAOSHI_DISPLAY_ALERT_RECORDS_H

#include "display/core/alerts/lifecycle.h"
#include "display/core/alerts/lifecycle_span.h"

enum lifecycle_state {
    LIFECYCLE_HELD,      /* in quarantine: its time is not accepted yet */
    LIFECYCLE_WAITING,   /* accepted, not effective yet */
    LIFECYCLE_LIVE,      /* in force */
    LIFECYCLE_REPLACED,  /* a newer alert of its chain is in force */
    LIFECYCLE_CANCELLED, /* final */
    LIFECYCLE_EXPIRED,   /* final */
    LIFECYCLE_DISPLACED, /* displaced by graver alerts; final */
    LIFECYCLE_STATE_COUNT
};

enum lifecycle_event {
    LIFECYCLE_BELIEVED,  /* its time is plausible on a trusted clock, or it came
                            live */
    LIFECYCLE_BEGAN,     /* its effective time has come */
    LIFECYCLE_LEADS,     /* it is the newest of its chain */
    LIFECYCLE_OVERTAKEN, /* an alert is the newest of its chain */
    LIFECYCLE_WITHDRAWN, /* a cancel is the newest of its chain */
    LIFECYCLE_RAN_OUT,   /* its end has come */
    LIFECYCLE_CROWDED,   /* too many alerts, and this is the least grave */
    LIFECYCLE_EVENT_COUNT
};

/* The one table of transitions. */
enum lifecycle_state lifecycle_next_state(enum lifecycle_state state,
                                          enum lifecycle_event event);

const char *lifecycle_state_name(enum lifecycle_state state);
const char *lifecycle_event_name(enum lifecycle_event event);

struct alert_reference {
    uint64_t hash;
    char id[LIMIT_IDENTIFIER_BYTES + 1];
};

/* A cancel's own references and those of the alert that it cancels. */
enum { ALERT_RECORD_REFERENCES_MAX = 2 * LIMIT_REFERENCES };

struct alert_record {
    struct alert_reference self;
    char key_id[LIMIT_KEY_ID_BYTES + 1]; /* who signed it */
    char scope[SCOPE_BYTES];             /* its scope */
    enum alert_status status;
    bool is_cancel;
    enum alert_level level; /* of an alert */
    int level_rank;         /* 0: gravest */
    int urgency_rank;       /* 0: most urgent */
    int64_t seq;
    uint64_t body_hash;
    int64_t order_ms; /* place in the chain: the earlier of sent and issued */
    int64_t ahead_ms; /* the later of sent and issued */
    int64_t credible_ms; /* order_ms, but no later than its arrival */
    struct alert_reference *references; /* owned */
    size_t reference_count;

    struct message *message; /* owned; NULL once it is over */
    struct lifecycle_span span;
    enum lifecycle_state state; /* a cancel is HELD, WAITING or LIVE */
    bool fresh;                 /* accepted just now, takes effect next */
    bool waits_for_sign; /* held, came live, and it may already be over */
    bool silent;  /* it came just now: its end is part of the answer, not an
                     event */
    bool shown;   /* it or an alert that it replaced was shown */
    bool cleared; /* a cancel ended it just now; the message is kept until 解除
                     begins */

    /* Used while chains are searched: */
    bool visited;
    bool speaks;  /* it may affect the alert that is looked at */
    size_t chain; /* label */
    size_t
        winner;   /* index: label of a chain; the newest record of that chain */
    bool reopens; /* it was over only because of a key that is no longer trusted
                   */
};

/* Fills *out except message, state and span. False: no memory. */
bool alert_record_make(const struct message *message, struct alert_record *out);
void alert_record_finish(struct alert_record *record);

/* An id that a record has or references. */
struct alert_name {
    const struct alert_reference *id; /* borrowed */
    uint32_t record;
    uint32_t next; /* index + 1 of the next item with the same id; 0: none */
};

/* Which records have or reference an id. With this hash table the search for
 * chains takes time in proportion to the number of references, not to its
 * square. Valid while no record moves. */
struct alert_names {
    struct alert_name *items; /* owned, like heads */
    uint32_t *heads; /* 2 × capacity entries: index of an item + 1; 0: none */
    size_t count, capacity;
};

/* Empty when all fields but trust are zero. */
struct alert_records {
    struct trust trust; /* which key may affect which alerts */
    struct alert_record items[LIFECYCLE_RECORDS_MAX];
    size_t count;
    struct watermarks watermarks; /* how far records were forgotten */
    struct alert_names names;
    unsigned ends; /* counts alerts that were in force and ended */
};

void alert_records_finish(struct alert_records *table);

/* Adds the references of the cancelled alert to the cancel, so that it ends the
 * whole chain even if it does not repeat them. False: no memory. */
bool alert_records_inherit(struct alert_records *table,
                           struct alert_record *cancel,
                           const struct alert_record *cancelled);

/* Applies one event to one record: changes its state, frees its message,
 * reports its end. */
void alert_records_apply(struct alert_records *table,
                         struct alert_record *record,
                         enum lifecycle_event event,
                         struct board_ended_queue *ended);

/* Whether the record may end, change or replace an alert of the scope: its key
 * must be able to send an alert there. */
bool alert_records_cover(const struct alert_records *table,
                         const struct alert_record *record, const char *scope);

/* Finds the chains and calls visit for each alert that is not in quarantine.
 * All connected records that may affect the alert have the same chain label,
 * and the record at that index knows the winner. No record may move meanwhile.
 */
typedef void alert_visit(struct alert_records *table,
                         struct alert_record *record, void *context);
void alert_records_visit_chains(struct alert_records *table, alert_visit *visit,
                                void *context);

/* Finds the chains and applies the newest record of each chain to its alerts.
 */
void alert_records_resolve(struct alert_records *table,
                           struct board_ended_queue *ended);

bool alert_reference_is_same(const struct alert_reference *a,
                             const struct alert_reference *b);
bool alert_record_is_same_slot(const struct alert_record *a,
                               const struct alert_record *b);

/* Whether the alert is shown or may still be shown. */
bool alert_record_is_in_force(const struct alert_record *record);

/* Removes a record; the last record moves into its place. */
void alert_records_drop(struct alert_records *table,
                        struct alert_record *record);

/* Makes room for a record; held: in quarantine. False: the message is refused
 * and nothing changed. */
bool alert_records_make_room(struct alert_records *table,
                             const struct alert_record *record, bool held,
                             struct board_ended_queue *ended,
                             struct problem *problem);

/* Makes room for an alert that leaves quarantine. If there is none, this alert
 * is displaced. */
void alert_records_crowd_in(struct alert_records *table,
                            struct alert_record *record,
                            struct board_ended_queue *ended);

/* An actual alert is graver than a drill, then the level counts. < 0: a is
 * graver. */
int alert_record_compare_gravity(const struct alert_record *a,
                                 const struct alert_record *b);

/* Which alert leads: by gravity, urgency, then the newest. A total order; < 0:
 * a leads. */
int alert_record_compare(const struct alert_record *a,
                         const struct alert_record *b);

#endif
