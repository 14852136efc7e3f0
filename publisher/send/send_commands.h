/* The commands that belong to no single kind of message. */
#ifndef GAOSHI_PUBLISHER_SEND_COMMANDS_H
#define GAOSHI_PUBLISHER_SEND_COMMANDS_H

#include "publisher/cli/command.h"

enum publish_exit heartbeat_run(const struct options *options, int count,
                                char **operands);
enum publish_exit outbox_drop_run(const struct options *options, int count,
                                  char **operands);
enum publish_exit outbox_list_run(const struct options *options, int count,
                                  char **operands);
enum publish_exit outbox_send_run(const struct options *options, int count,
                                  char **operands);
enum publish_exit validate_run(const struct options *options, int count,
                               char **operands);

#endif
