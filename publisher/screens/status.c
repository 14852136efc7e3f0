/* status: how far messages came, from what was collected beside the outbox and
 * from what screens say of themselves now. */
#include "publisher/screens/screens.h"

#include "base/clock.h"
#include "base/sqlite.h"
#include "base/timestamp.h"
#include "publisher/cli/tell.h"
#include "publisher/fleet/tally_view.h"
#include "publisher/outbox/kept_receipts.h"
#include "publisher/screens/snapshot.h"
#include "publisher/send/send_options.h"

#include <stdlib.h>
#include <string.h>

struct status {
    const struct options *options;
    const char *id; /* NULL: all messages */
    struct snapshot snapshot;
    struct tally tally;
    struct outbox *outbox;
    size_t message; /* whose receipts are read now */
    bool no_memory;
};

static bool add_message(void *context, const struct outbox_message *message)
{
    struct status *status = context;
    struct tally_message about = {.seq = message->seq,
                                  .published_ms = message->seq};
    bool expired = message->expires_ms != TIMESTAMP_NONE &&
                   message->expires_ms < clock_wall_ms();

    if (strcmp(message->org, status->options->org) != 0 ||
        !tally_message_describe(message->topic, message->payload,
                                message->bytes, &about) ||
        (status->id ? strcmp(about.id, status->id) != 0 : expired))
        return true;
    /* A sequence number is the time of sending, unless a clock was wrong. */
    status->no_memory = !tally_add(&status->tally, &about);
    return !status->no_memory;
}

static bool add_receipt(void *context, const struct kept_receipt *kept)
{
    struct status *status = context;
    struct receipt receipt = {
        .event = kept->event,
        .at_ms = kept->at_ms,
        .seq = status->tally.messages[status->message].seq};

    snprintf(receipt.screen, sizeof receipt.screen, "%s", kept->screen);
    snprintf(receipt.reason, sizeof receipt.reason, "%s", kept->reason);
    snprintf(receipt.text, sizeof receipt.text, "%s", kept->text);
    tally_note_receipt(&status->tally, status->message, &receipt);
    return true;
}

static bool read_outbox(struct status *status, struct problem *problem)
{
    if (!send_options_open_reading(status->options, &status->outbox, problem))
        return false;
    if (!status->outbox)
        return true;
    if (!outbox_each(status->outbox, add_message, status, problem))
        return status->no_memory
                   ? problem_set(problem, PROBLEM_SYSTEM, "out of memory")
                   : false;
    for (; status->message < status->tally.count; status->message++)
        if (!kept_receipts_each(outbox_file(status->outbox),
                                status->tally.messages[status->message].seq,
                                add_receipt, status, problem))
            return false;
    return true;
}

/* The broker may be away: then what is kept here is told alone. */
static bool ask_screens(struct status *status, struct problem *problem)
{
    if (!snapshot_open(&status->snapshot, status->options, false, problem))
        return false;
    if (!snapshot_collect(&status->snapshot))
        tell_line("only what was kept here is told; what is offline or silent "
                  "may be wrong");
    return true;
}

static enum publish_exit tell(struct status *status)
{
    if (status->id && status->tally.count == 0) {
        tell_line("'%s': no panel and no alert of this id was sent from here",
                  status->id);
        return PUBLISH_REFUSED;
    }
    for (size_t i = 0; i < status->snapshot.roster.count; i++)
        tally_note_screen(&status->tally, (int)i);
    if (status->options->json)
        tally_view_print_json(&status->tally, -1);
    else if (status->id)
        tally_view_print(&status->tally);
    else
        tally_view_print_totals(&status->tally);
    return PUBLISH_DONE;
}

enum publish_exit status_run(const struct options *options, int count,
                             char **operands)
{
    struct status status = {.options = options,
                            .id = count > 0 ? operands[0] : NULL};
    struct problem problem = {.consequence = "nothing is told"};
    enum publish_exit code;

    if (!options->org || options->brokers.count == 0) {
        tell_line("%s is missing; give it, or set it in the configuration",
                  options->org ? "--broker" : "--org");
        return PUBLISH_USAGE;
    }
    bool asked = ask_screens(&status, &problem);
    if (asked)
        tally_init(&status.tally, &status.snapshot.roster);
    if (asked && read_outbox(&status, &problem)) {
        code = tell(&status);
    } else {
        tell_problem(&problem);
        code = session_exit(&problem);
    }
    outbox_close(status.outbox);
    tally_finish(&status.tally);
    snapshot_close(&status.snapshot);
    return code;
}
