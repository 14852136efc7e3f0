/* Reads and watches the files of a rehearsal. */
#include "display/edge/rehearse/draft_folder.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/files.h"
#include "base/log.h"
#include "base/translate.h"
#include "protocol/message.h"

enum {
    WATCHED = IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE |
              IN_CREATE | IN_ONLYDIR,
    PATH_BYTES = 4096,
};

static bool ends_in(const char *name, const char *end)
{
    size_t bytes = strlen(name), own = strlen(end);

    return bytes > own && strcmp(name + bytes - own, end) == 0;
}

/* Editors keep their own files beside, which begin with a point. */
static bool counts(const char *name)
{
    return name[0] != '.' && (ends_in(name, ".json") || ends_in(name, ".ini"));
}

static bool is_folder(const char *path)
{
    struct stat status;

    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

void draft_folder_watch(struct draft_folder *folder, const char *path)
{
    if (folder->watch_fd >= 0 &&
        inotify_add_watch(folder->watch_fd, path, WATCHED) < 0)
        log_write(LOG_WARNING,
                  "rehearse: %s: %s; changes there are not noticed", path,
                  tr_error(errno));
}

bool draft_folder_init(struct draft_folder *folder, const char *path,
                       struct problem *problem)
{
    *folder = (struct draft_folder){
        .watch_fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC)};
    if (is_folder(path)) {
        folder->path = strdup(path);
    } else {
        const char *slash = strrchr(path, '/');
        folder->only = strdup(slash ? slash + 1 : path);
        folder->path = file_folder(path);
        if (access(path, R_OK) != 0) {
            problem_set_place(problem, path);
            return problem_set(problem, PROBLEM_SYSTEM, "%s", tr_error(errno));
        }
    }
    if (!folder->path)
        return problem_set(problem, PROBLEM_SYSTEM, "no memory");
    return draft_folder_read(folder, problem);
}

static void draft_finish(struct draft *draft)
{
    free(draft->path);
    free(draft->text);
    json_decref(draft->body);
}

static void forget_themes(struct draft_folder *folder)
{
    for (size_t i = 0; i < folder->theme_count; i++)
        free(folder->themes[i]);
    free(folder->themes);
    folder->themes = NULL;
    folder->theme_count = 0;
}

void draft_folder_finish(struct draft_folder *folder)
{
    if (folder->path && folder->watch_fd >= 0)
        close(folder->watch_fd);
    for (size_t i = 0; i < folder->count; i++)
        draft_finish(&folder->drafts[i]);
    forget_themes(folder);
    free(folder->drafts);
    free(folder->path);
    free(folder->only);
    *folder = (struct draft_folder){.watch_fd = -1};
}

static struct draft *find_draft(struct draft_folder *folder, const char *path)
{
    for (size_t i = 0; i < folder->count; i++)
        if (strcmp(folder->drafts[i].path, path) == 0)
            return &folder->drafts[i];
    return NULL;
}

static struct draft *add_draft(struct draft_folder *folder, const char *path)
{
    struct draft *more = realloc(folder->drafts,
                                 (folder->count + 1) * sizeof *more);
    char *own = strdup(path);

    if (more)
        folder->drafts = more;
    if (!more || !own || folder->count == DRAFT_FILES_MAX) {
        free(own);
        return NULL;
    }
    more[folder->count] = (struct draft){.path = own};
    return &more[folder->count++];
}

/* The envelope line of a signed message is skipped: a rehearsal signs it anew.
 */
static json_t *parse(const char *path, const char *text, size_t bytes,
                     struct problem *problem)
{
    struct message *message = NULL;
    json_t *body = NULL;
    size_t skip = strncmp(text, "gaoshi1 ", 8) == 0 ? strcspn(text, "\n") + 1
                                                    : 0;

    if (skip > bytes)
        skip = bytes;
    if (!message_parse(text + skip, bytes - skip, MESSAGE_DRAFT, path, &message,
                       problem))
        return NULL;
    if (message->kind == MESSAGE_PANEL || message->kind == MESSAGE_ALERT)
        body = json_deep_copy(message->root);
    else
        problem_set_field(problem, "kind", "'%s', expected panel or alert",
                          message_kind_name(message->kind));
    problem_set_place(problem, path);
    message_destroy(message);
    return body;
}

