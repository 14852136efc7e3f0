/* The wait of a command for screens. */
#include "publisher/send/wait.h"

#include "base/clock.h"
#include "base/timestamp.h"
#include "publisher/cli/tell.h"
#include "publisher/fleet/inventory_file.h"
#include "publisher/outbox/kept_receipts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool wait_is_wanted(const struct options *options)
{
    return options->wait_ms > 0 || options->min_shown_thousandths >= 0;
}

bool wait_check(const struct options *options)
{
    if (wait_is_wanted(options) && options->wait_shown > 0) {
        tell_line("--wait-shown and --wait, --min-shown: give one of them");
        return false;
    }
    return true;
}

bool wait_init(struct wait *wait, const struct options *options,
               struct problem *problem)
{
    const char *file = options->inventory_file;

    *wait = (struct wait){.options = options};
    if (file && !inventory_load(file, &wait->inventory, problem))
        return false;
    if (!roster_init(&wait->roster, file ? &wait->inventory : NULL))
        return problem_set(problem, PROBLEM_SYSTEM, "out of memory");
    tally_init(&wait->tally, &wait->roster);
    return true;
}

void wait_finish(struct wait *wait)
{
    tally_finish(&wait->tally);
    roster_finish(&wait->roster);
    inventory_finish(&wait->inventory);
    free(wait->deliveries);
    wait->deliveries = NULL;
}

bool wait_begin(struct wait *wait, const struct deliveries *deliveries)
{
    wait->deliveries = calloc(deliveries->count + 1, sizeof *wait->deliveries);
    for (size_t i = 0; wait->deliveries && i < deliveries->count; i++) {
        const struct delivery *delivery = &deliveries->items[i];
        struct tally_message message = {.seq = delivery->seq};
        if (!delivery->counted || !delivery->fresh ||
            !delivery_describe(delivery, &message))
            continue;
        wait->deliveries[wait->tally.count] = delivery;
        if (!tally_add(&wait->tally, &message))
            return false;
    }
    return wait->deliveries != NULL;
}

static void take_receipt(struct wait *wait, const struct receipt *receipt)
{
    for (size_t i = 0; i < wait->tally.count; i++) {
        if (!delivery_is_about(wait->deliveries[i], receipt))
            continue;
        wait->tally.messages[i].published_ms =
            wait->deliveries[i]->published_ms;
        tally_note_receipt(&wait->tally, i, receipt);
    }
}

static bool has_spoken(const struct wait *wait, const char *screen)
{
    int known = roster_find(&wait->roster, screen);

    return known >= 0 && (wait->roster.screens[known].has_presence ||
                          wait->roster.screens[known].state);
}

static void note_words(struct wait *wait, const char *screen)
{
    if (!has_spoken(wait, screen))
        wait->first_words_ms = clock_monotonic_ms();
}

bool wait_take_event(struct wait *wait, const struct session_event *event)
{
    switch (event->kind) {
    case SESSION_RECEIPT:
        take_receipt(wait, &event->receipt);
        return true;
    case SESSION_PRESENCE:
        note_words(wait, event->presence.screen);
        tally_note_screen(&wait->tally, roster_take_presence(&wait->roster,
                                                             &event->presence));
        return true;
    case SESSION_STATE:
        note_words(wait, event->state->screen);
        tally_note_screen(&wait->tally,
                          roster_take_state(&wait->roster, event->state));
        return true;
    case SESSION_MARKED:
        wait->marked = true;
        wait->first_words_ms = clock_monotonic_ms();
        return true;
    default:
        return false;
    }
}

bool wait_is_over(const struct wait *wait)
{
    bool quiet = clock_monotonic_ms() >=
                 wait->first_words_ms + SESSION_QUIET_MS;

    for (size_t i = 0; wait->marked && i < wait->tally.count; i++) {
        struct tally_counts counts = tally_count(&wait->tally, i);
        if (counts.classes[TALLY_WAITING] > 0 ||
            (counts.classes[TALLY_SILENT] > 0 && !quiet))
            return false;
    }
    return wait->marked;
}

/* What a screen said of a message, as a receipt would. */
static bool keep_mark(const struct wait *wait, size_t message, size_t screen,
                      struct kept_receipts *kept, struct problem *problem)
{
    const struct tally_message *about = &wait->tally.messages[message];
    const struct tally_refusal *refusal = tally_find_refusal(&wait->tally,
                                                             message, screen);
    struct receipt receipt = {.seq = about->seq, .at_ms = TIMESTAMP_NONE};
    enum tally_step step = tally_step_of(&wait->tally, message, screen);

    if (step == TALLY_NOTHING)
        return true;
    receipt.event = step == TALLY_SHOWN      ? RECEIPT_SHOWN
                    : step == TALLY_VERIFIED ? RECEIPT_VERIFIED
                                             : RECEIPT_REFUSED;
    snprintf(receipt.message, sizeof receipt.message, "%s", about->id);
    snprintf(receipt.screen, sizeof receipt.screen, "%s",
             wait->roster.screens[screen].id);
    if (refusal) {
        memcpy(receipt.reason, refusal->reason, sizeof receipt.reason);
        memcpy(receipt.text, refusal->text, sizeof receipt.text);
    }
    return kept_receipts_add(kept, &receipt, problem);
}

static bool keep_marks(const struct wait *wait, struct kept_receipts *kept,
                       struct problem *problem)
{
    for (size_t i = 0; i < wait->tally.count; i++)
        for (size_t screen = 0; screen < wait->roster.count; screen++)
            if (!keep_mark(wait, i, screen, kept, problem))
                return false;
    return true;
}

static bool keep_all(const struct wait *wait, struct outbox *outbox,
                     struct problem *problem)
{
    struct kept_receipts kept;

    if (!outbox_begin(outbox, problem))
        return false;
    kept_receipts_begin(&kept, outbox_file(outbox), wait->options->org);
    bool done = keep_marks(wait, &kept, problem);
    kept_receipts_end(&kept);
    return done && outbox_commit(outbox, problem);
}

static void keep(const struct wait *wait, struct outbox *outbox)
{
    struct problem problem = {
        .consequence = "gaoshi-publish status will not know of these answers"};

    if (!outbox || keep_all(wait, outbox, &problem))
        return;
    outbox_rollback(outbox);
    tell_problem(&problem);
}

enum publish_exit wait_end(struct wait *wait, struct outbox *outbox,
                           bool interrupted)
{
    const struct options *options = wait->options;
    int least = options->min_shown_thousandths >= 0
                    ? options->min_shown_thousandths
                    : 1000;
    bool enough = tally_view_is_enough(&wait->tally, least);

    tally_view_clear(&wait->view);
    keep(wait, outbox);
    if (options->json)
        tally_view_print_json(&wait->tally, least);
    else
        tally_view_print(&wait->tally);
    if (interrupted && wait->tally.count > 0)
        tell_line("the broker has all of it, and screens go on showing it; "
                  "gaoshi-publish status %s tells later how far it came",
                  wait->tally.count == 1 ? wait->tally.messages[0].id : "");
    else if (!wait->marked)
        tell_line("the broker did not tell all that screens said before: "
                  "silent may be wrong");
    if (!enough)
        tell_line("fewer screens than %d.%d %% have it", least / 10,
                  least % 10);
    return enough ? PUBLISH_DONE : PUBLISH_FEW;
}
