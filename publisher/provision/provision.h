/* The commands «provision …». */
#ifndef GAOSHI_PUBLISHER_PROVISION_H
#define GAOSHI_PUBLISHER_PROVISION_H

#include "publisher/cli/command.h"

enum publish_exit provision_broker_run(const struct options *options, int count,
                                       char **operands);
enum publish_exit provision_ca_run(const struct options *options, int count,
                                   char **operands);
enum publish_exit provision_operator_run(const struct options *options,
                                         int count, char **operands);
enum publish_exit provision_revoke_run(const struct options *options, int count,
                                       char **operands);
enum publish_exit provision_screen_run(const struct options *options, int count,
                                       char **operands);

#endif
