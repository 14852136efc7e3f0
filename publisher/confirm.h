/* The question before something goes to every screen. */
#ifndef GAOSHI_PUBLISHER_CONFIRM_H
#define GAOSHI_PUBLISHER_CONFIRM_H

#include "publisher/drafts.h"
#include "publisher/options.h"

/* Actual alerts and cancels to scope all are sent only when the operator
 * types the word of the level, or «all» where there is none; without a
 * terminal only with --yes. False: told why, nothing may be sent. */
bool confirm_drafts(const struct options *options, const struct drafts *drafts);

#endif
