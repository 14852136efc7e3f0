/* The road that screens, operators and brokers share: open the authority,
 * sign, write a folder. */
#include "publisher/provision/provision.h"

#include "protocol/broker_address.h"
#include "publisher/cli/tell.h"

bool provision_check_folders(const struct options *options)
{
    if (!options->town_folder)
        tell_line("--ca is missing: the folder that provision ca made");
    else if (!options->out_folder)
        tell_line("--out is missing: a folder for the files");
    return options->town_folder && options->out_folder;
}

bool provision_check_brokers(const struct options *options)
{
    if (options->brokers.count == 0) {
        tell_line("--broker is missing: mqtts://HOST:PORT");
        return false;
    }
    for (size_t i = 0; i < options->brokers.count; i++) {
        struct broker_address address;
        if (broker_address_parse(options->brokers.texts[i], &address, NULL) &&
            address.tls)
            continue;
        tell_line("--broker '%s': expected mqtts://HOST:PORT; certificates "
                  "are for TLS",
                  options->brokers.texts[i]);
        return false;
    }
    return true;
}

enum publish_exit provision_fail(const struct problem *problem)
{
    tell_problem(problem);
    return problem->code == PROBLEM_AUTHORITY ? PUBLISH_KEY : PUBLISH_OTHER;
}

enum publish_exit provision_make(const struct provision *provision)
{
    struct problem problem = {.consequence = "no file was made"};
    struct bundle bundle = {.count = 0};
    struct authority authority;

    if (!authority_open(provision->options->town_folder, &authority, &problem))
        return provision_fail(&problem);
    bool made = authority_issue(&authority, provision->plan, &bundle,
                                provision->options->out_folder, provision->stem,
                                &problem) &&
                provision->fill(provision, &authority, &bundle, &problem);
    authority_close(&authority);
    if (!made) {
        bundle_undo(&bundle);
        return provision_fail(&problem);
    }
    /* The first one is the authority's own note. */
    for (size_t i = 1; i < bundle.count; i++)
        tell_result("%s", bundle.paths[i]);
    return PUBLISH_DONE;
}

void provision_print_broker(const struct options *options, const char *stem,
                            FILE *out)
{
    fprintf(out, "\n[broker]\n");
    for (size_t i = 0; i < options->brokers.count; i++)
        fprintf(out, "%s%s\n", i == 0 ? "address = " : "  ",
                options->brokers.texts[i]);
    fprintf(out, "ca = ca.pem\ncert = %s.pem\nkey = %s.key\n", stem, stem);
}
