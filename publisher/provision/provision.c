/* The commands «provision …»: a certificate authority, and the folders of files
 * that it makes for brokers, operators and screens. */
#include "publisher/provision/provision.h"

#include "base/files.h"
#include "base/utf8.h"
#include "protocol/broker_address.h"
#include "protocol/key.h"
#include "protocol/scope.h"
#include "publisher/cli/tell.h"
#include "publisher/fleet/inventory_file.h"
#include "publisher/keyfile/key_file.h"
#include "publisher/keys/keys.h"
#include "publisher/provision/authority.h"
#include "publisher/provision/town.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The client ids of commands begin with this. On the listener for screens the
 * name in the certificate is the client id, so no screen's name may begin with
 * it. */
#define PROVISION_CLIENT "gaoshi-"

/* A certificate and further files, all in one folder. */
struct provision {
    struct certificate_plan plan;
    const char *stem; /* of the certificate's files */
    /* Adds the further files. */
    bool (*fill)(const struct provision *provision,
                 const struct authority *authority, struct new_files *files,
                 struct problem *problem);
    const struct options *options;
    const char *name; /* as it was given */
};

static bool check_folders(const struct options *options)
{
    if (!options->authority_folder)
        tell_line("--ca is missing: the folder that provision ca made");
    else if (!options->out_folder)
        tell_line("--out is missing: a folder for the files");
    return options->authority_folder && options->out_folder;
}

static bool check_brokers(const struct options *options)
{
    if (options->brokers.count == 0) {
        tell_line("--broker is missing: mqtts://HOST:PORT, or wss://HOST:PORT");
        return false;
    }
    for (size_t i = 0; i < options->brokers.count; i++) {
        struct broker_address address;
        if (broker_address_parse(options->brokers.texts[i], &address, NULL) &&
            address.tls)
            continue;
        tell_line(
            "--broker '%s': expected mqtts:// or wss://HOST:PORT; certificates "
            "are for TLS",
            options->brokers.texts[i]);
        return false;
    }
    return true;
}

static enum publish_exit fail(const struct problem *problem)
{
    tell_problem(problem);
    return problem->code == PROBLEM_AUTHORITY ? PUBLISH_KEY : PUBLISH_OTHER;
}

/* The first file is the authority's record in issued/. */
static void tell_files(const struct options *options,
                       const struct new_files *files)
{
    json_t *paths = options->json ? json_array() : NULL;

    for (size_t i = 1; i < files->count && !options->quiet; i++)
        if (paths)
            json_array_append_new(paths, json_string(files->paths[i]));
        else
            tell_result("%s", files->paths[i]);
    if (options->json && !options->quiet)
        tell_json(json_pack("{s:o}", "files", paths));
    else
        json_decref(paths);
}

static enum publish_exit make(const struct provision *provision)
{
    struct problem problem = {.consequence = "no file was made"};
    struct new_files files = {.count = 0};
    struct authority authority;

    if (!authority_open(provision->options->authority_folder, &authority,
                        &problem))
        return fail(&problem);
    bool made = authority_issue(&authority, provision->plan, &files,
                                provision->options->out_folder, provision->stem,
                                &problem) &&
                provision->fill(provision, &authority, &files, &problem);
    authority_close(&authority);
    if (!made) {
        new_files_undo(&files);
        return fail(&problem);
    }
    tell_files(provision->options, &files);
    return PUBLISH_DONE;
}

static void print_broker(const struct options *options, const char *stem,
                         FILE *out)
{
    fprintf(out, "\n[broker]\n");
    for (size_t i = 0; i < options->brokers.count; i++)
        fprintf(out, "%s%s\n", i == 0 ? "address = " : "  ",
                options->brokers.texts[i]);
    fprintf(out, "ca = ca.pem\ncert = %s.pem\nkey = %s.key\n", stem, stem);
}

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
        return fail(&problem);
    if (options->json) {
        tell_json(json_pack("{s:[s+, s+]}", "files", options->out_folder,
                            "/ca.pem", options->out_folder, "/ca.key"));
        return PUBLISH_DONE;
    }
    tell_result("%s/ca.pem (for brokers, screens and operators)",
                options->out_folder);
    tell_result("%s/ca.key (keep it secret, and off the network)",
                options->out_folder);
    return PUBLISH_DONE;
}

