/* The commands «panel …». */
#ifndef GAOSHI_PUBLISHER_PANEL_H
#define GAOSHI_PUBLISHER_PANEL_H

#include "publisher/cli/command.h"

enum publish_exit panel_push_run(const struct options *options, int count,
                                 char **operands);
enum publish_exit panel_remove_run(const struct options *options, int count,
                                   char **operands);

#endif
