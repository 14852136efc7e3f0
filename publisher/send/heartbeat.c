/* heartbeat: sends a signed tick every half minute, and sends again what the
 * broker has lost. */
#include "publisher/send/heartbeat.h"

#include "base/clock.h"
#include "base/timestamp.h"
#include "base/translate.h"
#include "protocol/message.h"
#include "publisher/cli/command.h"
#include "publisher/cli/tell.h"
#include "publisher/fleet/inventory_file.h"
#include "publisher/keyfile/key_file.h"
#include "publisher/outbox/kept_receipts.h"
#include "publisher/send/compose.h"
#include "publisher/send/send_commands.h"
#include "publisher/send/send_options.h"
#include "publisher/send/sending.h"
#include "publisher/send/session.h"

#include <errno.h>
#include <jansson.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* *seq is unchanged if there is no such message or the broker has not confirmed
 * it. */
static bool read_confirmed(struct outbox *outbox, const char *topic,
                           int64_t *seq, struct problem *problem)
{
    struct outbox_row row;

    if (!outbox_find(outbox, topic, &row, problem))
        return false;
    if (row.payload && row.state == OUTBOX_CONFIRMED)
        *seq = row.seq;
    free(row.payload);
    return true;
}

static bool read_known(struct outbox *outbox,
                       const struct live_index_frame *frame,
                       struct heartbeat_known *known, struct problem *problem)
{
    char index[LIMIT_TOPIC_BYTES], keys[LIMIT_TOPIC_BYTES];
    struct topic topic = {.kind = TOPIC_KEYS, .scope = "all"};

    snprintf(topic.org, sizeof topic.org, "%s", frame->org);
    if (!live_index_topic(frame, "all", index) || !topic_format(&topic, keys))
        return problem_set(problem, PROBLEM_TOPIC,
                           "an index or a list of keys has no topic");
    return read_confirmed(outbox, index, &known->index_seq, problem) &&
           read_confirmed(outbox, keys, &known->keys_seq, problem);
}

static bool take_sequence(struct outbox *outbox, int64_t now_ms, int64_t *seq,
                          struct problem *problem)
{
    if (outbox_begin(outbox, problem) &&
        outbox_next_sequence(outbox, now_ms, seq, problem) &&
        outbox_commit(outbox, problem))
        return true;
    outbox_rollback(outbox);
    return false;
}

static char *print_body(const struct live_index_frame *frame, int64_t seq,
                        const struct heartbeat_known *known, int every_s)
{
    char issued[TIMESTAMP_BYTES];

    timestamp_format(frame->now_ms, frame->utc_offset_minutes, issued);
    json_t *tick = json_pack("{s:I}", "index_seq",
                             (json_int_t)known->index_seq);
    if (known->keys_seq > 0)
        json_object_set_new(tick, "keys_seq", json_integer(known->keys_seq));
    if (every_s > 0)
        json_object_set_new(tick, "every_s", json_integer(every_s));
    if (known->screens > 0)
        json_object_set_new(tick, "screens",
                            json_integer((json_int_t)known->screens));
    json_t *body = json_pack("{s:i, s:s, s:s, s:s, s:I, s:s, s:o}", "gaoshi", 1,
                             "kind", "tick", "org", frame->org, "scope", "all",
                             "seq", (json_int_t)seq, "issued", issued, "tick",
                             tick);
    char *text = body ? json_dumps(body, JSON_COMPACT) : NULL;
    json_decref(body);
    return text;
}

bool heartbeat_make_tick(struct outbox *outbox,
                         const struct live_index_frame *frame, int every_s,
                         struct heartbeat_known *known,
                         struct heartbeat_tick *out, struct problem *problem)
{
    struct topic topic = {.kind = TOPIC_TICK, .scope = "all"};
    struct heartbeat_tick tick = {.payload = NULL};
    int64_t seq = 0;

