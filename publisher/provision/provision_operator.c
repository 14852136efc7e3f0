/* provision operator: certificate and publish.conf in one folder, and the
 * lines that give the operator rights at the broker. */
#include "publisher/provision/provision.h"

#include "protocol/scope.h"
#include "publisher/cli/tell.h"
#include "publisher/keys/keys_edit.h"

#include <stdlib.h>
#include <string.h>

#define ROOT_FILE "root.pub.pem"

static const char rules[] = "\nuser %s\n"
                            "topic readwrite gaoshi/1/%s/down/#\n"
                            "topic write gaoshi/1/%s/command/+\n"
                            "topic read gaoshi/1/%s/receipt/+/+\n"
                            "topic read gaoshi/1/%s/screen/+/+\n";

static bool add_rules(const struct provision *provision, const char *org,
                      struct bundle *bundle, struct problem *problem)
{
    const char *name = provision->plan.name;
    char *text = NULL;

    if (asprintf(&text, rules, name, org, org, org, org) < 0)
        text = NULL;
    bool added = bundle_add(bundle, provision->options->out_folder,
                            "broker.acl", FILE_MODE_PUBLIC, text, problem);
    free(text);
    return added;
}

static void print_config(const struct provision *provision, const char *org,
                         FILE *out)
{
    const struct options *options = provision->options;

    fprintf(out,
            "# An operator's configuration, see gaoshi-publish(1). Files\n"
            "# are named from this folder; «gaoshi-publish keys new --out "
            "FOLDER»\n# makes the key that signs.\n\n"
            "[publisher]\norg = %s\nkey = gaoshi.pem\n",
            org);
    if (options->scope)
        fprintf(out, "scope = %s\n", options->scope);
    if (options->root_file)
        fputs("root = " ROOT_FILE "\n", out);
    provision_print_broker(options, provision->stem, out);
}

/* By which «keys publish» checks a list. */
static bool add_root(const struct provision *provision, struct bundle *bundle,
                     struct problem *problem)
{
    struct key *root = NULL;

    if (!provision->options->root_file)
        return true;
    if (!keys_edit_read_public(provision->options->root_file, &root, problem))
        return false;
    char *text = key_to_public_pem(root);
    bool added = bundle_add(bundle, provision->options->out_folder, ROOT_FILE,
                            FILE_MODE_PUBLIC, text, problem);
    free(text);
    key_destroy(root);
    return added;
}

static bool add_files(const struct provision *provision,
                      const struct authority *authority, struct bundle *bundle,
                      struct problem *problem)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    if (out)
        print_config(provision, authority->org, out);
    bool written = out && fclose(out) == 0;
    bool added = bundle_add(bundle, provision->options->out_folder,
                            "publish.conf", FILE_MODE_PUBLIC,
                            written ? text : NULL, problem) &&
                 add_root(provision, bundle, problem) &&
                 add_rules(provision, authority->org, bundle, problem);
    free(text);
    return added;
}

enum publish_exit provision_operator_run(const struct options *options,
                                         int count, char **operands)
{
    char name[CERTIFICATE_NAME_BYTES + 1];
    int length = snprintf(name, sizeof name, PROVISION_OPERATOR "%s",
                          operands[0]);
    const struct provision provision = {
        .plan = {.role = CERTIFICATE_CLIENT, .name = name},
        .stem = "operator",
        .fill = add_files,
        .options = options,
        .name = operands[0],
    };

    (void)count;
    if (!identifier_is_valid(operands[0]) || (size_t)length >= sizeof name) {
        tell_line("'%s': expected an operator's name: a-z 0-9 . _ -, at most "
                  "%zu letters",
                  operands[0], sizeof name - sizeof PROVISION_OPERATOR);
        return PUBLISH_USAGE;
    }
    if (options->scope && !scope_is_valid(options->scope)) {
        tell_line("--scope '%s': expected all, area-CODE, group-NAME or "
                  "screen-ID",
                  options->scope);
        return PUBLISH_USAGE;
    }
    if (!provision_check_folders(options) || !provision_check_brokers(options))
        return PUBLISH_USAGE;
    return provision_make(&provision);
}
