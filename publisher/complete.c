/* Completes command lines: flags and commands by their tables, ids from the
 * outbox, screens from the inventory, templates from the data. */
#include "publisher/complete.h"

#include "base/clock.h"
#include "base/completion.h"
#include "publisher/alert/templates.h"
#include "publisher/commands.h"
#include "publisher/console/accounts.h"
#include "publisher/console/console.h"
#include "publisher/fleet/inventory_file.h"
#include "publisher/panel/panel_known.h"
#include "publisher/provision/authority.h"
#include "publisher/provision/provision.h"
#include "publisher/provision/town.h"
#include "publisher/send/backlog.h"
#include "publisher/send/figures_known.h"
#include "publisher/send/send_options.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void offer_template(void *context, const char *name, const char *event)
{
    completion_offer(context, name, event);
}

static void offer_templates(struct completion *completion,
                            const struct options *options)
{
    struct templates templates = {0};
    struct problem problem = {0};

    if (templates_read(options->data, &templates, &problem))
        templates_each(&templates, offer_template, completion);
    templates_finish(&templates);
}

static void offer_screens(struct completion *completion,
                          const struct options *options)
{
    struct inventory inventory = {.screens = NULL};
    struct problem problem = {0};

    if (!options->inventory_file ||
        !inventory_load(options->inventory_file, &inventory, &problem))
        return;
    for (size_t i = 0; i < inventory.count; i++)
        completion_offer(completion, inventory.screens[i].id,
                         inventory.screens[i].place);
    inventory_finish(&inventory);
}

/* An id may have gone to several scopes. */
static void offer_panels(struct completion *completion,
                         const struct options *options)
{
    struct known_panels known = {0};
    struct problem problem = {0};
    const char *before = "";

    if (!known_panels_load(options, NULL, &known, &problem))
        known.count = 0;
    for (size_t i = 0; i < known.count; i++) {
        const struct message *message = known.items[i].message;
        bool again = strcmp(message->id, before) == 0;
        before = message->id;
        if (!again && known_panel_is_live(&known.items[i], clock_wall_ms()))
            completion_offer(completion, message->id, message->panel.title);
    }
    known_panels_finish(&known);
}

static void offer_alerts(struct completion *completion,
                         const struct options *options)
{
    struct sent_alerts alerts = {0};
    struct problem problem = {0};

    if (!send_options_load_sent(options, NULL, &alerts, &problem))
        return;
    for (size_t i = 0; i < alerts.count; i++) {
        const struct sent_alert *alert = &alerts.items[i];
        if (sent_alert_is_live(alert, clock_wall_ms()))
            completion_offer(completion, alert->id,
                             alert->alert ? alert->alert->alert.event : "");
    }
    sent_alerts_finish(&alerts);
}

static void offer_figures(struct completion *completion,
                          const struct options *options)
{
    struct figures_known known = {0};
    struct problem problem = {0};
    char name[LIMIT_IDENTIFIER_BYTES + 2];

    if (!figures_known_load(options, &known, &problem))
        known.count = 0;
    for (size_t i = 0; i < known.count; i++) {
        const struct message *message = known.items[i].message;
        snprintf(name, sizeof name, "%s=", message->id);
        completion_offer(completion, name, message->figure.unit);
    }
    figures_known_finish(&known);
}

static void offer_waiting(struct completion *completion,
                          const struct options *options)
{
    struct problem problem = {0};
    struct outbox *outbox = NULL;
    struct backlog backlog = {.items = NULL};

    if (send_options_open_reading(options, &outbox, &problem) && outbox &&
        backlog_load(outbox, options->org, &backlog, &problem))
        for (size_t i = 0; i < backlog.count; i++)
            completion_offer(completion, backlog.items[i].topic.id,
                             backlog.items[i].title);
    backlog_finish(&backlog);
    outbox_close(outbox);
}

static void offer_accounts(struct completion *completion,
                           const struct options *options)
{
    struct problem problem = {0};
    struct accounts *accounts = calloc(1, sizeof *accounts);
    char *path = accounts ? accounts_path(options, &problem) : NULL;

    if (path && accounts_read(path, accounts, &problem))
        for (size_t i = 0; i < accounts->count; i++)
            completion_offer(completion, accounts->items[i].name, "");
    free(path);
    free(accounts);
}

