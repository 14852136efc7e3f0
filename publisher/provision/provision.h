/* What the commands that provision have in common. */
#ifndef GAOSHI_PUBLISHER_PROVISION_H
#define GAOSHI_PUBLISHER_PROVISION_H

#include "publisher/cli/command.h"
#include "publisher/provision/authority.h"

/* Operators' names at the broker begin with it, screens' never do: by it the
 * broker's rules tell them apart. */
#define PROVISION_OPERATOR "operator-"

/* Clients call themselves so at the broker; on the listener for screens they
 * are called what their certificate says, and no screen's name begins so. */
#define PROVISION_CLIENT "gaoshi-"

/* Told, and false, when one is missing. */
bool provision_check_folders(const struct options *options);
bool provision_check_brokers(const struct options *options);

/* A certificate and further files, all in one folder. */
struct provision {
    struct certificate_plan plan;
    const char *stem; /* of the certificate's files */
    /* Adds the further files. */
    bool (*fill)(const struct provision *provision,
                 const struct authority *authority, struct bundle *bundle,
                 struct problem *problem);
    const struct options *options;
    const char *name; /* as it was given */
};

/* Makes all or nothing, tells what is wrong, names the files made. */
enum publish_exit provision_make(const struct provision *provision);

/* Tells the problem. */
enum publish_exit provision_fail(const struct problem *problem);

/* Both halves of a configuration's [broker] section. */
void provision_print_broker(const struct options *options, const char *stem,
                            FILE *out);

#endif
