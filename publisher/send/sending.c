/* Sends messages, takes the answers of the broker and of screens, and reports
 * to the operator. */
#include "publisher/send/sending.h"

#include "base/clock.h"
#include "base/translate.h"
#include "publisher/cli/command.h"
#include "publisher/cli/tell.h"
#include "publisher/send/deliveries.h"
#include "publisher/send/message_times.h"
#include "publisher/send/picture_chunks.h"
#include "publisher/send/session.h"
#include "publisher/send/wait.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* How many messages may be without an answer; further ones wait. */
enum {
    WINDOW = 64,
    RECEIPT_FILTERS = 2,
    SCREEN_FILTERS = 4,
    LOOK_MS = 50,    /* between two looks at whether the wait is over */
    EVENTS_MAX = 32, /* taken between two looks for a signal */
};

struct sending {
    const struct options *options;
    struct outbox *outbox; /* NULL: the messages are not kept */
    const struct outbox_choice *choice;
    struct session *session;
    struct deliveries deliveries;
    bool up;        /* the line */
    bool ready;     /* the line is up and receipts are subscribed */
    int subscribed; /* answers since the line came up */
    char reason[LINK_REASON_BYTES]; /* why the line is down */
    size_t denials;                 /* brokers in turn that did not take us */
    bool outbox_failed;
    size_t pictures_left; /* not whole at the broker */
    struct wait wait;     /* for screens, if the options ask for it */
    bool waits;
    int signal_fd;   /* -1: a signal ends the program as ever */
    unsigned events; /* taken so far */
    bool interrupted;
};

static bool add_delivery(void *context, const struct outbox_message *message)
{
    struct sending *sending = context;
    const struct outbox_choice *choice = sending->choice;
    bool fresh = choice && message->seq >= choice->first_seq &&
                 message->seq <= choice->last_seq;

    return (choice &&
            !outbox_is_chosen(choice, message->seq, message->topic)) ||
           deliveries_add(&sending->deliveries, message, fresh);
}

static bool wants_receipts(const struct sending *sending)
{
    return sending->options->wait_shown > 0 || sending->waits;
}

static void send_deliveries(struct sending *sending)
{
    struct deliveries *deliveries = &sending->deliveries;
    struct delivery *delivery;

    while (deliveries_in(deliveries, DELIVERY_SENT) < WINDOW &&
           (delivery = deliveries_next(deliveries))) {
        delivery->published_ms = clock_wall_ms();
        uint32_t lasts_s = delivery->chunk
                               ? 0
                               : message_expiry_s(delivery->payload,
                                                  delivery->bytes,
                                                  delivery->published_ms);
        if (!link_publish_lasting(session_link(sending->session),
                                  delivery->topic, delivery->payload,
                                  delivery->bytes, lasts_s,
                                  (uint64_t)(delivery - deliveries->items)))
            return; /* the line broke; an event will say so */
        delivery->state = DELIVERY_SENT;
    }
}

static void mark(struct sending *sending, const struct delivery *delivery,
                 enum outbox_state state)
{
    struct problem problem = {0};

    if (!sending->outbox || delivery->chunk ||
        outbox_mark(sending->outbox, delivery->seq, state, &problem))
        return;
    sending->outbox_failed = true;
    snprintf(problem.consequence, sizeof problem.consequence,
             "this message will be sent once more");
    tell_problem(&problem);
}

/* The line broke while the message had no answer. Once may be by chance. */
static void note_break(struct delivery *delivery)
{
    delivery->state = DELIVERY_WAITING;
    if (++delivery->breaks == DELIVERY_BREAKS_MAX)
        tell_line(
            "%s: the line broke twice over this message of %zu bytes: it is "
            "sent after all others; is it larger than the broker accepts, or "
            "does a name in it have a dot, which NATS does not take?",
            delivery->topic, delivery->bytes);
}

