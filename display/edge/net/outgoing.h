/* A queue for what the screen publishes, and a thread that passes it to the
 * MQTT library. The library holds its lock while a received message is
 * verified, and the loop must not wait for that. */
#ifndef GAOSHI_DISPLAY_OUTGOING_H
#define GAOSHI_DISPLAY_OUTGOING_H

#include "protocol/link/link.h"

enum { OUTGOING_ITEMS = 512 };

struct outgoing;

/* The link is borrowed. NULL: no memory or no thread. */
struct outgoing *outgoing_create(struct link *link);

/* Passes everything that waits to the link, then ends the thread. NULL: does
 * nothing. */
void outgoing_destroy(struct outgoing *outgoing);

/* Queues a copy, to be published with QoS 1; while the line is down it is
 * dropped. False: no room, or no memory. */
bool outgoing_publish(struct outgoing *outgoing, const char *topic,
                      const char *text, bool retained);

/* Queues a call of link_refresh. False: no room. */
bool outgoing_refresh(struct outgoing *outgoing);

#endif
