/* The commands «cap …». */
#ifndef GAOSHI_PUBLISHER_CAP_H
#define GAOSHI_PUBLISHER_CAP_H

#include "publisher/cli/command.h"

enum publish_exit cap_check_run(const struct options *options, int count,
                                char **operands);
enum publish_exit cap_export_run(const struct options *options, int count,
                                 char **operands);
enum publish_exit cap_import_run(const struct options *options, int count,
                                 char **operands);
enum publish_exit cap_watch_run(const struct options *options, int count,
                                char **operands);

#endif
