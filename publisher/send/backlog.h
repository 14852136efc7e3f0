/* What waits in the outbox: messages that no broker has confirmed. */
#ifndef GAOSHI_PUBLISHER_BACKLOG_H
#define GAOSHI_PUBLISHER_BACKLOG_H

#include "protocol/topic.h"
#include "publisher/cli/options.h"
#include "publisher/outbox/outbox.h"
#include "publisher/send/drafts.h"

struct backlog_message {
    int64_t seq;
    struct topic topic;
    enum message_kind kind;
    int64_t issued_ms;
    char *title; /* of a panel its title, of an alert its event; or "" */
};

/* Oldest first. Zeroed is empty. */
struct backlog {
    struct backlog_message *items;
    size_t count;
};

/* Reads what waits for the org, without indexes, which follow from the other
 * messages, and without what another command is sending just now. */
bool backlog_load(struct outbox *outbox, const char *org, struct backlog *out,
                  struct problem *problem);
void backlog_finish(struct backlog *backlog);

/* Leaves out the messages that these drafts replace. */
void backlog_without(struct backlog *backlog, const struct drafts *drafts,
                     const struct options *options);

/* Leaves out alerts and cancels. */
void backlog_without_alerts(struct backlog *backlog);

/* A line each: kind, id, scope, when it was issued, title. */
void backlog_print(const struct backlog *backlog,
                   void (*print)(const char *format, ...)
                       __attribute__((format(printf, 1, 2))));

#endif
