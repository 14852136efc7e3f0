/* The way of every command that sends: compose, validate, sign, outbox,
 * broker; or print, for a dry run. */
#ifndef GAOSHI_PUBLISHER_DISPATCH_H
#define GAOSHI_PUBLISHER_DISPATCH_H

#include "publisher/command.h"
#include "publisher/drafts.h"

enum publish_exit dispatch_drafts(const struct options *options,
                                  const struct drafts *drafts);

#endif
