/* provision revoke: a lost or stolen certificate goes on the list that the
 * broker reads. */
#include "publisher/provision/provision.h"

#include "publisher/cli/tell.h"

#include <string.h>

enum publish_exit provision_revoke_run(const struct options *options, int count,
                                       char **operands)
{
    struct problem problem = {.consequence = "the list stands as it was"};
    const char *name = operands[0];
    struct authority authority;

    (void)count;
    if (!options->town_folder) {
        tell_line("--ca is missing: the folder that provision ca made");
        return PUBLISH_USAGE;
    }
    if (strchr(name, '/')) {
        tell_line("'%s': expected the name of a screen, of an operator "
                  "(" PROVISION_OPERATOR "NAME) or a broker's first host",
                  name);
        return PUBLISH_USAGE;
    }
    if (!authority_open(options->town_folder, &authority, &problem))
        return provision_fail(&problem);
    bool revoked = authority_revoke(&authority, name, &problem);
    authority_close(&authority);
    if (!revoked)
        return provision_fail(&problem);
    tell_result("%s is revoked as soon as the broker has %s/crl.pem", name,
                options->town_folder);
    return PUBLISH_DONE;
}
