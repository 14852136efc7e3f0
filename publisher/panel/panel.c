/* panel push FILE|DIR…: checks all files before it sends one; or sends a panel
 * that flags describe. panel remove ID…:
 * a signed removal replaces the panel in every scope that it was pushed to. */
#include "publisher/panel/panel.h"

#include "base/translate.h"
#include "publisher/cli/options.h"
#include "publisher/cli/tell.h"
#include "publisher/panel/panel_new.h"
#include "publisher/panel/panel_push.h"
#include "publisher/send/dispatch.h"
#include "publisher/send/glyphs.h"
#include "publisher/send/send_options.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void tell_bad(struct panel_push *push, const struct problem *problem)
{
    tell_problem(problem);
    push->bad++;
}

static void add_file(struct panel_push *push, const char *file)
{
    struct problem problem = {0};

    push->files++;
    if (!drafts_add_file(&push->drafts, &push->pictures, file, &problem)) {
        tell_bad(push, &problem);
        return;
    }
    const struct draft *rival = drafts_rival_of_last(&push->drafts);
    size_t last = push->drafts.count - 1;
    const struct message *message = push->drafts.items[last].message;
    if (rival)
        problem_set_field(&problem, "id", "'%s' is also that of %s",
                          message->id, rival->place);
    else if (message->kind != push->kind)
        problem_set_field(&problem, "kind", "'%s', expected %s",
                          message_kind_name(message->kind),
                          message_kind_name(push->kind));
    else
        return;
    problem_set_place(&problem, file);
    tell_bad(push, &problem);
}

static int is_json(const struct dirent *entry)
{
    size_t length = strlen(entry->d_name);

    return entry->d_name[0] != '.' && length > 5 &&
           strcmp(entry->d_name + length - 5, ".json") == 0;
}

/* By bytes, so that the order does not depend on the operator's locale. */
static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static void add_folder(struct panel_push *push, const char *folder)
{
    struct dirent **entries = NULL;
    int count = scandir(folder, &entries, is_json, by_name);

    if (count <= 0) {
        tell_line("%s: no *.json that can be read", folder);
        push->bad++;
    }
    for (int i = 0; i < count; i++) {
        char *file = NULL;
        if (asprintf(&file, "%s/%s", folder, entries[i]->d_name) >= 0) {
            add_file(push, file);
            free(file);
        } else {
            tell_line("out of memory");
            push->bad++;
        }
        free(entries[i]);
    }
    free(entries);
}

/* Pictures are one panel, made of the flags; files are drafts. */
static void add_operands(struct panel_push *push, const struct options *options,
                         int count, char **operands)
{
    struct problem problem = {0};
    int pictures = 0;

    for (int i = 0; i < count; i++)
        pictures += push->kind == MESSAGE_PANEL && picture_file_is(operands[i]);
    if (pictures > 0 && pictures < count)
        problem_set(&problem, PROBLEM_FIELD,
                    "%d pictures and %d other files: push them one after the "
                    "other",
                    pictures, count - pictures);
    else if (pictures > 0)
        panel_push_pictures(push, options, count, operands, &problem);
    if (problem.code != PROBLEM_NONE)
        tell_bad(push, &problem);
    for (int i = 0; i < count && pictures == 0; i++) {
        struct stat status;
        if (stat(operands[i], &status) == 0 && S_ISDIR(status.st_mode))
            add_folder(push, operands[i]);
        else
            add_file(push, operands[i]);
    }
    if (pictures == 0 && push->bad == 0 &&
        options_are_typed(options, OPTION_PICTURE)) {
        problem_set(&problem, PROBLEM_FIELD,
                    "these flags describe pictures, and no FILE is a JPEG, PNG "
                    "or WebP by its content");
        tell_bad(push, &problem);
    }
}

static enum publish_exit send(const struct options *options,
                              struct panel_push *push)
{
    struct problem problem = {.consequence = "nothing was sent"};
    struct picture_files_record pictures = {&push->pictures, options->org};
    const struct dispatch_record record = {.keep = picture_files_keep,
                                           .draw = picture_files_draw,
                                           .context = &pictures};
    enum publish_exit code =
        dispatch_recorded(options, &push->drafts,
                          push->pictures.count > 0 ? &record : NULL, &problem);

    if (problem.code != PROBLEM_NONE)
        tell_problem(&problem);
    return code;
}

static enum publish_exit push_all(const struct options *options, int count,
                                  char **operands, enum message_kind kind)
{
    struct panel_push push = {.kind = kind};
    enum publish_exit code = PUBLISH_REFUSED;

    add_operands(&push, options, count, operands);
    if (push.bad == 0) {
        glyphs_check(&push.drafts, GLYPHS_WAIT_MS);
        code = send(options, &push);
    } else if (push.files > 1) {
        tell_line("%zu of %zu files are bad; nothing was sent", push.bad,
                  push.files);
    } else {
        tell_line("nothing was sent");
    }
    drafts_finish(&push.drafts);
    picture_files_finish(&push.pictures);
    return code;
}