    if (frame->now_ms < LIMIT_RELEASE_MS)
        return problem_set(problem, PROBLEM_SYSTEM,
                           "the clock of this machine is not set");
    snprintf(topic.org, sizeof topic.org, "%s", frame->org);
    if (!topic_format(&topic, tick.topic))
        return problem_set(problem, PROBLEM_TOPIC, "a tick has no topic");
    if (!read_known(outbox, frame, known, problem) ||
        !take_sequence(outbox, frame->now_ms, &seq, problem))
        return false;
    char *body = print_body(frame, seq, known, every_s);
    bool made = body ? compose_seal(frame->key, body, &tick.payload,
                                    &tick.bytes, problem)
                     : problem_set(problem, PROBLEM_SYSTEM, "out of memory");
    free(body);
    if (made)
        *out = tick;
    return made;
}

enum {
    /* Our index and our oldest message first, so that they arrive before our
     * first tick; receipts last. Without a message there is one filter less. */
    FILTERS = 4,
    /* Receipts of one transaction: other commands wait for its end. */
    RECEIPTS_MAX = 5000,
    /* The shortest time between two restorations, so that a broker that keeps
     * losing messages is not flooded. */
    RESTORE_AGAIN_MS = 10 * 60 * 1000,
};

/* The oldest message that should be at the broker. */
struct oldest {
    char topic[LIMIT_TOPIC_BYTES]; /* "": there is none */
    int64_t seq;
};

