/* What Paho's code calls in place of some functions of the C library and of
 * OpenSSL; paho_calls.c says why. The build renames these calls in a copy of
 * Paho's archive, so nothing else of the program is concerned. */
#ifndef GAOSHI_PROTOCOL_PAHO_CALLS_H
#define GAOSHI_PROTOCOL_PAHO_CALLS_H

#include <stdbool.h>
#include <stddef.h>

enum {
    /* A packet up to this size is read and refused, so that a retained one does
     * not end the line again and again. For a larger one the line is cut before
     * its body is read. */
    PAHO_PACKET_BYTES = 8 * 1024 * 1024,
};

/* An attempt to connect begins, through a WebSocket or not; it ended. */
void paho_begin_connect(bool web);
void paho_end_connect(void);

/* Whether the attempt that began last reached somebody: TCP connected. */
bool paho_was_reached(void);

/* The size of the packet for which the line was cut; returned once, then 0. */
size_t paho_take_oversize(void);

/* What was wrong with what came through the WebSocket, so that the line was
 * cut; returned once, then NULL. */
const char *paho_take_web_problem(void);

/* The OpenSSL error that last ended a line; returned once, then 0. */
unsigned long paho_take_tls_error(void);

#endif
