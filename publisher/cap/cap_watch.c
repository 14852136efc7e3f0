/* cap watch DIR: sends the files that a warning centre puts into a folder as
 * they arrive. Good files go to DIR/done, bad ones with the reason to
 * DIR/refused. */
#include "base/translate.h"
#include "publisher/cap/cap.h"

#include "base/clock.h"
#include "base/files.h"
#include "publisher/cap/cap_file.h"
#include "publisher/cap/cap_order.h"
#include "publisher/cli/command.h"
#include "publisher/cli/tell.h"
#include "publisher/send/dispatch.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

/* An entry of the folder. */
struct entry {
    char *name;
    char *path;
    const char *odd; /* its kind if it is no regular file, which must not be
                        opened; else NULL */
    struct file_identity identity;
    int64_t changed_ns;
};

enum { SETTLED_MS = 2000, NAMES_MOST = 1000 };

/* NULL: no memory, which was printed. */
static char *join_path(const char *folder, const char *name)
{
    char *path = NULL;

    if (asprintf(&path, "%s/%s", folder, name) >= 0)
        return path;
    tell_line("out of memory");
    return NULL;
}

/* Makes done/ and refused/ in the folder. The folder itself must exist: after a
 * typing error the operator would watch a new empty folder. */
static bool prepare_folder(const char *folder, struct problem *problem)
{
    static const char *const names[] = {"done", "refused"};
    struct stat status;
    bool made = true;

    if (stat(folder, &status) != 0 || !S_ISDIR(status.st_mode)) {
        problem_set(problem, PROBLEM_SYSTEM,
                    "no such folder; it is not made, for its name may be "
                    "mistyped");
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

/* By the time of the last change, then by name. */
static int by_age(const void *a, const void *b)
{
    const struct entry *of_a = a, *of_b = b;

    if (of_a->changed_ns != of_b->changed_ns)
        return of_a->changed_ns < of_b->changed_ns ? -1 : 1;
    return strcmp(of_a->name, of_b->name);
}

static const char *odd_kind(mode_t mode)
{
    return S_ISREG(mode)    ? NULL
           : S_ISLNK(mode)  ? tr("a symbolic link")
           : S_ISDIR(mode)  ? tr("a folder")
           : S_ISFIFO(mode) ? tr("a pipe")
                            : tr("a device or socket");
}

static void free_entries(struct entry *entries, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free(entries[i].name);
        free(entries[i].path);
    }
    free(entries);
}

static bool add_entry(struct entry **entries, size_t *count, const char *folder,
                      DIR *stream, const char *name)
{
    struct stat status;

    if (!is_wanted(name) ||
        fstatat(dirfd(stream), name, &status, AT_SYMLINK_NOFOLLOW) != 0)
        return true;
    struct entry entry = {
        .name = strdup(name),
        .path = join_path(folder, name),
        .odd = odd_kind(status.st_mode),
        .identity = {.device = status.st_dev, .inode = status.st_ino},
        .changed_ns = (int64_t)status.st_mtim.tv_sec * 1000000000 +
                      status.st_mtim.tv_nsec,
    };
    struct entry *grown = entry.name && entry.path
                              ? realloc(*entries,
                                        (*count + 1) * sizeof **entries)
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

static bool list_entries(const char *folder, struct entry **entries,
                         size_t *count)
{
    DIR *stream = opendir(folder);
    struct dirent *entry;
    bool listed = stream != NULL;

    while (listed && (entry = readdir(stream)) != NULL)
        listed = add_entry(entries, count, folder, stream, entry->d_name);
    if (!listed)
        tell_line("%s: can't be read: %s", folder, tr_error(errno));
    else if (*count > 0)
        qsort(*entries, *count, sizeof **entries, by_age);
    if (stream)
        closedir(stream);
    return listed;
}

/* Entries that are no regular files are not read. They come first, because they
 * are refused at once. */
static struct cap_order_item *sort_entries(const struct entry *entries,
                                           size_t count)
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

/* Calls back for each *.xml and *.cap, the gravest first (cap_order.h), among
 * equals the oldest, until a call returns false. Returns false then, and when
 * the folder cannot be read, which was printed. */
static bool each_entry(const char *folder,
                       bool (*each)(void *context, const struct entry *entry),
                       void *context)
{
    struct entry *entries = NULL;
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

/* True when no process has the file open for writing, because only then the
 * kernel grants a read lease. If the file system has no leases: when the file
 * is two seconds old. */
static bool is_settled(const char *path)
{
    struct stat status;
    int file = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

    if (file < 0)
        return true; /* reading it reports the reason */
    bool settled = fcntl(file, F_SETLEASE, F_RDLCK) == 0;
    if (settled)
        fcntl(file, F_SETLEASE, F_UNLCK);
    else if (errno != EAGAIN && fstat(file, &status) == 0)
        settled = clock_wall_ms() - (int64_t)status.st_mtim.tv_sec * 1000 >=
                  SETTLED_MS;
    close(file);
    return settled;
}

/* Overwrites no file: tries NAME, then NAME.1 and so on. Returns the new path;
 * NULL: failed, errno says why. */
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

/* Moves a file into the subfolder done or refused, and writes a reason into
 * NAME.reason.txt beside it. False: it failed, which was printed. */
static bool move_file(const char *folder, const char *name, const char *into,
                      const char *reason)
{
    char *from = join_path(folder, name);
    char *moved = from ? move_to(from, folder, into, name) : NULL;
    bool done = moved && (!reason || write_reason(moved, reason));

    if (!moved)
        tell_line("%s/%s: can't be moved to %s: %s", folder, name, into,
                  tr_error(errno));
    free(moved);
    free(from);
    return done;
}

enum {
    /* The wait before it checks files that are still being written, or tries
     * the broker again. */
    RETRY_MS = 2000,
    /* The longest wait: network file systems report no changes. */
    LOOK_MS = 30000,
    /* If the list of the folder is older than this, it is made again when a
     * file arrives. */
    LIST_AGAIN_MS = 1000,
};

struct watch {
    const struct options *options;
    const char *folder;
    bool unconfirmed; /* something may wait in the outbox */
    bool again;       /* something must be tried again soon */
    bool refused;     /* a file was refused */
    bool cut_short;   /* the folder must be listed again at once */
    int64_t listed_ms;
    int changes; /* inotify */
    enum publish_exit failure;
};

/* True when the messages were queued and wait in the outbox. This includes a
 * broker that refuses our certificate, because the certificate may be replaced
 * while the watch runs. */
static bool is_unconfirmed(enum publish_exit code,
                           const struct problem *problem)
{
    return code == PUBLISH_UNCONFIRMED ||
           (code == PUBLISH_KEY && problem->code == PROBLEM_NONE);
}

/* Moves the file to done or refused by the exit code of its sending. False: the
 * watch cannot go on. */
static bool settle(struct watch *watch, const char *name,
                   enum publish_exit code, const struct problem *problem)
{
    char reason[1024] = N_("the broker refused it");

    if (is_unconfirmed(code, problem)) {
        watch->unconfirmed = true;
        return move_file(watch->folder, name, "done", NULL);
    }
    switch (code) {
    case PUBLISH_DONE:
        return move_file(watch->folder, name, "done", NULL);
    case PUBLISH_REFUSED:
        if (problem->code != PROBLEM_NONE)
            problem_format(problem, reason, sizeof reason);
        watch->refused = true;
        return move_file(watch->folder, name, "refused", reason);
    case PUBLISH_OTHER:
        watch->again = true;
        watch->failure = code;
        return true;
    default:
        watch->failure = code;
        return false;
    }
}

static enum publish_exit refuse_odd(const char *path, const char *odd,
                                    struct problem *problem)
{
    problem_set(problem, PROBLEM_SYSTEM, "%s found, a file expected", odd);
    problem_set_place(problem, path);
    tell_problem(problem);
    return PUBLISH_REFUSED;
}

/* True when a file arrived while a long list was being sent: it may be graver
 * than the rest of the list. */
static bool has_news(const struct watch *watch)
{
    struct pollfd file = {.fd = watch->changes, .events = POLLIN};

    return !watch->options->once &&
           clock_monotonic_ms() - watch->listed_ms >= LIST_AGAIN_MS &&
           poll(&file, 1, 0) > 0;
}

static bool take_entry(void *context, const struct entry *entry)
{
    struct watch *watch = context;
    struct problem problem = {0};

    if (has_news(watch)) {
        watch->cut_short = true;
        return false;
    }
    if (!entry->odd && !is_settled(entry->path)) {
        watch->again = true;
        return true;
    }
    enum publish_exit code = entry->odd
                                 ? refuse_odd(entry->path, entry->odd, &problem)
                                 : cap_file_send(watch->options, entry->path,
                                                 &entry->identity, &problem);
    bool going = settle(watch, entry->name, code, &problem);
    if (!going && watch->failure == PUBLISH_DONE)
        watch->failure = PUBLISH_OTHER;
    return going;
}

/* Sends messages that earlier files left in the outbox. */
static void flush(struct watch *watch)
{
    struct drafts none = {0};
    struct options options = *watch->options;
    struct problem problem = {0};

    options.scope = NULL;
    enum publish_exit code = dispatch_recorded(&options, &none, NULL, &problem);
    watch->unconfirmed = is_unconfirmed(code, &problem);
    if ((code == PUBLISH_KEY && !watch->unconfirmed) || code == PUBLISH_USAGE)
        watch->failure = code;
    if (problem.code != PROBLEM_NONE)
        tell_problem(&problem);
}

/* False: the watch can't go on. */
static bool look(struct watch *watch)
{
    watch->again = false;
    watch->failure = PUBLISH_DONE;
    if (watch->unconfirmed)
        flush(watch);
    if (watch->failure != PUBLISH_DONE)
        return false;
    watch->listed_ms = clock_monotonic_ms();
    watch->cut_short = false;
    return each_entry(watch->folder, take_entry, watch) || watch->cut_short;
}

static void drain(int descriptor)
{
    char events[4096];

    while (read(descriptor, events, sizeof events) > 0)
        ;
}

/* False: a signal asks for the end. */
static bool wait_for_news(const struct watch *watch, int signals)
{
    struct pollfd files[] = {{.fd = signals, .events = POLLIN},
                             {.fd = watch->changes, .events = POLLIN}};
    bool soon = watch->again || watch->unconfirmed;

    if (poll(files, 2, soon ? RETRY_MS : LOOK_MS) < 0 && errno != EINTR)
        return false;
    drain(watch->changes);
    return !(files[0].revents & POLLIN);
}

static enum publish_exit run(struct watch *watch, int signals)
{
    do {
        if (!look(watch))
            return watch->failure ? watch->failure : PUBLISH_OTHER;
        fflush(stdout);
        if (watch->options->once)
            return watch->failure       ? watch->failure
                   : watch->refused     ? PUBLISH_REFUSED
                   : watch->unconfirmed ? PUBLISH_UNCONFIRMED
                                        : PUBLISH_DONE;
    } while (wait_for_news(watch, signals));
    return PUBLISH_DONE;
}

enum publish_exit cap_watch_run(const struct options *options, int count,
                                char **operands)
{
    /* Nobody can answer questions; the operator agreed by starting the watch.
     */
    struct options own = *options;
    struct watch watch = {.options = &own,
                          .folder = operands[0],
                          .unconfirmed = !options->dry_run};
    struct problem problem = {0};

    (void)count;
    own.yes = true;
    own.waiting_alerts = true;
    if (options->dry_run) {
        tell_line("--dry-run moves no files: cap check tells what they say");
        return PUBLISH_USAGE;
    }
    if (!prepare_folder(watch.folder, &problem)) {
        tell_problem(&problem);
        return PUBLISH_OTHER;
    }
    /* The kernel sends SIGIO when a writer opens a file under our read lease.
     */
    signal(SIGIO, SIG_IGN);
    int signals = options->once ? -1 : command_open_signals();
    int changes = watch.changes = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    enum publish_exit code = PUBLISH_OTHER;
    if ((signals < 0 && !options->once) || changes < 0 ||
        inotify_add_watch(changes, watch.folder, IN_CLOSE_WRITE | IN_MOVED_TO) <
            0)
        tell_line("%s: can't be watched: %s", watch.folder, tr_error(errno));
    else
        code = run(&watch, signals);
    if (signals >= 0)
        close(signals);
    if (changes >= 0)
        close(changes);
    return code;
}
