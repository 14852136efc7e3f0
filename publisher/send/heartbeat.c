/* beat: a signed tick every half minute, and what a broker lost is sent to it
 * again. */
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

struct beat {
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
    struct beat_known known;
    int64_t restored_ms;           /* monotonic; 0: never */
    bool lost;                     /* the broker has to be restored */
    char sent[LINK_REASON_BYTES];  /* first line of the last tick */
    char index[LINK_REASON_BYTES]; /* of our index, as the broker has it */
};

static int every_s(const struct beat *beat)
{
    int given = beat->options->every_s;

    return given == 0 && !beat->options->once ? BEAT_EVERY_S : given;
}

static struct live_index_frame frame_now(const struct beat *beat)
{
    int64_t now_ms = clock_wall_ms();

    return (struct live_index_frame){
        .org = beat->options->org,
        .key = beat->key,
        .now_ms = now_ms,
        .utc_offset_minutes = clock_utc_offset_minutes(now_ms),
    };
}

/* The line and the outbox may fail for a while; the next tick tries again. */
static void send_tick(struct beat *beat)
{
    struct problem problem = {.consequence = "this tick is left out"};
    struct live_index_frame frame = frame_now(beat);
    struct beat_tick tick;

    beat->next_ms = events_now_ms() + (int64_t)every_s(beat) * 1000;
    if (!beat_make_tick(beat->outbox, &frame, every_s(beat), &beat->known,
                        &tick, &problem)) {
        tell_problem(&problem);
        return;
    }
    size_t line = strcspn(tick.payload, "\n");
    if (line < sizeof beat->sent) {
        memcpy(beat->sent, tick.payload, line);
        beat->sent[line] = '\0';
    }
    link_publish(beat->link, tick.topic, tick.payload, tick.bytes, 0, false, 0);
    free(tick.payload);
}

static bool is_ready(const struct beat *beat)
{
    return beat->up && (beat->options->once || beat->subscribed >= FILTERS);
}

static void send_if_due(struct beat *beat)
{
    if (!is_ready(beat) || events_now_ms() < beat->next_ms ||
        (beat->options->once && beat->sent[0]))
        return;
    if (beat->sent[0] && !beat->checked && !beat->told_deaf) {
        tell_line("our own ticks don't come back: may we write to and read "
                  "from gaoshi/1/%s/down/# at the broker? Nothing that it "
                  "loses is restored",
                  beat->options->org);
        beat->told_deaf = true;
    }
    send_tick(beat);
}

/* Retained messages come before the first tick does: what has not come by
 * then, the broker does not have. */
static void check_index(struct beat *beat)
{
    struct live_index_frame frame = frame_now(beat);
    struct outbox_row row = {.payload = NULL};
    struct problem problem = {.consequence = "what the broker lost is not "
                                             "restored"};
    char topic[LIMIT_TOPIC_BYTES];

    beat->checked = true;
    beat->told_deaf = false;
    if (!live_index_topic(&frame, "all", topic) ||
        !outbox_find(beat->outbox, topic, &row, &problem)) {
        tell_problem(&problem);
        return;
    }
    size_t line = row.payload ? strcspn(row.payload, "\n") : 0;
    beat->lost = row.payload && row.state == OUTBOX_CONFIRMED &&
                 (strlen(beat->index) != line ||
                  memcmp(beat->index, row.payload, line) != 0);
    free(row.payload);
}

static void hear(struct beat *beat, const struct event *event)
{
    if (event->topic == TOPIC_INDEX)
        memcpy(beat->index, event->text, sizeof beat->index);
    else if (!beat->checked && strcmp(event->text, beat->sent) == 0)
        check_index(beat);
}

static void take_event(struct beat *beat, const struct event *event)
{
    switch (event->kind) {
    case EVENT_CONNECTED:
        beat->up = true;
        beat->subscribed = 0;
        beat->checked = false;
        beat->sent[0] = beat->index[0] = '\0';
        beat->next_ms = 0;
        return;
    case EVENT_SUBSCRIBED:
        beat->subscribed++;
        return;
    case EVENT_DISCONNECTED:
        beat->up = false;
        tell_line("no line: %s; ticks go on when it is back", event->text);
        return;
    case EVENT_PUBLISHED:
        beat->done = beat->options->once && event->result == LINK_DELIVERED;
        return;
    case EVENT_HEARD:
        hear(beat, event);
        return;
    case EVENT_RECEIPT:
        return;
    }
}