/* Of a file that is not there nobody needs to know that it is no picture. */
static bool are_there(int count, char **operands)
{
    for (int i = 0; i < count; i++)
        if (access(operands[i], R_OK) != 0) {
            tell_line("%s: %s; nothing was sent", operands[i], tr_error(errno));
            return false;
        }
    return true;
}

/* A panel that the flags describe. */
static enum publish_exit push_new(const struct options *options)
{
    struct problem problem = {.consequence = "nothing was sent"};
    struct drafts drafts = {0};
    enum publish_exit code;

    if (!send_options_check(options))
        return PUBLISH_USAGE;
    if (panel_new_add(options, &drafts, &problem)) {
        glyphs_check(&drafts, GLYPHS_WAIT_MS);
        if (!options->content.id && send_options_send(options) &&
            !options->json)
            tell_result("id %s", drafts.items[0].message->id);
        code = dispatch_drafts(options, &drafts);
    } else {
        tell_problem(&problem);
        code = problem.code == PROBLEM_FIELD ? PUBLISH_USAGE
                                             : send_exit_code(&problem);
    }
    drafts_finish(&drafts);
    return code;
}

enum publish_exit panel_push_run(const struct options *options, int count,
                                 char **operands)
{
    bool from_flags = panel_new_is_wanted(options);
    bool pictures = count > 0 && picture_file_is(operands[0]);

    if ((pictures || from_flags) && !are_there(count, operands))
        return PUBLISH_REFUSED;
    if (pictures)
        return push_all(options, count, operands, MESSAGE_PANEL);
    if (from_flags && count > 0) {
        tell_line("'%s' is no JPEG, PNG or WebP by its content, which flags "
                  "may describe: give either files, or --kind and the other "
                  "flags of a new panel; nothing was sent",
                  operands[0]);
        return PUBLISH_USAGE;
    }
    if (!from_flags && count == 0) {
        tell_line("give either files, or --kind and the other flags of a new "
                  "panel; nothing was sent; see gaoshi-publish panel push "
                  "--help");
        return PUBLISH_USAGE;
    }
    return from_flags ? push_new(options)
                      : push_all(options, count, operands, MESSAGE_PANEL);
}

enum publish_exit settings_push_run(const struct options *options, int count,
                                    char **operands)
{
    return push_all(options, count, operands, MESSAGE_SETTINGS);
}

struct removal {
    const struct options *options;
    const char *id;
    struct drafts drafts;
    size_t known; /* scopes of the present id */
    struct problem *problem;
};

/* scope NULL: the scope of the options. */
static bool add_removal(struct removal *removal, const char *scope)
{
    removal->known++;
    return drafts_add_json(&removal->drafts,
                           json_pack("{s:i, s:s, s:s, s:s*}", "gaoshi", 1,
                                     "kind", "panel-removal", "id", removal->id,
                                     "scope", scope),
                           removal->id, removal->problem);
}

/* Also adds a panel that was removed before: a second removal does no harm. */
static bool add_known(void *context, const struct outbox_message *message)
{
    struct removal *removal = context;
    const struct options *options = removal->options;
    struct topic topic;

    if (!topic_parse(message->topic, &topic) ||
        (option_is_typed(options, "scope") &&
         strcmp(options->scope, topic.scope) != 0))
        return true;
    return add_removal(removal, topic.scope);
}

static bool refuse(const struct removal *removal)
{
    const struct options *options = removal->options;

    return problem_set(removal->problem, PROBLEM_STALE,
                       "'%s': no panel of this id was pushed%s%s from here; "
                       "--force sends it all the same",
                       removal->id,
                       option_is_typed(options, "scope") ? tr(" to ") : "",
                       option_is_typed(options, "scope") ? options->scope : "");
}

static bool add_id(struct removal *removal, struct outbox *outbox)
{
    const struct options *options = removal->options;

    removal->known = 0;
    if (outbox && !outbox_each_panel(outbox, options->org, removal->id,
                                     add_known, removal, removal->problem))
        return false;
    return removal->known > 0 ||
           (options->force ? add_removal(removal, options->scope)
                           : refuse(removal));
}

static bool add_ids(struct removal *removal, int count, char **ids)
{
    struct outbox *outbox = NULL;
    bool good = send_options_open_reading(removal->options, &outbox,
                                          removal->problem);

    for (int i = 0; i < count && good; i++) {
        removal->id = ids[i];
        good = identifier_is_valid(ids[i])
                   ? add_id(removal, outbox)
                   : problem_set(removal->problem, PROBLEM_FIELD,
                                 "ID '%s': expected a-z, 0-9, '.', '_' and '-'",
                                 ids[i]);
    }
    outbox_close(outbox);
    return good;
}

enum publish_exit panel_remove_run(const struct options *options, int count,
                                   char **operands)
{
    struct problem problem = {.consequence = "nothing was sent"};
    struct removal removal = {.options = options, .problem = &problem};
    struct options own = *options;
    enum publish_exit code;

    if (!send_options_check(options))
        return PUBLISH_USAGE;
    own.scope = NULL; /* each draft has its own scope */
    if (add_ids(&removal, count, operands)) {
        code = dispatch_drafts(&own, &removal.drafts);
    } else {
        tell_problem(&problem);
        code = send_exit_code(&problem);
    }
    drafts_finish(&removal.drafts);
    return code;
}
