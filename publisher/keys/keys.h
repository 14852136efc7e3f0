/* The commands «keys …». */
#ifndef GAOSHI_PUBLISHER_KEYS_H
#define GAOSHI_PUBLISHER_KEYS_H

#include "publisher/cli/command.h"

enum publish_exit keys_drop_run(const struct options *options, int count,
                                char **operands);
enum publish_exit keys_grant_run(const struct options *options, int count,
                                 char **operands);
enum publish_exit keys_list_run(const struct options *options, int count,
                                char **operands);
enum publish_exit keys_new_run(const struct options *options, int count,
                               char **operands);
enum publish_exit keys_publish_run(const struct options *options, int count,
                                   char **operands);
enum publish_exit keys_revoke_run(const struct options *options, int count,
                                  char **operands);
enum publish_exit keys_rotate_run(const struct options *options, int count,
                                  char **operands);

#endif
