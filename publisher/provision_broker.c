/* provision broker: what mosquitto needs to be known by its hosts. */
#include "publisher/provision.h"

#include "publisher/tell.h"

#include <stdlib.h>
#include <string.h>

static bool is_host(const char *host)
{
    size_t length = strlen(host);

    /* The first one becomes the common name, and the name of a file. */
    return length > 0 && length <= CERTIFICATE_NAME_BYTES && host[0] != '.' &&
           host[0] != '-' &&
           strspn(host, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                        "0123456789.-:") == length;
}

static bool add_list(const struct provision *provision,
                     const struct authority *authority, struct bundle *bundle,
                     struct problem *problem)
{
    char *list = authority_read_file(authority, "crl.pem", problem);
    bool added = list && bundle_add(bundle, provision->options->out_folder,
                                    "crl.pem", FILE_MODE_PUBLIC, list, problem);

    free(list);
    return added;
}

enum publish_exit provision_broker_run(const struct options *options, int count,
                                       char **operands)
{
    const struct provision provision = {
        .plan = {.role = CERTIFICATE_BROKER,
                 .name = operands[0],
                 .hosts = (const char *const *)operands,
                 .host_count = (size_t)count},
        .stem = "broker",
        .fill = add_list,
        .options = options,
        .name = operands[0],
    };

    if (!provision_check_folders(options))
        return PUBLISH_USAGE;
    for (int i = 0; i < count; i++) {
        if (is_host(operands[i]))
            continue;
        tell_line("'%s': expected a host's name or address, without port",
                  operands[i]);
        return PUBLISH_USAGE;
    }
    return provision_make(&provision);
}