static void take_answer(struct sending *sending,
                        const struct session_event *event)
{
    struct delivery *delivery = &sending->deliveries.items[event->token];

    switch (event->result) {
    case LINK_DELIVERED:
        delivery->state = DELIVERY_CONFIRMED;
        mark(sending, delivery, OUTBOX_CONFIRMED);
        if (delivery->counted && !sending->options->json &&
            !tell_has_progress(deliveries_counted(&sending->deliveries)))
            tell_result("confirmed %s seq %" PRId64, delivery->topic,
                        delivery->seq);
        break;
    case LINK_REFUSED:
        delivery->state = DELIVERY_REFUSED;
        mark(sending, delivery, OUTBOX_REFUSED);
        tell_line("%s: the broker refused it: %s; it is not sent again, the "
                  "screens keep what they have",
                  delivery->topic, event->text);
        break;
    case LINK_UNCONFIRMED:
        note_break(delivery);
        break;
    }
}

static bool take_receipt(struct sending *sending, const struct receipt *receipt)
{
    struct delivery *delivery = deliveries_of_receipt(&sending->deliveries,
                                                      receipt);

    if (!delivery || !delivery->counted)
        return false;
    if (receipt->ignored[0])
        tell_line("%s: %s does not know %s; the rest counts there",
                  delivery->id, receipt->screen, receipt->ignored);
    if (receipt->left_out[0])
        tell_line("%s: %s cannot display %s; it shows the rest", delivery->id,
                  receipt->screen, receipt->left_out);
    if (receipt->event == RECEIPT_REFUSED) {
        tell_line("%s refused by %s: %s%s%s", delivery->id, receipt->screen,
                  receipt->reason, receipt->text[0] ? ": " : "", receipt->text);
        return false;
    }
    if (receipt->event != RECEIPT_SHOWN ||
        !delivery_note_screen(delivery, receipt->screen))
        return false;
    if (sending->options->json)
        return true;
    if (receipt->at_ms <
        0) /* the screen does not trust its clock and sends no time */
        tell_result("%s shown on %s", delivery->id, receipt->screen);
    else
        tell_result("%s shown on %s after %" PRId64 " ms", delivery->id,
                    receipt->screen, receipt->at_ms - delivery->published_ms);
    return true;
}

/* True when the event is progress. A line that comes up is none, because it may
 * break over the same message again and again. */
static bool take_event(struct sending *sending,
                       const struct session_event *event)
{
    if (sending->waits && wait_take_event(&sending->wait, event))
        return false;
    switch (event->kind) {
    case SESSION_CONNECTED:
        sending->up = true;
        sending->denials = 0;
        sending->ready = !wants_receipts(sending);
        sending->subscribed = 0;
        return false;
    case SESSION_SUBSCRIBED:
        if (!event->granted)
            tell_line("the broker does not let us read %s", event->text);
        sending->ready = ++sending->subscribed >= RECEIPT_FILTERS;
        return false;
    case SESSION_DISCONNECTED:
        sending->up = false;
        sending->ready = false;
        snprintf(sending->reason, sizeof sending->reason, "%s", event->text);
        sending->denials = session_is_denied(event->text) ? sending->denials + 1
                                                          : 0;
        return false;
    case SESSION_PUBLISHED:
        take_answer(sending, event);
        return event->result != LINK_UNCONFIRMED;
    case SESSION_RECEIPT:
        return take_receipt(sending, &event->receipt);
    default:
        return false;
    }
}

static size_t unsettled(const struct sending *sending)
{
    return deliveries_in(&sending->deliveries, DELIVERY_WAITING) +
           deliveries_in(&sending->deliveries, DELIVERY_SENT);
}

static size_t unshown(const struct sending *sending)
{
    return deliveries_unshown(&sending->deliveries,
                              (size_t)sending->options->wait_shown);
}

/* No broker takes our name and password: waiting would not help. */
static bool is_denied(const struct sending *sending)
{
    return sending->denials >= sending->options->brokers.count &&
           sending->denials > 0;
}

/* As session_next; a signal ends it, too. */
static bool next_event(struct sending *sending, int64_t deadline_ms,
                       struct session_event *out)
{
    struct pollfd files[] = {
        {.fd = sending->signal_fd, .events = POLLIN},
        {.fd = session_fd(sending->session), .events = POLLIN},
    };
    int64_t wait_ms = deadline_ms - clock_monotonic_ms();

