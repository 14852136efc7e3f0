/* The commands «provision …». */
#ifndef GAOSHI_PUBLISHER_PROVISION_H
#define GAOSHI_PUBLISHER_PROVISION_H

#include "publisher/cli/command.h"

/* The broker names of operators begin with this, those of screens never do; the
 * broker's access rules tell them apart by it. */
#define PROVISION_OPERATOR "operator-"

enum publish_exit provision_broker_run(const struct options *options, int count,
                                       char **operands);
enum publish_exit provision_ca_run(const struct options *options, int count,
                                   char **operands);
enum publish_exit provision_operator_run(const struct options *options,
                                         int count, char **operands);
enum publish_exit provision_renew_run(const struct options *options, int count,
                                      char **operands);
enum publish_exit provision_revoke_run(const struct options *options, int count,
                                       char **operands);
enum publish_exit provision_screen_run(const struct options *options, int count,
                                       char **operands);
enum publish_exit provision_town_run(const struct options *options, int count,
                                     char **operands);
enum publish_exit setup_run(const struct options *options, int count,
                            char **operands);

/* A host's name or address, without port, that can be part of a file's name. */
bool provision_is_host(const char *host);

#endif
