/* The commands «console …». */
#ifndef GAOSHI_PUBLISHER_CONSOLE_H
#define GAOSHI_PUBLISHER_CONSOLE_H

#include "publisher/cli/command.h"

enum publish_exit console_run(const struct options *options, int count,
                              char **operands);

/* The path of the file of accounts. The caller frees it; NULL: failed. */
char *accounts_path(const struct options *options, struct problem *problem);

enum publish_exit account_add_run(const struct options *options, int count,
                                  char **operands);
enum publish_exit account_list_run(const struct options *options, int count,
                                   char **operands);
enum publish_exit account_password_run(const struct options *options, int count,
                                       char **operands);
enum publish_exit account_remove_run(const struct options *options, int count,
                                     char **operands);

#endif
