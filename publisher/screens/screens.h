/* The commands that ask what became of screens and messages, and those that
 * screens carry out. */
#ifndef GAOSHI_PUBLISHER_SCREENS_H
#define GAOSHI_PUBLISHER_SCREENS_H

#include "publisher/cli/command.h"

enum publish_exit screens_run(const struct options *options, int count,
                              char **operands);
enum publish_exit screens_show_run(const struct options *options, int count,
                                   char **operands);
enum publish_exit status_run(const struct options *options, int count,
                             char **operands);

enum publish_exit command_screens_run(const struct options *options, int count,
                                      char **operands);
enum publish_exit plays_run(const struct options *options, int count,
                            char **operands);

#endif