bool provision_is_host(const char *host)
{
    size_t length = strlen(host);

    /* The first host becomes the common name and the name of a file. */
    return length > 0 && length <= CERTIFICATE_NAME_BYTES && host[0] != '.' &&
           host[0] != '-' &&
           strspn(host, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                        "0123456789.-:") == length;
}

/* A screen may publish on these topics only, which limits what the broker
 * retains for one certificate. */
static const char screens_rules[] =
    "# Who may say what on the listener for screens: %%u is the name in the\n"
    "# certificate. What screens show is signed; these rules keep one lost\n"
    "# certificate from disturbing others.\n"
    "pattern read gaoshi/1/%s/down/#\n"
    "pattern read gaoshi/1/%s/picture/#\n"
    "pattern read gaoshi/1/%s/command/%%u\n"
    "pattern write gaoshi/1/%s/screen/%%u/presence\n"
    "pattern write gaoshi/1/%s/screen/%%u/state\n"
    "pattern write gaoshi/1/%s/screen/%%u/reply\n"
    "pattern write gaoshi/1/%s/screen/%%u/receipt\n";

static const char operators_rules[] =
    "# Who may say what on the listener for operators: append the file\n"
    "# broker.acl that provision operator makes, then reload mosquitto.\n";

static bool add_broker_rules(const struct provision *provision, const char *org,
                             struct new_files *files, struct problem *problem)
{
    const char *folder = provision->options->out_folder;
    char *text = NULL;

    if (asprintf(&text, screens_rules, org, org, org, org, org, org, org) < 0)
        text = NULL;
    bool added = new_files_add(files, folder, "screens.acl", FILE_MODE_PUBLIC,
                               text, problem) &&
                 new_files_add(files, folder, "operators.acl", FILE_MODE_PUBLIC,
                               operators_rules, problem);
    free(text);
    return added;
}

static bool add_broker_files(const struct provision *provision,
                             const struct authority *authority,
                             struct new_files *files, struct problem *problem)
{
    char *list = authority_read_file(authority, "crl.pem", problem);
    bool added = list &&
                 new_files_add(files, provision->options->out_folder, "crl.pem",
                               FILE_MODE_PUBLIC, list, problem) &&
                 add_broker_rules(provision, authority->org, files, problem);

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
        .fill = add_broker_files,
        .options = options,
        .name = operands[0],
    };

    if (!check_folders(options))
        return PUBLISH_USAGE;
    for (int i = 0; i < count; i++) {
        if (provision_is_host(operands[i]))
            continue;
        tell_line("'%s': expected a host's name or address, without port",
                  operands[i]);
        return PUBLISH_USAGE;
    }
    return make(&provision);
}

#define ROOT_FILE "root.pub.pem"
#define LIST_FILE "keys.gaoshi"
#define SCREEN_SETUP "sudo gaoshi-display setup"
#define OPERATOR_SETUP "gaoshi-publish setup"
#define BROKER_SETUP "sudo /usr/share/gaoshi/mosquitto/setup"

enum { RULES_BYTES = 1024 * 1024 };

static const char operator_rules[] = "\nuser %s\n"
                                     "topic readwrite gaoshi/1/%s/down/#\n"
                                     "topic readwrite gaoshi/1/%s/picture/#\n"
                                     "topic write gaoshi/1/%s/command/+\n"
                                     "topic read gaoshi/1/%s/receipt/+/+\n"
                                     "topic read gaoshi/1/%s/screen/+/+\n";

static bool add_operator_rules(const struct provision *provision,
                               const char *org, struct new_files *files,
                               struct problem *problem)
{
    const char *name = provision->plan.name;
    char *text = NULL;

