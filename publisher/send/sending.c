/* Sends what waits, hears the answers, tells the operator. */
#include "publisher/send/sending.h"

#include "publisher/cli/clock.h"
#include "publisher/cli/tell.h"
#include "publisher/send/deliveries.h"
#include "publisher/send/events.h"
#include "publisher/send/line.h"
#include "publisher/send/message_expiry.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* So many without an answer; further ones wait for their turn. */
enum { WINDOW = 64, RECEIPT_FILTERS = 2 };

struct delivery {
    const struct options *options;
    struct outbox *outbox; /* NULL: nothing keeps the messages */
    const struct outbox_choice *choice;
    struct events *events;
    struct link *link;
    struct parcels parcels;
    bool ready;     /* the line is up, receipts are subscribed to */
    int subscribed; /* answers since the line came up */
    char reason[LINK_REASON_BYTES]; /* why it is not */
    bool outbox_failed;
};

static bool add_parcel(void *context, const struct outbox_message *message)
{
    struct delivery *delivery = context;
    const struct outbox_choice *choice = delivery->choice;
    bool fresh = choice && message->seq >= choice->first_seq &&
                 message->seq <= choice->last_seq;

    return (choice &&
            !outbox_is_chosen(choice, message->seq, message->topic)) ||
           parcels_add(&delivery->parcels, message, fresh);
}

static bool wants_receipts(const struct delivery *delivery)
{
    return delivery->options->wait_shown > 0;
}

static void send_parcels(struct delivery *delivery)
{
    struct parcels *parcels = &delivery->parcels;
    struct parcel *parcel;

    while (parcels_in(parcels, PARCEL_SENT) < WINDOW &&
           (parcel = parcels_next(parcels))) {
        parcel->published_ms = clock_wall_ms();
        uint32_t lasts_s = shelf_life_s(parcel->payload, parcel->bytes,
                                        parcel->published_ms);
        if (!link_publish_lasting(delivery->link, parcel->topic,
                                  parcel->payload, parcel->bytes, lasts_s,
                                  (uint64_t)(parcel - parcels->items)))
            return; /* the line went; an event will tell */
        parcel->state = PARCEL_SENT;
    }
}

static void mark(struct delivery *delivery, const struct parcel *parcel,
                 enum outbox_state state)
{
    struct problem problem = {0};

    if (!delivery->outbox ||
        outbox_mark(delivery->outbox, parcel->seq, state, &problem))
        return;
    delivery->outbox_failed = true;
    snprintf(problem.consequence, sizeof problem.consequence,
             "this message will be sent once more");
    tell_problem(&problem);
}

/* The line went while the message had no answer: once that may be chance. */
static void note_break(struct parcel *parcel)
{
    parcel->state = PARCEL_WAITING;
    if (++parcel->breaks == PARCEL_BREAKS_MAX)
        tell_line("%s: the line broke twice over this message of %zu bytes: it "
                  "goes behind all others; is it larger than the broker takes?",
                  parcel->topic, parcel->bytes);
}

static void take_answer(struct delivery *delivery, const struct event *event)
{
    struct parcel *parcel = &delivery->parcels.items[event->token];

    switch (event->result) {
    case LINK_DELIVERED:
        parcel->state = PARCEL_CONFIRMED;
        mark(delivery, parcel, OUTBOX_CONFIRMED);
        if (parcel->counted &&
            !tell_has_progress(parcels_counted(&delivery->parcels)))
            tell_result("confirmed %s seq %" PRId64, parcel->topic,
                        parcel->seq);
        break;
    case LINK_REFUSED:
        parcel->state = PARCEL_REFUSED;
        mark(delivery, parcel, OUTBOX_REFUSED);
        tell_line("%s: the broker refused it: %s; it is not sent again, the "
                  "screens keep what they have",
                  parcel->topic, event->text);
        break;
    case LINK_UNCONFIRMED:
        note_break(parcel);
        break;
    }
}

