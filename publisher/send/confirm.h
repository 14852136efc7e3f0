/* Asks the operator before an alert goes to many screens, and before messages
 * of earlier commands are sent. */
#ifndef GAOSHI_PUBLISHER_CONFIRM_H
#define GAOSHI_PUBLISHER_CONFIRM_H

#include "publisher/cli/command.h"
#include "publisher/outbox/outbox.h"
#include "publisher/send/drafts.h"

/* An actual alert or cancel for all screens, and an actual alert of the level
 * and width in the options, is sent only after the operator has typed a word on
 * a terminal, or with --yes. False: the operator did not agree, which was
 * printed. */
bool confirm_drafts(const struct options *options, const struct drafts *drafts);

/* Prints which messages of earlier commands wait and are not replaced by these
 * drafts. Alerts are sent without them. Before panels are sent, the operator
 * must agree that those go too; *all then becomes true. Returns PUBLISH_DONE or
 * the exit code of the command. */
enum publish_exit confirm_waiting(const struct options *options,
                                  const struct drafts *drafts,
                                  struct outbox *outbox, bool *all);

#endif