    if (asprintf(&text, operator_rules, name, org, org, org, org, org) < 0)
        text = NULL;
    bool added = new_files_add(files, provision->options->out_folder,
                               "broker.acl", FILE_MODE_PUBLIC, text, problem);
    free(text);
    return added;
}

static void print_operator_config(const struct provision *provision,
                                  const char *org, FILE *out)
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
    if (options->sender && options->sender[0])
        fprintf(out, "sender = %s\n", options->sender);
    if (options->root_file)
        fputs("root = " ROOT_FILE "\n", out);
    if (options->key_list)
        fputs("key_list = " LIST_FILE "\n", out);
    print_broker(options, provision->stem, out);
}

/* Adds the public root key; «keys publish» checks a list with it. */
static bool add_root(const struct provision *provision, struct new_files *files,
                     struct problem *problem)
{
    struct key *root = NULL;

    if (!provision->options->root_file)
        return true;
    if (!key_file_open_public(provision->options->root_file, &root, problem))
        return false;
    char *text = key_to_public_pem(root);
    bool added = new_files_add(files, provision->options->out_folder, ROOT_FILE,
                               FILE_MODE_PUBLIC, text, problem);
    free(text);
    key_destroy(root);
    return added;
}

static bool add_operator_files(const struct provision *provision,
                               const struct authority *authority,
                               struct new_files *files, struct problem *problem)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    if (out)
        print_operator_config(provision, authority->org, out);
    bool written = out && fclose(out) == 0;
    bool added = new_files_add(files, provision->options->out_folder,
                               "publish.conf", FILE_MODE_PUBLIC,
                               written ? text : NULL, problem) &&
                 add_root(provision, files, problem) &&
                 add_operator_rules(provision, authority->org, files, problem);
    free(text);
    return added;
}

/* Copies the signed list of keys, so that the operator can send it. */
static bool copy_list(const struct options *options, struct problem *problem)
{
    char path[PATH_MAX + sizeof LIST_FILE];
    size_t bytes = 0;
    char *text = file_read(options->key_list, LIMIT_MESSAGE_BYTES, &bytes,
                           problem);

    snprintf(path, sizeof path, "%s/" LIST_FILE, options->out_folder);
    bool copied = text && file_replace(path, FILE_MODE_PUBLIC, text, problem);
    free(text);
    return copied;
}

/* A key of the operator's own; one that is there already stays. */
static enum publish_exit make_key(const struct town_member *member)
{
    struct options options = member->options;
    char path[PATH_MAX + 16];

    snprintf(path, sizeof path, "%s/gaoshi.pem", member->folder);
    options.name = NULL;
    options.lock = false;
    return access(path, F_OK) == 0 ? PUBLISH_DONE
                                   : keys_new_run(&options, 0, NULL);
}

/* Puts the operator's key on the town's list, with every role and for the
 * default scope unless the flags say otherwise. */
static enum publish_exit grant_key(const struct town *town,
                                   const struct town_member *member,
                                   const char *name)
{
    struct options options = member->options;
    char list[PATH_MAX];
    char key[PATH_MAX + 16];
    char *operands[] = {list, key};

    snprintf(list, sizeof list, "%s", town->list);
    snprintf(key, sizeof key, "%s/gaoshi.pub.pem", member->folder);
    options.root_file = town->root;
    options.name = options.name ? options.name : name;
    if (options.grant_roles.count == 0)
        options.grant_roles =
            (struct option_list){{"panels", "alerts", "commands"}, 3};
    options.grant_scopes =
        (struct option_list){{options.scope ? options.scope : "all"}, 1};
    return keys_grant_run(&options, 2, operands);
}

/* The broker learns of the operator from its own files. */
static bool tell_broker(const struct town *town,
                        const struct town_member *member,
                        struct problem *problem)
{
    const struct options options = {.json = member->options.json};
    struct town_member broker;
    char from[PATH_MAX + 16], to[PATH_MAX + 16];
    size_t bytes = 0;

