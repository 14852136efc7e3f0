/* The way of every command that sends: compose, validate, sign, outbox,
 * broker; or print, for a dry run. */
#ifndef GAOSHI_PUBLISHER_DISPATCH_H
#define GAOSHI_PUBLISHER_DISPATCH_H

#include "publisher/cli/command.h"
#include "publisher/outbox/outbox.h"
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

#endif
