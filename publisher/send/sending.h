/* Sends messages from the outbox to the broker, and waits for its answers and
 * for the receipts of screens. */
#ifndef GAOSHI_PUBLISHER_SENDING_H
#define GAOSHI_PUBLISHER_SENDING_H

#include "publisher/cli/command.h"
#include "publisher/outbox/outbox.h"
#include "publisher/send/deliveries.h"

/* Sends the chosen waiting messages of the org, the most urgent first, and
 * waits for the broker's answers, then for receipts if the options ask for
 * them. Messages with the choice's own numbers count as this command's. Reports
 * to the operator. */
enum publish_exit sending_run(const struct options *options,
                              struct outbox *outbox,
                              const struct outbox_choice *choice);

/* Sends again what the broker had confirmed, because it lost it. */
enum publish_exit sending_restore(const struct options *options,
                                  struct outbox *outbox);

/* Sends messages that no outbox keeps. Owns the deliveries' contents from here
 * on. */
enum publish_exit sending_run_unkept(const struct options *options,
                                     struct deliveries *deliveries);

#endif
