/* Tells before an alert is sent what screens will make of its times. */
#ifndef GAOSHI_PUBLISHER_ALERT_TIMES_H
#define GAOSHI_PUBLISHER_ALERT_TIMES_H

#include "protocol/message.h"

/* When screens end it; a draft that has no time yet counts as of now. A cancel
 * never ends: INT64_MAX. */
int64_t alert_times_end_ms(const struct message *message, int64_t now_ms);

/* False with a problem when a screen would find it over on arrival: it
 * expired, or without expires the time that its level gives has passed.
 */
bool alert_times_is_ahead(const struct message *message, int64_t now_ms,
                          struct problem *problem);

/* Tells on a line each that screens hold it back because it was sent ahead of
 * this clock, and that it is to stand for longer than three days. */
void alert_times_tell(const struct message *message, const char *place,
                      int64_t now_ms);

#endif
