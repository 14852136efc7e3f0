/* Tells before an alert is sent what screens will make of its times. */
#ifndef GAOSHI_PUBLISHER_ALERT_TIMES_H
#define GAOSHI_PUBLISHER_ALERT_TIMES_H

#include "protocol/message.h"

/* When screens end an alert; a draft without a time of issue counts as issued
 * now. INT64_MAX for all other kinds. */
int64_t alert_times_end_ms(const struct message *message, int64_t now_ms);

/* False with a problem when the alert would be over when a screen gets it: it
 * expired, or it has no expiry and the time that its level gives has passed. */
bool alert_times_is_ahead(const struct message *message, int64_t now_ms,
                          struct problem *problem);

/* Tells, a line each, if screens hold the alert back because it was sent ahead
 * of this clock, and if it lasts longer than three days. */
void alert_times_tell(const struct message *message, const char *place,
                      int64_t now_ms);

#endif
