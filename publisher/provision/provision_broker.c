/* provision broker: what mosquitto needs to be known by its hosts, and the
 * rules of its two listeners. */
#include "publisher/provision/provision.h"

#include "publisher/cli/tell.h"

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

/* A screen speaks on these topics and no others: what one certificate can have
 * the broker retain is bounded. */
static const char screens_rules[] =
    "# Who may say what on the listener for screens: %%u is the name in the\n"
    "# certificate. What screens show is signed; these rules keep one lost\n"
    "# certificate from disturbing others.\n"
    "pattern read gaoshi/1/%s/down/#\n"
    "pattern read gaoshi/1/%s/command/%%u\n"
    "pattern write gaoshi/1/%s/screen/%%u/presence\n"
    "pattern write gaoshi/1/%s/screen/%%u/state\n"
    "pattern write gaoshi/1/%s/screen/%%u/reply\n"
    "pattern write gaoshi/1/%s/screen/%%u/receipt\n";

static const char operators_rules[] =
    "# Who may say what on the listener for operators: append the file\n"
    "# broker.acl that provision operator makes, then reload mosquitto.\n";

static bool add_rules(const struct provision *provision, const char *org,
                      struct bundle *bundle, struct problem *problem)
{
    const char *folder = provision->options->out_folder;
    char *text = NULL;

    if (asprintf(&text, screens_rules, org, org, org, org, org, org) < 0)
        text = NULL;
    bool added = bundle_add(bundle, folder, "screens.acl", FILE_MODE_PUBLIC,
                            text, problem) &&
                 bundle_add(bundle, folder, "operators.acl", FILE_MODE_PUBLIC,
                            operators_rules, problem);
    free(text);
    return added;
}

static bool add_files(const struct provision *provision,
                      const struct authority *authority, struct bundle *bundle,
                      struct problem *problem)
{
    char *list = authority_read_file(authority, "crl.pem", problem);
    bool added = list &&
                 bundle_add(bundle, provision->options->out_folder, "crl.pem",
                            FILE_MODE_PUBLIC, list, problem) &&
                 add_rules(provision, authority->org, bundle, problem);

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
        .fill = add_files,
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