struct heartbeat {
    const struct options *options;
    struct key *key;
    struct outbox *outbox;
    struct session *session;
    int signal_fd;
    bool up;
    bool done;       /* --once: it was sent */
    int filters;     /* of the line */
    int subscribed;  /* answers since the line came up */
    bool checked;    /* whether the broker still has what is live */
    bool told_deaf;  /* it was printed that our own ticks do not come back */
    int64_t next_ms; /* monotonic: the next tick */
    struct heartbeat_known known;
    int64_t restored_ms;            /* monotonic; 0: never */
    bool lost;                      /* the broker has lost messages */
    struct timespec inventory_time; /* of the file that was read last */
    bool told_inventory;            /* what is wrong with it */
    bool keeping;                   /* a transaction with receipts is open */
    struct kept_receipts kept;      /* while keeping */
    size_t receipts;                /* since the last one */
    bool told_receipts;             /* why they are not kept */
    char sent[LINK_REASON_BYTES];   /* first line of the last tick */
    char index[LINK_REASON_BYTES];  /* first line of our index at the broker */
    struct oldest oldest;           /* when the line was opened */
    bool oldest_came;               /* something is retained on its topic */
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

/* Counts the screens of the inventory when its file has changed. What is wrong
 * with it is told once, and the last count stays. */
static void count_screens(struct heartbeat *heartbeat)
{
    const char *file = heartbeat->options->inventory_file;
    struct problem problem = {
        .consequence = "ticks name as many screens as before"};
    struct inventory inventory;
    struct stat status = {0};

    if (!file || (stat(file, &status) == 0 &&
                  status.st_mtim.tv_sec == heartbeat->inventory_time.tv_sec &&
                  status.st_mtim.tv_nsec == heartbeat->inventory_time.tv_nsec))
        return;
    bool read = inventory_load(file, &inventory, &problem);
    if (read) {
        heartbeat->inventory_time = status.st_mtim;
        heartbeat->known.screens = inventory.count;
        inventory_finish(&inventory);
    } else if (!heartbeat->told_inventory) {
        tell_problem(&problem);
    }
    heartbeat->told_inventory = !read;
}

/* The line or the outbox may fail for a while: this tick is then left out, and
 * the next one is tried. */
static void send_tick(struct heartbeat *heartbeat)
{
    struct problem problem = {.consequence = "this tick is left out"};
    struct live_index_frame frame = frame_now(heartbeat);
    struct heartbeat_tick tick;

    heartbeat->next_ms = clock_monotonic_ms() +
                         (int64_t)every_s(heartbeat) * 1000;
    count_screens(heartbeat);
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
    link_publish(session_link(heartbeat->session), tick.topic, tick.payload,
                 tick.bytes, 0, false, 0);
    free(tick.payload);
}

static bool is_ready(const struct heartbeat *heartbeat)
{
    return heartbeat->up && (heartbeat->options->once ||
                             heartbeat->subscribed >= heartbeat->filters);
}

static void send_if_due(struct heartbeat *heartbeat)
{
    if (!is_ready(heartbeat) || clock_monotonic_ms() < heartbeat->next_ms ||
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

static bool take_older(void *context, const struct outbox_live *live)
{
    struct oldest *oldest = context;

    if (live->kind == MESSAGE_INDEX || live->kind == MESSAGE_SETTINGS ||
        live->waits || strlen(live->topic) >= sizeof oldest->topic ||
        (oldest->topic[0] && live->seq >= oldest->seq))
        return true;
    snprintf(oldest->topic, sizeof oldest->topic, "%s", live->topic);
    oldest->seq = live->seq;
    return true;
}

static struct oldest find_oldest(const struct heartbeat *heartbeat)
{
    struct oldest oldest = {.topic = ""};
    struct problem ignored = {0};

    if (!outbox_each_live(heartbeat->outbox, heartbeat->options->org,
                          key_id(heartbeat->key), clock_wall_ms(), take_older,
                          &oldest, &ignored))
        oldest.topic[0] = '\0';
    return oldest;
}

/* A command that was quicker than we may have sent a new index to a broker that
 * had lost everything. Our oldest message shows that, if it has not ended since
 * we asked for it. */
static bool lacks_oldest(const struct heartbeat *heartbeat)
{
    const struct oldest now = find_oldest(heartbeat);

    return heartbeat->oldest.topic[0] && !heartbeat->oldest_came &&
           now.seq == heartbeat->oldest.seq &&
           strcmp(now.topic, heartbeat->oldest.topic) == 0;
}

/* Retained messages arrive before our first tick: what has not arrived by then,
 * the broker has lost. */
static void check_retained(struct heartbeat *heartbeat)
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
    heartbeat->lost |= lacks_oldest(heartbeat);
    free(row.payload);
}

static void hear(struct heartbeat *heartbeat, const struct session_event *event)
{
    if (event->topic == TOPIC_INDEX)
        memcpy(heartbeat->index, event->text, sizeof heartbeat->index);
    else if (!heartbeat->checked && strcmp(event->text, heartbeat->sent) == 0)
        check_retained(heartbeat);
}

/* What screens say while nobody waits for it is kept for gaoshi-publish status.
 * Receipts that came together are one transaction. */
static void keep_receipt(struct heartbeat *heartbeat,
                         const struct receipt *receipt)
{
    struct problem problem = {.consequence = "receipts are not kept"};

    heartbeat->receipts++;
    if (heartbeat->told_receipts)
        return;
    if (!heartbeat->keeping) {
        heartbeat->keeping = outbox_begin(heartbeat->outbox, &problem);
        kept_receipts_begin(&heartbeat->kept, outbox_file(heartbeat->outbox),
                            heartbeat->options->org);
    }
    if (heartbeat->keeping &&
        kept_receipts_add(&heartbeat->kept, receipt, &problem))
        return;
    heartbeat->told_receipts = true;
    tell_problem(&problem);
}

static void end_receipts(struct heartbeat *heartbeat)
{
    struct problem problem = {.consequence = "receipts are not kept"};

    heartbeat->receipts = 0;
    heartbeat->told_receipts = false;
    if (!heartbeat->keeping)
        return;
    kept_receipts_end(&heartbeat->kept);
    if (!outbox_commit(heartbeat->outbox, &problem)) {
        outbox_rollback(heartbeat->outbox);
        tell_problem(&problem);
    }
    heartbeat->keeping = false;
}

static void take_event(struct heartbeat *heartbeat,
                       const struct session_event *event)
{
    switch (event->kind) {
    case SESSION_CONNECTED:
        heartbeat->up = true;
        heartbeat->subscribed = 0;
        heartbeat->checked = false;
        heartbeat->sent[0] = heartbeat->index[0] = '\0';
        heartbeat->oldest_came = false;
        heartbeat->next_ms = 0;
        return;
    case SESSION_SUBSCRIBED:
        heartbeat->subscribed++;
        return;
    case SESSION_DISCONNECTED:
        heartbeat->up = false;
        tell_line("no line: %s; ticks go on when it is back", event->text);
        return;
    case SESSION_PUBLISHED:
        heartbeat->done = heartbeat->options->once &&
                          event->result == LINK_DELIVERED;
        return;
    case SESSION_HEARD:
        hear(heartbeat, event);
        return;
    case SESSION_RETAINED:
        heartbeat->oldest_came = true;
        free(event->payload);
        return;
    case SESSION_RECEIPT:
        keep_receipt(heartbeat, &event->receipt);
        return;
    default:
        return;
    }
}

static bool open_line(struct heartbeat *heartbeat, struct problem *problem)
{
    struct live_index_frame frame = frame_now(heartbeat);
    char index[LIMIT_TOPIC_BYTES], tick[LIMIT_TOPIC_BYTES];
    char receipts[LIMIT_TOPIC_BYTES];
    const char *filters[FILTERS] = {index};
    int count = 1;

    if (!live_index_topic(&frame, "all", index))
        return problem_set(problem, PROBLEM_FIELD, "--org '%s': no name",
                           heartbeat->options->org);
    heartbeat->oldest = find_oldest(heartbeat);
    if (heartbeat->oldest.topic[0])
        filters[count++] = heartbeat->oldest.topic;
    snprintf(tick, sizeof tick, "gaoshi/1/%s/down/all/tick",
             heartbeat->options->org);
    snprintf(receipts, sizeof receipts, "gaoshi/1/%s/screen/+/receipt",
             heartbeat->options->org);
    filters[count++] = tick;
    filters[count++] = receipts;
    heartbeat->up = false;
    heartbeat->filters = count;
    return session_open(heartbeat->options, filters,
                        heartbeat->options->once ? 0 : (size_t)count, false,
                        &heartbeat->session, problem);
}

static void close_line(struct heartbeat *heartbeat)
{
    session_close(heartbeat->session);
    heartbeat->session = NULL;
}

/* Sends all live messages again, unchanged, over a separate session. */
static bool restore(struct heartbeat *heartbeat, struct problem *problem)
{
    int64_t now_ms = clock_monotonic_ms();

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
        sending_restore(heartbeat->options, heartbeat->outbox);
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
        {.fd = session_fd(heartbeat->session), .events = POLLIN},
    };
    int64_t wait_ms = deadline_ms - clock_monotonic_ms();

    if (poll(files, 2, wait_ms > 0 ? (int)wait_ms : 0) < 0 && errno != EINTR)
        return false;
    return !(files[0].revents & POLLIN);
}

static enum publish_exit run(struct heartbeat *heartbeat,
                             struct problem *problem)
{
    const struct options *options = heartbeat->options;
    int64_t give_up_ms = clock_monotonic_ms() +
                         (int64_t)options->timeout_s * 1000;
    struct session_event event;