static bool take_receipt(struct delivery *delivery,
                         const struct receipt *receipt)
{
    struct parcel *parcel = parcels_of_receipt(&delivery->parcels, receipt);

    if (!parcel || !parcel->counted)
        return false;
    if (receipt->ignored[0])
        tell_line("%s: %s does not know %s; the rest counts there", parcel->id,
                  receipt->screen, receipt->ignored);
    if (receipt->left_out[0])
        tell_line("%s: %s cannot set %s; the rest is shown there", parcel->id,
                  receipt->screen, receipt->left_out);
    if (receipt->event == RECEIPT_REFUSED) {
        tell_line("%s refused by %s: %s%s%s", parcel->id, receipt->screen,
                  receipt->reason, receipt->text[0] ? ": " : "", receipt->text);
        return false;
    }
    if (receipt->event != RECEIPT_SHOWN ||
        !parcel_note_screen(parcel, receipt->screen))
        return false;
    if (receipt->at_ms < 0) /* it does not trust its clock: it tells no time */
        tell_result("%s shown on %s", parcel->id, receipt->screen);
    else
        tell_result("%s shown on %s after %" PRId64 " ms", parcel->id,
                    receipt->screen, receipt->at_ms - parcel->published_ms);
    return true;
}

/* True when it brought the delivery forward; a line that comes up does not: it
 * may break over the same message for ever. */
static bool take_event(struct delivery *delivery, const struct event *event)
{
    switch (event->kind) {
    case EVENT_CONNECTED:
        delivery->ready = !wants_receipts(delivery);
        delivery->subscribed = 0;
        return false;
    case EVENT_SUBSCRIBED:
        if (!event->granted)
            tell_line("the broker does not let us read %s", event->text);
        delivery->ready = ++delivery->subscribed >= RECEIPT_FILTERS;
        return false;
    case EVENT_DISCONNECTED:
        delivery->ready = false;
        snprintf(delivery->reason, sizeof delivery->reason, "%s", event->text);
        return false;
    case EVENT_PUBLISHED:
        take_answer(delivery, event);
        return event->result != LINK_UNCONFIRMED;
    case EVENT_RECEIPT:
        return take_receipt(delivery, &event->receipt);
    case EVENT_HEARD:
        return false;
    }
    return false;
}

static size_t unsettled(const struct delivery *delivery)
{
    return parcels_in(&delivery->parcels, PARCEL_WAITING) +
           parcels_in(&delivery->parcels, PARCEL_SENT);
}

static size_t unshown(const struct delivery *delivery)
{
    return parcels_unshown(&delivery->parcels,
                           (size_t)delivery->options->wait_shown);
}

/* Goes on while something is left and something moves. */
static void run_until(struct delivery *delivery,
                      size_t (*left)(const struct delivery *delivery),
                      const char *what)
{
    int64_t limit_ms = (int64_t)delivery->options->timeout_s * 1000;
    int64_t deadline_ms = events_now_ms() + limit_ms;
    size_t total = parcels_counted(&delivery->parcels);
    struct event event;

    while (left(delivery) > 0) {
        if (delivery->ready)
            send_parcels(delivery);
        if (!events_wait(delivery->events, deadline_ms, &event))
            return;
        if (!take_event(delivery, &event))
            continue;
        deadline_ms = events_now_ms() + limit_ms;
        /* Indexes go last: only when they are gone, all is done. */
        size_t still = left(delivery);
        tell_progress(what, still < total ? total - still : 0, total);
    }
}

static void tell_unconfirmed(const struct delivery *delivery)
{
    const struct parcels *parcels = &delivery->parcels;
    size_t left = parcels_counted_in(parcels, PARCEL_WAITING) +
                  parcels_counted_in(parcels, PARCEL_SENT);
    const char *colon = delivery->reason[0] ? ": " : "";
    const char *mended = link_is_unwelcome(delivery->link)
                             ? " once our certificate is mended"
                             : "";

    if (left > 0 && !delivery->outbox)
        tell_line("%zu of %zu messages unconfirmed after %d s%s%s; nothing "
                  "keeps them: give the command again",
                  left, parcels_counted(parcels), delivery->options->timeout_s,
                  colon, delivery->reason);
    else if (left > 0)
        tell_line("%zu of %zu messages unconfirmed after %d s%s%s; they stay "
                  "in the outbox: outbox send sends them%s, outbox drop takes "
                  "them back",
                  left, parcels_counted(parcels), delivery->options->timeout_s,
                  colon, delivery->reason, mended);
    else
        tell_line("the index of what is live is unconfirmed after %d s%s%s; it "
                  "stays in the outbox and the next command sends it%s",
                  delivery->options->timeout_s, colon, delivery->reason,
                  mended);
}

