/* cap watch DIR: files that a warning centre hands over are sent as they
 * come; good ones go to DIR/done, bad ones to DIR/refused with the reason. */
#include "publisher/cap/cap_folder.h"
#include "publisher/cli/clock.h"
#include "publisher/cli/signals.h"
#include "publisher/cli/tell.h"
#include "publisher/send/dispatch.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

enum {
    /* Looks again so soon at files that are still written, and for a line
     * that was down. */
    RETRY_MS = 2000,
    /* Network folders don't tell of their changes. */
    LOOK_MS = 30000,
    /* A list so old is made anew when something came. */
    LIST_AGAIN_MS = 1000,
};

struct watch {
    const struct options *options;
    const char *folder;
    bool unconfirmed; /* something may wait in the outbox */
    bool again;       /* something is to be tried soon */
    bool refused;     /* a file was */
    bool cut_short;   /* the folder is to be listed anew at once */
    int64_t listed_ms;
    int changes; /* inotify */
    enum publish_exit failure;
};

/* What was queued waits in the outbox, whatever the broker has against our
 * certificate: that may be mended while the watch goes on. */
static bool is_unconfirmed(enum publish_exit code,
                           const struct problem *problem)
{
    return code == PUBLISH_UNCONFIRMED ||
           (code == PUBLISH_KEY && problem->code == PROBLEM_NONE);
}

/* Moves the file where its fate says. False: the watch can't go on. */
static bool settle(struct watch *watch, const char *name,
                   enum publish_exit code, const struct problem *problem)
{
    char reason[1024] = "the broker refused it";

    if (is_unconfirmed(code, problem)) {
        watch->unconfirmed = true;
        return cap_folder_move(watch->folder, name, "done", NULL);
    }
    switch (code) {
    case PUBLISH_DONE:
        return cap_folder_move(watch->folder, name, "done", NULL);
    case PUBLISH_REFUSED:
        if (problem->code != PROBLEM_NONE)
            problem_format(problem, reason, sizeof reason);
        watch->refused = true;
        return cap_folder_move(watch->folder, name, "refused", reason);
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

/* True when something came while a long list was worked off: it may be graver
 * than what is left of it. */
static bool has_news(const struct watch *watch)
{
    struct pollfd file = {.fd = watch->changes, .events = POLLIN};

    return !watch->options->once &&
           clock_monotonic_ms() - watch->listed_ms >= LIST_AGAIN_MS &&
           poll(&file, 1, 0) > 0;
}

static bool take_entry(void *context, const struct cap_folder_entry *entry)
{
    struct watch *watch = context;
    struct problem problem = {0};

    if (has_news(watch)) {
        watch->cut_short = true;
        return false;
    }
    if (!entry->odd && !cap_folder_is_settled(entry->path)) {
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

/* What earlier files left in the outbox. */
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
    return cap_folder_each(watch->folder, take_entry, watch) ||
           watch->cut_short;
}

static void drain(int descriptor)
{
    char events[4096];

    while (read(descriptor, events, sizeof events) > 0)
        ;
}

/* False: it was told to end. */
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
    /* Nobody is there to ask: whom it may speak to was said at its start. */
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
    if (!cap_folder_prepare(watch.folder, &problem)) {
        tell_problem(&problem);
        return PUBLISH_OTHER;
    }
    /* A writer that meets our look at its file. */
    signal(SIGIO, SIG_IGN);
    int signals = options->once ? -1 : signals_open();
    int changes = watch.changes = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    enum publish_exit code = PUBLISH_OTHER;
    if ((signals < 0 && !options->once) || changes < 0 ||
        inotify_add_watch(changes, watch.folder, IN_CLOSE_WRITE | IN_MOVED_TO) <
            0)
        tell_line("%s: can't be watched: %s", watch.folder, strerror(errno));
    else
        code = run(&watch, signals);
    if (signals >= 0)
        close(signals);
    if (changes >= 0)
        close(changes);
    return code;
}
