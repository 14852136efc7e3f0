/* What the lifecycle remembers of one message and the table of states; shared
 * by the lifecycle's own files, nobody else includes it. */
#ifndef GAOSHI_DISPLAY_LIFECYCLE_RECORD_H
#define GAOSHI_DISPLAY_LIFECYCLE_RECORD_H

#include "display/core/alerts/lifecycle.h"
#include "display/core/alerts/lifecycle_names.h"
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

struct lifecycle_record {
    struct lifecycle_reference self;
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
    struct lifecycle_reference *references; /* owned */
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
bool lifecycle_record_make(const struct message *message,
                           struct lifecycle_record *out);
void lifecycle_record_finish(struct lifecycle_record *record);

/* A cancel ends the whole chain of what it cancels, also when it does not
 * repeat that one's references. False: no memory. */
bool lifecycle_record_inherit(struct lifecycle_record *cancel,
                              const struct lifecycle_record *cancelled);

struct lifecycle {
    struct lifecycle_options options;
    struct lifecycle_record records[LIFECYCLE_RECORDS_MAX];
    size_t count;
    struct floors floors; /* of what was forgotten */

    const struct message *list[LIFECYCLE_ALERTS_MAX];
    size_t list_count;

    struct lifecycle_names names; /* while chains are resolved */

    unsigned ends; /* counts what was in force and is over */

    struct message *clear;        /* owned; the cancel that stands as 解除 */
    enum alert_level clear_level; /* of the gravest that it ended */
    int64_t clear_until_mono_ms;
};

/* 解除 stands no longer. */
void lifecycle_end_clear(struct lifecycle *lifecycle);

/* Applies one event to one record: state, message, news. */
void lifecycle_apply(struct lifecycle *lifecycle,
                     struct lifecycle_record *record,
                     enum lifecycle_event event,
                     struct board_ended_queue *ended);

/* Whether the record may end, change or replace an alert of the scope: its key
 * could have sent one there itself. */
bool lifecycle_covers(const struct lifecycle *lifecycle,
                      const struct lifecycle_record *record, const char *scope);

/* Calls visit for each alert that is not held back, with the chain that it is
 * in: of those that may say something of it all that hang together have the
 * same label, and the winner stands at that label. No record may move
 * meanwhile. */
typedef void lifecycle_visit(struct lifecycle *lifecycle,
                             struct lifecycle_record *record, void *context);
void lifecycle_visit_chains(struct lifecycle *lifecycle, lifecycle_visit *visit,
                            void *context);

/* Finds the chains and tells every alert what the newest of its chain says. */
void lifecycle_resolve(struct lifecycle *lifecycle,
                       struct board_ended_queue *ended);

bool lifecycle_is_same_slot(const struct lifecycle_record *a,
                            const struct lifecycle_record *b);

/* Whether it may, or may come to, be on the glass. */
bool lifecycle_is_in_force(const struct lifecycle_record *record);

/* Takes a record out; the last one moves into the gap. */
void lifecycle_drop(struct lifecycle *lifecycle,
                    struct lifecycle_record *record);

/* Its time is believed; it takes effect at the next lifecycle_enter. */
void lifecycle_believe(struct lifecycle *lifecycle,
                       struct lifecycle_record *record,
                       struct board_ended_queue *ended);

/* The clock is not trusted and says that the alert is over, and no tick says
 * that it is not: what the broker held back until now would look the same. */
bool lifecycle_end_is_doubtful(const struct lifecycle_record *record,
                               const struct moment *now);

/* What is fresh takes effect: it ends what it replaces or cancels. */
void lifecycle_enter(struct lifecycle *lifecycle, const struct moment *now,
                     struct board_ended_queue *ended);

/* What was news is none any more: 解除 was told, or is not to be. */
void lifecycle_forget_freshness(struct lifecycle *lifecycle);

/* Keeps the record in quarantine; of a slot only the newest waits. Returns
 * whether an older message of the slot stays in effect meanwhile. */
bool lifecycle_hold(struct lifecycle *lifecycle,
                    const struct lifecycle_record *record);

/* held: it goes into quarantine. False: the message is refused, and nothing
 * changed. */
bool lifecycle_make_room(struct lifecycle *lifecycle,
                         const struct lifecycle_record *record, bool held,
                         struct board_ended_queue *ended,
                         struct problem *problem);

/* The same for an alert that comes out of quarantine, which gives way itself
 * where there is no room for it. */
void lifecycle_crowd_in(struct lifecycle *lifecycle,
                        struct lifecycle_record *record,
                        struct board_ended_queue *ended);

/* An actual alert before drills, then by level. < 0: a is graver. */
int lifecycle_record_compare_gravity(const struct lifecycle_record *a,
                                     const struct lifecycle_record *b);

/* Which alert leads: gravity, urgency, the newest. A total order; < 0: a. */
int lifecycle_record_compare(const struct lifecycle_record *a,
                             const struct lifecycle_record *b);

#endif
