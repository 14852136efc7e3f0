/* Requests on their way to the broker: publishes, each of which ends exactly
 * once, and the number of subscriptions without an answer. Also when Paho's
 * sender is woken because of them. No lock, no clock: the owner has both. */
#ifndef GAOSHI_PROTOCOL_IN_FLIGHT_H
#define GAOSHI_PROTOCOL_IN_FLIGHT_H

#include "protocol/link/link.h"

/* One publish. Paho keeps the address as its context, so it lives until Paho
 * called back, even when its end was told before because the line broke. */
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
    struct publish_list ended;   /* the end is to be told */
    struct publish_list told;    /* only Paho still holds them */
    size_t subscriptions;        /* without an answer */
    int64_t wake_ms;             /* monotonic; see in_flight_wake_due_ms */
    int64_t wake_step_ms;
};

/* One publish more; NULL: LINK_PENDING_MAX are not told yet, or no memory. */
struct publish *in_flight_add(struct in_flight *flight, struct link *link,
                              uint64_t token, int64_t now_ms);

/* Paho called back: it holds the publish no longer, nor may the caller. Does
 * not change an end that was settled before. */
void in_flight_answer(struct in_flight *flight, struct publish *publish,
                      enum link_result result, const char *reason,
                      int64_t now_ms);

/* Paho did not take the publish. True: it never was; false: its end was settled
 * meanwhile and is told. */
bool in_flight_cancel(struct in_flight *flight, struct publish *publish);

/* The line broke: what has no answer ends unconfirmed, and no subscription
 * waits for one. */
void in_flight_lose(struct in_flight *flight, const char *reason);

/* Takes the oldest end that is to be told. False: there is none. */
bool in_flight_take(struct in_flight *flight, uint64_t *token,
                    enum link_result *result, char reason[LINK_REASON_BYTES]);

/* A subscription was sent, or answered. */
void in_flight_subscribe(struct in_flight *flight, int64_t now_ms);
void in_flight_subscribed(struct in_flight *flight);

/* When Paho's sender is to be woken; INT64_MAX: nothing waits for an answer.
 * Soon after each request and answer, then ever more seldom. */
int64_t in_flight_wake_due_ms(const struct in_flight *flight);
void in_flight_woken(struct in_flight *flight, int64_t now_ms);

/* Frees all, once Paho holds none. */
void in_flight_finish(struct in_flight *flight);

#endif
