/* When messages end: checks and notes before an alert is sent, and how long a
 * broker keeps a message for screens that connect later. */
#ifndef GAOSHI_PUBLISHER_MESSAGE_TIMES_H
#define GAOSHI_PUBLISHER_MESSAGE_TIMES_H

#include "protocol/message.h"

#include <stddef.h>
#include <stdint.h>

/* When screens end an alert; a draft without a time of issue counts as issued
 * now. INT64_MAX for all other kinds. */
int64_t message_times_end_ms(const struct message *message, int64_t now_ms);

/* False with a problem when the alert would already be over on the screens: it
 * expired, or it has no expiry and the time of its level has passed. */
bool message_times_is_ahead(const struct message *message, int64_t now_ms,
                            struct problem *problem);

/* Prints one line each if screens hold the alert back because it was sent ahead
 * of this clock, and if it lasts longer than three days. */
void message_times_tell(const struct message *message, const char *place,
                        int64_t now_ms);

/* Reads the end that a flag names: a timestamp, or words for a time to come,
 * which are told back. */
bool message_times_read_end(const char *flag, const char *text, int64_t now_ms,
                            int64_t *out, struct problem *problem);

/* The message expiry (MQTT 5) of a signed message: seconds from now on, at
 * least 1; 0: for ever. Without it a broker would send expired messages to
 * every screen that connects. */
uint32_t message_expiry_s(const char *payload, size_t bytes, int64_t now_ms);

#endif
