/* How long an alert lasts, for both ends: the publisher tells it before it
 * sends, the screen goes by it. docs/alerts.md tells the rules. Pure. */
#ifndef GAOSHI_PROTOCOL_ALERT_LIFE_H
#define GAOSHI_PROTOCOL_ALERT_LIFE_H

#include "protocol/message.h"

/* An alert without expires lasts so long from its sent or its effective time,
 * whichever is later, but never longer than the cap from sent. */
#define ALERT_LIFE_RED_MS (INT64_C(6) * 3600 * 1000)
#define ALERT_LIFE_ORANGE_MS (INT64_C(6) * 3600 * 1000)
#define ALERT_LIFE_YELLOW_MS (INT64_C(12) * 3600 * 1000)
#define ALERT_LIFE_BLUE_MS (INT64_C(24) * 3600 * 1000)
#define ALERT_LIFE_UNKNOWN_MS ALERT_LIFE_YELLOW_MS
#define ALERT_LIFE_CAP_MS (INT64_C(72) * 3600 * 1000)

/* When the source sent the alert; when it was issued, if that is not told.
 * TIMESTAMP_NONE: a draft that tells neither. */
int64_t alert_life_sent_ms(const struct message *message);

/* Wall clock at which the alert is over: expires, or the default. The draft
 * of an alert must tell one of the times that it follows from. */
int64_t alert_life_end_ms(const struct message *message);

#endif