    if (sending->signal_fd < 0)
        return session_next(sending->session, deadline_ms, out);
    if (++sending->events % EVENTS_MAX != 0 &&
        session_next(sending->session, 0, out))
        return true;
    if (poll(files, 2, wait_ms > 0 ? (int)wait_ms : 0) < 0 && errno != EINTR)
        return false;
    sending->interrupted = sending->interrupted || files[0].revents & POLLIN;
    return !sending->interrupted && session_next(sending->session, 0, out);
}

/* Runs while messages are left and there is progress within the time-out. */
static void run_until(struct sending *sending,
                      size_t (*left)(const struct sending *sending),
                      const char *what)
{
    int64_t limit_ms = (int64_t)sending->options->timeout_s * 1000;
    int64_t deadline_ms = clock_monotonic_ms() + limit_ms;
    size_t total = deliveries_counted(&sending->deliveries);
    struct session_event event;

    while (left(sending) > 0) {
        if (sending->ready)
            send_deliveries(sending);
        if (is_denied(sending) || !next_event(sending, deadline_ms, &event))
            return;
        if (!take_event(sending, &event))
            continue;
        deadline_ms = clock_monotonic_ms() + limit_ms;
        /* Indexes may be left, but are not part of the total. */
        size_t still = left(sending);
        tell_progress(what, still < total ? total - still : 0, total);
    }
}

/* Until the screens have it, the time is over, or the operator has seen enough.
 */
static void run_wait(struct sending *sending)
{
    int64_t now_ms = clock_monotonic_ms();
    int wait_ms = sending->options->wait_ms;
    int64_t end_ms = now_ms + (wait_ms > 0 ? wait_ms : WAIT_MS);
    struct session_event event;

    for (;;) {
        int64_t draw_ms = tally_view_update(&sending->wait.view,
                                            &sending->wait.tally, now_ms);
        int64_t look_ms = now_ms + LOOK_MS;
        int64_t until_ms = draw_ms < look_ms ? draw_ms : look_ms;
        if (now_ms >= end_ms || sending->interrupted ||
            wait_is_over(&sending->wait))
            return;
        while (next_event(sending, until_ms, &event)) {
            take_event(sending, &event);
            if (clock_monotonic_ms() >= until_ms)
                break;
        }
        now_ms = clock_monotonic_ms();
    }
}

/* Why it did not go on: «after 10 s», and what the broker said. */
static void describe_end(const struct sending *sending, char *out, size_t size)
{
    const char *colon = sending->reason[0] && !sending->up ? tr(": ") : "";
    const char *reason = sending->up ? "" : sending->reason;

    if (sending->interrupted)
        snprintf(out, size, tr(" when it was interrupted%s%s"), colon, reason);
    else if (is_denied(sending))
        snprintf(
            out, size,
            tr(": %s: mend --username or --password-file, or let the broker "
               "take them"),
            reason);
    else
        snprintf(out, size, tr(" after %d s%s%s"), sending->options->timeout_s,
                 colon, reason);
}

static void tell_unconfirmed(const struct sending *sending, bool is_unwelcome)
{
    const struct deliveries *deliveries = &sending->deliveries;
    size_t left = deliveries_counted_in(deliveries, DELIVERY_WAITING) +
                  deliveries_counted_in(deliveries, DELIVERY_SENT);
    const char *mended = is_unwelcome ? tr(" once our certificate is mended")
                                      : "";
    char end[LINK_REASON_BYTES + 120];

    describe_end(sending, end, sizeof end);
    if (left > 0 && !sending->outbox)
        tell_line("%zu of %zu messages unconfirmed%s; nothing keeps them: give "
                  "the command again",
                  left, deliveries_counted(deliveries), end);
    else if (left > 0)
        tell_line("%zu of %zu messages unconfirmed%s; they stay in the outbox: "
                  "outbox send sends them%s, outbox drop drops them",
                  left, deliveries_counted(deliveries), end, mended);
    else if (sending->pictures_left > 0)
        tell_line(
            "%zu pictures are not whole at the broker%s; screens show the "
            "words till the next command sends them%s",
            sending->pictures_left, end, mended);
    else
        tell_line("the index of what is live is unconfirmed%s; it stays in the "
                  "outbox and the next command sends it%s",
                  end, mended);
}

