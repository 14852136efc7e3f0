/* Requests that the broker has not answered: publishes, each of which ends
 * exactly once, and the number of subscriptions. Also computes when Paho's
 * sender must be woken for them. No lock and no clock: the owner has both. */
#ifndef GAOSHI_PROTOCOL_IN_FLIGHT_H
#define GAOSHI_PROTOCOL_IN_FLIGHT_H

#include "protocol/link/link.h"

/* One publish. Paho keeps its address as the context of callbacks, so it exists
 * until Paho called back, even if its end was reported before because the line
 * broke. */
struct publish {
    struct link *link;
    uint64_t token;
    bool is_held; /* by Paho */
    enum link_result result;
    char reason[LINK_REASON_BYTES];
    struct publish_list *list;
    struct publish *previous;
    struct publish *next;
};

struct publish_list {
    struct publish *first;
    struct publish *last;
    size_t count;
};

struct in_flight {
    struct publish_list pending; /* no answer yet */
    struct publish_list ended;   /* the end is to be reported */
    struct publish_list told;    /* reported; only Paho still holds them */
    size_t subscriptions;        /* without an answer */
    int64_t wake_ms;             /* monotonic; see in_flight_wake_due_ms */
    int64_t wake_step_ms;
};

/* Adds a publish. NULL: LINK_PENDING_MAX are not reported yet, or no memory. */
struct publish *in_flight_add(struct in_flight *flight, struct link *link,
                              uint64_t token, int64_t now_ms);

/* Paho called back. From now on neither Paho nor the caller may use the
 * publish. An end that was settled before does not change. */
void in_flight_answer(struct in_flight *flight, struct publish *publish,
                      enum link_result result, const char *reason,
                      int64_t now_ms);

/* Paho did not accept the publish. True: it is removed. False: its end was
 * settled meanwhile and is reported. */
bool in_flight_cancel(struct in_flight *flight, struct publish *publish);

/* The line broke: publishes without an answer end unconfirmed, and no
 * subscription is counted any more. */
void in_flight_lose(struct in_flight *flight, const char *reason);

/* Paho's client is gone, after in_flight_lose: it holds no publish any more. */
void in_flight_release(struct in_flight *flight);

/* Takes the oldest end that is to be reported. False: there is none. */
bool in_flight_take(struct in_flight *flight, uint64_t *token,
                    enum link_result *result, char reason[LINK_REASON_BYTES]);

/* A subscription was sent, or was answered. */
void in_flight_subscribe(struct in_flight *flight, int64_t now_ms);
void in_flight_subscribed(struct in_flight *flight);

/* When Paho's sender is to be woken; INT64_MAX: nothing waits for an answer.
 * Soon after each request and answer, then less and less often. */
int64_t in_flight_wake_due_ms(const struct in_flight *flight);
void in_flight_woken(struct in_flight *flight, int64_t now_ms);

/* Frees all publishes. Paho must hold none of them. */
void in_flight_finish(struct in_flight *flight);

#endif
