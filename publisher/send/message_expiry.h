/* How long a broker has to keep a message for screens that connect later.
 * Without an end it would send them expired messages for ever. */
#ifndef GAOSHI_PUBLISHER_MESSAGE_EXPIRY_H
#define GAOSHI_PUBLISHER_MESSAGE_EXPIRY_H

#include <stddef.h>
#include <stdint.h>

/* The message expiry of a signed message: seconds from now on, at least 1; 0:
 * for ever. */
uint32_t message_expiry_s(const char *payload, size_t bytes, int64_t now_ms);

#endif