    if (!town_fill(town, &options, "", "broker", 0, &broker, problem))
        return false;
    snprintf(from, sizeof from, "%s/broker.acl", member->folder);
    snprintf(to, sizeof to, "%s/operators.acl", broker.folder);
    char *old = file_read_text(to, RULES_BYTES, &bytes, problem);
    char *more = old ? file_read_text(from, RULES_BYTES, &bytes, problem)
                     : NULL;
    char *text = NULL;
    if (more && asprintf(&text, "%s%s", old, more) < 0)
        text = NULL;
    bool told = text && file_replace(to, FILE_MODE_PUBLIC, text, problem) &&
                town_pack(&broker, BROKER_SETUP, problem);
    free(text);
    free(more);
    free(old);
    return told;
}

static enum publish_exit make_operator(const struct options *options,
                                       const char *given)
{
    char name[CERTIFICATE_NAME_BYTES + 1];
    int length = snprintf(name, sizeof name, PROVISION_OPERATOR "%s", given);
    const struct provision provision = {
        .plan = {.role = CERTIFICATE_CLIENT, .name = name},
        .stem = "operator",
        .fill = add_operator_files,
        .options = options,
        .name = given,
    };

    if (!identifier_is_valid(given) || (size_t)length >= sizeof name) {
        tell_line("'%s': expected an operator's name: a-z 0-9 . _ -, at most "
                  "%zu letters",
                  given, sizeof name - sizeof PROVISION_OPERATOR);
        return PUBLISH_USAGE;
    }
    if (options->scope && !scope_is_valid(options->scope)) {
        tell_line("--scope '%s': expected all, area-CODE, group-NAME or "
                  "screen-ID",
                  options->scope);
        return PUBLISH_USAGE;
    }
    if (!check_folders(options) || !check_brokers(options))
        return PUBLISH_USAGE;
    return make(&provision);
}

/* Everything at once: a key, its grant, the certificate, the list, and the
 * broker's rules. If one step fails, the same command goes on from there. */
static enum publish_exit make_town_operator(const struct options *options,
                                            const char *name)
{
    struct problem problem = {
        .consequence = "the same command goes on from there"};
    struct town town;
    struct town_member member;

    if (!identifier_is_valid(name))
        return make_operator(options, name);
    if (!town_open(options->town_folder, &town, &problem) ||
        !town_fill(&town, options, "operators/", name, TOWN_OPERATOR_PORT,
                   &member, &problem)) {
        tell_problem(&problem);
        return PUBLISH_USAGE;
    }
    member.options.key_list = town.list;
    enum publish_exit code = make_key(&member);
    if (code == PUBLISH_DONE)
        code = grant_key(&town, &member, name);
    if (code == PUBLISH_DONE)
        code = make_operator(&member.options, name);
    if (code != PUBLISH_DONE)
        return code;
    return copy_list(&member.options, &problem) &&
                   tell_broker(&town, &member, &problem) &&
                   town_pack(&member, OPERATOR_SETUP, &problem)
               ? PUBLISH_DONE
               : fail(&problem);
}

enum publish_exit provision_operator_run(const struct options *options,
                                         int count, char **operands)
{
    (void)count;
    return options->town_folder ? make_town_operator(options, operands[0])
                                : make_operator(options, operands[0]);
}

enum { AREA_DIGITS = 12 };

/* Each entry is on its own line, because a line of the configuration is limited
 * to 997 bytes. */
#define ENTRY "\n  "

static bool is_area(const char *text)
{
    return strlen(text) == AREA_DIGITS &&
           strspn(text, "0123456789") == AREA_DIGITS;
}

