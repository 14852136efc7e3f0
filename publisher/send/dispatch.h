/* The way of every command that sends: compose, validate, sign, outbox,
 * broker; or print, for a dry run. */
#ifndef GAOSHI_PUBLISHER_DISPATCH_H
#define GAOSHI_PUBLISHER_DISPATCH_H

#include "publisher/cli/command.h"
#include "publisher/outbox/outbox.h"
#include "publisher/outbox/sent_alerts.h"
#include "publisher/send/drafts.h"

enum publish_exit dispatch_drafts(const struct options *options,
                                  const struct drafts *drafts);

/* What must be kept together with the drafts, or not at all: runs within the
 * outbox's transaction, before they are queued. False undoes everything. */
struct dispatch_record {
    bool (*keep)(void *context, struct outbox *outbox, struct problem *problem);
    void *context;
};

/* The same with a record, which may be NULL. Without drafts it keeps the
 * record and sends what the options have of what waits. Alerts and cancels go
 * out even where the outbox cannot be written; then nothing is kept of them.
 * Why nothing was queued goes into the problem, for the caller to tell; it is
 * untouched otherwise. */
enum publish_exit dispatch_recorded(const struct options *options,
                                    const struct drafts *drafts,
                                    const struct dispatch_record *record,
                                    struct problem *problem);

/* Whom a draft goes to: what it says itself, else what was asked for, else
 * all. Borrowed. */
const char *dispatch_scope(const struct options *options,
                           const struct message *message);

/* False for a dry run and for a preview. */
bool dispatch_sends(const struct options *options);

/* Tells what is missing of org, key and broker; without sending only the org
 * is needed, and to draw a draft not even that. */
bool dispatch_check_given(const struct options *options);

/* The same of the org alone. */
bool dispatch_check_org(const struct options *options);

/* What a command ends with that could not do its work. */
enum publish_exit dispatch_exit(const struct problem *problem);

/* Whether a draft can be sent, whatever org and scope the options add: it fits
 * with all that is filled in, and with its signature. Of a kind that no file is
 * sent of, nothing is checked. */
bool dispatch_check_draft(const struct draft *draft, struct problem *problem);

/* What the outbox knows of an alert (NULL: of all). Without an outbox nothing
 * is known, and none is made. The caller finishes *out, which is empty
 * before. */
bool dispatch_load_sent(const struct options *options, const char *id,
                        struct sent_alerts *out, struct problem *problem);

/* Opens the outbox that the options name, or the user's own. */
bool dispatch_open_outbox(const struct options *options, struct outbox **out,
                          struct problem *problem);

/* The same to read it, also where it cannot be written. *out is NULL where
 * there is none. */
bool dispatch_open_outbox_reading(const struct options *options,
                                  struct outbox **out, struct problem *problem);

#endif
