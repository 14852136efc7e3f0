/* The command «console». */
#ifndef GAOSHI_PUBLISHER_CONSOLE_H
#define GAOSHI_PUBLISHER_CONSOLE_H

#include "publisher/cli/command.h"

enum publish_exit console_run(const struct options *options, int count,
                              char **operands);

#endif