/* The log of plays has a command of its own. */
static void offer_verbs(const struct completion *completion)
{
    for (enum command_verb verb = 0; verb < COMMAND_COUNT; verb++)
        if (verb != COMMAND_PLAYS)
            completion_offer(completion, command_verb_name(verb), "");
}

/* Offers what a folder contains: files with this ending without it, or, if it
 * is "", folders; each after the prefix. */
static void offer_folder(struct completion *completion, const char *folder,
                         const char *ending, const char *prefix)
{
    DIR *open = opendir(folder);
    const struct dirent *entry;
    char name[2 * NAME_MAX];

    while (open && (entry = readdir(open))) {
        size_t length = strlen(entry->d_name), rest = strlen(ending);
        if (entry->d_name[0] == '.' || length <= rest ||
            (rest ? strcmp(entry->d_name + length - rest, ending) != 0
                  : strchr(entry->d_name, '.') != NULL))
            continue;
        snprintf(name, sizeof name, "%s%.*s", prefix, (int)(length - rest),
                 entry->d_name);
        completion_offer(completion, name, "");
    }
    if (open)
        closedir(open);
}

/* Those of the authority, or of the town's. */
static void offer_issued(struct completion *completion,
                         const struct options *options)
{
    const char *authority = options->authority_folder;
    char path[PATH_MAX + sizeof AUTHORITY_ISSUED + 1];
    struct problem problem = {0};
    struct town town;

    if (options->town_folder &&
        town_name(options->town_folder, &town, &problem))
        authority = town.authority;
    if (!authority)
        return;
    snprintf(path, sizeof path, "%s/" AUTHORITY_ISSUED, authority);
    offer_folder(completion, path, ".pem", "");
}

static void offer_machines(struct completion *completion, const char *town)
{
    char path[PATH_MAX];

    completion_offer(completion, "broker", "");
    snprintf(path, sizeof path, "%s/screens", town);
    offer_folder(completion, path, "", "");
    snprintf(path, sizeof path, "%s/operators", town);
    offer_folder(completion, path, "", PROVISION_OPERATOR);
}

/* What was typed may be wrong or not finished: what could be read counts. */
static void read_options(const struct completion *completion,
                         struct options *out)
{
    option_groups groups = completion->command->groups;
    int count = completion->word_count, operands = 0;
    char **words = calloc((size_t)count + 1, sizeof *words);
    struct problem problem = {0};

    if (words && count > 0)
        memcpy(words, completion->words, (size_t)count * sizeof *words);
    options_parse(out, groups, words ? count : 0, words, 0, &operands,
                  &problem);
    options_read_config(out, &problem);
    free(words);
}

static void offer_names(struct completion *completion, unsigned kinds)
{
    struct options options;

    read_options(completion, &options);
    if (kinds & NAMES_TEMPLATES)
        offer_templates(completion, &options);
    if (kinds & NAMES_SCREENS)
        offer_screens(completion, &options);
    if (kinds & NAMES_VERBS)
        offer_verbs(completion);
    if (kinds & NAMES_ACCOUNTS)
        offer_accounts(completion, &options);
    if ((kinds & NAMES_PANELS) && options.org)
        offer_panels(completion, &options);
    if ((kinds & NAMES_ALERTS) && options.org)
        offer_alerts(completion, &options);
    if ((kinds & NAMES_FIGURES) && options.org)
        offer_figures(completion, &options);
    if ((kinds & NAMES_WAITING) && options.org)
        offer_waiting(completion, &options);
    if (kinds & NAMES_ISSUED)
        offer_issued(completion, &options);
    if ((kinds & NAMES_MACHINES) && options.town_folder)
        offer_machines(completion, options.town_folder);
    options_finish(&options);
}

void complete_print(int count, char **words)
{
    struct completion_command *list = calloc(command_count, sizeof *list);
    struct completion completion = {.rows = options_table(),
                                    .commands = list,
                                    .command_count = command_count,
                                    .names = offer_names,
                                    .out = stdout};

    if (!list)
        return;
    for (size_t i = 0; i < command_count; i++) {
        const struct command *one = &commands[i];
        unsigned names = one->names ? one->names : COMPLETION_FILES;
        list[i] = (struct completion_command){
            one->name, one->summary, one->groups | OPTION_EVERY,
            one->most_operands > 0 ? names : 0};
    }
    completion_print(&completion, count, words);
    free(list);
}
