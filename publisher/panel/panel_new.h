/* Panels made from flags. */
#ifndef GAOSHI_PUBLISHER_PANEL_NEW_H
#define GAOSHI_PUBLISHER_PANEL_NEW_H

#include "publisher/cli/options.h"
#include "publisher/send/drafts.h"

/* True when a flag of the command says something of a panel. */
bool panel_new_is_wanted(const struct options *options);

/* Makes the panel that the flags describe and adds it, with an id where none
 * was given. --text - reads standard input. */
bool panel_new_add(const struct options *options, struct drafts *drafts,
                   struct problem *problem);

/* Writes the draft as a person would keep it, with a line by which editors find
 * the schema. replace: an older file may stand there. NULL: standard output. */
bool panel_new_write(const struct draft *draft, const char *file, bool replace,
                     struct problem *problem);

#endif
