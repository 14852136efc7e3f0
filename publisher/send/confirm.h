/* Asks the operator before an alert goes far, and before messages that an
 * earlier command left are sent. */
#ifndef GAOSHI_PUBLISHER_CONFIRM_H
#define GAOSHI_PUBLISHER_CONFIRM_H

#include "publisher/cli/command.h"
#include "publisher/outbox/outbox.h"
#include "publisher/send/drafts.h"

/* An actual alert or cancel for all screens, and an actual alert of the level
 * and width that the options name, is sent only after the operator has typed a
 * word on a terminal, or with --yes. False, which is told: not agreed to. */
bool confirm_drafts(const struct options *options, const struct drafts *drafts);

/* Tells which messages of earlier commands wait and are not replaced by these
 * drafts. Alerts are sent without them. Before panels are sent, the operator
 * has to agree that those go too: then *all becomes true. Returns PUBLISH_DONE
 * or the exit code of the command. */
enum publish_exit confirm_waiting(const struct options *options,
                                  const struct drafts *drafts,
                                  struct outbox *outbox, bool *all);

#endif