    for (;;) {
        int64_t idle_ms = clock_monotonic_ms() +
                          (int64_t)HEARTBEAT_EVERY_S * 1000;
        int64_t due_ms = options->once         ? give_up_ms
                         : is_ready(heartbeat) ? heartbeat->next_ms
                                               : idle_ms;
        if (!wait_for_news(heartbeat, due_ms))
            return PUBLISH_DONE;
        while (heartbeat->receipts < RECEIPTS_MAX &&
               session_next(heartbeat->session, 0, &event))
            take_event(heartbeat, &event);
        end_receipts(heartbeat);
        send_if_due(heartbeat);
        if (heartbeat->done)
            return PUBLISH_DONE;
        if (options->once && clock_monotonic_ms() >= give_up_ms) {
            tell_line("the tick was not sent within %d s", options->timeout_s);
            return !heartbeat->up && session_explain(options)
                       ? PUBLISH_KEY
                       : PUBLISH_UNCONFIRMED;
        }
        if (heartbeat->lost && !restore(heartbeat, problem))
            return session_exit(problem);
    }
}

static enum publish_exit begin(struct heartbeat *heartbeat,
                               struct problem *problem)
{
    if (!key_file_open_private(heartbeat->options, heartbeat->options->key_file,
                               &heartbeat->key, problem))
        return PUBLISH_KEY;
    if (!send_options_open_outbox(heartbeat->options, &heartbeat->outbox,
                                  problem))
        return PUBLISH_OTHER;
    heartbeat->signal_fd = command_open_signals();
    if (heartbeat->signal_fd < 0) {
        problem_set(problem, PROBLEM_SYSTEM, "signalfd: %s", tr_error(errno));
        return PUBLISH_OTHER;
    }
    return open_line(heartbeat, problem) ? run(heartbeat, problem)
                                         : session_exit(problem);
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
    if (!send_options_check(options))
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
