/* The inside of a link, shared by the files of this folder only. */
#ifndef GAOSHI_PROTOCOL_LINK_STATE_H
#define GAOSHI_PROTOCOL_LINK_STATE_H

#include "protocol/limits.h"
#include "protocol/link/link.h"
#include "protocol/link/tls.h"

#include <MQTTAsync.h>
#include <pthread.h>

enum {
    /* Bodies are far smaller: what a broker may send at most (MQTT 5). */
    LINK_PACKET_BYTES = 1024 * 1024,
    /* A broker that does not heed that, or does not know it (3.1.1): up to here
     * a packet is read and refused, so that one that is retained does not end
     * the line again and again; beyond, the line is cut before the body is
     * read. */
    LINK_CUT_BYTES = 8 * LINK_PACKET_BYTES,
};

/* One publish that Paho has not answered. Paho holds its address, so it
 * lives until Paho called back or its handle is destroyed, even when its end
 * was reported long ago because the line went. */
struct ticket {
    struct link *link;
    uint64_t token;
    bool reported;
    struct ticket *previous;
    struct ticket *next;
};

struct ticket_list {
    struct ticket *first;
    size_t count;
};

enum line_state {
    LINE_DOWN,   /* the keeper tries again at next_ms */
    LINE_TRYING, /* Paho connects; given up at next_ms */
    LINE_FAILED, /* Paho could not; the keeper looks why, and tells */
    LINE_UP,
    LINE_CLOSED, /* after a disconnect of our own */
};

/* What was wrong with the TLS of a broker when it was last looked at. */
struct fault {
    int64_t found_ms; /* monotonic; 0: never */
    struct tls_fault tls;
};

struct filter {
    struct link *link;
    char *text;
};

struct link {
    /* Constant once link_create has returned. */
    struct link_options options; /* strings are ours */
    struct link_callbacks callbacks;
    MQTTAsync client;
    bool tls;

    /* Guards every field below. Never held while Paho or a callback is
     * called: Paho calls us under a lock of its own. */
    pthread_mutex_t lock;
    pthread_cond_t changed; /* state, closing or pending */
    enum line_state state;
    bool started;
    bool closing;
    pthread_t keeper; /* valid once started */
    size_t broker;    /* index of the one in use or tried next */
    unsigned failures;
    unsigned short_lives; /* lines that broke soon after they came up */
    int64_t next_ms;      /* monotonic */
    int64_t attempt_ms;   /* when the last attempt began */
    int64_t up_since_ms;
    int64_t connect_ms;          /* so long the last connect took */
    uint32_t packet_limit_bytes; /* of this line's broker; 0: none told */
    struct filter filters[LINK_FILTER_MAX];
    size_t filter_count;
    struct ticket_list pending;  /* not reported */
    struct ticket_list reported; /* Paho has still to let go of them */
    size_t subscribing;          /* filters without an answer */
    int64_t nudge_ms;            /* monotonic: when Paho is woken */
    int64_t nudge_step_ms;
    int64_t heard_ms;    /* monotonic: the last word of the broker */
    int64_t asked_ms;    /* when it was asked for one; 0: it was not */
    int64_t patience_ms; /* so long it may take; 0: never connected */
    int calm_answers;    /* so many in a row came soon */
    char tls_error[TLS_REASON_BYTES];
    char failure[TLS_REASON_BYTES];       /* of LINE_FAILED */
    bool failure_is_final;                /* TLS is not looked at */
    bool is_unwelcome;                    /* of the last attempt */
    struct fault faults[LINK_BROKER_MAX]; /* the keeper's alone */
    char told[LINK_REASON_BYTES];         /* the reason last given */
};

int64_t link_now_ms(void);

/* line.c: the keeper's thread, connecting and what Paho says of the line. */
bool line_start_keeper(struct link *link);
void line_stop_keeper(struct link *link);
void line_close(struct link *link);
void line_set_callbacks(struct link *link);

/* is_final: no look at TLS can tell more than why. */
void line_attempt_failed(struct link *link, const char *why, bool is_final);

/* The broker is silent, or Paho has no connection any more: what there is of
 * one is closed, and a new one is made. The keeper's alone. */
void line_drop(struct link *link, const char *why);

/* pace.c: from the begin of an attempt to that of the next, at least so long
 * after its end, and how long it may take. Lock held. */
int64_t pace_step_ms(const struct link *link);
int64_t pace_least_ms(void);
int pace_limit_s(const struct link *link);

/* connect.c: a result of MQTTAsync_connect; failures that Paho tells later go
 * to line_attempt_failed. Paho looks at the limit every 3 to 4 s. */
int line_connect(struct link *link, size_t broker, int limit_s);

/* pulse.c: a broker that says nothing is asked, and one that does not answer
 * is given up. Lock held, but for pulse_heard. */
void pulse_begin(struct link *link);
void pulse_heard(struct link *link);
int64_t pulse_due_ms(const struct link *link);
void pulse_turn(struct link *link); /* lets go of the lock meanwhile */

/* wake.c: a request that changes nothing; its answer is heard by pulse_heard.
 * Lock not held. False: Paho has no connection. */
bool link_ask(struct link *link);

/* Paho's receiver looks often at a connection that is being made. */
void wake_for_connect(bool begins);

/* The size of the packet over which wake.c ended a line, once; 0: none. */
size_t wake_take_oversize(void);

/* Requests that Paho sleeps over are woken. Lock held. */
void nudge_expect(struct link *link);
bool nudge_is_wanted(const struct link *link);
void nudge_paho(struct link *link); /* lets go of the lock meanwhile */

/* tickets.c: publishes and their answers. */
void tickets_report_lost(struct link *link, const char *reason);
void tickets_wait_answered(struct link *link, int64_t limit_ms);
void tickets_free(struct link *link);

/* subscribe.c: filters, anew on every connect. */
void filters_subscribe(struct link *link, size_t first, size_t count);
void filters_free(struct link *link);

#endif
