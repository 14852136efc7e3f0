/* Changes fields of a panel by their paths: --set and --unset. */
#ifndef GAOSHI_PUBLISHER_PANEL_EDIT_H
#define GAOSHI_PUBLISHER_PANEL_EDIT_H

#include "base/problem.h"
#include "publisher/cli/options.h"

#include <jansson.h>

/* Removes and sets fields of the object «panel» as the options say. False: a
 * path does not fit it. */
bool panel_edit(const struct options *options, json_t *panel,
                struct problem *problem);

#endif
