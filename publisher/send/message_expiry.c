/* Computes how long a message matters from its body. */
#include "publisher/send/message_expiry.h"

#include "base/timestamp.h"
#include "protocol/alert_life.h"
#include "protocol/envelope.h"
#include "protocol/message.h"

#define HOUR_MS (INT64_C(3600) * 1000)
#define DAY_MS (24 * HOUR_MS)

/* The clocks of broker and screens differ. */
#define MARGIN_MS HOUR_MS
/* How long a removal and a cancel matter: a screen that was off for that long
 * may still hold what they remove. */
#define REMOVED_MS (30 * DAY_MS)
#define CANCELLED_MS (180 * DAY_MS)

/* Wall clock; TIMESTAMP_NONE: never. */
static int64_t end_ms(const struct message *message)
{
    switch (message->kind) {
    case MESSAGE_ALERT:
        return alert_life_end_ms(message);
    case MESSAGE_PANEL:
        return message->expires_ms;
    case MESSAGE_ALERT_CANCEL:
        return message->issued_ms + CANCELLED_MS;
    case MESSAGE_PANEL_REMOVAL:
        return message->issued_ms + REMOVED_MS;
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