static enum publish_exit settle(const struct sending *sending)
{
    size_t left = unsettled(sending);
    size_t not_shown = unshown(sending);

    /* The broker does not take our certificate. */
    bool is_unwelcome = left > 0 && !sending->up && !is_denied(sending) &&
                        session_explain(sending->options);

    if (left > 0)
        tell_unconfirmed(sending, is_unwelcome);
    if (deliveries_in(&sending->deliveries, DELIVERY_REFUSED) > 0)
        return PUBLISH_REFUSED;
    if (left > 0)
        return is_unwelcome || is_denied(sending) ? PUBLISH_KEY
                                                  : PUBLISH_UNCONFIRMED;
    if (not_shown > 0) {
        char end[32];
        snprintf(end, sizeof end,
                 sending->interrupted ? tr("when it was interrupted")
                                      : tr("within %d s"),
                 sending->options->timeout_s);
        tell_line("the broker has all; %zu of %zu messages not shown on %d "
                  "screens %s",
                  not_shown, deliveries_counted(&sending->deliveries),
                  sending->options->wait_shown, end);
        return PUBLISH_UNCONFIRMED;
    }
    return sending->outbox_failed ? PUBLISH_OTHER : PUBLISH_DONE;
}

static bool open_line(struct sending *sending, struct problem *problem)
{
    const char *org = sending->options->org;
    char before[LIMIT_TOPIC_BYTES], now[LIMIT_TOPIC_BYTES];
    char presence[LIMIT_TOPIC_BYTES], state[LIMIT_TOPIC_BYTES];
    const char *const filters[SCREEN_FILTERS] = {before, now, presence, state};

    snprintf(before, sizeof before, "gaoshi/1/%s/receipt/+/+", org);
    snprintf(now, sizeof now, "gaoshi/1/%s/screen/+/receipt", org);
    snprintf(presence, sizeof presence, "gaoshi/1/%s/screen/+/presence", org);
    snprintf(state, sizeof state, "gaoshi/1/%s/screen/+/state", org);
    return session_open(sending->options, filters,
                        sending->waits            ? SCREEN_FILTERS
                        : wants_receipts(sending) ? RECEIPT_FILTERS
                                                  : 0,
                        sending->waits, &sending->session, problem);
}

/* Before the line is opened: its threads shall not take the signals. Commands
 * that run on (cap watch, heartbeat) take them themselves. */
static bool begin_wait(struct sending *sending, struct problem *problem)
{
    bool is_foreground = sending->choice && !sending->options->waiting_alerts;

    sending->signal_fd = is_foreground ? command_open_signals() : -1;
    sending->waits = wait_is_wanted(sending->options) &&
                     deliveries_counted(&sending->deliveries) > 0;
    if (!sending->waits)
        return true;
    if (!wait_init(&sending->wait, sending->options, problem))
        return false;
    if (!wait_begin(&sending->wait, &sending->deliveries))
        return problem_set(problem, PROBLEM_SYSTEM, "out of memory");
    if (sending->signal_fd < 0)
        sending->signal_fd = command_open_signals();
    return sending->signal_fd >= 0 ||
           problem_set(problem, PROBLEM_SYSTEM, "signalfd: %s",
                       tr_error(errno));
}

/* What became of the operator's own messages. */
static void print_json(const struct sending *sending)
{
    static const char *const answers[] = {
        [DELIVERY_WAITING] = "unconfirmed",
        [DELIVERY_SENT] = "unconfirmed",
        [DELIVERY_CONFIRMED] = "confirmed",
        [DELIVERY_REFUSED] = "refused",
    };
    json_t *list = json_array();

    for (size_t i = 0; i < sending->deliveries.count; i++) {
        const struct delivery *delivery = &sending->deliveries.items[i];
        json_t *screens = json_array();
        for (size_t k = 0; k < delivery->screen_count; k++)
            json_array_append_new(screens, json_string(delivery->screens[k]));
        json_t *one = json_pack("{s:s, s:s, s:I, s:s, s:o}", "id", delivery->id,
                                "topic", delivery->topic, "seq",
                                (json_int_t)delivery->seq, "broker",
                                answers[delivery->state], "shown", screens);
        if (delivery->counted)
            json_array_append_new(list, one);
        else
            json_decref(one);
    }
    tell_json(json_pack("{s:o}", "messages", list));
}

