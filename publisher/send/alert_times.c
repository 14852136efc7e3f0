/* Checks the times of alerts by the rules of the screens. */
#include "publisher/send/alert_times.h"

#include "base/timestamp.h"
#include "protocol/alert_life.h"
#include "publisher/cli/clock.h"
#include "publisher/cli/tell.h"

static void format(int64_t ms, char out[TIMESTAMP_BYTES])
{
    timestamp_format(ms, clock_utc_offset_minutes(ms), out);
}

int64_t alert_times_end_ms(const struct message *message, int64_t now_ms)
{
    struct message issued = *message;

    if (message->kind != MESSAGE_ALERT)
        return INT64_MAX;
    if (issued.issued_ms == TIMESTAMP_NONE)
        issued.issued_ms = now_ms;
    return alert_life_end_ms(&issued);
}

bool alert_times_is_ahead(const struct message *message, int64_t now_ms,
                          struct problem *problem)
{
    char end[TIMESTAMP_BYTES];
    int64_t end_ms = alert_times_end_ms(message, now_ms);

    if (end_ms > now_ms)
        return true;
    format(end_ms, end);
    if (message->expires_ms != TIMESTAMP_NONE)
        problem_set_field(problem, "expires",
                          "expired at %s: no screen would show it", end);
    else
        problem_set_field(problem, "expires",
                          "missing, and what is %s ends by itself, this at "
                          "%s: no screen would show it",
                          alert_level_name(message->alert.level), end);
    if (problem)
        problem->code = PROBLEM_STALE;
    return false;
}

void alert_times_tell(const struct message *message, const char *place,
                      int64_t now_ms)
{
    char time[TIMESTAMP_BYTES];

    if (message->kind != MESSAGE_ALERT)
        return;
    int64_t sent_ms = message->alert.sent_ms;
    if (sent_ms != TIMESTAMP_NONE && sent_ms > now_ms + LIMIT_ISSUED_AHEAD_MS) {
        format(sent_ms - LIMIT_ISSUED_AHEAD_MS, time);
        tell_line("%s: note: it was sent ahead of this clock: screens hold it "
                  "back until %s",
                  place, time);
    }
    int64_t end_ms = alert_times_end_ms(message, now_ms);
    if (end_ms - now_ms > ALERT_LIFE_CAP_MS) {
        format(end_ms, time);
        tell_line(
            "%s: note: it stands until %s, longer than three days, unless "
            "it is cancelled",
            place, time);
    }
}
