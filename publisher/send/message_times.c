/* Computes by the rules of the screens when messages end. */
#include "publisher/send/message_times.h"

#include "base/clock.h"
#include "base/timestamp.h"
#include "base/translate.h"
#include "protocol/envelope.h"
#include "protocol/message.h"
#include "publisher/cli/tell.h"

static void format(int64_t ms, char out[TIMESTAMP_BYTES])
{
    timestamp_format(ms, clock_utc_offset_minutes(ms), out);
}

int64_t message_times_end_ms(const struct message *message, int64_t now_ms)
{
    struct message issued = *message;

    if (message->kind != MESSAGE_ALERT)
        return INT64_MAX;
    if (issued.issued_ms == TIMESTAMP_NONE)
        issued.issued_ms = now_ms;
    return message_alert_end_ms(&issued);
}

bool message_times_is_ahead(const struct message *message, int64_t now_ms,
                            struct problem *problem)
{
    char end[TIMESTAMP_BYTES];
    int64_t end_ms = message_times_end_ms(message, now_ms);

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
                          tr(alert_level_name(message->alert.level)), end);
    if (problem)
        problem->code = PROBLEM_STALE;
    return false;
}

void message_times_tell(const struct message *message, const char *place,
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
    int64_t end_ms = message_times_end_ms(message, now_ms);
    if (end_ms - now_ms > ALERT_LIFE_CAP_MS) {
        format(end_ms, time);
        tell_line(
            "%s: note: it stands until %s, longer than three days, unless "
            "it is cancelled",
            place, time);
    }
}

#define HOUR_MS (INT64_C(3600) * 1000)
#define DAY_MS (24 * HOUR_MS)

/* The clocks of broker and screens differ. */
#define MARGIN_MS HOUR_MS
/* How long a removal and a cancel matter: a screen that was off for that long
 * may still have what they remove. */
#define REMOVED_MS (30 * DAY_MS)
#define CANCELLED_MS (180 * DAY_MS)
/* How long a value of a live figure is kept without a newer one. */
#define FIGURE_MS (30 * DAY_MS)

/* Wall clock; TIMESTAMP_NONE: never. */
static int64_t end_ms(const struct message *message)
{
    switch (message->kind) {
    case MESSAGE_ALERT:
        return message_alert_end_ms(message);
    case MESSAGE_PANEL:
        return message->expires_ms;
    case MESSAGE_ALERT_CANCEL:
        return message->issued_ms + CANCELLED_MS;
    case MESSAGE_PANEL_REMOVAL:
        return message->issued_ms + REMOVED_MS;
    case MESSAGE_FIGURE:
        return message->issued_ms + FIGURE_MS;
    default:
        return TIMESTAMP_NONE;
    }
}

uint32_t message_expiry_s(const char *payload, size_t bytes, int64_t now_ms)
{
    struct message *message = NULL;

    if (bytes < ENVELOPE_LINE_BYTES ||
        !message_parse(payload + ENVELOPE_LINE_BYTES,
                       bytes - ENVELOPE_LINE_BYTES, MESSAGE_WIRE, "outbox",
                       &message, NULL))
        return 0;
    int64_t ends_ms = end_ms(message);
    message_destroy(message);
    if (ends_ms == TIMESTAMP_NONE)
        return 0;
    int64_t left_s = (ends_ms + MARGIN_MS - now_ms) / 1000;
    if (left_s > UINT32_MAX)
        return 0;
    return left_s > 1 ? (uint32_t)left_s : 1;
}
