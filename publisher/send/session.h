/* A command's line to the broker. The link's thread queues what happens on it
 * as events, which the command takes in its own thread. No other object of the
 * publisher is shared by two threads. */
#ifndef GAOSHI_PUBLISHER_SESSION_H
#define GAOSHI_PUBLISHER_SESSION_H

#include "protocol/link/link.h"
#include "protocol/receipt.h"
#include "protocol/reply.h"
#include "protocol/topic.h"
#include "publisher/cli/command.h"

enum session_event_kind {
    SESSION_CONNECTED,
    SESSION_DISCONNECTED, /* text: why */
    SESSION_SUBSCRIBED,   /* granted */
    SESSION_PUBLISHED,    /* token, result, text: why not */
    SESSION_RECEIPT,
    SESSION_PRESENCE,
    SESSION_STATE,  /* the state becomes the taker's */
    SESSION_REPLY,  /* receipt: the answer to a command */
    SESSION_PART,   /* part of what follows it, which becomes the taker's */
    SESSION_MARKED, /* the mark came back, see session_open */
    SESSION_HEARD,  /* topic, text: first line of a tick or an index */
    /* text: the topic of an alert, a panel or the end of one; payload, bytes:
     * the whole message, which becomes the taker's. Only for filters that name
     * them. */
    SESSION_RETAINED,
};

struct session_event {
    enum session_event_kind kind;
    bool granted;
    uint64_t token;
    enum link_result result;
    char text[LINK_REASON_BYTES];
    struct receipt receipt;
    struct presence_said presence;
    struct screen_state *state;
    struct reply_part *part;
    char *payload;
    size_t bytes;
    enum topic_kind topic;
    struct session_event *next; /* next in the queue */
};

struct session;

/* Some brokers send what they retain behind what comes anew, the mark: it is
 * all there when so long nothing more came. */
enum { SESSION_QUIET_MS = 200 };

/* Begins to connect; events report the rest. The filters (NULL: none) are
 * subscribed after every connect. marked: behind them the session sends a
 * message to itself, below a scope that no screen can have. When it comes back,
 * all that the broker retained for the filters has come. On success the caller
 * closes *out. */
bool session_open(const struct options *options, const char *const *filters,
                  size_t count, bool marked, struct session **out,
                  struct problem *problem);
void session_close(struct session *session); /* NULL: nothing */

/* To publish on; the session owns it. */
struct link *session_link(const struct session *session);

/* Takes the oldest event; waits for one until deadline_ms (clock_monotonic_ms;
 * 0: not at all). False: there was none. */
bool session_next(struct session *session, int64_t deadline_ms,
                  struct session_event *out);

/* What screens said and there was no room to queue, so far. */
size_t session_dropped(struct session *session);

/* Readable while an event is queued; for poll. */
int session_fd(const struct session *session);

/* Whether the reason of a SESSION_DISCONNECTED says that the broker does not
 * take our user name, password or client: trying again would not help. */
bool session_is_denied(const char *reason);

/* To be called after a command failed because no TLS line could be made: makes
 * one more connection to each broker and prints what is wrong there. True: a
 * broker does not accept our certificate. */
bool session_explain(const struct options *options);

/* The exit code of a command whose line could not be opened. */
enum publish_exit session_exit(const struct problem *problem);

#endif
