/* panel push FILE|DIR…: all of them are checked before one is sent. */
#include "publisher/cli/command.h"
#include "publisher/cli/tell.h"
#include "publisher/send/dispatch.h"
#include "publisher/send/glyphs.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct push {
    struct drafts drafts;
    size_t bad;
};

static void tell_bad(struct push *push, const struct problem *problem)
{
    tell_problem(problem);
    push->bad++;
}

static void add_file(struct push *push, const char *file)
{
    struct problem problem = {0};

    if (!drafts_add_file(&push->drafts, file, &problem)) {
        tell_bad(push, &problem);
        return;
    }
    const struct draft *rival = drafts_rival_of_last(&push->drafts);
    size_t last = push->drafts.count - 1;
    const struct message *message = push->drafts.items[last].message;
    if (rival)
        problem_set_field(&problem, "id", "'%s' is also that of %s",
                          message->id, rival->place);
    else if (message->kind != MESSAGE_PANEL)
        problem_set_field(&problem, "kind", "'%s', expected panel",
                          message_kind_name(message->kind));
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

/* By bytes, whatever the operator's language: the order is the same on every
 * machine. */
static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static void add_folder(struct push *push, const char *folder)
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

static void tell_missing_glyphs(const struct drafts *drafts)
{
    const char **files = calloc(drafts->count + 1, sizeof *files);

    if (!files)
        return;
    for (size_t i = 0; i < drafts->count; i++)
        files[i] = drafts->items[i].place;
    glyphs_tell_missing(files, drafts->count);
    free(files);
}

enum publish_exit panel_push_run(const struct options *options, int count,
                                 char **operands)
{
    struct push push = {0};
    enum publish_exit code = PUBLISH_REFUSED;

    for (int i = 0; i < count; i++) {
        struct stat status;
        if (stat(operands[i], &status) == 0 && S_ISDIR(status.st_mode))
            add_folder(&push, operands[i]);
        else
            add_file(&push, operands[i]);
    }
    if (push.bad == 0) {
        tell_missing_glyphs(&push.drafts);
        code = dispatch_drafts(options, &push.drafts);
    } else {
        tell_line("%zu of the files are bad; nothing was sent", push.bad);
    }
    drafts_finish(&push.drafts);
    return code;
}
