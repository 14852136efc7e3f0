/* The waiting messages of the outbox, which no broker has confirmed. */
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
    char *title; /* title of a panel, event of an alert, or "" */
};

/* Oldest first. Zeroed is empty. */
struct backlog {
    struct backlog_message *items;
    size_t count;
};

/* Reads the waiting messages of the org, without indexes, which are made from
 * the other messages, and without messages that another command is sending just
 * now. */
bool backlog_load(struct outbox *outbox, const char *org, struct backlog *out,
                  struct problem *problem);
void backlog_finish(struct backlog *backlog);

/* Removes the messages that these drafts replace. */
void backlog_without(struct backlog *backlog, const struct drafts *drafts,
                     const struct options *options);

/* Removes alerts and cancels. */
void backlog_without_alerts(struct backlog *backlog);

/* Prints one line each: kind, id, scope, time of issue, title. */
void backlog_print(const struct backlog *backlog,
                   void (*print)(const char *format, ...)
                       __attribute__((format(printf, 1, 2))));

#endif
