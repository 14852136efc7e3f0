/* Ends of alerts. */
#include "protocol/alert_life.h"

#include "base/timestamp.h"

static const int64_t default_ms[ALERT_LEVEL_COUNT] = {
    [ALERT_LEVEL_RED] = ALERT_LIFE_RED_MS,
    [ALERT_LEVEL_ORANGE] = ALERT_LIFE_ORANGE_MS,
    [ALERT_LEVEL_YELLOW] = ALERT_LIFE_YELLOW_MS,
    [ALERT_LEVEL_BLUE] = ALERT_LIFE_BLUE_MS,
    [ALERT_LEVEL_UNKNOWN] = ALERT_LIFE_UNKNOWN_MS,
};

int64_t alert_life_sent_ms(const struct message *message)
{
    return message->alert.sent_ms == TIMESTAMP_NONE ? message->issued_ms
                                                    : message->alert.sent_ms;
}

int64_t alert_life_end_ms(const struct message *message)
{
    int64_t begin_ms = alert_life_sent_ms(message);
    int64_t cap_ms = begin_ms + ALERT_LIFE_CAP_MS;

    if (message->expires_ms != TIMESTAMP_NONE)
        return message->expires_ms;
    if (message->effective_ms > begin_ms)
        begin_ms = message->effective_ms;
    int64_t end_ms = begin_ms + default_ms[message->alert.level];
    return end_ms < cap_ms ? end_ms : cap_ms;
}
