/* The commands «alert …». */
#ifndef GAOSHI_PUBLISHER_ALERT_H
#define GAOSHI_PUBLISHER_ALERT_H

#include "publisher/cli/command.h"

enum publish_exit alert_cancel_run(const struct options *options, int count,
                                   char **operands);
enum publish_exit alert_list_run(const struct options *options, int count,
                                 char **operands);
enum publish_exit alert_raise_run(const struct options *options, int count,
                                  char **operands);
enum publish_exit alert_templates_run(const struct options *options, int count,
                                      char **operands);
enum publish_exit alert_update_run(const struct options *options, int count,
                                   char **operands);

#endif