static bool check_screen(const struct options *options, const char *id)
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
    /* A screen with such a name could take over the session of a command at the
     * broker. */
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
    if (options->place &&
        utf8_length(options->place) > INVENTORY_PLACE_CHARACTERS) {
        tell_line("--place: %zu characters, %d at most",
                  utf8_length(options->place), INVENTORY_PLACE_CHARACTERS);
        return false;
    }
    if (options->trust_files.count == 0 && !options->root_file) {
        tell_line("--root is missing: without a public key the screen would "
                  "show nothing");
        return false;
    }
    return check_folders(options) && check_brokers(options);
}

/* Copies a public key to trust/KEYID.pem and adds it to the text for the
 * configuration. */
static bool add_key(const struct provision *provision, const char *file,
                    struct new_files *files, FILE *words,
                    struct problem *problem)
{
    char folder[PATH_MAX];
    char name[LIMIT_KEY_ID_BYTES + 8];
    struct key *key = NULL;

    if (!key_file_open_public(file, &key, problem))
        return false;
    char *text = key_to_public_pem(key);
    snprintf(folder, sizeof folder, "%s/trust", provision->options->out_folder);
    snprintf(name, sizeof name, "%s.pem", key_id(key));
    bool added = new_files_add(files, folder, name, FILE_MODE_PUBLIC, text,
                               problem);
    fprintf(words, "%strust/%s", ftell(words) > 0 ? ENTRY : " ", name);
    free(text);
    key_destroy(key);
    return added;
}

/* The values of section [trust]. */
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

static void print_screen_config(const struct provision *provision,
                                const char *org, const struct trusted *trusted,
                                FILE *out)
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
    print_broker(options, provision->stem, out);
    print_trust(trusted, out);
    fprintf(out, "\n[store]\npath = /var/lib/gaoshi/display.db\n");
}

static char *list_keys(const struct provision *provision,
                       const struct option_list *paths, struct new_files *files,
                       struct problem *problem)
{
    char *words = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&words, &size);
    bool added = out || problem_set(problem, PROBLEM_SYSTEM, "out of memory");

    for (size_t i = 0; added && i < paths->count; i++)
        added = add_key(provision, paths->texts[i], files, out, problem);
    if (out && fclose(out) == 0 && added)
        return words;
    free(words);
    return NULL;
}

static bool add_screen_config(const struct provision *provision,
                              const char *org, const struct trusted *trusted,
                              struct new_files *files, struct problem *problem)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    if (out)
        print_screen_config(provision, org, trusted, out);
    bool written = out && fclose(out) == 0;
    bool added = new_files_add(files, provision->options->out_folder,
                               "display.conf", FILE_MODE_PUBLIC,
                               written ? text : NULL, problem);
    free(text);
    return added;
}

static bool add_screen_files(const struct provision *provision,
                             const struct authority *authority,
                             struct new_files *files, struct problem *problem)
{
    const struct options *options = provision->options;
    const struct option_list root = {{options->root_file},
                                     options->root_file ? 1 : 0};
    struct trusted trusted = {
        .root = list_keys(provision, &root, files, problem)};

    if (trusted.root)
        trusted.keys = list_keys(provision, &options->trust_files, files,
                                 problem);
    bool added = trusted.keys && add_screen_config(provision, authority->org,
                                                   &trusted, files, problem);
    free(trusted.root);
    free(trusted.keys);
    return added;
}

/* Groups as the inventory has them; the caller frees it. NULL: no memory. */
static char *join_groups(const struct option_list *groups)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    for (size_t i = 0; out && i < groups->count; i++)
        fprintf(out, "%s%s", i > 0 ? " " : "", groups->texts[i]);
    return out && fclose(out) == 0 ? text : NULL;
}

/* Reads the inventory before the first file is made: a fault in it is told
 * while nothing has happened yet. */
static bool check_inventory(const struct options *options,
                            struct problem *problem)
{
    struct inventory inventory = {.count = 0};

    if (!options->inventory_file || access(options->inventory_file, F_OK) != 0)
        return true;
    bool good = inventory_load(options->inventory_file, &inventory, problem);
    inventory_finish(&inventory);
    return good;
}

