/* What Paho's thread tells, queued for the command's own thread: the only
 * object of the publisher that two threads touch. */
#ifndef GAOSHI_PUBLISHER_EVENTS_H
#define GAOSHI_PUBLISHER_EVENTS_H

#include "protocol/link/link.h"
#include "protocol/receipt.h"
#include "protocol/topic.h"

enum event_kind {
    EVENT_CONNECTED,
    EVENT_DISCONNECTED, /* text: why */
    EVENT_SUBSCRIBED,   /* granted */
    EVENT_PUBLISHED,    /* token, result, text: why not */
    EVENT_RECEIPT,
    EVENT_HEARD, /* topic, text: first line of a tick or an index */
};

struct event {
    enum event_kind kind;
    bool granted;
    uint64_t token;
    enum link_result result;
    char text[LINK_REASON_BYTES];
    struct receipt receipt;
    enum topic_kind topic;
    struct event *next; /* of the queue */
};

struct events;

struct events *events_create(void); /* NULL: no memory, no eventfd */
void events_destroy(struct events *events);

/* For link_create. */
struct link_callbacks events_callbacks(struct events *events);

/* The oldest event; waits for one until deadline_ms (events_now_ms). False:
 * none came. */
bool events_wait(struct events *events, int64_t deadline_ms, struct event *out);

/* Readable while an event is queued; for poll. */
int events_fd(const struct events *events);

int64_t events_now_ms(void); /* monotonic */

#endif
