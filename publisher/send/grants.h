/* Checks in the list of keys what the key may sign. */
#ifndef GAOSHI_PUBLISHER_GRANTS_H
#define GAOSHI_PUBLISHER_GRANTS_H

#include "protocol/key.h"
#include "publisher/cli/options.h"
#include "publisher/send/drafts.h"

/* Looks the key up in the newer of two lists: the one that the options name,
 * and the last one sent from here. False if every screen with that list would
 * refuse a draft: the key lacks the role or scope, is not valid now, or was
 * revoked. With --force nothing is checked. Notes are printed for what the list
 * cannot decide, and, if a root key is configured, when there is no list. */
bool grants_check(const struct options *options, const struct key *key,
                  const struct drafts *drafts, struct problem *problem);

/* The newer of these two lists, for the caller to destroy; NULL: there is none
 * of this organisation. False: the named one cannot be read or verified. */
bool grants_list(const struct options *options, struct message **out,
                 struct problem *problem);

#endif