static enum publish_exit deliver(struct sending *sending)
{
    struct problem problem = {
        .consequence = "nothing was sent; it waits in the outbox"};
    size_t left_over = deliveries_left_over(&sending->deliveries);

    if (!sending->outbox)
        snprintf(problem.consequence, sizeof problem.consequence,
                 "nothing was sent");
    if (left_over > 0 && sending->choice)
        tell_line("%zu messages of earlier commands were not confirmed and are "
                  "sent too",
                  left_over);
    deliveries_sort(&sending->deliveries);
    if (!begin_wait(sending, &problem)) {
        /* What goes to the screens goes all the same. */
        snprintf(problem.consequence, sizeof problem.consequence,
                 "sent without waiting for screens");
        tell_problem(&problem);
        sending->waits = false;
        sending->outbox_failed = true;
    }
    if (!open_line(sending, &problem)) {
        tell_problem(&problem);
        return session_exit(&problem);
    }
    run_until(sending, unsettled, "confirmed");
    if (sending->outbox)
        sending->pictures_left = picture_chunks_settle(
            &sending->deliveries, sending->outbox, sending->options->org);
    if (unsettled(sending) == 0 && sending->waits)
        run_wait(sending);
    else if (unsettled(sending) == 0)
        run_until(sending, unshown, "shown");
    enum publish_exit code = settle(sending);
    bool has_waited = sending->waits && unsettled(sending) == 0;
    if (sending->options->json && !has_waited)
        print_json(sending);
    if (!has_waited)
        return code;
    size_t dropped = session_dropped(sending->session);
    if (dropped > 0)
        tell_line("%zu lines of screens were passed over: more came than there "
                  "was room for; gaoshi-publish status may know more",
                  dropped);
    enum publish_exit reached = wait_end(&sending->wait, sending->outbox,
                                         sending->interrupted);
    return code == PUBLISH_DONE ? reached : code;
}

static enum publish_exit run(struct sending *sending)
{
    enum publish_exit code = sending->deliveries.count > 0 ? deliver(sending)
                                                           : PUBLISH_DONE;

    session_close(sending->session);
    wait_finish(&sending->wait);
    if (sending->signal_fd >= 0)
        close(sending->signal_fd);
    deliveries_finish(&sending->deliveries);
    return code;
}

static enum publish_exit fail(struct sending *sending,
                              const struct problem *problem)
{
    tell_problem(problem);
    deliveries_finish(&sending->deliveries);
    return PUBLISH_OTHER;
}

enum publish_exit sending_run(const struct options *options,
                              struct outbox *outbox,
                              const struct outbox_choice *choice)
{
    struct sending sending = {.options = options,
                              .outbox = outbox,
                              .choice = choice,
                              .signal_fd = -1};
    struct problem problem = {.code = PROBLEM_SYSTEM,
                              .expected = "out of memory"};

    int64_t now_ms = clock_wall_ms();

    return outbox_each_waiting(outbox, options->org, now_ms, add_delivery,
                               &sending, &problem) &&
                   picture_chunks_add(&sending.deliveries, outbox, options->org,
                                      now_ms, false, &problem)
               ? run(&sending)
               : fail(&sending, &problem);
}

enum publish_exit sending_restore(const struct options *options,
                                  struct outbox *outbox)
{
    struct sending sending = {
        .options = options, .outbox = outbox, .signal_fd = -1};
    struct problem problem = {.code = PROBLEM_SYSTEM,
                              .expected = "out of memory"};

    int64_t now_ms = clock_wall_ms();

    return outbox_each_confirmed(outbox, options->org, now_ms, add_delivery,
                                 &sending, &problem) &&
                   picture_chunks_add(&sending.deliveries, outbox, options->org,
                                      now_ms, true, &problem)
               ? run(&sending)
               : fail(&sending, &problem);
}

enum publish_exit sending_run_unkept(const struct options *options,
                                     struct deliveries *deliveries)
{
    struct sending sending = {
        .options = options, .deliveries = *deliveries, .signal_fd = -1};

    *deliveries = (struct deliveries){0};
    return run(&sending);
}
