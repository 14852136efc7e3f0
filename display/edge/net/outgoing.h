/* A queue for what the screen publishes, and a thread that passes it to the
 * MQTT library. The library holds its lock while a received message is
 * verified, and the loop must not wait for that. */
#ifndef GAOSHI_DISPLAY_OUTGOING_H
#define GAOSHI_DISPLAY_OUTGOING_H

#include "protocol/link/link.h"

#include <stdint.h>

enum {
    OUTGOING_ITEMS = 512,
    OUTGOING_KEPT_MAX = 256, /* items kept until they are acknowledged */
};

/* What becomes of a message when the line breaks before the broker has
 * acknowledged it, or when there is no line. */
enum outgoing_care {
    OUTGOING_PASSING,  /* it is lost */
    OUTGOING_RETAINED, /* it is lost; the broker retains it. Whoever publishes
                          it publishes the newest one on each new line. */
    OUTGOING_KEPT,     /* it is sent again on the next line. Of more than
                          OUTGOING_KEPT_MAX the oldest one is lost. */
};

struct outgoing;

/* The link is borrowed. NULL: no memory or no thread. */
struct outgoing *outgoing_create(struct link *link);

/* Passes everything that waits to the link, then ends the thread. NULL: does
 * nothing. */
void outgoing_close(struct outgoing *outgoing);

/* After outgoing_close, when the link calls back no more. NULL: does nothing.
 */
void outgoing_destroy(struct outgoing *outgoing);

/* To be called from the link's callbacks of the same names. */
void outgoing_connected(struct outgoing *outgoing);
void outgoing_published(struct outgoing *outgoing, uint64_t token,
                        enum link_result result);

/* Queues a copy, to be published with QoS 1. What waits goes out in its order,
 * the first of it after a time drawn by lot from 0 to spread_ms: thousands of
 * screens that answer one message do not answer in the same moment. The same
 * holds for what is sent again. Nothing waits once half of the room is taken,
 * or at the end. about is what it tells of: it takes the place of what still
 * waits and tells of the same; NULL: nothing replaces it. False: no room, or no
 * memory. */
bool outgoing_publish(struct outgoing *outgoing, const char *topic,
                      const char *text, const char *about,
                      enum outgoing_care care, int64_t spread_ms);

/* Queues a call of link_subscribe or link_unsubscribe. False: no room, or no
 * memory. */
bool outgoing_subscribe(struct outgoing *outgoing, const char *filter,
                        bool wanted);

/* Queues a call of link_refresh. False: no room. */
bool outgoing_refresh(struct outgoing *outgoing);

#endif
