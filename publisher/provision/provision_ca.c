/* provision ca: a town's own authority, in a folder that is kept safe. */
#include "publisher/provision/provision.h"

#include "protocol/scope.h"
#include "publisher/cli/tell.h"

enum publish_exit provision_ca_run(const struct options *options, int count,
                                   char **operands)
{
    struct problem problem = {.consequence = "no authority was made"};

    (void)count;
    (void)operands;
    if (!options->out_folder || !options->org) {
        tell_line("%s is missing; see gaoshi-publish provision ca --help",
                  options->out_folder ? "--org" : "--out");
        return PUBLISH_USAGE;
    }
    if (!identifier_is_valid(options->org)) {
        tell_line("--org '%s': expected a-z 0-9 . _ -", options->org);
        return PUBLISH_USAGE;
    }
    if (!authority_create(options->out_folder, options->org, &problem))
        return provision_fail(&problem);
    tell_result("%s/ca.pem (for brokers, screens and operators)",
                options->out_folder);
    tell_result("%s/ca.key (keep it secret, and off the network)",
                options->out_folder);
    return PUBLISH_DONE;
}
