/* Lists, judges and moves the files of a hand-over. */
#include "publisher/cap/cap_folder.h"

#include "publisher/cap/cap_order.h"
#include "publisher/cli/clock.h"
#include "base/files.h"
#include "publisher/cli/tell.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SETTLED_MS = 2000, NAMES_MOST = 1000 };

/* NULL: no memory, which is told. */
static char *join_path(const char *folder, const char *name)
{
    char *path = NULL;

    if (asprintf(&path, "%s/%s", folder, name) >= 0)
        return path;
    tell_line("out of memory");
    return NULL;
}

bool cap_folder_prepare(const char *folder, struct problem *problem)
{
    static const char *const names[] = {"done", "refused"};
    struct stat status;
    bool made = true;

    if (stat(folder, &status) != 0 || !S_ISDIR(status.st_mode)) {
        problem_set(problem, PROBLEM_SYSTEM,
                    "no such folder: it is not made, lest a mistyped name is "
                    "watched in vain");
        problem_set_place(problem, folder);
        return false;
    }
    for (size_t i = 0; made && i < sizeof names / sizeof names[0]; i++) {
        char *path = join_path(folder, names[i]);
        made = path && folder_ensure(path, problem);
        free(path);
    }
    return made;
}

static bool is_wanted(const char *name)
{
    size_t length = strlen(name);

    return name[0] != '.' && length > 4 &&
           (strcasecmp(name + length - 4, ".xml") == 0 ||
            strcasecmp(name + length - 4, ".cap") == 0);
}

/* In the order in which they came; by name where that is the same. */
static int by_age(const void *a, const void *b)
{
    const struct cap_folder_entry *of_a = a, *of_b = b;

    if (of_a->changed_ns != of_b->changed_ns)
        return of_a->changed_ns < of_b->changed_ns ? -1 : 1;
    return strcmp(of_a->name, of_b->name);
}

static const char *odd_kind(mode_t mode)
{
    return S_ISREG(mode)    ? NULL
           : S_ISLNK(mode)  ? "a symbolic link"
           : S_ISDIR(mode)  ? "a folder"
           : S_ISFIFO(mode) ? "a pipe"
                            : "a device or socket";
}

static void free_entries(struct cap_folder_entry *entries, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free(entries[i].name);
        free(entries[i].path);
    }
    free(entries);
}

static bool add_entry(struct cap_folder_entry **entries, size_t *count,
                      const char *folder, DIR *stream, const char *name)
{
    struct stat status;

    if (!is_wanted(name) ||
        fstatat(dirfd(stream), name, &status, AT_SYMLINK_NOFOLLOW) != 0)
        return true;
    struct cap_folder_entry entry = {
        .name = strdup(name),
        .path = join_path(folder, name),
        .odd = odd_kind(status.st_mode),
        .identity = {.device = status.st_dev, .inode = status.st_ino},
        .changed_ns = (int64_t)status.st_mtim.tv_sec * 1000000000 +
                      status.st_mtim.tv_nsec,
    };
    struct cap_folder_entry *grown =
        entry.name && entry.path
            ? realloc(*entries, (*count + 1) * sizeof **entries)
            : NULL;
    if (!grown) {
        free(entry.name);
        free(entry.path);
        return false;
    }
    grown[(*count)++] = entry;
    *entries = grown;
    return true;
}

static bool list_entries(const char *folder, struct cap_folder_entry **entries,
                         size_t *count)
{
    DIR *stream = opendir(folder);
    struct dirent *entry;
    bool listed = stream != NULL;

    while (listed && (entry = readdir(stream)) != NULL)
        listed = add_entry(entries, count, folder, stream, entry->d_name);
    if (!listed)
        tell_line("%s: can't be read: %s", folder, strerror(errno));
    else if (*count > 0)
        qsort(*entries, *count, sizeof **entries, by_age);
    if (stream)
        closedir(stream);
    return listed;
}

/* What is no file is not looked into: it comes first, in no time. */
static struct cap_order_item *
sort_entries(const struct cap_folder_entry *entries, size_t count)
{
    struct cap_order_item *items = calloc(count + 1, sizeof *items);
    size_t odd = 0;

    if (!items) {
        tell_line("out of memory");
        return NULL;
    }
    for (size_t i = 0; i < count; i++)
        if (entries[i].odd)
            items[odd++].index = i;
    for (size_t i = 0, file = odd; i < count; i++)
        if (!entries[i].odd)
            items[file++] = (struct cap_order_item){
                .path = entries[i].path,
                .listed = &entries[i].identity,
                .index = i,
            };
    cap_order_sort(items + odd, count - odd);
    return items;
}

bool cap_folder_each(const char *folder,
                     bool (*each)(void *context,
                                  const struct cap_folder_entry *entry),
                     void *context)
{
    struct cap_folder_entry *entries = NULL;
    size_t count = 0;
    bool going = list_entries(folder, &entries, &count);
    struct cap_order_item *items = going ? sort_entries(entries, count) : NULL;

    going = items != NULL;
    for (size_t i = 0; going && i < count; i++)
        going = each(context, &entries[items[i].index]);
    free(items);
    free_entries(entries, count);
    return going;
}

/* A read lease is given only while nobody writes. */
bool cap_folder_is_settled(const char *path)
{
    struct stat status;
    int file = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

    if (file < 0)
        return true; /* reading it tells why */
    bool settled = fcntl(file, F_SETLEASE, F_RDLCK) == 0;
    if (settled)
        fcntl(file, F_SETLEASE, F_UNLCK);
    else if (errno != EAGAIN && fstat(file, &status) == 0)
        settled = clock_wall_ms() - (int64_t)status.st_mtim.tv_sec * 1000 >=
                  SETTLED_MS;
    close(file);
    return settled;
}

/* Nothing that lies there already is lost. out: the path without the number
 * of its copy is NAME, then NAME.1 and so on. */
static char *move_to(const char *from, const char *folder, const char *into,
                     const char *name)
{
    for (int copy = 0; copy < NAMES_MOST; copy++) {
        char *to = NULL;
        char number[16] = "";
        if (copy > 0)
            snprintf(number, sizeof number, ".%d", copy);
        if (asprintf(&to, "%s/%s/%s%s", folder, into, name, number) < 0)
            return NULL;
        if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0)
            return to;
        free(to);
        if (errno != EEXIST)
            return NULL;
    }
    return NULL;
}

static bool write_reason(const char *moved, const char *reason)
{
    struct problem problem = {0};
    char *path = NULL;
    char *text = NULL;

    bool written = asprintf(&path, "%s.reason.txt", moved) >= 0 &&
                   asprintf(&text, "%s\n", reason) >= 0 &&
                   file_create(path, 0644, text, &problem);
    if (!written && problem.code != PROBLEM_NONE)
        tell_problem(&problem);
    free(path);
    free(text);
    return written;
}

bool cap_folder_move(const char *folder, const char *name, const char *into,
                     const char *reason)
{
    char *from = join_path(folder, name);
    char *moved = from ? move_to(from, folder, into, name) : NULL;
    bool done = moved && (!reason || write_reason(moved, reason));

    if (!moved)
        tell_line("%s/%s: can't be moved to %s: %s", folder, name, into,
                  strerror(errno));
    free(moved);
    free(from);
    return done;
}
