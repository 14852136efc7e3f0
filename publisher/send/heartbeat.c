/* heartbeat: a signed tick every half minute, and what a broker lost is sent to
 * it again. */
#include "publisher/send/heartbeat.h"

#include "publisher/cli/clock.h"
#include "publisher/cli/signals.h"
#include "publisher/cli/tell.h"
#include "publisher/outbox/outbox_live.h"
#include "publisher/send/dispatch.h"
#include "publisher/send/line.h"
#include "publisher/send/private_key.h"
#include "publisher/send/sending.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    FILTERS = 2, /* our index first: it comes before the first tick */
    /* A broker that goes on losing is not flooded. */
    RESTORE_AGAIN_MS = 10 * 60 * 1000,
};

struct heartbeat {
    const struct options *options;
    struct key *key;
    struct outbox *outbox;
    struct events *events;
    struct link *link;
    int signal_fd;
    bool up;
    bool done;       /* --once: it was sent */
    int subscribed;  /* answers since the line came up */
    bool checked;    /* whether the broker still has our index */
    bool told_deaf;  /* that our own ticks don't come back */
    int64_t next_ms; /* monotonic: the next tick */
    struct heartbeat_known known;
    int64_t restored_ms;           /* monotonic; 0: never */
    bool lost;                     /* the broker has to be restored */
    char sent[LINK_REASON_BYTES];  /* first line of the last tick */
    char index[LINK_REASON_BYTES]; /* of our index, as the broker has it */
};

static int every_s(const struct heartbeat *heartbeat)
{
    int given = heartbeat->options->every_s;

    return given == 0 && !heartbeat->options->once ? HEARTBEAT_EVERY_S : given;
}

static struct live_index_frame frame_now(const struct heartbeat *heartbeat)
{
    int64_t now_ms = clock_wall_ms();

    return (struct live_index_frame){
        .org = heartbeat->options->org,
        .key = heartbeat->key,
        .now_ms = now_ms,
        .utc_offset_minutes = clock_utc_offset_minutes(now_ms),
    };
}

/* The line and the outbox may fail for a while; the next tick tries again. */
static void send_tick(struct heartbeat *heartbeat)
{
    struct problem problem = {.consequence = "this tick is left out"};
    struct live_index_frame frame = frame_now(heartbeat);
    struct heartbeat_tick tick;

    heartbeat->next_ms = events_now_ms() + (int64_t)every_s(heartbeat) * 1000;
    if (!heartbeat_make_tick(heartbeat->outbox, &frame, every_s(heartbeat),
                             &heartbeat->known, &tick, &problem)) {
        tell_problem(&problem);
        return;
    }
    size_t line = strcspn(tick.payload, "\n");
    if (line < sizeof heartbeat->sent) {
        memcpy(heartbeat->sent, tick.payload, line);
        heartbeat->sent[line] = '\0';
    }
    link_publish(heartbeat->link, tick.topic, tick.payload, tick.bytes, 0,
                 false, 0);
    free(tick.payload);
}

static bool is_ready(const struct heartbeat *heartbeat)
{
    return heartbeat->up &&
           (heartbeat->options->once || heartbeat->subscribed >= FILTERS);
}

static void send_if_due(struct heartbeat *heartbeat)
{
    if (!is_ready(heartbeat) || events_now_ms() < heartbeat->next_ms ||
        (heartbeat->options->once && heartbeat->sent[0]))
        return;
    if (heartbeat->sent[0] && !heartbeat->checked && !heartbeat->told_deaf) {
        tell_line("our own ticks don't come back: may we write to and read "
                  "from gaoshi/1/%s/down/# at the broker? Nothing that it "
                  "loses is restored",
                  heartbeat->options->org);
        heartbeat->told_deaf = true;
    }
    send_tick(heartbeat);
}

/* Retained messages come before the first tick does: what has not come by
 * then, the broker does not have. */
static void check_index(struct heartbeat *heartbeat)
{
    struct live_index_frame frame = frame_now(heartbeat);
    struct outbox_row row = {.payload = NULL};
    struct problem problem = {.consequence = "what the broker lost is not "
                                             "restored"};
    char topic[LIMIT_TOPIC_BYTES];

    heartbeat->checked = true;
    heartbeat->told_deaf = false;
    if (!live_index_topic(&frame, "all", topic) ||
        !outbox_find(heartbeat->outbox, topic, &row, &problem)) {
        tell_problem(&problem);
        return;
    }
    size_t line = row.payload ? strcspn(row.payload, "\n") : 0;
    heartbeat->lost = row.payload && row.state == OUTBOX_CONFIRMED &&
                      (strlen(heartbeat->index) != line ||
                       memcmp(heartbeat->index, row.payload, line) != 0);
    free(row.payload);
}

static void hear(struct heartbeat *heartbeat, const struct event *event)
{
    if (event->topic == TOPIC_INDEX)
        memcpy(heartbeat->index, event->text, sizeof heartbeat->index);
    else if (!heartbeat->checked && strcmp(event->text, heartbeat->sent) == 0)
        check_index(heartbeat);
}

static void take_event(struct heartbeat *heartbeat, const struct event *event)
{
    switch (event->kind) {
    case EVENT_CONNECTED:
        heartbeat->up = true;
        heartbeat->subscribed = 0;
        heartbeat->checked = false;
        heartbeat->sent[0] = heartbeat->index[0] = '\0';
        heartbeat->next_ms = 0;
        return;
    case EVENT_SUBSCRIBED:
        heartbeat->subscribed++;
        return;
    case EVENT_DISCONNECTED:
        heartbeat->up = false;
        tell_line("no line: %s; ticks go on when it is back", event->text);
        return;
    case EVENT_PUBLISHED:
        heartbeat->done = heartbeat->options->once &&
                          event->result == LINK_DELIVERED;
        return;
    case EVENT_HEARD:
        hear(heartbeat, event);
        return;
    case EVENT_RECEIPT:
        return;
    }
}