static enum publish_exit settle(const struct delivery *delivery)
{
    size_t left = unsettled(delivery);
    size_t not_shown = unshown(delivery);

    if (left > 0)
        tell_unconfirmed(delivery);
    if (parcels_in(&delivery->parcels, PARCEL_REFUSED) > 0)
        return PUBLISH_REFUSED;
    if (left > 0)
        return link_is_unwelcome(delivery->link) ? PUBLISH_KEY
                                                 : PUBLISH_UNCONFIRMED;
    if (not_shown > 0) {
        tell_line("%zu of %zu messages not shown on %d screens within %d s",
                  not_shown, parcels_counted(&delivery->parcels),
                  delivery->options->wait_shown, delivery->options->timeout_s);
        return PUBLISH_UNCONFIRMED;
    }
    return delivery->outbox_failed ? PUBLISH_OTHER : PUBLISH_DONE;
}

static bool open_line(struct delivery *delivery, struct problem *problem)
{
    const char *org = delivery->options->org;
    char before[LIMIT_TOPIC_BYTES], now[LIMIT_TOPIC_BYTES];
    const char *const filters[RECEIPT_FILTERS] = {before, now};

    snprintf(before, sizeof before, "gaoshi/1/%s/receipt/+/+", org);
    snprintf(now, sizeof now, "gaoshi/1/%s/screen/+/receipt", org);
    return line_open(delivery->options, delivery->events, filters,
                     wants_receipts(delivery) ? RECEIPT_FILTERS : 0,
                     &delivery->link, problem);
}

static enum publish_exit deliver(struct delivery *delivery)
{
    struct problem problem = {
        .consequence = "nothing was sent; it waits in the outbox"};
    size_t left_over = parcels_left_over(&delivery->parcels);

    if (!delivery->outbox)
        snprintf(problem.consequence, sizeof problem.consequence,
                 "nothing was sent");
    if (left_over > 0 && delivery->choice)
        tell_line("%zu messages of earlier commands were not confirmed and go "
                  "out too",
                  left_over);
    parcels_sort(&delivery->parcels);
    delivery->events = events_create();
    if (!delivery->events || !open_line(delivery, &problem)) {
        tell_problem(&problem);
        return line_exit(&problem);
    }
    run_until(delivery, unsettled, "confirmed");
    if (unsettled(delivery) == 0)
        run_until(delivery, unshown, "shown");
    return settle(delivery);
}

static enum publish_exit run(struct delivery *delivery)
{
    enum publish_exit code = delivery->parcels.count > 0 ? deliver(delivery)
                                                         : PUBLISH_DONE;

    link_destroy(delivery->link);
    events_destroy(delivery->events);
    parcels_finish(&delivery->parcels);
    return code;
}

static enum publish_exit fail(struct delivery *delivery,
                              const struct problem *problem)
{
    tell_problem(problem);
    parcels_finish(&delivery->parcels);
    return PUBLISH_OTHER;
}

enum publish_exit delivery_run(const struct options *options,
                               struct outbox *outbox,
                               const struct outbox_choice *choice)
{
    struct delivery delivery = {
        .options = options, .outbox = outbox, .choice = choice};
    struct problem problem = {.code = PROBLEM_SYSTEM,
                              .expected = "out of memory"};

    return outbox_each_waiting(outbox, options->org, clock_wall_ms(),
                               add_parcel, &delivery, &problem)
               ? run(&delivery)
               : fail(&delivery, &problem);
}

enum publish_exit delivery_restore(const struct options *options,
                                   struct outbox *outbox)
{
    struct delivery delivery = {.options = options, .outbox = outbox};
    struct problem problem = {.code = PROBLEM_SYSTEM,
                              .expected = "out of memory"};

    return outbox_each_confirmed(outbox, options->org, clock_wall_ms(),
                                 add_parcel, &delivery, &problem)
               ? run(&delivery)
               : fail(&delivery, &problem);
}

enum publish_exit delivery_run_unkept(const struct options *options,
                                      struct parcels *parcels)
{
    struct delivery delivery = {.options = options, .parcels = *parcels};

    *parcels = (struct parcels){0};
    return run(&delivery);
}
