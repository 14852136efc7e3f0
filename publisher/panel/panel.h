/* The commands «panel …», «figures …», «programme …» and «settings …». */
#ifndef GAOSHI_PUBLISHER_PANEL_H
#define GAOSHI_PUBLISHER_PANEL_H

#include "publisher/cli/command.h"

enum publish_exit figures_list_run(const struct options *options, int count,
                                   char **operands);
enum publish_exit figures_set_run(const struct options *options, int count,
                                  char **operands);
enum publish_exit panel_list_run(const struct options *options, int count,
                                 char **operands);
enum publish_exit panel_new_run(const struct options *options, int count,
                                char **operands);
enum publish_exit panel_import_run(const struct options *options, int count,
                                   char **operands);
enum publish_exit panel_push_run(const struct options *options, int count,
                                 char **operands);
enum publish_exit panel_remove_run(const struct options *options, int count,
                                   char **operands);
enum publish_exit panel_show_run(const struct options *options, int count,
                                 char **operands);
enum publish_exit panel_update_run(const struct options *options, int count,
                                   char **operands);
enum publish_exit settings_push_run(const struct options *options, int count,
                                    char **operands);
enum publish_exit programme_show_run(const struct options *options, int count,
                                     char **operands);

#endif
