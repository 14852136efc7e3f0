/* From the outbox to the broker, and on to the screens' receipts. */
#ifndef GAOSHI_PUBLISHER_DELIVERY_H
#define GAOSHI_PUBLISHER_DELIVERY_H

#include "publisher/command.h"
#include "publisher/outbox.h"

/* Sends everything of the org that waits in the outbox, oldest first, and
 * waits for the broker's answers, then for receipts if they were asked for.
 * Sequence numbers from fresh_from on are this command's. Tells the operator
 * what happened. */
enum publish_exit delivery_run(const struct options *options,
                               struct outbox *outbox, int64_t fresh_from);

#endif