static enum publish_exit add_to_inventory(const struct options *options,
                                          const char *id)
{
    struct problem problem = {
        .consequence = "the screen's files are made; add its line yourself"};
    char *groups = join_groups(&options->screen_groups);
    const struct inventory_screen screen = {
        .id = id,
        .place = options->place ? options->place : "",
        .area = options->area_code ? options->area_code : "",
        .groups = groups ? groups : "",
        .notes = "",
    };
    bool added = false;

    bool done = groups ? inventory_append(options->inventory_file, &screen,
                                          &added, &problem)
                       : problem_set(&problem, PROBLEM_SYSTEM, "out of memory");
    free(groups);
    if (!done)
        return fail(&problem);
    if (!added)
        tell_line("%s stands in %s already and stays as it is there", id,
                  options->inventory_file);
    return PUBLISH_DONE;
}

static enum publish_exit make_screen(const struct options *options,
                                     const char *id)
{
    const struct provision provision = {
        .plan = {.role = CERTIFICATE_CLIENT, .name = id},
        .stem = "screen",
        .fill = add_screen_files,
        .options = options,
        .name = id,
    };

    struct problem problem = {.consequence = "no file was made"};

    if (!check_screen(options, id))
        return PUBLISH_USAGE;
    if (!check_inventory(options, &problem)) {
        tell_problem(&problem);
        return PUBLISH_USAGE;
    }
    enum publish_exit code = make(&provision);
    return code == PUBLISH_DONE && options->inventory_file
               ? add_to_inventory(options, id)
               : code;
}

static enum publish_exit make_town_screen(const struct options *options,
                                          const char *id)
{
    struct problem problem = {.consequence = "no file was made"};
    struct town town;
    struct town_member member;

    if (!town_open(options->town_folder, &town, &problem) ||
        !town_fill(&town, options, "screens/", id, TOWN_SCREEN_PORT, &member,
                   &problem)) {
        tell_problem(&problem);
        return PUBLISH_USAGE;
    }
    if (!member.options.inventory_file)
        member.options.inventory_file = town.inventory;
    enum publish_exit code = make_screen(&member.options, id);
    if (code != PUBLISH_DONE)
        return code;
    return town_pack(&member, SCREEN_SETUP, &problem) ? PUBLISH_DONE
                                                      : fail(&problem);
}

enum publish_exit provision_screen_run(const struct options *options, int count,
                                       char **operands)
{
    (void)count;
    return options->town_folder ? make_town_screen(options, operands[0])
                                : make_screen(options, operands[0]);
}

static enum publish_exit revoke_name(const struct options *options,
                                     const char *name)
{
    struct problem problem = {.consequence = "the list stands as it was"};
    struct authority authority;

    if (!options->authority_folder) {
        tell_line("--ca or --town is missing: the folder that provision ca or "
                  "provision town made");
        return PUBLISH_USAGE;
    }
    if (strchr(name, '/')) {
        tell_line("'%s': expected the name of a screen, of an operator "
                  "(" PROVISION_OPERATOR "NAME) or a broker's first host",
                  name);
        return PUBLISH_USAGE;
    }
    if (!authority_open(options->authority_folder, &authority, &problem))
        return fail(&problem);
    bool revoked = authority_revoke(&authority, name, &problem);
    authority_close(&authority);
    if (!revoked)
        return fail(&problem);
    if (options->json)
        tell_json(json_pack("{s:s, s:s+}", "revoked", name, "list",
                            options->authority_folder, "/crl.pem"));
    else
        tell_result("%s is revoked as soon as the broker has %s/crl.pem", name,
                    options->authority_folder);
    return PUBLISH_DONE;
}

/* Puts the new list of revoked certificates into what the broker takes. */
static bool pack_revoked(const struct town *town,
                         const struct town_member *broker,
                         struct problem *problem)
{
    char from[PATH_MAX + 16], to[PATH_MAX + 16];
    size_t bytes = 0;

