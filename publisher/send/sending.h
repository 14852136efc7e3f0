/* From the outbox to the broker, and on to the screens' receipts. */
#ifndef GAOSHI_PUBLISHER_SENDING_H
#define GAOSHI_PUBLISHER_SENDING_H

#include "publisher/cli/command.h"
#include "publisher/outbox/outbox.h"
#include "publisher/send/deliveries.h"

/* Sends what is chosen of the org's messages that wait in the outbox, the most
 * urgent first, and waits for the broker's answers, then for receipts if they
 * were asked for. Those of the choice's own numbers are this command's. Tells
 * the operator what happened. */
enum publish_exit sending_run(const struct options *options,
                              struct outbox *outbox,
                              const struct outbox_choice *choice);

/* Sends what the broker had confirmed once more, because it lost it. */
enum publish_exit sending_restore(const struct options *options,
                                  struct outbox *outbox);

/* Sends messages that no outbox keeps. Takes what the deliveries hold. */
enum publish_exit sending_run_unkept(const struct options *options,
                                     struct deliveries *deliveries);

#endif
