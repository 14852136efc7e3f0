/* What waits in the outbox: messages that no broker has confirmed. */
#ifndef GAOSHI_PUBLISHER_WAITING_H
#define GAOSHI_PUBLISHER_WAITING_H

#include "protocol/topic.h"
#include "publisher/cli/options.h"
#include "publisher/outbox/outbox.h"
#include "publisher/send/drafts.h"

struct waiting_message {
    int64_t seq;
    struct topic topic;
    enum message_kind kind;
    int64_t issued_ms;
    char *title; /* of a panel its title, of an alert its event; or "" */
};

/* Oldest first. Zeroed is empty. */
struct waiting {
    struct waiting_message *items;
    size_t count;
};

/* Those of the org but indexes, which follow from the others, and what another
 * command is sending just now. */
bool waiting_load(struct outbox *outbox, const char *org, struct waiting *out,
                  struct problem *problem);
void waiting_finish(struct waiting *waiting);

/* Leaves out what these drafts take the place of. */
void waiting_without(struct waiting *waiting, const struct drafts *drafts,
                     const struct options *options);

/* Leaves out alerts and cancels. */
void waiting_without_alerts(struct waiting *waiting);

/* A line each: kind, id, scope, when it was issued, title. */
void waiting_print(const struct waiting *waiting,
                   void (*print)(const char *format, ...)
                       __attribute__((format(printf, 1, 2))));

#endif
