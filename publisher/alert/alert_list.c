/* alert list: what the outbox knows of the alerts that were sent from here. */
#include "base/timestamp.h"
#include "publisher/cli/clock.h"
#include "publisher/cli/command.h"
#include "publisher/cli/tell.h"
#include "publisher/send/dispatch.h"

static const char *state_of(const struct sent_alert *alert, int64_t now_ms)
{
    if (alert->cancelled_ms != TIMESTAMP_NONE)
        return "cancelled";
    return sent_alert_is_live(alert, now_ms) ? "live" : "expired";
}

/* Whether the broker has the last message of it. */
static const char *answer_of(const struct sent_alert *alert)
{
    static const char *const names[] = {
        [OUTBOX_WAITING] = "unconfirmed",
        [OUTBOX_CONFIRMED] = "confirmed",
        [OUTBOX_REFUSED] = "refused",
        [OUTBOX_DROPPED] = "dropped",
    };

    return alert->overwritten ? "overwritten" : names[alert->state];
}

static void print_row(const struct sent_alert *alert, int64_t now_ms)
{
    const struct message *message = alert->alert;
    char issued[CLOCK_MINUTE_BYTES], until[CLOCK_MINUTE_BYTES];

    clock_format_minute(alert->issued_ms, issued);
    clock_format_minute(sent_alert_end_ms(alert), until);
    tell_result("%-39s %-9s %-7s %-8s %-18s %-22s %-22s %-11s %s", alert->id,
                state_of(alert, now_ms),
                message ? alert_level_name(message->alert.level) : "-",
                alert_status_name(alert->status), alert->scope, issued, until,
                answer_of(alert), message ? message->alert.event : "-");
}

static void print_rows(const struct sent_alerts *alerts, bool all)
{
    int64_t now_ms = clock_wall_ms();
    size_t shown = 0;

    for (size_t i = 0; i < alerts->count; i++) {
        const struct sent_alert *alert = &alerts->items[i];
        if (!all && !sent_alert_is_live(alert, now_ms))
            continue;
        if (shown++ == 0)
            tell_result("%-39s %-9s %-7s %-8s %-18s %-22s %-22s %-11s %s", "ID",
                        "STATE", "LEVEL", "STATUS", "SCOPE", "ISSUED", "UNTIL",
                        "BROKER", "EVENT");
        print_row(alert, now_ms);
    }
    if (shown < alerts->count)
        tell_line("%zu more that ended; --all lists them",
                  alerts->count - shown);
    else if (shown == 0)
        tell_line("no alert was sent from here");
}

enum publish_exit alert_list_run(const struct options *options, int count,
                                 char **operands)
{
    struct sent_alerts alerts = {0};
    struct problem problem = {0};

    (void)count;
    (void)operands;
    if (!dispatch_check_org(options))
        return PUBLISH_USAGE;
    if (!dispatch_load_sent(options, NULL, &alerts, &problem)) {
        tell_problem(&problem);
        return dispatch_exit(&problem);
    }
    print_rows(&alerts, options->all);
    sent_alerts_finish(&alerts);
    return PUBLISH_DONE;
}
