/* Asks before everybody is told, and before what nobody thinks of any more. */
#ifndef GAOSHI_PUBLISHER_CONFIRM_H
#define GAOSHI_PUBLISHER_CONFIRM_H

#include "publisher/cli/command.h"
#include "publisher/outbox/outbox.h"
#include "publisher/send/drafts.h"

/* An actual alert or cancel for all, and an actual alert of the level and the
 * width that the options name, wants a word typed on a terminal, or --yes.
 * False, told: it was not given. */
bool confirm_drafts(const struct options *options, const struct drafts *drafts);

/* What waits of earlier commands, and is not replaced by these drafts, is told.
 * Alerts go out without it; before panels it is to be agreed to: *all says
 * whether it was, and goes too. Done, or what the command ends with. */
enum publish_exit confirm_waiting(const struct options *options,
                                  const struct drafts *drafts,
                                  struct outbox *outbox, bool *all);

#endif