static bool open_line(struct beat *beat, struct problem *problem)
{
    struct live_index_frame frame = frame_now(beat);
    char index[LIMIT_TOPIC_BYTES], tick[LIMIT_TOPIC_BYTES];
    const char *const filters[FILTERS] = {index, tick};

    if (!live_index_topic(&frame, "all", index))
        return problem_set(problem, PROBLEM_FIELD, "--org '%s': no name",
                           beat->options->org);
    snprintf(tick, sizeof tick, "gaoshi/1/%s/down/all/tick",
             beat->options->org);
    beat->up = false;
    beat->events = events_create();
    if (!beat->events)
        return problem_set(problem, PROBLEM_SYSTEM, "out of memory");
    return line_open(beat->options, beat->events, filters,
                     beat->options->once ? 0 : FILTERS, &beat->link, problem);
}

static void close_line(struct beat *beat)
{
    link_destroy(beat->link);
    events_destroy(beat->events);
    beat->link = NULL;
    beat->events = NULL;
}

/* Byte for byte, and over a line of its own as every command has it. */
static bool restore(struct beat *beat, struct problem *problem)
{
    int64_t now_ms = events_now_ms();

    beat->lost = false;
    if (beat->restored_ms > 0 && now_ms - beat->restored_ms < RESTORE_AGAIN_MS)
        return true;
    beat->restored_ms = now_ms;
    tell_line("the broker has lost what is live: all of it is sent again");
    close_line(beat);
    if (outbox_begin(beat->outbox, problem) &&
        outbox_prune(beat->outbox, clock_wall_ms(), problem) &&
        outbox_commit(beat->outbox, problem))
        delivery_restore(beat->options, beat->outbox);
    else
        tell_problem(problem);
    outbox_rollback(beat->outbox);
    fflush(stdout);
    return open_line(beat, problem);
}

/* False: a signal asks for the end. */
static bool wait_for_news(const struct beat *beat, int64_t deadline_ms)
{
    struct pollfd files[] = {
        {.fd = beat->signal_fd, .events = POLLIN},
        {.fd = events_fd(beat->events), .events = POLLIN},
    };
    int64_t wait_ms = deadline_ms - events_now_ms();

    if (poll(files, 2, wait_ms > 0 ? (int)wait_ms : 0) < 0 && errno != EINTR)
        return false;
    return !(files[0].revents & POLLIN);
}

static enum publish_exit run(struct beat *beat, struct problem *problem)
{
    const struct options *options = beat->options;
    int64_t give_up_ms = events_now_ms() + (int64_t)options->timeout_s * 1000;
    struct event event;

    for (;;) {
        int64_t idle_ms = events_now_ms() + (int64_t)BEAT_EVERY_S * 1000;
        int64_t due_ms = options->once    ? give_up_ms
                         : is_ready(beat) ? beat->next_ms
                                          : idle_ms;
        if (!wait_for_news(beat, due_ms))
            return PUBLISH_DONE;
        while (events_wait(beat->events, 0, &event))
            take_event(beat, &event);
        send_if_due(beat);
        if (beat->done)
            return PUBLISH_DONE;
        if (options->once && events_now_ms() >= give_up_ms) {
            tell_line("the tick was not sent within %d s", options->timeout_s);
            return link_is_unwelcome(beat->link) ? PUBLISH_KEY
                                                 : PUBLISH_UNCONFIRMED;
        }
        if (beat->lost && !restore(beat, problem))
            return line_exit(problem);
    }
}

static enum publish_exit begin(struct beat *beat, struct problem *problem)
{
    if (!private_key_open(beat->options, beat->options->key_file, &beat->key,
                          problem))
        return PUBLISH_KEY;
    if (!dispatch_open_outbox(beat->options, &beat->outbox, problem))
        return PUBLISH_OTHER;
    beat->signal_fd = signals_open();
    if (beat->signal_fd < 0) {
        problem_set(problem, PROBLEM_SYSTEM, "signalfd: %s", strerror(errno));
        return PUBLISH_OTHER;
    }
    return open_line(beat, problem) ? run(beat, problem) : line_exit(problem);
}

enum publish_exit beat_run(const struct options *options, int count,
                           char **operands)
{
    struct beat beat = {.options = options, .signal_fd = -1};
    struct problem problem = {.consequence = "no ticks are sent"};

    (void)count;
    (void)operands;
    if (options->dry_run) {
        tell_line("--dry-run: a beat sends nothing but ticks");
        return PUBLISH_USAGE;
    }
    if (!dispatch_check_given(options))
        return PUBLISH_USAGE;
    enum publish_exit code = begin(&beat, &problem);
    if (code != PUBLISH_DONE && problem.code != PROBLEM_NONE)
        tell_problem(&problem);
    close_line(&beat);
    if (beat.signal_fd >= 0)
        close(beat.signal_fd);
    outbox_close(beat.outbox);
    key_destroy(beat.key);
    return code;
}
