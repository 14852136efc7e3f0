/* What of the outbox screens should hold: the newest message of each topic,
 * as far as it still matters. */
#ifndef GAOSHI_PUBLISHER_OUTBOX_LIVE_H
#define GAOSHI_PUBLISHER_OUTBOX_LIVE_H

#include "protocol/message.h"
#include "publisher/outbox/outbox.h"

/* One message; texts are valid during the call. */
struct outbox_live {
    int64_t seq;
    const char *topic;
    bool waits;
    enum message_kind kind; /* panel, alert, what took one off, or index */
};

/* Calls back for what the key has live for the org, alerts and cancels first,
 * then the newest first. What the broker refused, what
 * the operator dropped and what expired doesn't count. An alert does until it
 * expires, without an expiry for four days, because screens let none of these
 * live longer than three from its issue. The cancel of one does as long as what
 * it takes off would; of one that was not sent from here, like the removal of a
 * panel, for thirty days. A callback that returns false ends it, and so does
 * outbox_each_live. */
bool outbox_each_live(struct outbox *outbox, const char *org,
                      const char *key_id, int64_t now_ms,
                      bool (*each)(void *context,
                                   const struct outbox_live *live),
                      void *context, struct problem *problem);

/* The message of a topic. */
struct outbox_row {
    int64_t seq;
    enum outbox_state state;
    char *payload; /* NUL behind it, the caller's; NULL: no such topic */
    size_t bytes;
};
bool outbox_find(struct outbox *outbox, const char *topic,
                 struct outbox_row *out, struct problem *problem);

/* Within begin and commit: forgets what has been over for a month: expired, or
 * an alert without an end, a cancel or a removal that old. */
bool outbox_prune(struct outbox *outbox, int64_t now_ms,
                  struct problem *problem);

#endif
