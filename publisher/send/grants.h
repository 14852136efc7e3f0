/* What our key may sign, as the list of keys has it. */
#ifndef GAOSHI_PUBLISHER_GRANTS_H
#define GAOSHI_PUBLISHER_GRANTS_H

#include "protocol/key.h"
#include "publisher/cli/options.h"
#include "publisher/send/drafts.h"

/* Looks the key up in the newer of two lists: the one that the options name,
 * and the one that went out from here. False where every screen that follows
 * the list would refuse a draft: another role, a scope beyond the key's, not
 * in its time, revoked; --force passes. What the list cannot tell is noted.
 * Without a list nothing is checked, which is noted where there is a root. */
bool grants_check(const struct options *options, const struct key *key,
                  const struct drafts *drafts, struct problem *problem);

#endif
