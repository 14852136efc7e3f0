/* Replaces some functions of the C library and of OpenSSL in Paho's receiver;
 * wake_up.c says why. */
#ifndef GAOSHI_PROTOCOL_WAKE_UP_H
#define GAOSHI_PROTOCOL_WAKE_UP_H

#include <stdbool.h>
#include <stddef.h>

enum {
    /* A packet up to this size is read and refused, so that a retained one does
     * not end the line again and again. For a larger one the line is cut before
     * its body is read. */
    WAKE_UP_PACKET_BYTES = 8 * 1024 * 1024,
};

/* While a connection is being made, the receiver checks it often. */
void wake_up_while_connecting(bool connecting);

/* The size of the packet for which the line was cut; returned once, then 0. */
size_t wake_up_take_oversize(void);

/* The OpenSSL error that last ended a line; returned once, then 0. */
unsigned long wake_up_take_tls_error(void);

#endif