static void read_draft(struct draft *draft)
{
    struct problem problem = {.code = PROBLEM_NONE};
    size_t bytes = 0;
    char *text = file_read_text(draft->path, LIMIT_MESSAGE_BYTES, &bytes,
                                &problem);

    draft->seen = true;
    if (text && draft->text && strcmp(text, draft->text) == 0) {
        free(text);
        return;
    }
    free(draft->text);
    draft->text = text;
    json_t *body = text ? parse(draft->path, text, bytes, &problem) : NULL;
    draft->problem = problem;
    draft->refused = false;
    if (body) {
        json_decref(draft->body);
        draft->body = body;
        draft->changed = true;
        draft->problem = (struct problem){.code = PROBLEM_NONE};
        return;
    }
    snprintf(draft->problem.consequence, sizeof draft->problem.consequence,
             "%s",
             draft->body ? "the last good version stays" : "it is left out");
    log_problem(LOG_ERROR, "rehearse", &draft->problem);
}

static void add_theme(struct draft_folder *folder, const char *path)
{
    char **more = realloc(folder->themes,
                          (folder->theme_count + 1) * sizeof *more);

    if (!more)
        return;
    folder->themes = more;
    more[folder->theme_count] = strdup(path);
    folder->theme_count += more[folder->theme_count] != NULL;
}

static void take_file(struct draft_folder *folder, const char *path,
                      const char *name)
{
    if (ends_in(name, ".ini")) {
        add_theme(folder, path);
        return;
    }
    if (folder->only && strcmp(name, folder->only) != 0)
        return;
    struct draft *draft = find_draft(folder, path);
    if (!draft)
        draft = add_draft(folder, path);
    if (draft)
        read_draft(draft);
    else
        log_write(LOG_ERROR, "rehearse: %s: no room for more than %d files",
                  path, DRAFT_FILES_MAX);
}

static bool read_names(struct draft_folder *folder, const char *path, int depth)
{
    struct dirent **entries = NULL;
    int count = scandir(path, &entries, NULL, alphasort);
    char name[PATH_BYTES];

    if (count < 0)
        return false;
    draft_folder_watch(folder, path);
    for (int i = 0; i < count; i++) {
        const char *entry = entries[i]->d_name;
        int length = snprintf(name, sizeof name, "%s%s%s", path,
                              path[strlen(path) - 1] == '/' ? "" : "/", entry);
        bool fits = length > 0 && length < PATH_BYTES;
        if (fits && counts(entry))
            take_file(folder, name, entry);
        else if (fits && depth == 0 && !folder->only && entry[0] != '.' &&
                 is_folder(name))
            read_names(folder, name, depth + 1);
        free(entries[i]);
    }
    free(entries);
    return true;
}

bool draft_folder_read(struct draft_folder *folder, struct problem *problem)
{
    forget_themes(folder);
    for (size_t i = 0; i < folder->count; i++)
        folder->drafts[i].seen = false;
    if (!read_names(folder, folder->path, 0)) {
        problem_set_place(problem, folder->path);
        return problem_set(problem, PROBLEM_SYSTEM, "%s", tr_error(errno));
    }
    for (size_t i = 0; i < folder->count; i++)
        folder->drafts[i].gone = !folder->drafts[i].seen;
    return true;
}

bool draft_folder_is_stale(struct draft_folder *folder)
{
    char bytes[4096] __attribute__((aligned(8)));
    bool stale = false;
    ssize_t length;

    while ((length = read(folder->watch_fd, bytes, sizeof bytes)) > 0) {
        for (char *at = bytes; at < bytes + length;) {
            const struct inotify_event *event = (const void *)at;
            bool created = event->mask & IN_CREATE;
            if (event->mask & (IN_ISDIR | IN_Q_OVERFLOW))
                stale = true;
            else if (event->len > 0 && !created)
                stale |= counts(event->name);
            at += sizeof *event + event->len;
        }
    }
    return stale;
}

void draft_folder_sweep(struct draft_folder *folder)
{
    size_t kept = 0;

    for (size_t i = 0; i < folder->count; i++) {
        if (folder->drafts[i].gone)
            draft_finish(&folder->drafts[i]);
        else
            folder->drafts[kept++] = folder->drafts[i];
    }
    folder->count = kept;
}
