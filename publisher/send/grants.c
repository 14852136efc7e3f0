/* Refuses drafts that all screens would refuse. */
#include "publisher/send/grants.h"

#include "base/clock.h"
#include "base/timestamp.h"
#include "protocol/key_list.h"
#include "publisher/cli/tell.h"
#include "publisher/keyfile/key_file.h"
#include "publisher/keyfile/key_list_file.h"
#include "publisher/send/send_options.h"

#include <stdlib.h>
#include <string.h>

/* The list in the file that the options name. *out stays NULL without such a
 * file. */
static bool read_named(const struct options *options, struct message **out,
                       struct problem *problem)
{
    struct key_list_file file = {.payload = NULL};
    struct key *root = NULL;

    if (!options->key_list)
        return true;
    bool read = (!options->root_file ||
                 key_file_open_public(options->root_file, &root, problem)) &&
                key_list_file_read(options->key_list, root, &file, problem);
    if (read) {
        *out = file.message;
        file.message = NULL;
    } else {
        problem->code = PROBLEM_AUTHORITY;
    }
    key_list_file_finish(&file);
    key_destroy(root);
    return read;
}

static struct message *parse_row(const struct outbox_row *row,
                                 const char *topic)
{
    const char *line_end = row->payload ? strchr(row->payload, '\n') : NULL;
    struct message *message = NULL;

    if (!line_end ||
        !message_parse(line_end + 1,
                       row->bytes - (size_t)(line_end + 1 - row->payload),
                       MESSAGE_WIRE, topic, &message, NULL))
        return NULL;
    return message;
}

/* The list that «keys publish» checked and sent. An outbox that cannot be read
 * is no error here: the sending reports it. */
static struct message *read_sent(const struct options *options)
{
    struct topic topic = {.kind = TOPIC_KEYS, .scope = "all"};
    struct problem problem = {0};
    struct outbox_row row = {.payload = NULL};
    struct outbox *outbox = NULL;
    char text[LIMIT_TOPIC_BYTES];
    struct message *message = NULL;

    snprintf(topic.org, sizeof topic.org, "%s", options->org);
    if (topic_format(&topic, text) &&
        send_options_open_reading(options, &outbox, &problem) && outbox &&
        outbox_find(outbox, text, &row, &problem))
        message = parse_row(&row, text);
    free(row.payload);
    outbox_close(outbox);
    return message;
}

static struct message *newer_of(struct message *a, struct message *b)
{
    struct message *newer = !a ? b : !b ? a : a->seq >= b->seq ? a : b;

    message_destroy(newer == a ? b : a);
    return newer;
}

static const struct key_list_entry *find_entry(const struct key_list *list,
                                               const char *id)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->entries[i].id, id) == 0)
            return &list->entries[i];
    return NULL;
}

/* True for a group or a screen that may be in an area of the key: only the
 * screens know. */
static bool is_unsure(const struct key_grant *grant, const char *scope)
{
    bool area = false,
         named = strncmp(scope, "area-", 5) != 0 && strcmp(scope, "all") != 0;

    for (size_t i = 0; i < grant->scope_count; i++) {
        if (scope_contains(grant->scopes[i], scope))
            return false;
        area = area || strcmp(grant->scopes[i], scope) != 0;
    }
    return named && area;
}

static bool check_draft(const struct options *options,
                        const struct draft *draft,
                        const struct key_list_entry *entry,
                        struct problem *problem)
{
    static const struct screen_identity nowhere = {.screen = ""};
    const struct message *message = draft->message;
    const char *scope = send_options_scope(options, message);
    char why[sizeof problem->expected];

    if (!scope_is_valid(scope))
        return true; /* composing refuses it */
    bool unsure = is_unsure(&entry->grant, scope);
    if (key_grant_allows(&entry->grant, message_roles(message->kind),
                         unsure ? NULL : scope, clock_wall_ms(), &nowhere,
                         problem)) {
        if (unsure)
            tell_line("note: the key may not sign for all of %s: screens "
                      "outside its areas refuse it",
                      scope);
        return true;
    }
    snprintf(why, sizeof why, "%s", problem->expected);
    problem_set(problem, PROBLEM_SCOPE,
                "screens refuse this of the key %s: %s (list of keys)",
                entry->id, why);
    problem_set_place(problem, draft->place);
    return false;
}

static bool check_list(const struct options *options, const struct key *key,
                       const struct drafts *drafts,
                       const struct message *message, struct problem *problem)
{
    const struct key_list_entry *entry = find_entry(message->keys, key_id(key));

    if (!entry) {
        tell_line("note: the key %s is not on the list of keys: only screens "
                  "whose own configuration names it accept this",
                  key_id(key));
        return true;
    }
    for (size_t i = 0; i < drafts->count; i++)
        if (!check_draft(options, &drafts->items[i], entry, problem))
            return false;
    return true;
}

bool grants_list(const struct options *options, struct message **out,
                 struct problem *problem)
{
    struct message *named = NULL;

    if (!read_named(options, &named, problem))
        return false;
    *out = newer_of(named, read_sent(options));
    if (*out && strcmp((*out)->org, options->org) != 0) {
        message_destroy(*out);
        *out = NULL;
    }
    return true;
}

bool grants_check(const struct options *options, const struct key *key,
                  const struct drafts *drafts, struct problem *problem)
{
    struct message *list = NULL;

    if (options->force || drafts->count == 0)
        return true;
    if (!grants_list(options, &list, problem))
        return false;
    bool allowed = !list || check_list(options, key, drafts, list, problem);
    if (!list && options->root_file)
        tell_line("note: no list of keys is here (--key-list), so it was not "
                  "checked what the key %s may sign",
                  key_id(key));
    message_destroy(list);
    return allowed;
}
