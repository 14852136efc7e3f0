/* The table of alerts and cancels: what the lifecycle remembers of each, the
 * states that they go through, the chains that they form, and the bounds. Pure.
 */
#ifndef GAOSHI_DISPLAY_ALERT_RECORDS_H
#define GAOSHI_DISPLAY_ALERT_RECORDS_H

#include "display/core/alerts/lifecycle.h"
#include "display/core/alerts/lifecycle_span.h"

enum lifecycle_state {
    LIFECYCLE_HELD,      /* in quarantine: its time is not believed yet */
    LIFECYCLE_WAITING,   /* believed, not effective yet */
    LIFECYCLE_LIVE,      /* in force */
    LIFECYCLE_REPLACED,  /* a newer one of its chain stands */
    LIFECYCLE_CANCELLED, /* for good */
    LIFECYCLE_EXPIRED,   /* for good */
    LIFECYCLE_DISPLACED, /* gave way to graver ones, for good */
    LIFECYCLE_STATE_COUNT
};

enum lifecycle_event {
    LIFECYCLE_BELIEVED,  /* its time is plausible on a trusted clock, or it came
                            over the line */
    LIFECYCLE_BEGAN,     /* effective */
    LIFECYCLE_LEADS,     /* it is the newest of its chain */
    LIFECYCLE_OVERTAKEN, /* an alert is the newest of its chain */
    LIFECYCLE_WITHDRAWN, /* a cancel is the newest of its chain */
    LIFECYCLE_RAN_OUT,   /* its end has come */
    LIFECYCLE_CROWDED,   /* too many, and this is the least grave */
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

/* A cancel's own references and those of what it cancels. */
enum { ALERT_RECORD_REFERENCES_MAX = 2 * LIMIT_REFERENCES };

struct alert_record {
    struct alert_reference self;
    char key_id[LIMIT_KEY_ID_BYTES + 1]; /* who signed it */
    char scope[SCOPE_BYTES];             /* to whom */
    enum alert_status status;
    bool is_cancel;
    enum alert_level level; /* of an alert */
    int level_rank;         /* 0: gravest */
    int urgency_rank;       /* 0: most urgent */
    int64_t seq;
    uint64_t body_hash;
    int64_t order_ms;    /* place in the chain: sent or issued, the earlier */
    int64_t ahead_ms;    /* sent or issued, the later */
    int64_t credible_ms; /* the order, but no later than it came */
    struct alert_reference *references; /* owned */
    size_t reference_count;

    struct message *message; /* owned; NULL once it is over */
    struct lifecycle_span span;
    enum lifecycle_state state; /* a cancel is HELD, WAITING or LIVE */
    bool fresh;                 /* believed just now, takes effect next */
    bool waits_for_sign; /* held, came over the line, and its end is doubtful */
    bool silent;         /* it came just now: its end is an answer, not news */
    bool shown;          /* it, or what it replaced, has been on the glass */
    bool cleared; /* a cancel took it off the glass just now: the message is
                     there until 解除 is told */

    /* While chains are looked at: */
    bool visited;
    bool speaks;   /* it may say something of the alerts at hand */
    size_t chain;  /* label */
    size_t winner; /* by label: the newest of the chain */
    bool reopens;  /* it was over only because of who is not believed */
};

/* Fills *out but the message, state and span. False: no memory. */
bool alert_record_make(const struct message *message, struct alert_record *out);
void alert_record_finish(struct alert_record *record);

/* An id that a record bears or names. */
struct alert_name {
    const struct alert_reference *id; /* borrowed */
    uint32_t record;
    uint32_t next; /* item + 1 that is the same id again; 0: none */
};

/* Which records bear or name an id. With it the search for chains takes as long
 * as there are references, and not the square of that. Valid while no record
 * moves. */
struct alert_names {
    struct alert_name *items; /* owned, as the next */
    uint32_t *heads;          /* twice as many: item + 1; 0: none */
    size_t count, capacity;
};

/* Zeroed but for trust is empty. */
struct alert_records {
    struct trust trust; /* who may speak of whose alerts */
    struct alert_record items[LIFECYCLE_RECORDS_MAX];
    size_t count;
    struct watermarks watermarks; /* of what was forgotten */
    struct alert_names names;
    unsigned ends; /* counts what was in force and is over */
};

void alert_records_finish(struct alert_records *table);

/* A cancel ends the whole chain of what it cancels, also when it does not
 * repeat that one's references. False: no memory. */
bool alert_records_inherit(struct alert_records *table,
                           struct alert_record *cancel,
                           const struct alert_record *cancelled);

/* Applies one event to one record: state, message, news. */
void alert_records_apply(struct alert_records *table,
                         struct alert_record *record,
                         enum lifecycle_event event,
                         struct board_ended_queue *ended);

/* Whether the record may end, change or replace an alert of the scope: its key
 * could have sent one there itself. */
bool alert_records_cover(const struct alert_records *table,
                         const struct alert_record *record, const char *scope);

/* Calls visit for each alert that is not in quarantine, after its chain was
 * found: all records that may say something about it and hang together have the
 * same chain label, and the record at that label knows the winner. No record
 * may move meanwhile. */
typedef void alert_visit(struct alert_records *table,
                         struct alert_record *record, void *context);
void alert_records_visit_chains(struct alert_records *table, alert_visit *visit,
                                void *context);

/* Finds the chains and tells every alert what the newest of its chain says. */
void alert_records_resolve(struct alert_records *table,
                           struct board_ended_queue *ended);

bool alert_reference_is_same(const struct alert_reference *a,
                             const struct alert_reference *b);
bool alert_record_is_same_slot(const struct alert_record *a,
                               const struct alert_record *b);

/* Whether the alert is on the glass or may still come there. */
bool alert_record_is_in_force(const struct alert_record *record);

/* Takes a record out; the last one moves into the gap. */
void alert_records_drop(struct alert_records *table,
                        struct alert_record *record);

/* held: it goes into quarantine. False: the message is refused, and nothing
 * changed. */
bool alert_records_make_room(struct alert_records *table,
                             const struct alert_record *record, bool held,
                             struct board_ended_queue *ended,
                             struct problem *problem);

/* Makes room on the glass for an alert that comes out of quarantine. Where
 * there is none, the alert itself gives way. */
void alert_records_crowd_in(struct alert_records *table,
                            struct alert_record *record,
                            struct board_ended_queue *ended);

/* An actual alert before drills, then by level. < 0: a is graver. */
int alert_record_compare_gravity(const struct alert_record *a,
                                 const struct alert_record *b);

/* Which alert leads: gravity, urgency, the newest. A total order; < 0: a. */
int alert_record_compare(const struct alert_record *a,
                         const struct alert_record *b);

#endif