static bool open_line(struct heartbeat *heartbeat, struct problem *problem)
{
    struct live_index_frame frame = frame_now(heartbeat);
    char index[LIMIT_TOPIC_BYTES], tick[LIMIT_TOPIC_BYTES];
    const char *const filters[FILTERS] = {index, tick};

    if (!live_index_topic(&frame, "all", index))
        return problem_set(problem, PROBLEM_FIELD, "--org '%s': no name",
                           heartbeat->options->org);
    snprintf(tick, sizeof tick, "gaoshi/1/%s/down/all/tick",
             heartbeat->options->org);
    heartbeat->up = false;
    heartbeat->events = events_create();
    if (!heartbeat->events)
        return problem_set(problem, PROBLEM_SYSTEM, "out of memory");
    return line_open(heartbeat->options, heartbeat->events, filters,
                     heartbeat->options->once ? 0 : FILTERS, &heartbeat->link,
                     problem);
}

static void close_line(struct heartbeat *heartbeat)
{
    link_destroy(heartbeat->link);
    events_destroy(heartbeat->events);
    heartbeat->link = NULL;
    heartbeat->events = NULL;
}

/* Byte for byte, and over a line of its own as every command has it. */
static bool restore(struct heartbeat *heartbeat, struct problem *problem)
{
    int64_t now_ms = events_now_ms();

    heartbeat->lost = false;
    if (heartbeat->restored_ms > 0 &&
        now_ms - heartbeat->restored_ms < RESTORE_AGAIN_MS)
        return true;
    heartbeat->restored_ms = now_ms;
    tell_line("the broker has lost what is live: all of it is sent again");
    close_line(heartbeat);
    if (outbox_begin(heartbeat->outbox, problem) &&
        outbox_prune(heartbeat->outbox, clock_wall_ms(), problem) &&
        outbox_commit(heartbeat->outbox, problem))
        delivery_restore(heartbeat->options, heartbeat->outbox);
    else
        tell_problem(problem);
    outbox_rollback(heartbeat->outbox);
    fflush(stdout);
    return open_line(heartbeat, problem);
}

/* False: a signal asks for the end. */
static bool wait_for_news(const struct heartbeat *heartbeat,
                          int64_t deadline_ms)
{
    struct pollfd files[] = {
        {.fd = heartbeat->signal_fd, .events = POLLIN},
        {.fd = events_fd(heartbeat->events), .events = POLLIN},
    };
    int64_t wait_ms = deadline_ms - events_now_ms();

    if (poll(files, 2, wait_ms > 0 ? (int)wait_ms : 0) < 0 && errno != EINTR)
        return false;
    return !(files[0].revents & POLLIN);
}

static enum publish_exit run(struct heartbeat *heartbeat,
                             struct problem *problem)
{
    const struct options *options = heartbeat->options;
    int64_t give_up_ms = events_now_ms() + (int64_t)options->timeout_s * 1000;
    struct event event;

    for (;;) {
        int64_t idle_ms = events_now_ms() + (int64_t)HEARTBEAT_EVERY_S * 1000;
        int64_t due_ms = options->once         ? give_up_ms
                         : is_ready(heartbeat) ? heartbeat->next_ms
                                               : idle_ms;
        if (!wait_for_news(heartbeat, due_ms))
            return PUBLISH_DONE;
        while (events_wait(heartbeat->events, 0, &event))
            take_event(heartbeat, &event);
        send_if_due(heartbeat);
        if (heartbeat->done)
            return PUBLISH_DONE;
        if (options->once && events_now_ms() >= give_up_ms) {
            tell_line("the tick was not sent within %d s", options->timeout_s);
            return link_is_unwelcome(heartbeat->link) ? PUBLISH_KEY
                                                      : PUBLISH_UNCONFIRMED;
        }
        if (heartbeat->lost && !restore(heartbeat, problem))
            return line_exit(problem);
    }
}

static enum publish_exit begin(struct heartbeat *heartbeat,
                               struct problem *problem)
{
    if (!private_key_open(heartbeat->options, heartbeat->options->key_file,
                          &heartbeat->key, problem))
        return PUBLISH_KEY;
    if (!dispatch_open_outbox(heartbeat->options, &heartbeat->outbox, problem))
        return PUBLISH_OTHER;
    heartbeat->signal_fd = signals_open();
    if (heartbeat->signal_fd < 0) {
        problem_set(problem, PROBLEM_SYSTEM, "signalfd: %s", strerror(errno));
        return PUBLISH_OTHER;
    }
    return open_line(heartbeat, problem) ? run(heartbeat, problem)
                                         : line_exit(problem);
}

enum publish_exit heartbeat_run(const struct options *options, int count,
                                char **operands)
{
    struct heartbeat heartbeat = {.options = options, .signal_fd = -1};
    struct problem problem = {.consequence = "no ticks are sent"};

    (void)count;
    (void)operands;
    if (options->dry_run) {
        tell_line("--dry-run: a heartbeat sends nothing but ticks");
        return PUBLISH_USAGE;
    }
    if (!dispatch_check_given(options))
        return PUBLISH_USAGE;
    enum publish_exit code = begin(&heartbeat, &problem);
    if (code != PUBLISH_DONE && problem.code != PROBLEM_NONE)
        tell_problem(&problem);
    close_line(&heartbeat);
    if (heartbeat.signal_fd >= 0)
        close(heartbeat.signal_fd);
    outbox_close(heartbeat.outbox);
    key_destroy(heartbeat.key);
    return code;
}