    snprintf(from, sizeof from, "%s/crl.pem", town->authority);
    snprintf(to, sizeof to, "%s/crl.pem", broker->folder);
    char *text = file_read_text(from, RULES_BYTES, &bytes, problem);
    bool packed = text && file_replace(to, FILE_MODE_PUBLIC, text, problem) &&
                  town_pack(broker, BROKER_SETUP, problem);
    free(text);
    return packed;
}

enum publish_exit provision_revoke_run(const struct options *options, int count,
                                       char **operands)
{
    struct problem problem = {
        .consequence = "the broker's files are as before"};
    struct town town;
    struct town_member broker;

    (void)count;
    if (!options->town_folder)
        return revoke_name(options, operands[0]);
    if (!town_open(options->town_folder, &town, &problem) ||
        !town_fill(&town, options, "", "broker", 0, &broker, &problem)) {
        tell_problem(&problem);
        return PUBLISH_USAGE;
    }
    enum publish_exit code = revoke_name(&broker.options, operands[0]);
    if (code != PUBLISH_DONE)
        return code;
    return pack_revoked(&town, &broker, &problem) ? PUBLISH_DONE
                                                  : fail(&problem);
}

/* Which of a town's machines a name is. */
struct renewal {
    struct certificate_plan plan;
    const char *kind; /* of town_fill */
    const char *name; /* of its folder */
    const char *stem;
    const char *command; /* that takes the new files */
    const char *hosts[LINK_BROKER_MAX];
};

/* "broker", operator-NAME, or a screen's id. */
static struct renewal renewal_of(const struct town *town, const char *name)
{
    const size_t prefix = strlen(PROVISION_OPERATOR);
    struct renewal renewal = {
        .plan = {.role = CERTIFICATE_CLIENT, .name = name},
        .kind = "screens/",
        .name = name,
        .stem = "screen",
        .command = SCREEN_SETUP};

    if (strncmp(name, PROVISION_OPERATOR, prefix) == 0) {
        renewal.kind = "operators/";
        renewal.name = name + prefix;
        renewal.stem = "operator";
        renewal.command = OPERATOR_SETUP;
    } else if (strcmp(name, "broker") == 0) {
        for (size_t i = 0; i < town->host_count; i++)
            renewal.hosts[i] = town->hosts[i];
        renewal.plan.role = CERTIFICATE_BROKER;
        renewal.plan.name = town->hosts[0];
        renewal.plan.host_count = town->host_count;
        renewal.kind = "";
        renewal.stem = "broker";
        renewal.command = BROKER_SETUP;
    }
    return renewal;
}

static bool renew(const struct town *town, const struct options *options,
                  const char *name, struct problem *problem)
{
    struct renewal renewal = renewal_of(town, name);
    struct town_member member;
    struct authority authority;

    renewal.plan.hosts = renewal.hosts;
    if (!town_fill(town, options, renewal.kind, renewal.name, 0, &member,
                   problem) ||
        !authority_open(member.options.authority_folder, &authority, problem))
        return false;
    bool renewed = authority_renew(&authority, renewal.plan, member.folder,
                                   renewal.stem, problem);
    authority_close(&authority);
    return renewed && town_pack(&member, renewal.command, problem);
}

enum publish_exit provision_renew_run(const struct options *options, int count,
                                      char **operands)
{
    struct problem problem = {.consequence = "its certificate is as before"};
    struct town town;

    (void)count;
    if (!options->town_folder) {
        tell_line("--town is missing: the folder that provision town made");
        return PUBLISH_USAGE;
    }
    if (!identifier_is_valid(operands[0])) {
        tell_line("'%s': expected the name of a screen, of an operator "
                  "(" PROVISION_OPERATOR "NAME), or «broker»",
                  operands[0]);
        return PUBLISH_USAGE;
    }
    if (!town_open(options->town_folder, &town, &problem) ||
        !renew(&town, options, operands[0], &problem))
        return fail(&problem);
    return PUBLISH_DONE;
}
