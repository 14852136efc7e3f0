/* provision screen: certificate, trusted keys and display.conf in one
 * folder, which is carried to the board as it is. */
#include "publisher/provision/provision.h"

#include "protocol/key.h"
#include "protocol/scope.h"
#include "publisher/cli/tell.h"
#include "publisher/keys/keys_edit.h"

#include <stdlib.h>
#include <string.h>

enum { AREA_DIGITS = 12 };

/* Each on a line of its own: a line of the configuration holds 197 bytes. */
#define ENTRY "\n  "

static bool is_area(const char *text)
{
    return strlen(text) == AREA_DIGITS &&
           strspn(text, "0123456789") == AREA_DIGITS;
}

static bool check(const struct options *options, const char *id)
{
    if (!identifier_is_valid(id)) {
        tell_line("'%s': expected a screen's name: a-z 0-9 . _ -", id);
        return false;
    }
    /* It would have an operator's rights at the broker. */
    if (strncmp(id, PROVISION_OPERATOR, strlen(PROVISION_OPERATOR)) == 0) {
        tell_line("'%s': no screen's name begins with " PROVISION_OPERATOR, id);
        return false;
    }
    /* Whoever calls itself so could take its place at the broker. */
    if (strncmp(id, PROVISION_CLIENT, strlen(PROVISION_CLIENT)) == 0) {
        tell_line("'%s': no screen's name begins with " PROVISION_CLIENT, id);
        return false;
    }
    if (options->area_code && !is_area(options->area_code)) {
        tell_line("--area '%s': expected 12 digits", options->area_code);
        return false;
    }
    for (size_t i = 0; i < options->screen_groups.count; i++) {
        if (identifier_is_valid(options->screen_groups.texts[i]))
            continue;
        tell_line("--group '%s': expected a-z 0-9 . _ -",
                  options->screen_groups.texts[i]);
        return false;
    }
    if (options->trust_files.count == 0 && !options->root_file) {
        tell_line("--root is missing: without a public key the screen would "
                  "show nothing");
        return false;
    }
    return provision_check_folders(options) && provision_check_brokers(options);
}

/* A copy of a public key as trust/KEYID.pem, and the word for it in the
 * configuration. */
static bool add_key(const struct provision *provision, const char *file,
                    struct bundle *bundle, FILE *words, struct problem *problem)
{
    char folder[PATH_MAX];
    char name[LIMIT_KEY_ID_BYTES + 8];
    struct key *key = NULL;

    if (!keys_edit_read_public(file, &key, problem))
        return false;
    char *text = key_to_public_pem(key);
    snprintf(folder, sizeof folder, "%s/trust", provision->options->out_folder);
    snprintf(name, sizeof name, "%s.pem", key_id(key));
    bool added = bundle_add(bundle, folder, name, FILE_MODE_PUBLIC, text,
                            problem);
    fprintf(words, "%strust/%s", ftell(words) > 0 ? ENTRY : " ", name);
    free(text);
    key_destroy(key);
    return added;
}

/* What stands behind the words of [trust]. */
struct trusted {
    char *root;
    char *keys;
};

static void print_trust(const struct trusted *trusted, FILE *out)
{
    fprintf(out, "\n[trust]\n");
    if (trusted->root[0])
        fprintf(out, "root =%s\n", trusted->root);
    if (trusted->keys[0])
        fprintf(out, "panels =%s\nalerts =%s\ncommands =%s\n", trusted->keys,
                trusted->keys, trusted->keys);
}

static void print_config(const struct provision *provision, const char *org,
                         const struct trusted *trusted, FILE *out)
{
    const struct options *options = provision->options;

    fprintf(out,
            "# A screen's configuration, see gaoshi-display.conf(5). Files\n"
            "# are named from this folder.\n\n"
            "[screen]\norg = %s\nid = %s\narea = %s\ngroups =",
            org, provision->name, options->area_code ? options->area_code : "");
    for (size_t i = 0; i < options->screen_groups.count; i++)
        fprintf(out, "%s%s", i > 0 ? ENTRY : " ",
                options->screen_groups.texts[i]);
    fprintf(out, "\nname =\n");
    provision_print_broker(options, provision->stem, out);
    print_trust(trusted, out);
    fprintf(out, "\n[store]\npath = /var/lib/gaoshi/display.db\n");
}

static char *list_keys(const struct provision *provision,
                       const struct option_list *files, struct bundle *bundle,
                       struct problem *problem)
{
    char *words = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&words, &size);
    bool added = out || problem_set(problem, PROBLEM_SYSTEM, "out of memory");

    for (size_t i = 0; added && i < files->count; i++)
        added = add_key(provision, files->texts[i], bundle, out, problem);
    if (out && fclose(out) == 0 && added)
        return words;
    free(words);
    return NULL;
}

static bool add_config(const struct provision *provision, const char *org,
                       const struct trusted *trusted, struct bundle *bundle,
                       struct problem *problem)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    if (out)
        print_config(provision, org, trusted, out);
    bool written = out && fclose(out) == 0;
    bool added = bundle_add(bundle, provision->options->out_folder,
                            "display.conf", FILE_MODE_PUBLIC,
                            written ? text : NULL, problem);
    free(text);
    return added;
}

static bool add_files(const struct provision *provision,
                      const struct authority *authority, struct bundle *bundle,
                      struct problem *problem)
{
    const struct options *options = provision->options;
    const struct option_list root = {{options->root_file},
                                     options->root_file ? 1 : 0};
    struct trusted trusted = {
        .root = list_keys(provision, &root, bundle, problem)};

    if (trusted.root)
        trusted.keys = list_keys(provision, &options->trust_files, bundle,
                                 problem);
    bool added = trusted.keys && add_config(provision, authority->org, &trusted,
                                            bundle, problem);
    free(trusted.root);
    free(trusted.keys);
    return added;
}

enum publish_exit provision_screen_run(const struct options *options, int count,
                                       char **operands)
{
    const struct provision provision = {
        .plan = {.role = CERTIFICATE_CLIENT, .name = operands[0]},
        .stem = "screen",
        .fill = add_files,
        .options = options,
        .name = operands[0],
    };

    (void)count;
    return check(options, operands[0]) ? provision_make(&provision)
                                       : PUBLISH_USAGE;
}
