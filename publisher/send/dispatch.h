/* The steps of every command that sends. dispatch takes drafts that were read
 * and checked (drafts.h), checks that the key may sign them (grants.h), asks
 * about waiting messages (confirm.h), composes and signs the drafts
 * (compose.h), puts them into the outbox, and sends them (sending.h). For a dry
 * run it prints them, for a preview it draws them. */
#ifndef GAOSHI_PUBLISHER_DISPATCH_H
#define GAOSHI_PUBLISHER_DISPATCH_H

#include "publisher/cli/command.h"
#include "publisher/outbox/outbox.h"
#include "publisher/send/drafts.h"

enum publish_exit dispatch_drafts(const struct options *options,
                                  const struct drafts *drafts);

/* A record that is written together with the drafts: keep runs within the
 * outbox's transaction, before the drafts are queued. When it returns false,
 * nothing is written. */
struct dispatch_record {
    bool (*keep)(void *context, struct outbox *outbox, struct problem *problem);
    /* Puts pictures of the drafts into a folder for a preview; NULL: there are
     * none. */
    bool (*draw)(void *context, const char *folder, struct problem *problem);
    void *context;
};

/* The same with a record, which may be NULL. Without drafts it writes the
 * record and sends waiting messages by the options. Alerts and cancels are sent
 * even if the outbox cannot be written; then no record of them is kept. If
 * nothing was queued, the problem says why, and the caller prints it; otherwise
 * it is unchanged. */
enum publish_exit dispatch_recorded(const struct options *options,
                                    const struct drafts *drafts,
                                    const struct dispatch_record *record,
                                    struct problem *problem);

#endif
