/* Fills a roster from the broker. */
#include "publisher/screens/snapshot.h"

#include "base/clock.h"
#include "publisher/cli/tell.h"
#include "publisher/fleet/inventory_file.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>

enum { FILTERS = 3 };

static bool open_line(struct snapshot *snapshot, bool replies,
                      struct problem *problem)
{
    const char *org = snapshot->options->org;
    char presence[LIMIT_TOPIC_BYTES], state[LIMIT_TOPIC_BYTES];
    char reply[LIMIT_TOPIC_BYTES];
    const char *const filters[FILTERS] = {presence, state, reply};

    snprintf(presence, sizeof presence, "gaoshi/1/%s/screen/+/presence", org);
    snprintf(state, sizeof state, "gaoshi/1/%s/screen/+/state", org);
    snprintf(reply, sizeof reply, "gaoshi/1/%s/screen/+/reply", org);
    return session_open(snapshot->options, filters,
                        replies ? FILTERS : FILTERS - 1, true,
                        &snapshot->session, problem);
}

bool snapshot_open(struct snapshot *snapshot, const struct options *options,
                   bool replies, struct problem *problem)
{
    const char *file = options->inventory_file;

    *snapshot = (struct snapshot){.options = options};
    if (file && !inventory_load(file, &snapshot->inventory, problem))
        return false;
    if (!roster_init(&snapshot->roster, file ? &snapshot->inventory : NULL))
        return problem_set(problem, PROBLEM_SYSTEM, "out of memory");
    snapshot->news = calloc(snapshot->roster.room, 1);
    if (!snapshot->news)
        return problem_set(problem, PROBLEM_SYSTEM, "out of memory");
    return open_line(snapshot, replies, problem);
}

void snapshot_close(struct snapshot *snapshot)
{
    session_close(snapshot->session);
    roster_finish(&snapshot->roster);
    inventory_finish(&snapshot->inventory);
    free(snapshot->news);
}

static void note(struct snapshot *snapshot, int screen)
{
    if (screen < 0)
        return;
    snapshot->news[screen] = 1;
    snapshot->any_news = true;
}

void snapshot_take(struct snapshot *snapshot, const struct session_event *event)
{
    snapshot->news_ms = clock_monotonic_ms();
    switch (event->kind) {
    case SESSION_PRESENCE:
        note(snapshot,
             roster_take_presence(&snapshot->roster, &event->presence));
        return;
    case SESSION_STATE:
        note(snapshot, roster_take_state(&snapshot->roster, event->state));
        return;
    case SESSION_MARKED:
        snapshot->complete = true;
        return;
    case SESSION_SUBSCRIBED:
        if (!event->granted)
            tell_line("the broker does not let us read %s", event->text);
        return;
    case SESSION_DISCONNECTED:
        tell_line("no line: %s", event->text);
        return;
    case SESSION_PART: /* of an earlier command */
        free(event->part);
        return;
    default:
        return;
    }
}

bool snapshot_collect(struct snapshot *snapshot)
{
    int64_t limit_ms = (int64_t)snapshot->options->timeout_s * 1000;
    struct session_event event;

    for (;;) {
        int64_t now_ms = clock_monotonic_ms();
        int64_t patience_ms = snapshot->complete ? SESSION_QUIET_MS : limit_ms;
        if (session_next(snapshot->session, now_ms + patience_ms, &event)) {
            snapshot_take(snapshot, &event);
            continue;
        }
        if (snapshot->complete)
            break;
        tell_line("the broker did not tell within %d s what it retains; may we "
                  "write to and read from gaoshi/1/%s/down/# there?",
                  snapshot->options->timeout_s, snapshot->options->org);
        return false;
    }
    size_t dropped = session_dropped(snapshot->session);
    if (dropped + snapshot->roster.passed_over > 0)
        tell_line("%zu lines of screens were passed over: too many names, or "
                  "more than there was room for",
                  dropped + snapshot->roster.passed_over);
    return true;
}

bool snapshot_follow(struct snapshot *snapshot, int signal_fd, int64_t until_ms)
{
    struct pollfd files[] = {
        {.fd = signal_fd, .events = POLLIN},
        {.fd = session_fd(snapshot->session), .events = POLLIN},
    };
    struct session_event event;

    for (;;) {
        int64_t wait_ms = until_ms - clock_monotonic_ms();
        if (poll(files, 2, wait_ms > 0 ? (int)wait_ms : 0) < 0 &&
            errno != EINTR)
            return false;
        if (files[0].revents & POLLIN)
            return false;
        if (!session_next(snapshot->session, 0, &event))
            return true;
        snapshot_take(snapshot, &event);
        if (wait_ms <= 0)
            return true;
    }
}
